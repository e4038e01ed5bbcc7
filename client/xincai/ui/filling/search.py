"""One choice out of many: a line to search in, by words or by initials, over a list that opens under it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QListWidget, QListWidgetItem, QWidget

from xincai.desk import Choice, Entry
from xincai.ui import theme
from xincai.ui.filling.field import Departure, Field, Line
from xincai.ui.filling.pinyin import matches
from xincai.ui.filling.scribe import Scribe
from xincai.ui.guard import guarded

_SHOWN = 100
"""Choices listed at once; more are found by typing."""
_ROWS = 6


class SearchLine(Line):
    """The line of a searchable list: the arrows move in the list."""

    moved = Signal(int)

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and event.key() == Qt.Key.Key_Down:
            self.moved.emit(1)
        elif plain and event.key() == Qt.Key.Key_Up:
            self.moved.emit(-1)
        else:
            super().keyPressEvent(event)


class SearchField(Field):
    """A choice among many."""

    def __init__(self, entry: Entry, scribe: Scribe, parent: QWidget | None = None) -> None:
        super().__init__(entry, scribe, parent)
        self._choices: tuple[Choice, ...] = ()
        self.line = SearchLine(parent=self)
        self.line.setObjectName(f"q:{entry.ref}")
        self.line.setAccessibleName(entry.label)
        self.list = QListWidget(self)
        self.list.setObjectName(f"list:{entry.ref}")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.hide()
        self.box.addWidget(self.line)
        self.box.addWidget(self.list)
        departure = Departure(self)
        departure.watch(self.line)
        departure.departed.connect(self._on_departed)
        self.line.focused.connect(self._open)
        self.line.textEdited.connect(self._list)
        self.line.moved.connect(self._move)
        self.line.returnPressed.connect(self._on_enter)
        self.list.itemClicked.connect(self._on_clicked)
        self.show_choices()
        self.retranslate()

    def hand(self) -> QWidget:
        return self.line

    def show_entry(self, entry: Entry) -> None:
        super().show_entry(entry)
        if not self.line.hasFocus() or self.list.isHidden():
            self._show()

    def show_choices(self) -> None:
        self._choices = self.scribe.filling.choices(self.ref)
        if self.list.isVisible():
            self._list(self.line.text())
        self._show()

    def settle(self) -> None:
        """Take what is typed when it names one choice; otherwise the choice made before stands."""
        typed = self.line.text().strip()
        if typed == self._label():
            return
        if not typed:
            self.given.emit("")
            return
        named = [choice for choice in self._choices if typed in (choice.label, choice.value)]
        found = named or [choice for choice in self._choices if matches(typed, choice.label)]
        if named or len(found) == 1:
            self.given.emit(found[0].value)
        else:
            self.refused.emit(self.tr("没有唯一对应的选项，请从列表中选一个。"))

    def retranslate(self) -> None:
        self.line.setPlaceholderText(self.tr("输入文字或拼音首字母查找"))

    def _label(self) -> str:
        return next((choice.label for choice in self._choices if choice.value == self.entry.value), "")

    def _show(self) -> None:
        self.line.setText(self._label())

    def _open(self) -> None:
        self.line.selectAll()
        self._list("")

    def _list(self, query: str) -> None:
        self.list.clear()
        for choice in self._choices:
            if matches(query, choice.label) or (query and choice.value.startswith(query)):
                item = QListWidgetItem(choice.label, self.list)
                item.setData(Qt.ItemDataRole.UserRole, choice.value)
                if choice.value == self.entry.value:
                    self.list.setCurrentItem(item)
                if self.list.count() >= _SHOWN:
                    break
        if self.list.count() and self.list.currentRow() < 0:
            self.list.setCurrentRow(0 if query else -1)
        height = max(self.list.sizeHintForRow(0), theme.px(34))
        self.list.setFixedHeight(height * min(max(self.list.count(), 1), _ROWS) + 10)
        self.list.setVisible(self.list.count() > 0)

    def _move(self, step: int) -> None:
        if self.list.isHidden():
            self._list("")
        count = self.list.count()
        if count:
            self.list.setCurrentRow(min(max(self.list.currentRow() + step, 0), count - 1))

    def _on_enter(self) -> None:
        item = self.list.currentItem()
        if (self.list.isVisible() and item is not None and self.line.text().strip()) or (
            self.list.isVisible() and item is not None and not self.entry.value
        ):
            self._take(item)
        else:
            self.settle()
        self.list.hide()
        self.onward.emit()

    def _on_clicked(self, item: QListWidgetItem) -> None:
        self._take(item)
        self.list.hide()

    def _take(self, item: QListWidgetItem) -> None:
        self.list.hide()
        self.given.emit(str(item.data(Qt.ItemDataRole.UserRole)))

    def _on_departed(self) -> None:
        self.settle()
        self.list.hide()
        if self.line.text().strip() == "" or self._label():
            self._show()
        self.departed.emit()


class Drop(QComboBox):
    """A drop-down that the mouse wheel does not change by accident."""

    onward = Signal()
    departed = Signal()

    @guarded(None)
    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.onward.emit()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.setCurrentIndex(0)
            self.activated.emit(0)
        else:
            super().keyPressEvent(event)

    @guarded(None)
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.departed.emit()


class DropField(Field):
    """A choice in a drop-down, for the appearance `minimal`."""

    def __init__(self, entry: Entry, scribe: Scribe, parent: QWidget | None = None) -> None:
        super().__init__(entry, scribe, parent)
        self.drop = Drop(self)
        self.drop.setObjectName(f"q:{entry.ref}")
        self.drop.setAccessibleName(entry.label)
        self.drop.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.box.addWidget(self.drop)
        self.drop.activated.connect(self._on_activated)
        self.drop.currentIndexChanged.connect(self._on_activated)
        self.drop.onward.connect(self.onward)
        self.drop.departed.connect(self.departed)
        self.show_choices()

    def hand(self) -> QWidget:
        return self.drop

    def show_entry(self, entry: Entry) -> None:
        super().show_entry(entry)
        self._show()

    def show_choices(self) -> None:
        self.drop.blockSignals(True)
        self.drop.clear()
        self.drop.addItem(self.tr("请选择"), "")
        for choice in self.offered():
            self.drop.addItem(choice.label, choice.value)
        self.drop.blockSignals(False)
        self._show()

    def offered(self) -> tuple[Choice, ...]:
        """What the list holds."""
        return self.scribe.filling.choices(self.ref)

    def retranslate(self) -> None:
        self.drop.setItemText(0, self.tr("请选择"))

    def _show(self) -> None:
        self.drop.blockSignals(True)
        self.drop.setCurrentIndex(max(self.drop.findData(self.entry.value), 0))
        self.drop.blockSignals(False)

    def _on_activated(self, index: int) -> None:
        self.given.emit(str(self.drop.itemData(index) or ""))
