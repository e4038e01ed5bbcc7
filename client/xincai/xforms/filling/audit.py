"""The audit log: who did what when in a filling, in ODK's CSV format (`audit.csv`).

A form asks for it with `meta/audit`; attributes of its bind say what is logged beside times: answers
(`track-changes`), the person (`identify-user`), reasons (`track-changes-reasons`), the position
(`location-…`, whose columns stay empty where nothing knows the position). A log that was begun is only ever
added to. Times are milliseconds since 1970 UTC.
"""

import csv
import datetime
import io
from collections.abc import Callable
from dataclasses import dataclass

from xincai.xforms.filling.preloads import AUDIT_FILE
from xincai.xforms.form import Form

__all__ = ["AUDIT_FILE", "AuditLog", "AuditSettings", "settings_of"]

_INTERVALS = frozenset({"question", "group questions", "add repeat", "end screen", "jump"})


@dataclass(frozen=True, slots=True)
class AuditSettings:
    """What is logged beside events and times."""

    location: bool = False
    changes: bool = False
    user: bool = False
    reasons: bool = False

    @property
    def header(self) -> str:
        """The columns, as Collect orders them."""
        return (
            "event,node,start,end"
            + (",latitude,longitude,accuracy" if self.location else "")
            + (",old-value,new-value" if self.changes else "")
            + (",user" if self.user else "")
            + (",change-reason" if self.reasons else "")
        )


@dataclass(slots=True)
class _Event:
    name: str
    node: str
    start: int
    end: int | None = None
    old: str = ""
    new: str = ""
    reason: str = ""


def settings_of(form: Form) -> AuditSettings | None:
    """How the form wants to be audited; None when it does not."""
    for place in form.self_filling:
        above = place.parent
        if place.name.rpartition(":")[2] != "audit" or above is None or above.depth != 1:
            continue
        said = place.bind.parameters if place.bind is not None else {}
        return AuditSettings(
            location=all(f"location-{name}" in said for name in ("priority", "min-interval", "max-age")),
            changes=said.get("track-changes", "").lower() == "true",
            user=said.get("identify-user", "").lower() == "true",
            reasons=said.get("track-changes-reasons", "") == "on-form-edit",
        )
    return None


class AuditLog:
    """One sitting's log, after what earlier sittings wrote.

    A question that is before the person opens an interval that ends when something else happens; all answers
    given meanwhile are one event, and one that returns to where it began shows no values.

    Attributes:
        settings: what is logged.
        user: who sits here, for a form that wants to know (`identify-user`).
    """

    def __init__(
        self,
        settings: AuditSettings,
        now: Callable[[], datetime.datetime],
        *,
        earlier: bytes = b"",
        user: str = "",
    ) -> None:
        self.settings = settings
        self.user = user
        self._now = now
        self._earlier = earlier.decode() or f"{settings.header}\n"
        self._events: list[_Event] = []
        self._open: _Event | None = None
        self._resumed, self._unexplained = _standing(self._earlier)

    def happened(self, name: str, ref: str = "", reason: str = "") -> None:
        """An event of a moment ("form start", "delete repeat", …), or the start of an interval."""
        if self._open is not None and (self._open.name, self._open.node) == (name, ref):
            return
        self._end()
        event = _Event(name, ref, self._instant(), reason=reason)
        self._resumed = self._resumed or name == "form resume"
        self._unexplained = self._unexplained and name != "change reason"
        if name in _INTERVALS:
            self._open = event
        else:
            self._events.append(event)

    def shown(self, ref: str, value: str) -> None:
        """A question is before the person, with the answer it has."""
        if self._open is None or (self._open.name, self._open.node) != ("question", ref):
            self._end()
            self._open = _Event("question", ref, self._instant(), old=value, new=value)

    def answered(self, ref: str, old: str, new: str) -> None:
        """A question was answered."""
        self.shown(ref, old)
        if self._open is not None:
            self._open.new = new
        self._unexplained = self._unexplained or (self._resumed and old != new)

    @property
    def wants_reason(self) -> bool:
        """Whether answers of an earlier sitting were changed and the form wants to know why."""
        return self.settings.reasons and self._unexplained

    def csv(self) -> bytes:
        """The log as if what is open ended now; it goes on."""
        lines = [self._line(event, event.end) for event in self._events]
        last = "" if self._open is None else self._line(self._open, self._instant())
        return (self._earlier + "".join(lines) + last).encode()

    def _end(self) -> None:
        event, self._open = self._open, None
        if event is not None:
            event.end = self._instant()
            self._events.append(event)

    def _line(self, event: _Event, end: int | None) -> str:
        settings = self.settings
        cells = [event.name, event.node, str(event.start), "" if end is None else str(end)]
        if settings.location:
            cells += ["", "", ""]
        if settings.changes:
            same = event.old == event.new
            cells += ["", ""] if same else [_escaped(event.old), _escaped(event.new)]
        if settings.user:
            cells.append(_escaped(self.user))
        if settings.reasons:
            cells.append(_escaped(event.reason))
        return ",".join(cells) + "\n"

    def _instant(self) -> int:
        return int(self._now().timestamp() * 1000)


def _standing(log: str) -> tuple[bool, bool]:
    """Whether a log was resumed before, and whether answers were changed then without a reason since."""
    resumed = unexplained = False
    for row in csv.DictReader(io.StringIO(log, newline="")):
        resumed = resumed or row["event"] == "form resume"
        changed = row["event"] == "question" and row.get("old-value") != row.get("new-value")
        unexplained = (unexplained or (resumed and changed)) and row["event"] != "change reason"
    return resumed, unexplained


def _escaped(text: str) -> str:
    """A cell, quoted only where it must be."""
    if any(mark in text for mark in ',"\n\r'):
        return '"' + text.replace('"', '""') + '"'
    return text
