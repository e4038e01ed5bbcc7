"""Buttons: one primary at most on a page, the rest secondary or quiet."""

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QToolButton

from xincai.ui import icons, theme

ButtonRole = Literal["primary", "secondary", "danger", "quiet", "link", "choice"]
_ICON_TOKEN = {
    "primary": "on_primary",
    "danger": "red",
    "quiet": "primary",
    "link": "primary",
    "choice": "primary",
}


def button(words: str, name: str, role: ButtonRole = "secondary", icon: str = "") -> QPushButton:
    """A button that Enter and Space press; `&` in the words marks its mnemonic."""
    result = QPushButton(words)
    result.setObjectName(name)
    result.setAutoDefault(True)
    result.setAccessibleName(plain(words))
    result.setCursor(Qt.CursorShape.PointingHandCursor)
    if icon:
        result.setIcon(icons.icon(icon, _ICON_TOKEN.get(role, "ink")))
        result.setIconSize(icons.size())
    theme.dress(result, role)
    return result


def choice_button(words: str, name: str, icon: str = "") -> QPushButton:
    """A wide button that stays chosen; put several into a QButtonGroup."""
    result = button(words, name, "choice", icon)
    result.setCheckable(True)
    return result


def tool(icon: str, words: str, name: str) -> QToolButton:
    """An icon alone; the words are its tooltip and its accessible name."""
    result = QToolButton()
    result.setObjectName(name)
    result.setIcon(icons.icon(icon))
    result.setIconSize(icons.size())
    result.setToolTip(plain(words))
    result.setAccessibleName(plain(words))
    result.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    theme.dress(result, "quiet")
    return result


def plain(words: str) -> str:
    """Words without the mark of their mnemonic: `打开(&O)` and `&Open` read 打开 and Open."""
    head, mark, tail = words.partition("(&")
    return head if mark and tail.endswith(")") else words.replace("&", "")
