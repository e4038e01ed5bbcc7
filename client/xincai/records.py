"""What was answered: a record, a sealed filling that never changes.

Rules: sealing asks the form engine for the finished submission and takes its exact bytes; their SM3 and
SHA-256 name them from then on. A correction is a new version of the same record. Of the attachments only
those are kept that a relevant answer names, and every upload that is named must be there. The subject is read
from the questions whose bind says `xc:subject` (`kind`, `code`, `name`); the origin of each answer from
`xc:origin`.
"""

import datetime
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from xincai import clock
from xincai.errors import Problem
from xincai.wire.digest import sha256, sm3
from xincai.wire.manifest import MAX_ATTACHMENTS, Blob, ManifestRecord, NamedBlob
from xincai.xforms import Form, Session
from xincai.xforms.form import Bind

DELICATE = "L4"
"""The level whose answers are stored enciphered by themselves."""
MASKED = frozenset({"L3", DELICATE})
"""The levels whose answers are masked until somebody asks for them and says why."""
Kind = Literal["ENT", "SOLE", "COOP", "COLL", "FARM", "HH", ""]
KINDS: tuple[Kind, ...] = get_args(Kind)

_KIND_OF_CODE: Mapping[str, Kind] = {"91": "ENT", "92": "SOLE", "93": "COOP", "N": "COLL"}


@dataclass(frozen=True)
class Subject:
    """Whom a record is about. The code is a unified social credit code or, for a household, an identity
    number. A form that does not ask whom it is about gives no kind and no code, and the filling's own name.
    """

    kind: Kind
    code: str
    name: str

    @property
    def shown_name(self) -> str:
        """The name as lists and papers for third parties may show it: a person's is masked, a firm's is
        public.
        """
        return mask_name(self.name) if self.kind in ("HH", "") else self.name

    @property
    def shown_code(self) -> str:
        """The code likewise: an identity number is masked, a credit code is public."""
        return mask_code(self.code) if self.kind == "HH" else self.code


@dataclass(frozen=True)
class Attachment:
    """A file that belongs to a record: the name that the submission knows it by, and what its bytes are."""

    name: str
    sm3: str
    size: int
    media_type: str


@dataclass(frozen=True)
class Record:
    """One sealed version. `origins` maps refs to where the answer comes from; `sealed_at` is aware and
    UTC.
    """

    record_id: str
    version: int
    form_id: str
    form_version: str
    form_sm3: str
    instance_id: str
    subject: Subject
    submission: bytes
    submission_sm3: str
    submission_sha256: str
    attachments: tuple[Attachment, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)
    sealed_at: datetime.datetime = field(default_factory=clock.now)
    title: str = ""
    delicate: frozenset[str] = frozenset()
    """Paths of the answers of level L4, which the vault enciphers once more; not kept."""


def seal_record(
    form: Form,
    session: Session,
    *,
    record_id: str,
    version: int = 1,
    form_sm3: str,
    attachments: Iterable[Attachment] = (),
    subject: Subject | None = None,
    origins: Mapping[str, str] | None = None,
) -> Record:
    """Seal a filling.

    `form_sm3` is the digest of the form's source, as the shelf gives it; `subject` is given where the form
    does not ask for it; `origins` holds marks that differ from the form's own, by ref. Raises Problem
    `xforms.unfinished` with findings left, `records.subject_missing`, `records.attachment_missing` or
    `records.too_many_attachments`.
    """
    submission = session.finalize()
    leaves = tuple(session.leaves())
    marks = {
        ref: attributes["origin"] for ref, value, attributes in leaves if value and "origin" in attributes
    }
    return Record(
        record_id=record_id,
        version=version,
        form_id=form.form_id,
        form_version=form.version,
        form_sm3=form_sm3,
        instance_id=session.instance_id,
        subject=subject or _subject(leaves),
        submission=submission,
        submission_sm3=sm3(submission),
        submission_sha256=sha256(submission),
        attachments=_named(session, leaves, attachments),
        origins={**marks, **(origins or {})},
        title=unicodedata.normalize("NFC", session.instance_name or form.title),
        delicate=delicate_paths(form),
    )


def delicate_paths(form: Form) -> frozenset[str]:
    """Where a form asks for what is of level L4."""
    places = form.places.values()
    return frozenset(
        place.path
        for place in places
        if place.bind is not None and place.bind.attributes.get("level") == DELICATE
    )


def manifest_record(record: Record, authorisation: str | None = None) -> ManifestRecord:
    """The record as a manifest lists it; `authorisation` is the number of the letter that allows sharing."""
    return ManifestRecord(
        record=record.record_id,
        version=record.version,
        form=record.form_id,
        form_version=record.form_version,
        form_sm3=record.form_sm3,
        submission=Blob(record.submission_sm3, record.submission_sha256, len(record.submission)),
        attachments=tuple(NamedBlob(item.name, item.sm3, item.size) for item in record.attachments),
        authorisation=authorisation,
    )


def mask_name(name: str) -> str:
    """A person's name with only its first character shown: 王测䶮 -> 王**."""
    return name[:1] + "*" * min(len(name) - 1, 2)


def mask_code(code: str) -> str:
    """A code with its first 6 and last 4 characters shown; a short one with none."""
    return code[:6] + "*" * (len(code) - 10) + code[-4:] if len(code) > 10 else "*" * len(code)


def binds(form: Form) -> Iterator[Bind]:
    """What a form says about each of its places."""
    return (place.bind for place in form.places.values() if place.bind is not None)


def unmarked_level(form: Form) -> str:
    """The level of answers without a mark: L3 in a form that marks none, for nobody has thought about it."""
    return "" if any("level" in bind.attributes for bind in binds(form)) else "L3"


Leaf = tuple[str, str, Mapping[str, str]]


def _subject(leaves: Iterable[Leaf]) -> Subject:
    parts: dict[str, str] = {}
    for _, value, attributes in leaves:
        if value and "subject" in attributes:
            parts.setdefault(attributes["subject"], unicodedata.normalize("NFC", value.strip()))
    for part in ("code", "name"):
        if not parts.get(part):
            raise Problem("records.subject_missing", part=part)
    kind = parts.get("kind", "")
    known: Kind = next((each for each in KINDS if each and each == kind), kind_of(parts["code"]))
    return Subject(known, parts["code"], parts["name"])


def kind_of(code: str) -> Kind:
    """The kind that a code's beginning tells; a code of eighteen that no office gives is a person's."""
    return next((kind for head, kind in _KIND_OF_CODE.items() if code.startswith(head)), "HH")


def _named(
    session: Session, leaves: Iterable[Leaf], attachments: Iterable[Attachment]
) -> tuple[Attachment, ...]:
    by_name = {attachment.name: attachment for attachment in attachments}
    kept: dict[str, Attachment] = {}
    for ref, value, _ in leaves:
        if value in by_name:
            kept[value] = by_name[value]
        elif value and session.entry(ref).control == "upload":
            raise Problem("records.attachment_missing", ref=ref)
    if len(kept) > MAX_ATTACHMENTS:
        raise Problem("records.too_many_attachments", count=len(kept), limit=MAX_ATTACHMENTS)
    return tuple(kept.values())
