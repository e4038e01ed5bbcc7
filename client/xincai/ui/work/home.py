"""Home: fetching what waits."""

from xincai.desk import CorrectionCard, NoticeCard, Overview
from xincai.ui.ask import sure
from xincai.ui.frame import Frame
from xincai.ui.pages.home import HomePage
from xincai.ui.work.errand import Errand
from xincai.ui.work.opening import Opening


class HomeErrand(Errand[HomePage]):
    """Shows the overview and leads on."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, HomePage())
        self.page.new_wanted.connect(self._new)
        self.page.draft_opened.connect(self._resume)
        self.page.draft_discarded.connect(self._discard)
        self.page.correction_opened.connect(self._correct)
        self.page.place_wanted.connect(frame.go)

    def enter(self, argument: object) -> None:
        """Look afresh."""
        del argument
        self.ask(self.desk.overview, self._show)
        self.frame.tasks.run(self.page, self._notices, self.page.render_notices, self.page.show_problem)
        self.frame.tasks.run(self.page, self.desk.upkeep, self.page.render_upkeep, self.page.show_problem)
        self.frame.refresh()

    def _notices(self) -> tuple[NoticeCard, ...]:
        return self.desk.notices() if self.desk.may("read") else ()

    def _show(self, overview: Overview) -> None:
        self.page.render_state(overview)

    def _new(self) -> None:
        self.frame.go("choose")

    def _resume(self, draft_id: str) -> None:
        self.frame.go("filling", Opening("resume", draft_id))

    def _correct(self, correction: CorrectionCard) -> None:
        self.frame.go("filling", Opening.of(correction))

    def _discard(self, draft_id: str) -> None:
        words = self.tr("删除这份草稿？删除后不能恢复。")
        if sure(self.page, words, self.tr("删除草稿(&D)")):
            self.ask(lambda: self.desk.discard(draft_id), self._discarded)

    def _discarded(self, _nothing: None) -> None:
        self.enter(None)


def begin(frame: Frame) -> HomeErrand:
    """The errand with its page."""
    return HomeErrand(frame)
