"""What happened, in a chain that shows any change made behind the program's back.

Each event holds the SM3 of the one before it. Every fact (a record, a batch, a receipt, a letter …) is
inserted through `add_fact`, which puts the digest of the whole row, and of the rows that belong to it, into
an event of the same transaction. So whoever alters, adds or takes away a row, even with the key and with
the triggers dropped, breaks the chain; whoever rebuilds the chain changes its head, which manifests carry
away.
"""

import datetime
import json
from collections.abc import Iterable, Mapping

from xincai import clock
from xincai.errors import Problem
from xincai.vault import enclosure
from xincai.vault.connection import Database
from xincai.vault.cursor import Cursor, Row, Value
from xincai.vault.rows import Event
from xincai.wire.digest import sm3

Facts = Mapping[str, str | int]
CHILDREN = {
    "identity": (),
    "form_sources": (("form_files", "form_sm3"),),
    "records": (("record_attachments", "record_id"),),
    "batches": (("batch_records", "manifest_id"),),
    "sendings": (),
    "receipts": (("outcomes", "receipt_id"),),
    "quarantines": (),
    "letters": (),
    "people": (),
    "sealers": (),
    "approvals": (),
    "refusals": (),
    "erasures": (),
}
"""Tables of facts, each with the tables whose rows belong to one of its rows, and the column that says so."""


_FILTER = "WHERE (?1 = '' OR kind = ?1) AND at >= ?2 AND at < ?3"


class Events:
    """The chain of a vault."""

    _database: Database
    vault_id: str

    def add_event(self, kind: str, **facts: str | int) -> None:
        """Write down that something happened; facts are ids, counts and digests, never an answer."""
        with self._database.writing() as cursor:
            add_event(cursor, self.vault_id, kind, facts)

    def events(self, limit: int = 100, after: int = 0) -> tuple[Event, ...]:
        """Events in their order, those after a number."""
        with self._database.reading() as cursor:
            found = cursor.all("SELECT * FROM events WHERE seq > ? ORDER BY seq LIMIT ?", after, limit)
        return tuple(_event(row) for row in found)

    def find_events(
        self,
        kind: str,
        since: datetime.datetime | None,
        until: datetime.datetime | None,
        limit: int,
        offset: int = 0,
        *,
        after: int | None = None,
    ) -> tuple[Event, ...]:
        """Events of a kind ("" is any) within a time, the last first; or those after a number, in order."""
        order = "DESC" if after is None else "ASC"
        query = f"SELECT * FROM events {_FILTER} AND seq > ?4 ORDER BY seq {order} LIMIT ?5 OFFSET ?6"  # noqa: S608 - words of ours
        with self._database.reading() as cursor:
            rows = cursor.all(query, *_filter(kind, since, until), after or 0, limit, offset)
        return tuple(_event(row) for row in rows)

    def count_events(
        self, kind: str, since: datetime.datetime | None = None, until: datetime.datetime | None = None
    ) -> int:
        """How many events `find_events` finds without a limit."""
        with self._database.reading() as cursor:
            query = f"SELECT count(*) AS n FROM events {_FILTER}"  # noqa: S608 - words of ours
            return cursor.one(query, *_filter(kind, since, until)).whole("n")

    def event_kinds(self) -> tuple[str, ...]:
        """The kinds of event that there are."""
        with self._database.reading() as cursor:
            return tuple(
                row.text("kind") for row in cursor.all("SELECT DISTINCT kind FROM events ORDER BY kind")
            )

    def audit_head(self) -> str:
        """The digest of the last event: it stands for the whole history."""
        with self._database.reading() as cursor:
            return _last(cursor, self.vault_id)[1]


def add_fact(  # noqa: PLR0917 - where, what, and what belongs to it
    cursor: Cursor,
    vault_id: str,
    kind: str,
    table: str,
    values: Mapping[str, Value],
    children: Iterable[tuple[str, Mapping[str, Value]]] = (),
    **facts: str | int,
) -> int:
    """Insert a row that never changes, the rows that belong to it and the event of it; its number."""
    row = cursor.inserted(table, **values)
    belonging = {child: list[Row]() for child, _ in CHILDREN[table]}
    for child, own in children:
        belonging[child].append(cursor.inserted(child, **own))
    seq = row.whole("seq_")
    digest = _digest(cursor, table, row, belonging)
    add_event(cursor, vault_id, kind, {**facts, "table": table, "row": seq, "digest": digest})
    return seq


def add_event(cursor: Cursor, vault_id: str, kind: str, facts: Facts) -> None:
    """Add a link to the chain inside an open transaction."""
    number, prev = _last(cursor, vault_id)
    at = clock.stamp(clock.now())
    if cursor.actor:
        facts = {**facts, "person": cursor.actor}
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    digest = link_digest(number + 1, at, kind, text, prev)
    cursor.insert("events", seq=number + 1, at=at, kind=kind, facts=text, prev=prev, sm3=digest)
    cursor.tip = (number + 1, digest)


def row_digest(cursor: Cursor, table: str, row: Row) -> str:
    """The digest of a fact, as its event tells it: the whole row and the rows that belong to it."""
    belonging = {}
    for child, key in CHILDREN[table]:
        found = cursor.all(f"SELECT * FROM {child} WHERE {key} = ? ORDER BY rowid", row.text(key))  # noqa: S608 - tables of ours
        belonging[child] = [each for each in found if _belongs(row, each)]
    return _digest(cursor, table, row, belonging)


def _digest(cursor: Cursor, table: str, row: Row, belonging: Mapping[str, Iterable[Row]]) -> str:
    if table == "records":  # told as it was sealed, however it is stored
        row = row.changed(submission=enclosure.opened(cursor, row.blob("submission")))
    whole: list[object] = [table, _plain(row)]
    whole += ([child, [_plain(each) for each in rows]] for child, rows in belonging.items())
    return sm3(json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())


def _belongs(row: Row, child: Row) -> bool:
    """A record's attachments are those of its version; elsewhere the key alone decides."""
    values, others = dict(row.items()), dict(child.items())
    return "version" not in values or values["version"] == others["version"]


def _plain(row: Row) -> dict[str, str | int | None]:
    return {
        name: f"sm3:{sm3(value)}" if isinstance(value, bytes) else value
        for name, value in row.items()
        if name != "seq_"
    }


def _filter(
    kind: str, since: datetime.datetime | None, until: datetime.datetime | None
) -> tuple[str, str, str]:
    return kind, clock.stamp(since) if since else "", clock.stamp(until) if until else "9"


def _event(row: Row) -> Event:
    try:
        facts = json.loads(row.text("facts"))
    except ValueError as error:
        raise Problem("vault.history_broken", place=f"events {row.whole('seq')}") from error
    return Event(
        row.whole("seq"), row.instant("at"), row.text("kind"), facts, row.text("prev"), row.text("sm3")
    )


def _last(cursor: Cursor, vault_id: str) -> tuple[int, str]:
    row = cursor.first("SELECT seq, sm3 FROM events ORDER BY seq DESC LIMIT 1")
    return (row.whole("seq"), row.text("sm3")) if row else (0, genesis(vault_id))


def link_digest(number: int, at: str, kind: str, facts: str, prev: str) -> str:
    """The digest of an event: what it says, and the digest of the one before it."""
    link = json.dumps([number, at, kind, facts, prev], ensure_ascii=False, separators=(",", ":"))
    return sm3(link.encode())


def genesis(vault_id: str) -> str:
    """What the first event of a vault follows."""
    return sm3(f"xincai vault 1: events of {vault_id}".encode())
