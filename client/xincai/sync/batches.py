"""Batches: records that wait become one signed manifest, made once and kept before anything is sent.

Rules: a batch holds at most `MAX_RECORDS` records and `MOST_BYTES` of contents, or as many as the gateway
takes, oldest first; its bytes never change; its place in the device's chain is checked again by the vault
when it is kept. Records of a batch that was quarantined go again with half of their companions, after all
others, so that the one at fault ends up alone; a record that no manifest can list stays behind alone.

A container for a stick is written beside its final name, read back and checked whole, and only then renamed;
the intent stands in the vault first, as with the network. A stick gets lost: what is on it only the gateway
can read, except in practice.
"""

import contextlib
import io
import os
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from xincai import clock
from xincai.errors import Problem
from xincai.records import manifest_record
from xincai.sync.enrolment import BATCH_RECORDS, SMALLER, enrolled
from xincai.sync.trust import clock_state, trusted_keys
from xincai.vault import BatchRow, RecordKey, StoredBatch, Vault
from xincai.wire.canonical import MAX_BYTES
from xincai.wire.container import read_container, write_container
from xincai.wire.envelope import seal_envelope
from xincai.wire.manifest import Manifest, ManifestRecord, decode, encode, listed_size
from xincai.wire.suites import PrivateKey, PublicKey

MAX_RECORDS = 500
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


def export_container(vault: Vault, manifest_id: str, folder: Path) -> Path:
    """Write a batch and the signer's public key into a folder; the container's path.

    The container goes into an envelope that only the gateway opens; in practice, where the gateway publishes
    no key for it, it stays open. Raises Problem `sync.no_envelope_key` or `sync.cannot_write`.
    """
    stored = vault.batch(manifest_id)
    manifest = decode(stored.manifest)
    keys = trusted_keys(vault)
    envelope = keys.envelope() if keys and keys.gateway == manifest.recipient else None
    device = enrolled(vault)
    if envelope is None and not (device.practice and device.recipient == manifest.recipient):
        raise Problem("sync.no_envelope_key")
    vault.mark_sending(manifest_id, way="stick")
    path = folder / f"xincai-{manifest.office}-{manifest.sequence:06}-{manifest_id[:8]}.zip"
    partial = path.with_suffix(".part")
    try:
        with partial.open("w+b") as file:
            if envelope is None:
                _write(vault, stored, file)
            else:
                with io.BytesIO() as plain:
                    _write(vault, stored, plain)
                    plain.seek(0)
                    seal_envelope(plain, file, manifest.recipient, envelope)
            file.flush()
            os.fsync(file.fileno())
        if envelope is None:
            read_container(partial)
        partial.replace(path)
        path.with_suffix(".pem").write_text(_public(vault).pem, encoding="ascii", newline="\n")
    except OSError as error:
        raise Problem("sync.cannot_write", reason=error.strerror or "") from error
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
    return path


def _write(vault: Vault, stored: StoredBatch, file: BinaryIO) -> None:
    manifest = decode(stored.manifest)
    blobs = ((digest, blob(vault, manifest, digest)) for digest in sorted(manifest.blobs()))
    write_container(file, stored.manifest, {stored.signer: stored.signature}, blobs)


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


def _public(vault: Vault) -> PublicKey:
    device = enrolled(vault)
    return PrivateKey.load(device.suite, device.private_key).public
