"""Range questions: a ruler with a number box beside it, a list of the steps, or stars."""

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from xincai.desk import Choice, Entry
from xincai.ui import parts, theme
from xincai.ui.filling.drawn import Drawn
from xincai.ui.filling.field import Departure, Field, Line
from xincai.ui.filling.money import plain
from xincai.ui.filling.scales.ruler import Ruler
from xincai.ui.filling.scales.steps import ONE_TO_TEN, Steps, read_steps
from xincai.ui.filling.scribe import Scribe
from xincai.ui.filling.search import DropField
from xincai.ui.guard import guarded

_STAR = ((0, -10), (3, -3.2), (10, -3), (4.6, 1.4), (6.4, 8.6), (0, 4.6),
         (-6.4, 8.6), (-4.6, 1.4), (-10, -3), (-3, -3.2))  # fmt: skip
_CELL = 40


def steps_of(entry: Entry) -> Steps:
    """The steps of a range question; one to ten when its parameters make no sense."""
    return read_steps(entry.parameters) or ONE_TO_TEN


class RangeField(Field):
    """A number on a ruler, or typed beside it; untouched it is empty."""

    def __init__(self, entry: Entry, scribe: Scribe, parent: QWidget | None = None) -> None:
        super().__init__(entry, scribe, parent)
        words = entry.appearance.split()
        self.steps = steps_of(entry)
        upright = "vertical" in words
        self.ruler = Ruler(self.steps, upright=upright, ticks="no-ticks" not in words, parent=self)
        self.ruler.setObjectName(f"q:{entry.ref}")
        self.ruler.setAccessibleName(entry.label)
        self.number = Line(entry.attributes.get("unit", ""), self)
        self.number.setObjectName(f"number:{entry.ref}")
        self.number.setFixedWidth(theme.px(104))
        self.box.addWidget(parts.row(self.ruler, self.number, *([None] if upright else []), gap=16))
        self.ruler.chosen.connect(self._on_chosen)
        self.ruler.onward.connect(self._on_enter)
        self.number.returnPressed.connect(self._on_enter)
        self._typing = False
        self.number.textEdited.connect(self._on_typed)
        departure = Departure(self)
        departure.watch(self.ruler)
        departure.watch(self.number)
        departure.departed.connect(self._on_departed)
        self._show()

    def hand(self) -> QWidget:
        return self.ruler

    def show_entry(self, entry: Entry) -> None:
        super().show_entry(entry)
        self.ruler.setAccessibleName(entry.label)
        self._show()

    def show_choices(self) -> None:
        self._show()

    def retranslate(self) -> None:
        self.number.setAccessibleName(self.tr("直接填数"))
        self.number.setPlaceholderText(self.tr("未填"))

    @property
    def is_unread(self) -> bool:
        return self._typing

    def settle(self) -> None:
        if not self._typing:
            return
        typed = plain(self.number.text().strip())
        place = self.steps.place(typed)
        if typed and place is None:
            words = self.tr("请填 {first} 到 {last} 之间的数，每档相差 {step}。")
            first, last = self.steps.value(0), self.steps.value(self.steps.last)
            self.refused.emit(words.format(first=first, last=last, step=f"{abs(self.steps.step):f}"))
            return
        self._typing = False
        self.given.emit("" if place is None else self.steps.value(place))

    def _show(self) -> None:
        value = self.entry.value
        said = {choice.value: choice.label for choice in self.scribe.filling.choices(self.ref)}
        places = {self.steps.place(one): label for one, label in said.items()}
        words = {place: label for place, label in places.items() if place is not None}
        numbers = {place: self.steps.value(place) for place in self.steps.numbered}
        self.ruler.show_place(self.steps.place(value), words or numbers)
        if not self._typing and self.number.text() != value:
            self.number.setText(value)
        self.remarked.emit(said.get(value, ""))

    def _on_chosen(self, place: int) -> None:
        self._typing = False
        self.given.emit("" if place < 0 else self.steps.value(place))

    def _on_typed(self) -> None:
        self._typing = True

    def _on_enter(self) -> None:
        self.settle()
        self.onward.emit()

    def _on_departed(self) -> None:
        self.settle()
        self.departed.emit()


class PickerField(DropField):
    """A range as a list of its steps."""

    def offered(self) -> tuple[Choice, ...]:
        steps = steps_of(self.entry)
        said = {choice.value: choice.label for choice in self.scribe.filling.choices(self.ref)}
        values = [steps.value(place) for place in range(steps.last + 1)]
        return tuple(Choice(value, f"{value}  {said[value]}" if value in said else value) for value in values)


class Stars(Drawn):
    """A row of stars; a click, a digit or the arrow keys say how many."""

    chosen = Signal(int)
    """So many stars; 0 takes the answer away."""
    onward = Signal()

    def __init__(self, count: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.count = count
        self.lit = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(QSize(theme.px(_CELL) * count + 8, theme.px(_CELL) + 4))

    def light(self, count: int) -> None:
        """Show so many stars lit."""
        self.lit = count
        self.update()

    @guarded(None)
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            place = int((event.position().x() - 4) // theme.px(_CELL)) + 1
            self.chosen.emit(min(max(place, 1), self.count))

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, digit = event.key(), event.key() - Qt.Key.Key_0
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            event.ignore()
        elif 1 <= digit <= min(self.count, 9):
            self.chosen.emit(digit)
        elif key in (Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Left, Qt.Key.Key_Down):
            by = 1 if key in (Qt.Key.Key_Right, Qt.Key.Key_Up) else -1
            self.chosen.emit(min(max(self.lit + by, 1), self.count))
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.chosen.emit(0)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.onward.emit()
        else:
            event.ignore()

    @guarded(None)
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 6, 6)
        cell, size = theme.px(_CELL), theme.px(_CELL) / 28
        for number in range(self.count):
            lit = number < self.lit
            painter.setPen(QPen(theme.colour("amber" if lit else "field_line"), 1.5))
            painter.setBrush(theme.colour("amber" if lit else "field"))
            middle = QPointF(4 + cell * (number + 0.5), self.height() / 2)
            painter.drawPolygon(QPolygonF([middle + QPointF(x, y) * size for x, y in _STAR]))
        painter.end()


class StarsField(Field):
    """A range as stars: the number of stars is the number of steps to the value."""

    def __init__(self, entry: Entry, scribe: Scribe, parent: QWidget | None = None) -> None:
        super().__init__(entry, scribe, parent)
        self._steps = steps_of(entry)
        self.stars = Stars(self._steps.last + 1, self)
        self.stars.setObjectName(f"q:{entry.ref}")
        self.box.addWidget(self.stars)
        self.stars.chosen.connect(self._on_chosen)
        self.stars.onward.connect(self.onward)
        self.stars.departed.connect(self.departed)
        self.show_entry(entry)

    def hand(self) -> QWidget:
        return self.stars

    def show_entry(self, entry: Entry) -> None:
        super().show_entry(entry)
        place = self._steps.place(entry.value)
        self.stars.setAccessibleName(entry.label)
        self.stars.light(0 if place is None else place + 1)
        last = self._steps.value(self._steps.last)
        self.remarked.emit(f"{entry.value} / {last}" if entry.value else "")

    def retranslate(self) -> None:
        self.show_entry(self.entry)

    def _on_chosen(self, count: int) -> None:
        self.given.emit(self._steps.value(count - 1) if count else "")
