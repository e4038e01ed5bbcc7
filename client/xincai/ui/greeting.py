"""What is seen while the program wakes: its name, nothing else."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from xincai.ui import theme
from xincai.ui.parts.text import text


class Greeting(QWidget):
    """The name of the program in the middle of the window."""

    def __init__(self) -> None:
        super().__init__()
        theme.dress(self, "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        name = text("信采  Xincai", "title")
        name.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = QVBoxLayout(self)
        layout.addWidget(name)
