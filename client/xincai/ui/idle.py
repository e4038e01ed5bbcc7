"""An empty chair: when nobody has touched the program for a while, it asks to be locked."""

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from xincai.ui.guard import guarded

_TOUCH = {
    QEvent.Type.KeyPress,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseMove,
    QEvent.Type.Wheel,
    QEvent.Type.TouchBegin,
    QEvent.Type.TabletPress,
}


class EmptyChair(QObject):
    """Watches the whole program; says `left` once after so many minutes without a key or the mouse."""

    left = Signal()

    def __init__(self, app: QApplication, patience: float) -> None:
        super().__init__(app)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.left)
        self.wait(patience)
        app.installEventFilter(self)

    def wait(self, patience: float) -> None:
        """Wait so many minutes, from now on."""
        self._timer.start(round(patience * 60_000))

    @guarded(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        del watched
        if event.type() in _TOUCH:
            self._timer.start()
        return False
