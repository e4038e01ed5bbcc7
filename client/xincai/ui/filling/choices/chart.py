"""Choices that lie somewhere: places, lines and fields on a board without a map, under a list to search."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QWidget

from xincai.desk import Choice, Entry
from xincai.ui import theme
from xincai.ui.filling import shape
from xincai.ui.filling.scribe import Scribe
from xincai.ui.filling.search import SearchField
from xincai.ui.guard import guarded

_REACH = 14.0
_EDGE = 36
_NAMED = 60
"""Pixels within which a click means a place; pixels kept free; choices up to which each is named."""


@dataclass(frozen=True)
class Thing:
    """One choice on the board: its corners in metres from the middle of all."""

    value: str
    label: str
    corners: tuple[tuple[float, float], ...]
    closed: bool


class Chart(QWidget):
    """Draws the places of choices, north up, and tells which one was clicked."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(theme.px(300))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._things: tuple[Thing, ...] = ()
        self._value = ""
        self._scale, self._middle = 1.0, (0.0, 0.0)

    def show_choices(self, choices: Sequence[Choice]) -> None:
        """Show where these choices lie; those without a place stand in the list alone."""
        rings = [(choice, shape.read_ring(choice.place)[0]) for choice in choices if choice.place]
        rings = [(choice, ring) for choice, ring in rings if ring]
        if not rings:
            self._things = ()
            return
        plane = shape.Plane(shape.centre(tuple(point for _, ring in rings for point in ring)))
        self._things = tuple(
            Thing(choice.value, choice.label, tuple(map(plane.metres, ring)), _is_closed(choice.place))
            for choice, ring in rings
        )
        self._fit()

    def show_value(self, value: str) -> None:
        """Show this choice as the one chosen."""
        self._value = value
        self.update()

    def spot(self, value: str) -> QPointF:
        """Where a choice is drawn."""
        thing = next(one for one in self._things if one.value == value)
        spots = [self._spot(corner) for corner in thing.corners]
        return QPointF(sum(s.x() for s in spots) / len(spots), sum(s.y() for s in spots) / len(spots))

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @guarded(None)
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            found = self._at(event.position())
            if found:
                self.chosen.emit(found)

    @guarded(None)
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("field_line"), 1))
        painter.setBrush(theme.colour("field"))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 6, 6)
        for thing in sorted(self._things, key=lambda one: one.value == self._value):
            self._paint_thing(painter, thing)
        painter.end()

    def _paint_thing(self, painter: QPainter, thing: Thing) -> None:
        chosen = thing.value == self._value
        ink = theme.colour("primary" if chosen else "info")
        painter.setPen(QPen(ink, 3 if chosen else 2))
        fill = theme.colour("primary" if chosen else "info")
        fill.setAlpha(70 if chosen else 30)
        painter.setBrush(fill)
        spots = QPolygonF([self._spot(corner) for corner in thing.corners])
        if len(thing.corners) == 1:
            painter.setBrush(ink)
            painter.drawEllipse(self._spot(thing.corners[0]), 8 if chosen else 6, 8 if chosen else 6)
        elif thing.closed:
            painter.drawPolygon(spots)
        else:
            painter.drawPolyline(spots)
        if chosen or len(self._things) <= _NAMED:
            painter.setPen(theme.colour("ink"))
            wide = painter.fontMetrics().horizontalAdvance(thing.label)
            beside = QPointF(-wide / 2, 5) if thing.closed else QPointF(11, 5)
            painter.drawText(self.spot(thing.value) + beside, thing.label)

    def _fit(self) -> None:
        corners = [corner for thing in self._things for corner in thing.corners]
        if not corners:
            return
        east, north = [corner[0] for corner in corners], [corner[1] for corner in corners]
        self._middle = ((min(east) + max(east)) / 2, (min(north) + max(north)) / 2)
        room = max(self.width() - 4 * _EDGE, 40), max(self.height() - 2 * _EDGE, 40)
        wide, tall = max(east) - min(east), max(north) - min(north)
        self._scale = max(wide / room[0], tall / room[1], 0.05)
        self.update()

    def _spot(self, corner: tuple[float, float]) -> QPointF:
        x = self.width() / 2 + (corner[0] - self._middle[0]) / self._scale - _EDGE / 2
        return QPointF(x, self.height() / 2 - (corner[1] - self._middle[1]) / self._scale)

    def _at(self, spot: QPointF) -> str:
        """The choice clicked: one whose field holds the spot, else the nearest corner within reach."""
        for thing in self._things:
            outline = QPolygonF([self._spot(corner) for corner in thing.corners])
            if thing.closed and outline.containsPoint(spot, Qt.FillRule.OddEvenFill):
                return thing.value
        away = [
            ((self._spot(corner) - spot).manhattanLength(), thing.value)
            for thing in self._things
            for corner in thing.corners
        ]
        near = min(away, default=(_REACH + 1, ""))
        return near[1] if near[0] <= _REACH else ""


class ChartField(SearchField):
    """A choice from a list or from the board beneath it."""

    def __init__(self, entry: Entry, scribe: Scribe, parent: QWidget | None = None) -> None:
        self.chart = Chart()
        super().__init__(entry, scribe, parent)
        self.chart.setObjectName(f"chart:{entry.ref}")
        self.box.addWidget(self.chart)
        self.chart.chosen.connect(self._on_place)

    def show_choices(self) -> None:
        super().show_choices()
        self.chart.show_choices(self._choices)

    def _on_place(self, value: str) -> None:
        self.list.hide()  # an open list would take what stands in the line for what is meant
        self.given.emit(value)

    def _show(self) -> None:
        super()._show()
        self.chart.setAccessibleName(self.entry.label)
        self.chart.show_value(self.entry.value)


def _is_closed(place: str) -> bool:
    points = [part.strip() for part in place.split(";") if part.strip()]
    return len(points) > 3 and points[0].split()[:2] == points[-1].split()[:2]
