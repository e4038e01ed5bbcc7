"""A place that is put on the drawing board, or typed beside it (`maps`, `placement-map`)."""

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QWidget

from xincai.desk import Entry
from xincai.ui.filling import shape
from xincai.ui.filling.field import Departure
from xincai.ui.filling.geo import Canvas
from xincai.ui.filling.geofields import PointField
from xincai.ui.filling.scribe import Scribe


class SpotCanvas(Canvas):
    """A board for a single place: a click moves it."""

    def _set_corner(self, spot: QPointF) -> None:
        self.ring = ()
        super()._set_corner(spot)


class SpotField(PointField):
    """A place typed as two numbers or set on a board that shows where it lies."""

    def __init__(self, entry: Entry, scribe: Scribe, parent: QWidget | None = None) -> None:
        self.canvas = SpotCanvas(closed=False)
        self._drawn = ""
        super().__init__(entry, scribe, parent)
        self.canvas.setParent(self)
        self.canvas.setObjectName(f"board:{entry.ref}")
        self.box.addWidget(self.canvas)
        departure = Departure(self)
        departure.watch(self.canvas)
        departure.departed.connect(self.departed)
        self.canvas.changed.connect(self._on_set)
        self._look()

    def hand(self) -> QWidget:
        if not self.canvas.is_placed:
            self._look()
        return super().hand()

    def show_entry(self, entry: Entry) -> None:
        super().show_entry(entry)
        self.canvas.setAccessibleName(entry.label)
        if entry.value != self._drawn:
            self._look()

    def retranslate(self) -> None:
        super().retranslate()
        self._say()

    def _look(self) -> None:
        """Show where the place is; without one, where the filling is already."""
        self._drawn = self.entry.value
        point = shape.read_point(self.entry.value) if self.entry.value else None
        known = point or shape.known_place(self.scribe.filling.questions())
        if known is not None and (point or not self.canvas.is_placed):
            self.canvas.look_at(known)
        self.canvas.show_ring((point,) if point else (), fit=False)
        self._say()

    def _say(self) -> None:
        self.canvas.words = (
            self.tr("点一下定在这里，滚轮缩放，右键拖动平移。")
            if self.canvas.is_placed
            else self.tr("先在上面填一个坐标，图上就显示那里。")
        )
        self.canvas.update()

    def _on_set(self, ring: shape.Ring) -> None:
        self._typing = False
        self._drawn = shape.write_point(ring[-1]) if ring else ""
        self.given.emit(self._drawn)
