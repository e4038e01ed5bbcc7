"""A platform's interface, in the way local financing-credit platforms are called.

    POST <place>/token   {appKey, timestamp, nonce, sign}                        -> {code, msg, data: {token}}
    POST <place>/data    {v, batch_no, org_code, region6, count, created, sm3, appKey, timestamp, nonce, sign,
                          data}   with the header `token`                          -> {code, msg, data}

`sign` is HMAC-SM3 with the secret over appKey + timestamp (milliseconds) + nonce + sm3 of the data (nothing,
for a token). `data` is the consignment's document as text, `sm3` its digest. The reply's code is 0, 200 or
S200 for success, 4001 when the batch is there already (as good), 1005 or HTTP 401 when the token is over;
4003, 4290, 5xxx, HTTP 408, 429 and 5xx, silence and a reply that is none are tried again, with growing
pauses. Any other 1xxx and HTTP 4xx is about who calls and where, not about the data: the sending stops, and
the batch waits until that is mended. All else is final. `data.records` of the reply says for each record
{rec_uuid, version, code, message}.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import requests

from xincai import clock
from xincai.errors import Problem
from xincai.wire import codes
from xincai.wire.digest import hmac_sm3, sm3
from xincai_gateway.outgoing import Consignment, Result, name_of

TRIES = 5
PAUSE = 1.0
_MAX_REPLY = 4 * 1024 * 1024
_GOOD = {"0", "200", "S200", codes.ALREADY_THERE}
_AGAIN = {codes.IN_PROGRESS, codes.TOO_MANY}
_STALE = {codes.UNAUTHORISED, codes.CLOCK_OFF, codes.REPLAYED}
_TOO_LARGE = "413"
_TIMEOUT = (10, 60)


def read_secret(path: Path | None) -> str:
    """The secret that stands in a file."""
    if path is None:
        raise Problem("gateway.no_secret")
    return path.read_text("utf-8").strip()


class Platform:
    """A destination behind HTTP."""

    def __init__(self, place: str, key: str, secret: str, gateway: str) -> None:
        if not place.startswith(("http://", "https://")) or not key or not secret:
            raise Problem("gateway.no_secret")
        self.name = name_of(place)
        self._place = place.rstrip("/")
        self._key = key
        self._secret = secret
        self._gateway = gateway
        self._token = ""

    def send(self, consignment: Consignment, _: Callable[[], None]) -> Result:
        document = consignment.document(self._gateway).decode()
        facts = {
            "v": "1",
            "batch_no": consignment.delivery,
            "org_code": consignment.office,
            "region6": consignment.office[:6],
            "count": len(consignment.records) + len(consignment.withdrawn),
            "created": consignment.made_at,
            "sm3": sm3(document.encode()),
            "data": document,
        }
        for attempt in range(TRIES):
            reply = self._try(facts)
            code = str(reply.get("code", ""))
            if code in _GOOD:
                return Result(codes.OK, str(reply.get("msg", "")), _each(reply))
            if code in _STALE:
                self._token = ""
            elif _is_about_us(code):
                break
            elif code and code not in _AGAIN and not code.startswith("5"):
                return Result(code[:8], str(reply.get("msg", "")), _each(reply))
            if attempt < TRIES - 1:
                clock.pause(PAUSE * 2**attempt)
        if _is_about_us(code):
            raise Problem("gateway.platform_refuses_us", code=code[:8])
        raise Problem("gateway.platform_away", code=code[:8] or "-")

    def _try(self, facts: Mapping[str, object]) -> Mapping[str, object]:
        if not self._token:
            reply = self._post("token", {}, "")
            held = reply.get("data")
            token = held.get("token") if isinstance(held, dict) else None
            if str(reply.get("code", "")) not in _GOOD or not isinstance(token, str):
                return reply if str(reply.get("code", "")) not in _GOOD else {}
            self._token = token
        return self._post("data", facts, str(facts["sm3"]))

    def _post(self, what: str, facts: Mapping[str, object], digest: str) -> Mapping[str, object]:
        """The reply, or one without a code when there was none worth the name."""
        stamp, nonce = str(int(clock.now().timestamp() * 1000)), clock.random_bytes(16).hex()
        signed = {"appKey": self._key, "timestamp": stamp, "nonce": nonce}
        signed["sign"] = hmac_sm3(self._secret.encode(), f"{self._key}{stamp}{nonce}{digest}".encode())
        headers = {"token": self._token, "Accept-Encoding": "identity"}
        try:
            with requests.post(
                f"{self._place}/{what}",
                json={**facts, **signed},
                headers=headers,
                timeout=_TIMEOUT,
                stream=True,
                allow_redirects=False,
            ) as response:
                data = response.raw.read(_MAX_REPLY + 1)
                status = response.status_code
        except (requests.RequestException, OSError):
            return {}
        if status == 401:
            return {"code": codes.UNAUTHORISED}
        if status in {408, 429} or status >= 500:
            return {}
        try:
            reply = json.loads(data) if len(data) <= _MAX_REPLY else None
        except (ValueError, RecursionError):
            reply = None
        if isinstance(reply, dict):
            return reply
        return {"code": str(status), "msg": "no JSON"} if 400 <= status < 500 else {}


def _each(reply: Mapping[str, object]) -> dict[tuple[str, int], tuple[str, str]]:
    data = reply.get("data")
    lines = data.get("records") if isinstance(data, dict) else None
    found: dict[tuple[str, int], tuple[str, str]] = {}
    for line in lines if isinstance(lines, list) else ():
        if isinstance(line, dict) and isinstance(line.get("version"), int):
            key = (str(line.get("rec_uuid")), line["version"])
            code = str(line.get("code", ""))
            found[key] = (codes.OK if code in _GOOD else code[:8], str(line.get("message", "")))
    return found


def _is_about_us(code: str) -> bool:
    """Whether a code of the platform, or an HTTP status in its place, is about who calls and where."""
    return (len(code) == 4 and code.startswith("1")) or (
        len(code) == 3 and code.startswith("4") and code != _TOO_LARGE
    )
