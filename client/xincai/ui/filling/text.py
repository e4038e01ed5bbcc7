"""Words: one line, several lines, and identity numbers that hide when the pen leaves them."""

import re

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from xincai.desk import Entry
from xincai.desk.figures import thousands
from xincai.ui import icons, theme
from xincai.ui.filling.field import PAUSE, Field, TypedField
from xincai.ui.filling.money import plain
from xincai.ui.filling.scribe import Scribe
from xincai.ui.guard import guarded

MASKED = "L4"
"""The level whose answers are masked wherever the pen is not."""
LISTED = frozenset({"L3", MASKED})
"""The levels whose answers are masked away from their questions: in the side panel, in what is told."""
_HIDDEN = frozenset({"masked", "hidden-answer"})
"""Appearances whose answer nobody near the screen may read, not even while it is typed."""
_CODE = re.compile(r"^[0-9A-Z-]{6,}$")


def mask(value: str) -> str:
    """An answer of level L4 as bystanders may see it: the first 6 and last 4 of a number, else the first."""
    if len(value) >= 15:
        return f"{value[:6]}{'*' * (len(value) - 10)}{value[-4:]}"
    return value[:1] + "*" * (len(value) - 1)


class TextField(TypedField):
    """One line of words or a code."""

    def __init__(self, entry: Entry, scribe: Scribe, parent: QWidget | None = None) -> None:
        self._revealed = False
        self._hidden = not _HIDDEN.isdisjoint(entry.appearance.split())
        self._secret = self._hidden or entry.attributes.get("level") == MASKED
        self._code = (
            entry.attributes.get("level") == MASKED
            or entry.attributes.get("subject") == "code"
            or "numbers" in entry.appearance
        )
        self._apart = "thousands-sep" in entry.appearance.split()
        super().__init__(entry, scribe, parent)
        self._eye: QAction | None = None
        if self._hidden:
            self.line.setEchoMode(QLineEdit.EchoMode.Password)
        if self._secret:
            self._eye = QAction(icons.icon("eye", "muted"), "", self)
            self._eye.setCheckable(True)
            self._eye.toggled.connect(self._reveal)
            self.line.addAction(self._eye, QLineEdit.ActionPosition.TrailingPosition)
            self.retranslate()

    def read(self, text: str) -> str | None:
        tidy = text.strip()
        code = plain(tidy).upper()
        if self._apart and code.isdecimal():
            return code
        return code if self._code and _CODE.match(code) else tidy

    def rest(self, value: str) -> str:
        if self._secret and not self._hidden and not self._revealed:
            return mask(value)
        return thousands(value) if self._apart and not value.startswith("0") else value

    def remark(self, value: str) -> str:
        if not self._code or not value or len(value) < 8:
            return ""
        if not self._typing:
            return ""
        return self.tr("已输入 {count} 位").format(count=len(value))

    def retranslate(self) -> None:
        if self._eye is not None:
            self._eye.setText(self.tr("隐藏号码") if self._revealed else self.tr("显示号码"))

    def _reveal(self, shown: bool) -> None:
        self._revealed = shown
        if shown and self.entry.value and not self._hidden:
            self.scribe.looked_at(self.entry.ref)
        if self._eye is not None:
            self._eye.setIcon(icons.icon("eye-off" if shown else "eye", "muted"))
        if self._hidden:
            self.line.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self.retranslate()
        if not self._typing:
            self._show()


_MOST_ROWS = 20


class Paper(QPlainTextEdit):
    """Several lines; Enter goes on as everywhere, Shift+Enter begins a line; it grows with the words."""

    onward = Signal()
    departed = Signal()

    def __init__(self, parent: QWidget | None = None, rows: int = 3) -> None:
        super().__init__(parent)
        self._rows = rows
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.document().documentLayout().documentSizeChanged.connect(self._grow)
        self._grow()

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        new_line = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier
        if enter and event.modifiers() & new_line:
            self.insertPlainText("\n")
        elif enter:
            self.onward.emit()
        elif event.matches(QKeySequence.StandardKey.Undo) and not self.document().isUndoAvailable():
            event.ignore()
        else:
            super().keyPressEvent(event)

    @guarded(None)
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.departed.emit()

    def _grow(self) -> None:
        lines = min(max(self.document().blockCount(), self._rows), max(10, self._rows))
        self.setFixedHeight(self.fontMetrics().lineSpacing() * lines + theme.px(26))


class ParagraphField(Field):
    """Several lines of words."""

    def __init__(self, entry: Entry, scribe: Scribe, parent: QWidget | None = None) -> None:
        super().__init__(entry, scribe, parent)
        rows = entry.parameters.get("rows", "")
        self.paper = Paper(self, min(int(rows), _MOST_ROWS) if rows.isdigit() and int(rows) else 3)
        self.paper.setObjectName(f"q:{entry.ref}")
        self.paper.setAccessibleName(entry.label)
        self.paper.setPlainText(entry.value)
        self.box.addWidget(self.paper)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self.settle)
        self.paper.textChanged.connect(self._pause.start)
        self.paper.onward.connect(self._on_enter)
        self.paper.departed.connect(self._on_departed)

    def hand(self) -> QWidget:
        return self.paper

    def show_entry(self, entry: Entry) -> None:
        changed = entry.value != self.entry.value
        super().show_entry(entry)
        self.paper.setAccessibleName(entry.label)
        if changed and self.paper.toPlainText().strip() != entry.value:
            self.paper.setPlainText(entry.value)
            self._pause.stop()

    def retranslate(self) -> None:
        self.paper.setPlaceholderText(self.tr("回车到下一题，Shift+回车换行"))

    def settle(self) -> None:
        self._pause.stop()
        value = self.paper.toPlainText().strip()
        if value != self.entry.value:
            self.given.emit(value)

    def _on_enter(self) -> None:
        self.settle()
        self.onward.emit()

    def _on_departed(self) -> None:
        self.settle()
        self.departed.emit()
