"""A banner in a page: what is so, and at most one thing to do about it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from xincai.ui import icons, theme
from xincai.ui.parts.button import button
from xincai.ui.parts.text import text
from xincai.ui.theme import Tone

_ICON = {"info": "info", "good": "check", "warn": "alert", "bad": "alert", "": "info", "muted": "info"}
_TOKEN = {"info": "info", "good": "primary", "warn": "amber_ink", "bad": "red", "": "ink", "muted": "muted"}


class Notice(QFrame):
    """A banner with a tone."""

    acted = Signal()

    def __init__(
        self,
        words: str,
        tone: Tone = "info",
        *,
        action: str = "",
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 10, 12, 10)
        layout.setSpacing(12)
        self._sign = QLabel()
        self._words = text()
        self.action: QPushButton = button(action, f"{name}.act" if name else "notice.act")
        if not action:
            self.action.hide()
        self.action.clicked.connect(self.acted)
        layout.addWidget(self._sign)
        layout.addWidget(self._words, 1)
        layout.addWidget(self.action)
        self.show_words(words, tone)

    def show_words(self, words: str, tone: Tone = "info") -> None:
        """Say this."""
        self._words.setText(words)
        self._sign.setPixmap(icons.pixmap(_ICON[tone], _TOKEN[tone], theme.px(20), self.devicePixelRatioF()))
        self.setAccessibleName(words)
        theme.dress(self, "notice", tone)

    def words(self) -> str:
        """What it says."""
        return self._words.text()
