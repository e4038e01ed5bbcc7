"""Which widget Tab goes to: the next in reading order, whatever order the widgets were made in.

Cards come and go with their relevance, so Qt's own order (of making) would jump about. A group of options
is one stop; the arrow keys move inside it.
"""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QWidget

from xincai.ui.filling.options import Options

_LINE = 12
"""Pixels within which tops count as one line."""


def neighbour(ground: QWidget, pen: QWidget, *, forward: bool) -> QWidget | None:
    """The stop after (or before) the pen in reading order; None at either end."""
    stops = [
        widget for widget in ground.findChildren(QWidget) if widget.isVisible() and _is_stop(widget, pen)
    ]
    places = {widget: widget.mapTo(ground, QPoint(0, 0)) for widget in stops}
    stops.sort(key=lambda widget: (places[widget].y() // _LINE, places[widget].x()))
    if pen not in stops:
        return None
    at = stops.index(pen) + (1 if forward else -1)
    return stops[at] if 0 <= at < len(stops) else None


def _is_stop(widget: QWidget, pen: QWidget) -> bool:
    if widget is pen:
        return True
    tabs = Qt.FocusPolicy.TabFocus.value
    if widget.focusPolicy().value & tabs != tabs or not widget.isEnabled() or widget.focusProxy() is not None:
        return False
    options = widget.parentWidget()
    if isinstance(options, Options) and isinstance(widget, QAbstractButton):
        if options.isAncestorOf(pen):
            return False
        ticked = [button for button in options.buttons if button.isChecked()]
        return widget is (ticked or options.buttons)[0]
    return True
