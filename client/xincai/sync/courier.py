"""The courier: brings batches to the gateway and comes back with receipts, or with nothing changed.

Rules:
- That a batch may be on its way is a row in the vault before the first byte leaves.
- Only a receipt that verifies against the trusted keys, names this manifest and speaks of its very records
  settles anything. A time-out, a cut or a strange reply means "unknown", never "failed": the batch is offered
  again, and the gateway answers a batch that it has with the receipts it stored.
- The manifest goes first: the gateway says which blobs it lacks, and only those are sent, resumed where a cut
  left them.
- One batch never blocks another, and one record no other: what the gateway itself refuses for good, or what
  the disk has damaged before it went, is quarantined with its code; its records go again at once with half of
  their companions, until the one at fault is alone. What is wrong with the line or with our standing ends the
  run instead; nothing is lost.
- A gateway that has forgotten batches it gave receipts for is offered them again; one that has heard more of
  this device than the vault knows means that the vault is an old copy, and nothing is sent.
"""

import functools
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from xincai import clock
from xincai.errors import Problem
from xincai.sync.batches import large_blob, make_batch, small_blobs
from xincai.sync.enrolment import BATCH_RECORDS, CURSOR, SMALLER, enrolled
from xincai.sync.platform import Platform, never
from xincai.sync.rotation import change_key
from xincai.sync.trouble import Trouble
from xincai.sync.trust import check_clock, remember, renew_keys
from xincai.sync.upload import Uploader
from xincai.vault import StoredBatch, Vault
from xincai.wire.codes import PLATFORM_FAULT, Help
from xincai.wire.manifest import Manifest, decode
from xincai.wire.pack import SMALL, make_packs
from xincai.wire.receipt import Receipt, SignedReceipt, check_outcomes, decode_receipt, verify_receipt
from xincai.wire.suites import PublicKey

if TYPE_CHECKING:
    from xincai.wire.messages import Head

OPEN = ("batched", "unknown", "custody")
TRIES = 6
LONGEST_WAIT = 60.0
_FIRST_WAIT = 0.5
_SLICE = 0.2
_OFFERS = 2
_ASKS = 8
_LOST = {"vault.attachment_damaged", "vault.erased", "vault.no_attachment", "vault.record_damaged"}
"""Bytes of a batch are not to be had any more."""
_ITS_OWN = _LOST | {"sync.no_receipt", "vault.receipt_conflict"}
"""Besides `wire.*`: trouble that is one batch's alone."""

StepName = Literal["connect", "blobs", "commit", "receipt"]


@dataclass(frozen=True)
class Progress:
    """How far the delivery is: which step, how much of how much, and how fast in bytes a second."""

    step: StepName
    done: int
    total: int
    rate: float = 0.0


@dataclass(frozen=True)
class DeliveryReport:
    """What one run came to: batches by state afterwards, records by outcome, and what stood in the way."""

    settled: int = 0
    custody: int = 0
    unknown: int = 0
    quarantined: int = 0
    accepted: int = 0
    rejected: int = 0
    cancelled: bool = False
    problem: Problem | None = None


def silent(_: Progress) -> None:
    """Nobody watches."""


def deliver(
    vault: Vault,
    platform: Platform,
    progress: Callable[[Progress], None] = silent,
    cancelled: Callable[[], bool] = never,
    *,
    pause: Callable[[float], None] = clock.pause,
) -> DeliveryReport:
    """Bring every open batch to its receipts, as far as the line allows; may be repeated at any time.

    Does not raise for trouble on the way: what was reached is in the vault, and the report names the problem.
    """
    courier = _Courier(vault, platform, progress, cancelled, pause)
    problem: Problem | None = None
    try:
        courier.run()
    except Problem as trouble:
        problem = trouble
    was_cancelled = problem is not None and problem.code == "sync.cancelled"
    return courier.report(None if was_cancelled else problem, cancelled=was_cancelled)


class _Courier:
    """One run."""

    def __init__(
        self,
        vault: Vault,
        platform: Platform,
        progress: Callable[[Progress], None],
        cancelled: Callable[[], bool],
        pause: Callable[[float], None],
    ) -> None:
        self._vault = vault
        self._platform = platform
        self._progress = progress
        self._cancelled = cancelled
        self._pause = pause
        self._uploader = Uploader(platform, self._watch_bytes)
        self._keys: Mapping[str, PublicKey] = {}
        self._touched: set[str] = set()
        self._trouble: Problem | None = None
        self._packs = False
        self._series = False
        self._fresh = False

    def run(self) -> None:
        self._progress(Progress("connect", 0, 1))
        self._patiently(self._connect)
        self._patiently(self._collect)
        if self._vault.next_device_key() is not None:  # the answer to a change of the key was lost
            self._patiently(self._change_key)
        self._progress(Progress("connect", 1, 1))
        todo = list(self._todo())
        for done in itertools.count():
            if done == len(todo):
                break
            self._progress(Progress("commit", done, len(todo)))
            self._touched.add(todo[done])
            self._noting(functools.partial(self._bring, todo[done]))
            todo += self._parted(todo[done])
        self._progress(Progress("receipt", len(todo), len(todo)))
        self._ask_for_outcomes(todo)
        if self._trouble is not None:
            raise self._trouble

    def report(self, problem: Problem | None, *, cancelled: bool) -> DeliveryReport:
        rows = [row for row in self._vault.batches() if row.manifest_id in self._touched]
        counts = {
            state: sum(row.state == state for row in rows) for state in ("settled", "custody", "unknown")
        }
        return DeliveryReport(
            **counts,
            quarantined=sum(row.state == "quarantined" for row in rows),
            accepted=sum(row.accepted for row in rows),
            rejected=sum(row.rejected for row in rows),
            cancelled=cancelled,
            problem=problem,
        )

    def _connect(self) -> None:
        """Make sure of whom we speak to, and that neither side has forgotten what the other knows."""
        device = enrolled(self._vault)
        known = self._platform.wellknown()
        if known.gateway != device.recipient:
            raise Trouble("sync.other_gateway", helps=Help.CORRECT)
        keys = renew_keys(self._vault, self._platform)
        if keys.gateway != device.recipient:
            raise Trouble("sync.other_gateway", helps=Help.CORRECT)
        self._keys = keys.signing()
        self._packs, self._series = known.limits.packs, known.limits.series
        remember(self._vault, BATCH_RECORDS, str(known.limits.batch_records))
        check_clock(self._vault, self._platform, keys)
        self._head = self._platform.head()
        self._compare(self._head)

    def _compare(self, head: "Head") -> None:
        """Hold what the gateway has of this device against the vault; a person decides if it knows better."""
        device = enrolled(self._vault).device_id
        ours = {row.sequence: row.manifest_id for row in self._vault.batches() if row.device == device}
        if head.sequence > max(ours, default=0):
            raise self._old_copy()
        if head.sequence and head.manifest != ours.get(head.sequence):
            self._vault.suspect("sync.history_differs")
            raise Trouble("sync.history_differs", helps=Help.CORRECT)

    def _old_copy(self) -> Trouble:
        """The gateway has signed for what this vault never heard of: it is an old copy."""
        self._vault.suspect("sync.vault_behind")
        return Trouble("sync.vault_behind", helps=Help.CORRECT)

    def _collect(self) -> None:
        """Take in receipts that were made since last time."""
        more = True
        while more:
            page = self._platform.receipts(self._vault.setting(CURSOR) or "")
            for item in page.receipts:
                self._noting(functools.partial(self._take_in, item.receipt()))
            remember(self._vault, CURSOR, page.cursor)
            more = page.more and bool(page.receipts)

    def _take_in(self, signed: SignedReceipt) -> None:
        """Keep a receipt that came unasked, when it is for one of our batches and new."""
        told = decode_receipt(signed.data)
        name = told.manifest
        ours = name in self._vault.batch_states()
        if not ours and told.device == enrolled(self._vault).device_id:
            verify_receipt(signed, self._keys, name)
            raise self._old_copy()
        if ours and all(row.body != signed.data for row in self._vault.receipts(name)):
            self._settle_by_name(name, signed)

    def _todo(self) -> tuple[str, ...]:
        """Open batches, and those that the gateway gave receipts for and forgot; in the chain's order."""
        device, remembered = enrolled(self._vault).device_id, self._head.sequence
        return tuple(
            row.manifest_id
            for row in self._vault.batches()
            if row.state in OPEN
            or (row.state == "settled" and row.device == device and row.sequence > remembered)
        )

    def _change_key(self) -> None:
        change_key(self._vault, self._platform)

    def _parted(self, manifest_id: str) -> tuple[str, ...]:
        """Batches of half the size, when this one has just been quarantined and its records still wait.

        One that was made for another gateway is not made anew: that is for a person to say.
        """
        if self._vault.batch_states()[manifest_id] != "quarantined":
            return ()
        stored, device = self._vault.batch(manifest_id), enrolled(self._vault)
        manifest = decode(stored.manifest)
        if len(stored.records) == 1 or (manifest.device, manifest.recipient) != (
            device.device_id,
            device.recipient,
        ):
            return ()
        made: list[str] = []
        held = set(stored.records)
        left = [key for key in self._vault.waiting_records() if key in held]
        while left:
            made.append(make_batch(self._vault, left).manifest_id)
            gone = set(self._vault.batch(made[-1]).records)
            left = [key for key in left if key not in gone]
        return tuple(made)

    def _bring(self, manifest_id: str) -> None:
        stored = self._vault.batch(manifest_id)
        manifest = decode(stored.manifest)
        self._fresh = self._vault.mark_sending(manifest_id)
        try:
            self._patiently(lambda: self._offer(stored, manifest))
        except Trouble as trouble:
            if not self._for_good(trouble, manifest):
                raise
            self._vault.quarantine(manifest_id, trouble.code_there)
            if trouble.help is Help.SHRINK:
                self._vault.set_setting(SMALLER, str(max(1, len(manifest.records) // 2)))
            self._trouble = trouble
        except Problem as problem:
            if problem.code in _LOST:
                self._vault.quarantine(manifest_id, problem.code)
            raise

    def _noting(self, step: Callable[[], object]) -> None:
        """Do a step for one batch; what is wrong with this batch alone is kept for the report.

        That is a receipt that does not verify, bytes of it that the disk has damaged, and a gateway that
        stumbles over this very batch.
        """
        try:
            step()
        except Problem as problem:
            its_own = isinstance(problem, Trouble) and problem.code_there == PLATFORM_FAULT
            if not (its_own or problem.code.startswith("wire.") or problem.code in _ITS_OWN):
                raise
            self._trouble = problem

    def _for_good(self, trouble: Trouble, manifest: Manifest) -> bool:
        """Whether the gateway itself has refused this very batch, and no repetition will change that.

        A batch of an earlier enrolment may be refused for its device; ours was let in just now.
        """
        earlier = manifest.device != enrolled(self._vault).device_id
        final = {Help.CORRECT, Help.QUARANTINE, Help.SHRINK} | ({Help.AUTHENTICATE} if earlier else set())
        return trouble.code_there != "" and trouble.help in final

    def _offer(self, stored: StoredBatch, manifest: Manifest) -> None:
        """Commit; send what is missing and commit again."""
        name = stored.manifest_id
        if not [self._settle(name, manifest, signed) for signed in self._commit(stored, manifest)]:
            raise Trouble("sync.no_receipt")

    def _commit(self, stored: StoredBatch, manifest: Manifest) -> "tuple[SignedReceipt, ...]":
        """The batch's receipts; what the gateway says it lacks is sent first.

        A gateway that opens packs is sent the manifest as a blob: what is small, then what is large. Of a
        batch that was never sent it has nothing, and is not asked.
        """
        name, body = stored.manifest_id, b"" if self._packs else stored.manifest
        if self._packs and self._fresh:
            self._fresh = False
            self._send_blobs(stored, manifest, (name,))
        for _ in range(_OFFERS):
            try:
                return self._platform.commit(name, body, stored.signer, stored.signature)
            except Trouble as trouble:
                if not trouble.missing:
                    raise
                self._send_blobs(stored, manifest, trouble.missing)
        return self._platform.commit(name, body, stored.signer, stored.signature)

    def _ask_for_outcomes(self, names: Sequence[str]) -> None:
        """A large batch is judged after it was taken: ask a few times; what is left, the next run brings."""
        for tried in range(_ASKS):
            states = self._vault.batch_states()
            waiting = [name for name in names if states[name] == "custody"]
            if not waiting:
                return
            self._wait(_FIRST_WAIT * (1 + tried))
            for name in waiting:
                self._patiently(functools.partial(self._fetch_receipts, name))

    def _fetch_receipts(self, name: str) -> None:
        for signed in self._platform.batch_receipts(name):
            self._noting(functools.partial(self._settle_by_name, name, signed))

    def _send_blobs(self, stored: StoredBatch, manifest: Manifest, missing: tuple[str, ...]) -> None:
        """Send what is missing; when that is the manifest, all small blobs and, last, the manifest itself."""
        sizes, name = manifest.blobs(), stored.manifest_id
        wanted = [digest for digest in missing if digest in sizes]
        if name in missing:
            wanted = [digest for digest, size in sizes.items() if size <= SMALL]
        elif not wanted:
            raise Trouble("sync.bad_reply")
        small = [digest for digest in wanted if self._packs and sizes[digest] <= SMALL]
        large = [digest for digest in wanted if not self._packs or sizes[digest] > SMALL]
        last = [stored.manifest] if name in missing else []
        self._uploader.expect(sum(sizes[digest] for digest in wanted) + sum(map(len, last)))
        for pack, size in make_packs(itertools.chain(small_blobs(self._vault, name, small), last)):
            self._uploader.put_pack(pack, size)
        submissions = {each.submission.sm3: each.key for each in manifest.records}
        read = functools.partial(large_blob, self._vault, submissions)
        if self._series:
            self._uploader.put_many({digest: sizes[digest] for digest in large}, read)
        else:
            for digest in large:
                self._uploader.put(digest, b"".join(read(digest)))
        self._heed()

    def _settle_by_name(self, manifest_id: str, signed: SignedReceipt) -> None:
        self._settle(manifest_id, decode(self._vault.batch(manifest_id).manifest), signed)

    def _settle(self, manifest_id: str, manifest: Manifest, signed: SignedReceipt) -> str:
        """Keep a receipt once it has been verified; its kind."""
        receipt = self._verified(manifest_id, signed)
        check_outcomes(receipt, manifest)
        if self._vault.add_receipt(manifest_id, signed, receipt):
            self._touched.add(manifest_id)
        return receipt.kind

    def _verified(self, manifest_id: str, signed: SignedReceipt) -> Receipt:
        """The receipt; the gateway may have changed its key since this run began."""
        try:
            return verify_receipt(signed, self._keys, manifest_id)
        except Problem as problem:
            if problem.code != "wire.unknown_key":
                raise
            self._keys = renew_keys(self._vault, self._platform).signing()
            return verify_receipt(signed, self._keys, manifest_id)

    def _heed(self) -> None:
        """Stop when the person wants that."""
        if self._cancelled():
            raise Problem("sync.cancelled")

    def _watch_bytes(self, done: int, total: int, rate: float) -> None:
        self._heed()
        self._progress(Progress("blobs", done, total, rate))

    def _patiently(self, step: Callable[[], object]) -> None:
        """Do a step again while that is what helps, waiting longer each time, by chance a little less; a wait
        that the gateway asked for is waited out whole, and by chance a little more.

        Patience begins anew when bytes have arrived meanwhile: a poor line is slow, not dead.
        """
        tried, arrived = 0, self._uploader.arrived
        while True:
            self._heed()
            try:
                step()
            except Trouble as trouble:
                if trouble.help is Help.SHRINK and self._uploader.shrink():
                    continue
                if self._uploader.arrived > arrived:
                    tried, arrived = 0, self._uploader.arrived
                asked = trouble.wait is not None
                wait = trouble.wait if trouble.wait is not None else _FIRST_WAIT * 2**tried
                tried += 1
                if trouble.help is not Help.RETRY or wait > LONGEST_WAIT or tried == TRIES:
                    raise
                self._uploader.after_trouble()
                self._wait(wait, least=1.0 if asked else 0.5)
            else:
                return

    def _wait(self, seconds: float, least: float = 0.5) -> None:
        """Wait so many seconds, of that `least` and by chance up to half as much more."""
        left = seconds * (least + clock.random_bytes(1)[0] / 510)
        while left > 0:
            self._heed()
            self._pause(min(left, _SLICE))
            left -= _SLICE
