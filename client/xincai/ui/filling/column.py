"""A column of cards: one section of the form, or one row of a repeat.

Cards are made when they are needed: the first few at once, the rest in the pauses of the screen, and those
that are not relevant only when they become so. A long section makes further cards as one scrolls; where
one jumped over many, a gap stands for them until it comes into view.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QEasingCurve, QObject, QPropertyAnimation, Qt, QTimer
from PySide6.QtWidgets import QLabel, QStyle, QVBoxLayout, QWidget

from xincai import clock
from xincai.desk import Entry
from xincai.ui import theme
from xincai.ui.filling.board import Board
from xincai.ui.filling.card import QuestionCard
from xincai.ui.filling.sections import heading_of, is_table_title

_AT_ONCE = 8
"""Cards made before the column is shown."""
_NEAR = 4
"""Cards made on either side of one that is jumped to."""
_SLICE = 0.012
"""Seconds of card making in one go afterwards."""
_QUIET = 120
"""Milliseconds an entry takes to come."""
_HEIGHT = 96
"""Pixels a card is thought to be tall before it is made."""
_OPEN = 16_777_215
"""No limit to a widget's height (QWIDGETSIZE_MAX)."""


@dataclass(eq=False)
class Slot:
    """A place in the column; its widget is made when needed."""

    entry: Entry
    widget: QWidget | None = None


class Gap(QWidget):
    """Stands for cards that were jumped over, about as tall as they will be."""

    def __init__(self, slots: list[Slot], height: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.slots = slots
        self.setFixedHeight(height * len(slots))

    def near(self, top: int, bottom: int) -> int | None:
        """Which of the cards (from 0) would be seen between these heights; None when none would."""
        place = self.geometry()
        if place.bottom() < top or place.top() > bottom:
            return None
        if place.bottom() <= bottom:
            return len(self.slots) - 1
        share = (max(top, place.top()) - place.top()) / place.height()
        return min(int(share * len(self.slots)), len(self.slots) - 1)


class Heading(QLabel):
    """The title of a group inside a section."""

    def __init__(self, entry: Entry, board: Board, parent: QWidget | None = None) -> None:
        super().__init__(heading_of(entry), parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._ref = entry.ref
        self._board = board
        self.setWordWrap(True)
        self.setContentsMargins(24, 14, 24, 0)
        self.setProperty("role", "heading")

    def refresh(self) -> None:
        """Show the group's title as it stands now."""
        self.setText(heading_of(self._board.filling.entry(self._ref)))

    def refresh_choices(self) -> None:
        """A heading has none."""

    def retranslate(self) -> None:
        """Say the title in the form's language."""
        self.refresh()


class Column(QWidget):
    """The entries below one group or row, in the order of the form."""

    def __init__(
        self, entries: tuple[Entry, ...], board: Board, *, grows: bool = False, parent: QWidget | None = None
    ) -> None:
        """Show these entries; one that `grows` makes further cards only when asked to."""
        super().__init__(parent)
        self.board = board
        self.slots = list(_flatten(entries, board))
        self._by_ref = {slot.entry.ref: slot for slot in self.slots}
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 8, 0, 8)
        self._box.setSpacing(4)
        self._next = 0
        """The place after the last card made."""
        self._grows = grows
        self._gaps: list[Gap] = []
        self._rest = QTimer(self)
        self._rest.setInterval(0)
        self._rest.timeout.connect(self._make_some)
        board.places.update(dict.fromkeys(self._by_ref, self))
        self._make_some_more(_AT_ONCE)
        if self._next < len(self.slots) and not grows:
            self._rest.start()

    def close_down(self) -> None:
        """Leave the board; the column is about to go."""
        self._rest.stop()
        for slot in self.slots:
            inner = getattr(slot.widget, "close_down", None)
            if inner is not None:
                inner()
        self.board.forget(self._by_ref, self)

    def holds(self, ref: str) -> bool:
        """Whether a reference stands in this column or in a row inside it."""
        return self._slot_over(ref) is not None

    def reveal(self, ref: str) -> QuestionCard | None:
        """Make and return the card of a question, opening the row it is in; None when it is not here."""
        slot = self._slot_over(ref)
        if slot is None:
            return None
        at = self.slots.index(slot)
        if not self._grows:
            self._make_these(self.slots[self._next : at + 1])
        elif slot.widget is None:
            self._make_these(self._relevant(range(at, -1, -1), _NEAR))
            self._make_these(self._relevant(range(at, len(self.slots)), _NEAR))
        widget = slot.widget or self._make(slot)
        if isinstance(widget, QuestionCard):
            return widget
        opener = getattr(widget, "reveal", None)
        return opener(ref) if opener is not None else None

    def first_stop(self) -> QWidget | None:
        """The first widget here that takes the pen, made if need be."""
        return next((stop[1] for stop in self._stops()), None)

    def stop_after(self, ref: str) -> QWidget | None:
        """The widget that takes the pen after this question."""
        slot = self._slot_over(ref)
        if slot is None:
            return None
        passed = False
        for name, widget in self._stops(self.slots.index(slot)):
            if passed:
                return widget
            passed = name == ref
        return None

    def stops(self) -> list[tuple[str, QWidget]]:
        """(reference, widget) of everything that takes the pen here, in order; makes what is not made yet."""
        return list(self._stops())

    def grow(self) -> None:
        """Make some more cards, for the person who scrolls down."""
        self._make_some_more(_AT_ONCE)

    def grow_around(self, ref: str) -> None:
        """Make the cards next to a question, so that Tab finds what comes before and after it."""
        slot = self._slot_over(ref)
        if slot is not None:
            at = self.slots.index(slot)
            self._make_these(self._relevant(range(at, -1, -1), _NEAR))
            self._make_these(self._relevant(range(at, len(self.slots)), _NEAR))

    def fill(self, top: int, bottom: int) -> QWidget | None:
        """Make some cards of a gap seen between these heights; the one seen, None when there is no gap."""
        for gap in self._gaps:
            at = gap.near(top, bottom)
            if at is not None:
                self._make_these(gap.slots[max(at - _NEAR, 0) : at + _NEAR + 1])
                return gap.slots[at].widget
        return None

    def seen(self, top: int, bottom: int) -> QWidget | None:
        """The first card that begins between these heights."""
        made = (slot.widget for slot in self.slots if slot.widget is not None)
        return next((one for one in made if not one.isHidden() and top <= one.y() <= bottom), None)

    def _relevant(self, places: range, number: int) -> list[Slot]:
        found = (self.slots[place] for place in places)
        return list(itertools.islice((slot for slot in found if slot.entry.relevant), number + 1))

    def _stops(self, start: int = 0) -> Iterator[tuple[str, QWidget]]:
        for slot in self.slots[start:]:
            if not slot.entry.relevant:
                continue
            widget = slot.widget or self._make(slot)
            if isinstance(widget, QuestionCard):
                if widget.takes_pen:
                    yield slot.entry.ref, widget.field.hand()
            else:
                inner = getattr(widget, "stops", None)
                yield from inner() if inner is not None else ()

    def place(self, ref: str) -> None:
        """Show or hide an entry by its relevance."""
        slot = self._by_ref[ref]
        slot.entry = self.board.filling.entry(ref)
        if slot.entry.relevant:
            made = slot.widget is None
            if made and self._is_far(slot):
                self._lay_gaps()
                return
            widget = slot.widget or self._make(slot)
            if made or widget.isHidden():
                widget.show()
                self._let_come(widget)
        elif slot.widget is not None:
            slot.widget.hide()

    def settle(self) -> None:
        """Give everything that is typed but not yet given."""
        for slot in self.slots:
            if isinstance(slot.widget, QuestionCard):
                slot.widget.field.settle()
            else:
                inner = getattr(slot.widget, "settle", None)
                if inner is not None:
                    inner()

    def unread(self) -> str:
        """The first question that holds what could not be taken in; "" when there is none."""
        for slot in self.slots:
            if isinstance(slot.widget, QuestionCard):
                if slot.entry.relevant and slot.widget.field.is_unread:
                    return slot.entry.ref
            elif found := getattr(slot.widget, "unread", str)():
                return str(found)
        return ""

    def retranslate(self) -> None:
        """Say everything in the screen's language."""
        for slot in self.slots:
            inner = getattr(slot.widget, "retranslate", None)
            if inner is not None:
                inner()

    def _slot_over(self, ref: str) -> Slot | None:
        if ref in self._by_ref:
            return self._by_ref[ref]
        return next((slot for slot in self.slots if ref.startswith(f"{slot.entry.ref}[")), None)

    def _make(self, slot: Slot) -> QWidget:
        from xincai.ui.filling.repeats import RepeatCard

        entry = slot.entry = self.board.filling.entry(slot.entry.ref)
        widget: QuestionCard | RepeatCard | Heading
        if entry.kind == "question" and not is_table_title(entry):
            widget = QuestionCard(entry, self.board, self)
        elif entry.kind == "repeat":
            widget = RepeatCard(entry, self.board, self)
            self.board.rows[entry.ref] = widget
        else:
            widget = Heading(entry, self.board, self)
        slot.widget = widget
        self.board.shown[entry.ref] = widget
        at = self.slots.index(slot) + 1
        self._next = max(self._next, at)
        later = next((other.widget for other in self.slots[at:] if other.widget is not None), None)
        self._box.insertWidget(self._box.indexOf(later) if later is not None else -1, widget)
        return widget

    def _is_far(self, slot: Slot) -> bool:
        """Whether the entry before this one waits to be made, so that this one may wait too."""
        before = self._relevant(range(self.slots.index(slot) - 1, -1, -1), 0)
        return bool(before) and before[0].widget is None

    def _make_some_more(self, number: int) -> None:
        """Make so many cards more behind the last."""
        more = self._relevant(range(self._next, len(self.slots)), number - 1)
        self._make_these(more)
        if len(more) < number:
            self._next = len(self.slots)

    def _make_these(self, slots: list[Slot]) -> None:
        """Make cards, laid out in one go: Qt would lay all of them out anew for each."""
        wanted = [slot for slot in slots if slot.widget is None and slot.entry.relevant]
        if not wanted:
            return
        self._box.setEnabled(False)
        for slot in wanted:
            self._make(slot).show()
        self._lay_gaps()
        self._box.setEnabled(True)
        self._box.invalidate()
        self.updateGeometry()

    def _lay_gaps(self) -> None:
        """Put a gap wherever made cards follow on some that wait."""
        for gap in self._gaps:
            self._box.removeWidget(gap)
            gap.hide()
            gap.deleteLater()
        self._gaps = []
        if not self._grows:
            return
        waiting: list[Slot] = []
        for slot in self.slots:
            if slot.widget is None:
                waiting.extend([slot] if slot.entry.relevant else [])
            elif waiting:
                gap = Gap(waiting, theme.px(_HEIGHT), self)
                self._box.insertWidget(self._box.indexOf(slot.widget), gap)
                gap.show()
                self._gaps.append(gap)
                waiting = []

    def _make_some(self) -> None:
        began = clock.monotonic()
        while self._next < len(self.slots) and clock.monotonic() - began < _SLICE:
            self._make_some_more(1)
        if self._next >= len(self.slots):
            self._rest.stop()

    def _let_come(self, widget: QWidget) -> None:
        """Open quietly, when the system likes movement."""
        hint = self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, self)
        if hint <= 0 or not self.isVisible():
            return
        motion = QPropertyAnimation(widget, b"maximumHeight", widget)
        motion.setDuration(min(hint, _QUIET))
        motion.setEasingCurve(QEasingCurve.Type.OutCubic)
        motion.setStartValue(0)
        motion.setEndValue(max(widget.sizeHint().height(), 1))
        motion.finished.connect(_Release(widget).free)
        motion.start(QPropertyAnimation.DeletionPolicy.DeleteWhenStopped)


class _Release(QObject):
    """Takes the limit off a widget that has come; lives as long as the widget, for PySide holds it weakly."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget

    def free(self) -> None:
        """Let it be as tall as it wants."""
        self._widget.setMaximumHeight(_OPEN)


def _flatten(entries: tuple[Entry, ...], board: Board) -> Iterator[Slot]:
    for entry in entries:
        if entry.kind == "group":
            if heading_of(entry):
                yield Slot(entry)
            yield from _flatten(board.filling.children(entry.ref), board)
        else:
            yield Slot(entry)
