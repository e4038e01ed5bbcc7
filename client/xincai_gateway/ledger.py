"""What is kept of a batch, and what can be asked about it later.

Rules: `keep` writes a batch with receipt A in one transaction, `settle` its outcomes, its accepted records
and receipt B in another; either raises Taken and writes nothing when that is here already. Nothing here is
ever changed afterwards but the platform's own status columns.

Both are written by locks. `keep` locks the device: the batches of one device are kept one after another, each
seeing the one before, so count and chain are right. `settle` locks the batch: who comes second finds it
settled; and it shares the device with `keep`, but not with a withdrawal (`rights`), which locks all devices
of an office: so no version of a withdrawn record is settled beside it, and what came for one is erased.
Beneath them a batch, its place among its device's, a receipt and a record version are unique keys.
"""

import datetime
import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from xincai import clock
from xincai.wire.manifest import Manifest, ManifestRecord, manifest_id
from xincai.wire.messages import Head
from xincai.wire.receipt import CUSTODY, OUTCOME, Outcome, SignedReceipt
from xincai_gateway.database import Among, Database, Taken, fill
from xincai_gateway.schema import (
    UNREAD,
    answers,
    attachments,
    batches,
    devices,
    outcomes,
    receipts,
    records,
    returned,
    withdrawn,
)
from xincai_gateway.store import want_erased
from xincai_gateway.validate import Contents

NEXT = "next"
GAP = "gap"
FORK = "fork"
PAGE = 50


@dataclass(frozen=True)
class Accepted:
    """A record version that is new here and acceptable."""

    record: ManifestRecord
    content_sm3: str
    contents: Contents


@dataclass(frozen=True)
class Returned:
    """A record version that is not acceptable, and what it holds where that can be read."""

    record: ManifestRecord
    contents: Contents | None


@dataclass(frozen=True)
class Custody:
    """One batch, ready to be kept with receipt A."""

    manifest: Manifest
    data: bytes
    signature: bytes
    received_at: datetime.datetime
    receipt: SignedReceipt

    @functools.cached_property
    def name(self) -> str:
        return manifest_id(self.data)


@dataclass(frozen=True)
class Settlement:
    """What became of a batch's records, ready to be kept with receipt B."""

    manifest: Manifest
    name: str
    settled_at: datetime.datetime
    outcomes: tuple[Outcome, ...]
    accepted: tuple[Accepted, ...]
    receipt: SignedReceipt
    accepted_count: int
    returned: tuple[Returned, ...] = ()
    withdrawn: tuple[ManifestRecord, ...] = ()
    """Records whose subject wants nothing held: what came with them is to be erased."""


def keep(database: Database, custody: Custody, whole: Callable[[sa.Connection], None]) -> None:
    """Keep a batch; raise Taken when it is here already.

    `whole` raises when a blob of it is not here: it is asked while no withdrawal can begin in its office.
    """
    database.write_by_locks(lambda connection: _keep(connection, custody, whole))


def settle(database: Database, settlement: Settlement) -> None:
    """Keep outcomes and accepted records, once; raise Taken when the batch is settled, a record version of it
    is here already, or one of its records was withdrawn meanwhile.
    """
    database.write_by_locks(lambda connection: _settle(connection, settlement))


def open_batches(database: Database) -> list[tuple[str, str]]:
    """Office and name of the batches that are not settled, oldest first."""
    query = sa.select(batches.c.office, batches.c.manifest_sm3).where(batches.c.settled_at.is_(None))
    return [
        (row["office"], row["manifest_sm3"]) for row in database.rows(query.order_by(batches.c.received_at))
    ]


def open_manifest(database: Database, office: str, name: str) -> bytes | None:
    """The manifest of a batch that is not settled; None when it is settled, or not here."""
    query = sa.select(batches.c.manifest).where(_this(office, name), batches.c.settled_at.is_(None))
    row = database.row(query)
    return None if row is None else bytes(row["manifest"])


def receipts_of(database: Database, office: str, name: str) -> tuple[SignedReceipt, ...]:
    """The stored receipts of a batch, A before B; none when the batch is not here."""
    query = (
        sa.select(receipts)
        .where(receipts.c.office == office, receipts.c.manifest_sm3 == name)
        .order_by(receipts.c.kind)
    )
    return tuple(SignedReceipt(row["data"], row["signature"]) for row in database.rows(query))


def receipts_after(
    database: Database, office: str, device: str, position: int
) -> tuple[tuple[SignedReceipt, ...], int, bool]:
    """The device's receipts after a position, oldest first; the new position; whether more follow."""
    theirs = sa.and_(batches.c.office == office, batches.c.device == device, batches.c.position > position)
    joined = sa.and_(receipts.c.office == batches.c.office, receipts.c.manifest_sm3 == batches.c.manifest_sm3)
    page = sa.select(batches.c.position).where(theirs).order_by(batches.c.position).limit(PAGE + 1)
    positions = [row["position"] for row in database.rows(page)]
    if not positions:
        return (), position, False
    last = positions[:PAGE][-1]
    query = (
        sa.select(receipts.c.data, receipts.c.signature)
        .join(batches, joined)
        .where(theirs, batches.c.position <= last)
        .order_by(batches.c.position, receipts.c.kind)
    )
    found = tuple(SignedReceipt(row["data"], row["signature"]) for row in database.rows(query))
    return found, last, len(positions) > PAGE


def head(database: Database, office: str, device: str) -> Head:
    """What is held of a device."""
    row = database.row(sa.select(devices).where(devices.c.office == office, devices.c.device == device))
    if row is None:
        return Head(sequence=0, manifest=None, batches=0)
    return Head(sequence=row["sequence"], manifest=row["manifest_sm3"], batches=row["batches"])


def known_contents(database: Database, manifest: Manifest) -> Mapping[tuple[str, int], str]:
    """The content digests of those of the manifest's record versions that are here already."""
    ids = {record.record for record in manifest.records}
    query = sa.select(records.c.record, records.c.version, records.c.content_sm3).where(
        records.c.office == manifest.office, Among(records.c.record, ids)
    )
    return {(row["record"], row["version"]): row["content_sm3"] for row in database.rows(query)}


def withdrawn_keys(
    connection: sa.Connection, office: str, listed: Iterable[ManifestRecord]
) -> frozenset[tuple[str, int]]:
    """Those of the record versions of which nothing is to be held any more: all of a record that was
    withdrawn, but of one that stays accepted, for another subject, only the versions that went.
    """
    keys = {each.key for each in listed}
    ids = {record for record, _ in keys}
    query = sa.select(withdrawn.c.record, withdrawn.c.version)
    named = connection.execute(
        query.where(withdrawn.c.office == office, Among(withdrawn.c.record, ids))
    ).all()
    gone = {row.record for row in named}
    if gone:
        still = sa.select(records.c.record).where(records.c.office == office, Among(records.c.record, gone))
        gone -= set(connection.execute(still).scalars())
    return frozenset(keys & {tuple(row) for row in named} | {key for key in keys if key[0] in gone})


def files(record: ManifestRecord) -> set[str]:
    """The digests of a record's submission and attachments."""
    return {record.submission.sm3, *(item.sm3 for item in record.attachments)}


def _keep(connection: sa.Connection, custody: Custody, whole: Callable[[sa.Connection], None]) -> None:
    manifest = custody.manifest
    theirs = sa.and_(devices.c.office == manifest.office, devices.c.device == manifest.device)
    locked = sa.select(devices).where(theirs).with_for_update(key_share=True)
    device = connection.execute(locked).mappings().one()
    there = sa.select(batches.c.device).where(_this(manifest.office, custody.name))
    if connection.execute(there).first() is not None:
        raise Taken
    whole(connection)
    chain = _chain(manifest, device["sequence"], device["manifest_sm3"])
    changes: dict[str, object] = {"batches": device["batches"] + 1}
    if manifest.sequence > device["sequence"]:
        changes |= {"sequence": manifest.sequence, "manifest_sm3": custody.name}
    connection.execute(sa.update(devices).where(theirs).values(changes))
    connection.execute(batches.insert().values(_batch(custody, chain, device["batches"] + 1)))
    connection.execute(receipts.insert().values(_receipt(manifest, custody.name, CUSTODY, custody.receipt)))


def _settle(connection: sa.Connection, settlement: Settlement) -> None:
    office = settlement.manifest.office
    this = _this(office, settlement.name)
    theirs = sa.and_(devices.c.office == office, devices.c.device == settlement.manifest.device)
    settled = sa.select(batches.c.settled_at).where(this).with_for_update()
    if connection.execute(settled).scalar_one() is not None:
        raise Taken
    connection.execute(sa.select(devices.c.device).where(theirs).with_for_update(read=True, key_share=True))
    gone = withdrawn_keys(connection, office, settlement.manifest.records)
    if gone != {record.key for record in settlement.withdrawn}:
        raise Taken
    changes = {"settled_at": clock.stamp(settlement.settled_at), "accepted": settlement.accepted_count}
    connection.execute(sa.update(batches).where(this).values(changes))
    for table, rows in (
        (outcomes, _outcomes(settlement)),
        (records, [_record(settlement, accepted) for accepted in settlement.accepted]),
        (answers, [row for accepted in settlement.accepted for row in _answers(office, accepted)]),
        (attachments, [row for accepted in settlement.accepted for row in _attachments(office, accepted)]),
        (returned, [_returned(settlement, each) for each in settlement.returned]),
    ):
        fill(connection, table, rows)
    want_erased(connection, office, {digest for record in settlement.withdrawn for digest in files(record)})
    connection.execute(
        receipts.insert().values(_receipt(settlement.manifest, settlement.name, OUTCOME, settlement.receipt))
    )


def _this(office: str, name: str) -> "sa.ColumnElement[bool]":
    return sa.and_(batches.c.office == office, batches.c.manifest_sm3 == name)


def _chain(manifest: Manifest, sequence: int, last: str | None) -> str:
    """Whether this batch follows the last one, leaves some out, or stands beside it."""
    if manifest.sequence > sequence + 1:
        return GAP
    return NEXT if manifest.sequence == sequence + 1 and manifest.previous == last else FORK


def _batch(custody: Custody, chain: str, position: int) -> dict[str, object]:
    manifest = custody.manifest
    return {
        "office": manifest.office,
        "manifest_sm3": custody.name,
        "device": manifest.device,
        "sequence": manifest.sequence,
        "previous": manifest.previous,
        "chain": chain,
        "audit_head": manifest.audit_head,
        "created": manifest.created,
        "clock_state": manifest.clock_state,
        "received_at": clock.stamp(custody.received_at),
        "position": position,
        "records": len(manifest.records),
        "accepted": 0,
        "manifest": custody.data,
        "signature": custody.signature,
    }


def _outcomes(settlement: Settlement) -> list[dict[str, object]]:
    forms = {record.key: record.form for record in settlement.manifest.records}
    return [
        {
            "office": settlement.manifest.office,
            "manifest_sm3": settlement.name,
            "record": outcome.record,
            "version": outcome.version,
            "status": outcome.status,
            "code": outcome.code,
            "path": outcome.path,
            "text": outcome.text,
            "fixable": outcome.fixable,
            "form": forms[outcome.record, outcome.version],
        }
        for outcome in settlement.outcomes
    ]


def _receipt(manifest: Manifest, name: str, kind: str, receipt: SignedReceipt) -> dict[str, object]:
    return {
        "office": manifest.office,
        "manifest_sm3": name,
        "kind": kind,
        "data": receipt.data,
        "signature": receipt.signature,
    }


def _key(office: str, record: ManifestRecord) -> dict[str, object]:
    return {"office": office, "record": record.record, "version": record.version}


def _record(settlement: Settlement, accepted: Accepted) -> dict[str, object]:
    record, subject = accepted.record, accepted.contents.subject
    return {
        **_key(settlement.manifest.office, record),
        "manifest_sm3": settlement.name,
        "device": settlement.manifest.device,
        "form": record.form,
        "form_version": record.form_version,
        "form_sm3": record.form_sm3,
        "subject_kind": subject.kind,
        "subject_code": subject.code,
        "subject_name": subject.name,
        "region": accepted.contents.village or None,
        "started_at": _stamp(accepted.contents.started),
        "ended_at": _stamp(accepted.contents.ended),
        "content_sm3": accepted.content_sm3,
        "submission_sm3": record.submission.sm3,
        "submission_sha256": record.submission.sha256,
        "submission_size": record.submission.size,
        "authorisation": record.authorisation,
        "accepted_at": clock.stamp(settlement.settled_at),
        "read_status": UNREAD,
    }


def _returned(settlement: Settlement, each: Returned) -> dict[str, object]:
    contents = each.contents
    return {
        **_key(settlement.manifest.office, each.record),
        "manifest_sm3": settlement.name,
        "subject_code": contents.subject.code if contents else None,
        "subject_name": contents.subject.name if contents else "",
        "region": contents.village if contents else "",
        "returned_at": clock.stamp(settlement.settled_at),
    }


def _answers(office: str, accepted: Accepted) -> list[dict[str, object]]:
    key = _key(office, accepted.record)
    return [
        {
            **key,
            "ref": answer.ref,
            "value": answer.value,
            "origin": answer.origin,
            "level": answer.level,
            "item": answer.item,
            "kind": answer.kind,
        }
        for answer in accepted.contents.answers
    ]


def _stamp(instant: datetime.datetime | None) -> str | None:
    return None if instant is None else clock.stamp(instant)


def _attachments(office: str, accepted: Accepted) -> list[dict[str, object]]:
    key = _key(office, accepted.record)
    return [
        {**key, "name": item.name, "sm3": item.sm3, "size": item.size} for item in accepted.record.attachments
    ]
