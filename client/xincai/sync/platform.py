"""The platform as seen from here: one method for each thing that can be asked of the gateway.

The only place that uses requests, which is not to be trusted on its own: it calls a reply whose headers were
cut a success, inflates whatever comes, follows redirects into log-in pages and reads `.netrc`. So here:

- no redirects, no environment but the proxy, no compression (asked for or taken), no plain HTTP but to this
  computer;
- a reply must say its length, keep to it, and stay under a cap; every exchange has a deadline and can be
  cancelled;
- HTML or a redirect is a network's log-in page, not the platform; JSON is read strictly;
- what comes back is a claim. Only a receipt whose signature verifies settles anything, and that is the
  courier's to say.
"""

import base64
import email.utils
import ipaddress
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, TypeVar
from urllib.parse import urlsplit

from xincai import __version__, clock
from xincai.errors import Problem
from xincai.sync.line import Line
from xincai.sync.throttle import Throttle
from xincai.sync.trouble import MAX_WAIT, Trouble, line_trouble
from xincai.wire.canonical import strict_json
from xincai.wire.codes import Help, what_helps

if TYPE_CHECKING:
    import requests
    from pydantic import BaseModel

    from xincai.sync.deadline import Deadline
    from xincai.wire import messages
    from xincai.wire.keys import SignedDocument
    from xincai.wire.receipt import SignedReceipt
    from xincai.wire.series import Body

    Model = TypeVar("Model", bound=BaseModel)

_SMALL = 64 * 1024
_LARGE = 8 * 1024 * 1024
_PIECE = 64 * 1024

SystemProxy = Callable[[str], str]
"""Says through which proxy the system reaches an address: `http://host:port`, "" for none."""


@dataclass(frozen=True)
class Patience:
    """How long to wait, in seconds: for a connection, for the next byte, for a whole exchange."""

    connect: float = 10.0
    silence: float = 20.0
    whole: float = 120.0


@dataclass(frozen=True)
class Reply:
    """One answer, whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Stored:
    """How much of a blob the gateway has."""

    offset: int
    complete: bool


def never() -> bool:
    """Nobody cancels."""
    return False


class Platform:
    """A gateway at an address. Used from one lane; close it when done."""

    def __init__(
        self,
        url: str,
        token: str = "",
        *,
        line: Line | None = None,
        system_proxy: SystemProxy | None = None,
        cancelled: Callable[[], bool] = never,
        patience: Patience | None = None,
    ) -> None:
        """Take the address and how it is reached; the environment names the system's proxy unless told."""
        import requests

        from xincai.sync.deadline import Deadline

        self.url = _checked(url)
        self._token = token
        self._patience = patience or Patience()
        line = line or Line()
        self.limit = line.limit * 1024
        throttle = Throttle(self.limit)
        self._deadline = Deadline(self._patience.whole, self._patience.silence, cancelled, throttle)
        self._session = requests.Session()
        self._session.trust_env = False
        self._override = False
        context = line.context(requests.utils.DEFAULT_CA_BUNDLE_PATH)
        for prefix in ("http://", "https://"):
            self._session.mount(prefix, _adapter(self._deadline, context))
        if not _is_here(self.url):
            proxy = line.proxy or (system_proxy or _environment_proxy)(self.url)
            if proxy:
                self._session.proxies.update(dict.fromkeys(("http", "https"), line.with_login(proxy)))

    def close(self) -> None:
        self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def wellknown(self) -> "messages.Wellknown":
        """Who answers here; raise Trouble when it is no gateway that speaks our version."""
        from xincai.wire import messages

        known = _model(self.ask("GET", messages.WELL_KNOWN), messages.Wellknown)
        if known.service != messages.SERVICE or messages.API not in known.versions:
            raise Trouble("sync.other_version", helps=Help.CORRECT)
        return known

    def enrol(self, request: "messages.EnrolRequest") -> "messages.EnrolReply":
        """Ask to be let in."""
        from xincai.wire.messages import EnrolReply

        body = request.model_dump_json().encode()
        return _model(self.ask("POST", "/v1/enrol", body, {"Content-Type": "application/json"}), EnrolReply)

    def change_key(self, request: "messages.KeyRequest") -> str:
        """Ask to put a new key in the place of this device's; the id of the one it has from now on."""
        from xincai.wire.messages import KeyReply

        body = request.model_dump_json().encode()
        headers = {"Content-Type": "application/json"}
        return _model(self.ask("POST", "/v1/key", body, headers), KeyReply).key_id

    def keys(self) -> "messages.KeysModel":
        """The gateway's lists of keys, not yet trusted: `wire.keys` decides."""
        from xincai.wire.messages import KeysModel

        return _model(self.ask("GET", "/v1/keys", cap=_LARGE), KeysModel)

    def time(self, nonce: str) -> "SignedDocument":
        """The platform's time for this nonce, signed."""
        return self._signed(f"/v1/time?nonce={nonce}")

    def index(self) -> "SignedDocument":
        """The index of what is published to this device's office, not yet trusted: `wire.index` decides."""
        return self._signed("/v1/index")

    def document(self, digest: str, start: int, size: int) -> bytes:
        """The bytes of a published file from `start` on, exactly `size`; raise Trouble for more or fewer."""
        headers = {"Range": f"bytes={start}-{start + size - 1}"}
        reply = self.ask("GET", f"/v1/documents/{digest}", headers=headers, cap=max(size, _SMALL))
        if reply.status != 206 or len(reply.body) != size:
            raise Trouble("sync.bad_reply")
        return reply.body

    def head(self) -> "messages.Head":
        """What the gateway holds of this device."""
        from xincai.wire.messages import Head

        return _model(self.ask("GET", "/v1/head"), Head)

    def stored(self, digest: str) -> Stored:
        """How much of a blob is there; (0, False) when nothing is."""
        reply = self.ask("HEAD", f"/v1/blobs/{digest}", allowed=(404,))
        return Stored(0, complete=False) if reply.status == 404 else _stored(reply)

    def put_blob(self, digest: str, piece: bytes, offset: int, size: int) -> Stored:
        """Send the bytes from `offset` on; what is stored afterwards, also when it was not what we
        thought.
        """
        complete = "?1" if offset + len(piece) == size else "?0"
        headers = {"Content-Type": "application/octet-stream", "Upload-Complete": complete}
        if offset == 0:
            reply = self.ask(
                "POST", f"/v1/blobs/{digest}", piece, {**headers, "Upload-Length": str(size)}, allowed=(409,)
            )
        else:
            reply = self.ask(
                "PATCH",
                f"/v1/blobs/{digest}",
                piece,
                {**headers, "Upload-Offset": str(offset)},
                allowed=(409,),
            )
        stored = _stored(reply)
        done = reply.status != 409 and stored.offset == size
        return Stored(stored.offset, complete=stored.complete or done)

    def open_pack(self, digest: str, data: bytes = b"") -> bool:
        """Have a pack opened, sent now or put as a blob before; False when it is not there."""
        headers = {"Content-Type": "application/octet-stream"} if data else {}
        return self.ask("POST", f"/v1/packs/{digest}", data, headers, allowed=(404,)).status != 404

    def put_series(self, body: "Body") -> None:
        """Send several blobs in one body (`wire.series`)."""
        self.ask("POST", "/v1/blobs", body, {"Content-Type": "application/octet-stream"})

    def commit(
        self, manifest_id: str, manifest: bytes, key_id: str, signature: bytes
    ) -> "tuple[SignedReceipt, ...]":
        """Offer a batch; its receipts, not yet verified. Trouble with `missing` when blobs must come
        first. With an empty manifest, the manifest itself is one of the blobs.
        """
        from xincai.wire.messages import SIGNATURE_HEADER, CommitReply, signature_header

        headers = {"Content-Type": "application/json", SIGNATURE_HEADER: signature_header(key_id, signature)}
        reply = self.ask("PUT", f"/v1/batches/{manifest_id}", manifest, headers, cap=_LARGE)
        return tuple(item.receipt() for item in _model(reply, CommitReply).receipts)

    def batch_receipts(self, manifest_id: str) -> "tuple[SignedReceipt, ...]":
        """The receipts of one batch, not yet verified; none when the gateway does not know it."""
        from xincai.wire.messages import CommitReply

        reply = self.ask("GET", f"/v1/batches/{manifest_id}/receipts", cap=_LARGE, allowed=(404,))
        if reply.status == 404:
            return ()
        return tuple(item.receipt() for item in _model(reply, CommitReply).receipts)

    def receipts(self, after: str) -> "messages.ReceiptPage":
        """This device's receipts after a cursor, not yet verified."""
        from xincai.wire.messages import ReceiptPage

        path = f"/v1/receipts?after={after}" if after else "/v1/receipts"
        return _model(self.ask("GET", path, cap=_LARGE), ReceiptPage)

    def ask(
        self,
        method: str,
        path: str,
        body: "bytes | Body" = b"",
        headers: Mapping[str, str] | None = None,
        *,
        cap: int = _SMALL,
        allowed: tuple[int, ...] = (),
    ) -> Reply:
        """One exchange; the reply when its status is 2xx or allowed, else raise Trouble."""
        said = dict(headers or {})
        if self._override and method in {"HEAD", "PATCH"}:
            said["X-HTTP-Method-Override"] = method
            method = "POST"
        reply = self._exchange(method, path, body, said, cap)
        if reply.status in {405, 501} and method in {"HEAD", "PATCH"}:
            self._override = True
            return self.ask(method, path, body, headers, cap=cap, allowed=allowed)
        if not (200 <= reply.status < 300 or reply.status in allowed):
            raise _refusal(reply)
        _refuse_portal(reply)
        return reply

    def _signed(self, path: str) -> "SignedDocument":
        from xincai.wire.messages import SignedModel

        return _model(self.ask("GET", path, cap=_LARGE), SignedModel).document()

    def _exchange(
        self, method: str, path: str, body: "bytes | Body", headers: dict[str, str], cap: int
    ) -> Reply:
        import requests
        import urllib3

        headers |= {
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": f"xincai/{__version__}",
        }
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        self._deadline.start()
        try:
            response = self._session.request(
                method,
                self.url + path,
                data=body or None,
                headers=headers,
                allow_redirects=False,
                stream=True,
                timeout=(self._patience.connect, self._patience.silence),
            )
            try:
                return _read(response, cap, bodiless=method == "HEAD")
            finally:
                response.close()
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise line_trouble(error) from error


def _environment_proxy(url: str) -> str:
    """The proxy that the environment names for an address, "" for none."""
    import requests

    found = requests.utils.get_environ_proxies(url)
    return found.get(urlsplit(url).scheme) or found.get("all") or ""


def _adapter(deadline: "Deadline", context: ssl.SSLContext | None) -> "requests.adapters.HTTPAdapter":
    """One connection at a time, straight or through a proxy, that keeps to the deadline and the line's own
    trust.
    """
    import requests

    from xincai.sync.deadline import pools

    own = {"ssl_context": context} if context else {}

    class Adapter(requests.adapters.HTTPAdapter):
        def init_poolmanager(self, *given: Any, **named: Any) -> None:  # noqa: ANN401 - as requests calls it
            super().init_poolmanager(*given, **{**named, **own})
            self.poolmanager.pool_classes_by_scheme = pools(deadline)

        def proxy_manager_for(self, proxy: str, **named: Any) -> Any:  # noqa: ANN401 - as requests calls it
            manager = super().proxy_manager_for(proxy, **named, **own)
            manager.pool_classes_by_scheme = pools(deadline)
            return manager

        def proxy_headers(self, proxy: str) -> dict[str, str]:
            said = ":".join(requests.utils.get_auth_from_url(proxy))
            word = base64.b64encode(said.encode()).decode()
            return {"Proxy-Authorization": f"Basic {word}"} if said != ":" else {}

        def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:  # noqa: ANN401 - likewise
            if context is None:
                super().cert_verify(conn, url, verify, cert)  # type: ignore[no-untyped-call]

    return Adapter(pool_connections=1, pool_maxsize=1)


def _read(response: "requests.Response", cap: int, *, bodiless: bool) -> Reply:
    headers = {name.lower(): value for name, value in response.headers.items()}
    status = response.status_code
    if headers.get("content-encoding", "identity") != "identity":
        raise Trouble("sync.bad_reply")
    if 200 <= status < 300 and status != 204 and not bodiless and not _framed(headers):
        raise Trouble("sync.cut")
    body = bytearray()
    for piece in response.raw.stream(_PIECE, decode_content=False):
        body += piece
        if len(body) > cap:
            raise Trouble("sync.reply_too_large", limit=cap)
    return Reply(status, headers, bytes(body))


def _framed(headers: Mapping[str, str]) -> bool:
    """Whether the reply says where it ends; without that, a cut cannot be told from the end."""
    return "content-length" in headers or "chunked" in headers.get("transfer-encoding", "")


def _stored(reply: Reply) -> Stored:
    text = reply.headers.get("upload-offset", "")
    if not text.isascii() or not text.isdigit() or len(text) > 12:
        raise Trouble("sync.bad_reply")
    return Stored(int(text), complete=reply.headers.get("upload-complete") == "?1")


def _model(reply: Reply, model: "type[Model]") -> "Model":
    from pydantic import ValidationError

    try:
        return model.model_validate(strict_json(reply.body))
    except (Problem, ValidationError) as error:
        raise Trouble("sync.bad_reply") from error


def _refuse_portal(reply: Reply) -> None:
    if "html" in reply.headers.get("content-type", "").lower():
        raise Trouble("sync.captive_portal", helps=Help.PORTAL)


def _refusal(reply: Reply) -> Trouble:
    from pydantic import ValidationError

    from xincai.wire.messages import ErrorReply

    try:
        said = ErrorReply.model_validate(strict_json(reply.body))
    except (Problem, ValidationError):
        return _foreign_refusal(reply)
    helps = what_helps(reply.status, said.code)
    facts = {"helps": helps, "code_there": said.code, "missing": tuple(said.missing), "wait": _wait(reply)}
    name = {Help.RETRY: "sync.busy", Help.AUTHENTICATE: "sync.not_authorised"}.get(helps, "sync.refused")
    return Trouble(name, status=reply.status, code=said.code, **facts)  # type: ignore[arg-type]  # by name


def _foreign_refusal(reply: Reply) -> Trouble:
    """A refusal that the gateway did not word itself: by a proxy, a portal or a web server in between."""
    helps = what_helps(reply.status)
    html = "html" in reply.headers.get("content-type", "").lower()
    if helps is Help.PORTAL or (html and reply.status < 500 and reply.status != 429):
        name = "sync.proxy_login" if reply.status == 407 else "sync.captive_portal"
        return Trouble(name, helps=Help.PORTAL)
    if helps is Help.RETRY:
        return Trouble("sync.busy", status=reply.status, code="", wait=_wait(reply))
    if helps is Help.AUTHENTICATE:
        return Trouble("sync.not_authorised", helps=helps, status=reply.status, code="")
    return Trouble("sync.refused", helps=helps, status=reply.status, code="")


def _wait(reply: Reply) -> float | None:
    """Retry-After in seconds, between 0 and an hour; None when it is absent or senseless."""
    text = reply.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), MAX_WAIT)
    try:
        until = email.utils.parsedate_to_datetime(text)
        seconds = (until - clock.now()).total_seconds()
    except (ValueError, TypeError):
        return None
    return min(max(seconds, 0.0), MAX_WAIT)


def _checked(url: str) -> str:
    try:
        parts = urlsplit(url.strip())
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise Problem("sync.bad_address") from error
    if parts.scheme not in {"http", "https"} or not host or parts.query or parts.fragment or parts.username:
        raise Problem("sync.bad_address")
    if parts.scheme == "http" and not _is_here(url):
        raise Problem("sync.insecure_address")
    return url.strip().rstrip("/")


def _is_here(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
