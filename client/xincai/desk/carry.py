"""Copying from an earlier filling of the same form what still applies.

Rules: a question is found again by its path, in a repeat by its row's number; only into what nobody has
answered yet; a value that is no longer of the type, offered or allowed is left. Never copied: consents and
promises, signatures, photographs and files, dates that the form offers by itself, what the form works out,
and what it marks `xc:copy="no"` (on a question, or on a group for all in it).
"""

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from xincai.errors import Problem
from xincai.records import Subject
from xincai.xforms import Changes, Entry, Form, Session
from xincai.xforms.filling.submission import read
from xincai.xforms.tree import Definition, Seed

_GIVEN_ANEW = re.compile(r"^pc_|_(agree|promise|commit|read)$")
_CONSENT_ITEMS = "P4/"
_NEVER = frozenset({"upload", "trigger", "note"})
_DATES = frozenset({"date", "dateTime", "time"})
_UNFIT = frozenset({"constraint", "choice"})
_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Carried:
    """How far the copying came.

    Attributes:
        values: what was copied: for each reference what stood there before.
        rows: instances of repeats that were added.
        left: earlier answers that apply no longer.
        done: references that are settled, whatever became of them.
        opened: repeats that are filled from the earlier filling.
        closed: repeats that are not, because the person works in them.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    rows: frozenset[str] = _NONE
    left: tuple[str, ...] = ()
    done: frozenset[str] = _NONE
    opened: frozenset[str] = _NONE
    closed: frozenset[str] = _NONE

    @property
    def count(self) -> int:
        """How many answers were copied."""
        return len(self.values)


class Source:
    """An earlier submission as seen by the form of today."""

    def __init__(self, form: Form, xml: bytes | None) -> None:
        """Take the submission apart, if there is one; raises Problem when it is of another form."""
        self._form = form
        self.wishes: dict[str, str] = {}
        self.strange: list[str] = []
        self._barred = tuple(
            place.path
            for place in form.places.values()
            if place.bind is not None and place.bind.attributes.get("copy") == "no"
        )
        root = f"/{form.root.name}"
        for path, ref, value in _leaves(form, read(form, xml), root, root) if xml is not None else ():
            place = form.places.get(path)
            if place is None:
                self.strange += [] if "meta/" in path else [ref]
            elif self._may(place):
                self.wishes[ref] = value

    @classmethod
    def of_wishes(cls, form: Form, wishes: Mapping[str, str]) -> "Source":
        """Answers by their refs, as if an earlier submission had them."""
        source = cls(form, None)
        source.wishes.update(wishes)
        return source

    def give(self, answers: Mapping[str, str], subject: Subject) -> None:
        """Add what somebody else knows, by the names of questions outside repeats, and whom it is about."""
        parts = {"kind": subject.kind, "code": subject.code, "name": subject.name}
        places = self._form.places.values()
        repeats = tuple(f"{place.path}/" for place in places if place.repeat is not None)
        for place in places:
            marks = place.bind.attributes if place.bind else {}
            value = answers.get(place.name) or parts.get(marks.get("subject", ""), "")
            if value and not place.path.startswith(repeats) and self._may(place):
                self.wishes[place.path] = value

    @functools.cached_property
    def starts(self) -> Mapping[str, str]:
        """What a filling holds before anybody answered."""
        return {ref: value for ref, _, value, _, _ in Session.new(self._form).nodes() if value is not None}

    def _may(self, place: Definition) -> bool:
        control, marks = place.control, place.bind.attributes if place.bind else {}
        if control is None or control.kind != "question" or control.control in _NEVER:
            return False
        if _GIVEN_ANEW.search(place.name) or marks.get("item", "").startswith(_CONSENT_ITEMS):
            return False
        if place.type in _DATES and self._is_offered(place):
            return False
        return not any(place.path == path or place.path.startswith(f"{path}/") for path in self._barred)

    def _is_offered(self, place: Definition) -> bool:
        """Whether the form gives a value to the question by itself."""
        named = re.compile(re.escape(place.path).replace("/", r"(?:\[\d+\])?/"))
        return any(value and named.fullmatch(ref) for ref, value in self.starts.items())


def carry_over(session: Session, earlier: bytes) -> Carried:
    """Answer in a filling what an earlier submission of the form answered and still applies."""
    return go_on(session, Source(session.form, earlier), Carried())[0]


def go_on(session: Session, source: Source, so_far: Carried) -> tuple[Carried, Changes]:
    """Copy what has become possible since; all that was copied in all, and what changed now."""
    hand = _Hand(session, source, so_far)
    while hand.round():
        pass
    hand.put_back_unfit()
    return hand.result(), hand.changes


def merge(one: Changes, other: Changes) -> Changes:
    """Two changes as one."""
    return Changes(*(a | b for a, b in zip(one, other, strict=True)))


class _Hand:
    """Copies, and keeps the account of it."""

    def __init__(self, session: Session, source: Source, so_far: Carried) -> None:
        self._session = session
        self._source = source
        self._so_far = so_far
        self._rows = set(so_far.rows)
        self._opened, self._closed = set(so_far.opened), set(so_far.closed)
        self._waiting = {ref: value for ref, value in source.wishes.items() if ref not in so_far.done}
        self._unfit: dict[str, str] = {}
        self._done = set(so_far.done)
        self._new: dict[str, str] = {}
        self._left = dict.fromkeys((*so_far.left, *source.strange))
        self.changes = Changes()

    def round(self) -> bool:
        """Try everything that waits, once; whether anything was copied."""
        before = len(self._new), len(self._rows)
        for ref, value in list(self._waiting.items()):
            if self._is_closed(ref):
                self._settle(ref)
            elif self._makes_room(ref):
                self._give(ref, value)
        return (len(self._new), len(self._rows)) != before

    def put_back_unfit(self) -> None:
        """Take back what other answers do not allow, until all that is copied stands."""
        for ref in self._unfit.keys() & self._waiting.keys():
            self._settle(ref, left=True)
        while unfit := [ref for ref in self._new if self._entry(ref).problem_kind in _UNFIT]:
            for ref in unfit:
                self._step(self._session.answer(ref, self._new.pop(ref)))
                self._left[ref] = None

    def result(self) -> Carried:
        return replace(
            self._so_far,
            values={**self._so_far.values, **self._new},
            rows=frozenset(self._rows),
            left=tuple(self._left),
            done=frozenset(self._done),
            opened=frozenset(self._opened),
            closed=frozenset(self._closed),
        )

    def _give(self, ref: str, value: str) -> None:
        entry = self._entry(ref)
        if not entry.relevant:
            return
        if entry.readonly or entry.value == value or not self._is_free(entry):
            self._settle(ref)
            return
        try:
            self._step(self._session.answer(ref, value))
        except Problem:
            self._settle(ref, left=True)
            return
        if self._entry(ref).problem_kind in _UNFIT:
            self._step(self._session.answer(ref, entry.value))
            self._unfit[ref] = value
            return
        self._new[ref] = entry.value
        self._settle(ref)

    def _is_free(self, entry: Entry) -> bool:
        """Whether nobody has answered yet: empty, or what the form itself offers."""
        if entry.value == "" or any(entry.ref.startswith(f"{row}/") for row in self._rows):
            return True
        return entry.value == self._source.starts.get(entry.ref)

    def _settle(self, ref: str, *, left: bool = False) -> None:
        del self._waiting[ref]
        self._done.add(ref)
        if left:
            self._left[ref] = None

    def _is_closed(self, ref: str) -> bool:
        return any(ref.startswith(f"{repeat}[") for repeat in self._closed)

    def _makes_room(self, ref: str) -> bool:
        """Whether the rows are there in which a reference stands, added where that is possible."""
        for found in re.finditer(r"\[(\d+)\]", ref):
            repeat, number = ref[: found.start()], int(found[1])
            entry = self._entry(repeat)
            if not entry.relevant:
                return False
            if repeat not in self._opened and not self._opens(repeat, entry.count):
                return False
            while entry.count < number:
                if not entry.can_add:
                    return False
                self._step(self._session.add_repeat(repeat))
                entry = self._entry(repeat)
                self._rows.add(f"{repeat}[{entry.count}]")
        return True

    def _opens(self, repeat: str, count: int) -> bool:
        """Whether nobody has worked in a repeat yet; remembered either way."""
        starts = self._source.starts
        rows = {ref for ref in starts if ref.startswith(f"{repeat}[")}
        inside = any(repeat.startswith(f"{row}/") for row in self._rows)
        free = inside or all(
            value is None or value == starts.get(ref, "")
            for ref, _, value, _, _ in self._session.nodes()
            if ref.startswith(f"{repeat}[")
        )
        counted = inside or not count or any(ref.startswith(f"{repeat}[{count}]") for ref in rows)
        (self._opened if free and (counted or not self._entry(repeat).can_add) else self._closed).add(repeat)
        return repeat in self._opened

    def _entry(self, ref: str) -> Entry:
        return self._session.entry(ref)

    def _step(self, changes: Changes) -> None:
        self.changes = merge(self.changes, changes)


def _leaves(form: Form, seed: Seed, path: str, ref: str) -> Iterator[tuple[str, str, str]]:
    """(Path, reference today, value) of every answer."""
    numbers: dict[str, int] = {}
    for child in seed.children:
        number = numbers[child.name] = numbers.get(child.name, 0) + 1
        below = f"{path}/{child.name}"
        place = form.places.get(below)
        repeated = place is not None and place.repeat is not None
        if number > 1 and not repeated:
            continue
        inside = f"{ref}/{child.name}[{number}]" if repeated else f"{ref}/{child.name}"
        if child.text.strip() and not child.children:
            yield below, inside, child.text
        yield from _leaves(form, child, below, inside)
