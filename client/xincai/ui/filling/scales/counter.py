"""A number that is counted up and down."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from xincai.desk import Entry
from xincai.ui import parts, theme
from xincai.ui.filling.number import NumberField
from xincai.ui.filling.scribe import Scribe
from xincai.ui.guard import guarded


class CounterField(NumberField):
    """A whole number with a button for one less and one more; the arrow keys count too."""

    def __init__(self, entry: Entry, scribe: Scribe, parent: QWidget | None = None) -> None:
        super().__init__(entry, scribe, parent)
        self.less = parts.button("−", f"less:{entry.ref}")
        self.more = parts.button("+", f"more:{entry.ref}")
        for button, step in ((self.less, self._count_down), (self.more, self._count_up)):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(step)
        self.line.setFixedWidth(theme.px(140))
        self.line.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.box.removeWidget(self.line)
        self.box.addWidget(parts.row(self.less, self.line, self.more, None))

    def retranslate(self) -> None:
        self.less.setAccessibleName(self.tr("减一"))
        self.more.setAccessibleName(self.tr("加一"))

    def _count_up(self) -> None:
        self._count(1)

    def _count_down(self) -> None:
        self._count(-1)

    def _count(self, by: int) -> None:
        self.settle()
        if not self.is_unread:
            self.given.emit(str(max(int(self.entry.value or "0") + by, 0)))

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._count(1 if event.key() == Qt.Key.Key_Up else -1)
        else:
            event.ignore()
