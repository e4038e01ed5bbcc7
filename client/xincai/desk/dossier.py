"""A record as a person reads it: sections of labels and values, masked by level.

L1 and L2 show plainly. L3 and L4 are masked until revealed: a name keeps its first character, a code its
first six and last four, anything else its first character. Nothing unanswered is listed. Answers of a form
that marks no levels at all, as forms of others, are masked like L3.
"""

from collections.abc import Iterator, Mapping

from xincai.desk.figures import figure
from xincai.desk.filling import screen_language
from xincai.desk.views import Answer, Language, RecordCard, Section, Status
from xincai.records import KINDS, MASKED, Record, Subject, mask_code, mask_name, unmarked_level
from xincai.vault import RecordRow
from xincai.xforms import Entry, Session

_CODE_LENGTH = 12


def sections(session: Session, origins: Mapping[str, str]) -> tuple[Section, ...]:
    """Every group and row of a repeat that holds answers, in the order they are asked."""
    found = _sections(session, None, session.form.title, origins)
    return tuple(section for section in found if section.answers)


def mask(value: str) -> str:
    """A value with little left to see."""
    if len(value) >= _CODE_LENGTH and value.isascii():
        return mask_code(value)
    return mask_name(value)


def _sections(session: Session, ref: str | None, title: str, origins: Mapping[str, str]) -> Iterator[Section]:
    own: list[Answer] = []
    below: list[Section] = []
    for entry in session.children(ref):
        if not entry.relevant:
            continue
        if entry.kind == "question":
            own += [_answer(session, entry, origins)] if _answered(entry) else []
        else:
            number = f" {entry.ref.rpartition('[')[2].rstrip(']')}" if entry.kind == "instance" else ""
            heading = " · ".join(
                part for part in (title if ref else "", f"{entry.label}{number}".strip()) if part
            )
            inner = heading if entry.kind != "repeat" else title
            below += _sections(session, entry.ref, inner, origins)
    yield Section(title, tuple(own))
    yield from below


def _answered(entry: Entry) -> bool:
    return bool(entry.value) and entry.control not in {"note", "trigger"}


def _answer(session: Session, entry: Entry, origins: Mapping[str, str]) -> Answer:
    level = entry.attributes.get("level") or unmarked_level(session.form)
    shown = session.display(entry.ref)
    value = figure(entry, shown, language_of(session))
    hidden = level in MASKED
    return Answer(
        ref=entry.ref,
        label=entry.label,
        value="" if hidden else value,
        masked=mask(shown) if hidden else value,
        level=level,
        origin=origins.get(entry.ref, ""),
        image=entry.value if entry.control == "upload" and entry.media_type.startswith("image") else "",
    )


def plain_files(session: Session) -> frozenset[str]:
    """Names of the files that answer questions of a level that shows plainly."""
    return frozenset(
        value
        for _, value, marks in session.leaves()
        if value and (marks.get("level") or unmarked_level(session.form)) not in MASKED
    )


def full(session: Session, ref: str) -> str:
    """An answer as it is read, nothing masked."""
    entry = session.entry(ref)
    return figure(entry, session.display(ref), language_of(session))


def language_of(session: Session) -> Language:
    """The screen language that a session speaks."""
    return "en" if screen_language(session.language) == "en" else "zh"


def row_card(row: RecordRow, title: Mapping[str, str]) -> RecordCard:
    """A listed record, its subject masked where it is a person."""
    kind = next(kind for kind in KINDS if kind == row.subject_kind)
    subject = Subject(kind, row.subject_code, row.subject_name)
    return RecordCard(
        record_id=row.record_id,
        version=row.version,
        form_id=row.form_id,
        form_title=title,
        subject_name=subject.shown_name,
        subject_code=subject.shown_code,
        sealed_at=row.sealed_at,
        status=row.status,
        erased=row.erased,
    )


def card(record: Record, title: Mapping[str, str], status: Status) -> RecordCard:
    """A record as a list shows it."""
    return RecordCard(
        record_id=record.record_id,
        version=record.version,
        form_id=record.form_id,
        form_title=title,
        subject_name=record.subject.shown_name,
        subject_code=record.subject.shown_code,
        sealed_at=record.sealed_at,
        status=status,
    )
