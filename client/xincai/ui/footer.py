"""The line at the bottom: connection, vault, last saving, what waits."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from xincai.desk import Overview
from xincai.ui import theme


class Footer(QFrame):
    """How things stand, always in view."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("footer")
        theme.dress(self, "footer")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 5, 16, 5)
        layout.setSpacing(24)
        self._link = self._label("footer.link")
        self._vault = self._label("footer.vault")
        self._saved = self._label("footer.saved")
        self._waiting = self._label("footer.waiting")
        for label in (self._link, self._vault, self._saved):
            layout.addWidget(label)
        layout.addStretch(1)
        layout.addWidget(self._waiting)
        self.show_closed()

    def show_closed(self) -> None:
        """Before the vault is open."""
        self._say(self._link, self.tr("离线可用，资料只存在本机"))
        self._say(self._vault, self.tr("保险库：已锁定"))
        self._say(self._saved, "")
        self._say(self._waiting, "")

    def show_overview(self, overview: Overview) -> None:
        """With the vault open."""
        link = overview.connection
        if link is None:
            self._say(self._link, self.tr("未登记联网，离线可用"), "warn")
        elif link.practice:
            self._say(self._link, self.tr("已登记到演练平台"), "warn")
        else:
            self._say(self._link, self.tr("已登记：%1").replace("%1", link.office), "good")
        self._say(self._vault, self.tr("保险库：已打开"), "good")
        waiting = overview.waiting + overview.undelivered
        words = self.tr("%n 项待发送", "", waiting) if waiting else self.tr("没有待发送的资料")
        self._say(self._waiting, words, "warn" if waiting else "")

    def show_saved(self, at: str) -> None:
        """A draft was saved at this time of day."""
        self._say(self._saved, self.tr("已保存 %1").replace("%1", at))

    def _label(self, name: str) -> QLabel:
        label = QLabel()
        label.setObjectName(name)
        return label

    def _say(self, label: QLabel, words: str, tone: str = "") -> None:
        label.setText(words)
        label.setAccessibleName(words)
        label.setVisible(bool(words))
        theme.dress(label, "", tone)
