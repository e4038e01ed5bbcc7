"""The outbox: batches made once, what was begun with them, and what the gateway signed in return.

Rules: a batch is its manifest's bytes and their signature, kept before anything is sent; its state is a
view over facts (batched · unknown, from the row written before the first byte · custody · settled ·
quarantined). Only a receipt that the caller has verified is added; it is kept byte for byte. Nothing here
opens the network.
"""

from collections.abc import Mapping
from typing import Literal, cast

from xincai import clock
from xincai.errors import Problem
from xincai.vault import practice
from xincai.vault.connection import Database
from xincai.vault.cursor import Cursor, Row
from xincai.vault.events import add_fact
from xincai.vault.people import is_approved
from xincai.vault.rows import BatchRow, BatchState, ReceiptRow, StoredBatch, Way
from xincai.wire.manifest import Manifest, decode, manifest_id
from xincai.wire.receipt import Receipt, SignedReceipt

_BATCHES = """
SELECT manifest_id, device, sequence, created, state,
       (SELECT count(*) FROM batch_records WHERE batch_records.manifest_id = batches.manifest_id) AS records,
       (SELECT count(*) FROM outcomes WHERE status = 'accepted' AND receipt_id = last_word) AS accepted,
       (SELECT count(*) FROM outcomes WHERE status = 'rejected' AND receipt_id = last_word) AS rejected,
       coalesce((SELECT receipt_id FROM receipts WHERE receipts.manifest_id = batches.manifest_id
                 ORDER BY receipts.seq DESC LIMIT 1), '') AS receipt,
       coalesce((SELECT reason FROM quarantines
                 WHERE quarantines.manifest_id = batches.manifest_id), '') AS reason
FROM (SELECT *, (SELECT receipt_id FROM receipts WHERE receipts.manifest_id = batches.manifest_id
                 AND kind = 'B' ORDER BY receipts.seq DESC LIMIT 1) AS last_word FROM batches) AS batches
     JOIN batch_states USING (manifest_id)
"""
_RECEIPTS = """
SELECT receipts.*,
       (SELECT count(*) FROM outcomes WHERE outcomes.receipt_id = receipts.receipt_id
        AND outcomes.status = 'accepted') AS accepted,
       (SELECT count(*) FROM outcomes WHERE outcomes.receipt_id = receipts.receipt_id
        AND outcomes.status = 'rejected') AS rejected
FROM receipts WHERE ? IS NULL OR manifest_id = ? ORDER BY seq DESC
"""


class Outbox:
    """Batches and receipts."""

    _database: Database
    vault_id: str

    def next_sequence(self) -> int:
        """The sequence number of this device's next batch, from 1."""
        with self._database.reading() as cursor:
            return _tail(cursor, _device(cursor))[0] + 1

    def last_manifest(self) -> str | None:
        """The digest of this device's last manifest, None before the first."""
        with self._database.reading() as cursor:
            return _tail(cursor, _device(cursor))[1]

    def add_batch(self, manifest: bytes, signature: bytes) -> BatchRow:
        """Keep a signed manifest; what it says of sequence, predecessor and audit head must be so.

        Raises Problem `vault.stale_batch` when another batch was made meanwhile, `vault.no_record` when it
        names a record that is not sealed here, `vault.not_approved` or `vault.practised` when it must not go.
        """
        facts, name = decode(manifest), manifest_id(manifest)
        with self._database.writing() as cursor:
            _refuse_stale(cursor, facts)
            practised = {"practice": 1} if practice.applies(cursor) else {}
            add_fact(
                cursor,
                self.vault_id,
                "batched",
                "batches",
                {
                    "manifest_id": name,
                    "device": facts.device,
                    "sequence": facts.sequence,
                    "signer": facts.signer,
                    "created": facts.created,
                    "signature": signature,
                    "manifest": manifest,
                },
                [
                    (
                        "batch_records",
                        {"manifest_id": name, "record_id": each.record, "version": each.version},
                    )
                    for each in facts.records
                ],
                manifest=name,
                sequence=facts.sequence,
                **practised,
            )
            for each in facts.records:
                if practised or practice.is_practice(cursor, each.record):
                    practice.mark(cursor, (each.record, each.version))
            return _batch_row(cursor.one(f"{_BATCHES} WHERE manifest_id = ?", name))

    def batch(self, manifest_id: str) -> StoredBatch:
        """The bytes of a batch."""
        with self._database.reading() as cursor:
            row = _known(cursor, manifest_id)
            query = "SELECT record_id, version FROM batch_records WHERE manifest_id = ? ORDER BY rowid"
            records = cursor.all(query, manifest_id)
        return StoredBatch(
            manifest_id=manifest_id,
            manifest=row.blob("manifest"),
            signature=row.blob("signature"),
            signer=row.text("signer"),
            records=tuple((each.text("record_id"), each.whole("version")) for each in records),
        )

    def batches(self, state: BatchState | None = None) -> tuple[BatchRow, ...]:
        """Batches in the order they were made, those in one state when it is named."""
        query = f"{_BATCHES} WHERE ? IS NULL OR state = ? ORDER BY batches.seq"
        with self._database.reading() as cursor:
            return tuple(_batch_row(row) for row in cursor.all(query, state, state))

    def batches_of(self, record_id: str, version: int) -> tuple[str, ...]:
        """The batches that a version of a record is in, in the order they were made."""
        query = (
            "SELECT manifest_id FROM batch_records JOIN batches USING (manifest_id)"
            " WHERE record_id = ? AND version = ? ORDER BY batches.seq"
        )
        with self._database.reading() as cursor:
            return tuple(row.text("manifest_id") for row in cursor.all(query, record_id, version))

    def batch_states(self) -> Mapping[str, BatchState]:
        """The state of every batch, by manifest digest, in the order they were made."""
        query = "SELECT manifest_id, state FROM batches JOIN batch_states USING (manifest_id) ORDER BY seq"
        with self._database.reading() as cursor:
            return {row.text("manifest_id"): _state(row) for row in cursor.all(query)}

    def mark_sending(self, manifest_id: str, way: Way = "http") -> bool:
        """Write down, before the first byte leaves, that a batch may be on its way; False when it stood there
        already.
        """
        with self._database.writing() as cursor:
            _known(cursor, manifest_id)
            query = "SELECT 1 AS begun FROM sendings WHERE manifest_id = ? AND way = ?"
            if cursor.first(query, manifest_id, way) is not None:
                return False
            values = {"manifest_id": manifest_id, "way": way, "begun_at": clock.stamp(clock.now())}
            add_fact(cursor, self.vault_id, "sending", "sendings", values, manifest=manifest_id, way=way)
            return True

    def add_receipt(self, manifest_id: str, signed: SignedReceipt, receipt: Receipt) -> bool:
        """Keep a receipt that has been verified; False when it was here already.

        Raises Problem `vault.receipt_conflict` when other bytes came under the same id before.
        """
        with self._database.writing() as cursor:
            _known(cursor, manifest_id)
            kept = cursor.first("SELECT body FROM receipts WHERE receipt_id = ?", receipt.receipt_id)
            if kept is not None:
                if kept.blob("body") != signed.data:
                    raise Problem("vault.receipt_conflict")
                return False
            add_fact(
                cursor,
                self.vault_id,
                "receipt",
                "receipts",
                {
                    "receipt_id": receipt.receipt_id,
                    "manifest_id": manifest_id,
                    "kind": receipt.kind,
                    "platform_time": receipt.platform_time,
                    "gateway": receipt.gateway,
                    "signer": receipt.signer,
                    "added_at": clock.stamp(clock.now()),
                    "signature": signed.signature,
                    "body": signed.data,
                },
                [
                    (
                        "outcomes",
                        {
                            "receipt_id": receipt.receipt_id,
                            "record_id": outcome.record,
                            "version": outcome.version,
                            "status": outcome.status,
                            "code": outcome.code,
                            "path": outcome.path,
                            "text": outcome.text,
                            "fixable": int(outcome.fixable),
                        },
                    )
                    for outcome in receipt.outcomes
                ],
                receipt=receipt.receipt_id,
                manifest=manifest_id,
                receipt_kind=receipt.kind,
            )
        return True

    def receipts(self, manifest_id: str | None = None) -> tuple[ReceiptRow, ...]:
        """Receipts, the latest first; those of one batch when it is named."""
        with self._database.reading() as cursor:
            rows = cursor.all(_RECEIPTS, manifest_id, manifest_id)
        return tuple(_receipt_row(row) for row in rows)

    def quarantine(self, manifest_id: str, reason: str) -> None:
        """Set a batch aside, so that it blocks no other and its records wait again; again changes nothing."""
        with self._database.writing() as cursor:
            _known(cursor, manifest_id)
            if cursor.first("SELECT 1 AS aside FROM quarantines WHERE manifest_id = ?", manifest_id) is None:
                values = {"manifest_id": manifest_id, "reason": reason, "at": clock.stamp(clock.now())}
                add_fact(cursor, self.vault_id, "quarantine", "quarantines", values, manifest=manifest_id)


def _device(cursor: Cursor) -> str:
    row = cursor.first("SELECT device_id FROM device")
    return row.text("device_id") if row else ""


def _tail(cursor: Cursor, device: str) -> tuple[int, str | None]:
    query = "SELECT sequence, manifest_id FROM batches WHERE device = ? ORDER BY sequence DESC LIMIT 1"
    row = cursor.first(query, device)
    return (row.whole("sequence"), row.text("manifest_id")) if row else (0, None)


def _refuse_stale(cursor: Cursor, manifest: Manifest) -> None:
    sequence, previous = _tail(cursor, manifest.device)
    head = cursor.first("SELECT 1 AS known FROM events WHERE sm3 = ?", manifest.audit_head)
    if (manifest.sequence, manifest.previous) != (sequence + 1, previous) or head is None:
        raise Problem("vault.stale_batch")
    for each in manifest.records:
        query = "SELECT submission_sm3 FROM records WHERE record_id = ? AND version = ?"
        row = cursor.first(query, each.record, each.version)
        if row is None or row.text("submission_sm3") != each.submission.sm3:
            raise Problem("vault.no_record")
        if not is_approved(cursor, each.record, each.version):
            raise Problem("vault.not_approved")
        if not practice.may_go(cursor, each.record):
            raise Problem("vault.practised")


def _known(cursor: Cursor, manifest: str) -> Row:
    row = cursor.first("SELECT * FROM batches WHERE manifest_id = ?", manifest)
    if row is None:
        raise Problem("vault.no_batch")
    return row


def _batch_row(row: Row) -> BatchRow:
    return BatchRow(
        manifest_id=row.text("manifest_id"),
        device=row.text("device"),
        sequence=row.whole("sequence"),
        created=row.instant("created"),
        records=row.whole("records"),
        state=_state(row),
        accepted=row.whole("accepted"),
        rejected=row.whole("rejected"),
        receipt=row.text("receipt"),
        reason=row.text("reason"),
    )


def _receipt_row(row: Row) -> ReceiptRow:
    return ReceiptRow(
        receipt_id=row.text("receipt_id"),
        manifest_id=row.text("manifest_id"),
        kind=cast("Literal['A', 'B']", row.text("kind")),  # the table holds no other
        platform_time=row.text("platform_time"),
        gateway=row.text("gateway"),
        signer=row.text("signer"),
        accepted=row.whole("accepted"),
        rejected=row.whole("rejected"),
        body=row.blob("body"),
        signature=row.blob("signature"),
    )


def _state(row: Row) -> BatchState:
    return cast("BatchState", row.text("state"))  # the view writes no other words
