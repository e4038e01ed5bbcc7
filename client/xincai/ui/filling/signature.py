"""The signature: strokes on a pad, by pen, finger or mouse; an empty pad is never taken.

What is kept is a PNG of the strokes, and in it their course: place, time and pressure of each point, which a
letter binds to what was signed. It is taken in a moment after the last stroke, and when the pen goes
elsewhere, so that no signature is lost by forgetting to press a button.
"""

import json
import math
from functools import partial
from itertools import pairwise

from PySide6.QtCore import QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPointingDevice,
    QPolygonF,
    QResizeEvent,
    QTabletEvent,
)
from PySide6.QtWidgets import QLabel, QWidget

from xincai.desk import Entry
from xincai.errors import Problem
from xincai.ui import messages, parts, theme
from xincai.ui.filling import picture
from xincai.ui.filling.drawn import Drawn
from xincai.ui.filling.field import Field
from xincai.ui.filling.scribe import Scribe
from xincai.ui.guard import guarded

_REST = 900
"""Milliseconds after the last stroke until the signature is taken in."""
_INK = 60.0
"""Pixels of line below which it is a slip of the hand, not a signature."""
_WIDTH = 720
"""Pixels across of the picture kept."""

_FULL = 1000
"""The pressure of whatever does not tell any."""

Stroke = list[QPointF]
Course = list[tuple[float, float, int, int]]
"""A stroke's points with milliseconds since the first of all and pressure in thousandths."""


class Pad(Drawn):
    """A white field that takes strokes."""

    drawn = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setFixedHeight(theme.px(190))
        self.setAttribute(Qt.WidgetAttribute.WA_StaticContents)
        self.strokes: list[Stroke] = []
        self._course: list[Course] = []
        self._began = 0
        self._pen = "mouse"
        self.words = ""

    def ink(self) -> float:
        """How long all strokes are together, in pixels."""
        return sum(
            math.hypot(b.x() - a.x(), b.y() - a.y()) for stroke in self.strokes for a, b in pairwise(stroke)
        )

    def clear(self) -> None:
        """Take all strokes away."""
        self.forget()
        self.drawn.emit()

    def undo(self) -> None:
        """Take the last stroke away."""
        if self.strokes:
            self.strokes.pop()
            self._course.pop()
            self.update()
            self.drawn.emit()

    def forget(self) -> None:
        """An empty pad, and nobody is told."""
        self.strokes, self._course = [], []
        self.update()

    def course(self) -> str:
        """How the strokes were drawn, as JSON."""
        return json.dumps({"pen": self._pen, "strokes": self._course}, separators=(",", ":"))

    def image(self) -> QImage:
        """The strokes, black on white, cut to what is written."""
        points = [point for stroke in self.strokes for point in stroke]
        bounds = QPolygonF(points).boundingRect().adjusted(-12, -12, 12, 12)
        scale = min(_WIDTH / bounds.width(), 3.0)
        image = QImage(
            math.ceil(bounds.width() * scale), math.ceil(bounds.height() * scale), QImage.Format.Format_RGB32
        )
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(scale, scale)
        painter.translate(-bounds.topLeft())
        self._paint_strokes(painter, QColor("black"))
        painter.end()
        image.setText("strokes", self.course())
        return image

    @guarded(None)
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            touch = event.pointingDevice().type() == QPointingDevice.DeviceType.TouchScreen
            self._begin("touch" if touch else "mouse")
            self._point(event.position(), event.timestamp(), _FULL)

    @guarded(None)
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton and self.strokes:
            self._point(event.position(), event.timestamp(), _FULL)

    @guarded(None)
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.strokes:
            self.drawn.emit()

    @guarded(None)
    def tabletEvent(self, event: QTabletEvent) -> None:
        """A pen that tells its pressure; taken here, it does not come again as a mouse."""
        pressure = round(event.pressure() * _FULL)
        if event.type() == QTabletEvent.Type.TabletPress:
            self._begin("pen")
            self._point(event.position(), event.timestamp(), pressure)
        elif event.type() == QTabletEvent.Type.TabletMove and pressure and self.strokes:
            self._point(event.position(), event.timestamp(), pressure)
        elif event.type() == QTabletEvent.Type.TabletRelease and self.strokes:
            self.drawn.emit()
        event.accept()

    def _begin(self, pen: str) -> None:
        """A new stroke."""
        self._pen = pen
        self.strokes.append([])
        self._course.append([])

    def _point(self, place: QPointF, at: int, pressure: int) -> None:
        """One more point of the stroke, at a time of the system's in milliseconds."""
        if sum(map(len, self._course)) == 0:
            self._began = at
        self.strokes[-1].append(place)
        self._course[-1].append((round(place.x(), 1), round(place.y(), 1), at - self._began, pressure))
        self.update()

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Undo) and self.strokes:
            self.undo()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.clear()
        else:
            event.ignore()

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.update()

    @guarded(None)
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self.rect().adjusted(1, 1, -1, -1)
        focused = self.hasFocus()
        painter.setPen(QPen(theme.colour("focus" if focused else "field_line"), 2 if focused else 1))
        painter.setBrush(QColor("white"))
        painter.drawRoundedRect(area, 6, 6)
        painter.setPen(QPen(QColor("#C9D3CF"), 1, Qt.PenStyle.DashLine))
        baseline = round(area.height() * 0.74)
        painter.drawLine(area.left() + 24, baseline, area.right() - 24, baseline)
        if not self.strokes:
            painter.setPen(QColor("#596862"))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self.words)
        self._paint_strokes(painter, QColor("#10241E"))
        painter.end()

    def _paint_strokes(self, painter: QPainter, ink: QColor) -> None:
        pen = QPen(ink, 3.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for stroke in self.strokes:
            if len(stroke) == 1:
                painter.drawPoint(stroke[0])
            else:
                painter.drawPolyline(QPolygonF(stroke))


class SignatureField(Field):
    """A signature by hand."""

    def __init__(self, entry: Entry, scribe: Scribe, parent: QWidget | None = None) -> None:
        super().__init__(entry, scribe, parent)
        self._taken = False
        self._own = ""
        self.pad = Pad(self)
        self.pad.setObjectName(f"q:{entry.ref}")
        self.pad.setAccessibleName(entry.label)
        self._kept = QLabel(self)
        self._kept.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._kept.setMinimumHeight(theme.px(120))
        theme.dress(self._kept, "kept")
        self._state = parts.text("", "muted")
        self._undo = parts.button("", f"undo:{entry.ref}", "quiet")
        self._clear = parts.button("", f"clear:{entry.ref}", "quiet")
        self.box.addWidget(self.pad)
        self.box.addWidget(self._kept)
        self.box.addWidget(parts.row(self._state, None, self._undo, self._clear))
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST)
        self._rest.timeout.connect(self.settle)
        self.pad.drawn.connect(self._on_drawn)
        self.pad.departed.connect(self._on_departed)
        self._undo.clicked.connect(self.pad.undo)
        self._clear.clicked.connect(self._on_clear)
        self.retranslate()

    def hand(self) -> QWidget:
        return self._clear if self.pad.isHidden() else self.pad

    def show_entry(self, entry: Entry) -> None:
        super().show_entry(entry)
        foreign = bool(entry.value) and not self.pad.strokes
        self._show_pad(not foreign)
        if foreign and entry.value != self._own:
            self._own = entry.value
            self.scribe.tasks.run(
                self, partial(_kept, self.scribe, self.ref), self._on_seen, self._on_refused
            )
        if not entry.value and self._taken and not self.scribe.is_attaching(self.ref):
            self._taken = False
            self.pad.forget()
        self._show_state()

    @property
    def is_unread(self) -> bool:
        return bool(self.pad.strokes) and not self._taken

    def settle(self) -> None:
        self._rest.stop()
        if not self.pad.strokes or self._taken:
            return
        if self.pad.ink() < _INK:
            self.refused.emit(self.tr("笔画太少，还不能算签名，请写完整的姓名。"))
            return
        self._taken = True
        self.scribe.attach(self.ref, partial(picture.png, self.pad.image()), self._on_refused)

    def retranslate(self) -> None:
        drawn = "signature" not in self.entry.appearance.split()
        self.pad.words = self.tr("在这里画") if drawn else self.tr("请本人在这里签名")
        self._undo.setText(self.tr("撤销一笔"))
        self._show_state()

    def _show_pad(self, shown: bool) -> None:
        self.pad.setVisible(shown)
        self._kept.setVisible(not shown)

    def _show_state(self) -> None:
        foreign = self.pad.isHidden()
        self._undo.setVisible(not foreign)
        self._clear.setText(self.tr("重新签名") if foreign or self.entry.value else self.tr("清除"))
        self._state.setText(self.tr("签名已加密保存") if self.entry.value else "")

    def _on_drawn(self) -> None:
        self._taken = False
        self._rest.stop()
        if self.pad.strokes:
            self._rest.start()
        elif self.entry.value:
            self.given.emit("")

    def _on_clear(self) -> None:
        self._rest.stop()
        self._taken = False
        self.pad.forget()
        if self.entry.value:
            self.given.emit("")
        self._show_pad(True)
        self.pad.setFocus()

    def _on_departed(self) -> None:
        self.settle()
        self.departed.emit()

    def _on_refused(self, problem: Problem) -> None:
        self._taken = False
        self.refused.emit(messages.told(problem))

    def _on_seen(self, image: QImage) -> None:
        if not image.isNull():
            self._kept.setPixmap(QPixmap.fromImage(image))

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.settle()
            self.onward.emit()
        else:
            event.ignore()


def _kept(scribe: Scribe, ref: str) -> QImage:
    """Lane: the signature kept, to be seen."""
    data = scribe.filling.attached(ref)
    return picture.preview(data, QSize(480, 160)) if data else QImage()
