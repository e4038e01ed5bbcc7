"""Proving the history: every event and every fact, a piece at a time, so that others can work between.

Rules: what is found broken is named by its place and the proof goes on, so that a second change is not hidden
behind the first. What is added meanwhile is left for the next time. Erased rows are held against their
erasure; each batch's audit head must be an event, each receipt's the one its batch carried away. Whose hands
a version went through, and that it was practice, stand where their events tell it.
"""

import json
from collections.abc import Callable, Iterator
from typing import Final

from xincai.errors import Problem
from xincai.vault.connection import Database
from xincai.vault.cursor import Cursor, Row
from xincai.vault.events import CHILDREN, genesis, link_digest, row_digest
from xincai.wire.manifest import decode
from xincai.wire.receipt import decode_receipt

LATEST: Final = 200
"""So many events are proven at each opening."""
_EVENTS: Final = 500
_ROWS: Final = 50
_LINES: Final = 2_000
_END: Final = 2**63 - 1
_MISLISTED: Final = """
WITH latest AS (
    SELECT seq, record_id, version, form_id, form_version, title, subject_kind, subject_code, subject_name,
           sealed_at,
           EXISTS (SELECT 1 FROM erasures
                   WHERE erased_table = 'records' AND erased_row = records.seq) AS erased
    FROM records
    WHERE version = (SELECT max(version) FROM records AS later WHERE later.record_id = records.record_id)
          AND seq > ?1 AND seq <= ?2
), listed AS (
    SELECT seq, record_id, version, form_id, form_version, title, subject_kind, subject_code, subject_name,
           sealed_at, erased
    FROM record_list
    WHERE seq > ?1 AND seq <= ?2
)
SELECT seq FROM (SELECT * FROM latest EXCEPT SELECT * FROM listed)
UNION ALL SELECT seq FROM (SELECT * FROM listed EXCEPT SELECT * FROM latest)
"""
_UNDEAD: Final = """
SELECT 1 AS undead FROM drafts JOIN records
ON records.record_id = coalesce(drafts.record_id, drafts.draft_id) AND records.version = drafts.version
"""
_CHANGING: Final = ("record_list", "drafts", "draft_attachments", "blobs", "settings", "device")
"""Besides the tables of facts. Not `chunks`, whose 50 GB would hold the lane for minutes: the scrub proves
them by their digests.
"""
_HALF: Final = """
SELECT 1 AS half FROM blobs
WHERE size <> (SELECT coalesce(sum(length(data)), 0) FROM chunks WHERE chunks.blob_id = blobs.blob_id)
      AND EXISTS (SELECT 1 FROM chunks WHERE chunks.blob_id = blobs.blob_id)
      AND blob_id > ?1 AND blob_id <= ?2
"""
Step = Callable[[int, int], None]
Cancelled = Callable[[], bool]


def latest_broken(cursor: Cursor, vault_id: str) -> str:
    """The place where the last events do not add up; "" when they do. Some milliseconds."""
    rows = cursor.all("SELECT * FROM events ORDER BY seq DESC LIMIT ?", LATEST + 1)[::-1]
    if not rows:
        return "events"
    first = rows[0].whole("seq")
    number, head = (0, genesis(vault_id)) if first == 1 else (first, rows.pop(0).text("sm3"))
    for number, row in enumerate(rows, number + 1):  # noqa: B020 - where the count begins
        digest = link_digest(number, row.text("at"), row.text("kind"), row.text("facts"), head)
        if (row.whole("seq"), row.text("prev"), row.text("sm3")) != (number, head, digest):
            return f"events {number}"
        head = digest
    return ""


class Proof:
    """One going-over; `places` are what did not add up, `head` the digest it ended at."""

    def __init__(self, database: Database, vault_id: str) -> None:
        self._database = database
        self.head = genesis(vault_id)
        self.places: list[str] = []
        self._told: dict[tuple[str, int], str] = {}
        self._tops: dict[str, int] = {}
        self._carried: dict[str, str] = {}
        self._hands: set[tuple[str, int, str]] = set()
        self._practised: set[tuple[str, int]] = set()
        self._practice: list[str] = []
        self._cancelled: Cancelled = lambda: False

    def run(self, step: Step, cancelled: Cancelled) -> bool:
        """Go over everything; False when cancelled."""
        self._cancelled = cancelled
        for done, total in self._walk():
            if cancelled():
                return False
            step(done, total)
        return True

    def _walk(self) -> Iterator[tuple[int, int]]:
        total = self._begin()
        done = 0
        for query, table, key, place in (
            (_MISLISTED, "records", "seq", "record_list"),
            (_HALF, "blobs", "blob_id", "chunks"),
        ):
            for found in self._stretches(query, table, key):
                self.places += [place] if found and place not in self.places else []
                yield done, total
        for table in _tables():
            self._indexes(table)
            yield done, total
        for _ in self._batches():
            yield done, total
        for count in self._events(self._tops["events"]):
            done += count
            yield done, total
        for table in CHILDREN:
            for count in self._facts(table):
                done += count
                yield done, total
        self._leftovers()
        yield total, total

    def _begin(self) -> int:
        with self._database.reading() as cursor:
            for table in ("events", *CHILDREN):
                top = cursor.one(f"SELECT coalesce(max(rowid), 0) AS top FROM {table}")  # noqa: S608 - ours
                self._tops[table] = top.whole("top")
            if cursor.first(_UNDEAD) is not None:
                self.places.append("drafts")
        return sum(self._tops.values())

    def _stretches(self, query: str, table: str, key: str) -> Iterator[bool]:
        """Whether a query finds anything in one stretch of rows after the other, the last without an end."""
        after, last = -1, 0
        some = f"SELECT {key} AS number FROM {table} WHERE {key} > ? ORDER BY {key} LIMIT ?"  # noqa: S608 - ours
        while last < _END:
            with self._database.reading() as cursor:
                ends = f"SELECT coalesce(max(number), {_END}) AS last FROM ({some})"  # noqa: S608 - ours
                last = cursor.one(ends, after, _LINES).whole("last")
                found = cursor.first(query, after, last) is not None
            yield found
            after = last

    def _batches(self) -> Iterator[None]:
        """What manifests carried away, and whom receipts answer; each read alone."""
        for row in self._each("SELECT rowid AS seq_, manifest_id, manifest FROM batches", "batches"):
            self._carry(row.text("manifest_id"), row.blob("manifest"))
            yield
        for row in self._each("SELECT rowid AS seq_, manifest_id, body FROM receipts", "receipts"):
            self._answer(row.whole("seq_"), row.text("manifest_id"), row.blob("body"))
            yield

    def _each(self, query: str, table: str) -> Iterator[Row]:
        after = -1
        while True:
            with self._database.reading() as cursor:
                row = cursor.first(
                    f"{query} WHERE rowid > ? AND rowid <= ? ORDER BY rowid LIMIT 1", after, self._tops[table]
                )
            if row is None:
                return
            after = row.whole("seq_")
            yield row

    def _carry(self, name: str, manifest: bytes) -> None:
        try:
            self._carried[name] = decode(manifest).audit_head
        except Problem:
            self.places.append(f"batches {name[:8]}")

    def _answer(self, seq: int, name: str, body: bytes) -> None:
        try:
            told = decode_receipt(body)
        except Problem:
            self.places.append(f"receipts {seq}")
            return
        if told.manifest != name:
            self.places.append(f"receipts {seq}")

    def _indexes(self, table: str) -> None:
        if not self._database.sound(lambda: not self._cancelled(), table) and not self._cancelled():
            self.places.append(table)

    def _events(self, last: int) -> Iterator[int]:
        after, heads = 0, set(self._carried.values())
        while after < last:
            with self._database.reading() as cursor:
                query = "SELECT * FROM events WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?"
                rows = cursor.all(query, after, last, _EVENTS)
            if not rows:
                self.places.append(f"events {after + 1}")
                break
            for row in rows:
                seq, facts = row.whole("seq"), row.text("facts")
                digest = link_digest(after + 1, row.text("at"), row.text("kind"), facts, self.head)
                if (seq, row.text("prev"), row.text("sm3")) != (after + 1, self.head, digest):
                    self.places.append(f"events {seq}")
                self.head, after = row.text("sm3"), seq
                heads.discard(self.head)
                self._tell(seq, facts)
            yield len(rows)
        names = [name for name, head in self._carried.items() if head in heads]
        self.places.extend(f"batches {name[:8]}" for name in names)

    def _tell(self, seq: int, text: str) -> None:
        try:
            facts = json.loads(text)
            if "table" in facts:
                self._told[facts["table"], facts["row"]] = facts["digest"]
            if "hands" in facts:
                key = facts["record"], facts["version"]
                self._hands |= {(*key, each) for each in json.loads(facts["hands"])}
            if "practice" in facts and "record" in facts:
                self._practised.add((facts["record"], facts["version"]))
            if "practice" in facts and "manifest" in facts:
                self._practice.append(facts["manifest"])
        except (ValueError, KeyError, TypeError):
            self.places.append(f"events {seq}")

    def _facts(self, table: str) -> Iterator[int]:
        after, top = -1, self._tops[table]
        query = f"SELECT rowid AS seq_, * FROM {table} WHERE rowid > ? AND rowid <= ? ORDER BY rowid LIMIT ?"  # noqa: S608 - table of ours
        while after < top:
            with self._database.reading() as cursor:
                rows = cursor.all(query, after, top, _ROWS)
                for row in rows:
                    after = row.whole("seq_")
                    self._fact(cursor, table, after, _digest(cursor, table, row))
            if not rows:
                break
            yield len(rows)
        with self._database.reading() as cursor:
            for child, key in CHILDREN[table]:
                lost = f"SELECT 1 AS lost FROM {child} WHERE {key} NOT IN (SELECT {key} FROM {table})"  # noqa: S608 - ours
                if cursor.first(lost) is not None:
                    self.places.append(child)

    def _fact(self, cursor: Cursor, table: str, seq: int, digest: str) -> None:
        before = self._told.pop((table, seq), None)
        if before == digest:
            return
        query = "SELECT before, after FROM erasures WHERE erased_table = ? AND erased_row = ?"
        erased = cursor.first(query, table, seq)
        if erased is None or (erased.text("before"), erased.text("after")) != (before, digest):
            self.places.append(f"{table} {seq}")

    def _leftovers(self) -> None:
        self.places.extend(f"{table} {seq}" for table, seq in self._told)
        with self._database.reading() as cursor:
            for manifest in self._practice:
                for row in cursor.each("SELECT * FROM batch_records WHERE manifest_id = ?", manifest):
                    self._practised.add((row.text("record_id"), row.whole("version")))
            for row in cursor.each("SELECT record_id, version, person_id FROM hands"):
                self._hands.discard((row.text("record_id"), row.whole("version"), row.text("person_id")))
            for row in cursor.each("SELECT record_id, version FROM practised"):
                self._practised.discard((row.text("record_id"), row.whole("version")))
        self.places.extend(["hands"] if self._hands else [])
        self.places.extend(["practised"] if self._practised else [])


def _digest(cursor: Cursor, table: str, row: Row) -> str:
    try:
        return row_digest(cursor, table, row)
    except Problem:
        return ""


def _tables() -> tuple[str, ...]:
    children = [child for pairs in CHILDREN.values() for child, _ in pairs]
    return ("events", *CHILDREN, *children, *_CHANGING)
