"""What every test keeps: nothing outlives it, and Qt has nothing to complain about."""

import gc
import os
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from fault_report import pytest_terminal_summary  # noqa: F401 - a hook
from xincai.app import prepare_typing

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget

    from hand import Watch

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
prepare_typing()
settings.register_profile("gate", derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "gate"))  # "default" searches anew each time
_QUIET = (
    "This plugin does not support propagateSizeHints()",  # the offscreen platform
    "This plugin does not support raise()",
    "Keyboard event not accepted by receiving widget",  # QTest, of keys that are shortcuts
)


@pytest.fixture(autouse=True)
def nothing_outlives_the_test(request: pytest.FixtureRequest) -> Iterator[None]:
    """Nothing of ours is left when a test ends; Qt has not complained and no window flickered meanwhile."""
    on_screen = bool({"qapp", "qtbot"} & set(request.fixturenames))
    log = request.getfixturevalue("qtlog") if on_screen else None
    watch = _watch(request) if on_screen else None
    yield
    lanes = [thread.name for thread in threading.enumerate() if thread.name.startswith("xincai-")]
    assert not lanes, f"threads left behind: {lanes}"
    if watch is not None:
        strays = list(watch.strays)
        watch.deleteLater()
        assert not strays, f"windows that flickered: {strays}"
    if log is not None:
        _nothing_of_qt_is_left()
        said = [
            record.message
            for record in log.records
            if record.type.name in ("QtWarningMsg", "QtCriticalMsg") and not record.message.startswith(_QUIET)
        ]
        assert not said, f"Qt said: {said}"


def _watch(request: pytest.FixtureRequest) -> "Watch":
    """Watch for accidental windows; what the test gave to `qtbot.addWidget`, or a filling alone, is meant."""
    from hand import Watch
    from xincai.ui.filling import FillingPage
    from xincai.ui.window import MainWindow

    def meant(widget: "QWidget") -> bool:
        framed = any(isinstance(other, MainWindow) for other in qapp.topLevelWidgets())
        by_test = any(known() is widget for known, _ in getattr(request.node, "qt_widgets", ()))
        return by_test or (isinstance(widget, FillingPage) and not framed)

    qapp: QApplication = request.getfixturevalue("qapp")

    return Watch(qapp, meant)


def _nothing_of_qt_is_left() -> None:
    import shiboken6
    from PySide6.QtCore import QCoreApplication, QEvent, QTimer
    from PySide6.QtWidgets import QApplication

    app = QApplication.instance()
    if not isinstance(app, QApplication):
        return
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    app.processEvents()
    windows = [widget for widget in app.topLevelWidgets() if widget.isVisible()]
    assert not windows, f"windows left behind: {windows}"
    timers = [
        thing
        for thing in gc.get_objects()
        if isinstance(thing, QTimer) and shiboken6.isValid(thing) and thing.isActive()
    ]
    assert not timers, f"timers left behind: {timers}"
