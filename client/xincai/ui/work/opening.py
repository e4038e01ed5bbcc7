"""How a filling is opened: anew, for a visit, again, to correct what came back, in earnest after practice."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from xincai.desk import CorrectionCard

if TYPE_CHECKING:
    from xincai.desk import Desk, Filling


@dataclass(frozen=True)
class Opening:
    """What to open: a form's id or, of one brought in, its digest; a visit's, draft's or record's id."""

    way: Literal["start", "visit", "imported", "resume", "correct", "earnest"]
    which: str

    @classmethod
    def of(cls, correction: CorrectionCard) -> "Opening":
        """A correction, or its draft when it has been started."""
        if correction.draft_id:
            return cls("resume", correction.draft_id)
        return cls("correct", correction.record_id)

    def open(self, desk: "Desk") -> "Filling":
        """On the lane: the filling."""
        if self.way == "start":
            return desk.start(self.which)
        if self.way == "visit":
            return desk.start_visit(self.which)
        if self.way == "imported":
            return desk.start_imported(self.which)
        if self.way == "resume":
            return desk.resume(self.which)
        if self.way == "earnest":
            return desk.start_in_earnest(self.which)
        return desk.correct(self.which)
