"""What stands on the page now: every card, heading and repeat by its reference.

The register through which `Changes` reach exactly those widgets that show what changed.
"""

from collections.abc import Iterable
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from xincai.desk import Changes, Filling
from xincai.ui.filling.scribe import Scribe


class Shown(Protocol):
    """A widget that shows one entry of the form."""

    def refresh(self) -> None:
        """Show the entry as it stands now."""

    def refresh_choices(self) -> None:
        """Show the choices as they stand now."""


class Place(Protocol):
    """A column that may have to make or hide the widget of an entry."""

    def place(self, ref: str) -> None:
        """Show or hide the entry by its relevance."""


class Rows(Protocol):
    """A repeat's table."""

    def rebuild(self) -> None:
        """Show the rows as they stand now."""

    def refresh_row(self, number: int) -> None:
        """Show the summary of one row (from 1) anew."""


class Board(QObject):
    """The register of what is shown, shared by all parts of one filling page."""

    onward = Signal(str)
    """Enter was pressed in a question: go to the next."""

    working = Signal(str, int, int)
    """Long work on the page: words, pieces done, pieces in all; done is all at its end."""
    stopped = Signal()
    """The person stops the long work."""

    def __init__(self, scribe: Scribe, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.scribe = scribe
        self.checked = False
        """Whether the person asked for a check: from then on every problem is shown."""
        self.shown: dict[str, Shown] = {}
        self.places: dict[str, Place] = {}
        self.rows: dict[str, Rows] = {}
        scribe.changed.connect(self.apply)

    @property
    def filling(self) -> Filling:
        """The filling under the pen."""
        return self.scribe.filling

    def forget(self, refs: Iterable[str], place: Place) -> None:
        """Drop what a column showed."""
        for ref in refs:
            if self.places.get(ref) is place:
                del self.places[ref]
                self.shown.pop(ref, None)
                self.rows.pop(ref, None)

    def apply(self, changes: Changes) -> None:
        """Draw anew what changed, and nothing else."""
        for repeat in sorted(changes.structure & self.rows.keys()):
            if repeat in self.rows:
                self.rows[repeat].rebuild()
        for ref in sorted(changes.relevance & self.places.keys()):
            if ref in self.places:
                self.places[ref].place(ref)
        for ref in changes.choices & self.shown.keys():
            self.shown[ref].refresh_choices()
        touched = changes.values | changes.validity | changes.labels | changes.relevance
        for ref in touched & self.shown.keys():
            self.shown[ref].refresh()
        for repeat, table in tuple(self.rows.items()):
            start = len(repeat) + 1
            numbers = {ref[start : ref.index("]", start)] for ref in touched if ref.startswith(f"{repeat}[")}
            for number in numbers:
                table.refresh_row(int(number))

    def show_all_problems(self) -> None:
        """From now on show every problem at its question."""
        self.checked = True
        for shown in tuple(self.shown.values()):
            shown.refresh()
