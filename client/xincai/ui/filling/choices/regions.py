"""Choices as regions of a drawing (`image-map`): each region's id is the value of a choice."""

import re
from functools import partial

from PySide6.QtCore import QByteArray, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QWidget

from xincai.desk import Choice, Entry
from xincai.errors import Problem
from xincai.ui import theme
from xincai.ui.filling.options import OptionsField
from xincai.ui.filling.scribe import Scribe
from xincai.ui.guard import guarded

_MOST_BYTES = 2_000_000
_MOST_REGIONS = 300
_TALLEST = 420
_UNSAFE = re.compile(
    rb"<!DOCTYPE|<!ENTITY|<script|<image|<foreignObject|href\s*=\s*[\"'](?!#)", re.IGNORECASE
)


class Drawing(QWidget):
    """A drawing whose regions can be clicked; the chosen ones are tinted."""

    pressed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._svg = QSvgRenderer(self)
        self._svg.setAspectRatioMode(Qt.AspectRatioMode.KeepAspectRatio)
        self._masks: dict[str, QImage] = {}
        self._labels: dict[str, str] = {}
        self._chosen: frozenset[str] = frozenset()
        self.setMouseTracking(True)
        self.hide()

    def load(self, data: bytes | None, choices: tuple[Choice, ...]) -> None:
        """Show this drawing, when it is safe to draw and has a region for some choice."""
        if not data or len(data) > _MOST_BYTES or _UNSAFE.search(data) or len(choices) > _MOST_REGIONS:
            return
        if not self._svg.load(QByteArray(data)):
            return
        known = [choice for choice in choices if self._svg.elementExists(choice.value)]
        self._labels = {choice.value: choice.label for choice in known}
        if known and not self._svg.defaultSize().isEmpty():
            self._take_height()
            self.show()

    def show_chosen(self, values: frozenset[str]) -> None:
        """Tint these regions."""
        self._chosen = values
        self.update()

    def region_at(self, spot: QPoint) -> str:
        """The region under a spot; "" when there is none."""
        if not self.rect().contains(spot):
            return ""
        return next(
            (name for name in reversed(tuple(self._labels)) if self._mask(name).pixelColor(spot).alpha()), ""
        )

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._masks.clear()
        self._take_height()

    @guarded(None)
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        name = self.region_at(event.position().toPoint())
        if name and event.button() == Qt.MouseButton.LeftButton:
            self.pressed.emit(name)

    @guarded(None)
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        name = self.region_at(event.position().toPoint())
        self.setToolTip(self._labels.get(name, ""))
        self.setCursor(Qt.CursorShape.PointingHandCursor if name else Qt.CursorShape.ArrowCursor)

    @guarded(None)
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("white"))
        self._svg.render(painter, self._place())
        for name in self._chosen & self._labels.keys():
            painter.drawImage(0, 0, self._tinted(name))
        painter.end()

    def _take_height(self) -> None:
        size = self._svg.defaultSize().scaled(
            QSize(max(self.width(), 1), theme.px(_TALLEST)), Qt.AspectRatioMode.KeepAspectRatio
        )
        self.setFixedHeight(max(size.height(), 40))

    def _place(self) -> QRectF:
        size = self._svg.defaultSize().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        return QRectF(0, (self.height() - size.height()) / 2, size.width(), size.height())

    def _mask(self, name: str) -> QImage:
        """The region alone, as it lies in the widget."""
        if name not in self._masks:
            mask = QImage(self.size(), QImage.Format.Format_ARGB32_Premultiplied)
            mask.fill(Qt.GlobalColor.transparent)
            painter = QPainter(mask)
            self._svg.render(painter, name, self._bounds(name))
            painter.end()
            self._masks[name] = mask
        return self._masks[name]

    def _bounds(self, name: str) -> QRectF:
        whole, place = self._svg.viewBoxF(), self._place()
        bounds = self._svg.transformForElement(name).mapRect(self._svg.boundsOnElement(name))
        wide, tall = place.width() / whole.width(), place.height() / whole.height()
        return QRectF(
            place.x() + (bounds.x() - whole.x()) * wide, place.y() + (bounds.y() - whole.y()) * tall,
            bounds.width() * wide, bounds.height() * tall,
        )  # fmt: skip

    def _tinted(self, name: str) -> QImage:
        tinted = self._mask(name).copy()
        painter = QPainter(tinted)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
        colour = theme.colour("primary")
        colour.setAlpha(190)
        painter.fillRect(tinted.rect(), colour)
        painter.end()
        return tinted


class RegionsField(OptionsField):
    """Options with the drawing above them; without a drawing, the options alone."""

    def __init__(self, entry: Entry, scribe: Scribe, parent: QWidget | None = None) -> None:
        self.drawing = Drawing()
        super().__init__(entry, scribe, parent)
        self.drawing.setParent(self)
        self.drawing.setObjectName(f"drawing:{entry.ref}")
        self.drawing.setAccessibleName(entry.label)
        self.box.insertWidget(0, self.drawing)
        self.drawing.pressed.connect(self._on_region)
        uri = entry.media.get("image", "")
        if uri:
            scribe.tasks.run(self, partial(scribe.filling.medium, uri), self._on_drawing, self._on_trouble)

    def _on_drawing(self, data: bytes | None) -> None:
        self.drawing.load(data, self._choices)
        self.drawing.show_chosen(frozenset(self._chosen()))

    def _on_trouble(self, _problem: Problem) -> None:
        """Without a drawing the options stand alone."""

    def _on_region(self, value: str) -> None:
        self._on_pressed([choice.value for choice in self._choices].index(value))

    def _tick(self) -> None:
        super()._tick()
        self.drawing.show_chosen(frozenset(self._chosen()))
