"""Pictures and sounds of choices: a picture in each button, a small button for what is large or sounds."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication, QObject, QSize
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QToolTip

from xincai.desk import Choice
from xincai.errors import Problem
from xincai.ui import messages, parts, theme
from xincai.ui.filling.media import medium
from xincai.ui.filling.scribe import Scribe

_SIZE = QSize(120, 90)


def show_on(buttons: Sequence[QAbstractButton], choices: Sequence[Choice], scribe: Scribe) -> None:
    """Give each button the picture of its choice, and a way to hear or enlarge it."""
    for button, choice in zip(buttons, choices, strict=True):
        if choice.media and button.findChild(Illustration) is None:
            Illustration(button, choice, scribe)


class Illustration(QObject):
    """What one choice shows and plays; it lives with the choice's button."""

    def __init__(self, button: QAbstractButton, choice: Choice, scribe: Scribe) -> None:
        super().__init__(button)
        self._button = button
        self._media = choice.media
        self._scribe = scribe
        if "image" in choice.media:
            work = partial(medium.load, scribe, choice.media["image"], _SIZE)
            scribe.tasks.run(self, work, self._on_seen, self._on_trouble)
        self._add_tools()

    def _add_tools(self) -> None:
        translate = QCoreApplication.translate
        tools = []
        if "image" in self._media or "big-image" in self._media:
            tools.append(("zoomin", translate("chosen", "看大图"), self._enlarge))
        if "audio" in self._media or "video" in self._media:
            tools.append(("forward", translate("chosen", "播放"), self._play))
        line = QHBoxLayout(self._button)
        line.setContentsMargins(0, 0, 6, 0)
        line.setSpacing(2)
        line.addStretch(1)
        for icon, words, act in tools:
            tool = parts.tool(icon, words, f"{self._button.objectName()}:{icon}")
            tool.clicked.connect(act)
            line.addWidget(tool)

    def _on_seen(self, image: QImage) -> None:
        if not image.isNull():
            self._button.setIcon(QIcon(QPixmap.fromImage(image)))
            self._button.setIconSize(image.size())
            self._button.setMinimumWidth(theme.px(60) + image.width())

    def _on_trouble(self, problem: Problem) -> None:
        self._say(messages.told(problem))

    def _enlarge(self) -> None:
        medium.enlarge(self._button, self._scribe, self._media.get("big-image") or self._media["image"])

    def _play(self) -> None:
        uri = self._media.get("audio") or self._media["video"]
        medium.play(self._scribe, uri, self._button, self._say)

    def _say(self, words: str) -> None:
        QToolTip.showText(self._button.mapToGlobal(self._button.rect().bottomLeft()), words, self._button)
