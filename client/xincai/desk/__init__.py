"""The desk: everything a person can do, one method each. The screen's only door to the house.

Rules: a method takes plain values and returns plain values (`views`); it never shows, asks or emits. Long
work takes `progress` and `cancelled`. Trouble comes as a `Problem`. Methods are called on the vault's lane
(`ui.tasks`), except those of a `Filling` that work in memory, which say so. The views load at once; what
needs the rooms below loads when it is first named, so that a window can be painted before.
"""

import importlib
from typing import TYPE_CHECKING

from xincai.desk.schedule import Network, Outlook, Schedule
from xincai.desk.views import (
    Access,
    Answer,
    BatchCard,
    BatchState,
    Beginning,
    Connection,
    CorrectionCard,
    Delivery,
    Door,
    DraftCard,
    EventCard,
    EventFilter,
    HistoryState,
    ImportedForm,
    Language,
    Leaving,
    LetterCard,
    LetterKind,
    LettersMade,
    LineCard,
    LockAfter,
    Overview,
    PaperCheck,
    PaperFinding,
    PersonCard,
    PersonRole,
    Preferences,
    Profile,
    Proving,
    ReceiptCard,
    RecordCard,
    RecordDetail,
    Restored,
    Role,
    Saving,
    Section,
    Status,
    Step,
    Strength,
    TextSize,
    Upkeep,
    Village,
)
from xincai.desk.visits import AssignmentCard, Assignments, NoticeCard, VisitCard

if TYPE_CHECKING:
    from xincai.desk.copying import Earlier
    from xincai.desk.desk import Desk
    from xincai.desk.filling import Filling, Snapshot
    from xincai.records import Subject
    from xincai.shelf import FormCard
    from xincai.shelf.county import County
    from xincai.shelf.reading import Inspection
    from xincai.shelf.remarks import Remark
    from xincai.wire.slip import EnrolmentSlip
    from xincai.xforms import Changes, Choice, Entry, Finding, Request

__all__ = [
    "Access",
    "Answer",
    "AssignmentCard",
    "Assignments",
    "BatchCard",
    "BatchState",
    "Beginning",
    "Changes",
    "Choice",
    "Connection",
    "CorrectionCard",
    "County",
    "Delivery",
    "Desk",
    "Door",
    "DraftCard",
    "Earlier",
    "EnrolmentSlip",
    "Entry",
    "EventCard",
    "EventFilter",
    "Filling",
    "Finding",
    "FormCard",
    "HistoryState",
    "ImportedForm",
    "Inspection",
    "Language",
    "Leaving",
    "LetterCard",
    "LetterKind",
    "LettersMade",
    "LineCard",
    "LockAfter",
    "Network",
    "NoticeCard",
    "Outlook",
    "Overview",
    "PaperCheck",
    "PaperFinding",
    "PersonCard",
    "PersonRole",
    "Preferences",
    "Profile",
    "Proving",
    "ReceiptCard",
    "RecordCard",
    "RecordDetail",
    "Remark",
    "Request",
    "Restored",
    "Role",
    "Saving",
    "Schedule",
    "Section",
    "Snapshot",
    "Status",
    "Step",
    "Strength",
    "Subject",
    "TextSize",
    "Upkeep",
    "Village",
    "VisitCard",
]

_LATER = {
    "Desk": "xincai.desk.desk",
    "Earlier": "xincai.desk.copying",
    "EnrolmentSlip": "xincai.wire.slip",
    "Filling": "xincai.desk.filling",
    "Snapshot": "xincai.desk.filling",
    "FormCard": "xincai.shelf",
    "County": "xincai.shelf.county",
    "Subject": "xincai.records",
    "Inspection": "xincai.shelf.reading",
    "Remark": "xincai.shelf.remarks",
    "Changes": "xincai.xforms",
    "Choice": "xincai.xforms",
    "Entry": "xincai.xforms",
    "Finding": "xincai.xforms",
    "Request": "xincai.xforms",
}


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(name)
    value: object = getattr(importlib.import_module(_LATER[name]), name)
    globals()[name] = value
    return value
