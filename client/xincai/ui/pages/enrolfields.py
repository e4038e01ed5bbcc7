"""Where the platform is and the one-time code: typed, pasted, or read from the slip that holds both.

A slip may be chosen as a file, dropped, or pasted as text into either field; it fills the fields and sends
nothing. What is no slip changes no field.
"""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from xincai import clock
from xincai.desk import EnrolmentSlip
from xincai.ui import messages, theme
from xincai.ui.guard import guarded
from xincai.ui.parts import Notice, button, field, labelled, row, text

_MARK = "xincai:"
"""With this a slip's text begins, and no address or code."""


class EnrolFields(QWidget):
    """The two fields, and the ways to fill them from a slip."""

    changed = Signal()
    file_wanted = Signal()
    file_given = Signal(object)
    """Path"""
    text_given = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        theme.dress(self, "clear")
        self.setAcceptDrops(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        self.read = button(self.tr("从登记单读取(&R)…"), f"{name}.slip", "secondary", "image")
        self.read.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        hint = self.tr("选登记单的照片、PDF 或登记文件；也可以把它拖到这里，或照着输入。")
        column.addWidget(row(self.read, text(hint, "muted"), gap=12))
        self._said = Notice("", "info", name=f"{name}.slip.said")
        self._said.hide()
        column.addWidget(self._said)
        self.url = field(f"{name}.url", "https://")
        self.one_time = field(f"{name}.one_time")
        column.addWidget(labelled(self.tr("平台地址(&U)"), self.url))
        column.addWidget(
            labelled(
                self.tr("一次性登记码(&C)"),
                self.one_time,
                self.tr("由县级管理员发给您，只能用一次；大小写、空格不限。"),
            )
        )
        self._before = {self.url: "", self.one_time: ""}
        for each in self._before:
            each.setAcceptDrops(False)  # what is dropped is for the slip, not for the letters of its name
        self.read.clicked.connect(self.file_wanted)
        self.url.textChanged.connect(self._look_at_url)
        self.one_time.textChanged.connect(self._look_at_code)

    def typed(self) -> tuple[str, str]:
        """Address and code as they stand."""
        return self.url.text().strip(), self.one_time.text().strip()

    def hush(self) -> None:
        """Say no more of the slip that was read before."""
        self._said.hide()

    def show_slip(self, slip: EnrolmentSlip) -> None:
        """Fill in what a slip says, and say so."""
        if slip.address:
            self.url.setText(slip.address)
        self.one_time.setText(slip.code)
        words = (
            self.tr("已读入：机构 %1，有效期至 %2。核对平台地址后按“登记”。")
            if slip.address
            else self.tr("已读入：机构 %1，有效期至 %2。登记单上没有平台地址，请问清后填上。")
        )
        until = messages.when(clock.parse_stamp(slip.expires))
        self._said.show_words(words.replace("%1", slip.office).replace("%2", until), "info")
        self._said.show()
        self.url.setFocus()

    def clear_code(self) -> None:
        """Forget the code once it is used."""
        self.one_time.clear()
        self.hush()

    @guarded(None)
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        said = event.mimeData()
        if any(url.isLocalFile() for url in said.urls()) or _MARK in said.text():
            event.acceptProposedAction()

    @guarded(None)
    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        said = event.mimeData()
        file = next((url.toLocalFile() for url in said.urls() if url.isLocalFile()), "")
        if file:
            self.file_given.emit(Path(file))
        else:
            self._tell(said.text())

    def _look_at_url(self) -> None:
        self._look_at(self.url)

    def _look_at_code(self) -> None:
        self._look_at(self.one_time)

    def _look_at(self, edit: QLineEdit) -> None:
        """A slip's text that was pasted here is read as a slip; the field stays as it was."""
        words = edit.text()
        if _MARK not in words:
            self._before[edit] = words
            self.changed.emit()
            return
        edit.setText(self._before[edit])
        self._tell(words)

    def _tell(self, words: str) -> None:
        self.text_given.emit(words[words.find(_MARK) :])
