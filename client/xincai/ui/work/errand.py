"""What every errand has: its page, the frame around it, and a way to ask the desk."""

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject

from xincai.errors import Problem
from xincai.ui.frame import Frame
from xincai.ui.parts import Page
from xincai.ui.tasks import Job, Lane

P = TypeVar("P", bound=Page)
T = TypeVar("T")


class Errand(QObject, Generic[P]):
    """Lives and dies with its page."""

    def __init__(self, frame: Frame, page: P) -> None:
        super().__init__(page)
        self.frame = frame
        self.page = page
        self.desk = frame.desk

    def enter(self, argument: object) -> None:
        """The page comes into view: fetch what it shows."""

    def keep(self, argument: object) -> object:
        """What to enter with when the page is built anew in another language."""
        return argument

    def draft(self) -> str:
        """The id of the draft that is filled here; "" elsewhere."""
        return ""

    def leave(self) -> None:
        """Another page comes into view."""

    def settle(self) -> None:
        """Take in what is still being typed."""

    def ask(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[Problem], None] | None = None,
        *,
        lane: Lane = "vault",
    ) -> Job:
        """Ask the desk; trouble is explained on the page unless `failed` takes it."""
        self.page.trouble.clear()
        self.frame.hush()
        return self.frame.tasks.run(self.page, work, done, failed or self.page.show_problem, lane=lane)
