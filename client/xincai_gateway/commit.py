"""The one way in: a signed manifest whose blobs are here becomes a batch with receipts, exactly once.

Order: name and signature, then the blobs, then each record, then the receipts are made and signed; last,
one short transaction keeps batch, outcomes, accepted records and receipts together. Nothing is held across
judging or signing: when a neighbour took a key meanwhile, the transaction keeps nothing and the matter is
looked at afresh. Whoever comes again gets the receipts that were stored, byte for byte.

Sequence and previous digest are noted, never enforced: a gap or a fork in a device's chain is a fact to be
seen.
"""

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass

from xincai import clock
from xincai.errors import Problem
from xincai.wire.digest import sm3
from xincai.wire.manifest import Manifest, ManifestRecord, decode, manifest_id, verify_manifest
from xincai.wire.receipt import (
    ACCEPTED,
    CUSTODY,
    OUTCOME,
    Outcome,
    Receipt,
    SignedReceipt,
    sign_receipt,
)
from xincai_gateway import ledger, register
from xincai_gateway.database import Taken
from xincai_gateway.enrol import Device, find_device
from xincai_gateway.gateway import Gateway
from xincai_gateway.ledger import Entry
from xincai_gateway.validate import Policy, Verdict, accepted, duplicate, judge

_RECORD_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_TRIES = 10


class BlobsMissing(Exception):  # noqa: N818 - an answer, not a failure
    """Blobs that the manifest lists are not here: which, and the problem to show."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__(len(missing))
        self.missing = missing
        self.problem = Problem("gateway.blobs_missing", count=len(missing))


@dataclass(frozen=True)
class Taking:
    """What came of a manifest: its receipts, and whether this was the first time."""

    receipts: tuple[SignedReceipt, ...]
    fresh: bool


def take(gateway: Gateway, data: bytes, signature: bytes, *, office: str | None = None) -> Taking:
    """Take a batch in, or answer as before when it is here.

    `office` is the courier's, where one was authenticated; a stick has none. Raises Problem, and keeps
    nothing, when the batch as a whole cannot be taken.
    """
    manifest, name = decode(data), manifest_id(data)
    if office not in (None, manifest.office):
        raise Problem("gateway.other_office")
    if stored := ledger.receipts_of(gateway.database, manifest.office, name):
        return Taking(stored, fresh=False)
    device = _device(gateway, manifest)
    verify_manifest(data, signature, device.key)
    _check_whole(gateway, manifest)
    verdicts = _judge(gateway, manifest)
    for _ in range(_TRIES):
        entry = _entry(gateway, manifest, data, signature, verdicts)
        try:
            ledger.keep(gateway.database, entry)
        except Taken:
            if stored := ledger.receipts_of(gateway.database, manifest.office, name):
                return Taking(stored, fresh=False)
        else:
            return Taking(entry.receipts, fresh=True)
    raise Problem("gateway.database_busy")


def _device(gateway: Gateway, manifest: Manifest) -> Device:
    device = find_device(gateway.database, manifest.office, manifest.device)
    if device is None:
        raise Problem("gateway.device_unknown")
    if device.revoked:
        raise Problem("gateway.device_revoked")
    return device


def _check_whole(gateway: Gateway, manifest: Manifest) -> None:
    if manifest.recipient != gateway.identity.gateway:
        raise Problem("gateway.other_recipient")
    if len(manifest.records) > gateway.settings.limits.batch_records:
        raise Problem("gateway.batch_too_large", limit=gateway.settings.limits.batch_records)
    for record in manifest.records:
        if not _RECORD_ID.fullmatch(record.record) or not (record.authorisation or "").isprintable():
            raise Problem("gateway.bad_record_id")
    sizes = {digest: gateway.blobs.size(manifest.office, digest) for digest in manifest.blobs()}
    missing = tuple(digest for digest, size in sizes.items() if size is None)
    if missing:
        raise BlobsMissing(missing)
    if sizes != manifest.blobs():
        raise Problem("gateway.wrong_size")


def _judge(gateway: Gateway, manifest: Manifest) -> tuple[Verdict, ...]:
    def names(codes: Iterable[str]) -> dict[str, str]:
        return register.registered_names(gateway.database, codes)

    settings = gateway.settings
    policy = Policy(manifest.office, settings.practice, settings.authorised_forms, names)
    created = clock.parse_stamp(manifest.created)
    return tuple(
        judge(
            record,
            gateway.blobs.read(manifest.office, record.submission.sm3),
            gateway.library.find(record.form_sm3),
            policy,
            created,
        )
        for record in manifest.records
    )


def _entry(
    gateway: Gateway, manifest: Manifest, data: bytes, signature: bytes, verdicts: tuple[Verdict, ...]
) -> Entry:
    """Everything to be kept, as of what is known now of the same record versions."""
    known = ledger.known_contents(gateway.database, manifest)
    outcomes: list[Outcome] = []
    fresh: list[ledger.Accepted] = []
    for record, verdict in zip(manifest.records, verdicts, strict=True):
        content = content_sm3(record)
        there = known.get((record.record, record.version))
        if there is not None:
            outcomes.append(accepted(record) if there == content else duplicate(record))
            continue
        outcomes.append(verdict.outcome)
        if verdict.contents is not None:
            fresh.append(ledger.Accepted(record, content, verdict.contents))
    name, now = manifest_id(data), clock.now()
    return Entry(
        manifest=manifest,
        name=name,
        data=data,
        signature=signature,
        received_at=now,
        outcomes=tuple(outcomes),
        accepted=tuple(fresh),
        receipts=(
            _receipt(gateway, manifest, name, now, kind=CUSTODY),
            _receipt(gateway, manifest, name, now, kind=OUTCOME, outcomes=tuple(outcomes)),
        ),
        accepted_count=sum(outcome.status == ACCEPTED for outcome in outcomes),
    )


def content_sm3(record: ManifestRecord) -> str:
    """One digest over form, submission and attachments: equal contents are the same record version."""
    lines = [f"{item.name}\t{item.sm3}" for item in record.attachments]
    return sm3("\n".join([record.form_sm3, record.submission.sm3, *sorted(lines)]).encode())


def _receipt(
    gateway: Gateway,
    manifest: Manifest,
    name: str,
    now: datetime.datetime,
    *,
    kind: str,
    outcomes: tuple[Outcome, ...] = (),
) -> SignedReceipt:
    who, blobs = gateway.identity, manifest.blobs()
    receipt = Receipt(
        kind=kind,
        receipt_id=clock.new_id(),
        manifest=name,
        device=manifest.device,
        office=manifest.office,
        sequence=manifest.sequence,
        records=len(manifest.records),
        blobs=len(blobs),
        size=sum(blobs.values()),
        platform_time=clock.stamp(now),
        audit_head=manifest.audit_head,
        gateway=who.gateway,
        signer=who.key_id,
        suite=who.key.suite,
        practice=gateway.settings.practice,
        outcomes=outcomes,
    )
    return sign_receipt(receipt, who.key)
