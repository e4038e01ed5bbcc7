"""The outbox: signing, watching deliveries, exporting."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from xincai.desk import BatchCard, Connection, Delivery, LetterCard, RecordCard
from xincai.errors import Problem
from xincai.ui import language
from xincai.ui.delivering import Ending
from xincai.ui.frame import Frame
from xincai.ui.pages.outbox import OutboxPage
from xincai.ui.work.errand import Errand

_Standing = tuple[tuple[RecordCard, ...], tuple[BatchCard, ...], Connection | None]


class OutboxErrand(Errand[OutboxPage]):
    """Signs on the vault's lane, and shows what the window's deliveries do."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, OutboxPage())
        self._at_next_step = False
        page, delivering = self.page, frame.delivering
        delivering.begun.connect(page.show_start)
        delivering.stepped.connect(page.show_step)
        delivering.ended.connect(self._ended)
        delivering.foreseen.connect(page.show_outlook)
        page.cancel_wanted.connect(delivering.stop)
        page.pause_wanted.connect(delivering.pause)
        page.resume_wanted.connect(delivering.resume)
        page.signed_in.connect(self._sign_in)
        page.sign_wanted.connect(self._sign)
        page.deliver_wanted.connect(self._deliver)
        page.export_wanted.connect(self._export)
        page.slip_wanted.connect(self._slip)
        page.return_wanted.connect(self._choose_return)
        page.return_dropped.connect(self.take_return)
        page.record_opened.connect(self._open)
        page.settings_wanted.connect(self._settings)
        page.review_wanted.connect(self._review)

    def enter(self, argument: object) -> None:
        """Look how things stand."""
        del argument
        self._at_next_step = True
        self._show_delivery()
        self._look()

    def _show_delivery(self) -> None:
        """Show the delivery that is under way or stands still, and what happens next."""
        delivering = self.frame.delivering
        if delivering.is_running:
            self.page.show_start()
            if delivering.step is not None:
                self.page.show_step(delivering.step)
        elif delivering.is_paused:
            self.page.show_start()
            self.page.show_paused()
        self.page.show_outlook(delivering.schedule.outlook())

    def _look(self) -> None:
        self.frame.tasks.run(self.page, self._standing, self._show, self.page.show_problem)
        self.frame.tasks.run(
            self.page, self.desk.clock_is_wrong, self.page.show_clock, self.page.show_problem
        )
        self.frame.tasks.run(self.page, self.desk.reviews, self.page.show_reviews, self.page.show_problem)
        self.frame.refresh()

    def _review(self) -> None:
        self.frame.go("review")

    def _standing(self) -> _Standing:
        return self.desk.waiting(), self.desk.outbox(), self.desk.connection()

    def _show(self, standing: _Standing) -> None:
        self.page.render_state(*standing)
        if self._at_next_step:
            self._at_next_step = False
            self.page.start_focus()

    def _sign(self) -> None:
        self.page.show_busy(True)
        self.ask(self.desk.sign_batch, self._signed, self._refused)

    def _signed(self, batch: BatchCard) -> None:
        self.page.show_busy(False)
        self._at_next_step = True
        self.frame.say(self.tr("已签名装批，共 %n 件，可以投递了。", "", batch.records))
        self._look()

    def _deliver(self) -> None:
        self.page.trouble.clear()
        self.frame.hush()
        self.frame.delivering.deliver()

    def _ended(self, ending: Ending) -> None:
        """A delivery ended; the trouble of one that began by itself stands in the outlook."""
        if ending.paused:
            self.page.show_paused()
        elif ending.problem is None:
            self.page.show_end(ending.delivery, by_itself=ending.by_itself)
        else:
            self.page.show_end(None)
            if not ending.by_itself:
                self.page.show_problem(ending.problem)
            if ending.problem.code == "sync.proxy_login":
                self.page.show_sign_in()
        self._look()

    def _sign_in(self, user: str, password: str) -> None:
        self.ask(lambda: self.desk.sign_in_at_proxy(user, password), self._signed_in)

    def _signed_in(self, _nothing: None) -> None:
        self._deliver()

    def _delivered(self, delivery: Delivery) -> None:
        self.page.show_end(delivery)
        self._look()

    def _broken(self, problem: Problem) -> None:
        self.page.show_end(None)
        self.page.show_problem(problem)
        self._look()

    def _slip(self, batch: BatchCard) -> None:
        speak = language.current()
        self.ask(lambda: self.desk.write_slip(batch.manifest_id, speak), self._open_slip)

    def _open_slip(self, slip: LetterCard) -> None:
        self.frame.go("letter", slip)

    def _export(self, batch: BatchCard) -> None:
        folder = QFileDialog.getExistingDirectory(self.page, self.tr("导出到哪个文件夹"))
        if folder:
            self.export_to(batch, Path(folder))

    def export_to(self, batch: BatchCard, folder: Path) -> None:
        """Write a batch into a folder."""
        self.ask(lambda: self.desk.export_batch(batch.manifest_id, folder), self._exported)

    def _choose_return(self) -> None:
        file, _ = QFileDialog.getOpenFileName(
            self.page, self.tr("选择平台交回的回执文件"), "", self.tr("回执文件 (*.json)")
        )
        if file:
            self.take_return(Path(file))

    def take_return(self, file: Path) -> None:
        """Take in the receipts that a stick brings back."""
        self.page.trouble.clear()
        self.page.show_busy(True)
        self.ask(lambda: self.desk.take_return(file), self._delivered, self._broken)

    def _exported(self, files: tuple[Path, ...]) -> None:
        self.frame.say(self.tr("已导出：%1").replace("%1", " ".join(map(str, files))))

    def _refused(self, problem: Problem) -> None:
        self.page.show_busy(False)
        self.page.show_problem(problem)

    def _open(self, card: RecordCard) -> None:
        self.frame.go("record", card.record_id)

    def _settings(self) -> None:
        self.frame.go("settings")


def begin(frame: Frame) -> OutboxErrand:
    """The errand with its page."""
    return OutboxErrand(frame)
