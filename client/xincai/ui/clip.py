"""What we put on the clipboard does not stay there: it goes after a minute, and at the lock."""

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtWidgets import QApplication

STAYS_FOR = 60_000
"""Milliseconds."""
_CANNOT_TELL = frozenset({"offscreen", "minimal", "vnc", "linuxfb"})
"""Platforms that do not know whose the clipboard is; they have no other programs either."""


class Clip(QObject):
    """Watches the clipboard; what other programs put there is theirs."""

    def __init__(self, app: QApplication, stays_for: int = STAYS_FOR) -> None:
        super().__init__(app)
        self._board = app.clipboard()
        self._minute = QTimer(self)
        self._minute.setSingleShot(True)
        self._minute.setInterval(stays_for)
        self._minute.timeout.connect(self.clear)
        self._board.dataChanged.connect(self._changed)
        app.aboutToQuit.connect(self.clear)

    def clear(self) -> None:
        """Take away what is ours."""
        self._minute.stop()
        for mode, ours in (
            (QClipboard.Mode.Clipboard, self._is_ours()),
            (QClipboard.Mode.Selection, self._board.ownsSelection()),
        ):
            if ours:
                self._board.clear(mode)

    def _is_ours(self) -> bool:
        return self._board.ownsClipboard() or QGuiApplication.platformName() in _CANNOT_TELL

    def _changed(self) -> None:
        ours = self._is_ours()
        data = self._board.mimeData()
        if ours and data is not None and data.formats():
            self._minute.start()
        else:
            self._minute.stop()
