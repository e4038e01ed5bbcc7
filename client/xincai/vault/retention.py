"""How long contents are kept once they have arrived: after a confirmed receipt and so many days a record's
content is erased, and a tombstone stays.

Rules: nothing is erased before the platform's receipt for that very version says accepted; what a practice
gateway accepted has arrived nowhere once this device has enrolled for work. It is announced first, and the
person may keep it; what is erased does not come back. Erased are answers, names and codes of all versions,
letters made of them, and attachments that nothing else names; `secure_delete` overwrites what stood there.
Id, version, form, digests, outcome and receipt stay, so that lists and chain hold.
"""

import datetime
import json
from dataclasses import dataclass
from typing import Final

from xincai import clock
from xincai.errors import Problem
from xincai.vault.connection import Database
from xincai.vault.cursor import Cursor, Row
from xincai.vault.events import add_event, add_fact, row_digest

NOTICE: Final = 7
"""Days between announcing and erasing, at least where the time allowed is as long."""
STILL: Final = 60
"""Days without an event after which the clock is not believed: then all is announced anew."""
_CONFIRMED = """
SELECT record_list.record_id, record_list.version, record_list.form_id, record_list.subject_kind,
       record_list.subject_code, record_list.subject_name, receipts.receipt_id,
       max(receipts.platform_time, receipts.added_at) AS confirmed_at,
       coalesce(retention.announced_at, '') AS announced_at, coalesce(retention.kept, 0) AS kept
FROM record_list
     JOIN latest_outcomes USING (record_id, version)
     JOIN receipts ON receipts.seq = latest_outcomes.seq AND receipts.kind = 'B'
     LEFT JOIN retention ON retention.record_id = record_list.record_id
WHERE latest_outcomes.status = 'accepted' AND record_list.erased = 0
      AND NOT EXISTS (SELECT 1 FROM drafts WHERE drafts.record_id = record_list.record_id)
      AND NOT EXISTS (SELECT 1 FROM drafts WHERE drafts.copied_from = record_list.record_id)
      AND receipts.manifest_id NOT IN (
          SELECT manifest_id FROM batches
          WHERE device NOT IN (SELECT device_id FROM device)
                AND +device IN (SELECT json_extract(facts, '$.device') FROM events
                                WHERE kind = 'device' AND json_extract(facts, '$.practice') = 1)
      )
"""
_BLANK_RECORD = (
    "UPDATE records SET submission = x'', origins = '{}', title = '', subject_code = '', subject_name = ''"
    " WHERE seq = ?"
)
_ERASE_CHUNKS = """
DELETE FROM chunks WHERE blob_id IN (
    SELECT blob_id FROM blobs WHERE sm3 IN (SELECT sm3 FROM record_attachments WHERE record_id = ?1)
    AND NOT EXISTS (SELECT 1 FROM draft_attachments WHERE draft_attachments.sm3 = blobs.sm3)
    AND NOT EXISTS (SELECT 1 FROM form_files WHERE form_files.sm3 = blobs.sm3)
    AND NOT EXISTS (SELECT 1 FROM form_sources WHERE form_sources.xml_sm3 = blobs.sm3)
    AND NOT EXISTS (
        SELECT 1 FROM record_attachments AS other JOIN records USING (record_id, version)
        WHERE other.sm3 = blobs.sm3 AND other.record_id <> ?1
        AND NOT EXISTS (SELECT 1 FROM erasures WHERE erased_table = 'records' AND erased_row = records.seq)
    )
)
"""


@dataclass(frozen=True)
class Confirmed:
    """A record whose latest version the platform has accepted: since when, and whether it is to be kept."""

    record_id: str
    version: int
    form_id: str
    subject_kind: str
    subject_code: str
    subject_name: str
    receipt_id: str
    confirmed_at: datetime.datetime
    announced_at: datetime.datetime | None
    kept: bool


@dataclass(frozen=True)
class Erasure:
    """A tombstone: what was erased when, and by which receipt it had arrived."""

    record_id: str
    version: int
    form_id: str
    submission_sm3: str
    receipt_id: str
    sealed_at: datetime.datetime
    at: datetime.datetime


class Retention:
    """Erasing what has arrived."""

    _database: Database
    vault_id: str

    def confirmed(self, before: datetime.datetime) -> tuple[Confirmed, ...]:
        """Records, not erased yet, that were confirmed as accepted before an instant; the first one first."""
        query = f"{_CONFIRMED} AND confirmed_at <= ? ORDER BY confirmed_at, record_list.seq"
        with self._database.reading() as cursor:
            return tuple(map(_confirmed, cursor.each(query, clock.stamp(before))))

    def announce(self, now: datetime.datetime, days: int) -> tuple[Confirmed, ...]:
        """Put on the list what will be erased within the notice; all that stands on it now."""
        listed = self.confirmed(now - datetime.timedelta(days=max(0, days - NOTICE)))
        fresh = [each for each in listed if each.announced_at is None]
        if fresh:
            with self._database.writing() as cursor:
                for each in fresh:
                    cursor.run(
                        "INSERT OR IGNORE INTO retention (record_id, announced_at, kept) VALUES (?, ?, 0)",
                        each.record_id,
                        clock.stamp(now),
                    )
        return self.confirmed(now - datetime.timedelta(days=max(0, days - NOTICE)))

    def erase_due(self, now: datetime.datetime, days: int) -> tuple[str, ...]:
        """Erase what is due: its time is over, it stood on the list for the notice, and nobody keeps it.

        Erases nothing when the clock is behind the last event, or so far ahead of it that the clock is
        likelier wrong than the pause was long: then the list begins anew.
        """
        if not self._believable(now):
            return ()
        notice = datetime.timedelta(days=min(NOTICE, days))
        due = [
            each.record_id
            for each in self.announce(now, days)
            if not each.kept
            and each.announced_at is not None
            and each.announced_at + notice <= now
            and each.confirmed_at + datetime.timedelta(days=days) <= now
        ]
        return tuple(record_id for record_id in due if self._erased(record_id))

    def keep_content(self, record_id: str, kept: bool) -> None:
        """Take a record off the list for good, or put it on again."""
        with self._database.writing() as cursor:
            changed = cursor.run(
                "UPDATE retention SET kept = ? WHERE record_id = ? AND kept <> ?",
                int(kept),
                record_id,
                int(kept),
            )
            if changed:
                add_event(
                    cursor,
                    self.vault_id,
                    "content_kept" if kept else "content_released",
                    {"record": record_id},
                )

    def erase(self, record_id: str) -> None:
        """Erase the contents of all versions of a record, in one transaction.

        Raises Problem `vault.not_confirmed` when its latest version is not accepted by a receipt, a
        correction of it is begun, or a draft copies from it.
        """
        with self._database.writing() as cursor:
            row = cursor.first(f"{_CONFIRMED} AND record_list.record_id = ?", record_id)
            if row is None:
                raise Problem("vault.not_confirmed")
            receipt, at = row.text("receipt_id"), clock.stamp(clock.now())
            for record in cursor.all("SELECT * FROM records WHERE record_id = ? ORDER BY version", record_id):
                self._erase_row(cursor, "records", record, receipt, at)
            for letter in cursor.all("SELECT * FROM letters WHERE record_id = ? ORDER BY seq", record_id):
                self._erase_row(cursor, "letters", letter, receipt, at)
            cursor.run(_ERASE_CHUNKS, record_id)
            cursor.run(
                "UPDATE record_list SET title = '', subject_code = '', subject_name = '', words = form_id,"
                " erased = 1 WHERE seq IN (SELECT seq FROM records WHERE record_id = ?)",
                record_id,
            )
            cursor.run("DELETE FROM retention WHERE record_id = ?", record_id)

    def erasure(self, record_id: str, version: int | None = None) -> Erasure | None:
        """The tombstone of a version, of the latest when none is named; None when it was not erased."""
        query = (
            "SELECT erasures.*, form_id, submission_sm3, sealed_at"
            " FROM erasures JOIN records ON records.seq = erased_row WHERE erased_table = 'records'"
            " AND erasures.record_id = ? AND (? IS NULL OR erasures.version = ?)"
            " ORDER BY erasures.version DESC LIMIT 1"
        )
        with self._database.reading() as cursor:
            row = cursor.first(query, record_id, version, version)
        if row is None:
            return None
        return Erasure(
            record_id,
            row.whole("version"),
            row.text("form_id"),
            row.text("submission_sm3"),
            row.text("receipt_id"),
            row.instant("sealed_at"),
            row.instant("at"),
        )

    def _erased(self, record_id: str) -> bool:
        """Erase a record that is due; False where it has become one that is kept, as by a correction."""
        try:
            self.erase(record_id)
        except Problem as problem:
            if problem.code != "vault.not_confirmed":
                raise
            return False
        return True

    def _erase_row(self, cursor: Cursor, table: str, row: Row, receipt: str, at: str) -> None:
        seq, record_id, version = row.whole("seq"), row.text("record_id"), row.whole("version")
        if cursor.first(
            "SELECT 1 AS gone FROM erasures WHERE erased_table = ? AND erased_row = ?", table, seq
        ):
            return
        blank = row.changed(
            **(
                {
                    "submission": b"",
                    "origins": json.dumps({}),
                    "title": "",
                    "subject_code": "",
                    "subject_name": "",
                }
                if table == "records"
                else {"pdf": b""}
            )
        )
        add_fact(
            cursor,
            self.vault_id,
            "erased",
            "erasures",
            {
                "erased_table": table,
                "erased_row": seq,
                "record_id": record_id,
                "version": version,
                "receipt_id": receipt,
                "before": row_digest(cursor, table, row),
                "after": row_digest(cursor, table, blank),
                "at": at,
            },
            record=record_id,
            version=version,
            receipt=receipt,
        )
        cursor.run(_BLANK_RECORD if table == "records" else "UPDATE letters SET pdf = x'' WHERE seq = ?", seq)

    def _believable(self, now: datetime.datetime) -> bool:
        with self._database.reading() as cursor:
            row = cursor.first("SELECT at FROM events ORDER BY seq DESC LIMIT 1")
        last = row.instant("at") if row else now
        if now < last - datetime.timedelta(minutes=10) or not self._database.writable:
            return False
        if now <= last + datetime.timedelta(days=STILL):
            return True
        with self._database.writing() as cursor:
            cursor.run("UPDATE retention SET announced_at = ?", clock.stamp(now))
            add_event(
                cursor, self.vault_id, "clock_jump", {"from": clock.stamp(last), "to": clock.stamp(now)}
            )
        return False


def _confirmed(row: Row) -> Confirmed:
    return Confirmed(
        record_id=row.text("record_id"),
        version=row.whole("version"),
        form_id=row.text("form_id"),
        subject_kind=row.text("subject_kind"),
        subject_code=row.text("subject_code"),
        subject_name=row.text("subject_name"),
        receipt_id=row.text("receipt_id"),
        confirmed_at=row.instant("confirmed_at"),
        announced_at=row.instant("announced_at") if row.text("announced_at") else None,
        kept=row.whole("kept") == 1,
    )
