"""The computer goes to sleep, or the session ends: whoever sat here is gone, so the vault is to be locked.

On Linux the system says so over D-Bus (`org.freedesktop.login1`, `PrepareForSleep`); the end of a session
comes through Qt on every system. On Windows, sleep and the locking of the screen come as window messages;
that part is untested.
"""

import ctypes
import sys
from pathlib import Path

from PySide6.QtCore import SLOT, QAbstractNativeEventFilter, QByteArray, QObject, Signal, Slot
from PySide6.QtGui import QSessionManager
from PySide6.QtWidgets import QApplication

from xincai.ui.guard import guarded

_BUS = Path("/run/dbus/system_bus_socket")
_POWERBROADCAST, _SUSPEND = 0x0218, 0x0004
_SESSION_CHANGE, _LOGOFF, _LOCKED = 0x02B1, 0x6, 0x7
_MESSAGE_AT, _WORD_AT = 8, 16
"""Where a 64-bit Windows `MSG` holds the message and its first word."""


class Leaving(QObject):
    """Says `going` when the computer is about to be left."""

    going = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        app.commitDataRequest.connect(self._session_ends)
        self._filter: _WindowsFilter | None = None
        if sys.platform == "win32":
            self._filter = _WindowsFilter(self)
            app.installNativeEventFilter(self._filter)
        elif _BUS.exists():
            self._listen()

    @Slot(bool)
    def asleep(self, begins: bool) -> None:
        """The system begins to sleep, or has woken."""
        if begins:
            self.going.emit()

    def _session_ends(self, _manager: QSessionManager) -> None:
        self.going.emit()

    def _listen(self) -> None:
        from PySide6.QtDBus import QDBusConnection

        QDBusConnection.systemBus().connect(  # type: ignore[call-overload]  # the stubs ask for bytes; it takes text
            "org.freedesktop.login1",
            "/org/freedesktop/login1",
            "org.freedesktop.login1.Manager",
            "PrepareForSleep",
            self,
            SLOT("asleep(bool)"),
        )


class _WindowsFilter(QAbstractNativeEventFilter):
    """Reads the two messages of Windows that matter; everything goes on its way."""

    def __init__(self, leaving: Leaving) -> None:
        super().__init__()
        self._leaving = leaving

    @guarded((False, 0))
    def nativeEventFilter(
        self, kind: QByteArray | bytes | bytearray | memoryview, message: int
    ) -> tuple[bool, int]:
        del kind
        told = ctypes.c_uint32.from_address(int(message) + _MESSAGE_AT).value
        word = ctypes.c_uint64.from_address(int(message) + _WORD_AT).value
        if (told, word) in {
            (_POWERBROADCAST, _SUSPEND), (_SESSION_CHANGE, _LOGOFF), (_SESSION_CHANGE, _LOCKED)
        }:  # fmt: skip
            self._leaving.going.emit()
        return False, 0
