"""What the platform publishes, as the screen shows it: notices, and whom to visit."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from xincai.desk.views import Status
from xincai.errors import Problem


@dataclass(frozen=True)
class NoticeCard:
    """What the platform tells this office, by screen language."""

    issued: datetime.datetime
    words: Mapping[str, str]


@dataclass(frozen=True)
class VisitCard:
    """A subject to visit with one form."""

    visit_id: str
    village: str
    kind: str
    subject_name: str
    subject_code: str
    form_id: str
    form_title: Mapping[str, str]
    held: int
    """How many catalogue items need not be asked, because the platform holds them."""
    record_id: str = ""
    """Of the draft or record begun for it; "" before."""
    status: Status | None = None
    """Of the record; None before it is sealed."""

    @property
    def is_done(self) -> bool:
        """Whether it is sealed and nothing is to be put right."""
        return self.status not in {None, "returned"}


@dataclass(frozen=True)
class AssignmentCard:
    """Whom to visit, with which forms, by which day; `officer` goes, anybody when it is empty."""

    assignment_id: str
    title: str
    due: datetime.date
    visits: tuple[VisitCard, ...]
    officer: str = ""
    mine: bool = True
    """Whether it is given to whoever works here now, or to anybody."""

    @property
    def done(self) -> int:
        return sum(visit.is_done for visit in self.visits)


@dataclass(frozen=True)
class Assignments:
    """The assignments of this office, as of the last time the platform was asked."""

    cards: tuple[AssignmentCard, ...]
    as_of: datetime.datetime | None
    """When the platform said so; None when it was never asked."""
    stale: bool = False
    """Whether that is so long ago that it may be out of date."""
    enrolled: bool = True
    problem: Problem | None = None
    """What stood in the way the last time."""
