"""A filling: a form being filled. Wraps the engine's session, its attachments and its saving.

Methods work in memory on the screen's thread and return at once, unless they say «lane». After every
change the screen takes a `snapshot()` and runs its `save` on the lane, so that nothing typed is lost.
"""

import contextlib
import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from xincai.desk import codes, ground, journal, uploads
from xincai.desk.carry import Source
from xincai.desk.copying import Copied, Copying, source_of
from xincai.desk.logged import Logged
from xincai.errors import Problem
from xincai.records import Attachment, delicate_paths
from xincai.shelf import FormCard
from xincai.vault import Draft, Vault
from xincai.wire.digest import sm3
from xincai.xforms import Changes, Choice, Entry, Finding, Form, Request, Session
from xincai.xforms.filling.audit import AuditLog

_UNDO_DEPTH = 200
_QUESTION, _GROUP = "question", "group"


@dataclass(frozen=True)
class Correction:
    """Why a record came back: the platform's words and the question it points at."""

    record_id: str
    version: int
    """The version now being written."""
    text: str
    ref: str


@dataclass(frozen=True)
class Snapshot:
    """A filling frozen for saving."""

    vault: Vault
    draft: Draft
    audit: bytes = b""

    def save(self) -> datetime.datetime:
        """Lane: write the draft durably, with its audit log; the instant it was saved."""
        if self.audit:
            journal.keep(self.vault, self.audit, self.draft.draft_id)
        return self.vault.save_draft(self.draft)


class Filling(Copying, Logged):
    """A draft under the pen."""

    def __init__(
        self,
        vault: Vault,
        card: FormCard,
        session: Session,
        *,
        form_sm3: str,
        draft_id: str,
        properties: Mapping[str, str] | None = None,
        attachments: Iterable[Attachment] = (),
        correction: Correction | None = None,
        log: AuditLog | None = None,
        copied: Copied | None = None,
    ) -> None:
        self.form = card
        self.draft_id = draft_id
        self.form_sm3 = form_sm3
        self.record_id = correction.record_id if correction else None
        self.version = correction.version if correction else 1
        self.returned = correction.text if correction else ""
        self.returned_ref = correction.ref if correction else ""
        self._vault = vault
        self._session = session
        self._properties = properties
        self._attachments = {item.name: item for item in attachments}
        self._past: list[tuple[bytes, Copied | None, Source | None, tuple[Request, ...]]] = []
        self._joined = False
        self._log = log
        self._copied = copied
        self._delicate = delicate_paths(session.form)
        self._source = source_of(vault, session.form, copied)

    @property
    def session(self) -> Session:
        """The engine's session, for the desk's own use."""
        return self._session

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """All that was ever attached; sealing keeps what the answers name."""
        return tuple(self._attachments.values())

    # --- language
    @property
    def languages(self) -> tuple[str, ...]:
        """Screen languages the form knows: zh, en."""
        return tuple(screen_language(name) for name in self._session.form.languages)

    def set_language(self, language: str) -> Changes:
        return self._session.set_language(form_language(self._session.form, language))

    # --- reading
    def children(self, ref: str | None = None) -> tuple[Entry, ...]:
        """Entries under a group, repeat or instance; the form's top level when None. Irrelevant ones too."""
        return self._session.children(ref)

    def entry(self, ref: str) -> Entry:
        return self._session.entry(ref)

    def choices(self, ref: str) -> tuple[Choice, ...]:
        return self._session.choices(ref)

    def display(self, ref: str) -> str:
        """The answer as a person reads it: choice labels instead of codes."""
        return self._session.display(ref)

    def findings(self) -> tuple[Finding, ...]:
        """All that stands between this filling and its sealing."""
        return self._session.findings()

    def questions(self, ref: str | None = None) -> Iterator[Entry]:
        """Relevant questions below an entry, or of the whole filling, in the order they are asked."""
        for entry in self._session.children(ref):
            if not entry.relevant:
                continue
            if entry.kind == _QUESTION:
                yield entry
            else:
                yield from self.questions(entry.ref)

    def progress(self, ref: str | None = None) -> tuple[int, int, int]:
        """(Required ones answered, required ones, broken rules) below an entry, or of the whole filling."""
        asked = [entry for entry in self.questions(ref) if not entry.readonly]
        required = [entry for entry in asked if entry.required]
        answered = sum(bool(entry.value) for entry in required)
        return answered, len(required), sum(entry.problem_kind == "constraint" for entry in asked)

    def subject_name(self) -> str:
        """The name answered to the question that identifies the subject, as far as it is known."""
        return next(
            (value for _, value, marks in self._session.leaves() if marks.get("subject") == "name"), ""
        )

    def area(self, value: str) -> ground.Parcel:
        """What a geoshape measures; raises Problem for a bad shape."""
        return ground.measure(value)

    # --- writing
    def answer(self, ref: str, value: str) -> Changes:
        """Answer a question; "" clears.

        A value that breaks a constraint is kept and flagged; one of the wrong type raises, changing nothing.
        """
        before = "" if self._log is None else self._session.entry(ref).value
        asked = bool(value) and any(request.ref == ref for request in self._session.requests())
        give = self._session.fulfil if asked else self._session.answer
        changes = self._change(lambda: self._follow(ref, give(ref, value)))
        if self._log is not None:
            self._log.answered(ref, before, value)
        return changes

    def add_row(self, repeat: str) -> Changes:
        changes = self._change(lambda: self._session.add_repeat(repeat))
        self._happened("add repeat", repeat)
        return changes

    def duplicate_row(self, instance: str) -> Changes:
        changes = self._change(lambda: self._session.duplicate_repeat(instance))
        self._rows_moved(instance, 1)
        self._happened("add repeat", instance)
        return changes

    def remove_row(self, instance: str) -> Changes:
        """Remove a row of a repeat; `undo` brings it back."""
        changes = self._change(lambda: self._session.remove_repeat(instance))
        self._rows_moved(instance, -1)
        self._happened("delete repeat", instance)
        return changes

    def undo(self) -> Changes | None:
        """Take the last answer, addition or removal back; None when there is nothing to take back."""
        if not self._past:
            return None
        before, old = self._picture(), self._session
        xml, self._copied, self._source, requests = self._past.pop()
        self._session = Session.resume(
            old.form, xml, properties=self._properties, language=old.language, opened=False
        )
        self._session.ask(requests)
        after = self._picture()
        changes = _difference(before, after)
        changed = {ref: before[ref].value for ref in changes.values}
        self._logged(changed, {ref: after[ref].value for ref in changed})
        return changes

    def attach(self, ref: str, data: bytes, media_type: str, file_name: str = "") -> str:
        """Lane: keep a picture or file in the vault; the name with which the screen answers the question."""
        entry = self._session.entry(ref)
        if any(one.ref == ref and one.kind == "audio" for one in self._session.requests()):
            entry = replace(entry, media_type="audio/*")
        data, media_type, ending = uploads.prepare(entry, data, media_type, file_name)
        name = f"{entry.name}-{sm3(data)[:12]}.{ending}"
        kept = self._vault.add_attachment(data, media_type, name=name, draft_id=self.draft_id)
        self._attachments[name] = kept
        return name

    def attached(self, ref: str) -> bytes | None:
        """Lane: the bytes of the attachment a question holds."""
        kept = self._attachments.get(self._session.entry(ref).value)
        return self._vault.attachment(kept.sm3) if kept else None

    def attachment(self, ref: str) -> Attachment | None:
        """Name, size and kind of the attachment a question holds, when it is here."""
        return self._attachments.get(self._session.entry(ref).value)

    def medium(self, uri: str) -> bytes | None:
        """Lane: a picture or sound of the form itself (`jr://images/x.png`); None when it came without."""
        return self._vault.form_file(self.form_sm3, uri.rpartition("/")[2])

    def read_code(self, data: bytes) -> str:
        """Lane: the text of the bar code in a picture; raises Problem when there is none."""
        return codes.read_code(data)

    def looked_at(self, ref: str) -> None:
        """Lane: write down that a masked answer was uncovered while filling."""
        self._vault.add_event("revealed", draft=self.draft_id, ref=ref, reason="filling")

    def left(self) -> bool:
        """The person leaves the filling; whether it must be saved once more, for its audit log's sake."""
        self._left_question()
        if self._past:
            self._happened("form save")
        self._happened("form exit")
        return self._log is not None and bool(self._past)

    # --- what the form asks of this device
    def requests(self) -> tuple[Request, ...]:
        """Positions and recordings that the form asks for; `answer` and `attach` give them."""
        return self._session.requests()

    def withhold(self, ref: str) -> None:
        """Do not give what is asked for a place; what stands there stays."""
        self._session.fulfil(ref, "")

    def withheld(self, ref: str, reason: str) -> None:
        """Lane: write down that something was not given, and why."""
        self._vault.add_event(journal.WITHHELD, draft=self.draft_id, ref=ref, reason=reason)

    def snapshot(self) -> Snapshot:
        """Freeze the filling for saving."""
        answered, required, _ = self.progress()
        draft = Draft(
            draft_id=self.draft_id,
            form_id=self.form.form_id,
            form_version=self.form.version,
            form_sm3=self.form_sm3,
            subject_name=self.subject_name(),
            xml=self._session.draft_xml(),
            record_id=self.record_id,
            version=self.version,
            answered=answered,
            required=required,
            copied="" if self._copied is None else self._copied.dump(),
            copied_from="" if self._copied is None else self._copied.record_id,
            delicate=self._delicate,
        )
        return Snapshot(self._vault, draft, b"" if self._log is None else self._log.csv())

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """Make all changes inside one step of `undo`; none, no step."""
        self._remember()
        self._joined = True
        try:
            yield
        finally:
            self._joined = False
            if self._past[-1][0] == self._session.draft_xml():
                self._past.pop()

    def _change(self, change: Callable[[], Changes]) -> Changes:
        if self._joined:
            return change()
        self._remember()
        try:
            return change()
        except Problem:
            self._past.pop()
            raise

    def _remember(self) -> None:
        asked = self._session.requests()
        self._past.append((self._session.draft_xml(), self._copied, self._source, asked))
        del self._past[:-_UNDO_DEPTH]

    def _picture(self, ref: str | None = None) -> dict[str, Entry]:
        """Every entry as it stands, by reference."""
        seen: dict[str, Entry] = {}
        for entry in self._session.children(ref):
            seen[entry.ref] = entry
            if entry.kind != _QUESTION:
                seen |= self._picture(entry.ref)
        return seen


def form_language(form: Form, language: str) -> str:
    """The form's own name of a screen language ("中文 (zh)" for zh); its default where it lacks it."""
    return next((name for name in form.languages if screen_language(name) == language), form.default_language)


def screen_language(name: str) -> str:
    """The screen language in a form's own name of it: zh for "中文 (zh)"."""
    return name.rpartition("(")[2].rstrip(")") or name


def _difference(before: dict[str, Entry], after: dict[str, Entry]) -> Changes:
    """What changed between two pictures of a filling."""
    both = [(before[ref], after[ref]) for ref in before.keys() & after.keys()]
    moved = before.keys() ^ after.keys()
    return Changes(
        values=frozenset(b.ref for a, b in both if a.value != b.value),
        relevance=frozenset(b.ref for a, b in both if a.relevant != b.relevant),
        validity=frozenset(b.ref for a, b in both if (a.problem, a.required) != (b.problem, b.required)),
        labels=frozenset(b.ref for a, b in both if (a.label, a.hint) != (b.label, b.hint)),
        choices=frozenset(),
        structure=frozenset(ref.rpartition("[")[0] for ref in moved if ref.endswith("]")),
    )
