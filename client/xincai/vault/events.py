"""What happened, in a chain that shows any change made behind the program's back.

Each event holds the SM3 of the one before it. Every fact (a record, a batch, a receipt, a letter …) is
inserted through `add_fact`, which puts the digest of the whole row, and of the rows that belong to it, into
an event of the same transaction. So whoever alters, adds or takes away a row, even with the key and with
the triggers dropped, breaks the chain; whoever rebuilds the chain changes its head, which manifests carry
away.
"""

import json
from collections.abc import Iterable, Mapping

from xincai import clock
from xincai.errors import Problem
from xincai.vault.connection import Cursor, Database, Row, Value
from xincai.vault.rows import Event
from xincai.wire.digest import sm3

_MISLISTED = """
WITH latest AS (
    SELECT seq, record_id, version, form_id, form_version, title, subject_kind, subject_code, subject_name,
           sealed_at
    FROM records
    WHERE version = (SELECT max(version) FROM records AS later WHERE later.record_id = records.record_id)
), listed AS (
    SELECT seq, record_id, version, form_id, form_version, title, subject_kind, subject_code, subject_name,
           sealed_at
    FROM record_list
)
SELECT seq FROM (SELECT * FROM latest EXCEPT SELECT * FROM listed)
UNION ALL SELECT seq FROM (SELECT * FROM listed EXCEPT SELECT * FROM latest)
"""
Facts = Mapping[str, str | int]
_CHILDREN = {
    "identity": (),
    "form_sources": (("form_files", "form_sm3"),),
    "records": (("record_attachments", "record_id"),),
    "batches": (("batch_records", "manifest_id"),),
    "sendings": (),
    "receipts": (("outcomes", "receipt_id"),),
    "quarantines": (),
    "letters": (),
}
"""Tables of facts, each with the tables whose rows belong to one of its rows, and the column that says so."""


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

    def audit_head(self) -> str:
        """The digest of the last event: it stands for the whole history."""
        with self._database.reading() as cursor:
            return _last(cursor, self.vault_id)[1]

    def verify_chain(self) -> str:
        """Prove every event and every fact; the head, or Problem("vault.history_broken") with the place."""
        with self._database.reading() as cursor:
            _verify_indexes(cursor)
            told: dict[tuple[str, int], str] = {}
            head = _genesis(self.vault_id)
            for number, row in enumerate(cursor.each("SELECT * FROM events ORDER BY seq"), 1):
                digest = _digest(number, row.text("at"), row.text("kind"), row.text("facts"), head)
                if (row.whole("seq"), row.text("prev"), row.text("sm3")) != (number, head, digest):
                    raise Problem("vault.history_broken", place=f"events {number}")
                head = digest
                facts = json.loads(row.text("facts"))
                if "table" in facts:
                    told[facts["table"], facts["row"]] = facts["digest"]
            for table in _CHILDREN:
                _verify_table(cursor, table, told)
        if told:
            table, seq = next(iter(told))
            raise Problem("vault.history_broken", place=f"{table} {seq}")
        return head


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
    seq = cursor.insert(table, **values)
    for child, belonging in children:
        cursor.insert(child, **belonging)
    row = cursor.one(f"SELECT rowid AS seq_, * FROM {table} WHERE rowid = ?", seq)  # noqa: S608 - table of ours
    digest = _row_digest(cursor, table, row)
    add_event(cursor, vault_id, kind, {**facts, "table": table, "row": seq, "digest": digest})
    return seq


def add_event(cursor: Cursor, vault_id: str, kind: str, facts: Facts) -> None:
    """Add a link to the chain inside an open transaction."""
    number, prev = _last(cursor, vault_id)
    at = clock.stamp(clock.now())
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    digest = _digest(number + 1, at, kind, text, prev)
    cursor.insert("events", seq=number + 1, at=at, kind=kind, facts=text, prev=prev, sm3=digest)


def _verify_indexes(cursor: Cursor) -> None:
    """Hold each index of the facts, and the narrow list, against the rows they stand for."""
    children = [child for pairs in _CHILDREN.values() for child, _ in pairs]
    for table in ("events", *_CHILDREN, *children, "record_list"):
        if cursor.one(f"PRAGMA integrity_check({table})").text("integrity_check") != "ok":
            raise Problem("vault.history_broken", place=table)
    if cursor.first(_MISLISTED) is not None:
        raise Problem("vault.history_broken", place="record_list")


def _verify_table(cursor: Cursor, table: str, told: dict[tuple[str, int], str]) -> None:
    """Hold each row of a table of facts against what the chain tells of it, and strike it from the list."""
    for row in cursor.each(f"SELECT rowid AS seq_, * FROM {table}"):  # noqa: S608 - table of ours
        seq = row.whole("seq_")
        if told.pop((table, seq), None) != _row_digest(cursor, table, row):
            raise Problem("vault.history_broken", place=f"{table} {seq}")
    for child, key in _CHILDREN[table]:
        lost = f"SELECT 1 AS lost FROM {child} WHERE {key} NOT IN (SELECT {key} FROM {table})"  # noqa: S608 - tables of ours
        if cursor.first(lost) is not None:
            raise Problem("vault.history_broken", place=child)


def _row_digest(cursor: Cursor, table: str, row: Row) -> str:
    whole: list[object] = [table, _plain(row)]
    for child, key in _CHILDREN[table]:
        found = cursor.all(f"SELECT * FROM {child} WHERE {key} = ? ORDER BY rowid", row.text(key))  # noqa: S608 - tables of ours
        whole.append([child, [_plain(each) for each in found if _belongs(row, each)]])
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
    return (row.whole("seq"), row.text("sm3")) if row else (0, _genesis(vault_id))


def _digest(number: int, at: str, kind: str, facts: str, prev: str) -> str:
    link = json.dumps([number, at, kind, facts, prev], ensure_ascii=False, separators=(",", ":"))
    return sm3(link.encode())


def _genesis(vault_id: str) -> str:
    return sm3(f"xincai vault 1: events of {vault_id}".encode())
