"""The striped border of practice mode."""

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPolygon
from PySide6.QtWidgets import QWidget

from xincai.ui import theme
from xincai.ui.guard import guarded

_HEIGHT = 22
_STEP = 14


class Stripe(QWidget):
    """Amber and dark stripes with 演练 between, across the top of the window."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stripe")
        self.setFixedHeight(theme.px(_HEIGHT))
        self.setAccessibleName(self.tr("演练模式"))
        self.hide()

    @guarded(None)
    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # all of it is drawn
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.colour("rail"))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("amber"))
        high = self.height()
        for left in range(-high, self.width() + high, 2 * _STEP):
            corners = [(left, high), (left + high, 0), (left + high + _STEP, 0), (left + _STEP, high)]
            painter.drawPolygon(QPolygon([QPoint(x, y) for x, y in corners]))
        words = self.tr("演练模式：资料不会上报")
        painter.setFont(theme.font(12, bold=True))
        wide = painter.fontMetrics().horizontalAdvance(words) + 32
        plate = QRect((self.width() - wide) // 2, 0, wide, high)
        painter.fillRect(plate, theme.colour("rail"))
        painter.setPen(theme.colour("rail_ink"))
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, words)
        painter.end()
