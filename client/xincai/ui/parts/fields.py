"""Fields to type into."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from xincai.ui import icons, theme
from xincai.ui.parts.button import plain
from xincai.ui.parts.text import text

_PATIENCE = 180
"""Milliseconds of silence before a search starts."""


def field(name: str, placeholder: str = "") -> QLineEdit:
    """A line to type into."""
    result = QLineEdit()
    result.setObjectName(name)
    result.setPlaceholderText(placeholder)
    result.setMinimumWidth(theme.px(120))
    return result


def labelled(words: str, inner: QWidget, hint: str = "") -> QWidget:
    """A field under its label, with a hint below; the label's mnemonic leads into the field."""
    box = QWidget()
    theme.dress(box, "clear")
    layout = QVBoxLayout(box)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(4)
    label = QLabel(words)
    theme.dress(label, "label")
    label.setBuddy(inner)
    inner.setAccessibleName(plain(words))
    layout.addWidget(label)
    layout.addWidget(inner)
    if hint:
        inner.setAccessibleDescription(hint)
        layout.addWidget(text(hint, "muted"))
    return box


class PassphraseField(QLineEdit):
    """Hides what is typed; the eye shows it. Input methods stay on: a passphrase may be Chinese words."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._hide(True)
        self._eye = QAction(icons.icon("eye", "muted"), self.tr("显示输入的内容"), self)
        self._eye.setCheckable(True)
        self._eye.toggled.connect(self._reveal)
        self.addAction(self._eye, QLineEdit.ActionPosition.TrailingPosition)

    def _hide(self, hidden: bool) -> None:
        self.setEchoMode(QLineEdit.EchoMode.Password if hidden else QLineEdit.EchoMode.Normal)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)  # Qt turns it off for passwords

    def _reveal(self, shown: bool) -> None:
        self._hide(not shown)
        self._eye.setIcon(icons.icon("eye-off" if shown else "eye", "muted"))
        self._eye.setText(self.tr("隐藏输入的内容") if shown else self.tr("显示输入的内容"))


class SearchField(QLineEdit):
    """Says `searched` when the typing rests, or at once on Enter."""

    searched = Signal(str)

    def __init__(self, name: str, placeholder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setClearButtonEnabled(True)
        self.addAction(icons.icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_PATIENCE)
        self._rest.timeout.connect(self._say)
        self.textChanged.connect(self._wait)
        self.returnPressed.connect(self._say)

    def _wait(self) -> None:
        self._rest.start()

    def _say(self) -> None:
        self._rest.stop()
        self.searched.emit(self.text().strip())
