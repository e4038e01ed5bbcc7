"""A record: showing a version, writing letters, starting a correction."""

from pathlib import Path
from typing import cast

from PySide6.QtWidgets import QFileDialog

from xincai.desk import LetterCard, RecordDetail
from xincai.desk.views import LetterKind
from xincai.ui import language
from xincai.ui.ask import sure
from xincai.ui.frame import Frame
from xincai.ui.pages.record import RecordPage
from xincai.ui.work.errand import Errand
from xincai.ui.work.opening import Opening


class RecordErrand(Errand[RecordPage]):
    """Fetches the record and carries what is wanted of it."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, RecordPage())
        self._record_id = ""
        self._version: int | None = None
        page = self.page
        page.version_wanted.connect(self._look_at)
        page.correction_wanted.connect(self._correct)
        page.earnest_wanted.connect(self._in_earnest)
        page.letter_wanted.connect(self._write)
        page.report_wanted.connect(self._report)
        page.letter_opened.connect(self._open)
        page.image_wanted.connect(self._fetch_image)
        page.reveal_wanted.connect(self._reveal)
        page.outbox_wanted.connect(self._outbox)
        page.export_wanted.connect(self._export)

    def enter(self, argument: object) -> None:
        """Show the record's latest version."""
        self._record_id = str(argument)
        self._look_at(None)

    def _look_at(self, version: int | None) -> None:
        self.ask(lambda: self.desk.record(self._record_id, version, language.current()), self._show)

    def _show(self, detail: RecordDetail) -> None:
        self._version = detail.card.version
        self.page.render_state(detail)
        self.page.start_focus()

    def _correct(self) -> None:
        self.frame.go("filling", Opening("correct", self._record_id))

    def _in_earnest(self) -> None:
        self.frame.go("filling", Opening("earnest", self._record_id))

    def _write(self, kind: str) -> None:
        chosen = cast("LetterKind", kind)
        self.ask(lambda: self.desk.write_letter(self._record_id, chosen, language.current()), self._open)

    def _report(self, full: bool) -> None:
        words = self.tr("完整报告不遮盖证件号码、账号等，只能当面交给本人或者其受托人；出具会记入日志。")
        if full and not sure(self.page, words, self.tr("出具完整报告(&W)")):
            return
        record_id, speak = self._record_id, language.current()
        self.ask(lambda: self.desk.write_report(record_id, speak, in_full=full), self._open)

    def _open(self, letter: LetterCard) -> None:
        self.frame.go("letter", letter)

    def _fetch_image(self, name: str, reason: str, note: str) -> None:
        version = self._version or 1
        self.ask(
            lambda: self.desk.record_image(self._record_id, version, name, reason, note),
            lambda data: self.page.show_image(name, data),
        )

    def _reveal(self, ref: str, reason: str, note: str) -> None:
        record_id, version = self._record_id, self._version or 1
        self.ask(
            lambda: self.desk.reveal(record_id, version, ref, reason, note),
            lambda value: self._revealed(record_id, version, ref, value),
        )

    def _revealed(self, record_id: str, version: int, ref: str, value: str) -> None:
        if (record_id, version) == (self._record_id, self._version):
            self.page.show_revealed(ref, value)

    def _export(self) -> None:
        record_id, version = self._record_id, self._version or 1
        chosen = QFileDialog.getExistingDirectory(self.page, self.tr("加密件存到哪里"))
        if chosen:
            self.ask(lambda: self.desk.export_encrypted(record_id, version, Path(chosen)), self._exported)

    def _exported(self, folder: Path) -> None:
        self.frame.say(self.tr("加密件已写入文件夹“{name}”。").format(name=folder.name))

    def _outbox(self) -> None:
        self.frame.go("outbox")


def begin(frame: Frame) -> RecordErrand:
    """The errand with its page."""
    return RecordErrand(frame)
