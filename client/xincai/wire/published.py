"""What published documents say: an assignment (whom to visit, with which forms, by when) and a notice.

Rules: both are canonical JSON and read strictly; who may be believed is the index's to say. A question of a
prefill is named as the form names it; a catalogue item that the platform holds, as forms do (`3/tax`).
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from xincai.wire.canonical import Json, canonical, read_canonical
from xincai.wire.fields import Fields

ASSIGNMENT_FORMAT = "xincai-assignment-1"
NOTICE_FORMAT = "xincai-notice-1"
BODY = "body.json"
"""The file of an assignment or notice."""
FORM_SOURCE, FORM_CARD = "form.xml", "card.json"
"""The files of a form besides its code lists and media, which stand under `list/`."""
LIST = "list/"
SubjectKind: TypeAlias = Literal["ENT", "SOLE", "COOP", "COLL", "FARM", "HH"]
SUBJECT_KINDS: tuple[SubjectKind, ...] = get_args(SubjectKind)
MAX_SUBJECTS = 20_000


@dataclass(frozen=True)
class Given:
    """An answer that the platform has already."""

    form: str
    question: str
    value: str


@dataclass(frozen=True)
class Visit:
    """A subject to visit. `ref` names it within the assignment."""

    ref: str
    kind: SubjectKind
    code: str
    name: str
    region: str
    village: str
    prefill: tuple[Given, ...] = ()
    held: tuple[str, ...] = ()

    def given(self, form_id: str) -> dict[str, str]:
        """What the platform has for one form, by question."""
        return {each.question: each.value for each in self.prefill if each.form == form_id}


@dataclass(frozen=True)
class Assignment:
    """Whom an office is to visit, with which forms, by which day (`2026-12-31`). `officer` is the one who
    goes, empty when it is anybody.
    """

    id: str
    title: str
    due: str
    forms: tuple[str, ...]
    visits: tuple[Visit, ...]
    officer: str = ""

    def visit(self, ref: str) -> Visit | None:
        return next((visit for visit in self.visits if visit.ref == ref), None)


@dataclass(frozen=True)
class NoticeText:
    """What an office is told. `en` may be empty."""

    id: str
    issued: str
    zh: str
    en: str = ""


def encode_assignment(assignment: Assignment) -> bytes:
    """Its bytes; raise Problem when they would not be accepted back."""
    visits: list[Json] = [
        {
            "ref": visit.ref,
            "kind": visit.kind,
            "code": visit.code,
            "name": visit.name,
            "region": visit.region,
            "village": visit.village,
            "prefill": [
                {"form": each.form, "question": each.question, "value": each.value} for each in visit.prefill
            ],
            "held": list(visit.held),
        }
        for visit in assignment.visits
    ]
    told: dict[str, Json] = {
        "format": ASSIGNMENT_FORMAT,
        "id": assignment.id,
        "title": assignment.title,
        "due": assignment.due,
        "forms": list(assignment.forms),
        "visits": visits,
    }
    data = canonical({**told, "officer": assignment.officer} if assignment.officer else told)
    decode_assignment(data)
    return data


def decode_assignment(data: bytes) -> Assignment:
    fields = Fields(read_canonical(data))
    fields.one_of("format", (ASSIGNMENT_FORMAT,))
    assignment = Assignment(
        id=fields.text("id", 100),
        title=fields.text("title"),
        due=fields.text("due", 10),
        forms=tuple(fields.texts("forms", 50)),
        visits=tuple(_visit(item) for item in fields.objects("visits", MAX_SUBJECTS)),
        officer=fields.added_text("officer"),
    )
    fields.finish()
    return assignment


def encode_notice(notice: NoticeText) -> bytes:
    """Its bytes; raise Problem when they would not be accepted back."""
    data = canonical(
        {
            "format": NOTICE_FORMAT,
            "id": notice.id,
            "issued": notice.issued,
            "zh": notice.zh,
            "en": notice.en,
        }
    )
    decode_notice(data)
    return data


def decode_notice(data: bytes) -> NoticeText:
    fields = Fields(read_canonical(data))
    fields.one_of("format", (NOTICE_FORMAT,))
    notice = NoticeText(
        fields.text("id", 100), fields.stamp("issued"), fields.text("zh", 4000), fields.text("en", 4000)
    )
    fields.finish()
    return notice


def _visit(fields: Fields) -> Visit:
    name = fields.one_of("kind", SUBJECT_KINDS)
    visit = Visit(
        ref=fields.text("ref", 100),
        kind=next(kind for kind in SUBJECT_KINDS if kind == name),
        code=fields.text("code", 40),
        name=fields.text("name"),
        region=fields.text("region", 12),
        village=fields.text("village"),
        prefill=tuple(_given(item) for item in fields.objects("prefill", 500)),
        held=tuple(fields.texts("held", 200)),
    )
    fields.finish()
    return visit


def _given(fields: Fields) -> Given:
    given = Given(fields.text("form", 100), fields.text("question", 200), fields.text("value", 4000))
    fields.finish()
    return given
