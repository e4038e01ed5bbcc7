"""The county administrators: a name, and an Argon2id hash of a passphrase.

Rules: a passphrase has twelve characters or more; a new one ends the sessions of before and the waiting.
Whether the name or the passphrase was wrong is not told, and costs the same time. After five wrong ones a
name waits: a minute, then twice as long each time, an hour at most, whichever worker is asked; each worker
checks one name at a time.
"""

import datetime
import functools
from collections.abc import Callable

import argon2
import argon2.exceptions
import sqlalchemy as sa

from xincai import clock
from xincai.errors import Problem
from xincai_gateway.database import Database, Row
from xincai_gateway.schema import administrators, attempts, sessions

SHORTEST = 12
FREE = 5
_HASHER = argon2.PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
_NOBODY = _HASHER.hash("nobody's passphrase")
_LONGEST = 40
_FORGET = datetime.timedelta(days=1)


def set_passphrase(database: Database, name: str, passphrase: str) -> None:
    """Give an administrator a passphrase, a new one or another."""
    if not 1 <= len(name) <= _LONGEST or not name.isprintable():
        raise Problem("gateway.bad_administrator", longest=_LONGEST)
    if len(passphrase) < SHORTEST:
        raise Problem("gateway.short_passphrase", shortest=SHORTEST)
    row = {
        "name": name,
        "passphrase": _HASHER.hash(passphrase),
        "changed_at": clock.stamp(clock.now()),
    }

    def work(connection: sa.Connection) -> None:
        connection.execute(sa.delete(sessions).where(sessions.c.name == name))
        connection.execute(_tried(name))
        connection.execute(sa.delete(administrators).where(administrators.c.name == name))
        connection.execute(administrators.insert().values(row))

    database.write(work)


def remove(database: Database, name: str) -> None:
    """Let an administrator in no more, from this moment on; raise Problem when there is none of the name."""
    gone = sa.delete(administrators).where(administrators.c.name == name)

    def work(connection: sa.Connection) -> int:
        connection.execute(sa.delete(sessions).where(sessions.c.name == name))
        return connection.execute(gone).rowcount

    if database.write(work) == 0:
        raise Problem("gateway.no_administrator")


def names(database: Database) -> list[str]:
    """Who may log in."""
    rows = database.rows(sa.select(administrators.c.name).order_by(administrators.c.name))
    return [str(row["name"]) for row in rows]


def log_in(database: Database, name: str, passphrase: str, begin: Callable[[sa.Connection], None]) -> None:
    """Raise Problem unless this is the administrator's passphrase; `begin` begins the session, in the one
    transaction that finds the administrator to be there still, with this passphrase.
    """
    name = name[: _LONGEST + 1]
    _check_wait(database, name)
    row = database.row(sa.select(administrators).where(administrators.c.name == name))
    try:
        _HASHER.verify(row["passphrase"] if row else _NOBODY, passphrase[:1000])
    except argon2.exceptions.VerificationError:
        row = None
    if row is None:
        database.write(functools.partial(_fail, name=name[:_LONGEST], now=clock.now()))
        raise Problem("gateway.bad_passphrase")
    database.write(functools.partial(_admit, row=row, begin=begin))


def _admit(connection: sa.Connection, row: Row, begin: Callable[[sa.Connection], None]) -> None:
    known = sa.select(administrators.c.passphrase).where(administrators.c.name == row["name"])
    if connection.execute(known).scalar() != row["passphrase"]:
        raise Problem("gateway.bad_passphrase")
    connection.execute(_tried(row["name"]))
    begin(connection)


def _check_wait(database: Database, name: str) -> None:
    """Raise Problem while a name has to wait."""
    row = database.row(sa.select(attempts).where(attempts.c.name == name[:_LONGEST]))
    if row is not None and row["failed"] >= FREE:
        left = (clock.parse_stamp(row["until"]) - clock.now()).total_seconds()
        if left > 0:
            raise Problem("gateway.wait_to_log_in", minutes=int(left // 60) + 1)


def _fail(connection: sa.Connection, name: str, now: datetime.datetime) -> None:
    """Count a wrong passphrase; what is a day old is forgotten."""
    row = connection.execute(sa.select(attempts.c.failed).where(attempts.c.name == name)).first()
    count = (row.failed if row else 0) + 1
    wait = datetime.timedelta(seconds=min(60 * 2 ** max(count - FREE, 0), 3600))
    connection.execute(_tried(name))
    connection.execute(sa.delete(attempts).where(attempts.c.until < clock.stamp(now - _FORGET)))
    connection.execute(attempts.insert().values(name=name, failed=count, until=clock.stamp(now + wait)))


def _tried(name: str) -> sa.Delete:
    return sa.delete(attempts).where(attempts.c.name == name)
