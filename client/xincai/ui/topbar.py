"""The bar at the top: where I am, back, search, language, lock."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from xincai.ui import language, theme
from xincai.ui.parts import Badge, button, text, tool


class TopBar(QFrame):
    """Where I am, and what is always at hand."""

    went_back = Signal()
    language_wanted = Signal(str)
    lock_wanted = Signal()
    find_wanted = Signal()
    hand_wanted = Signal()
    """The subject is to fill alone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("topbar")
        theme.dress(self, "topbar")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 8, 16, 8)
        layout.setSpacing(theme.UNIT)
        self._back = tool("back", self.tr("返回（Alt+←）"), "topbar.back")
        self._back.clicked.connect(self.went_back)
        self._place = text("", "place", name="topbar.place")
        self._place.setWordWrap(False)
        self._practice = Badge(
            self.tr("演练"), "warn", self.tr("演练模式：数据只送到本机的演练平台，不会上报。")
        )
        self._practice.setObjectName("topbar.practice")
        self._practice.hide()
        other = "English" if language.current() == "zh" else "中文"
        self._language = button(other, "topbar.language", "quiet", "language")
        self._language.setAccessibleName(self.tr("切换语言"))
        self._language.setToolTip(self.tr("切换语言"))
        self._language.clicked.connect(self._switch)
        self._find = button(self.tr("查找"), "topbar.find", "quiet", "search")
        self._find.setToolTip(self.tr("查找页面、表单、草稿和填报件（Ctrl+K）"))
        self._find.clicked.connect(self.find_wanted)
        self._lock = button(self.tr("锁定(&L)"), "topbar.lock", "quiet", "lock")
        self._lock.setToolTip(self.tr("关闭保险库，离开座位时使用（Ctrl+L）"))
        self._lock.clicked.connect(self.lock_wanted)
        self._hand = button(self.tr("交还主体填写(&J)"), "topbar.hand", "quiet", "people")
        self._hand.setToolTip(self.tr("只显示这一份填报，全屏；输入口令才能回来。"))
        self._hand.clicked.connect(self.hand_wanted)
        self._hand.hide()
        layout.addWidget(self._back)
        layout.addWidget(self._place, 1, Qt.AlignmentFlag.AlignVCenter)
        for widget in (self._practice, self._hand, self._find, self._language, self._lock):
            layout.addWidget(widget)
        self.setMinimumHeight(theme.px(52))
        QShortcut(QKeySequence("Ctrl+L"), self).activated.connect(self._lock.click)
        QShortcut(QKeySequence("Ctrl+K"), self).activated.connect(self._find.click)
        QShortcut(QKeySequence("Alt+Left"), self).activated.connect(self._back.click)

    def show_place(self, words: str, *, can_go_back: bool) -> None:
        """Say where one is."""
        self._place.setText(words)
        self._back.setVisible(can_go_back)

    def show_filling(self, filling: bool) -> None:
        """Whether there is a filling to hand over, or to leave: the way back says so in words."""
        self._hand.setVisible(filling)
        words = self.tr("离开填报") if filling else self.tr("返回")
        self._back.setText(words)
        self._back.setAccessibleName(words)
        tip = self.tr("离开这份填报，已填的都存着（Alt+←）") if filling else self.tr("返回（Alt+←）")
        self._back.setToolTip(tip)
        style = Qt.ToolButtonStyle
        self._back.setToolButtonStyle(style.ToolButtonTextBesideIcon if filling else style.ToolButtonIconOnly)

    def show_open(self, *, is_open: bool, practice: bool) -> None:
        """Whether there is a vault to lock, and whether this is practice."""
        self._lock.setVisible(is_open)
        self._find.setVisible(is_open)
        self._find.setEnabled(is_open)
        self._practice.setVisible(practice)

    def _switch(self) -> None:
        self.language_wanted.emit("en" if language.current() == "zh" else "zh")
