"""A letter: its page images, its printing, its export."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QInputDialog, QLineEdit

from xincai.desk import LetterCard
from xincai.ui.filling.picture import read_file
from xincai.ui.frame import Frame
from xincai.ui.pages.letter import LetterPage
from xincai.ui.work.errand import Errand

_PRINT_WIDTH = 2480
"""A4 at 300 dots per inch."""


class LetterErrand(Errand[LetterPage]):
    """Draws at the desk, prints here."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, LetterPage())
        self._letter: LetterCard | None = None
        self.page.page_wanted.connect(self._draw)
        self.page.print_wanted.connect(self._print)
        self.page.export_wanted.connect(self._export)
        self.page.stamp_wanted.connect(self._stamp)
        self.page.scan_wanted.connect(self._scan)

    def enter(self, argument: object) -> None:
        """Show the letter."""
        if isinstance(argument, LetterCard):
            self._letter = argument
            self.page.render_state(argument)

    def _draw(self, number: int, width: int) -> None:
        letter = self._letter
        if letter is not None:
            self.ask(lambda: self.desk.letter_page(letter.letter_id, number, width), self.page.show_page)

    def _print(self) -> None:
        letter = self._letter
        if letter is None:
            return
        pages = range(max(letter.pages, 1))
        self.ask(
            lambda: [self.desk.letter_page(letter.letter_id, page, _PRINT_WIDTH) for page in pages],
            self._to_paper,
        )

    def _to_paper(self, pages: list[bytes]) -> None:
        from xincai.ui.paper import print_images

        if self._letter is not None and print_images(self.page, self._letter.number, pages):
            self.frame.say(self.tr("已送打印。"))

    def _export(self) -> None:
        letter = self._letter
        folder = QFileDialog.getExistingDirectory(self.page, self.tr("保存到哪个文件夹"))
        if letter is not None and folder:
            self.export_to(Path(folder))

    def export_to(self, folder: Path) -> None:
        """Write the PDF into a folder."""
        letter = self._letter
        if letter is not None:
            self.ask(lambda: self.desk.export_letter(letter.letter_id, folder), self._exported)

    def _stamp(self) -> None:
        kinds = self.tr("证书 (*.p12 *.pfx)")
        file, _ = QFileDialog.getOpenFileName(self.page, self.tr("选择单位的证书文件"), "", kinds)
        hidden = QLineEdit.EchoMode.Password
        words = self.tr("证书文件的口令")
        passphrase, given = QInputDialog.getText(self.page, words, words, hidden) if file else ("", False)
        if not given:
            return
        folder = QFileDialog.getExistingDirectory(self.page, self.tr("保存到哪个文件夹"))
        if folder:
            self.stamp_to(Path(folder), Path(file), passphrase)

    def stamp_to(self, folder: Path, certificate: Path, passphrase: str) -> None:
        """Write the PDF with a signature of a certificate into a folder."""
        letter = self._letter
        if letter is not None:
            self.ask(
                lambda: self.desk.export_stamped(
                    letter.letter_id, folder, read_file(certificate), passphrase
                ),
                self._exported,
            )

    def _scan(self) -> None:
        kinds = self.tr("扫描件 (*.pdf *.png *.jpg *.jpeg)")
        files, _ = QFileDialog.getOpenFileNames(self.page, self.tr("选择签好字的扫描件"), "", kinds)
        if files:
            self.keep_scan(tuple(map(Path, files)))

    def keep_scan(self, files: tuple[Path, ...]) -> None:
        """Keep a scan with this letter; that of another one is refused."""
        letter = self._letter
        if letter is not None:
            self.ask(
                lambda: self.desk.keep_scan([read_file(file) for file in files], letter.letter_id),
                self._kept,
            )

    def _kept(self, letter: LetterCard) -> None:
        self.frame.say(self.tr("扫描件已收存到文书 %1。").replace("%1", letter.number))

    def _exported(self, file: Path) -> None:
        self.frame.say(self.tr("已保存：%1").replace("%1", str(file)))


def begin(frame: Frame) -> LetterErrand:
    """The errand with its page."""
    return LetterErrand(frame)
