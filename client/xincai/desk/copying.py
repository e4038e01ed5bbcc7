"""What a filling takes over from the last record of the same form and the same subject.

Rules: offered, never done by itself, and never across subjects: the code decides, and where a code is not a
national one the name as well; before the code is known the name alone speaks for organisations, whose names
are registered. When the subject of the filling changes, what was copied goes. An answer counts as copied
until the person changes or confirms it; what a new consent opens is copied as soon as it is given.
"""

import datetime
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from xincai import clock
from xincai.desk.carry import Carried, Source, go_on, merge
from xincai.records import KINDS, Record, Subject, kind_of
from xincai.vault import Vault
from xincai.xforms import Changes, Form, Session

_NATIONAL = 18
_REGISTERED_NAMES = frozenset({"ENT", "COOP", "COLL"})
_PARTS = frozenset({"kind", "code", "name"})
_SETS = ("rows", "done", "opened", "closed")


@dataclass(frozen=True)
class Earlier:
    """A record that can be taken over from."""

    record_id: str
    version: int
    subject: Subject
    sealed_at: datetime.datetime
    source: Source = field(repr=False, compare=False)


@dataclass(frozen=True)
class Copied:
    """What was taken over, and what became of it; without `carried` the person declined."""

    record_id: str
    version: int
    subject: Subject
    sealed_at: datetime.datetime
    carried: Carried | None = None
    marks: frozenset[str] = frozenset()
    """Copied answers that are neither changed nor confirmed."""
    given: Mapping[str, str] = field(default_factory=dict)
    """What the platform has, by ref: taken over in place of a record, which then has no id."""

    def dump(self) -> str:
        """As text, for the draft."""
        subject, carried = self.subject, None
        if self.carried is not None:
            carried = {"values": dict(self.carried.values), "left": self.carried.left}
            carried |= {name: sorted(getattr(self.carried, name)) for name in _SETS}
        return json.dumps(
            {
                "record": self.record_id,
                "version": self.version,
                "subject": [subject.kind, subject.code, subject.name],
                "sealed_at": self.sealed_at.isoformat(),
                "carried": carried,
                "marks": sorted(self.marks),
                "given": dict(self.given),
            },
            ensure_ascii=False,
        )

    @classmethod
    def load(cls, text: str) -> "Copied | None":
        """What `dump` wrote; None of an empty text."""
        if not text:
            return None
        told = json.loads(text)
        carried = told["carried"]
        if carried is not None:
            sets = {name: frozenset(carried[name]) for name in _SETS}
            carried = Carried(values=carried["values"], left=tuple(carried["left"]), **sets)
        return cls(
            told["record"],
            told["version"],
            Subject(*told["subject"]),
            datetime.datetime.fromisoformat(told["sealed_at"]),
            carried,
            frozenset(told["marks"]),
            told.get("given", {}),
        )

    def moved(self, instance: str, by: int) -> "Copied":
        """After the person removed (by -1) or doubled (by 1) a row: copying leaves that repeat alone."""
        if self.carried is None:
            return self
        repeat, old = instance.removesuffix("]").rsplit("[", 1)

        def move(refs: Iterable[str]) -> dict[str, str]:
            moved = {ref: _moved(ref, repeat, int(old), by) for ref in refs}
            return {ref: to for ref, to in moved.items() if to}

        values = {to: self.carried.values[ref] for ref, to in move(self.carried.values).items()}
        carried = replace(
            self.carried,
            values=values,
            rows=frozenset(move(self.carried.rows).values()),
            closed=self.carried.closed | {repeat},
        )
        return replace(self, carried=carried, marks=frozenset(move(self.marks).values()))


class Copying:
    """The part of a filling that takes over."""

    _vault: Vault
    _session: Session
    _copied: Copied | None
    _source: Source | None
    record_id: str | None

    def _change(self, change: Callable[[], Changes]) -> Changes:
        raise NotImplementedError

    @property
    def copied(self) -> Copied | None:
        """What was taken over and is still there unconfirmed; None when there is nothing of the kind."""
        return self._copied if self._copied is not None and self._copied.marks else None

    def is_copied(self, ref: str) -> bool:
        """Whether an answer is as it was taken over, neither changed nor confirmed."""
        return self._copied is not None and ref in self._copied.marks

    def subject_ref(self) -> str:
        """The last question asked that tells the subject."""
        refs = self._subject_refs()
        asked = [ref for ref, _, _ in self._session.leaves() if ref in refs]
        return asked[-1] if asked else ""

    def asks_subject(self, refs: Iterable[str]) -> bool:
        """Whether a question that tells the subject is among these."""
        return any(ref in self._subject_refs() for ref in refs)

    @property
    def taking_over(self) -> Copied | None:
        """What is being taken over from, though nothing may have come of it yet."""
        return self._copied if self._copied is not None and self._copied.carried is not None else None

    @property
    def awaits_copies(self) -> bool:
        """Whether something may still be copied, once it is asked."""
        copied, source = self._copied, self._source
        if copied is None or copied.carried is None or source is None:
            return False
        return bool(source.wishes.keys() - copied.carried.done)

    def told_subject(self) -> Subject | None:
        """Whom the filling is about, as far as it is told; None when that is not enough to look for."""
        return subject_now(self._session) if self.record_id is None and not self.taking_over else None

    def earlier(self, now: Subject) -> Earlier | None:
        """Lane: the last record of this form and subject, when there is one that was not offered yet."""
        known = self._copied
        for row in self._vault.records_of_subject(
            self._session.form.form_id, now.kind, code=now.code, name="" if now.code else now.name
        ):
            subject = Subject(now.kind, row.subject_code, row.subject_name)
            if row.status == "returned" or not is_same(now, subject):
                continue
            if not now.code and not self._is_only(now):
                return None
            if known and (known.record_id, known.version) == (row.record_id, row.version):
                return None
            source = Source(self._session.form, self._vault.record(row.record_id, row.version).submission)
            _ = source.starts
            return Earlier(row.record_id, row.version, subject, row.sealed_at, source)
        return None

    def copy(self, earlier: Earlier) -> Changes:
        """Take over what still applies."""
        self._source = earlier.source
        return self._change(lambda: self._copy_from(earlier))

    def copy_record(self, record: Record) -> Changes:
        """Take over from a record that a person chose."""
        source = Source(self._session.form, record.submission)
        _ = source.starts
        return self.copy(Earlier(record.record_id, record.version, record.subject, record.sealed_at, source))

    def take_given(self, subject: Subject, given: Mapping[str, str]) -> Changes:
        """Take over what the platform has on a subject, by the names of questions."""
        source = Source(self._session.form, None)
        source.give(given, subject)
        _ = source.starts
        self._source = source
        self._copied = Copied("", 0, subject, clock.now(), Carried(), given=source.wishes)
        return self._change(self._copy_on)

    def decline(self, earlier: Earlier) -> None:
        """Do not offer this record again for this filling."""
        self._copied = Copied(earlier.record_id, earlier.version, earlier.subject, earlier.sealed_at)

    def confirm(self, ref: str) -> bool:
        """An answer taken over is right as it stands; whether it was one."""
        if self._copied is None or ref not in self._copied.marks:
            return False
        self._copied = replace(self._copied, marks=self._copied.marks - {ref})
        return True

    def clear_copied(self) -> Changes:
        """Take back all that was taken over and neither changed nor confirmed; one step of undo."""
        return self._change(self._clear)

    def copied_origins(self) -> Mapping[str, str]:
        """Where answers come from that nobody looked at anew: from the platform, or declared, whatever the
        form says of them.
        """
        given = self._copied is not None and bool(self._copied.given)
        return {
            ref: "platform" if given else "declared"
            for ref, value, marks in self._session.leaves()
            if value and (given or "origin" in marks) and self.is_copied(ref)
        }

    def _follow(self, ref: str, changes: Changes) -> Changes:
        """What an answer of the person's brings about here."""
        if self._copied is None or self._copied.carried is None:
            return changes
        self.confirm(ref)
        if ref in self._subject_refs() and not self._is_still_about():
            changes = merge(changes, self._clear())
            self._copied = None
            return changes
        return merge(changes, self._copy_on()) if changes.relevance else changes

    def _rows_moved(self, instance: str, by: int) -> None:
        if self._copied is not None:
            self._copied = self._copied.moved(instance, by)

    def _copy_from(self, earlier: Earlier) -> Changes:
        self._source = earlier.source
        self._copied = Copied(
            earlier.record_id, earlier.version, earlier.subject, earlier.sealed_at, Carried()
        )
        return self._copy_on()

    def _copy_on(self) -> Changes:
        copied, source = self._copied, self._source
        if copied is None or copied.carried is None or source is None:
            return Changes()
        carried, changes = go_on(self._session, source, copied.carried)
        fresh = carried.values.keys() - copied.carried.values.keys()
        self._copied = replace(copied, carried=carried, marks=copied.marks | fresh)
        return changes

    def _clear(self) -> Changes:
        copied = self._copied
        if copied is None or copied.carried is None:
            return Changes()
        changes, session = Changes(), self._session
        values, marks = copied.carried.values, copied.marks
        for row in sorted(copied.carried.rows, key=_place, reverse=True):
            inside = {ref for ref in values if ref.startswith(f"{row}/")}
            if inside and inside <= marks and session.entry(row).can_remove:
                changes = merge(changes, session.remove_repeat(row))
                marks -= inside
        self._copied = replace(copied, carried=None, marks=frozenset())
        for ref in reversed([ref for ref in values if ref in marks]):
            entry = session.entry(ref)
            if entry.relevant and not entry.readonly:
                changes = merge(changes, session.answer(ref, values[ref]))
        return changes

    def _is_still_about(self) -> bool:
        now, copied = subject_now(self._session), self._copied
        return now is not None and copied is not None and is_same(now, copied.subject)

    def _is_only(self, now: Subject) -> bool:
        """Whether one subject alone has this name."""
        rows = self._vault.records_of_subject(self._session.form.form_id, now.kind, name=now.name)
        return len({row.subject_code for row in rows}) == 1

    def _subject_refs(self) -> set[str]:
        return {
            path
            for path, place in self._session.form.places.items()
            if place.bind is not None and place.bind.attributes.get("subject") in _PARTS
        }


def source_of(vault: Vault, form: Form, copied: Copied | None) -> Source | None:
    """Lane: the record that a draft copies from, as its form sees it."""
    if copied is None or copied.carried is None:
        return None
    if copied.given:
        return Source.of_wishes(form, copied.given)
    return Source(form, vault.record(copied.record_id, copied.version).submission)


def subject_now(session: Session) -> Subject | None:
    """Whom a filling is about, as far as it is told and stands; None before code and name."""
    parts: dict[str, str] = {}
    for ref, value, marks in session.leaves():
        part = marks.get("subject", "")
        if part in _PARTS and value and not session.entry(ref).problem_kind:
            parts.setdefault(part, unicodedata.normalize("NFC", value.strip()))
    code, name = parts.get("code", ""), parts.get("name", "")
    kind = next((each for each in KINDS if each == parts.get("kind")), kind_of(code) if code else "")
    return Subject(kind, code, name) if kind and (code or name) else None


def is_same(now: Subject, then: Subject) -> bool:
    """Whether a filling is about the subject of a record, as far as it tells."""
    if now.kind != then.kind:
        return False
    if not now.code:
        return now.kind in _REGISTERED_NAMES and now.name == then.name
    return now.code == then.code and (len(now.code) == _NATIONAL or now.name == then.name)


def _moved(ref: str, repeat: str, old: int, by: int) -> str:
    """Where a reference stands when row `old` of a repeat went or was doubled; "" when it went."""
    if not ref.startswith(f"{repeat}["):
        return ref
    number, _, rest = ref[len(repeat) + 1 :].partition("]")
    if int(number) == old and by < 0:
        return ""
    return f"{repeat}[{int(number) + by}]{rest}" if int(number) > old else ref


def _place(row: str) -> list[int]:
    """The numbers in a row's reference, for going through rows from the last to the first."""
    return [int(number) for number in re.findall(r"\[(\d+)\]", row)]
