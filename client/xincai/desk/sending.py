"""What a person does with sealed records: letters, batches, delivery, receipts."""

from collections.abc import Callable
from pathlib import Path

from xincai import sync
from xincai.desk import dossier, encrypted, outbox, paper
from xincai.desk.library import Library
from xincai.desk.reporting import Reporting
from xincai.desk.views import (
    BatchCard,
    Delivery,
    Language,
    LetterCard,
    LetterKind,
    ReceiptCard,
    RecordCard,
    Step,
)
from xincai.sync.trust import clock_state


class Sending(Reporting):
    """The part of the desk whence things leave."""

    _library: Library

    def write_letter(self, record_id: str, kind: LetterKind, language: Language | None = None) -> LetterCard:
        """Make a letter of the latest version, signed by this device, and keep it."""
        record = self._vault.record(record_id)
        return paper.write(
            self._vault,
            record,
            kind,
            self._form,
            profile=self.profile(),
            language=language or self.preferences().language,
        )

    def letter_pdf(self, letter_id: str) -> bytes:
        return self._paper(letter_id)

    def letter_page(self, letter_id: str, page: int, width: int) -> bytes:
        """One page (from 0) as a PNG of the given width in pixels."""
        return paper.page(self._paper(letter_id), page, width)

    def export_letter(self, letter_id: str, folder: Path) -> Path:
        """Write the PDF under a safe, masked file name."""
        return self._paper_to(letter_id, folder) or paper.export(self._vault, letter_id, folder)

    def waiting(self) -> tuple[RecordCard, ...]:
        """Sealed records that are in no batch yet."""
        keys = encrypted.for_the_platform(self._vault, self._library)
        return tuple(
            dossier.card(record, self._title(record.form_id), self._vault.status(*key))
            for key in keys
            for record in [self._vault.record(*key)]
        )

    def outbox(self) -> tuple[BatchCard, ...]:
        """All batches, the latest first."""
        return tuple(outbox.batch_card(row) for row in reversed(self._vault.batches()))

    def sign_batch(self) -> BatchCard:
        """Put all waiting records into one signed batch."""
        keys = encrypted.for_the_platform(self._vault, self._library)
        return outbox.batch_card(sync.make_batch(self._vault, keys))

    def export_encrypted(self, record_id: str, version: int, folder: Path) -> Path:
        """Write a record for the holder of its form's key alone; the folder it is in."""
        record = self._vault.record(record_id, version)
        return encrypted.export(self._vault, self._form(record.form_sm3), record, folder)

    def deliver(self, progress: Callable[[Step], None], cancelled: Callable[[], bool]) -> Delivery:
        """Wire lane: send every open batch until its receipts are here; may be cancelled, may be repeated."""
        delivery = outbox.deliver(self._vault, progress, cancelled, self._system_proxy)
        if not delivery.cancelled:
            self._pull_quietly(cancelled, progress)
        return delivery

    def sign_and_deliver(self, progress: Callable[[Step], None], cancelled: Callable[[], bool]) -> Delivery:
        """Wire lane: what begins by itself; sign what waits for the first time, then deliver."""
        outbox.sign_fresh(self._vault, encrypted.for_the_platform(self._vault, self._library))
        return self.deliver(progress, cancelled)

    def clock_is_wrong(self) -> bool:
        """Whether this computer's clock was found wrong against the platform's time."""
        return clock_state(self._vault) == "wrong"

    def export_batch(self, manifest_id: str, folder: Path) -> tuple[Path, ...]:
        """Write the batch container, in parts when it is large, and the signer's public key into a folder."""
        return sync.export_container(self._vault, manifest_id, folder)

    def take_return(self, file: Path) -> Delivery:
        """Take in the receipts that a stick brings back, held to what the line is held to, and what is
        published that lies beside them.
        """
        delivery = outbox.take_return(self._vault, file)
        self._unpack_quietly(file)
        return delivery

    def receipts(self) -> tuple[ReceiptCard, ...]:
        """Verified receipts, the latest first."""
        return tuple(outbox.receipt_card(row) for row in self._vault.receipts())

    def export_receipts(self, folder: Path) -> tuple[Path, ...]:
        """Write every receipt as it came, byte for byte, with its signature beside it."""
        return outbox.export_receipts(self._vault, folder)
