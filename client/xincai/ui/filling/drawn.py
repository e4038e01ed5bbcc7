"""A field that draws itself: it shows whether the keys go to it, and tells when they leave."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget

from xincai.ui.guard import guarded


class Drawn(QWidget):
    """Drawn anew as the focus comes and goes; `departed` when it has gone."""

    departed = Signal()

    @guarded(None)
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    @guarded(None)
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()
        self.departed.emit()
