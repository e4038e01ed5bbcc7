"""Batches that come on a stick: the same container, the same checks, the same way in.

`verify` keeps nothing. `take` keeps the blobs, takes the batch in as if it had come over HTTP, and writes
the receipts into a file for the way back: JSON, a `CommitReply`.
"""

from dataclasses import dataclass
from pathlib import Path

from xincai.errors import Problem
from xincai.wire.container import Container, read_container
from xincai.wire.manifest import manifest_id, verify_manifest
from xincai.wire.messages import CommitReply, ReceiptModel
from xincai_gateway import commit
from xincai_gateway.enrol import find_device
from xincai_gateway.gateway import Gateway


@dataclass(frozen=True)
class Verified:
    """What a container holds, once its signature and every digest were found good."""

    manifest: str
    office: str
    device: str
    sequence: int
    records: int
    blobs: int


def verify(gateway: Gateway, path: Path) -> Verified:
    """Check a container whole against the enrolled devices; raise Problem when anything is wrong."""
    return _checked(gateway, read_container(path))


def take(gateway: Gateway, path: Path, receipts: Path) -> Verified:
    """Take a container's batch in, or again, and write its receipts."""
    container = read_container(path)
    verified = _checked(gateway, container)
    for digest in container.blobs:
        gateway.blobs.put(container.manifest.office, digest, container.blob(digest))
    signature = container.signatures[container.manifest.signer]
    taking = commit.take(gateway, container.manifest_bytes, signature)
    reply = CommitReply(receipts=[ReceiptModel.of(receipt) for receipt in taking.receipts])
    receipts.write_text(reply.model_dump_json(), encoding="utf-8")
    return verified


def _checked(gateway: Gateway, container: Container) -> Verified:
    manifest = container.manifest
    device = find_device(gateway.database, manifest.office, manifest.device)
    if device is None:
        raise Problem("gateway.device_unknown")
    if manifest.signer not in container.signatures:
        raise Problem("wire.bad_signature")
    verify_manifest(container.manifest_bytes, container.signatures[manifest.signer], device.key)
    return Verified(
        manifest_id(container.manifest_bytes),
        manifest.office,
        manifest.device,
        manifest.sequence,
        len(manifest.records),
        len(container.blobs),
    )
