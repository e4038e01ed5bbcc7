"""A photograph to draw on: arrows and rings in red, kept as one picture with what is under them."""

from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from xincai.desk import Entry
from xincai.ui import parts, theme
from xincai.ui.filling import picture
from xincai.ui.filling.photo import PhotoField
from xincai.ui.filling.scribe import Scribe
from xincai.ui.filling.signature import Pad
from xincai.ui.guard import guarded

_FULL = QSize(2000, 2000)
_TALL = 420
_RED = "#D8261C"


class MarkPad(Pad):
    """A pad with a picture under its strokes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._under = QImage()
        self.setFixedHeight(theme.px(_TALL))

    def lay_under(self, image: QImage) -> None:
        """Draw on this picture from now on."""
        self._under = image
        self.strokes = []
        self.update()

    def image(self) -> QImage:
        """The picture with all strokes, in its own size."""
        result = self._under.convertToFormat(QImage.Format.Format_RGB32)
        place = self._place()
        painter = QPainter(result)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(result.width() / place.width(), result.height() / place.height())
        painter.translate(-place.topLeft())
        self._paint_strokes(painter, QColor(_RED))
        painter.end()
        return result

    @guarded(None)
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(self._place(), self._under)
        self._paint_strokes(painter, QColor(_RED))
        painter.setPen(QPen(theme.colour("focus" if self.hasFocus() else "field_line"), 2))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 6, 6)
        painter.end()

    def _place(self) -> QRectF:
        """Where the picture lies on the pad."""
        size = self._under.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        return QRectF((self.width() - size.width()) / 2, (self.height() - size.height()) / 2,
                      max(size.width(), 1), max(size.height(), 1))  # fmt: skip


class AnnotateField(PhotoField):
    """A photograph with marks drawn on it."""

    def __init__(self, entry: Entry, scribe: Scribe, parent: QWidget | None = None) -> None:
        self.pad = MarkPad()
        self._draw = parts.button("", f"draw:{entry.ref}", "quiet", "sign")
        self._keep = parts.button("", f"keep:{entry.ref}", "secondary")
        self._undo = parts.button("", f"undo:{entry.ref}", "quiet")
        super().__init__(entry, scribe, parent)
        self.pad.setObjectName(f"pad:{entry.ref}")
        self.pad.hide()
        self.box.addWidget(self.pad)
        self.box.addWidget(parts.row(self._draw, self._keep, self._undo, None))
        self._draw.clicked.connect(self._begin_drawing)
        self._keep.clicked.connect(self.settle)
        self._undo.clicked.connect(self.pad.undo)
        self.pad.departed.connect(self.settle)
        self._show_words()

    def settle(self) -> None:
        """Keep the marks drawn so far in the picture."""
        if not self.pad.strokes:
            return
        image = self.pad.image()
        self.pad.forget()
        self._take(partial(picture.png, image))

    @property
    def is_unread(self) -> bool:
        return bool(self.pad.strokes)

    def retranslate(self) -> None:
        super().retranslate()
        self._draw.setText(self.tr("在图上标注"))
        self._keep.setText(self.tr("标注好了"))
        self._undo.setText(self.tr("撤销一笔"))
        self.pad.setAccessibleName(self.tr("在图上画出标记"))

    def _show_words(self) -> None:
        super()._show_words()
        if self._draw.parent() is None:
            return  # a button shown before it has its place would be a window for a moment
        drawing = not self.pad.isHidden()
        self._draw.setVisible(bool(self.entry.value) and not drawing)
        self._keep.setVisible(drawing)
        self._undo.setVisible(drawing)

    def _show(self) -> None:
        self.pad.hide()
        super()._show()

    def _begin_drawing(self) -> None:
        work = partial(_full, self.scribe, self.ref)
        self.scribe.tasks.run(self, work, self._on_full, self._on_refused)

    def _on_full(self, image: QImage) -> None:
        if image.isNull():
            return
        self.pad.lay_under(image)
        self.pad.show()
        self.pad.setFocus()
        self._show_words()


def _full(scribe: Scribe, ref: str) -> QImage:
    """Lane: the picture of a question, large."""
    data = scribe.filling.attached(ref)
    return picture.preview(data, _FULL) if data else QImage()
