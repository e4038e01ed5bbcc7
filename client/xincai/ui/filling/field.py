"""What every field has in common: it shows an entry, gives values, and says when the person goes on.

A field never decides whether a value is right: it hands the value to its card and shows what comes back.
"""

import datetime

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from xincai import clock
from xincai.desk import Entry
from xincai.ui.filling.dates import offset_text
from xincai.ui.filling.scribe import Scribe
from xincai.ui.filling.units import unit_of
from xincai.ui.guard import guarded
from xincai.ui.theme import dress

PAUSE = 500
"""Milliseconds without a key after which what is typed so far is taken in."""


class Field(QWidget):
    """The place for one answer."""

    beside = False
    """Whether it stands beside its label, as a line of a table does, and not under it."""

    given = Signal(str)
    """A value to store; "" clears."""
    refused = Signal(str)
    """What was typed cannot be a value of this kind; the sentence says what can."""
    onward = Signal()
    """Enter: the person goes to the next question."""
    departed = Signal()
    """The pen left this field."""
    remarked = Signal(str)
    """A sentence to stand under the field: the amount in capitals, the weekday."""

    def __init__(self, entry: Entry, scribe: Scribe, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entry = entry
        self.scribe = scribe
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(6)

    @property
    def ref(self) -> str:
        """The question's reference."""
        return self.entry.ref

    def hand(self) -> QWidget:
        """The widget that takes the keyboard."""
        return self

    def show_entry(self, entry: Entry) -> None:
        """Show the entry as it stands now."""
        self.entry = entry

    def show_choices(self) -> None:
        """Show the choices as they stand now."""

    @property
    def is_unread(self) -> bool:
        """Whether something stands here, after `settle`, that could not be taken in."""
        return False

    def settle(self) -> None:
        """Give what is typed but not yet given."""

    def retranslate(self) -> None:
        """Say the field's own words in the screen's language."""

    def mark(self, tone: str) -> None:
        """Show that the answer is in trouble ("bad") or fine ("")."""
        hand = self.hand()
        if isinstance(hand, QLineEdit) and hand.property("tone") != tone:
            dress(hand, str(hand.property("role") or ""), tone)


class Line(QLineEdit):
    """A line to type in: unit inside, Undo left to the page when there is nothing of its own to undo."""

    focused = Signal()
    departed = Signal()

    def __init__(self, unit: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._unit: QLabel | None = None
        self.set_unit(unit)

    def set_unit(self, unit: str) -> None:
        """Write the unit at the right end, inside."""
        if self._unit is None:
            if not unit:
                return
            self._unit = QLabel(self)
            self._unit.setProperty("role", "muted")
            self._unit.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        if self._unit.text() != unit:
            self._unit.setText(unit)
            self._place_unit()

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_unit()

    def _place_unit(self) -> None:
        if self._unit is not None:
            self._unit.adjustSize()
            width, height = self._unit.width(), self._unit.height()
            self._unit.move(self.width() - width - 12, (self.height() - height) // 2)
            self.setTextMargins(0, 0, width + 6, 0)

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Undo) and not self.isUndoAvailable():
            event.ignore()
            return
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()  # Qt hands it on to the parents, who would go on once more

    @guarded(None)
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit()

    @guarded(None)
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.departed.emit()


class TypedField(Field):
    """A field with one line: takes what is typed in on a pause, on Enter and on leaving."""

    def __init__(self, entry: Entry, scribe: Scribe, parent: QWidget | None = None) -> None:
        super().__init__(entry, scribe, parent)
        self.line = Line(unit_of(entry), self)
        self.line.setObjectName(f"q:{entry.ref}")
        self.line.setAccessibleName(entry.label)
        self.box.addWidget(self.line)
        self._typing = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self._on_pause)
        self.line.textEdited.connect(self._on_typed)
        self.line.returnPressed.connect(self._on_enter)
        self.line.focused.connect(self._on_focused)
        self.line.departed.connect(self._on_departed)
        self._show()

    def hand(self) -> QWidget:
        return self.line

    def read(self, text: str) -> str | None:
        """The value that a typed text means; None when it means none."""
        return text.strip()

    def write(self, value: str) -> str:
        """The text that shows a value while the pen is in the field."""
        return value

    def rest(self, value: str) -> str:
        """The text that shows a value after the pen has left."""
        return self.write(value)

    def complaint(self) -> str:
        """What can be typed here, for somebody whose text cannot be read."""
        return self.tr("没有看懂这里填的内容，请重新填写。")

    def remark(self, _value: str, /) -> str:
        """The sentence under the field for a value."""
        return ""

    def show_entry(self, entry: Entry) -> None:
        changed = entry.value != self.entry.value
        super().show_entry(entry)
        self.line.setAccessibleName(entry.label)
        self.line.set_unit(unit_of(entry))
        if not self._typing or (changed and self.read(self.line.text()) != entry.value):
            self._typing = False
            self._show()

    @property
    def is_unread(self) -> bool:
        return self._typing

    def settle(self) -> None:
        self._pause.stop()
        if not self._typing:
            return
        value = self.read(self.line.text())
        if value is None:
            self.refused.emit(self.complaint())
            return
        self._typing = False
        self.given.emit(value)

    def _show(self) -> None:
        value = self.entry.value
        text = self.write(value) if self.line.hasFocus() else self.rest(value)
        if self.line.text() != text:
            self.line.setText(text)
        if not self.line.hasFocus():
            self.line.setCursorPosition(0)  # a long name shows how it begins
        self.remarked.emit(self.remark(self.entry.value))

    def _on_typed(self, text: str) -> None:
        self._typing = True
        self._pause.start()
        value = self.read(text)
        self.remarked.emit(self.remark(value) if value is not None else "")

    def _on_pause(self) -> None:
        """Take in what is typed so far, without a word if it is not yet a value."""
        value = self.read(self.line.text())
        if value is not None:
            self.given.emit(value)

    def _on_enter(self) -> None:
        self.settle()
        self.onward.emit()

    def _on_focused(self) -> None:
        if not self._typing:
            self._show()

    def _on_departed(self) -> None:
        self.settle()
        if not self._typing:
            self._show()
        self.departed.emit()


class Departure(QObject):
    """Tells when the pen leaves a field of several widgets for good."""

    departed = Signal()

    def __init__(self, field: QWidget) -> None:
        super().__init__(field)
        self._field = field

    def watch(self, widget: QWidget) -> None:
        """Watch one of the field's widgets."""
        widget.installEventFilter(self)

    @guarded(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            QTimer.singleShot(0, self, self._look)
        return super().eventFilter(watched, event)

    def _look(self) -> None:
        focus = self._field.window().focusWidget()
        if focus is None or not self._field.isAncestorOf(focus):
            self.departed.emit()


def local_offset() -> str:
    """This computer's offset from UTC, `+08:00`."""
    return offset_text(clock.now().astimezone().utcoffset())


def local_today() -> datetime.date:
    """Today's date where this computer stands."""
    return clock.today()
