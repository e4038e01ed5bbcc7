"""Who looked at accepted data, when and what for: one row for each report, download, file and withdrawal.

Rules: the row is written before the first byte is shown, and a purpose must be said. What was looked for
stands in the row masked.
"""

from dataclasses import dataclass

import sqlalchemy as sa

from xincai import clock
from xincai.errors import Problem
from xincai_gateway import schema
from xincai_gateway.database import Database, Row

entries = schema.accesses
DOWNLOAD = "download"
BLOB = "blob"
REPORT = "report"
WITHDRAW = "withdraw"
LONGEST = 200
_SHOWN = 200


@dataclass(frozen=True)
class Asking:
    """Who asks, and what for."""

    who: str
    purpose: str

    def __post_init__(self) -> None:
        if not 2 <= len(self.purpose.strip()) <= LONGEST or not self.purpose.isprintable():
            raise Problem("gateway.no_purpose", longest=LONGEST)


def row(
    asking: Asking, office: str, what: str, about: str, *, level: str = "", count: int = 0
) -> dict[str, object]:
    """One line of the table."""
    return {
        "office": office,
        "access": clock.new_id(),
        "at": clock.stamp(clock.now()),
        "who": asking.who,
        "purpose": asking.purpose.strip(),
        "what": what,
        "about": about,
        "level": level,
        "records": count,
    }


def note(database: Database, rows: list[dict[str, object]]) -> None:
    """Write the lines."""
    if rows:
        database.write(lambda connection: connection.execute(entries.insert(), rows))


def latest(database: Database) -> list[Row]:
    """The newest lines."""
    return database.rows(sa.select(entries).order_by(entries.c.at.desc()).limit(_SHOWN))
