"""How this office reaches the platform: its proxy, the authorities it trusts, its own certificate, how fast
it sends, and when by itself.

Rules: all of it is kept in the vault, passwords and keys too, and nowhere else; a password goes to the proxy
that it was given for and to no other. Where a county names its own authorities, these alone are trusted. A
key reaches OpenSSL through a file, so it goes there under a password made for that moment, and the file goes
at once.
"""

import json
import ssl
import tempfile
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from urllib.parse import quote, urlsplit

from xincai import clock
from xincai.errors import Problem
from xincai.vault import Vault

_LINE = "sync-line"


@dataclass(frozen=True)
class Line:
    """What is set, "" where it is not: the proxy as `http://host:port`, its user and password; PEM of the
    authorities; PEM of this office's certificate with its key.

    Attributes:
        login_at: the system's proxy that user and password are for, when no proxy is set.
        limit: how many KB a second are sent at most, 0 for as many as the line takes.
        automatic: whether deliveries start by themselves.
        metered: whether they do so also where the network is paid for by volume.
    """

    proxy: str = ""
    user: str = ""
    password: str = ""
    authorities: str = ""
    certificate: str = ""
    login_at: str = ""
    limit: int = 0
    automatic: bool = True
    metered: bool = False

    def with_login(self, proxy: str) -> str:
        """The address of a proxy with user and password, when they are for this one."""
        scheme, _, place = proxy.partition("://")
        place = place.rpartition("@")[2]
        if not self.user or f"{scheme}://{place}" != (self.proxy or self.login_at):
            return proxy
        return f"{scheme}://{quote(self.user, safe='')}:{quote(self.password, safe='')}@{place}"

    def context(self, usual: str) -> ssl.SSLContext | None:
        """Whom to trust and who we are, None when nothing is set; `usual` is a file of usual authorities.

        Raises Problem `sync.bad_authorities` or `sync.bad_client_certificate`.
        """
        if not self.authorities and not self.certificate:
            return None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        try:
            if self.authorities:
                context.load_verify_locations(cadata=self.authorities)
            else:
                context.load_verify_locations(usual)
        except (ssl.SSLError, ValueError) as error:
            raise Problem("sync.bad_authorities") from error
        if self.certificate:
            _present(context, self.certificate)
        return context


def line_of(vault: Vault) -> Line:
    """How it is set."""
    known = {field.name for field in fields(Line)}
    kept = json.loads(vault.setting(_LINE) or "{}")
    return Line(**{name: value for name, value in kept.items() if name in known})


def set_line(vault: Vault, line: Line) -> None:
    """Keep it from now on.

    Raises Problem `sync.bad_proxy`, `sync.bad_authorities` or `sync.bad_client_certificate`.
    """
    if line.proxy:
        _check_proxy(line.proxy)
    Line(authorities=line.authorities).context("")
    if line.certificate:
        _present(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), line.certificate)
    vault.set_setting(_LINE, json.dumps(asdict(line)))


def _check_proxy(address: str) -> None:
    try:
        parts = urlsplit(address)
        whole = bool(parts.scheme == "http" and parts.hostname and parts.port)
    except ValueError as error:
        raise Problem("sync.bad_proxy") from error
    if not whole or parts.username or parts.path or parts.query or parts.fragment:
        raise Problem("sync.bad_proxy")


def _present(context: ssl.SSLContext, certificate: str) -> None:
    """Let OpenSSL have our certificate and key."""
    from cryptography.hazmat.primitives import serialization

    data, secret = certificate.encode(), clock.random_bytes(32).hex().encode()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "certificate.pem"
        try:
            key = serialization.load_pem_private_key(data, None)
            closed = key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.BestAvailableEncryption(secret),
            )
            begin = data.index(b"-----BEGIN CERTIFICATE-----")
            end = data.rindex(b"-----END CERTIFICATE-----") + 25
            file.write_bytes(data[begin:end] + b"\n" + closed)
            context.load_cert_chain(file, password=secret)
        except (ValueError, TypeError, ssl.SSLError) as error:
            raise Problem("sync.bad_client_certificate") from error
