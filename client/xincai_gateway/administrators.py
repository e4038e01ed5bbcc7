"""The county administrators: a name, and an Argon2id hash of a passphrase.

Rules: a passphrase has twelve characters or more. Whether the name or the passphrase was wrong is not told,
and costs the same time. After five wrong ones a name waits: a minute, then twice as long each time, an hour
at most; all names together are checked one at a time.
"""

import datetime
from dataclasses import dataclass, field

import argon2
import argon2.exceptions
import sqlalchemy as sa

from xincai import clock
from xincai.errors import Problem
from xincai_gateway.database import Database
from xincai_gateway.schema import administrators

SHORTEST = 12
FREE = 5
_HASHER = argon2.PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
_NOBODY = _HASHER.hash("nobody's passphrase")
_LONGEST = 40


@dataclass
class Attempts:
    """How often each name failed lately."""

    failed: dict[str, tuple[int, float]] = field(default_factory=dict)

    def check(self, name: str) -> None:
        """Raise Problem while the name has to wait."""
        count, until = self.failed.get(name, (0, 0.0))
        left = until - clock.monotonic()
        if count >= FREE and left > 0:
            raise Problem("gateway.wait_to_log_in", minutes=int(left // 60) + 1)

    def fail(self, name: str) -> None:
        if name not in self.failed and len(self.failed) >= 1000:
            self.failed.pop(next(iter(self.failed)))
        count = self.failed.get(name, (0, 0.0))[0] + 1
        wait = min(60 * 2 ** max(count - FREE, 0), 3600)
        self.failed[name] = (count, clock.monotonic() + wait)

    def succeed(self, name: str) -> None:
        self.failed.pop(name, None)


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
        connection.execute(sa.delete(administrators).where(administrators.c.name == name))
        connection.execute(administrators.insert().values(row))

    database.write(work)


def log_in(database: Database, attempts: Attempts, name: str, passphrase: str) -> None:
    """Raise Problem unless this is the administrator's passphrase."""
    attempts.check(name)
    row = database.row(sa.select(administrators).where(administrators.c.name == name))
    try:
        _HASHER.verify(row["passphrase"] if row else _NOBODY, passphrase[:1000])
    except argon2.exceptions.VerificationError:
        row = None
    if row is None:
        attempts.fail(name)
        raise Problem("gateway.bad_passphrase")
    attempts.succeed(name)


def changed_at(database: Database, name: str) -> datetime.datetime | None:
    """When the passphrase was last set; sessions from before count no more."""
    row = database.row(sa.select(administrators.c.changed_at).where(administrators.c.name == name))
    return None if row is None else clock.parse_stamp(row["changed_at"])
