"""One answer of a record: its label, its value, hidden where it is delicate."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from xincai.desk import Answer
from xincai.ui import icons, theme
from xincai.ui.guard import guarded
from xincai.ui.parts import button, text, tool

_LABEL = 200


class AnswerRow(QWidget):
    """Label at the left, value at the right; the eye reveals a masked one until it goes out of view."""

    image_wanted = Signal(str)

    def __init__(self, answer: Answer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.dress(self, "clear")
        self._answer = answer
        self._shown = False
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 2, 0, 2)
        layout.setHorizontalSpacing(16)
        layout.setColumnStretch(1, 1)
        label = text(answer.label, "muted")
        label.setFixedWidth(theme.px(_LABEL))
        layout.addWidget(label, 0, 0, Qt.AlignmentFlag.AlignTop)
        self.value = text(answer.masked or answer.value)
        self.value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.value.setAccessibleName(answer.label)
        layout.addWidget(self.value, 0, 1, Qt.AlignmentFlag.AlignTop)
        self.picture = QLabel()
        self.picture.hide()
        if answer.masked and answer.masked != answer.value:
            self.eye = tool("eye", self.tr("显示完整内容"), f"record.reveal.{answer.ref}")
            self.eye.setAccessibleName(f"{self.tr('显示完整内容')} {answer.label}")
            theme.dress(self.eye, "link")
            self.eye.clicked.connect(self._turn)
            layout.addWidget(self.eye, 0, 2, Qt.AlignmentFlag.AlignTop)
        if answer.image:
            self.value.hide()
            self.look = button(self.tr("查看图片"), f"record.image.{answer.ref}", "link", "image")
            self.look.setAccessibleName(f"{self.tr('查看图片')} {answer.label}")
            self.look.clicked.connect(self._want)
            layout.addWidget(self.look, 0, 1, Qt.AlignmentFlag.AlignLeft)
            layout.addWidget(self.picture, 1, 1, 1, 2)

    @guarded(None)
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._shown:
            self._turn()

    def _turn(self) -> None:
        self._shown = not self._shown
        self.value.setText(self._answer.value if self._shown else self._answer.masked)
        self.eye.setIcon(icons.icon("eye-off" if self._shown else "eye"))

    def _want(self) -> None:
        self.look.hide()
        self.image_wanted.emit(self._answer.image)
