"""Batches that come on a stick: the same container, the same checks, the same way in.

A batch may come in several files. An envelope is opened into a file of the data folder that is its owner's
only and goes afterwards. `verify` keeps nothing. `take` looks at all files before it keeps a blob of any;
then it takes the batch in as if it had come over HTTP, and writes the receipts into a file for the way back,
with the list of keys and the time: JSON, a `ReturnReply`; and beside it what is published to the device.
Where a part is missing, what came is kept for the day when the rest comes.
"""

import functools
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any, BinaryIO, cast

from xincai import clock
from xincai.errors import Problem
from xincai.wire.container import Container, read_container
from xincai.wire.envelope import is_envelope, open_envelope
from xincai.wire.manifest import manifest_id, verify_manifest
from xincai.wire.messages import KeysModel, ReceiptModel, ReturnReply, SignedModel
from xincai.wire.parcel import parcel_path, write_parcel
from xincai.wire.suites import SM2_SM3
from xincai_gateway import commit, judging, publishing, replaying
from xincai_gateway.enrol import find_device
from xincai_gateway.files import flush
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


@dataclass(frozen=True)
class Returned(Verified):
    """What was taken in, and the names of the files that go back to the device together."""

    receipts: str
    published: str
    """Empty when nothing that is published can go by stick."""


def verify(gateway: Gateway, *paths: Path) -> Verified:
    """Check a batch's containers whole against the enrolled devices; raise Problem when anything is wrong, or
    a part of the batch is in none of them.
    """
    with ExitStack() as stack:
        containers = [stack.enter_context(_opened(gateway, path)) for path in paths]
        verified = _checked(gateway, containers)
        _refuse_gaps(len(_missing(containers)))
        return verified


def take(gateway: Gateway, receipts: Path, *paths: Path) -> Returned:
    """Take a batch in from its containers, or again, and write what goes back."""
    with ExitStack() as stack:
        containers = [stack.enter_context(_opened(gateway, path)) for path in paths]
        verified = _checked(gateway, containers)
        commit.check_listed(gateway, containers[0].manifest)
        for container in containers:
            for digest in container.blobs:
                gateway.blobs.put(verified.office, digest, container.blob(digest))
        first, missing = containers[0], _missing(containers)
        _refuse_gaps(len(missing - gateway.store.sizes(verified.office, missing).keys()))
        try:
            commit.take(gateway, first.manifest_bytes, first.signatures[first.manifest.signer])
        except commit.BlobsMissing as gone:  # a withdrawal has just erased some
            raise gone.problem from gone
    judging.settle(gateway, verified.office, verified.manifest)
    found = replaying.receipts_of(gateway, verified.office, verified.manifest)
    who = gateway.identity
    reply = ReturnReply(
        receipts=[ReceiptModel.of(receipt) for receipt in found],
        keys=KeysModel.of_lists(who.keys, who.revocations),
        time=SignedModel.of(signed_time(who, verified.manifest)),
    )
    with receipts.open("w", encoding="utf-8") as file:
        file.write(reply.model_dump_json())
        _push_out(file)
    parcel = parcel_path(receipts)
    written = _write_published(gateway, verified, parcel)
    return Returned(**asdict(verified), receipts=receipts.name, published=parcel.name if written else "")


def _write_published(gateway: Gateway, verified: Verified, path: Path) -> bool:
    """Write what is published to the device beside its receipts; False where its key can open nothing, or it
    is too much for a stick.
    """
    path.unlink(missing_ok=True)
    office, name = verified.office, verified.device
    device = find_device(gateway.database, office, name)
    if device is None or device.key.suite != SM2_SM3:
        return False
    signed = publishing.signed_index(gateway, office, name)
    find = functools.partial(publishing.read_file, gateway, office, name)
    if not write_parcel(path, signed, find, name, device.key):
        return False
    with path.open("rb+") as file:
        _push_out(file)
    return True


def _push_out(file: IO[Any]) -> None:
    """Wait until the stick has it: it is pulled out the moment the command has ended."""
    file.flush()
    flush(file.fileno())


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
            open_envelope(path, cast("BinaryIO", file), gateway.identity.gateway, key)
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


def _checked(gateway: Gateway, containers: Sequence[Container]) -> Verified:
    """What the batch is, once every container is of this one batch and its device has signed it."""
    first = containers[0]
    manifest = first.manifest
    device = find_device(gateway.database, manifest.office, manifest.device)
    if device is None:
        raise Problem("gateway.device_unknown")
    if device.revoked:
        raise Problem("gateway.device_revoked")
    for container in containers:
        if container.manifest_bytes != first.manifest_bytes:
            raise Problem("gateway.two_batches")
        if manifest.signer not in container.signatures:
            raise Problem("wire.bad_signature")
        verify_manifest(container.manifest_bytes, container.signatures[manifest.signer], device.key)
    return Verified(
        manifest_id(first.manifest_bytes),
        manifest.office,
        manifest.device,
        manifest.sequence,
        len(manifest.records),
        len(manifest.blobs()),
    )


def _missing(containers: Sequence[Container]) -> frozenset[str]:
    """The blobs that are in none of them."""
    return frozenset.intersection(*(container.missing for container in containers))


def _refuse_gaps(count: int) -> None:
    if count:
        raise Problem("gateway.parts_missing", count=count)
