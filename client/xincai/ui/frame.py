"""What a page's errand may ask of the window it stands in."""

from typing import TYPE_CHECKING, Protocol

from xincai.desk import Preferences
from xincai.errors import Problem
from xincai.ui.tasks import Tasks
from xincai.ui.theme import Tone

if TYPE_CHECKING:
    from xincai.desk import Desk
    from xincai.ui.delivering import Delivering


class Frame(Protocol):
    """The window, as seen from a page."""

    desk: "Desk"
    tasks: Tasks
    preferences: Preferences
    delivering: "Delivering"

    def go(self, place: str, argument: object = None) -> None:
        """Show another page; back leads here again."""

    def leave_for(self, place: str, argument: object = None) -> None:
        """Show another page in place of this one, which is done with."""

    def now_at(self, argument: object) -> None:
        """Coming back here later means this."""

    def show_saved(self, at: str) -> None:
        """A draft was saved at this time of day."""

    def back(self) -> None:
        """Show the page before this one."""

    def say(self, words: str, tone: Tone = "good") -> None:
        """Tell something in passing, at the top of the page."""

    def hush(self) -> None:
        """What was told in passing is past."""

    def take(self, problem: Problem) -> None:
        """Explain trouble on the page in view."""

    def refresh(self) -> None:
        """Something changed at the desk: look again at what the frame itself shows."""

    def taken_back(self) -> None:
        """The computer is back with whoever opened the vault."""

    def lock(self) -> None:
        """Save, and start afresh before the locked vault."""

    def open_vault(self) -> None:
        """The vault is open: show the program."""

    def prefer(self, preferences: Preferences) -> None:
        """Wear another language or text size."""
