"""Letters: verifying a paper, keeping its scan, making and printing many."""

from pathlib import Path
from typing import cast

from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QFileDialog

from xincai.desk import LetterCard, LettersMade, PaperCheck, Village
from xincai.desk.views import LetterKind
from xincai.errors import Problem
from xincai.ui import language
from xincai.ui.filling.picture import read_file
from xincai.ui.frame import Frame
from xincai.ui.pages.letters import LettersPage
from xincai.ui.paper import Press, ask_printer
from xincai.ui.tasks import Job
from xincai.ui.work.errand import Errand

_WIDTH = 2480
"""A4 at 300 dots per inch."""
_COPIES = 2
"""A letter is made out twice: one for the subject, one for the office."""


class LettersErrand(Errand[LettersPage]):
    """The desk checks, makes and draws; the printer is fed here."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, LettersPage())
        self._files: tuple[bytes, ...] = ()
        self._made: tuple[LetterCard, ...] = ()
        self._job: Job | None = None
        self._press: Press | None = None
        self._printed = 0
        self._stopped = False
        page = self.page
        page.choose_wanted.connect(self._choose)
        page.files_dropped.connect(self.verify)
        page.keep_wanted.connect(self.keep_scan)
        page.letter_opened.connect(self._open)
        page.counted.connect(self._count)
        page.make_wanted.connect(self._make)
        page.print_wanted.connect(self._print)
        page.save_wanted.connect(self._save)
        page.progress.cancelled.connect(self._stop)

    def enter(self, argument: object) -> None:
        """Count anew; a letter that came along says which scan is waited for."""
        del argument
        if self._press is None and self._job is None:
            self.ask(self.desk.villages, self._offer)

    def _offer(self, villages: tuple[Village, ...]) -> None:
        self.page.show_villages(villages)
        self.page.count()

    # --- verifying
    def _choose(self) -> None:
        words = self.tr("文书 (*.pdf *.png *.jpg *.jpeg)")
        chosen, _ = QFileDialog.getOpenFileNames(self.page, self.tr("选择 PDF、扫描件或照片"), "", words)
        if chosen:
            self.verify(tuple(map(Path, chosen)))

    def verify(self, files: tuple[Path, ...]) -> None:
        """Check a paper; of several pictures the first is shown, and all are kept if they are kept."""
        name = files[0].name

        def look() -> tuple[tuple[bytes, ...], PaperCheck]:
            read = tuple(read_file(file) for file in files)
            return read, self.desk.check_paper(read[0])

        def seen(found: tuple[tuple[bytes, ...], PaperCheck]) -> None:
            self._files = found[0]
            self.page.show_check(name, found[1])

        self.ask(look, seen)

    def keep_scan(self) -> None:
        """Keep what was checked as the letter signed on paper."""
        files = self._files
        self.ask(lambda: self.desk.keep_scan(files), self._kept)

    def _kept(self, letter: LetterCard) -> None:
        self.frame.say(self.tr("扫描件已收存到文书 %1。").replace("%1", letter.number))

    def _open(self, letter: LetterCard) -> None:
        self.frame.go("letter", letter)

    # --- many at once
    def _count(self, kind: str, query: str, village: str) -> None:
        self._made, self._printed = (), 0
        self._recount(kind, query, village)

    def _recount(self, kind: str, query: str, village: str) -> None:
        chosen = cast("LetterKind", kind)
        self.ask(
            lambda: self.desk.count_for_letters(chosen, query, village),
            lambda found: self.page.show_count(*found),
        )

    def _make(self, kind: str, query: str, village: str) -> None:
        chosen, speak = cast("LetterKind", kind), language.current()
        self.page.trouble.clear()
        self.page.show_busy(self.tr("正在出具文书"))
        self._printed = 0
        self._job = self.frame.tasks.run_long(
            self.page,
            lambda step, cancelled: self.desk.make_letters(
                chosen, query, step, cancelled, language=speak, village=village
            ),
            self._all_made,
            self._failed,
            step=self._step,
            lane="vault",
        )

    def _step(self, now: tuple[int, int]) -> None:
        self.page.progress.step(self.tr("正在出具文书"), *now)

    def _all_made(self, made: LettersMade) -> None:
        self._job = None
        self._made = made.letters
        self.page.show_made(made)
        self._recount(*self.page.wanted())

    def _failed(self, problem: Problem) -> None:
        self._job = None
        self.page.progress.finish()
        self.page.show_problem(problem)

    def _save(self, as_one: bool) -> None:
        chosen = QFileDialog.getExistingDirectory(self.page, self.tr("保存到哪个文件夹"))
        if chosen:
            self.save_to(Path(chosen), as_one=as_one)

    def save_to(self, folder: Path, *, as_one: bool) -> None:
        """Write the letters into a folder."""
        ids = [letter.letter_id for letter in self._made]
        self.ask(lambda: self.desk.export_letters(ids, folder, as_one=as_one), self._saved)

    def _saved(self, files: tuple[Path, ...]) -> None:
        words = self.tr("已保存 %1 个文件：%2").replace("%1", str(len(files)))
        self.frame.say(words.replace("%2", str(files[0].parent)))

    def _print(self) -> None:
        left = len(self._made) - self._printed
        title = self.tr("文书 %1 份").replace("%1", str(left))
        printer = ask_printer(self.page, title, _COPIES)
        if printer is not None:
            self.print_on(printer)

    def print_on(self, printer: QPrinter) -> None:
        """Print the letters that are not printed yet as one job."""
        self._press, self._stopped = Press(printer), False
        self.page.show_busy(self.tr("正在送打印"))
        self._feed(self._printed, 0)

    def _feed(self, number: int, page: int) -> None:
        """Ask for one page, print it, and ask for the next."""
        letter = self._made[number]

        def drawn(png: bytes) -> None:
            press = self._press
            if press is None:
                return
            press.feed(png)
            last = page + 1 >= letter.pages
            if last:
                self._printed = number + 1
                self.page.progress.step(self.tr("正在送打印"), self._printed, len(self._made))
            if last and (self._stopped or self._printed == len(self._made)):
                self._finish(press)
            elif last:
                press.skip_to_front()
                self._feed(number + 1, 0)
            else:
                self._feed(number, page + 1)

        self.frame.tasks.run(
            self.page,
            lambda: self.desk.letter_page(letter.letter_id, page, _WIDTH),
            drawn,
            self._print_failed,
        )

    def _finish(self, press: Press) -> None:
        press.finish()
        self._press = None
        self.page.show_printed(self._printed, len(self._made))
        if self._printed == len(self._made):
            self._printed = 0

    def _print_failed(self, problem: Problem) -> None:
        if self._press is not None:
            self._press.abort()
            self._press = None
        self.page.show_printed(self._printed, len(self._made))
        self.page.show_problem(problem)

    def _stop(self) -> None:
        """Between two letters: what is printed is whole."""
        self._stopped = True
        if self._job is not None:
            self._job.cancel()


def begin(frame: Frame) -> LettersErrand:
    """The errand with its page."""
    return LettersErrand(frame)
