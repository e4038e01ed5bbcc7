"""Choosing a form, and bringing in forms of others."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from xincai.errors import Problem
from xincai.ui import language
from xincai.ui.ask import sure
from xincai.ui.frame import Frame
from xincai.ui.pages.choose import ChoosePage
from xincai.ui.tasks import Cancelled, Job, Report
from xincai.ui.work.errand import Errand
from xincai.ui.work.opening import Opening

if TYPE_CHECKING:
    from xincai.desk import County, FormCard, ImportedForm, Inspection

_Forms = tuple[tuple["FormCard", ...], tuple["ImportedForm", ...]]


class ChooseErrand(Errand[ChoosePage]):
    """Shows the shelf; a form chosen opens its filling; a form of others is looked through, then kept."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, ChoosePage())
        self._looking: Job | None = None
        self._name = ""
        page = self.page
        page.form_chosen.connect(self._start)
        page.imported_chosen.connect(self._start_imported)
        page.import_wanted.connect(self._pick)
        page.files_dropped.connect(self.import_files)
        page.progress.cancelled.connect(self._cancel)
        page.withdraw_wanted.connect(self._withdraw)

    def enter(self, argument: object) -> None:
        """Look at the shelf."""
        del argument
        self.ask(self._forms, self._show)

    def _forms(self) -> _Forms:
        return self.desk.forms(), self.desk.imported()

    def _show(self, forms: _Forms) -> None:
        self.page.render_state(*forms)

    def _start(self, form_id: str) -> None:
        self.frame.go("filling", Opening("start", form_id))

    def _start_imported(self, form_sm3: str) -> None:
        self.frame.go("filling", Opening("imported", form_sm3))

    # --- bringing in
    def _pick(self) -> None:
        kinds = self.tr("表单 (*.xlsx *.xlsm *.md *.csv *.xml *.zip);;所有文件 (*)")
        names, _ = QFileDialog.getOpenFileNames(
            self.page, self.tr("导入哪张表单（可连同它的附带文件一起选）"), "", kinds
        )
        if names:
            self.import_files(tuple(Path(name) for name in names))

    def import_files(self, files: tuple[Path, ...]) -> None:
        """Bring in a form, given with its files."""
        if self._looking is not None:
            return
        self.page.trouble.clear()
        self.frame.hush()
        self._name = files[0].name
        self.page.show_importing(self._name)

        def look(told: Report[str], cancelled: Cancelled) -> "Inspection | Path | None":
            del told
            if self.desk.holds_county(files):
                return files[0]
            return self.desk.inspect_form(files, cancelled)

        self._looking = self.frame.tasks.run_long(
            self.page, look, self._looked_through, self._failed, step=self._step
        )

    def _step(self, words: str) -> None:
        """There are no steps to tell."""

    def _cancel(self) -> None:
        if self._looking is not None:
            self._looking.cancel()

    def _looked_through(self, found: "Inspection | Path | None") -> None:
        self._looking = None
        self.page.show_imported()
        if isinstance(found, Path):
            self.ask(lambda: (self.desk.keep_county(found), self._forms()), self._listed, self._failed)
            return
        if found is None:
            self.frame.say(self.tr("已停止导入。"), "info")
            return
        source = found.source
        if source is None:
            self.page.remarks.show_remarks(self._name, found.remarks, kept=False)
            return
        if found.remarks:
            self.page.remarks.show_remarks(self._name, found.remarks, kept=True)
        self.ask(lambda: (source.card.sm3, self.desk.keep_form(source), self._forms()), self._kept)

    def _kept(self, kept: tuple[str, "ImportedForm", _Forms]) -> None:
        digest, offered, forms = kept
        self._show(forms)
        name = language.pick(offered.card.title)
        if offered.form_sm3 == digest:
            self.frame.say(self.tr("已导入“%1”，在本页“导入的表单”里。").replace("%1", name))
        else:
            words = self.tr("已收下“%1”，但本机已有更新的版本 %2，新建填报仍用新版本。")
            self.frame.say(words.replace("%1", name).replace("%2", offered.card.version), "info")

    def _listed(self, kept: tuple["County", _Forms]) -> None:
        county, forms = kept
        self._show(forms)
        words = self.tr("已换上县 %1 的名单：%2 个乡镇、%3 个村，新建填报就用它。前置机也要导入同一份名单。")
        numbers = (county.code, str(county.towns), str(county.villages))
        for place, number in enumerate(numbers, 1):
            words = words.replace(f"%{place}", number)
        self.frame.say(words)

    def _failed(self, problem: Problem) -> None:
        self._looking = None
        self.page.show_imported()
        self.page.show_problem(problem)

    def _withdraw(self, form_id: str) -> None:
        words = self.tr("撤下后不能再用这张表单新建填报；已有的草稿可以继续填完，填报件照常查看。")
        if sure(self.page, words, self.tr("撤下(&W)")):
            self.ask(lambda: self._without(form_id), self._show)

    def _without(self, form_id: str) -> _Forms:
        self.desk.withdraw_form(form_id)
        return self._forms()


def begin(frame: Frame) -> ChooseErrand:
    """The errand with its page."""
    return ChooseErrand(frame)
