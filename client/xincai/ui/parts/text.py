"""Words on a page."""

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy

from xincai.ui import theme
from xincai.ui.theme import Tone

TextRole = Literal["", "title", "heading", "label", "muted", "figure", "code", "message", "brand", "place"]


def text(words: str = "", role: TextRole = "", tone: Tone = "", name: str = "") -> QLabel:
    """A label that wraps; plain text only, so nothing in an answer is ever read as markup."""
    label = QLabel(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    label.setObjectName(name)
    theme.dress(label, role, tone)
    return label
