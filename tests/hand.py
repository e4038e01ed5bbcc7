"""A person's hand on the window, for tests: finds by name, clicks, types, and waits for the work to end."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QWidget

from xincai.desk import Beginning, Desk, Preferences, Profile
from xincai.ui import language, theme
from xincai.ui.guard import guarded
from xincai.ui.tasks import Tasks
from xincai.ui.window import MainWindow
from xincai.vault import KdfParams

W = TypeVar("W", bound=QWidget)
PASSPHRASE = "horse battery 42 staple"
PATIENCE = 20_000


class Watch(QObject):
    """Notes every widget that is shown as a window of its own by accident.

    A widget shown before it has a parent is such a window for a moment: it flickers and takes the focus away.
    The program's one window, dialogs, menus and other pop-ups are meant, and so is what `meant` says.
    """

    def __init__(self, app: QApplication, meant: Callable[[QWidget], bool] | None = None) -> None:
        super().__init__(app)
        self._meant = meant
        self.strays: list[str] = []
        app.installEventFilter(self)

    @guarded(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and self._is_stray(watched):
            self.strays.append(f"{type(watched).__name__} {watched.objectName()}")
        return False

    def _is_stray(self, widget: QWidget) -> bool:
        plain = widget.isWindow() and widget.windowType() in (Qt.WindowType.Widget, Qt.WindowType.Window)
        if not plain or isinstance(widget, MainWindow):
            return False
        return self._meant is None or not self._meant(widget)


class Hand:
    """Works a real window over a folder."""

    def __init__(self, app: QApplication, folder: Path, *, inside: bool = False) -> None:
        """Before the door, or inside with a fresh vault."""
        self.app = app
        worn = Preferences()
        language.speak(app, worn.language)
        theme.apply(app, worn.text_size, dark=False)
        self.desk = Desk(folder, kdf=KdfParams.for_tests())
        if inside:
            self.desk.begin(Beginning(Profile("officer", "李秀兰", "柳河镇农业服务中心"), PASSPHRASE))
        self.tasks = Tasks()
        self.window = MainWindow(self.tasks)
        self.window.move_in(self.desk, worn)
        self.window.show()
        self.rest()

    def rest(self) -> None:
        """Wait until no work is under way."""
        self.app.processEvents()
        while self.tasks.is_busy:
            loop, alarm = QEventLoop(), QTimer()
            alarm.setSingleShot(True)
            alarm.timeout.connect(loop.quit)
            self.tasks.busy.connect(loop.quit)
            alarm.start(PATIENCE)
            loop.exec()
            assert alarm.isActive(), "the work does not end"
            alarm.stop()
            self.app.processEvents()
        for _ in range(3):  # what was added is laid out, then shown
            self.app.processEvents()

    def find(self, name: str, kind: type[W] = QWidget) -> W:  # type: ignore[assignment]
        """The widget of a name on the page in view, or in the frame."""
        found = [widget for widget in self.window.findChildren(kind, name) if widget.isVisible()]
        assert found, f"{name} is not in view at {self.window.place}"
        return found[0]

    def click(self, name: str) -> None:
        """Press a button with the mouse, and wait."""
        button = self.find(name, QAbstractButton)
        assert button.isEnabled(), f"{name} is disabled"
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self.rest()

    def type(self, name: str, words: str) -> None:
        """Type into a field, replacing what stands there."""
        field = self.find(name, QLineEdit)
        field.setFocus()
        field.selectAll()
        field.insert(words)
        self.rest()

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the focus is."""
        QTest.keyClick(self.app.focusWidget() or self.window, key, held)
        self.rest()

    def pick(self, name: str, number: int) -> None:
        """Pick an entry of a list by its number."""
        box = self.find(name, QComboBox)
        box.setCurrentIndex(number)
        box.activated.emit(number)
        self.rest()

    def words(self, name: str) -> str:
        """What a label or field says."""
        return str(self.find(name).property("text"))

    def begin(self) -> str:
        """Walk through the first start as an officer without a connection; the recovery code."""
        code = self.begin_at_connection()
        self.click("firstrun.later")
        return code

    def begin_at_connection(self) -> str:
        """Walk through the first start up to the connection; the recovery code."""
        self.click("firstrun.role.officer")
        self.type("firstrun.name", "李秀兰")
        self.type("firstrun.office", "柳河镇农业服务中心")
        self.click("firstrun.who.next")
        self.type("firstrun.passphrase", PASSPHRASE)
        self.type("firstrun.again", PASSPHRASE)
        self.click("firstrun.create")
        code = self.words("firstrun.code")
        self.type("firstrun.typed", code)
        self.click("firstrun.check")
        return code

    def leave(self) -> None:
        """Close everything."""
        self.window.end()
        self.window.close()
        self.window.deleteLater()
        self.tasks.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.app.processEvents()
