"""What becomes of the records of a batch that is here: outcomes, the accepted records, receipt B.

Rules: each record is judged by itself (`validate`); then the outcomes are made as of what is known now of the
same record versions, and one transaction keeps outcomes, accepted records and receipt B, once. Judging a
batch again, by another worker or after a crash, finds it settled or settles it the same way.
"""

import datetime
import logging

from xincai import clock
from xincai.errors import Problem
from xincai.wire.digest import sm3
from xincai.wire.manifest import Manifest, ManifestRecord, decode
from xincai.wire.receipt import ACCEPTED, OUTCOME, Outcome, Receipt, SignedReceipt, sign_receipt
from xincai_gateway import clearing, ledger, register
from xincai_gateway.database import Taken
from xincai_gateway.gateway import Gateway
from xincai_gateway.ledger import Settlement
from xincai_gateway.validate import Policy, Verdict, accepted, duplicate, judge, judge_name, withdrawn

_AT_ONCE = 100
_TRIES = 10
_log = logging.getLogger(__name__)


def settle_open(gateway: Gateway) -> None:
    """Settle whatever stands open beside the requests, oldest first, and erase what a withdrawal that was cut
    short has left; where the database is away, nothing.
    """
    try:
        found = ledger.open_batches(gateway.database)
    except Problem as problem:
        _log.warning("open batches are not known: %s", problem.code)
        return
    for office, name in found:
        if gateway.closing.asked:
            return
        settle_quietly(gateway, office, name)
    try:
        clearing.erase(gateway)
    except Problem as problem:
        _log.warning("what is to be erased is still here: %s", problem.code)


def settle_quietly(gateway: Gateway, office: str, name: str, *, beside: bool = True) -> None:
    """Settle a batch; trouble goes to the log, and the batch stays open till later."""
    try:
        settle(gateway, office, name, beside=beside)
    except Problem as problem:
        _log.warning("batch %s of office %s stays open: %s", name[:16], office, problem.code)
    except Exception as fault:  # noqa: BLE001 - one batch that cannot be judged must not stop the others
        _log.error("batch %s of office %s stays open: %s", name[:16], office, type(fault).__name__)


def settle(gateway: Gateway, office: str, name: str, *, beside: bool = False) -> None:
    """Judge the records of a batch that is here and keep what comes of it; nothing when that was done.

    `beside` the requests, it gives way to them.
    """
    data = ledger.open_manifest(gateway.database, office, name)
    if data is None:
        return
    manifest = decode(data)
    verdicts = _judge(gateway, manifest, beside=beside)
    for _ in range(_TRIES):
        try:
            settlement = _settlement(gateway, manifest, name, verdicts)
            ledger.settle(gateway.database, settlement)
        except Taken:
            if ledger.open_manifest(gateway.database, office, name) is None:
                return
        else:
            if settlement.withdrawn:
                clearing.erase(gateway)
            return
    raise Problem("gateway.database_busy")


def _judge(gateway: Gateway, manifest: Manifest, *, beside: bool) -> tuple[Verdict, ...]:
    settings = gateway.settings
    offered = frozenset((card.form_id, card.version) for card in gateway.library.cards)
    policy = Policy(manifest.office, settings.practice, settings.authorised_forms, offered)
    created = clock.parse_stamp(manifest.created)
    verdicts: list[Verdict] = []
    for start in range(0, len(manifest.records), _AT_ONCE):
        some = manifest.records[start : start + _AT_ONCE]
        submissions = gateway.store.read(manifest.office, {record.submission.sm3 for record in some})
        judged: list[Verdict] = []
        for record in some:
            if gateway.closing.asked:
                raise Problem("gateway.closing")
            if beside:
                gateway.traffic.give_way()
            form = gateway.library.find(record.form_sm3)
            judged.append(judge(record, submissions[record.submission.sm3], form, policy, created))
        subjects = {each.contents.subject.code for each in judged if each.contents}
        names = register.registered_names(gateway.database, subjects)
        verdicts += [judge_name(*both, names) for both in zip(some, judged, strict=True)]
    return tuple(verdicts)


def _settlement(gateway: Gateway, manifest: Manifest, name: str, verdicts: tuple[Verdict, ...]) -> Settlement:
    """Everything to be kept, as of what is known now of the same record versions."""
    known = ledger.known_contents(gateway.database, manifest)
    gone = gateway.database.read(
        lambda connection: ledger.withdrawn_keys(connection, manifest.office, manifest.records)
    )
    outcomes: list[Outcome] = []
    fresh: list[ledger.Accepted] = []
    returned: list[ledger.Returned] = []
    for record, verdict in zip(manifest.records, verdicts, strict=True):
        if record.key in gone:
            outcomes.append(withdrawn(record))
            continue
        content = content_sm3(record)
        there = known.get(record.key)
        if there is not None:
            outcomes.append(accepted(record) if there == content else duplicate(record))
        else:
            outcomes.append(verdict.outcome)
        if outcomes[-1].status != ACCEPTED:
            returned.append(ledger.Returned(record, verdict.contents))
        elif there is None and verdict.contents is not None:
            fresh.append(ledger.Accepted(record, content, verdict.contents))
    now = clock.now()
    return Settlement(
        manifest=manifest,
        name=name,
        settled_at=now,
        outcomes=tuple(outcomes),
        accepted=tuple(fresh),
        returned=tuple(returned),
        receipt=receipt(gateway, manifest, name, now, kind=OUTCOME, outcomes=tuple(outcomes)),
        withdrawn=tuple(record for record in manifest.records if record.key in gone),
        accepted_count=sum(outcome.status == ACCEPTED for outcome in outcomes),
    )


def content_sm3(record: ManifestRecord) -> str:
    """One digest over form, submission and attachments: equal contents are the same record version."""
    lines = [f"{item.name}\t{item.sm3}" for item in record.attachments]
    return sm3("\n".join([record.form_sm3, record.submission.sm3, *sorted(lines)]).encode())


def receipt(
    gateway: Gateway,
    manifest: Manifest,
    name: str,
    now: datetime.datetime,
    *,
    kind: str,
    outcomes: tuple[Outcome, ...] = (),
) -> SignedReceipt:
    """A signed receipt for a batch."""
    who, blobs = gateway.identity, manifest.blobs()
    made = Receipt(
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
    return sign_receipt(made, who.key)
