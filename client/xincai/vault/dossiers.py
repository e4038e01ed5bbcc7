"""Sealed records: kept for good, listed and searched through the narrow list, their status derived from
facts.

Rules: a version is sealed once and follows the one before it; what is read back is held against its digest.
Status words: sealed (in no batch) · waiting (in a batch not sent) · unknown (sent, no receipt) · received
(custody) · accepted · returned (by the platform, or by the second look) · practised (it goes nowhere).
"""

import json
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import cast, get_args

from xincai.errors import Problem
from xincai.records import KINDS, Attachment, Record, Subject
from xincai.vault import enclosure, practice
from xincai.vault.blobs import let_go
from xincai.vault.connection import Database
from xincai.vault.cursor import Cursor, Row, Value
from xincai.vault.entities import keep
from xincai.vault.events import add_fact
from xincai.vault.people import APPROVED, four_eyes, note_hands, note_sealer
from xincai.vault.rows import Correction, EntityRow, RecordKey, RecordRow, Status
from xincai.wire.digest import sm3

_LISTED = "FROM record_list JOIN record_states USING (record_id, version)"
_KNOWN = f"""
SELECT coalesce(max(version), 0) AS last, {practice.APPLIES} AS practised FROM records WHERE record_id = ?1
"""  # noqa: S608 - words of ours
_DROP = """
DELETE FROM drafts WHERE draft_id = ?1
RETURNING hands, EXISTS (SELECT 1 FROM draft_attachments WHERE draft_id = ?1) AS holding
"""
_CORRECTIONS = """
SELECT record_list.record_id, record_list.version, record_list.form_id, record_list.subject_name, code, path,
       text, fixable,
       coalesce((SELECT draft_id FROM drafts WHERE drafts.record_id = record_list.record_id
                 AND drafts.version = record_list.version + 1), '') AS draft_id
FROM (SELECT record_id, version, code, path, text, fixable, 0 AS first, seq AS told FROM latest_outcomes
      WHERE status = 'rejected'
      UNION ALL
      SELECT record_id, version, 'refused', '', reason, 1, 1, seq FROM refusals) AS returned
     JOIN records USING (record_id, version)
     JOIN record_list USING (seq)
     JOIN record_states USING (record_id, version)
WHERE record_states.status = 'returned' ORDER BY first DESC, told DESC, record_list.seq
"""


class Dossiers:
    """Records."""

    _database: Database
    vault_id: str

    def seal(self, record: Record, draft_id: str | None, entities: Iterable[EntityRow] = ()) -> None:
        """Keep a sealed record for good and drop its draft, in one transaction, with the rows it leaves.

        Raises Problem `vault.already_sealed` when this version exists, `vault.version_gap` when the one
        before it does not, `vault.no_attachment` when an attachment was never kept.
        """
        if sm3(record.submission) != record.submission_sm3:
            raise ValueError("the submission is not the one its digest names")
        with self._database.writing() as cursor:
            practised = _in_turn(cursor, record)
            stored = _enclosed(cursor, record.submission, record.delicate, record.record_id, record.version)
            # the draft first, so that the record takes over the pages it frees
            hands = [] if draft_id is None else _drop(cursor, draft_id)
            key = record.record_id, record.version
            facts: dict[str, str | int] = {"record": record.record_id, "version": record.version}
            facts |= {"hands": json.dumps(hands)} if hands else {}
            facts |= {"practice": 1} if practised else {}
            seq = add_fact(
                cursor,
                self.vault_id,
                "sealed",
                "records",
                {**_values(record), "submission": stored},
                [("record_attachments", _attachment_values(record, item)) for item in record.attachments],
                **facts,
            )
            note_hands(cursor, key, hands)
            if practised:
                practice.mark(cursor, key)
            note_sealer(cursor, self.vault_id, *key)
            _list(cursor, record, seq)
            keep(cursor, record.record_id, entities)

    def record(self, record_id: str, version: int | None = None) -> Record:
        """A sealed version, the latest when none is named, its bytes proven."""
        query = (
            "SELECT * FROM records WHERE record_id = ? AND (? IS NULL OR version = ?)"
            " ORDER BY version DESC LIMIT 1"
        )
        with self._database.reading() as cursor:
            row = cursor.first(query, record_id, version, version)
            if row is None:
                raise Problem("vault.no_record")
            attached = cursor.all(
                "SELECT * FROM record_attachments WHERE record_id = ? AND version = ? ORDER BY rowid",
                record_id,
                row.whole("version"),
            )
            submission = enclosure.opened(cursor, row.blob("submission"))
        return _record(row.changed(submission=submission), attached)

    def submissions(self, manifest_id: str) -> Iterator[tuple[str, bytes]]:
        """Digest and bytes of every submission of a batch in its order, proven; a hundred at a time."""
        query = (
            "SELECT batch_records.rowid AS place, submission, submission_sm3"
            " FROM batch_records JOIN records USING (record_id, version)"
            " WHERE manifest_id = ? AND batch_records.rowid > ? ORDER BY batch_records.rowid LIMIT 100"
        )
        last = 0
        while True:
            with self._database.reading() as cursor:
                rows = cursor.all(query, manifest_id, last)
                found = [_proven(row, enclosure.opened(cursor, row.blob("submission"))) for row in rows]
            if not found:
                return
            yield from found
            last = rows[-1].whole("place")

    def unseen_records(self, limit: int = 50) -> tuple[tuple[RecordKey, str], ...]:
        """Records sealed before level L4 was enclosed that nobody has seen to, and their forms' digests."""
        query = "SELECT record_id, version, form_sm3 FROM records JOIN plain_records USING (seq) LIMIT ?"
        with self._database.reading() as cursor:
            rows = cursor.all(query, limit)
        return tuple(((row.text("record_id"), row.whole("version")), row.text("form_sm3")) for row in rows)

    def enclose(self, key: RecordKey, paths: Collection[str]) -> None:
        """See to a record from before: enclose its answers at these paths. History stays as it is."""
        query = "SELECT seq, submission FROM records WHERE record_id = ? AND version = ?"
        with self._database.writing() as cursor:
            row = cursor.first(query, *key)
            if row is None:
                raise Problem("vault.no_record")
            stored = row.blob("submission")
            if stored and not enclosure.is_enclosed(stored):
                fresh = _enclosed(cursor, stored, paths, *key)
                if fresh != stored:
                    cursor.run("UPDATE records SET submission = ? WHERE seq = ?", fresh, row.whole("seq"))
            cursor.run("DELETE FROM plain_records WHERE seq = ?", row.whole("seq"))

    def last_submission(self, form_id: str) -> bytes | None:
        """The submission of a form that was sealed last; None when there is none."""
        query = (
            "SELECT submission FROM records WHERE form_id = ? AND submission <> x'' ORDER BY seq DESC LIMIT 1"
        )
        with self._database.reading() as cursor:
            row = cursor.first(query, form_id)
            return None if row is None else enclosure.opened(cursor, row.blob("submission"))

    def records_of_subject(
        self, form_id: str, kind: str, *, code: str = "", name: str = ""
    ) -> tuple[RecordRow, ...]:
        """Latest versions of a form for a kind of subject with this code or name, the last sealed first."""
        statement = (
            f"SELECT record_list.*, status {_LISTED} WHERE form_id = ? AND subject_kind = ?"
            " AND (? = '' OR subject_code = ?) AND (? = '' OR subject_name = ?) ORDER BY seq DESC"
        )
        with self._database.reading() as cursor:
            rows = cursor.all(statement, form_id, kind, code, code, name, name)
        return tuple(_record_row(row) for row in rows)

    def versions(self, record_id: str) -> tuple[int, ...]:
        """The sealed versions of a record, in order."""
        with self._database.reading() as cursor:
            rows = cursor.all("SELECT version FROM records WHERE record_id = ? ORDER BY version", record_id)
        return tuple(row.whole("version") for row in rows)

    def status(self, record_id: str, version: int) -> Status:
        """Where a version stands."""
        query = "SELECT status FROM record_states WHERE record_id = ? AND version = ?"
        with self._database.reading() as cursor:
            row = cursor.first(query, record_id, version)
        if row is None:
            raise Problem("vault.no_record")
        return _status(row)

    def records(
        self, query: str = "", status: Status | None = None, limit: int = 100, offset: int = 0
    ) -> tuple[RecordRow, ...]:
        """Latest versions, the last sealed first, whose title, name or code hold every word of the query."""
        condition, values = _condition(query, status)
        statement = f"SELECT record_list.*, status {_LISTED} {condition} ORDER BY seq DESC LIMIT ? OFFSET ?"
        if status is None:  # first the page, then how its records stand: that costs more than to find them
            page = f"SELECT seq FROM record_list {condition} ORDER BY seq DESC LIMIT ? OFFSET ?"  # noqa: S608 - conditions of ours
            statement = f"SELECT record_list.*, status {_LISTED} WHERE seq IN ({page}) ORDER BY seq DESC"
        with self._database.reading() as cursor:
            rows = cursor.all(statement, *values, limit, offset)
        return tuple(_record_row(row) for row in rows)

    def count_records(self, query: str = "", status: Status | None = None) -> int:
        """How many `records` would list without a limit."""
        condition, values = _condition(query, status)
        listed = _LISTED if status else "FROM record_list"
        with self._database.reading() as cursor:
            return cursor.one(f"SELECT count(*) AS n {listed} {condition}", *values).whole("n")

    def status_counts(self) -> Mapping[Status, int]:
        """How many records stand where; every status is named."""
        with self._database.reading() as cursor:
            rows = cursor.all(f"SELECT status, count(*) AS n {_LISTED} GROUP BY status")
        found = {_status(row): row.whole("n") for row in rows}
        return {status: found.get(status, 0) for status in get_args(Status)}

    def waiting_records(self) -> tuple[RecordKey, ...]:
        """Latest versions that are sealed and in no batch, quarantined ones apart; in order of sealing.

        With four eyes, those alone that somebody else has approved.
        """
        with self._database.reading() as cursor:
            looked = f"AND {APPROVED}" if four_eyes(cursor) else ""
            query = f"SELECT record_id, version {_LISTED} WHERE status = 'sealed' {looked} ORDER BY seq"
            return tuple((row.text("record_id"), row.whole("version")) for row in cursor.all(query))

    def corrections(self) -> tuple[Correction, ...]:
        """Returned records that have no newer version yet, the latest first."""
        with self._database.reading() as cursor:
            rows = cursor.all(_CORRECTIONS)
        return tuple(
            Correction(
                record_id=row.text("record_id"),
                version=row.whole("version"),
                form_id=row.text("form_id"),
                subject_name=row.text("subject_name"),
                code=row.text("code"),
                path=row.text("path"),
                text=row.text("text"),
                fixable=row.whole("fixable") == 1,
                draft_id=row.text("draft_id"),
            )
            for row in rows
        )


def _enclosed(
    cursor: Cursor, submission: bytes, paths: Collection[str], record_id: str, version: int
) -> bytes:
    """A submission as it is stored, proven to come back byte for byte."""
    stored = enclosure.enclosed(cursor, submission, paths, f"{record_id}/{version}")
    if enclosure.opened(cursor, stored) != submission:
        raise ValueError("the submission does not come back as it was")
    return stored


def _in_turn(cursor: Cursor, record: Record) -> bool:
    """Refuse a version out of turn, or with attachments that were never kept; whether it is practice."""
    known = cursor.one(_KNOWN, record.record_id)
    last = known.whole("last")
    if record.version <= last:
        raise Problem("vault.already_sealed", version=record.version)
    if record.version != last + 1:
        raise Problem("vault.version_gap", version=record.version, last=last)
    for item in record.attachments:
        if cursor.first("SELECT 1 AS kept FROM blobs WHERE sm3 = ?", item.sm3) is None:
            raise Problem("vault.no_attachment")
    return known.whole("practised") == 1


def _drop(cursor: Cursor, draft_id: str) -> list[str]:
    """Drop a draft that is being sealed; whose hands it went through, the sealer's apart."""
    row = cursor.first(_DROP, draft_id)
    if row is None or row.whole("holding"):
        let_go(cursor, draft_id)
    return [each for each in json.loads(row.text("hands")) if each != cursor.actor] if row else []


def _list(cursor: Cursor, record: Record, seq: int) -> None:
    if record.version > 1:
        before = "SELECT seq FROM records WHERE record_id = ? AND version = ?"
        cursor.run(
            f"DELETE FROM record_list WHERE seq = ({before})",  # noqa: S608 - words of ours
            record.record_id,
            record.version - 1,
        )
    words = _folded(f"{record.title} {record.subject.name} {record.subject.code} {record.form_id}")
    cursor.insert(
        "record_list",
        record_id=record.record_id,
        version=record.version,
        seq=seq,
        form_id=record.form_id,
        form_version=record.form_version,
        title=record.title,
        subject_kind=record.subject.kind,
        subject_code=record.subject.code,
        subject_name=record.subject.name,
        sealed_at=record.sealed_at.isoformat(),
        words=words,
    )


def _condition(query: str, status: Status | None) -> tuple[str, list[Value]]:
    parts, values = [], list[Value]()
    for word in _folded(query).split():
        parts.append("instr(words, ?) > 0")
        values.append(word)
    if status is not None:
        parts.append("status = ?")
        values.append(status)
    return ("WHERE " + " AND ".join(parts) if parts else ""), values


def _folded(text: str) -> str:
    """Text as it is searched: full width and case make no difference."""
    return unicodedata.normalize("NFKC", text).casefold()


def _values(record: Record) -> dict[str, Value]:
    return {
        "record_id": record.record_id,
        "version": record.version,
        "form_id": record.form_id,
        "form_version": record.form_version,
        "form_sm3": record.form_sm3,
        "instance_id": record.instance_id,
        "subject_kind": record.subject.kind,
        "subject_code": record.subject.code,
        "subject_name": record.subject.name,
        "title": record.title,
        "sealed_at": record.sealed_at.isoformat(),
        "origins": json.dumps(dict(record.origins), ensure_ascii=False),
        "submission_sm3": record.submission_sm3,
        "submission_sha256": record.submission_sha256,
        "submission": record.submission,
    }


def _attachment_values(record: Record, item: Attachment) -> dict[str, Value]:
    return {
        "record_id": record.record_id,
        "version": record.version,
        "name": item.name,
        "sm3": item.sm3,
        "size": item.size,
        "media_type": item.media_type,
    }


def _proven(row: Row, submission: bytes) -> tuple[str, bytes]:
    """The digest that names a submission, and its bytes."""
    if not submission:
        raise Problem("vault.erased")
    if sm3(submission) != row.text("submission_sm3"):
        raise Problem("vault.record_damaged")
    return row.text("submission_sm3"), submission


def _record(row: Row, attached: list[Row]) -> Record:
    digest, submission = _proven(row, row.blob("submission"))
    kind = next((kind for kind in KINDS if kind == row.text("subject_kind")), None)
    if kind is None:
        raise Problem("vault.record_damaged")
    return Record(
        record_id=row.text("record_id"),
        version=row.whole("version"),
        form_id=row.text("form_id"),
        form_version=row.text("form_version"),
        form_sm3=row.text("form_sm3"),
        instance_id=row.text("instance_id"),
        subject=Subject(kind, row.text("subject_code"), row.text("subject_name")),
        submission=submission,
        submission_sm3=digest,
        submission_sha256=row.text("submission_sha256"),
        attachments=tuple(
            Attachment(item.text("name"), item.text("sm3"), item.whole("size"), item.text("media_type"))
            for item in attached
        ),
        origins=json.loads(row.text("origins")),
        sealed_at=row.instant("sealed_at"),
        title=row.text("title"),
    )


def _record_row(row: Row) -> RecordRow:
    return RecordRow(
        record_id=row.text("record_id"),
        version=row.whole("version"),
        form_id=row.text("form_id"),
        form_version=row.text("form_version"),
        title=row.text("title"),
        subject_kind=row.text("subject_kind"),
        subject_code=row.text("subject_code"),
        subject_name=row.text("subject_name"),
        sealed_at=row.instant("sealed_at"),
        status=_status(row),
        erased=row.whole("erased") == 1,
    )


def _status(row: Row) -> Status:
    return cast("Status", row.text("status"))  # the view writes no other words
