"""Choices in an order: dragged with the mouse or moved by keys; untouched, there is no order."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QDropEvent, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QWidget

from xincai.desk import Choice, Entry
from xincai.ui import parts, theme
from xincai.ui.filling.field import Departure, Field
from xincai.ui.filling.scribe import Scribe
from xincai.ui.guard import guarded

_ROW = 34
_ROWS = 12
_VALUE = Qt.ItemDataRole.UserRole


class OrderList(QListWidget):
    """Rows to drag; Alt or Shift with an arrow moves the row, a digit sends it to that place."""

    reordered = Signal()
    """The person moved a row, or took the order as it stands."""
    emptied = Signal()
    onward = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def values(self) -> list[str]:
        """The values from first to last."""
        return [str(self.item(row).data(_VALUE)) for row in range(self.count())]

    def shift(self, to: int) -> None:
        """Send the current row to a place."""
        row = self.currentRow()
        if row >= 0 and 0 <= to < self.count():
            self.insertItem(to, self.takeItem(row))
            self.setCurrentRow(to)
            self.reordered.emit()

    @guarded(None)
    def dropEvent(self, event: QDropEvent) -> None:
        super().dropEvent(event)
        QTimer.singleShot(0, self, self.reordered.emit)  # the row has left its old place by then

    @guarded(None)
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.currentRow() < 0 and self.count():
            self.setCurrentRow(0)

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, digit = event.key(), event.key() - Qt.Key.Key_0
        held = event.modifiers() & (Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier)
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and held:
            self.shift(self.currentRow() + (1 if key == Qt.Key.Key_Down else -1))
        elif (
            1 <= digit <= min(9, self.count()) and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        ):
            self.shift(digit - 1)
        elif key == Qt.Key.Key_Space:
            self.reordered.emit()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.emptied.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.onward.emit()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End):
            super().keyPressEvent(event)
        else:
            event.ignore()


class RankField(Field):
    """All choices from the most to the least; nothing is stored until the person touches the order."""

    def __init__(self, entry: Entry, scribe: Scribe, parent: QWidget | None = None) -> None:
        super().__init__(entry, scribe, parent)
        self._choices: tuple[Choice, ...] = ()
        self.list = OrderList(self)
        self.list.setObjectName(f"q:{entry.ref}")
        self.list.setAccessibleName(entry.label)
        self.up = parts.button("↑", f"up:{entry.ref}")
        self.down = parts.button("↓", f"down:{entry.ref}")
        self.take = parts.button("", f"take:{entry.ref}", "quiet")
        self.drop = parts.button("", f"clear:{entry.ref}", "quiet")
        for button in (self.up, self.down):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.box.addWidget(self.list)
        self.box.addWidget(parts.row(self.up, self.down, None, self.take, self.drop))
        self.list.reordered.connect(self._on_reordered)
        self.list.emptied.connect(self._on_emptied)
        self.list.onward.connect(self.onward)
        self.up.clicked.connect(self._on_up)
        self.down.clicked.connect(self._on_down)
        self.take.clicked.connect(self._on_reordered)
        self.drop.clicked.connect(self._on_emptied)
        departure = Departure(self)
        for widget in (self.list, self.take, self.drop):
            departure.watch(widget)
        departure.departed.connect(self.departed)
        self.show_choices()

    def hand(self) -> QWidget:
        return self.list

    def show_entry(self, entry: Entry) -> None:
        super().show_entry(entry)
        self._show()

    def show_choices(self) -> None:
        self._choices = self.scribe.filling.choices(self.ref)
        self._show()

    def retranslate(self) -> None:
        self.up.setAccessibleName(self.tr("上移"))
        self.down.setAccessibleName(self.tr("下移"))
        self.take.setText(self.tr("就按这个顺序"))
        self.drop.setText(self.tr("清除"))
        self._show()

    def _show(self) -> None:
        labels = {choice.value: choice.label for choice in self._choices}
        ranked = [value for value in self.entry.value.split() if value in labels]
        wanted = ranked + [value for value in labels if value not in ranked]
        if self.list.values() != wanted:
            self._fill(wanted)
        for row, value in enumerate(wanted):
            item = self.list.item(row)
            item.setText(f"{row + 1}   {labels[value]}" if self.entry.value else f"·   {labels[value]}")
            item.setForeground(theme.colour("ink" if self.entry.value else "muted"))
        self.take.setVisible(not self.entry.value)
        self.drop.setVisible(bool(self.entry.value))
        self.list.setFixedHeight(theme.px(_ROW) * min(max(len(wanted), 1), _ROWS) + 10)
        self.remarked.emit("" if self.entry.value else self.tr("还没有排序：拖动，或用 Alt+↑、Alt+↓ 移动。"))

    def _fill(self, values: list[str]) -> None:
        current = self.list.currentItem()
        kept = str(current.data(_VALUE)) if current is not None else ""
        self.list.clear()
        for value in values:
            item = QListWidgetItem(self.list)
            item.setData(_VALUE, value)
            if value == kept:
                self.list.setCurrentItem(item)

    def _on_reordered(self) -> None:
        self.given.emit(" ".join(self.list.values()))

    def _on_emptied(self) -> None:
        self.given.emit("")

    def _on_up(self) -> None:
        self.list.shift(self.list.currentRow() - 1)

    def _on_down(self) -> None:
        self.list.shift(self.list.currentRow() + 1)
