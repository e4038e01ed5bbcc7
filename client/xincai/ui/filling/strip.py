"""The strip over a filling: the form's title, the saving note, and the button that checks."""

import datetime

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from xincai.ui import parts, theme
from xincai.ui.parts import Badge

_LINGER = 2500
"""Milliseconds a passing remark stays."""


class Strip(QFrame):
    """The top line of the filling page."""

    seal = Signal()

    def __init__(self, title: str, version: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.dress(self, "strip")
        self._at: datetime.datetime | None = None
        self._version = version
        self.title = parts.text(title, "heading", name="filling.title")
        self.title.setWordWrap(False)
        self._badge = Badge("", "warn", parent=self)
        self._badge.setVisible(version > 1)
        self.note = parts.text("", "muted", name="filling.saved")
        self.note.setWordWrap(False)
        self.check = parts.button("", "filling.seal", "primary")
        box = QHBoxLayout(self)
        box.setContentsMargins(20, 8, 16, 8)
        box.setSpacing(8)
        box.addWidget(self.title)
        box.addWidget(self._badge)
        box.addStretch(1)
        box.addWidget(self.note)
        box.addSpacing(8)
        box.addWidget(self.check)
        self.check.clicked.connect(self.seal)
        self._linger = QTimer(self)
        self._linger.setSingleShot(True)
        self._linger.setInterval(_LINGER)
        self._linger.timeout.connect(self._say_saved)
        self.retranslate(title)

    def retranslate(self, title: str) -> None:
        """Say everything in the screen's language."""
        self.check.setText(self.tr("检查并封存"))
        self._badge.show_words(self.tr("更正 第 {version} 版").format(version=self._version), "warn")
        self.title.setText(title)
        self._say_saved()

    def show_saved(self, at: datetime.datetime) -> str:
        """Show when the draft was saved; the time as shown."""
        self._at = at
        if not self._linger.isActive():
            self._say_saved()
        return clock_time(at)

    def say(self, words: str) -> None:
        """Say something for a moment in the place of the saving note."""
        theme.dress(self.note, "muted", "info")
        self.note.setText(words)
        self._linger.start()

    def show_unsaved(self, words: str) -> None:
        """Say that saving failed, until it works again."""
        self._linger.stop()
        theme.dress(self.note, "muted", "bad")
        self.note.setText(words)

    def _say_saved(self) -> None:
        if self.note.property("tone"):
            theme.dress(self.note, "muted", "")
        if self._at is None:
            self.note.setText(self.tr("边填边存，随时可以离开"))
        else:
            self.note.setText(self.tr("已保存 {time}").format(time=clock_time(self._at)))


def clock_time(instant: datetime.datetime) -> str:
    """The time of day where this computer stands, to the second."""
    return instant.astimezone().strftime("%H:%M:%S")
