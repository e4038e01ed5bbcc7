"""Looking through the dossiers."""

from xincai.desk import RecordCard
from xincai.desk.views import Status
from xincai.ui.frame import Frame
from xincai.ui.pages.dossiers import DossiersPage
from xincai.ui.work.errand import Errand

_PAGE = 100


class DossiersErrand(Errand[DossiersPage]):
    """Searches at the desk, a page at a time."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, DossiersPage())
        self._search = 0
        self.page.searched.connect(self._look)
        self.page.more_wanted.connect(self._more)
        self.page.record_opened.connect(self._open)
        self.page.new_wanted.connect(self._new)

    def enter(self, argument: object) -> None:
        """Look again with the words that stand there."""
        del argument
        self._look(*self.page.query())

    def _look(self, query: str, status: Status | None) -> None:
        self._search += 1
        search = self._search

        def found(result: tuple[tuple[RecordCard, ...], int]) -> None:
            if search == self._search:
                self.page.show_records(*result)

        self.ask(
            lambda: (
                self.desk.records(query, status, limit=_PAGE),
                self.desk.count_records(query, status),
            ),
            found,
        )

    def _more(self, offset: int) -> None:
        search = self._search
        query, status = self.page.query()

        def found(records: tuple[RecordCard, ...]) -> None:
            if search == self._search:
                self.page.add_records(records)

        self.ask(lambda: self.desk.records(query, status, limit=_PAGE, offset=offset), found)

    def _open(self, card: RecordCard) -> None:
        self.frame.go("record", card.record_id)

    def _new(self) -> None:
        self.frame.go("choose")


def begin(frame: Frame) -> DossiersErrand:
    """The errand with its page."""
    return DossiersErrand(frame)
