"""A bar code: typed, put in by a scanner (which types), or read from a picture."""

from functools import partial
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from xincai.desk import Entry
from xincai.errors import Problem
from xincai.ui import messages, parts
from xincai.ui.filling import picture
from xincai.ui.filling.scribe import Scribe
from xincai.ui.filling.text import TextField


class BarcodeField(TextField):
    """A code as text, with two ways to read it from a picture."""

    def __init__(self, entry: Entry, scribe: Scribe, parent: QWidget | None = None) -> None:
        self._from_file = parts.button("", f"scan:{entry.ref}", "quiet", "image")
        self._from_board = parts.button("", f"paste:{entry.ref}", "quiet", "copy")
        super().__init__(entry, scribe, parent)
        self.box.addWidget(parts.row(self._from_file, self._from_board, None))
        self._from_file.clicked.connect(self._ask)
        self._from_board.clicked.connect(self._paste)

    def retranslate(self) -> None:
        super().retranslate()
        self.line.setPlaceholderText(self.tr("用扫码枪扫，或直接输入"))
        self._from_file.setText(self.tr("从图片识别"))
        self._from_board.setText(self.tr("识别粘贴的图片"))

    def take(self, path: Path) -> None:
        """Read the code in this picture."""
        self._read(partial(picture.read_file, path))

    def _read(self, read: picture.Read) -> None:
        work = partial(_code, self.scribe, read)
        self.scribe.tasks.run(self, work, self._on_code, self._on_refused)

    def _on_code(self, words: str) -> None:
        self._typing = False
        self.given.emit(words)
        self.line.setFocus()

    def _on_refused(self, problem: Problem) -> None:
        self.refused.emit(messages.told(problem))

    def _paste(self) -> None:
        image = QGuiApplication.clipboard().image()
        if image.isNull():
            self.refused.emit(self.tr("剪贴板里没有图片，请先复制一张。"))
        else:
            self._read(partial(picture.png, image))

    def _ask(self) -> None:
        kinds = self.tr("图片 (*.jpg *.jpeg *.png *.bmp *.webp)")
        chosen, _ = QFileDialog.getOpenFileName(self, self.entry.label, "", kinds)
        if chosen:
            self.take(Path(chosen))


def _code(scribe: Scribe, read: picture.Read) -> str:
    """Lane: the text of the code in a picture."""
    return scribe.filling.read_code(read())
