"""The rail at the left: where one can go. Icons alone when the window is narrow."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QFrame, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from xincai.ui import icons, theme
from xincai.ui.parts import text
from xincai.ui.places import Place, allowed

if TYPE_CHECKING:
    from xincai.desk.rights import Right

_WIDTH = 196
_NARROW = 64


class Rail(QFrame):
    """Places, top to bottom; Ctrl+1 to Ctrl+9 lead to them."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        theme.dress(self, "rail")
        self._buttons: dict[str, QToolButton] = {}
        self._group = QButtonGroup(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 16, 10, 12)
        layout.setSpacing(4)
        self._sign = QLabel()
        self._sign.setPixmap(icons.pixmap("shield", "rail_ink", theme.px(28), self.devicePixelRatioF()))
        self._brand = text(self.tr("信采"), "brand")
        self._under = text(self.tr("自愿填报 · 信用承诺"), "muted")
        self._brand.setContentsMargins(6, 0, 0, 0)
        self._under.setContentsMargins(6, 0, 0, 12)
        for label in (self._sign, self._brand, self._under):
            layout.addWidget(label)
        for number, (place, icon, words) in enumerate(self._places(), start=1):
            layout.addWidget(self._button(number, place, icon, words))
        layout.addStretch(1)
        self.set_narrow(False)

    def show_place(self, place: str) -> None:
        """Mark where one is; a place that is not on the rail marks nothing."""
        self._group.setExclusive(False)
        for name, button in self._buttons.items():
            button.setChecked(name == place)
        self._group.setExclusive(place in self._buttons)

    def show_allowed(self, may: Callable[["Right"], bool]) -> None:
        """Offer only the places that whoever is in may open; the digits of the others lead nowhere."""
        for name, button in self._buttons.items():
            offered = allowed(Place(name), may)
            button.setVisible(offered)
            button.setEnabled(offered)

    def show_count(self, place: str, count: int) -> None:
        """How much waits there."""
        button = self._buttons[place]
        words = str(button.property("words"))
        button.setText(f"{words}  {count}" if count else words)
        button.setAccessibleName(button.text())
        button.setToolTip(f"{button.text()}  {button.property('keys')}")

    def set_narrow(self, narrow: bool) -> None:
        """Icons alone, or icons with words."""
        self.setFixedWidth(theme.px(_NARROW if narrow else _WIDTH))
        style = (
            Qt.ToolButtonStyle.ToolButtonIconOnly if narrow else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        )
        for button in self._buttons.values():
            button.setToolButtonStyle(style)
        self._sign.setContentsMargins(0 if narrow else 6, 0, 0, 0)
        self._sign.setAlignment(Qt.AlignmentFlag.AlignHCenter if narrow else Qt.AlignmentFlag.AlignLeft)
        self._brand.setVisible(not narrow)
        self._under.setVisible(not narrow)

    def _places(self) -> tuple[tuple[str, str, str], ...]:
        return (
            ("home", "home", self.tr("首页")),
            ("assignments", "calendar", self.tr("采集任务")),
            ("choose", "new", self.tr("新建填报")),
            ("dossiers", "folder", self.tr("档案")),
            ("letters", "letter", self.tr("文书")),
            ("outbox", "outbox", self.tr("待发箱")),
            ("receipts", "receipt", self.tr("回执与更正")),
            ("settings", "settings", self.tr("设置")),
        )

    def _button(self, number: int, place: str, icon: str, words: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(f"rail.{place}")
        button.setProperty("place", place)
        button.setProperty("words", words)
        button.setProperty("keys", f"Ctrl+{number}")
        button.setText(words)
        button.setAccessibleName(words)
        button.setToolTip(f"{words}  Ctrl+{number}")
        button.setCheckable(True)
        button.setIcon(icons.icon(icon, "rail_muted", "rail_ink"))
        button.setIconSize(icons.size())
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.clicked.connect(self._choose)
        self._group.addButton(button)
        self._buttons[place] = button
        shortcut = QShortcut(QKeySequence(f"Ctrl+{number}"), self)
        shortcut.activated.connect(button.click)
        return button

    def _choose(self) -> None:
        button = self.sender()
        if button is not None:
            self.chosen.emit(str(button.property("place")))
