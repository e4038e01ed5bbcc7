"""The frame of a page: a title, its actions, trouble if any, and a column that scrolls."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from xincai.errors import Problem
from xincai.ui import theme
from xincai.ui.parts.text import text
from xincai.ui.parts.trouble import Trouble

WIDE = 1120
"""Text runs no wider than this many pixels, at the standard text size."""


class Page(QWidget):
    """A page renders a state and speaks intents; things go into `column`, buttons into `buttons`."""

    def __init__(
        self, name: str, title: str = "", *, wide: int = WIDE, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        theme.dress(self, "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer.addWidget(self.area)
        ground = QWidget()
        theme.dress(ground, "clear")
        centre = QHBoxLayout(ground)
        centre.setContentsMargins(24, 20, 24, 24)
        inner = QWidget()
        theme.dress(inner, "clear")
        inner.setMaximumWidth(theme.px(wide))
        inner.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        centre.addWidget(inner)
        self.area.setWidget(ground)
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(16)
        head = QWidget()
        theme.dress(head, "clear")
        self.buttons = QHBoxLayout(head)
        self.buttons.setContentsMargins(0, 0, 0, 0)
        self.title = text(title, "title", name=f"{name}.title")
        self.buttons.addWidget(self.title, 1)
        self.column.addWidget(head)
        head.setVisible(bool(title))
        self.trouble = Trouble(f"{name}.trouble")
        self.column.addWidget(self.trouble)

    def show_problem(self, problem: Problem) -> None:
        """Explain trouble at the top, where it is seen."""
        self.trouble.show_problem(problem)
        self.area.verticalScrollBar().setValue(0)

    def start_focus(self) -> None:
        """Put the cursor where one begins; the first thing that takes it, unless a page knows better."""
        self.title.setFocus()
