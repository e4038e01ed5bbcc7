"""Who is logged in: a random token in a cookie, known here by its digest; a half hour without a page ends it.

Rules: sessions live in this process and end with it. Every form carries the session's own mark (`csrf`); what
comes without it, or from another site, changes nothing.
"""

import hmac
from dataclasses import dataclass, field

from starlette.requests import Request

from xincai import clock
from xincai.errors import Problem
from xincai.wire.digest import sm3

COOKIE = "xincai-admin"
IDLE = 1800
MOST = 200


@dataclass
class Session:
    """One person, logged in."""

    name: str
    csrf: str
    since: str
    seen: float


@dataclass
class Sessions:
    """All that are logged in."""

    known: dict[str, Session] = field(default_factory=dict)

    def begin(self, name: str) -> str:
        """A fresh session's token."""
        while len(self.known) >= MOST:
            self.known.pop(next(iter(self.known)))
        token = clock.random_bytes(32).hex()
        session = Session(name, clock.random_bytes(16).hex(), clock.stamp(clock.now()), clock.monotonic())
        self.known[sm3(token.encode())] = session
        return token

    def of(self, request: Request) -> Session | None:
        """The session of a request; None when there is none or it has ended."""
        digest = sm3(request.cookies.get(COOKIE, "").encode())
        session = self.known.get(digest)
        if session is None:
            return None
        if clock.monotonic() - session.seen > IDLE:
            del self.known[digest]
            return None
        session.seen = clock.monotonic()
        return session

    def end(self, request: Request) -> None:
        self.known.pop(sm3(request.cookies.get(COOKIE, "").encode()), None)


def check_origin(request: Request) -> None:
    """Raise Problem when a browser says that another site sent this."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin")
    here = f"{request.url.scheme}://{request.headers.get('Host', '')}"
    if site not in {"same-origin", "none"} or origin not in {None, here}:
        raise Problem("gateway.stale_page")


def check_mark(session: Session, given: str) -> None:
    """Raise Problem unless the form carries the session's mark."""
    if not hmac.compare_digest(session.csrf.encode(), given.encode()):
        raise Problem("gateway.stale_page")
