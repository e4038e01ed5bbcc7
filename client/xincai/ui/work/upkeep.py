"""Looking after the vault: backing up on the wire's lane, the rest on the vault's."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from xincai.errors import Problem
from xincai.ui.ask import sure
from xincai.ui.frame import Frame
from xincai.ui.pages.upkeep import UpkeepPage
from xincai.ui.tasks import Job
from xincai.ui.work.errand import Errand


class UpkeepErrand(Errand[UpkeepPage]):
    """Carries each wish to the desk."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, UpkeepPage())
        self._saving: Job | None = None
        page = self.page
        page.backup_wanted.connect(self._choose)
        page.cancel_wanted.connect(self._cancel)
        page.remind_chosen.connect(self._remind)
        page.erase_chosen.connect(self._erase_after)
        page.kept.connect(self._keep)
        page.erase_wanted.connect(self._erase)

    def enter(self, argument: object) -> None:
        """Look how things stand."""
        del argument
        self._look()

    def back_up_to(self, folder: Path) -> None:
        """Write a backup into a folder."""
        self.page.trouble.clear()
        self.frame.hush()
        self.page.show_start()
        self._saving = self.frame.tasks.run_long(
            self.page,
            lambda step, cancelled: self.desk.back_up(folder, step, cancelled),
            self._saved,
            self._broken,
            step=self.page.show_step,
        )

    def _look(self) -> None:
        self.frame.tasks.run(self.page, self.desk.upkeep, self.page.render_state, self.page.show_problem)

    def _choose(self) -> None:
        folder = QFileDialog.getExistingDirectory(self.page, self.tr("备份到哪个文件夹（建议选U盘）"))
        if folder:
            self.back_up_to(Path(folder))

    def _saved(self, path: Path | None) -> None:
        self.page.show_end()
        if path is None:
            self.frame.say(self.tr("已停止，没有留下半份备份。"), "warn")
        else:
            self.frame.say(self.tr("备份完成，已打开核对无误：%1").replace("%1", str(path)))
        self._look()

    def _broken(self, problem: Problem) -> None:
        self.page.show_end()
        self.page.show_problem(problem)

    def _cancel(self) -> None:
        if self._saving is not None:
            self._saving.cancel()

    def _remind(self, days: int) -> None:
        self.ask(lambda: self.desk.remind_after(days), self._done)

    def _erase_after(self, days: int) -> None:
        self.ask(lambda: self.desk.erase_after(days), self._done)

    def _keep(self, record_id: str, kept: bool) -> None:
        self.ask(lambda: self.desk.keep_content(record_id, kept), self._done)

    def _erase(self, record_id: str) -> None:
        words = self.tr("现在清除这份填报件的内容？清除后不能恢复，只留编号、核对码和回执。")
        if sure(self.page, words, self.tr("清除内容(&E)")):
            self.ask(lambda: self.desk.erase_now(record_id), self._done)

    def _done(self, _nothing: None) -> None:
        self._look()


def begin(frame: Frame) -> UpkeepErrand:
    """The errand with its page."""
    return UpkeepErrand(frame)
