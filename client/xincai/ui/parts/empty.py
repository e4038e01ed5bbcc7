"""What a page says when there is nothing yet: what to do first."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from xincai.ui import icons, theme
from xincai.ui.parts.button import button
from xincai.ui.parts.text import text


class EmptyState(QWidget):
    """An icon, a sentence, a hint and at most one button."""

    acted = Signal()

    def __init__(
        self,
        icon: str,
        words: str,
        hint: str = "",
        *,
        action: str = "",
        name: str = "empty",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        theme.dress(self, "clear")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 40, 24, 40)
        layout.setSpacing(theme.UNIT)
        sign = QLabel()
        sign.setPixmap(icons.pixmap(icon, "field_line", theme.px(40), self.devicePixelRatioF()))
        head = text(words, "heading")
        under = text(hint, "muted")
        self.action = button(action, f"{name}.act", "primary")
        if not action:
            self.action.hide()
        self.action.clicked.connect(self.acted)
        for widget in (sign, head, under):
            widget.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(widget)
        layout.addSpacing(theme.UNIT)
        layout.addWidget(self.action, 0, Qt.AlignmentFlag.AlignHCenter)
        under.setVisible(bool(hint))
