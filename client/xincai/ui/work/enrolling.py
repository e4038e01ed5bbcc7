"""Enrolling this device: the same errand at the first start and in the settings."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtWidgets import QFileDialog

from xincai.desk import Connection, EnrolmentSlip
from xincai.errors import Problem
from xincai.ui.frame import Frame
from xincai.ui.work.errand import Errand

if TYPE_CHECKING:
    from xincai.ui.pages.firstrun import FirstRunPage
    from xincai.ui.pages.settings import SettingsPage

E = TypeVar("E", bound="FirstRunPage | SettingsPage")


class EnrollingErrand(Errand[E]):
    """Carries a slip, the one-time code, or the wish to practise, to the desk."""

    def __init__(self, frame: Frame, page: E) -> None:
        super().__init__(frame, page)
        page.enrolled.connect(self._enrol)
        page.practice_wanted.connect(self._practise)
        fields = page.enrol_fields
        fields.file_wanted.connect(self._choose)
        fields.file_given.connect(self._read)
        fields.text_given.connect(self._take)

    def connected(self, connection: Connection) -> None:
        """The device is enrolled."""
        raise NotImplementedError

    def refused(self, problem: Problem) -> None:
        """Explain, and let the person try again."""
        self.page.show_busy(False)
        self.page.show_problem(problem)

    def _enrol(self, url: str, code: str) -> None:
        self.page.show_busy(True)
        self.ask(lambda: self.desk.enrol(url, code), self.connected, self.refused, lane="wire")

    def _choose(self) -> None:
        kinds = self.tr("登记单 (*.jpg *.jpeg *.png *.bmp *.webp *.pdf *.txt)")
        chosen, _ = QFileDialog.getOpenFileName(self.page, self.tr("选择登记单"), "", kinds)
        if chosen:
            self._read(Path(chosen))

    def _read(self, file: Path) -> None:
        self._look(lambda: self.desk.read_enrolment_slip(file))

    def _take(self, text: str) -> None:
        self._look(lambda: self.desk.take_enrolment_slip(text))

    def _look(self, slip: Callable[[], EnrolmentSlip]) -> None:
        self.page.show_busy(True)
        self.page.enrol_fields.hush()
        self.ask(slip, self._slip_read, self.refused)

    def _slip_read(self, slip: EnrolmentSlip) -> None:
        self.page.show_busy(False)
        self.page.enrol_fields.show_slip(slip)
        self.page.area.ensureWidgetVisible(self.page.enrol_fields)

    def _practise(self) -> None:
        self.page.show_busy(True)
        self.ask(self.desk.start_practice, self.connected, self.refused, lane="wire")
