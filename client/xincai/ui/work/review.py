"""The second look: reading, approving, giving back."""

from xincai.desk import RecordCard
from xincai.errors import Problem
from xincai.ui.frame import Frame
from xincai.ui.pages.review import ReviewPage
from xincai.ui.work.errand import Errand


class ReviewErrand(Errand[ReviewPage]):
    """Carries an approval, or what is given back, to the desk."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, ReviewPage())
        self.page.record_opened.connect(self._open)
        self.page.approved.connect(self._approve)
        self.page.refused.connect(self._give_back)

    def enter(self, argument: object) -> None:
        """Look what waits."""
        del argument
        self._look()

    def _look(self) -> None:
        self.frame.tasks.run(self.page, self.desk.to_approve, self._show, self.page.show_problem)

    def _show(self, cards: tuple[RecordCard, ...]) -> None:
        self.page.show_records(cards)
        self.page.start_focus()

    def _open(self, card: RecordCard) -> None:
        self.frame.go("record", card.record_id)

    def _approve(self, card: RecordCard) -> None:
        self.page.show_busy(True)
        self.ask(lambda: self.desk.approve(card.record_id, card.version), self._approved, self._refused)

    def _approved(self, _nothing: None) -> None:
        self.page.show_busy(False)
        self.frame.say(self.tr("已复核，可以报送了。"))
        self._look()

    def _give_back(self, card: RecordCard, reason: str) -> None:
        self.page.show_busy(True)
        self.ask(
            lambda: self.desk.refuse(card.record_id, card.version, reason), self._given_back, self._refused
        )

    def _given_back(self, _nothing: None) -> None:
        self.page.show_busy(False)
        self.page.reason.clear()
        self.frame.say(self.tr("已退回，填报人会在首页看到更正任务。"))
        self._look()

    def _refused(self, problem: Problem) -> None:
        self.page.show_busy(False)
        self.page.show_problem(problem)
        self._look()


def begin(frame: Frame) -> ReviewErrand:
    """The errand with its page."""
    return ReviewErrand(frame)
