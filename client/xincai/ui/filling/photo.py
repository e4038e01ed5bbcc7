"""Photographs: picked, dropped or pasted; kept in the vault; seen as a small picture.

The program takes no photograph itself (the camera parts of Qt are not shipped): it takes what a phone, a
camera or a document scanner made.
"""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QFocusEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPixmap,
)
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from xincai.desk import Entry
from xincai.errors import Problem
from xincai.ui import icons, messages, parts, theme
from xincai.ui.filling import picture
from xincai.ui.filling.field import Field
from xincai.ui.filling.scribe import Scribe
from xincai.ui.guard import guarded


class DropPlace(QFrame):
    """A frame that takes a file dropped on it or pasted into it; Enter or a click opens the file dialog."""

    dropped = Signal(object)
    """A Path."""
    pasted = Signal(object)
    """A QImage."""
    asked = Signal()
    departed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.dress(self, "drop")

    @guarded(None)
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _path(event.mimeData()) is not None:
            theme.dress(self, "drop", "over")
            event.acceptProposedAction()

    @guarded(None)
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        theme.dress(self, "drop")
        super().dragLeaveEvent(event)

    @guarded(None)
    def dropEvent(self, event: QDropEvent) -> None:
        theme.dress(self, "drop")
        path = _path(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.dropped.emit(path)

    @guarded(None)
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.asked.emit()

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self._paste()
        elif event.key() == Qt.Key.Key_Space:
            self.asked.emit()
        else:
            event.ignore()

    @guarded(None)
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        theme.dress(self, "drop", "focus")

    @guarded(None)
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        theme.dress(self, "drop")
        self.departed.emit()

    def _paste(self) -> None:
        clipboard = QGuiApplication.clipboard()
        path = _path(clipboard.mimeData())
        if path is not None:
            self.dropped.emit(path)
        elif not clipboard.image().isNull():
            self.pasted.emit(clipboard.image())


class PhotoField(Field):
    """A photograph."""

    def __init__(self, entry: Entry, scribe: Scribe, parent: QWidget | None = None) -> None:
        super().__init__(entry, scribe, parent)
        self._shown = ""
        self.place = DropPlace(self)
        self.place.setObjectName(f"q:{entry.ref}")
        self.place.setAccessibleName(entry.label)
        self._sight = QLabel(self.place)
        self._head = parts.text("", "label")
        self._words = parts.text("", "muted")
        for label in (self._sight, self._head, self._words):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._drop_button = parts.button("", f"clear:{entry.ref}", "quiet")
        layout = QHBoxLayout(self.place)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(16)
        beside = QVBoxLayout()
        beside.setSpacing(2)
        beside.addStretch(1)
        beside.addWidget(self._head)
        beside.addWidget(self._words)
        beside.addStretch(1)
        layout.addWidget(self._sight)
        layout.addLayout(beside, 1)
        layout.addWidget(self._drop_button, 0, Qt.AlignmentFlag.AlignTop)
        self.box.addWidget(self.place)
        self.place.asked.connect(self._ask)
        self.place.dropped.connect(self.take)
        self.place.pasted.connect(self._take_image)
        self.place.departed.connect(self.departed)
        self._drop_button.clicked.connect(self._clear)
        self.retranslate()

    def hand(self) -> QWidget:
        return self.place

    def show_entry(self, entry: Entry) -> None:
        super().show_entry(entry)
        if entry.value != self._shown:
            self._shown = entry.value
            self._show()

    def retranslate(self) -> None:
        self._drop_button.setText(self.tr("移除"))
        self._show_words()

    def take(self, path: Path) -> None:
        """Take this file."""
        self._take(partial(picture.read_file, path))

    def _take_image(self, image: QImage) -> None:
        self._take(partial(picture.png, image))

    def _begin(self) -> None:
        self._head.setText(self.tr("正在加密保存……"))

    def _take(self, read: picture.Read) -> None:
        self._begin()
        self.scribe.attach(self.ref, read, self._on_refused)

    def _on_refused(self, problem: Problem) -> None:
        self.refused.emit(messages.told(problem))
        self._show_words()

    def _show(self) -> None:
        self._show_words()
        if self.entry.value:
            work = partial(_small, self.scribe, self.ref)
            self.scribe.tasks.run(self, work, self._on_seen, self._on_refused)

    def _on_seen(self, image: QImage) -> None:
        if self.entry.value and not image.isNull():
            self._sight.setPixmap(QPixmap.fromImage(image))

    def _show_words(self) -> None:
        has = bool(self.entry.value)
        self._drop_button.setVisible(has)
        if has:
            self._head.setText(self.tr("已加密保存在本机"))
            self._words.setText(self.tr("点这里换一个。"))
            return
        self._sight.setPixmap(icons.pixmap("image", "muted", theme.px(28), self.devicePixelRatioF()))
        self._head.setText(self.tr("选一张照片"))
        self._words.setText(self.tr("点这里选文件，或把手机、高拍仪拍的照片拖进来，也可以粘贴。"))

    def _ask(self) -> None:
        kinds = self.tr("图片 (*.jpg *.jpeg *.png *.bmp *.webp)")
        chosen, _ = QFileDialog.getOpenFileName(self, self.entry.label, "", kinds)
        if chosen:
            self.take(Path(chosen))

    def _clear(self) -> None:
        self.given.emit("")
        self.place.setFocus()

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.onward.emit()
        else:
            event.ignore()


def _small(scribe: Scribe, ref: str) -> QImage:
    """Lane: the picture of a question, small."""
    data = scribe.filling.attached(ref)
    return picture.preview(data, QSize(160, 96)) if data else QImage()


def _path(data: QMimeData) -> Path | None:
    files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()] if data.hasUrls() else []
    return files[0] if files and files[0].is_file() else None
