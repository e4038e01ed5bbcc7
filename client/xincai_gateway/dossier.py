"""A record as a person reads it: each answer with its question, its choices in words and where it stands.

Rules: the words are those of the form that the record was filled with, in the reader's language where the
form has it, else in its own. A value that is no choice stays as it is written. Nothing is done that opening
a form does. A record whose form or submission cannot be read any more has no words; it is told without them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from xincai import clock
from xincai.errors import Language, Problem
from xincai.xforms import Entry, Form, Session, unmarked

_LANGUAGES: Mapping[Language, str] = {"zh": "中文 (zh)", "en": "English (en)"}
_SELECTS = frozenset({"select", "select1", "rank"})


@dataclass(frozen=True)
class Worded:
    """An answer in words; `part` is the group, and the row of a repeat, in which it was asked."""

    part: str
    label: str
    shown: str


NO_WORDS = Worded("", "", "")


@dataclass(frozen=True)
class Dossier:
    """A record's title and answers in words, by reference and in the order they were asked."""

    title: str = ""
    answers: Mapping[str, Worded] = field(default_factory=dict)


def read(form: Form | None, submission: bytes | None, created: str, language: Language) -> Dossier:
    """The dossier of a submission whose batch was `created` then: the answers as of that time."""
    if form is None or submission is None:
        return Dossier()
    try:
        session = _session(form, submission, created, language)
        return Dossier(title(form, language), dict(_answers(session, None, "")))
    except Problem:
        return Dossier()


def title(form: Form, language: Language) -> str:
    """The form's title; its English one is an attribute of ours, where the form has it."""
    return unmarked(form.attributes.get("title_en", form.title) if language == "en" else form.title)


def _session(form: Form, submission: bytes, created: str, language: Language) -> Session:
    then = clock.parse_stamp(created)
    spoken = _LANGUAGES[language]
    known = spoken if spoken in form.languages else None
    return Session.resume(form, submission, now=lambda: then, language=known, opened=False)


def _answers(session: Session, ref: str | None, part: str) -> Iterator[tuple[str, Worded]]:
    for entry in session.children(ref):
        if entry.kind == "question":
            shown = unmarked(session.display(entry.ref)) if entry.control in _SELECTS else entry.value
            yield entry.ref, Worded(part, unmarked(entry.label), shown)
        else:
            yield from _answers(session, entry.ref, _part(part, entry))


def _part(above: str, entry: Entry) -> str:
    """What stands above the answers in a group or a row of a repeat."""
    if entry.kind == "repeat":
        return above
    number = entry.ref.rpartition("[")[2].rstrip("]") if entry.kind == "instance" else ""
    own = " ".join(filter(None, (unmarked(entry.label), number)))
    return " · ".join(filter(None, (above, own)))
