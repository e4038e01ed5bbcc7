"""Assignments: fetching what the platform gives out, and beginning visits."""

from xincai.desk import Assignments, Step, VisitCard
from xincai.errors import Problem
from xincai.ui import messages
from xincai.ui.frame import Frame
from xincai.ui.pages.assignments import AssignmentsPage
from xincai.ui.tasks import Cancelled, Job, Report
from xincai.ui.work.errand import Errand
from xincai.ui.work.opening import Opening


class AssignmentsErrand(Errand[AssignmentsPage]):
    """Shows the visits; one that is opened goes to its filling, or to its record once that is sealed."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, AssignmentsPage())
        self.page.visit_opened.connect(self._open)
        self._fetching: Job | None = None
        self.page.pull_wanted.connect(self._pull)
        self.page.cancel_wanted.connect(self._cancel)
        self.page.settings_wanted.connect(self._settings)

    def enter(self, argument: object) -> None:
        """Look how far it is."""
        del argument
        self.ask(self.desk.assignments, self._show)
        self.frame.refresh()

    def _show(self, assignments: Assignments) -> None:
        self.page.render_state(assignments)
        self.page.start_focus()

    def _open(self, visit: VisitCard) -> None:
        if visit.status is None:
            self.frame.go("filling", Opening("visit", visit.visit_id))
        elif visit.status == "returned":
            self.frame.go("filling", Opening("correct", visit.record_id))
        else:
            self.frame.go("record", visit.record_id)

    def _pull(self) -> None:
        self.page.trouble.clear()
        self.frame.hush()
        self.page.show_busy(True)
        self.page.progress.start(messages.step("connect"))

        def pull(told: Report[Step], cancelled: Cancelled) -> Assignments:
            return self.desk.pull(cancelled, told)

        self._fetching = self.frame.tasks.run_long(
            self.page, pull, self._pulled, self._failed, step=self._step
        )

    def _step(self, step: Step) -> None:
        words = messages.step(step.name)
        self.page.progress.step(words, step.done, step.total, step.bytes_per_second)

    def _cancel(self) -> None:
        if self._fetching is not None:
            self._fetching.cancel()

    def _pulled(self, assignments: Assignments) -> None:
        self.page.progress.finish()
        self.page.show_busy(False)
        self._show(assignments)
        self.frame.say(self.tr("已取得平台发布的最新内容。"))

    def _failed(self, problem: Problem) -> None:
        self.page.progress.finish()
        self.page.show_busy(False)
        self.page.show_problem(problem)
        self.ask(self.desk.assignments, self.page.render_state)

    def _settings(self) -> None:
        self.frame.go("settings")


def begin(frame: Frame) -> AssignmentsErrand:
    """The errand with its page."""
    return AssignmentsErrand(frame)
