"""Whether one record can be accepted: the form's own rules first, then the platform's.

Rules: the same engine that asked the questions checks the answers, as of the day the batch was made (never
a later day than today), so that a date that was right in the village is right here. The first thing that
is wrong is named with its question, in words a person can act on; how many more there are is said. Codes:
domain 4.2. Nothing here reads the database: what the register says is handed in.
"""

import contextlib
import datetime
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from xincai import clock
from xincai.errors import Problem, explain
from xincai.records import unmarked_level
from xincai.wire import codes
from xincai.wire.digest import sha256
from xincai.wire.manifest import ManifestRecord
from xincai.wire.receipt import ACCEPTED, REJECTED, Outcome
from xincai.xforms import Finding, Form, Session
from xincai_gateway.enrol import PRACTICE_REGION
from xincai_gateway.register import same_name

MAX_SUBMISSION = 4 * 1024 * 1024
_MAX_TEXT = 900
_INSTANCE = re.compile(r"\[\d+\]")
_CHECK_DIGIT = re.compile(r"校验|第\d+位应为")
_KINDS = {"required": codes.REQUIRED_MISSING, "choice": codes.UNKNOWN_CHOICE}


@dataclass(frozen=True)
class Answer:
    """One relevant answer, as it is laid out for the platform."""

    ref: str
    value: str
    origin: str
    level: str
    item: str
    kind: str = ""


@dataclass(frozen=True)
class Subject:
    """Whom a record is about, and where it says so."""

    kind: str = ""
    code: str = ""
    name: str = ""
    region: str = ""
    name_ref: str = ""
    region_ref: str = ""


@dataclass(frozen=True)
class Contents:
    """What a record holds."""

    subject: Subject
    answers: tuple[Answer, ...]
    village: str = ""
    started: datetime.datetime | None = None
    ended: datetime.datetime | None = None


@dataclass(frozen=True)
class Policy:
    """What this platform demands of a record beyond its form's rules, but for the register's names."""

    office: str
    practice: bool = False
    authorised_forms: frozenset[str] = frozenset()
    offered: frozenset[tuple[str, str]] = frozenset()
    """Forms on the shelf, by id and version."""


@dataclass(frozen=True)
class Verdict:
    """The outcome, and the contents when they can be read."""

    outcome: Outcome
    contents: Contents | None = None


class _Refused(Exception):  # noqa: N818 - an answer, not a failure
    def __init__(self, code: str, text: str, path: str = "", *, fixable: bool = False) -> None:
        super().__init__(code)
        self.code, self.text, self.path, self.fixable = code, text, path, fixable


def judge(
    record: ManifestRecord, submission: bytes, form: Form | None, policy: Policy, created: datetime.datetime
) -> Verdict:
    """Judge one record whose blobs are all here, by all but the register."""
    contents = None
    try:
        form = _form_of(record, form, policy.offered)
        _check_bytes(record, submission)
        session = _session(form, submission, created)
        contents = _contents(form, session)
        _check_findings(session.findings())
        _check_uploads(form, contents.answers, {attachment.name for attachment in record.attachments})
        _check_policy(record, contents.subject, policy)
    except _Refused as refused:
        return _refusal(record, refused, contents)
    return Verdict(accepted(record), contents)


def judge_name(record: ManifestRecord, verdict: Verdict, names: Mapping[str, str]) -> Verdict:
    """Hold the subject's name of a record that is good so far against the register's names, by code."""
    if verdict.contents is None or verdict.outcome.status != ACCEPTED:
        return verdict
    subject = verdict.contents.subject
    registered = names.get(subject.code)
    if registered is None or same_name(registered, subject.name):
        return verdict
    problem = Problem("gateway.subject_mismatch")
    refused = _Refused(codes.SUBJECT_MISMATCH, _words(problem), subject.name_ref, fixable=True)
    return _refusal(record, refused, verdict.contents)


def _refusal(record: ManifestRecord, refused: _Refused, contents: Contents | None) -> Verdict:
    return Verdict(
        Outcome(
            record.record,
            record.version,
            REJECTED,
            refused.code,
            refused.path[:1000],
            unicodedata.normalize("NFC", refused.text[:_MAX_TEXT]),
            refused.fixable,
        ),
        contents,
    )


def accepted(record: ManifestRecord) -> Outcome:
    """The outcome of a record version that the platform holds."""
    return Outcome(record.record, record.version, ACCEPTED)


def duplicate(record: ManifestRecord) -> Outcome:
    """The outcome of a record version that is here already with other contents."""
    return Outcome(
        record.record,
        record.version,
        REJECTED,
        codes.DUPLICATE_RECORD,
        "",
        _words(Problem("gateway.duplicate_record")),
        fixable=False,
    )


def withdrawn(record: ManifestRecord) -> Outcome:
    """The outcome of a record that its subject has withdrawn: no version of it is taken again."""
    return Outcome(
        record.record,
        record.version,
        REJECTED,
        codes.NOT_AUTHORISED,
        "",
        _words(Problem("gateway.withdrawn")),
        fixable=False,
    )


def read_contents(form: Form, submission: bytes, created: datetime.datetime) -> Contents | None:
    """What a submission holds, whether it is acceptable or not; None when it cannot be read."""
    if len(submission) > MAX_SUBMISSION:
        return None
    try:
        return _contents(form, _session(form, submission, created))
    except _Refused:
        return None


def _contents(form: Form, session: Session) -> Contents:
    leaves = [leaf for leaf in session.leaves() if leaf[1]]
    unmarked = unmarked_level(form)
    subject = _subject(leaves)
    return Contents(
        subject,
        tuple(_answer(form, leaf, unmarked) for leaf in leaves),
        _village(subject, leaves),
        _moment(form, leaves, "start"),
        _moment(form, leaves, "end"),
    )


def _form_of(record: ManifestRecord, form: Form | None, offered: frozenset[tuple[str, str]]) -> Form:
    if form is None and (record.form, record.form_version) in offered:
        problem = Problem("gateway.lists_differ", form=record.form)
        raise _Refused(codes.UNKNOWN_FORM, _words(problem), fixable=True)
    if form is None or (form.form_id, form.version) != (record.form, record.form_version):
        raise _Refused(codes.UNKNOWN_FORM, _words(Problem("gateway.form_unknown", form=record.form)))
    return form


def _check_bytes(record: ManifestRecord, submission: bytes) -> None:
    if len(submission) > MAX_SUBMISSION:
        raise _Refused(codes.TOO_LONG, _words(Problem("gateway.submission_too_large", limit=MAX_SUBMISSION)))
    if sha256(submission) != record.submission.sha256:
        raise _Refused(codes.ATTACHMENT_MISSING, _words(Problem("gateway.submission_differs")))


def _session(form: Form, submission: bytes, created: datetime.datetime) -> Session:
    then = min(created, clock.now())
    try:
        return Session.resume(form, submission, now=lambda: then)
    except Problem as problem:
        raise _Refused(codes.BAD_FORMAT, explain(problem).what) from problem


def _check_findings(findings: tuple[Finding, ...]) -> None:
    if not findings:
        return
    first = findings[0]
    text = "：".join(part for part in (first.label.strip(), first.message.strip()) if part)
    if len(findings) > 1:
        text = _words(Problem("gateway.more_findings", first=text[: _MAX_TEXT - 50], more=len(findings) - 1))
    code = _KINDS.get(first.kind, codes.BAD_FORMAT)
    if code == codes.BAD_FORMAT and _CHECK_DIGIT.search(first.message):
        code = codes.BAD_CHECK_DIGIT
    raise _Refused(code, text, first.ref, fixable=True)


def _check_uploads(form: Form, answers: tuple[Answer, ...], names: set[str]) -> None:
    for answer in answers:
        place = form.places.get(_INSTANCE.sub("", answer.ref))
        uploaded = place is not None and place.control is not None and place.control.control == "upload"
        if uploaded and answer.value not in names:
            problem = Problem("gateway.attachment_missing")
            raise _Refused(codes.ATTACHMENT_MISSING, _words(problem), answer.ref, fixable=True)


def _check_policy(record: ManifestRecord, subject: Subject, policy: Policy) -> None:
    if not policy.practice:
        _check_region(subject, policy.office)
    if record.form in policy.authorised_forms and not record.authorisation:
        raise _Refused(codes.NOT_AUTHORISED, _words(Problem("gateway.authorisation_missing")), fixable=True)


def _check_region(subject: Subject, office: str) -> None:
    """Practice data stay in practice, where any region may be tried; an office takes only its own region."""
    if _of_practice(subject):
        problem = Problem("gateway.practice_record", region=PRACTICE_REGION)
        raise _Refused(codes.OUTSIDE_REGION, _words(problem))
    if subject.region and not subject.region.startswith(_jurisdiction(office)):
        problem = Problem("gateway.outside_region")
        raise _Refused(codes.OUTSIDE_REGION, _words(problem), subject.region_ref, fixable=True)


def _jurisdiction(office: str) -> str:
    """The beginning that all region codes under this office share: a county's six digits, a city's four."""
    return re.sub(r"(?:00){1,2}$", "", office[:6])


def _of_practice(subject: Subject) -> bool:
    """Whether the subject stands in the region that exists for practice only: by a credit code (characters
    3 to 8), an identity number (1 to 6) or its region.
    """
    return PRACTICE_REGION in {subject.code[2:8], subject.code[:6], subject.region[:6]}


_Leaf = tuple[str, str, Mapping[str, str]]


def _subject(leaves: "list[_Leaf]") -> Subject:
    found: dict[str, tuple[str, str]] = {}
    for ref, value, attributes in leaves:
        if "subject" in attributes:
            found.setdefault(attributes["subject"], (ref, unicodedata.normalize("NFC", value.strip())))
    nothing = ("", "")
    return Subject(
        kind=found.get("kind", nothing)[1],
        code=found.get("code", nothing)[1],
        name=found.get("name", nothing)[1],
        region=found.get("region", nothing)[1],
        name_ref=found.get("name", nothing)[0],
        region_ref=found.get("region", nothing)[0],
    )


def _answer(form: Form, leaf: _Leaf, unmarked: str) -> Answer:
    ref, value, attributes = leaf
    place = form.places.get(_INSTANCE.sub("", ref))
    kind = place.bind.type if place is not None and place.bind is not None else ""
    level = attributes.get("level") or unmarked
    return Answer(ref, value, attributes.get("origin", ""), level, attributes.get("item", ""), kind)


def _village(subject: Subject, leaves: "list[_Leaf]") -> str:
    """The finest area that is named beside the subject's region: its village, its town, or the region."""
    group = subject.region_ref.rpartition("/")[0]
    finest = subject.region
    for ref, value, _ in leaves:
        below = value.isdecimal() and len(value) in {9, 12} and value.startswith(subject.region[:6])
        if below and subject.region and ref.rpartition("/")[0] == group and len(value) > len(finest):
            finest = value
    return finest


def _moment(form: Form, leaves: "list[_Leaf]", which: str) -> datetime.datetime | None:
    """When the filling started or ended, where the form notes it and the text is an instant."""
    paths = {
        place.path
        for place in form.self_filling
        if place.bind is not None
        and (place.bind.preload, place.bind.preload_parameters) == ("timestamp", which)
    }
    for ref, value, _ in leaves:
        if ref in paths:
            with contextlib.suppress(ValueError, OverflowError):
                moment = datetime.datetime.fromisoformat(value)
                return moment.astimezone(datetime.UTC) if moment.tzinfo else None
    return None


def _words(problem: Problem) -> str:
    explanation = explain(problem)
    return f"{explanation.what}{explanation.next}"
