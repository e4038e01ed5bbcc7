"""The activity log: looking through it, proving it, exporting it, deciding about it."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from xincai import clock
from xincai.desk import EventCard, EventFilter, HistoryState, Proving
from xincai.errors import Problem
from xincai.ui import messages
from xincai.ui.ask import sure
from xincai.ui.frame import Frame
from xincai.ui.pages.history import HistoryPage
from xincai.ui.tasks import Job
from xincai.ui.work.errand import Errand

_PAGE = 100
_Found = tuple[tuple[EventCard, ...], int, tuple[str, ...], HistoryState]


class HistoryErrand(Errand[HistoryPage]):
    """Filters and pages at the desk."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, HistoryPage())
        self._chosen = EventFilter()
        self._proof: Job | None = None
        self._proving: Proving = "history"
        page = self.page
        page.filtered.connect(self._look)
        page.more_wanted.connect(self._more)
        page.export_wanted.connect(self._export)
        page.verify_wanted.connect(self._verify)
        page.cancel_wanted.connect(self._cancel)
        page.accept_wanted.connect(self._accept)

    def enter(self, argument: object) -> None:
        """Look afresh; an argument is the state that the proof behind the work came to."""
        self._look()
        if isinstance(argument, HistoryState):
            self.page.show_state(argument)

    def _look(self) -> None:
        chosen = self._chosen = self.page.chosen(clock.now())

        def found() -> _Found:
            desk = self.desk
            state = desk.history_state()
            return (
                desk.events_page(chosen, limit=_PAGE), desk.count_events(chosen), desk.event_kinds(), state
            )  # fmt: skip

        self.ask(found, self._show)

    def _show(self, found: _Found) -> None:
        events, total, kinds, state = found
        self.page.show_kinds(kinds)
        self.page.show_events(events, total)
        if state.code or self._proof is None:
            self.page.show_state(state)

    def _more(self, offset: int) -> None:
        chosen = self._chosen
        self.ask(lambda: self.desk.events_page(chosen, limit=_PAGE, offset=offset), self.page.add_events)

    def _verify(self) -> None:
        self.page.trouble.clear()
        self.page.verify.setEnabled(False)
        self._proving = "history"
        self.page.progress.start(self._words(self._proving))
        self._proof = self.frame.tasks.run_long(
            self.page, self.desk.verify_history, self._verified, self._unproven, step=self._step, lane="rear"
        )

    def _step(self, step: tuple[Proving, int, int]) -> None:
        what, done, total = step
        progress = self.page.progress
        if what != self._proving:
            self._proving = what
            progress.start(self._words(what))
        rate = done / max(progress.seconds, 0.001) if what == "attachments" else 0
        progress.step(self._words(what), done, total, rate)

    def _words(self, what: Proving) -> str:
        return self.tr("正在核验全部历史") if what == "history" else self.tr("正在核验全部附件")

    def _verified(self, state: HistoryState) -> None:
        self.page.progress.finish()
        self.page.show_state(state)

    def _unproven(self, problem: Problem) -> None:
        self.page.progress.finish()
        self.page.verify.setEnabled(True)
        self.page.show_problem(problem)

    def _cancel(self) -> None:
        if self._proof is not None:
            self._proof.cancel()

    def _accept(self) -> None:
        words = self.tr(
            "按现状继续使用这个保险库？\n"
            "如果还有更新的 vault.db，请先找回来：继续之后，那一份里后来的内容不会自动并进来。\n"
            "这个决定会写入操作记录。"
        )
        if sure(self.page, words, self.tr("按现状继续(&G)")):
            self.ask(self.desk.accept_history, self._accepted)

    def _accepted(self, _nothing: None) -> None:
        self.frame.say(self.tr("已按现状继续，可以照常填写和投递。"))
        self._proof = None
        self._look()
        self.frame.refresh()

    def _export(self) -> None:
        folder = QFileDialog.getExistingDirectory(self.page, self.tr("导出到哪个文件夹"))
        if folder:
            self.export_to(Path(folder))

    def export_to(self, folder: Path) -> None:
        """Write the events that are shown into a folder."""
        chosen, heads = self._chosen, self.page.heads()
        kinds = [str(self.page.kind.itemData(at)) for at in range(self.page.kind.count())]
        names = {f".{name}": words for name, words in messages.fact_names().items()}
        words = {kind: messages.event_kind(kind) for kind in kinds} | names
        self.ask(lambda: self.desk.export_events(folder, chosen, heads, words), self._exported)

    def _exported(self, files: tuple[Path, Path]) -> None:
        self.frame.say(self.tr("已导出：%1").replace("%1", "  ".join(str(file) for file in files)))


def begin(frame: Frame) -> HistoryErrand:
    """The errand with its page."""
    return HistoryErrand(frame)
