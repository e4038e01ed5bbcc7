"""Pictures and sounds that belong to a question or a choice: shown small, seen large, opened by the system.

The program plays nothing itself (the sound and video parts of Qt are not shipped): it writes the form's own
file to a folder that goes away with the program, and asks the system to open it. Answers never go there.
"""

import functools
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QSize, Qt, QTemporaryDir, QUrl
from PySide6.QtGui import QDesktopServices, QImage, QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from xincai.errors import Problem
from xincai.ui import messages, parts, theme
from xincai.ui.filling import picture
from xincai.ui.filling.scribe import Scribe
from xincai.ui.guard import guarded

SMALL = QSize(520, 240)
LARGE = QSize(2400, 1800)
_SOUNDS = ("audio", "video")


class MediaRow(QWidget):
    """What a question shows and plays, under its label."""

    def __init__(self, media: Mapping[str, str], scribe: Scribe, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.dress(self, "clear")
        self.media = dict(media)
        self._scribe = scribe
        self.picture = QPushButton(self)
        self.picture.setObjectName("media.image")
        self.picture.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.dress(self.picture, "picture")
        self.picture.clicked.connect(self._enlarge)
        self.picture.hide()
        self._players = {kind: parts.button("", f"media.{kind}", "secondary") for kind in _SOUNDS}
        self._said = parts.text("", "muted")
        self._said.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        box.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignLeft)
        line = QHBoxLayout()
        line.setSpacing(8)
        for kind, button in self._players.items():
            button.clicked.connect(self._play_sound if kind == "audio" else self._play_video)
            line.addWidget(button)
            if kind not in self.media:
                button.hide()
        line.addStretch(1)
        box.addLayout(line)
        box.addWidget(self._said)
        self.retranslate()
        if "image" in self.media:
            work = partial(load, scribe, self.media["image"], SMALL)
            scribe.tasks.run(self, work, self._on_seen, self._on_trouble)

    def retranslate(self) -> None:
        """Say the words in the screen's language."""
        self._players["audio"].setText(self.tr("播放录音"))
        self._players["video"].setText(self.tr("播放录像"))
        self.picture.setToolTip(self.tr("点开看大图"))
        self.picture.setAccessibleName(self.tr("题目的图片，点开看大图"))

    def _on_seen(self, image: QImage) -> None:
        if image.isNull():
            self._say(self.tr("题目的图片没有随表单一起带来。"))
            return
        self.picture.setIcon(QPixmap.fromImage(image))
        self.picture.setIconSize(image.size())
        self.picture.show()

    def _enlarge(self) -> None:
        enlarge(self, self._scribe, self.media.get("big-image") or self.media["image"])

    def _play_sound(self) -> None:
        play(self._scribe, self.media["audio"], self, self._say)

    def _play_video(self) -> None:
        play(self._scribe, self.media["video"], self, self._say)

    def _say(self, words: str) -> None:
        self._said.setText(words)
        self._said.show()

    def _on_trouble(self, problem: Problem) -> None:
        self._say(messages.told(problem))


class Enlarged(QDialog):
    """A picture as large as the window allows; plus and minus zoom, Esc closes."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("enlarged")
        self.setWindowTitle(self.tr("看大图"))
        self._image = QImage()
        self._zoom = 0.0
        self._label = QLabel()
        self._label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        self._area.setWidget(self._label)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        box = QVBoxLayout(self)
        box.setContentsMargins(8, 8, 8, 8)
        box.addWidget(self._area)
        self.resize(parent.window().size() * 0.8)

    def show_image(self, image: QImage) -> None:
        """Show this picture, fitted into the window."""
        self._image = image
        if image.isNull():
            self._label.setText(self.tr("题目的图片没有随表单一起带来。"))
        self._paint()

    def show_trouble(self, problem: Problem) -> None:
        """Say why there is no picture."""
        self._label.setText(messages.told(problem))

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus) and not self._image.isNull():
            now = self._zoom or self._fitting()
            self._zoom = min(max(now * (0.8 if event.key() == Qt.Key.Key_Minus else 1.25), 0.1), 4.0)
            self._paint()
        else:
            super().keyPressEvent(event)

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._paint()

    def _fitting(self) -> float:
        room = self._area.viewport().size()
        return min(room.width() / self._image.width(), room.height() / self._image.height(), 1.0)

    def _paint(self) -> None:
        if not self._image.isNull():
            size = self._image.size() * (self._zoom or self._fitting())
            smooth = Qt.TransformationMode.SmoothTransformation
            self._label.setPixmap(
                QPixmap.fromImage(self._image.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, smooth))
            )


def load(scribe: Scribe, uri: str, size: QSize) -> QImage:
    """Lane: a picture of the form, fitted into a size; null when there is none."""
    data = scribe.filling.medium(uri)
    return picture.preview(data, size) if data else QImage()


def enlarge(parent: QWidget, scribe: Scribe, uri: str) -> None:
    """Show a picture of the form in a window of its own."""
    shown = Enlarged(parent)
    scribe.tasks.run(shown, partial(load, scribe, uri, LARGE), shown.show_image, shown.show_trouble)
    shown.open()


def play(scribe: Scribe, uri: str, owner: QWidget, say: Callable[[str], None]) -> None:
    """Let the system open a sound or video of the form, or say why it cannot."""

    def hand_over(path: Path | None) -> None:
        if path is None:
            say(QCoreApplication.translate("medium", "这段录音或录像没有随表单一起带来。"))
        elif not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            say(QCoreApplication.translate("medium", "这台电脑没有能播放它的程序。"))

    def tell(problem: Problem) -> None:
        say(messages.told(problem))

    scribe.tasks.run(owner, partial(_lay_out, scribe, uri), hand_over, tell)


def _lay_out(scribe: Scribe, uri: str) -> Path | None:
    """Lane: the form's file where the system can read it; None when the form came without it."""
    data = scribe.filling.medium(uri)
    if data is None:
        return None
    path = Path(_folder().filePath(uri.rpartition("/")[2]))
    path.write_bytes(data)
    return path


@functools.cache
def _folder() -> QTemporaryDir:
    return QTemporaryDir()
