"""Opening a filling and taking leave of it."""

from xincai.desk import Filling, RecordCard
from xincai.errors import Problem
from xincai.ui.filling import FillingPage
from xincai.ui.frame import Frame
from xincai.ui.pages.filling import FillingPlace
from xincai.ui.work.errand import Errand
from xincai.ui.work.opening import Opening


class FillingErrand(Errand[FillingPlace]):
    """Opens on the lane, then lets the filling's page work."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, FillingPlace())
        self._inner: FillingPage | None = None
        self._draft_id = ""

    def enter(self, argument: object) -> None:
        """Open what is asked; already open, it stays as it is."""
        if self._inner is None and isinstance(argument, Opening):
            self.ask(lambda: argument.open(self.desk), self._opened, self._not_opened)

    def draft(self) -> str:
        """The id of the draft under the pen."""
        return self._draft_id if self._inner is not None else ""

    def leave(self) -> None:
        """Another page comes into view: the filling is left as it stands."""
        if self._inner is not None:
            self._inner.leave()

    def settle(self) -> None:
        """Take in what is still being typed."""
        if self._inner is not None:
            self._inner.settle()

    def _opened(self, filling: Filling) -> None:
        self._inner = FillingPage(filling, self.frame.tasks, seal=self.desk.seal)
        self._inner.sealed.connect(self._sealed)
        self._inner.saved.connect(self._saved)
        self.page.hold(self._inner)
        self._draft_id = filling.draft_id
        if filling.returned_ref:
            self._inner.open_at(filling.returned_ref)

    def _not_opened(self, problem: Problem) -> None:
        self.page.show_nothing()
        self.page.show_problem(problem)

    def _sealed(self, card: RecordCard) -> None:
        self._inner = None
        self.frame.leave_for("record", card.record_id)
        self.frame.say(self.tr("已封存。可以出具文书，或到“待发箱”签名投递。"))
        self.frame.refresh()

    def _saved(self, at: str) -> None:
        self.frame.show_saved(at)
        if self._inner is not None and self._inner.isVisible():
            self.frame.now_at(Opening("resume", self._draft_id))


def begin(frame: Frame) -> FillingErrand:
    """The errand with its page."""
    return FillingErrand(frame)
