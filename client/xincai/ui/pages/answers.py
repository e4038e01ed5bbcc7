"""One answer of a record: its label, its value, masked where it is delicate until somebody says why."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QPixmap
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QWidget

from xincai.desk import Answer
from xincai.ui import icons, messages, theme
from xincai.ui.guard import guarded
from xincai.ui.parts import button, field, row, text, tool

SHOWN_FOR = 60_000
"""Milliseconds that a masked answer stays in view."""
_LABEL = 200
_MASKED = frozenset({"L3", "L4"})


class AnswerRow(QWidget):
    """Label at the left, value at the right; the eye asks why, then shows a masked one for a minute."""

    image_wanted = Signal(str, str, str)
    """Name of a picture and, for a masked one, reason and a few words."""
    reveal_wanted = Signal(str, str, str)
    """Reference, reason, a few words."""

    def __init__(self, answer: Answer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.dress(self, "clear")
        self._answer = answer
        self._shown = False
        self._secret = answer.level in _MASKED and bool(answer.masked or answer.image)
        self._layout = layout = QGridLayout(self)
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
        self._why: QWidget | None = None
        self._minute = QTimer(self)
        self._minute.setSingleShot(True)
        self._minute.setInterval(SHOWN_FOR)
        self._minute.timeout.connect(self.cover)
        if self._secret and not answer.image:
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

    def show_value(self, value: str) -> None:
        """It is written down who looked and why: show it for a minute."""
        self._close_why()
        self._minute.start()
        self._shown = True
        self.value.setText(value)
        self.eye.setIcon(icons.icon("eye-off"))
        self.eye.setToolTip(self.tr("遮住"))

    def show_picture(self, picture: QPixmap) -> None:
        """Show a picture; a masked one for a minute."""
        self._close_why()
        self.look.hide()
        self.picture.setPixmap(picture)
        self.picture.show()
        if self._secret:
            self._minute.start()

    def cover(self) -> None:
        """Cover it again."""
        self._minute.stop()
        if self._answer.image:
            self.picture.setPixmap(QPixmap())
            self.picture.hide()
            self.look.show()
        elif self._shown:
            self._shown = False
            self.value.setText(self._answer.masked)
            self.eye.setIcon(icons.icon("eye"))
            self.eye.setToolTip(self.tr("显示完整内容"))

    @guarded(None)
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._close_why()
        if self._secret:
            self.cover()

    def _turn(self) -> None:
        if self._shown:
            self.cover()
        elif self._why is None:
            self._ask_why()
        else:
            self._close_why()

    def _want(self) -> None:
        if not self._secret:
            self.image_wanted.emit(self._answer.image, "", "")
        elif self._why is None:
            self._ask_why()
        else:
            self._close_why()

    def _ask_why(self) -> None:
        """A line under the answer: a reason, a few words, show."""
        ref = self._answer.ref
        self._reason = QComboBox()
        self._reason.setObjectName(f"record.reason.{ref}")
        self._reason.setAccessibleName(self.tr("查看原因"))
        for reason, words in messages.reveal_reasons():
            self._reason.addItem(words, reason)
        self._note = field(f"record.note.{ref}", self.tr("补充说明（不写姓名和号码）"))
        self._note.setAccessibleName(self.tr("补充说明"))
        self._note.setMaxLength(100)
        go = button(self.tr("显示并记录"), f"record.show.{ref}", "secondary", "eye")
        go.clicked.connect(self._give)
        self._note.returnPressed.connect(self._give)
        self._why = row(self._reason, self._note, go)
        self._layout.addWidget(self._why, 2, 0, 1, 3)
        self._reason.setFocus()

    def _give(self) -> None:
        reason, note = str(self._reason.currentData()), self._note.text().strip()
        if reason == "other" and not note:
            self._note.setFocus()
            return
        if self._answer.image:
            self.image_wanted.emit(self._answer.image, reason, note)
        else:
            self.reveal_wanted.emit(self._answer.ref, reason, note)

    def _close_why(self) -> None:
        if self._why is not None:
            self._layout.removeWidget(self._why)
            self._why.hide()
            self._why.deleteLater()
            self._why = None
