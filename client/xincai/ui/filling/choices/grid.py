"""Choices in one row: with the words beneath (likert), above (list), or in the table's head (table-list)."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QWidget

from xincai.desk import Choice, Entry
from xincai.ui import parts, theme
from xincai.ui.filling.field import Field
from xincai.ui.filling.options import Options, OptionsField
from xincai.ui.filling.scribe import Scribe
from xincai.ui.guard import guarded


class Under(QLabel):
    """Words that belong to a button: a click on them presses it."""

    def __init__(self, button: QAbstractButton, parent: QWidget) -> None:
        super().__init__(parent)
        self._button = button
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @guarded(None)
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._button.setFocus()
            self._button.click()


class OptionRow(Options):
    """Bare buttons in columns of one width; `words` says where their words stand ("under", "over", "")."""

    def __init__(self, ref: str, *, many: bool, words: str, parent: QWidget | None = None) -> None:
        super().__init__(ref, many=many, parent=parent)
        self._words = words
        self._labels: list[Under] = []

    def _columns(self, choices: tuple[Choice, ...]) -> int:
        return max(len(choices), 1)

    def _clear(self) -> None:
        super()._clear()
        for label in self._labels:
            label.setParent(None)
            label.deleteLater()
        self._labels = []

    def _put(self, number: int, columns: int) -> None:
        button = self.buttons[number]
        theme.dress(button, "bare")
        line = 1 if self._words == "over" else 0
        self._grid.addWidget(button, line, number, Qt.AlignmentFlag.AlignHCenter)
        self._grid.setColumnStretch(number, 1)
        self._grid.setColumnMinimumWidth(number, theme.px(48))
        if self._words:
            label = Under(button, self)
            label.setText(button.accessibleName())
            self._grid.addWidget(label, 1 - line, number)
            self._labels.append(label)
        del columns

    def _say(self, button: QAbstractButton, number: int, choice: Choice) -> None:
        button.setText("")
        button.setAccessibleName(choice.label)
        button.setToolTip("" if self._words else choice.label)
        if number < len(self._labels):
            self._labels[number].setText(choice.label)


class RowField(OptionsField):
    """Choices in one row, the words of each beneath or above it."""

    def make_options(self) -> Options:
        words = "over" if "list" in self.entry.appearance.split() else "under"
        return OptionRow(self.entry.ref, many=self._many, words=words, parent=self)


class CellsField(OptionsField):
    """One line of a table of choices; the words stand in the table's head. It lies beside its label."""

    beside = True

    def make_options(self) -> Options:
        return OptionRow(self.entry.ref, many=self._many, words="", parent=self)


class HeadField(Field):
    """The head of a table of choices: their words alone."""

    beside = True

    def __init__(self, entry: Entry, scribe: Scribe, parent: QWidget | None = None) -> None:
        super().__init__(entry, scribe, parent)
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        self.box.addLayout(self._row)
        self.show_choices()

    def show_choices(self) -> None:
        parts.clear(self._row)
        for choice in self.scribe.filling.choices(self.ref):
            label = parts.text(choice.label, "muted")
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom)
            label.setMinimumWidth(theme.px(48))
            self._row.addWidget(label, 1)
