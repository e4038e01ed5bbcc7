"""The desk: everything a person can do, one method each. The screen's only door to the house.

Rules: a method takes plain values and returns plain values (`views`); it never shows, asks or emits. Long
work takes `progress` and `cancelled`. Trouble comes as a `Problem`. Methods are called on the vault's lane
(`ui.tasks`), except those of a `Filling` that work in memory, which say so. The views load at once; what
needs the rooms below loads when it is first named, so that a window can be painted before.
"""

import importlib
from typing import TYPE_CHECKING

from xincai.desk.views import (
    Answer,
    BatchCard,
    BatchState,
    Beginning,
    Connection,
    CorrectionCard,
    Delivery,
    Door,
    DraftCard,
    Language,
    LetterCard,
    LetterKind,
    Overview,
    Preferences,
    Profile,
    ReceiptCard,
    RecordCard,
    RecordDetail,
    Role,
    Section,
    Status,
    Step,
    TextSize,
)

if TYPE_CHECKING:
    from xincai.desk.desk import Desk
    from xincai.desk.filling import Filling, Snapshot
    from xincai.shelf import FormCard
    from xincai.xforms import Changes, Choice, Entry, Finding

__all__ = [
    "Answer",
    "BatchCard",
    "BatchState",
    "Beginning",
    "Changes",
    "Choice",
    "Connection",
    "CorrectionCard",
    "Delivery",
    "Desk",
    "Door",
    "DraftCard",
    "Entry",
    "Filling",
    "Finding",
    "FormCard",
    "Language",
    "LetterCard",
    "LetterKind",
    "Overview",
    "Preferences",
    "Profile",
    "ReceiptCard",
    "RecordCard",
    "RecordDetail",
    "Role",
    "Section",
    "Snapshot",
    "Status",
    "Step",
    "TextSize",
]

_LATER = {
    "Desk": "xincai.desk.desk",
    "Filling": "xincai.desk.filling",
    "Snapshot": "xincai.desk.filling",
    "FormCard": "xincai.shelf",
    "Changes": "xincai.xforms",
    "Choice": "xincai.xforms",
    "Entry": "xincai.xforms",
    "Finding": "xincai.xforms",
}


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(name)
    value: object = getattr(importlib.import_module(_LATER[name]), name)
    globals()[name] = value
    return value
