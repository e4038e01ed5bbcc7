"""Choosing a form."""

from typing import TYPE_CHECKING

from xincai.ui.frame import Frame
from xincai.ui.pages.choose import ChoosePage
from xincai.ui.work.errand import Errand
from xincai.ui.work.opening import Opening

if TYPE_CHECKING:
    from xincai.desk import FormCard


class ChooseErrand(Errand[ChoosePage]):
    """Shows the shelf; a form chosen opens its filling."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, ChoosePage())
        self.page.form_chosen.connect(self._start)

    def enter(self, argument: object) -> None:
        """Look at the shelf."""
        del argument
        self.ask(self.desk.forms, self._show)

    def _show(self, forms: tuple["FormCard", ...]) -> None:
        self.page.render_state(forms)

    def _start(self, form_id: str) -> None:
        self.frame.go("filling", Opening("start", form_id))


def begin(frame: Frame) -> ChooseErrand:
    """The errand with its page."""
    return ChooseErrand(frame)
