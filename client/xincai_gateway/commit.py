"""The one way in: a signed manifest whose blobs are here becomes a batch with receipts, exactly once.

Order: name and signature; then one short transaction looks for the blobs, while nobody can begin to erase any
of them (`rights`), and keeps the batch with receipt A: from there on it is ours to lose. What becomes of its
records is judged afterwards (`judging`): at once when they are few, else beside the requests. Nothing is held
across checking the signature: when a neighbour took a key meanwhile, the transaction keeps nothing and the
matter is looked at afresh. Whoever comes again gets the receipts that were stored, byte for byte
(`replaying`).

Sequence and previous digest are noted, never enforced: a gap or a fork in a device's chain is a fact to be
seen.
"""

import functools
import re
from dataclasses import dataclass

import sqlalchemy as sa

from xincai import clock
from xincai.errors import Problem
from xincai.wire.manifest import Manifest, check_signed, decode, manifest_id
from xincai.wire.receipt import CUSTODY, SignedReceipt
from xincai_gateway import judging, ledger, replaying
from xincai_gateway.database import Taken
from xincai_gateway.enrol import Device, find_device
from xincai_gateway.gateway import Gateway
from xincai_gateway.ledger import Custody
from xincai_gateway.store import being_erased

_RECORD_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_TRIES = 10
FEW = 50
"""Records that are judged while the sender waits."""


class BlobsMissing(Exception):  # noqa: N818 - an answer, not a failure
    """Blobs that the manifest lists are not here: which, and the problem to show."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__(len(missing))
        self.missing = missing
        self.problem = Problem("gateway.blobs_missing", count=len(missing))


@dataclass(frozen=True)
class Taking:
    """What came of a manifest: its receipts, A before B, and whether this was the first time."""

    receipts: tuple[SignedReceipt, ...]
    fresh: bool

    @property
    def settled(self) -> bool:
        """Whether receipt B is there."""
        return len(self.receipts) > 1


def take(gateway: Gateway, data: bytes, signature: bytes, *, office: str | None = None) -> Taking:
    """Take a batch in, or answer as before when it is here.

    `office` is the courier's, where one was authenticated; a stick has none. Raises Problem, and keeps
    nothing, when the batch as a whole cannot be taken. A large batch has receipt A alone until it is judged,
    and so has a small one whose judging met with trouble.
    """
    manifest, name = decode(data), manifest_id(data)
    if office not in (None, manifest.office):
        raise Problem("gateway.other_office")
    stored = replaying.receipts_of(gateway, manifest.office, name)
    fresh = not stored
    if fresh:
        device = _device(gateway, manifest)
        check_signed(manifest, data, signature, device.key)
        check_listed(gateway, manifest)
        kept = _keep(gateway, manifest, name, data, signature)
        fresh = kept is not None
        stored = (kept,) if kept else replaying.receipts_of(gateway, manifest.office, name)
    if len(stored) < 2 and len(manifest.records) <= FEW:
        judging.settle_quietly(gateway, manifest.office, name, beside=False)
        stored = replaying.receipts_of(gateway, manifest.office, name)
    return Taking(stored, fresh)


def _keep(
    gateway: Gateway, manifest: Manifest, name: str, data: bytes, signature: bytes
) -> SignedReceipt | None:
    """Keep the batch; receipt A, or None when a neighbour did so meanwhile."""
    now, whole = clock.now(), functools.partial(_check_whole, gateway, manifest)
    for _ in range(_TRIES):
        receipt = judging.receipt(gateway, manifest, name, now, kind=CUSTODY)
        try:
            ledger.keep(gateway.database, Custody(manifest, data, signature, now, receipt), whole)
        except Taken:
            if replaying.receipts_of(gateway, manifest.office, name):
                return None
        else:
            return receipt
    raise Problem("gateway.database_busy")


def sent_before(gateway: Gateway, office: str, name: str, limit: int) -> bytes:
    """A manifest that came as a blob; raise BlobsMissing when it did not."""
    size = gateway.store.sizes(office, [name]).get(name)
    if size is None:
        raise BlobsMissing((name,))
    if size > limit:
        raise Problem("gateway.body_too_large", limit=limit)
    return gateway.store.read(office, [name])[name]


def _device(gateway: Gateway, manifest: Manifest) -> Device:
    device = find_device(gateway.database, manifest.office, manifest.device)
    if device is None:
        raise Problem("gateway.device_unknown")
    if device.revoked:
        raise Problem("gateway.device_revoked")
    return device


def check_listed(gateway: Gateway, manifest: Manifest) -> None:
    """Raise Problem when a batch cannot be taken, whatever blobs come with it."""
    if manifest.recipient != gateway.identity.gateway:
        raise Problem("gateway.other_recipient")
    if len(manifest.records) > gateway.settings.limits.batch_records:
        raise Problem("gateway.batch_too_large", limit=gateway.settings.limits.batch_records)
    for record in manifest.records:
        if not _RECORD_ID.fullmatch(record.record) or not (record.authorisation or "").isprintable():
            raise Problem("gateway.bad_record_id")


def _check_whole(gateway: Gateway, manifest: Manifest, connection: sa.Connection) -> None:
    wanted = manifest.blobs()
    sizes = gateway.store.sizes(manifest.office, wanted, connection)
    going = being_erased(connection, manifest.office, wanted)
    missing = tuple(digest for digest in wanted if digest not in sizes or digest in going)
    if missing:
        raise BlobsMissing(missing)
    if sizes != wanted:
        raise Problem("gateway.wrong_size")
