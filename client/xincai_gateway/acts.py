"""What administrators changed at the gateway: one row for each act, written right after it.

Rules: who looked at accepted data, and what for, stands in `accesses`; objections, reviews and what goes
again say themselves who it was. No row holds a code, a passphrase or anything of a subject.
"""

import sqlalchemy as sa

from xincai import clock
from xincai_gateway import schema
from xincai_gateway.database import Database, Row

entries = schema.acts
CODE = "code"
REVOKE = "revoke"
OFFICER = "officer"
NAME = "name"
CLOSE = "close"
REOPEN = "reopen"
FORM = "form"
REGISTER = "register"
REGIONS = "regions"
ROTATE = "rotate"
REVOKE_KEY = "revoke_key"
PASSPHRASE = "passphrase"  # noqa: S105 - the name of an act
REMOVE = "remove"
PUBLISH = "publish_{}"
WITHDRAW = "withdraw_{}"
"""These two with the kind of the document."""
_LONGEST = 100
_SHOWN = 200


def note(database: Database, who: str, what: str, about: str = "", office: str = "") -> None:
    """Write one line; `about` is a device, a document's id or the like, an empty office means all."""
    shown = "".join(letter if letter.isprintable() else "\ufffd" for letter in about[: _LONGEST + 1])
    row = {
        "office": office,
        "act": clock.new_id(),
        "at": clock.stamp(clock.now()),
        "who": who,
        "what": what,
        "about": shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…",
    }
    database.write(lambda connection: connection.execute(entries.insert().values(row)))


def latest(database: Database) -> list[Row]:
    """The newest lines."""
    return database.rows(sa.select(entries).order_by(entries.c.at.desc()).limit(_SHOWN))
