"""What a filling tells those outside the engine: plain facts, frozen, without behaviour.

References are canonical: `/data/rep[2]/x`, with `[n]` on repeat instances and nowhere else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

XC = "urn:xincai:xforms:1"
NOTHING: frozenset[str] = frozenset()
_EMPTY: Mapping[str, str] = MappingProxyType({})


class Changes(NamedTuple):
    """What one step really changed: references, by kind of change.

    Attributes:
        values: questions and calculates whose lexical value differs.
        relevance: nodes that came or went (each node of a subtree).
        validity: nodes whose `problem`, `required` or `readonly` may differ.
        labels: relevant nodes whose label or hint may differ.
        choices: selects whose list of choices may differ.
        structure: repeats in which instances were added or removed.
    """

    values: frozenset[str] = NOTHING
    relevance: frozenset[str] = NOTHING
    validity: frozenset[str] = NOTHING
    labels: frozenset[str] = NOTHING
    choices: frozenset[str] = NOTHING
    structure: frozenset[str] = NOTHING

    def __bool__(self) -> bool:
        return bool(
            self.values or self.relevance or self.validity or self.labels or self.choices or self.structure
        )


class Choice(NamedTuple):
    """One choice of a select: the value stored and the label shown; media by form (image, audio, …).

    `place` is where it lies on a map (a geopoint, geotrace or geoshape), for the appearance `map` alone.
    """

    value: str
    label: str
    media: Mapping[str, str] = _EMPTY
    place: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """Something the form asks of those who run it: `kind` is "geopoint" (where it stands now) or "audio"."""

    kind: str
    ref: str
    parameters: Mapping[str, str] = field(default_factory=lambda: _EMPTY)


@dataclass(frozen=True, slots=True)
class EntityKind:
    """What a form makes or changes in a list: `ref` is the place of its `entity` element.

    Attributes:
        offline: whether lists here may be brought up to date before the platform has seen the submission.
        properties: which question, by path, becomes which property.
    """

    ref: str
    dataset: str
    creates: bool
    updates: bool
    offline: bool
    properties: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity that a submission makes (`create`), changes (`update`) or, with both, whichever fits."""

    ref: str
    dataset: str
    id: str
    label: str
    create: bool
    update: bool
    base_version: str = ""
    trunk_version: str = ""
    branch_id: str = ""
    properties: Mapping[str, str] = field(default_factory=lambda: _EMPTY)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that keeps a filling from being sealed; kind is "required", "constraint" or "choice"."""

    ref: str
    kind: str
    label: str
    message: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a form as it stands now: a question, a group, a repeat or one instance of a repeat.

    Attributes:
        kind: "question", "group", "repeat" or "instance".
        type: ODK data type ("string", "int", "decimal", "date", …, "binary"); "" for groups.
        control: "input", "select1", "select", "upload", "trigger", "note", "rank", "range"; "" for groups.
        value: the lexical value as stored.
        problem: the message to show, in the current language, or "".
        problem_kind: "", "required", "constraint" or "choice".
        attributes: the bind's own columns (namespace `XC`), e.g. "level", "item", "subject".
        count, can_add, can_remove: of a repeat; an instance has `can_remove`.
    """

    ref: str
    kind: str
    name: str
    type: str = ""
    control: str = ""
    appearance: str = ""
    media_type: str = ""
    label: str = ""
    hint: str = ""
    guidance: str = ""
    value: str = ""
    relevant: bool = True
    required: bool = False
    readonly: bool = False
    problem: str = ""
    problem_kind: str = ""
    parameters: Mapping[str, str] = field(default_factory=lambda: _EMPTY)
    attributes: Mapping[str, str] = field(default_factory=lambda: _EMPTY)
    count: int = 0
    can_add: bool = False
    can_remove: bool = False
    media: Mapping[str, str] = field(default_factory=lambda: _EMPTY)
