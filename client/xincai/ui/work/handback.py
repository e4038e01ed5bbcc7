"""Giving the computer back."""

from typing import Final

from xincai.errors import Problem
from xincai.ui.frame import Frame
from xincai.ui.pages.handback import HandBackPage
from xincai.ui.work.errand import Errand

TRIES: Final = 5
"""After so many wrong passphrases the program locks."""


class HandBackErrand(Errand[HandBackPage]):
    """Tries the passphrase."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, HandBackPage())
        self._wrong = 0
        self.page.taken.connect(self._take)
        self.page.going_on.connect(frame.back)

    def enter(self, argument: object) -> None:
        """Whether there is a filling to go on with."""
        self.page.on.setVisible(argument == "open")

    def _take(self, secret: str) -> None:
        self.page.show_busy(True)
        self.ask(lambda: self.desk.take_back(secret), self._taken, self._refused)

    def _taken(self, _nothing: None) -> None:
        self.page.passphrase.clear()
        self.frame.taken_back()

    def _refused(self, problem: Problem) -> None:
        self.page.show_busy(False)
        self.page.show_problem(problem)
        self.page.show_refused()
        self._wrong += 1
        if self._wrong >= TRIES:
            self.frame.lock()


def begin(frame: Frame) -> HandBackErrand:
    """The errand with its page."""
    return HandBackErrand(frame)
