"""Receipts and corrections."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from xincai.desk import CorrectionCard, ReceiptCard
from xincai.ui.frame import Frame
from xincai.ui.pages.receipts import ReceiptsPage
from xincai.ui.work.errand import Errand
from xincai.ui.work.opening import Opening

_Answers = tuple[tuple[CorrectionCard, ...], tuple[ReceiptCard, ...]]


class ReceiptsErrand(Errand[ReceiptsPage]):
    """Shows what the platform answered; a correction opens as a filling."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, ReceiptsPage())
        self.page.correction_opened.connect(self._correct)
        self.page.record_opened.connect(self._see)
        self.page.export_wanted.connect(self._export)

    def enter(self, argument: object) -> None:
        """Look afresh."""
        del argument
        self.ask(lambda: (self.desk.corrections(), self.desk.receipts()), self._show)
        self.frame.refresh()

    def _show(self, answers: _Answers) -> None:
        self.page.render_state(*answers)

    def _correct(self, correction: CorrectionCard) -> None:
        self.frame.go("filling", Opening.of(correction))

    def _see(self, record_id: str) -> None:
        self.frame.go("record", record_id)

    def _export(self) -> None:
        folder = QFileDialog.getExistingDirectory(self.page, self.tr("导出到哪个文件夹"))
        if folder:
            self.export_to(Path(folder))

    def export_to(self, folder: Path) -> None:
        """Write every receipt, as it came, into a folder."""
        self.ask(lambda: self.desk.export_receipts(folder), self._exported)

    def _exported(self, files: tuple[Path, ...]) -> None:
        self.frame.say(self.tr("已导出 %n 个文件。", "", len(files)))


def begin(frame: Frame) -> ReceiptsErrand:
    """The errand with its page."""
    return ReceiptsErrand(frame)
