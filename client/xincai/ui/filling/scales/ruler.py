"""A slider that can be empty: without an answer it shows its scale and no handle."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from xincai.ui import theme
from xincai.ui.filling.drawn import Drawn
from xincai.ui.filling.scales.steps import Steps
from xincai.ui.guard import guarded

_EDGE = 26
_TALL = 260
"""Pixels kept free at both ends; the height of a standing scale."""
_BESIDE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_BACK = (Qt.Key.Key_Left, Qt.Key.Key_Down, Qt.Key.Key_Minus)
_ON = (Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Plus, Qt.Key.Key_Equal)


class Ruler(Drawn):
    """A scale to click, drag and move along by keys."""

    chosen = Signal(int)
    """A place the person moved to; -1 takes the answer away."""
    onward = Signal()

    def __init__(self, steps: Steps, *, upright: bool, ticks: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.steps = steps
        self.place: int | None = None
        self.words: dict[int, str] = {}
        self._upright = upright
        self._ticks = ticks
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy.Policy
        self.setSizePolicy(policy.Fixed if upright else policy.Expanding, policy.Fixed)
        self.setFixedHeight(theme.px(_TALL if upright else 62))

    def show_place(self, place: int | None, words: dict[int, str]) -> None:
        """Show a place (None: no answer) and the words at the ticks."""
        self.place, self.words = place, words
        self.update()

    @guarded(QSize(320, 62))
    def sizeHint(self) -> QSize:
        return QSize(theme.px(200 if self._upright else 320), self.height())

    @guarded(None)
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._go(self._place_at(event.position()))

    @guarded(None)
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(self._place_at(event.position()))

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, last = event.key(), self.steps.last
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            event.ignore()
        elif key in _ON or key in _BACK:
            self._move(1 if key in _ON else -1)
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self._move(max(last // 10, 1) * (1 if key == Qt.Key.Key_PageUp else -1))
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._go(0 if key == Qt.Key.Key_Home else last)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.chosen.emit(-1)
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
        first, last = self._spot(0), self._spot(self.steps.last)
        painter.setPen(QPen(theme.colour("field_line"), 4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(first, last)
        if self.place is not None:
            painter.setPen(QPen(theme.colour("primary"), 4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawLine(first, self._spot(self.place))
        self._paint_ticks(painter)
        if self.place is not None:
            painter.setPen(QPen(theme.colour("card"), 2))
            painter.setBrush(theme.colour("primary"))
            painter.drawEllipse(self._spot(self.place), theme.px(10), theme.px(10))
        painter.end()

    def _paint_ticks(self, painter: QPainter) -> None:
        along = QPointF(9, 0) if self._upright else QPointF(0, 9)
        painter.setPen(QPen(theme.colour("field_line"), 2))
        for place in self.steps.ticks if self._ticks else ():
            spot = self._spot(place)
            painter.drawLine(spot - along, spot + along)
        painter.setPen(theme.colour("ink"))
        painter.setFont(theme.font(13))
        for place, words in self.words.items():
            self._paint_words(painter, self._spot(place), words)

    def _paint_words(self, painter: QPainter, spot: QPointF, words: str) -> None:
        """Words beside or under a tick, kept inside the widget and clear of their neighbours."""
        if self._upright:
            painter.drawText(QRectF(spot.x() + 20, spot.y() - 14, self.width() - 46, 28), _BESIDE, words)
            return
        room = (self.width() - 2 * _EDGE) / max(len(self.words) - 1, 1) - 6
        metrics = painter.fontMetrics()
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(int(room), 24))
        wide = metrics.horizontalAdvance(shown) + 2
        start = min(max(spot.x() - wide / 2, 2.0), self.width() - wide - 2)
        painter.drawText(QRectF(start, spot.y() + 12, wide, 28), Qt.AlignmentFlag.AlignHCenter, shown)

    def _spot(self, place: int) -> QPointF:
        share = place / self.steps.last
        if self._upright:
            return QPointF(_EDGE, self.height() - _EDGE - share * (self.height() - 2 * _EDGE))
        return QPointF(_EDGE + share * (self.width() - 2 * _EDGE), theme.px(22))

    def _place_at(self, spot: QPointF) -> int:
        if self._upright:
            share = (self.height() - _EDGE - spot.y()) / (self.height() - 2 * _EDGE)
        else:
            share = (spot.x() - _EDGE) / max(self.width() - 2 * _EDGE, 1)
        return round(min(max(share, 0.0), 1.0) * self.steps.last)

    def _move(self, by: int) -> None:
        if self.place is None:
            self._go(self.steps.placeholder)
        else:
            self._go(min(max(self.place + by, 0), self.steps.last))

    def _go(self, place: int) -> None:
        if place != self.place:
            self.place = place
            self.update()
            self.chosen.emit(place)
