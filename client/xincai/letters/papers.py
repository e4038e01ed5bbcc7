"""Letters that stand for more than one record: all that is held on a subject, and the slip of a batch."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xincai import clock
from xincai.letters import values
from xincai.letters.compose import WORDING, letter_of
from xincai.letters.letter import Language, Letter
from xincai.letters.template import Answers, Fields, Part, letter_text
from xincai.records import Subject
from xincai.wire import qr, suites
from xincai.wire.digest import sm3
from xincai.xforms import unmarked


@dataclass(frozen=True)
class Issue:
    """Who issues a letter, under which number, when, and with which key."""

    number: str
    office: str
    issued: datetime.datetime
    sign: Callable[[bytes], bytes]
    key_id: str
    suite: str = suites.SM2_SM3
    practice: bool = False
    language: Language = "zh"


@dataclass(frozen=True)
class Held:
    """One version of a record in a report: what it is, how it stands, what it holds."""

    title: str
    record_id: str
    version: int
    sealed_at: datetime.datetime
    status: str
    sm3: str
    sections: Sequence[Part]
    files: Sequence[Fields]
    letters: Sequence[Fields]
    receipts: Sequence[Fields]
    erased_on: datetime.datetime | None = None


def section(title: str, answers: Sequence[tuple[str, str]]) -> Part:
    """A section of answers, each with its label."""
    rows = [{"label": unmarked(label), "value": value} for label, value in answers]
    return Part({"section": unmarked(title)}, {"rows": rows})


def report(
    subject: Subject,
    held: Sequence[Held],
    issue: Issue,
    *,
    officer: str,
    in_full: bool,
    drafts: Sequence[Fields] = (),
) -> Letter:
    """All that this device holds on a subject; the seal stands for the digests of all its records."""
    language = issue.language
    parts = [
        Part(
            {
                "record_title": each.title,
                "record_no": str(n),
                "record_id": each.record_id,
                "record_version": str(each.version),
                "record_sealed": values.moment(each.sealed_at, language),
                "record_status": each.status,
                "record_sm3": each.sm3,
                "record_erased": values.moment(each.erased_on, language) if each.erased_on else "",
            },
            {"files": each.files, "letters": each.letters, "receipts": each.receipts},
            {"sections": each.sections},
        )
        for n, each in enumerate(held, 1)
    ]
    fields = {
        "subject_name": subject.name,
        "code_printed": subject.code if in_full else subject.shown_code,
        "record_count": str(len({each.record_id for each in held})),
        "version_count": str(len(held)),
        "letter_count": str(sum(len(each.letters) for each in held)),
        "in_full": "1" if in_full else "",
        "officer": officer,
    }
    digest = sm3("\n".join(f"{each.record_id} {each.version} {each.sm3}" for each in held).encode())
    return _issued("report", digest, subject.shown_name, fields, {"drafts": drafts}, parts, issue)


def batch_slip(manifest_sm3: str, facts: Fields, records: Sequence[Fields], issue: Issue) -> Letter:
    """What goes with a batch from hand to hand: its number, how many records, its digest.

    `facts`: sequence, created, device, recipient, count, files, size; `records`: form and how many of it.
    """
    return _issued("batch", manifest_sm3, issue.office, facts, {"forms": records}, (), issue)


def _issued(  # noqa: PLR0917 - what a letter is made of
    kind: str,
    digest: str,
    subject: str,
    fields: Fields,
    lists: dict[str, Sequence[Fields]],
    parts: Sequence[Part],
    issue: Issue,
) -> Letter:
    text = letter_text(kind, issue.language)
    shown = {
        **fields,
        "number": issue.number,
        "office": issue.office,
        "issued": values.date(issue.issued.astimezone(values.BEIJING).date(), issue.language),
        "sm3": digest,
    }
    seal = qr.LetterSeal(
        typ=kind,
        number=issue.number,
        form=kind,
        version=text.version,
        subject_masked=subject[:30],
        sm3=digest,
        time=clock.stamp(issue.issued),
        key_id=issue.key_id,
        text=text.sm3[:WORDING],
    )
    return letter_of(
        text,
        Answers(issue.language, shown, dict(shown), lists, parts={"records": parts}),
        qr.sign_seal(seal, issue.sign, issue.suite),
        issued=issue.issued,
        practice=issue.practice,
    )
