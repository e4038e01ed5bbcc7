"""The drawing board for a field's outline: corners on a grid in metres, with pan and zoom.

No map lies beneath (there is no network in a village): north is up, the grid gives the scale. The canvas
knows corners only; it never computes an area.
"""

import math

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from xincai.ui import theme
from xincai.ui.filling.drawn import Drawn
from xincai.ui.filling.shape import Plane, Point, Ring, centre, crossing
from xincai.ui.guard import guarded

_REACH = 12
"""Pixels within which a click takes a corner instead of setting a new one."""
_NEAREST, _FARTHEST = 0.05, 200.0
"""Metres per pixel."""

_MOVES = {
    Qt.Key.Key_Left: (-40, 0),
    Qt.Key.Key_Right: (40, 0),
    Qt.Key.Key_Up: (0, 40),
    Qt.Key.Key_Down: (0, -40),
}
"""Pixels to the right and up by which an arrow key moves the view."""


class Canvas(Drawn):
    """Corners to set, move and take away."""

    changed = Signal(object)
    """The ring (a tuple of points) after a step of the person."""
    pasted = Signal()

    def __init__(self, *, closed: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setFixedHeight(theme.px(320))
        self.ring: Ring = ()
        self.words = ""
        self._closed = closed
        self._plane: Plane | None = None
        self._middle = (0.0, 0.0)
        self._scale = 0.5
        self._chosen = -1
        self._grabbed = -1
        self._panned: QPointF | None = None
        self._past: list[Ring] = []

    @property
    def is_placed(self) -> bool:
        """Whether the canvas knows where on earth it is."""
        return self._plane is not None

    def look_at(self, point: Point) -> None:
        """Put this place in the middle."""
        self._plane = Plane(point)
        self._middle = (0.0, 0.0)
        self._scale = 0.5
        self.update()

    def show_ring(self, ring: Ring, *, fit: bool = True) -> None:
        """Show this outline."""
        self.ring = ring
        self._chosen = -1
        if ring and (fit or self._plane is None):
            self.fit()
        self.update()

    def fit(self) -> None:
        """Bring the whole outline into view."""
        if not self.ring:
            return
        self._plane = Plane(centre(self.ring))
        spots = [self._plane.metres(point) for point in self.ring]
        east, north = [spot[0] for spot in spots], [spot[1] for spot in spots]
        self._middle = ((min(east) + max(east)) / 2, (min(north) + max(north)) / 2)
        wide = max((max(east) - min(east)) / max(self.width() - 120, 80), (max(north) - min(north)) / 220)
        self._scale = min(max(wide, _NEAREST), _FARTHEST)
        self.update()

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Nearer (below 1) or farther, keeping the place under `at` where it is."""
        at = at or QPointF(self.width() / 2, self.height() / 2)
        before = self._metres(at)
        self._scale = min(max(self._scale * factor, _NEAREST), _FARTHEST)
        after = self._metres(at)
        self._middle = (self._middle[0] + before[0] - after[0], self._middle[1] + before[1] - after[1])
        self.update()

    def undo(self) -> bool:
        """Take the last step on the canvas back."""
        if not self._past:
            return False
        self.ring = self._past.pop()
        self._chosen = -1
        self.update()
        self.changed.emit(self.ring)
        return True

    def forget(self) -> None:
        """Steps before this one are the filling's to take back."""
        self._past = []

    @guarded(None)
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() in (Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton) or (
            event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        ):
            self._panned = event.position()
            return
        if event.button() != Qt.MouseButton.LeftButton or self._plane is None:
            return
        self._grabbed = self._near(event.position())
        if self._grabbed < 0:
            self._set_corner(event.position())
        else:
            self._chosen = self._grabbed
            self._past.append(self.ring)
        self.update()

    @guarded(None)
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._panned is not None:
            moved = event.position() - self._panned
            self._panned = event.position()
            east, north = self._middle
            self._middle = (east - moved.x() * self._scale, north + moved.y() * self._scale)
            self.update()
        elif self._grabbed >= 0 and self._plane is not None:
            corner = self._plane.point(*self._metres(event.position()))
            self.ring = (*self.ring[: self._grabbed], corner, *self.ring[self._grabbed + 1 :])
            self.update()
        else:
            near = self._plane is not None and self._near(event.position()) >= 0
            shape = Qt.CursorShape.SizeAllCursor if near else Qt.CursorShape.CrossCursor
            self.setCursor(shape if self.is_placed else Qt.CursorShape.ArrowCursor)

    @guarded(None)
    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._panned = None
        if self._grabbed >= 0:
            self._grabbed = -1
            if self._past and self._past[-1] == self.ring:
                self._past.pop()
            else:
                self.changed.emit(self.ring)

    @guarded(None)
    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self.hasFocus():
            event.ignore()
            return
        self.zoom(0.8 if event.angleDelta().y() > 0 else 1.25, event.position())
        event.accept()

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Undo):
            if not self.undo():
                event.ignore()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.pasted.emit()
        elif event.key() in _MOVES and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            right, up = _MOVES[Qt.Key(event.key())]
            self._middle = (self._middle[0] + right * self._scale, self._middle[1] + up * self._scale)
            self.update()
        elif event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(0.8)
        elif event.key() == Qt.Key.Key_Minus:
            self.zoom(1.25)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._take_corner()
        else:
            event.ignore()

    @guarded(None)
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focused = self.hasFocus()
        painter.setPen(QPen(theme.colour("focus" if focused else "field_line"), 2 if focused else 1))
        painter.setBrush(theme.colour("field"))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 6, 6)
        painter.setClipRect(self.rect().adjusted(3, 3, -3, -3))
        if self._plane is not None:
            self._paint_grid(painter)
            self._paint_ring(painter)
        if not self.ring:
            painter.setPen(theme.colour("muted"))
            area = self.rect().adjusted(40, 0, -40, 0)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.words)
        painter.end()

    def _paint_grid(self, painter: QPainter) -> None:
        step = _round_metres(self._scale * 80)
        painter.setPen(QPen(theme.colour("neutral_soft"), 1))
        east, north = self._metres(QPointF(0, self.height()))
        for n in range(math.ceil(east / step), math.ceil((east + self.width() * self._scale) / step)):
            x = self._spot_of((n * step, 0)).x()
            painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        for n in range(math.ceil(north / step), math.ceil((north + self.height() * self._scale) / step)):
            y = self._spot_of((0, n * step)).y()
            painter.drawLine(QPointF(0, y), QPointF(self.width(), y))
        left, under = 16.0, self.height() - 18.0
        painter.setPen(QPen(theme.colour("muted"), 2))
        painter.drawLine(QPointF(left, under), QPointF(left + step / self._scale, under))
        painter.setFont(theme.font(12))
        painter.drawText(QPointF(left, under - 6), f"{step:g} m")
        painter.drawText(QPointF(self.width() - 28, 24), self.tr("北"))
        painter.drawLine(QPointF(self.width() - 22, 44), QPointF(self.width() - 22, 30))
        painter.setFont(theme.font())

    def _paint_ring(self, painter: QPainter) -> None:
        spots = [self._spot(point) for point in self.ring]
        bad = crossing(self.ring) is not None if self._closed else False
        line = theme.colour("red" if bad else "primary")
        fill = theme.colour("red" if bad else "primary")
        fill.setAlpha(40)
        painter.setPen(QPen(line, 2))
        painter.setBrush(fill if self._closed and len(spots) > 2 else Qt.BrushStyle.NoBrush)
        if self._closed and len(spots) > 2:
            painter.drawPolygon(QPolygonF(spots))
        else:
            painter.drawPolyline(QPolygonF(spots))
        for number, spot in enumerate(spots):
            chosen = number == self._chosen
            painter.setBrush(line if chosen else theme.colour("card"))
            painter.drawEllipse(spot, 7 if chosen else 5, 7 if chosen else 5)
            painter.drawText(spot + QPointF(8, -8), str(number + 1))

    def _set_corner(self, spot: QPointF) -> None:
        assert self._plane is not None  # noqa: S101 - asked before
        self._past.append(self.ring)
        corner = self._plane.point(*self._metres(spot))
        side = self._side(spot)
        at = side + 1 if side >= 0 else len(self.ring)
        self.ring = (*self.ring[:at], corner, *self.ring[at:])
        self._chosen = at
        self.changed.emit(self.ring)

    def _take_corner(self) -> None:
        if not self.ring:
            return
        at = self._chosen if self._chosen >= 0 else len(self.ring) - 1
        self._past.append(self.ring)
        self.ring = (*self.ring[:at], *self.ring[at + 1 :])
        self._chosen = -1
        self.update()
        self.changed.emit(self.ring)

    def _near(self, spot: QPointF) -> int:
        for number, point in enumerate(self.ring):
            away = self._spot(point) - spot
            if math.hypot(away.x(), away.y()) <= _REACH:
                return number
        return -1

    def _side(self, spot: QPointF) -> int:
        """The side (by its first corner) that a click lies on, or -1."""
        spots = [self._spot(point) for point in self.ring]
        pairs = list(
            zip(spots, spots[1:] + (spots[:1] if self._closed and len(spots) > 2 else []), strict=False)
        )
        for number, (a, b) in enumerate(pairs):
            if _distance(spot, a, b) <= _REACH / 2:
                return number
        return -1

    def _metres(self, spot: QPointF) -> tuple[float, float]:
        return (
            self._middle[0] + (spot.x() - self.width() / 2) * self._scale,
            self._middle[1] - (spot.y() - self.height() / 2) * self._scale,
        )

    def _spot_of(self, metres: tuple[float, float]) -> QPointF:
        return QPointF(
            (metres[0] - self._middle[0]) / self._scale + self.width() / 2,
            self.height() / 2 - (metres[1] - self._middle[1]) / self._scale,
        )

    def _spot(self, point: Point) -> QPointF:
        return self._spot_of(self._plane.metres(point)) if self._plane is not None else QPointF()


def _distance(spot: QPointF, a: QPointF, b: QPointF) -> float:
    along = b - a
    length = along.x() ** 2 + along.y() ** 2
    if not length:
        return math.inf
    part = max(0.0, min(1.0, QPointF.dotProduct(spot - a, along) / length))
    away = spot - (a + along * part)
    return math.hypot(away.x(), away.y())


def _round_metres(metres: float) -> float:
    power = 10.0 ** math.floor(math.log10(metres))
    return next((step * power for step in (1, 2, 5) if step * power >= metres), 10 * power)
