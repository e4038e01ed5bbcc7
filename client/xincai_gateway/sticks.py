"""Batches that come on a stick: the same container, the same checks, the same way in.

An envelope is opened into a file of the data folder that is its owner's only and goes afterwards. `verify`
keeps nothing. `take` keeps the blobs, takes the batch in as if it had come over HTTP, and writes the receipts
into a file for the way back, with the list of keys and the time: JSON, a `ReturnReply`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO, cast

from xincai import clock
from xincai.errors import Problem
from xincai.wire.container import Container, read_container
from xincai.wire.envelope import is_envelope, open_envelope
from xincai.wire.manifest import manifest_id, verify_manifest
from xincai.wire.messages import ReceiptModel, ReturnReply, SignedModel
from xincai_gateway import commit, judging, ledger
from xincai_gateway.enrol import find_device
from xincai_gateway.gateway import Gateway
from xincai_gateway.identity import signed_time

_OPENED = "opened-"
_LONGEST = 3600


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
    with _opened(gateway, path) as container:
        return _checked(gateway, container)


def take(gateway: Gateway, path: Path, receipts: Path) -> Verified:
    """Take a container's batch in, or again, and write its receipts."""
    with _opened(gateway, path) as container:
        verified = _checked(gateway, container)
        for digest in container.blobs:
            gateway.blobs.put(container.manifest.office, digest, container.blob(digest))
        signature = container.signatures[container.manifest.signer]
        commit.take(gateway, container.manifest_bytes, signature)
    judging.settle(gateway, verified.office, verified.manifest)
    found = ledger.receipts_of(gateway.database, verified.office, verified.manifest)
    reply = ReturnReply(
        receipts=[ReceiptModel.of(receipt) for receipt in found],
        keys=SignedModel.of(gateway.identity.keys),
        time=SignedModel.of(signed_time(gateway.identity, verified.manifest)),
    )
    receipts.write_text(reply.model_dump_json(), encoding="utf-8")
    return verified


@contextmanager
def _opened(gateway: Gateway, path: Path) -> Iterator[Container]:
    """The container of a file, out of its envelope if it is in one."""
    if not is_envelope(path):
        yield read_container(path)
        return
    key = gateway.identity.envelope
    if key is None:
        raise Problem("wire.bad_envelope")
    folder = gateway.settings.folder
    _sweep(folder)
    with NamedTemporaryFile(dir=folder, prefix=_OPENED, suffix=".zip", delete=False) as file:
        inside = Path(file.name)
        try:
            open_envelope(path, cast("BinaryIO", file), key)
            file.close()  # Windows reads no file that is open for writing
            yield read_container(inside)
        finally:
            file.close()
            inside.unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    """Drop what a killed run left open; one that still works is younger."""
    oldest = clock.now().timestamp() - _LONGEST
    for path in folder.glob(f"{_OPENED}*.zip"):
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)


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
