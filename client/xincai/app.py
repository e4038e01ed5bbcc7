"""The one place where the rooms are put together: Qt, desk, tasks and window.

Rules: nothing heavy is imported before the first paint; Python's cyclic collector runs from a timer of the
screen's thread only; locking ends this process and starts a fresh one, because nothing else wipes the
copies of keys that Python and Qt made.
"""

import contextlib
import gc
import os
import sys
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QTimer
from PySide6.QtWidgets import QApplication

from xincai import __version__, log, paths
from xincai.desk import Preferences
from xincai.ui import language, theme
from xincai.ui.clip import Clip
from xincai.ui.idle import EmptyChair
from xincai.ui.leaving import Leaving
from xincai.ui.network import system_proxy
from xincai.ui.report import Reporter
from xincai.ui.tasks import Tasks
from xincai.ui.window import MainWindow

_MACHINE_IDS = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))
_YOUNG = 5_000
"""Milliseconds between collections of young garbage."""
_FULL = 24
"""So many young collections make a full one."""


class Sweeper(QObject):
    """Collects cyclic garbage on the screen's thread, where freeing a widget is safe."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._count = 0
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(_YOUNG)
        self._timer.timeout.connect(self._sweep)
        self._timer.start()

    def _sweep(self) -> None:
        self._count += 1
        gc.collect(2 if self._count % _FULL == 0 else 1)


def build(folder: Path | None = None) -> tuple[QApplication, MainWindow]:
    """Put the program together over a folder (the person's own when None); the window is not shown yet."""
    app = dressed()
    window = MainWindow(Tasks(app))
    furnish(app, window, folder or paths.data())
    return app, window


def dressed() -> QApplication:
    """Qt in our clothes."""
    prepare_typing()
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(["xincai"])
    app.setApplicationName("xincai")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("xincai")
    theme.apply(app)
    return app


def furnish(app: QApplication, window: MainWindow, folder: Path) -> None:
    """Bring the desk, which is heavy, and let the person in."""
    from xincai.desk import Desk

    theme.load_rare()
    desk = Desk(folder, system_proxy=system_proxy)
    preferences = desk.preferences()
    language.speak(app, preferences.language)
    if preferences.text_size != theme.text_size():
        theme.apply(app, preferences.text_size)
    window.move_in(desk, preferences)
    app.styleHints().colorSchemeChanged.connect(window.redress)


def prepare_typing() -> None:
    """Chinese typing on Linux: the wheel brings no fcitx plugin, but fcitx also speaks ibus.

    Where the machine has no id (a bare container), D-Bus would end the process at the first question: there
    nobody types with an input method, and Qt's own is taken.
    """
    if sys.platform != "linux":
        return
    wanted = os.environ.get("QT_IM_MODULE", "")
    if not any(place.is_file() and place.stat().st_size for place in _MACHINE_IDS):
        os.environ["QT_IM_MODULE"] = "compose"
    elif wanted in ("", "fcitx", "fcitx5"):
        os.environ["QT_IM_MODULE"] = "ibus"


def main(arguments: list[str] | None = None) -> int:
    """Open the program; `--version` tells its version."""
    words = sys.argv[1:] if arguments is None else arguments
    if "--version" in words:
        sys.stdout.write(f"xincai {__version__}\n")
        return 0
    with contextlib.suppress(OSError):
        log.start(paths.data())
    app = dressed()
    window = MainWindow(Tasks(app))
    sys.excepthook = Reporter(window)
    Sweeper(app)
    relock = _Relock(window)
    chair = EmptyChair(app, Preferences.lock_after)
    chair.left.connect(window.lock_if_open)
    window.preferred.connect(lambda preferences: chair.wait(preferences.lock_after))
    Leaving(app).going.connect(window.lock_at_once)
    Clip(app)
    window.show()
    app.processEvents()
    furnish(app, window, paths.data())
    gc.freeze()
    code = app.exec()
    window.end()
    return relock.restart() if relock.wanted else code


class _Relock(QObject):
    """Remembers that the program is to start afresh, locked."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.wanted = False
        window.lock_wanted.connect(self._want)

    def _want(self) -> None:
        self.wanted = True
        QApplication.quit()

    def restart(self) -> int:
        """Start a fresh process in place of this one."""
        program = sys.executable
        rest = [] if getattr(sys, "frozen", False) else ["-m", "xincai"]
        if os.name != "nt":
            os.execv(program, [program, *rest])  # noqa: S606 - the program itself, no shell
        QProcess.startDetached(program, rest)
        return 0
