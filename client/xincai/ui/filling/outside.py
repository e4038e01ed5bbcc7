"""What the page opens outside the program: a web address, and only when the person said so."""

from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from xincai.ui import ask

_SCHEMES = ("http", "https", "mailto")


def address(words: str) -> QUrl | None:
    """The address that words mean; None when they mean none that may be opened."""
    tidy = words.strip()
    if not tidy or any(mark.isspace() for mark in tidy):
        return None
    url = QUrl(tidy if ":" in tidy else f"https://{tidy}", QUrl.ParsingMode.StrictMode)
    right = url.isValid() and url.scheme().lower() in _SCHEMES
    return url if right and (url.host() or url.scheme().lower() == "mailto") else None


def open_address(parent: QWidget, words: str) -> bool:
    """Ask, showing the whole address, then hand it to the system; whether it was opened."""
    url = address(words)
    if url is None:
        return False
    asked = QCoreApplication.translate("outside", "将在浏览器中打开这个网址：\n{address}").format(
        address=url.toString()
    )
    if not ask.sure(parent, asked, QCoreApplication.translate("outside", "打开网址")):
        return False
    return QDesktopServices.openUrl(url)
