"""What every test keeps: nothing outlives it, and Qt has nothing to complain about."""

import gc
import os
import threading
from collections.abc import Iterator

import pytest

from xincai.app import prepare_typing

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
prepare_typing()
_QUIET = (
    "This plugin does not support propagateSizeHints()",  # the offscreen platform
    "This plugin does not support raise()",
    "Keyboard event not accepted by receiving widget",  # QTest, of keys that are shortcuts
)


@pytest.fixture(autouse=True)
def nothing_outlives_the_test(request: pytest.FixtureRequest) -> Iterator[None]:
    """No lane, timer or window of ours is left when a test ends; Qt has not complained meanwhile."""
    on_screen = bool({"qapp", "qtbot"} & set(request.fixturenames))
    log = request.getfixturevalue("qtlog") if on_screen else None
    yield
    lanes = [thread.name for thread in threading.enumerate() if thread.name.startswith("xincai-")]
    assert not lanes, f"threads left behind: {lanes}"
    if log is not None:
        _nothing_of_qt_is_left()
        said = [
            record.message
            for record in log.records
            if record.type.name in ("QtWarningMsg", "QtCriticalMsg") and not record.message.startswith(_QUIET)
        ]
        assert not said, f"Qt said: {said}"


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
