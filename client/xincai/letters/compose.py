"""From a sealed record to a letter: its fields, its text, and the seal its QR code carries.

The answers are read through the form, so that a letter shows the words of a choice and not its code. The
seal is signed here, once; drawing it later needs no key.
"""

import datetime
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from xincai import clock
from xincai.errors import Problem
from xincai.letters import values
from xincai.letters.letter import Language, Letter
from xincai.letters.signed import tell_how_signed
from xincai.letters.template import Answers, Fields, LetterText, Part, letter_text
from xincai.records import Record
from xincai.wire import qr, suites
from xincai.xforms import Form, Session, unmarked
from xincai.xforms.filling import submission
from xincai.xforms.tree import Definition, Seed

Kind = Literal[
    "commitment",
    "truth",
    "authorisation",
    "consent",
    "objection",
    "repair",
    "whitelist",
    "withdrawal",
    "summary",
    "proxy",
    "witness",
    "receipt",
]
KINDS: tuple[Kind, ...] = get_args(Kind)

_LANGUAGES: Mapping[Language, str] = {"zh": "中文 (zh)", "en": "English (en)"}
_NOTHING: Mapping[str, str | bytes] = {}
_CODES = frozenset({"uscc", "farm_code", "contractor_code", "local_code"})
_CHOSEN = "_chosen"
_OF_FORM: Mapping[Kind, str] = {
    "commitment": "commitment",
    "truth": "commitment",
    "authorisation": "authorisation",
    "objection": "objection",
    "repair": "repair",
    "whitelist": "visit",
    "withdrawal": "withdrawal",
}
"""The form that a kind is made from."""
_OF_QUESTIONS: Mapping[Kind, frozenset[str]] = {
    "consent": frozenset({"pc_handler", "pc_hotline", "pc_read"}),
    "summary": frozenset({"collector", "org", "signer_kind", "subject_name"}),
    "proxy": frozenset({"signer_kind", "collector2", "subject_name"}),
    "witness": frozenset({"signer_kind", "collector2", "subject_name"}),
}
"""The questions that a form must ask for a kind to be made from it."""
# A form of any name may ask questions of any name: of their answers such letters take these alone.
_COMMON = frozenset(
    {"answer_count", "officer", "collector", "collector2", "signer_kind", "org", "visit_date", "subject_kind"}
)
_OF_CONSENT = frozenset(
    {"pc_handler", "pc_hotline", "pc_date", "pc_read", "pc_general", "pc_id", "pc_finance", "pc_location"}
    | {"pc_business", "pc_marital", "pc_third", "pc_third_names", "pc_has_minor", "pc_minor", "pc_guardian"}
)
_TAKEN: Mapping[Kind, frozenset[str]] = {
    "receipt": _COMMON | {"pc_handler", "pc_hotline"},
    "consent": _COMMON | _OF_CONSENT,
    "summary": _COMMON | {"pc_handler", "pc_hotline"},
    "proxy": _COMMON,
    "witness": _COMMON | {"pc_handler", "pc_hotline", "pc_general"},
}
_PAPERED = frozenset({*_OF_FORM.values(), "consent"})
_SELECTS = frozenset({"select", "select1", "rank"})
_POSITION = re.compile(r"\[\d+\]")
_ROW = re.compile(r"/(\w+)\[(\d+)\]/[^/\[\]]+$")
WORDING = 16
"""Digits of a wording's digest that a seal carries."""


def kinds_of(form: Form) -> tuple[Kind, ...]:
    """The kinds of letter that can be made from a record of a form; a receipt always can."""
    asked = {place.name for place in form.places.values()}
    return tuple(kind for kind in KINDS if _fits(kind, form.form_id, asked))


def _fits(kind: Kind, form_id: str, asked: Collection[str]) -> bool:
    if kind in _OF_FORM:
        return _OF_FORM[kind] == form_id
    return _OF_QUESTIONS.get(kind, frozenset()) <= set(asked)


@dataclass(frozen=True)
class Enclosed:
    """A sealed record that a commitment covers: what the letter says of it, in the letter's language."""

    title: str
    sealed: str
    answers: int
    attachments: int
    sm3: str


def enclose(record: Record, form: Form, language: Language = "zh") -> Enclosed:
    """What a commitment in a language says of a sealed record: form, day, answers, files, digest."""
    return Enclosed(
        title=_title(form, language),
        sealed=values.date(record.sealed_at.astimezone(values.BEIJING).date(), language),
        answers=_answer_count(record, form),
        attachments=len(record.attachments),
        sm3=record.submission_sm3,
    )


def compose(
    kind: Kind,
    record: Record,
    form: Form,
    *,
    number: str,
    office: str,
    issued: datetime.datetime,
    sign: Callable[[bytes], bytes],
    key_id: str,
    practice: bool = False,
    language: Language = "zh",
    suite: str = suites.SM2_SM3,
    extra: Mapping[str, str | bytes] = _NOTHING,
    enclosed: Sequence[Enclosed] = (),
    parts: Sequence[Part] = (),
    session: Session | None = None,
) -> Letter:
    """Make a letter from a sealed record and the form it was filled with.

    `kinds_of` tells which kinds a form allows. `number` has at most 60 characters; `office` collects or
    accepts; `issued` is aware and printed as a date in Beijing time; `sign` signs bytes with the key that
    `key_id` names, in `suite`. `extra` holds what the record lacks: officer, place, batch,
    phone, note, receipt_no, outcome, and as `signature` a handwriting's PNG.
    `enclosed` are the records that a commitment covers, each from `enclose`; `parts` are the answers of a
    summary, section by section; `session` is what `read` gave, where the record was read already.

    Raises:
        Problem: letters.wrong_form when the record is of another form than the kind needs.
    """
    if record.form_id != _OF_FORM.get(kind, record.form_id) or kind not in kinds_of(form):
        raise Problem("letters.wrong_form", form=record.form_id, kind=kind)
    text = letter_text(kind, language)
    given = {key: value for key, value in extra.items() if isinstance(value, str)}
    handwriting = extra.get("signature", b"")
    named = {name.removesuffix(_CHOSEN) for name in text.placeholders}
    named = named & _TAKEN[kind] if kind in _TAKEN else named
    shown, raw, lists = _answers(session or read(record, form, language), named | _CODES)
    facts = _facts(record, form, language, number=number, office=office, issued=issued)
    facts |= _signer(record, raw)
    if kind in _TAKEN:
        lists = {}
    lists["enclosed"] = [_enclosed(n, each) for n, each in enumerate(enclosed, 1)]
    answers = Answers(
        language,
        {**shown, **facts, **given, "enclosed_count": str(len(enclosed)) if enclosed else ""},
        {**raw, **facts, **given},
        lists,
        handwriting if isinstance(handwriting, bytes) else b"",
        {"sections": parts},
    )
    seal = qr.LetterSeal(
        typ=kind,
        number=number,
        form=record.form_id,
        version=record.form_version,
        subject_masked=facts["subject_shown"][:30],
        sm3=record.submission_sm3,
        time=clock.stamp(issued),
        key_id=key_id,
        text=text.sm3[:WORDING],
    )
    return letter_of(
        text,
        answers,
        qr.sign_seal(seal, sign, suite),
        issued=issued,
        practice=practice,
        record=(record.record_id, record.version),
    )


def letter_of(
    text: LetterText,
    answers: Answers,
    seal: qr.LetterSeal,
    *,
    issued: datetime.datetime,
    practice: bool,
    record: tuple[str, int] = ("", 0),
) -> Letter:
    """A text filled with answers, under a signed seal."""
    return Letter(
        kind=seal.typ,
        language=answers.language,
        number=seal.number,
        title=text.title,
        blocks=tell_how_signed(text.fill(answers), answers),
        payload=qr.encode_seal(seal),
        code=values.groups(seal.sm3[:16].upper()),
        issued=issued,
        practice=practice,
        record_id=record[0],
        record_version=record[1],
        subject_masked=seal.subject_masked,
        text_version=text.version,
        text_sm3=text.sm3,
    )


def read(record: Record, form: Form, language: Language) -> Session:
    """The record's answers as they stood on the day of sealing; nothing is done that opening a form does."""
    return Session.resume(
        form,
        record.submission,
        now=lambda: record.sealed_at,
        language=_spoken(form, language),
        opened=False,
    )


def _spoken(form: Form, language: Language) -> str | None:
    """The form's own name for a language, or its default."""
    wanted = _LANGUAGES[language]
    return wanted if wanted in form.languages else None


def _title(form: Form, language: Language) -> str:
    """The form's title; its English one is an attribute of ours, where the form has it."""
    return unmarked(form.attributes.get("title_en", form.title) if language == "en" else form.title)


def _facts(
    record: Record, form: Form, language: Language, *, number: str, office: str, issued: datetime.datetime
) -> dict[str, str]:
    """What a letter may say of its record beyond the answers."""
    subject = record.subject
    return {
        "number": number,
        "office": office,
        "issued": values.date(issued.astimezone(values.BEIJING).date(), language),
        "sealed": values.moment(record.sealed_at, language),
        "sealed_on": values.date(record.sealed_at.astimezone(values.BEIJING).date(), language),
        "form_title": _title(form, language),
        "paper_of_its_own": "1" if record.form_id in _PAPERED else "",
        "form_version": record.form_version,
        "answer_count": str(_answer_count(record, form)),
        "record_id": record.record_id,
        "record_version": str(record.version),
        "attachments": str(len(record.attachments)),
        "sm3": record.submission_sm3,
        "subject_name": subject.name,
        "subject_code": subject.code,
        "subject_shown": subject.shown_name,
    }


def _signer(record: Record, raw: Fields) -> dict[str, str]:
    """Whether a person signs or an organisation: a household, and a farm that is not registered, is a
    person.
    """
    subject = record.subject
    person = subject.kind == "HH" or (subject.kind == "FARM" and not raw.get("uscc"))
    public = subject.code in {raw.get(name) for name in _CODES}
    return {
        "person": "1" if person else "",
        "organisation": "" if person else "1",
        "code_printed": subject.code if public else subject.shown_code,
        "code_shown": subject.code if subject.code == raw.get("local_code") else subject.shown_code,
    }


def _answers(
    session: Session, named: Collection[str]
) -> tuple[dict[str, str], dict[str, str], dict[str, Sequence[Fields]]]:
    """Answers to the questions that are named, as shown, as kept, and item by item each multiple choice and
    each row of a repeat.
    """
    shown: dict[str, str] = {}
    raw: dict[str, str] = {}
    lists: dict[str, Sequence[Fields]] = {}
    rows: dict[str, dict[int, dict[str, str]]] = {}
    for ref, value, _ in session.leaves():
        name = ref.rpartition("/")[2]
        if name not in named:
            continue
        asked = session.form.places[_POSITION.sub("", ref)].control
        control = asked.control if asked else ""
        words = session.display(ref) if value else ""
        words = unmarked(words) if control in _SELECTS else words
        if row := _ROW.search(ref):
            rows.setdefault(row[1], {}).setdefault(int(row[2]), {})[name] = words
        if name in raw:
            continue
        raw[name], shown[name] = value, words
        if control == "select":
            chosen = value.split()
            choices = [(unmarked(c.label), c.value in chosen) for c in session.choices(ref)]
            lists[name] = [_item(n, label, chosen=ticked) for n, (label, ticked) in enumerate(choices, 1)]
            picked = [label for label, ticked in choices if ticked]
            lists[f"{name}{_CHOSEN}"] = [_item(n, label, chosen=True) for n, label in enumerate(picked, 1)]
    for name, found in rows.items():
        lists[name] = [{"no": str(n), **row} for n, row in sorted(found.items()) if any(row.values())]
    return shown, raw, lists


def _answer_count(record: Record, form: Form) -> int:
    """How many questions a sealed record answers: what was not asked, it does not hold."""
    return _count(submission.read(form, record.submission), form.root)


def _count(seed: Seed, place: Definition) -> int:
    if not seed.children:
        return bool(seed.text) and _is_asked(place)
    return sum(_count(kid, place.children[kid.name]) for kid in seed.children if kid.name in place.children)


def _is_asked(place: Definition) -> bool:
    """Whether a person answers there: no calculation, no note, no button."""
    control = place.control
    if control is None or control.control in {"", "trigger"}:
        return False
    return not (control.control == "input" and place.type == "string" and place.readonly)


def _item(number: int, label: str, *, chosen: bool) -> Fields:
    return {"no": str(number), "label": label, "mark": "√" if chosen else "—"}


def _enclosed(number: int, each: Enclosed) -> Fields:
    return {
        "no": str(number),
        "label": each.title,
        "sealed_on": each.sealed,
        "answers": str(each.answers),
        "files": str(each.attachments),
        "digest": each.sm3,
    }
