"""Batches: records that wait become one signed manifest, made once and kept before anything is sent.

Rules: a batch holds at most `MAX_RECORDS` records and `MOST_BYTES` of contents, or as many as the gateway
takes, oldest first; its bytes never change; its place in the device's chain is checked again by the vault
when it is kept. Records of a batch that was quarantined go again with half of their companions, after all
others, so that the one at fault ends up alone; a record that no manifest can list stays behind alone.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping

from xincai import clock
from xincai.errors import Problem
from xincai.records import manifest_record
from xincai.sync.enrolment import BATCH_RECORDS, SMALLER, enrolled
from xincai.sync.trust import clock_state
from xincai.vault import BatchRow, RecordKey, Vault
from xincai.wire.canonical import MAX_BYTES
from xincai.wire.manifest import Manifest, ManifestRecord, encode, listed_size
from xincai.wire.suites import PrivateKey

MAX_RECORDS = 1000
MOST_BYTES = 256 * 1024 * 1024
"""What the records of a batch may weigh with their attachments; a single record may weigh more."""
_MOST_LISTED = MAX_BYTES - 64 * 1024


def make_batch(vault: Vault, keys: Iterable[RecordKey] | None = None) -> BatchRow:
    """Sign a batch of these record versions (of all that wait, when none are named) and keep it.

    Raises Problem `sync.not_enrolled`, `sync.nothing_waiting`, or why the only record left cannot go.
    """
    device = enrolled(vault)
    limits = (vault.setting(name) for name in (BATCH_RECORDS, SMALLER))
    most = min([MAX_RECORDS, *(int(limit) for limit in limits if limit)])
    waiting = tuple(vault.waiting_records() if keys is None else keys)
    chosen = _fitting(vault, _companions(vault, waiting)[:most])
    private = PrivateKey.load(device.suite, device.private_key)
    manifest = Manifest(
        suite=device.suite,
        signer=private.public.key_id,
        device=device.device_id,
        office=device.office,
        sequence=vault.next_sequence(),
        previous=vault.last_manifest() or None,
        audit_head=vault.audit_head(),
        recipient=device.recipient,
        created=clock.stamp(clock.now()),
        clock_state=clock_state(vault),
        records=chosen,
    )
    data = encode(manifest)
    return vault.add_batch(data, private.sign(data))


def blob(vault: Vault, manifest: Manifest, digest: str) -> bytes:
    """The bytes that a manifest lists under this digest."""
    for record in manifest.records:
        if record.submission.sm3 == digest:
            return vault.record(record.record, record.version).submission
    return vault.attachment(digest)


def small_blobs(vault: Vault, manifest_id: str, wanted: Collection[str]) -> Iterator[bytes]:
    """The bytes of some blobs of a batch, each once: its submissions in their order, then its attachments."""
    left = dict.fromkeys(wanted)
    for digest, data in vault.submissions(manifest_id):
        if digest in left:
            del left[digest]
            yield data
    for digest in left:
        yield vault.attachment(digest)


def large_blob(vault: Vault, submissions: Mapping[str, RecordKey], digest: str) -> Iterator[bytes]:
    """The bytes of a submission or attachment of a batch, piece by piece."""
    if digest in submissions:
        return iter([vault.record(*submissions[digest]).submission])
    return vault.attachment_reader(digest)


def _companions(vault: Vault, waiting: tuple[RecordKey, ...]) -> tuple[RecordKey, ...]:
    """Of the records that wait, those that may go together."""
    latest: dict[RecordKey, tuple[RecordKey, ...]] = {}
    for row in vault.batches("quarantined"):
        records = vault.batch(row.manifest_id).records
        latest.update(dict.fromkeys(records, records))
    fresh = tuple(key for key in waiting if key not in latest)
    if fresh or not waiting:
        return fresh
    together = latest[waiting[0]]
    return tuple(key for key in waiting if latest[key] == together)[: max(1, len(together) // 2)]


def _fitting(vault: Vault, keys: tuple[RecordKey, ...]) -> tuple[ManifestRecord, ...]:
    """As many as one batch holds; raise Problem when there is none."""
    chosen: list[ManifestRecord] = []
    listed = weight = 0
    unfit: Problem | None = None
    for key in keys:
        try:
            record = _listed(vault, *key)
            listed += listed_size(record)
        except Problem as problem:
            unfit = problem
            continue
        weight += record.submission.size + sum(item.size for item in record.attachments)
        if chosen and (listed > _MOST_LISTED or weight > MOST_BYTES):
            break
        chosen.append(record)
    if not chosen:
        raise unfit or Problem("sync.nothing_waiting")
    return tuple(chosen)


def _listed(vault: Vault, record_id: str, version: int) -> ManifestRecord:
    letters = [letter for letter in vault.letters(record_id) if letter.kind == "authorisation"]
    return manifest_record(vault.record(record_id, version), letters[0].number if letters else None)
