"""Enrolling this device: the same errand at the first start and in the settings."""

from typing import TYPE_CHECKING, TypeVar

from xincai.desk import Connection
from xincai.errors import Problem
from xincai.ui.frame import Frame
from xincai.ui.work.errand import Errand

if TYPE_CHECKING:
    from xincai.ui.pages.firstrun import FirstRunPage
    from xincai.ui.pages.settings import SettingsPage

E = TypeVar("E", bound="FirstRunPage | SettingsPage")


class EnrollingErrand(Errand[E]):
    """Carries the one-time code, or the wish to practise, to the desk."""

    def __init__(self, frame: Frame, page: E) -> None:
        super().__init__(frame, page)
        page.enrolled.connect(self._enrol)
        page.practice_wanted.connect(self._practise)

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

    def _practise(self) -> None:
        self.page.show_busy(True)
        self.ask(self.desk.start_practice, self.connected, self.refused, lane="wire")
