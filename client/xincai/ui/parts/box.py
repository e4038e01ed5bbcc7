"""Boxes and gaps."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from xincai.ui import theme


class Card(QFrame):
    """A white panel; things go into `body`."""

    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        theme.dress(self, "card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(24, 20, 24, 20)
        self.body.setSpacing(theme.UNIT)

    def set_tone(self, tone: str) -> None:
        """Show how it stands: "", chosen, warn or bad."""
        theme.dress(self, "card", tone)


def row(*widgets: QWidget | None, gap: int = theme.UNIT) -> QWidget:
    """Widgets side by side; None is a stretch."""
    box = QWidget()
    theme.dress(box, "clear")
    layout = QHBoxLayout(box)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(gap)
    for widget in widgets:
        if widget is None:
            layout.addStretch(1)
        else:
            layout.addWidget(widget)
    return box


def line() -> QFrame:
    """A thin line between things."""
    result = QFrame()
    theme.dress(result, "line")
    return result


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and let it go."""
    while layout.count():
        item = layout.takeAt(0)
        if inner := item.layout():
            clear(inner)
        elif widget := item.widget():
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
