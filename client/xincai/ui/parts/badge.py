"""A status in one word, one colour and one icon-free pill; its tooltip says what happens next."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from xincai.ui import theme
from xincai.ui.theme import Tone


class Badge(QLabel):
    """A pill with a tone."""

    def __init__(
        self, words: str = "", tone: Tone = "muted", tip: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
        self.show_words(words, tone, tip)

    def show_words(self, words: str, tone: Tone, tip: str = "") -> None:
        """Say this."""
        self.setText(words)
        self.setToolTip(tip)
        self.setAccessibleName(words)
        self.setAccessibleDescription(tip)
        theme.dress(self, "badge", tone)
