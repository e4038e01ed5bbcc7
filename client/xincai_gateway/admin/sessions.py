"""Who is logged in: a random token in a cookie, known here by its digest.

Rules: sessions stand in the database, so that every worker knows them; a half hour without a page ends one,
and twelve hours in any case. Every form carries the session's own mark (`csrf`); what comes without it, or
from another site, changes nothing.
"""

import datetime
import hmac
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

import sqlalchemy as sa
from starlette.requests import Request

from xincai import clock
from xincai.errors import Problem
from xincai.wire.digest import sm3
from xincai_gateway.database import Database
from xincai_gateway.schema import sessions

COOKIE = "xincai-admin"
IDLE = datetime.timedelta(minutes=30)
LONGEST = datetime.timedelta(hours=12)
MOST = 200
_STEP = datetime.timedelta(minutes=1)
"""A page seen so soon after the last is not written down."""


@dataclass(frozen=True)
class Session:
    """One person, logged in."""

    name: str
    csrf: str


def fresh_token() -> str:
    """What a browser is to hold for a session of its own."""
    return clock.random_bytes(32).hex()


def begin(connection: sa.Connection, name: str, token: str) -> None:
    """Begin a session; those that have ended go, and the oldest when there are too many."""
    now = clock.now()
    row = {
        "token_sm3": sm3(token.encode()),
        "name": name,
        "csrf": clock.random_bytes(16).hex(),
        "begun_at": clock.stamp(now),
        "seen_at": clock.stamp(now),
    }
    known = connection.execute(sa.select(sessions).order_by(sessions.c.seen_at.desc())).mappings().all()
    gone = [
        each["token_sm3"]
        for place, each in enumerate(known)
        if place >= MOST - 1 or _ended(each["begun_at"], each["seen_at"], now)
    ]
    if gone:
        connection.execute(sa.delete(sessions).where(sessions.c.token_sm3.in_(gone)))
    connection.execute(sessions.insert().values(row))


def find(database: Database, request: Request) -> Session | None:
    """The session of a request; None when there is none or it has ended."""
    mine = sessions.c.token_sm3 == sm3(request.cookies.get(COOKIE, "").encode())
    row, now = database.row(sa.select(sessions).where(mine)), clock.now()
    if row is None or _ended(row["begun_at"], row["seen_at"], now):
        return None
    if clock.parse_stamp(row["seen_at"]) < now - _STEP:
        seen = sa.update(sessions).where(mine).values(seen_at=clock.stamp(now))
        database.write(lambda connection: connection.execute(seen))
    return Session(row["name"], row["csrf"])


def end(database: Database, request: Request) -> None:
    """End the session of a request."""
    mine = sessions.c.token_sm3 == sm3(request.cookies.get(COOKIE, "").encode())
    database.write(lambda connection: connection.execute(sa.delete(sessions).where(mine)))


def check_origin(request: Request) -> None:
    """Raise Problem when a browser says that another site sent this; a proxy in front may have spoken TLS."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin")
    here = request.headers.get("Host", "")
    if site not in {"same-origin", "none"} or (origin is not None and parts_of(origin).netloc != here):
        raise Problem("gateway.stale_page")


def parts_of(address: str) -> SplitResult:
    """The parts of an address that somebody sent; empty ones of what is none."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def check_mark(session: Session, given: str) -> None:
    """Raise Problem unless the form carries the session's mark."""
    if not hmac.compare_digest(session.csrf.encode(), given.encode()):
        raise Problem("gateway.stale_page")


def _ended(begun_at: str, seen_at: str, now: datetime.datetime) -> bool:
    return clock.parse_stamp(seen_at) + IDLE < now or clock.parse_stamp(begun_at) + LONGEST < now
