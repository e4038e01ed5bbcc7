"""The middle of the filling page: the section's title, its sheet of cards, and the way on."""

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from xincai.ui import parts, theme
from xincai.ui.filling.column import Column

_ROUNDS = 4
"""Times in a row that a gap in view is made smaller."""
_TEXT = 760
"""Text runs no wider than this many pixels, at the standard text size."""


class Ground(QScrollArea):
    """What scrolls; columns lie on its sheet, one of them shown."""

    before = Signal()
    after = Signal()
    to_returned = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalScrollBar().valueChanged.connect(self._stay)
        theme.dress(self, "column")
        self._filling = False
        page = QWidget()
        theme.dress(page, "clear")
        sides = QHBoxLayout(page)
        sides.setContentsMargins(20, 16, 20, 24)
        inner = QWidget()
        theme.dress(inner, "clear")
        inner.setMaximumWidth(theme.px(_TEXT) + 48)
        sides.addWidget(inner)
        self._returned = parts.Notice("", "bad", action="-", name="filling.returned")
        self._returned.hide()
        self._heading = parts.text("", "title", name="filling.heading")
        self.sheet = QFrame()
        theme.dress(self.sheet, "card")
        self._sheet_box = QVBoxLayout(self.sheet)
        self._sheet_box.setContentsMargins(0, 4, 0, 4)
        self.next = parts.button("", "filling.next")
        self._before = parts.button("", "filling.before", "quiet")
        box = QVBoxLayout(inner)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        for widget in (self._returned, self._heading, self.sheet, parts.row(self._before, None, self.next)):
            box.addWidget(widget)
        box.addStretch(1)
        self.setWidget(page)
        self.next.clicked.connect(self.after)
        self._before.clicked.connect(self.before)
        self._returned.acted.connect(self.to_returned)

    def add(self, column: Column) -> None:
        """Lay a column on the sheet."""
        self._sheet_box.addWidget(column)

    def show_returned(self, reason: str, *, known: bool) -> None:
        """Say why the record came back, and whether the reason names a question."""
        self._returned.show_words(self.tr("退回原因：{reason}").format(reason=reason), "bad")
        self._returned.action.setText(self.tr("去这一题"))
        self._returned.action.setVisible(known)
        self._returned.show()

    def show_section(self, title: str, following: str, *, first: bool) -> None:
        """Title the section and say what follows; "" when it is the last."""
        self._heading.setText(title)
        self._before.setText(self.tr("上一部分"))
        self._before.setVisible(not first)
        words = self.tr("下一部分：{title}").format(title=following) if following else self.tr("检查并封存")
        self.next.setText(words)
        self.next.setAccessibleName(words)

    def fill(self, column: Column) -> None:
        """Let a column make the cards that come into view; what is seen stays where it is."""
        if self._filling:
            return
        self._filling = True
        bar = self.verticalScrollBar()
        if bar.maximum() - bar.value() < bar.pageStep():
            column.grow()
        for _ in range(_ROUNDS):
            if not self._fill_once(column):
                break
        self._filling = False

    def _fill_once(self, column: Column) -> bool:
        bar = self.verticalScrollBar()
        view, margin = self.viewport().height(), self.viewport().height() // 2
        top = bar.value() - column.mapTo(self.widget(), QPoint(0, 0)).y()
        anchor = column.seen(top, top + view)
        before = anchor.y() if anchor is not None else top
        made = column.fill(top - margin, top + view + margin)
        if made is None:
            return False
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        bar.setValue(bar.value() + (anchor or made).y() - before)
        return True

    def _stay(self, _value: int) -> None:
        """Bringing something into view must never hide where its labels begin."""
        self.horizontalScrollBar().setValue(0)

    def bring(self, card: QWidget) -> None:
        """Scroll until a card is seen."""
        if self.isAncestorOf(card):
            self.ensureWidgetVisible(card, 0, 60)
