"""A form as read: what is asked, before anyone answers."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from xincai.xforms.facts import EntityKind
from xincai.xforms.tree import Definition, Item, Seed
from xincai.xforms.xpath.syntax import Expr, Path
from xincai.xforms.xpath.values import Value

Pieces: TypeAlias = tuple[str | Expr, ...]


class Wording(NamedTuple):
    """A label, hint or message: a text of the itext table, by id or expression, or the words themselves."""

    itext: str = ""
    expr: Expr | None = None
    pieces: Pieces = ()


@dataclass(eq=False)
class Bind:
    """What the form says about one place, beside its rules."""

    type: str = "string"
    preload: str = ""
    preload_parameters: str = ""
    required_message: Wording | None = None
    constraint_message: Wording | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(eq=False)
class Rule:
    """One expression bound to one place; `home` is where it is evaluated (a count: above its instances).

    Attributes:
        property: "calculate", "relevant", "required", "readonly", "constraint", "count", "words", "choices".
        rank: evaluation order; a rule stands after all it reads.
        positional: reads a position, so that it is stale when instances move.
        lingual: reads the language.
        loose: stands on a cycle of relevances, or counts instances by what they hold: its evaluations need a
            bound.
        alone: means the same at every place outside of repeats, and so is worked out alike.
    """

    definition: Definition
    property: str
    text: str
    expr: Expr
    index: int = 0
    rank: int = 0
    positional: bool = False
    lingual: bool = False
    loose: bool = False
    alone: bool = False
    control: "Control | None" = None
    home: Definition = field(init=False)

    def __post_init__(self) -> None:
        above = self.definition.parent
        self.home = above if self.property == "count" and above is not None else self.definition


class Edge(NamedTuple):
    """A rule that reads a place, and how to get from a node of the place to where the rule is evaluated.

    Attributes:
        depth: down to which depth the two share their ancestors.
        ups: how often to go up from the place to that depth.
        names: how to go down from there; None when the rule's home stands once in a filling.
        presence: whether it matters to the rule that an empty node is there, and not only what it holds.
    """

    rule: Rule
    depth: int
    ups: int
    home: Definition
    names: tuple[str, ...] | None
    presence: bool


@dataclass(frozen=True, eq=False)
class Action:
    """`setvalue`: when one of `events` happens, `target` becomes the value of `expr` (or `text`).

    A "geopoint" or "audio" asks those outside the engine for the value of `target`.
    """

    events: frozenset[str]
    target: Path
    expr: Expr | None
    text: str
    home: Definition
    kind: str = "setvalue"
    parameters: Mapping[str, str] = field(default_factory=dict)


class Itemset(NamedTuple):
    """Choices by query: which nodes, and where their value and label stand."""

    nodes: Expr
    value: Expr
    label: Expr | None
    stable: bool


class Option(NamedTuple):
    """A choice written out in the form."""

    value: str
    label: Wording


@dataclass(eq=False)
class Control:
    """One element of the body, in the order a person meets it."""

    kind: str
    control: str = ""
    definition: Definition | None = None
    label: Wording | None = None
    hint: Wording | None = None
    appearance: str = ""
    media_type: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    children: list["Control"] = field(default_factory=list)
    items: tuple[Option, ...] = ()
    itemset: Itemset | None = None
    fixed: bool = False
    words_rule: Rule | None = None
    choices_rule: Rule | None = None


@dataclass(eq=False)
class Form:
    """An XForm, read and checked; shared by all its sessions and never changed by them.

    Attributes:
        languages: as named in the form; empty when it is not translated.
        attributes: attributes of the instance's root beside id and version, those of the submission element
            (`submission-…`), and `entities-version`.
        last_saved: ids of the instances that hold what was sealed last.
        outcomes: what is steady in it (`filling.steady`), which a form knows that was kept.
    """

    form_id: str
    version: str
    title: str
    languages: tuple[str, ...]
    default_language: str
    attributes: Mapping[str, str]
    root: Definition
    seed: Seed
    places: Mapping[str, Definition]
    instances: Mapping[str, Item]
    texts: Mapping[str, Mapping[str, Mapping[str, Pieces]]]
    body: tuple[Control, ...]
    rules: tuple[Rule, ...]
    actions: tuple[Action, ...]
    namespaces: Mapping[str, str]
    last_saved: tuple[str, ...] = ()
    outcomes: Mapping[Rule | Action, Value] = field(default_factory=dict)
    indexes: dict[tuple[str, str, str], dict[str, list[Item]]] = field(default_factory=dict)

    @functools.cached_property
    def entities(self) -> tuple[EntityKind, ...]:
        """What submissions make or change in entity lists."""
        from xincai.xforms.entities import kinds

        return kinds(self)

    @functools.cached_property
    def self_filling(self) -> tuple[Definition, ...]:
        """Places that fill themselves (`jr:preload`), and the metadata of the filling itself."""
        return tuple(
            place
            for place in self.root.walk()
            if (place.bind is not None and place.bind.preload)
            or (place.depth == 2 and place.parent is not None and _bare(place.parent) == "meta")
        )

    @functools.cached_property
    def renewing(self) -> tuple[Action, ...]:
        """Actions of new instances of repeats."""
        return tuple(action for action in self.actions if "odk-new-repeat" in action.events)

    @functools.cached_property
    def prefixed(self) -> tuple[str, ...]:
        """Names of elements and attributes that stand in a namespace of their own."""
        places = self.root.walk()
        names = [part for place in places for part in (place.name, *place.attributes)]
        return tuple(dict.fromkeys(name for name in names if ":" in name))


def _bare(place: Definition) -> str:
    return place.name.rpartition(":")[2]
