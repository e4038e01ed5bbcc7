"""Restoring: before there is a vault here."""

import datetime
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from xincai.desk import Restored
from xincai.errors import Problem
from xincai.ui.frame import Frame
from xincai.ui.pages.restore import RestorePage
from xincai.ui.tasks import Job
from xincai.ui.work.errand import Errand


class RestoreErrand(Errand[RestorePage]):
    """Carries file and secret to the desk, and opens the door."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, RestorePage())
        self._file: Path | None = None
        self._restoring: Job | None = None
        page = self.page
        page.choose_wanted.connect(self._choose)
        page.restore_wanted.connect(self._restore)
        page.cancel_wanted.connect(self._cancel)

    def enter(self, argument: object) -> None:
        """Go on with the file that was chosen."""
        self.page.show_place(self.desk.place_warning())
        self.page.show_old(self.desk.lacks_file())
        if isinstance(argument, Path):
            self.take(argument)

    def keep(self, argument: object) -> object:
        """The file, not the secret."""
        del argument
        return self._file

    def take(self, file: Path) -> None:
        """Look at a chosen file."""
        self.ask(lambda: (file, self.desk.look_at_backup(file)), self._took)

    def _choose(self) -> None:
        words = self.tr("选择备份文件")
        file, _ = QFileDialog.getOpenFileName(self.page, words, "", self.tr("信采备份 (*.xcbackup)"))
        if file:
            self.take(Path(file))

    def _took(self, found: tuple[Path, datetime.datetime]) -> None:
        self._file, made_at = found
        self.page.show_file(str(self._file), made_at)

    def _restore(self, secret: str, by_recovery: bool) -> None:
        file = self._file
        if file is None:
            return
        self.page.show_start()
        self._restoring = self.frame.tasks.run_long(
            self.page,
            lambda step, cancelled: self.desk.restore(file, secret, step, cancelled, by_recovery=by_recovery),
            self._restored,
            self._broken,
            step=self.page.show_step,
        )

    def _restored(self, restored: Restored | None) -> None:
        if restored is None:
            self.page.show_end()
            return
        self.page.secret.clear()
        self.frame.open_vault()
        words = self.tr("恢复完成，内容已核对无误。这是一台新设备，投递前请到“设置”重新登记。")
        if restored.aside:
            aside = self.tr("原来的保险库文件夹没有删除，改名留在：%1").replace("%1", restored.aside)
            words = f"{words}\n{aside}"
        self.frame.say(words)

    def _broken(self, problem: Problem) -> None:
        self.page.show_end()
        self.page.show_problem(problem)
        self.page.start_focus()

    def _cancel(self) -> None:
        if self._restoring is not None:
            self._restoring.cancel()


def begin(frame: Frame) -> RestoreErrand:
    """The errand with its page."""
    return RestoreErrand(frame)
