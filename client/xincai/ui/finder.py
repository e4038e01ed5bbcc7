"""Ctrl+K: one line to type into, over the pages, forms, drafts and records that hold the words.

It decides nothing: it says what is sought and which find was chosen. Names are masked as lists mask them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from xincai.ui import icons, theme
from xincai.ui.guard import guarded
from xincai.ui.parts import SearchField, text

_WIDTH = 640
_ROWS = 9
_KEYS = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown})
_FIND = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class Find:
    """Something found: what to show, and the place it opens."""

    icon: str
    words: str
    place: str
    argument: object = None


class FinderLine(SearchField):
    """The line of the finder: the arrows move in the list, Enter opens, Esc leaves."""

    moved = Signal(int)
    """One of the arrow keys."""
    entered = Signal()
    left = Signal()

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _KEYS:
            self.moved.emit(event.key())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    @guarded(None)
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.left.emit()


class Finder(QFrame):
    """Lies over the page until something is chosen, Esc is pressed or the pen goes elsewhere."""

    sought = Signal(str)
    chosen = Signal(object)
    """The Find to open."""

    def __init__(self, ground: QWidget) -> None:
        super().__init__(ground)
        self._ground = ground
        self.setObjectName("finder")
        theme.dress(self, "card")
        self.setAccessibleName(self.tr("查找"))
        self._back: QWidget | None = None
        self._shown = ""
        """The words whose finds are listed."""
        self._eager = False
        """Enter was pressed before they were."""
        self.line = FinderLine("finder.line", self.tr("查找页面、表单、草稿、填报件：名称、代码或拼音首字母"))
        self.list = QListWidget()
        self.list.setObjectName("finder.list")
        self.list.setAccessibleName(self.tr("找到的"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setIconSize(icons.size())
        self._none = text(self.tr("没有找到，换一个词试试。"), "muted", name="finder.none")
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 12, 12, 12)
        box.setSpacing(8)
        for widget in (self.line, self.list, self._none):
            box.addWidget(widget)
        box.addWidget(text(self.tr("↑↓ 选择，回车打开，Esc 关闭"), "muted"))
        self.line.searched.connect(self.sought)
        self.line.moved.connect(self._move)
        self.line.entered.connect(self._enter)
        self.line.left.connect(self.close_down)
        self.list.itemClicked.connect(self._open)
        self.hide()

    def open_up(self, back: QWidget | None) -> None:
        """Come into view; the pen goes back to this widget when nothing is chosen."""
        self._back = back
        self._eager = False
        self.line.clear()
        width = min(theme.px(_WIDTH), self._ground.width() - 48)
        self.setFixedWidth(width)
        self.move((self._ground.width() - width) // 2, theme.px(64))
        self.show_finds("", ())
        self._none.hide()
        self.show()
        self.raise_()
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.sought.emit("")

    def close_down(self) -> None:
        """Go out of view and give the pen back."""
        if self.isHidden():
            return
        held, back, self._back = self.line.hasFocus(), self._back, None
        self.hide()
        if held and back is not None:
            back.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_finds(self, query: str, finds: Sequence[Find]) -> None:
        """List what was found for these words, the first of it marked."""
        self._shown = query
        self.list.clear()
        for find in finds:
            item = QListWidgetItem(icons.icon(find.icon, "muted"), find.words, self.list)
            item.setData(_FIND, find)
            item.setToolTip(find.words)
        self.list.setCurrentRow(0 if finds else -1)
        row = max(self.list.sizeHintForRow(0), theme.px(34))
        self.list.setFixedHeight(row * min(max(len(finds), 1), _ROWS) + 10)
        self.list.setVisible(bool(finds))
        self._none.setVisible(not finds)
        self.adjustSize()
        self._say_current()
        if self._eager:
            self._eager = False
            self._enter()

    def _move(self, key: int) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_PageUp: -_ROWS, Qt.Key.Key_PageDown: _ROWS}.get(Qt.Key(key), 1)
        if self.list.count():
            self.list.setCurrentRow(min(max(self.list.currentRow() + step, 0), self.list.count() - 1))
            self._say_current()

    def _say_current(self) -> None:
        """Let a screen reader hear what Enter would open."""
        item = self.list.currentItem()
        self.line.setAccessibleDescription(item.text() if item is not None else "")

    def _enter(self) -> None:
        query = self.line.text().strip()
        item = self.list.currentItem()
        if self._shown != query:
            self._eager = True
            self.sought.emit(query)
        elif item is not None:
            self._open(item)

    def _open(self, item: QListWidgetItem) -> None:
        find = item.data(_FIND)
        self._back = None
        self.close_down()
        self.chosen.emit(find)
