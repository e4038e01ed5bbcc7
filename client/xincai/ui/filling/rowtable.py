"""The rows of a repeat in short: arrows move, Enter opens, Ctrl+V pastes, Delete removes."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QTableWidget, QWidget

from xincai.ui import theme
from xincai.ui.guard import guarded


class RowTable(QTableWidget):
    """The rows in short; Enter opens one, Ctrl+V pastes, Delete removes."""

    opened = Signal(int)
    """A row (from 1) to put the pen into."""
    moved = Signal(int)
    """The row (from 1) the arrow keys came to."""
    removed = Signal(int)
    """A row (from 1) to take away."""
    pasted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.px(40))
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        self.horizontalHeader().setFixedHeight(theme.px(38))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.cellClicked.connect(self._on_clicked)

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self.pasted.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentRow() >= 0:
            self.opened.emit(self.currentRow() + 1)
        elif event.key() == Qt.Key.Key_Delete and self.currentRow() >= 0:
            self.removed.emit(self.currentRow() + 1)
        else:
            before = self.currentRow()
            super().keyPressEvent(event)
            if self.currentRow() not in (before, -1):
                self.moved.emit(self.currentRow() + 1)

    def _on_clicked(self, row: int, _column: int) -> None:
        self.opened.emit(row + 1)
