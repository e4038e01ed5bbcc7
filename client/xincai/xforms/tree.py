"""The tree of a form as defined, and the light trees that hold values.

`Definition` is a place in the form, once per path. `Node` is a place in one filling. `Item` is an element of
a secondary instance (a code list); `Row` is an item kept as its texts until someone walks into it.
"""

import functools
import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, Optional, TypeAlias

from xincai.xforms.xpath.values import Value, to_string

if TYPE_CHECKING:
    from xincai.xforms.form import Action, Bind, Control, Edge, Rule


NO_COLUMNS: Mapping[str, int] = MappingProxyType({})
_NONE: Mapping[str, str] = MappingProxyType({})


class Seed(NamedTuple):
    """An element of the instance as read: what new nodes are made from."""

    name: str
    text: str
    attributes: Mapping[str, str]
    children: tuple["Seed", ...]


class Definition:
    """A place in the form: name, path without positions, and what was said about it.

    An `added` place is ours, not the form's: no `*` finds it. What is `required` or `readonly` here is so
    always; where it depends, a rule says so of each node.
    """

    __slots__ = (
        "actions",
        "added",
        "attributes",
        "bind",
        "children",
        "control",
        "defaults",
        "depth",
        "edges",
        "in_repeat",
        "name",
        "parent",
        "path",
        "readonly",
        "repeat",
        "required",
        "rules",
        "several",
        "template",
        "type",
    )

    def __init__(self, name: str, parent: Optional["Definition"]) -> None:
        self.name = name
        self.parent = parent
        self.path: str = f"{parent.path}/{name}" if parent else f"/{name}"
        self.depth: int = parent.depth + 1 if parent else 0
        self.children: dict[str, Definition] = {}
        self.repeat: Control | None = None
        self.in_repeat = False
        self.several = False
        self.added = False
        self.required = False
        self.readonly = False
        self.bind: Bind | None = None
        self.type = "string"
        self.control: Control | None = None
        self.template: Seed | None = None
        self.defaults: list[Seed] = []
        self.attributes: Mapping[str, str] = {}
        self.rules: list[Rule] = []
        self.edges: list[Edge] = []
        self.actions: list[Action] = []

    def ancestor(self, depth: int) -> "Definition":
        """The ancestor-or-self at a depth."""
        place = self
        while place.depth > depth and place.parent is not None:
            place = place.parent
        return place

    def names_below(self, depth: int) -> tuple[str, ...]:
        """The names that lead here from the ancestor at a depth."""
        names: list[str] = []
        place = self
        while place.depth > depth and place.parent is not None:
            names.append(place.name)
            place = place.parent
        return tuple(reversed(names))

    def walk(self) -> Iterator["Definition"]:
        """This place and all below it, in document order."""
        yield self
        for child in self.children.values():
            yield from child.walk()


class Node:
    """A place in one filling.

    Attributes:
        seen: what expressions read: the typed value, or "" while irrelevant.
        own: what its own relevance says, whatever stands above it.
        valid: what its constraint last said of the answer.
        stale: something that the constraint or the choices read has changed while it did not count.
        xml: how the node was last written in a draft, "" when that no longer holds.
    """

    __slots__ = (
        "_ref",
        "attributes",
        "definition",
        "kids",
        "own",
        "parent",
        "position",
        "readonly",
        "relevant",
        "required",
        "seen",
        "stale",
        "text",
        "valid",
        "value",
        "xml",
    )

    def __init__(self, definition: Definition, parent: Optional["Node"]) -> None:
        self.xml = ""
        self._ref = ""
        self.definition = definition
        self.parent = parent
        self.kids: dict[str, list[Node]] = {}
        self.text = ""
        self.value: Value = ""
        self.seen: Value = ""
        self.relevant = True
        self.own = True
        self.required = definition.required
        self.readonly = definition.readonly
        self.valid = True
        self.stale = False
        self.position = 1
        self.attributes: Mapping[str, str] = {}

    @property
    def name(self) -> str:
        return self.definition.name

    @property
    def ref(self) -> str:
        """The canonical reference: `[n]` on repeat instances only. Made once, until instances move."""
        found = self._ref
        if not found:
            place, parent = self.definition, self.parent
            if not place.in_repeat or parent is None:
                found = place.path
            else:
                found = f"{parent.ref}/{place.name}"
                if place.several:
                    found += f"[{self.position}]"
            self._ref = found
        return found

    def move(self, position: int) -> None:
        """Give the node another position among those of its name; what is below it is called otherwise."""
        if position != self.position:
            self.position = position
            self.rename()

    def rename(self) -> None:
        """Forget the reference of this node and of all below it."""
        if self._ref:  # else nothing below it was asked for one
            self._ref = ""
            for kids in self.kids.values():
                for kid in kids:
                    kid.rename()

    def rewrite(self) -> None:
        """Forget how this node, and hence all above it, were last written (`xml`)."""
        node: Node | None = self
        while node is not None and node.xml:
            node.xml = ""
            node = node.parent

    def walk(self) -> list["Node"]:
        """This node and all below it, in document order."""
        found: list[Node] = []
        _gather(self, found)
        return found


def _gather(node: Node, found: list[Node]) -> None:
    found.append(node)
    for kids in node.kids.values():
        for kid in kids:
            _gather(kid, found)


class Item:
    """An element of a secondary instance; never changes."""

    __slots__ = ("_kids", "attributes", "name", "parent", "position", "seen")

    relevant = True

    def __init__(self, name: str, parent: Optional["Item"], text: str, attributes: Mapping[str, str]) -> None:
        self.name = name
        self.parent = parent
        self.seen: Value = text
        self.attributes = attributes
        self.position = 1
        self._kids: dict[str, list[Item]] | None = None

    @property
    def kids(self) -> dict[str, list["Item"]]:
        if self._kids is None:
            self._kids = self._grow()
        return self._kids

    @property
    def text(self) -> str:
        return to_string(self.seen)

    @property
    def ref(self) -> str:
        head = self.parent.ref if self.parent else ""
        return f"{head}/{self.name}[{self.position}]" if self.parent else f"/{self.name}"

    def add(self, child: "Item") -> None:
        """Append a child."""
        same = self.kids.setdefault(child.name, [])
        same.append(child)
        child.position = len(same)

    def cell(self, name: str) -> str:
        """Text of the first child of that name, "" when there is none."""
        found = self.kids.get(name)
        return found[0].text if found else ""

    def cells_of(self, name: str) -> Iterable[str]:
        """Distinct texts of the children of that name; "" alone when there is none."""
        return dict.fromkeys(kid.text for kid in self.kids.get(name, ())) or ("",)

    def walk(self) -> Iterator["Item"]:
        """This element and all below it."""
        yield self
        for items in self.kids.values():
            for item in items:
                yield from item.walk()

    def _grow(self) -> dict[str, list["Item"]]:
        return {}


class Row(Item):
    """An item whose children are plain texts: `cells`, one for each of the `columns` that its list shares."""

    __slots__ = ("cells", "columns")

    def __init__(
        self, name: str, parent: Item, columns: Mapping[str, int], cells: Sequence[str], position: int
    ) -> None:
        super().__init__(name, parent, "", _NONE)
        self.columns = columns
        self.cells = cells
        self.position = position

    @classmethod
    def of(cls, name: str, parent: Item, texts: Mapping[str, str], position: int) -> "Row":
        """A row of texts by name."""
        return cls(name, parent, _columns(tuple(texts)), tuple(texts.values()), position)

    def texts(self) -> dict[str, str]:
        """The cells by name."""
        return {name: self.cells[at] for name, at in self.columns.items()}

    def cell(self, name: str) -> str:
        at = self.columns.get(name)
        return "" if at is None else self.cells[at]

    def cells_of(self, name: str) -> Iterable[str]:
        return (self.cell(name),)

    def _grow(self) -> dict[str, list[Item]]:
        return {name: [Item(name, self, text, {})] for name, text in self.texts().items()}


@functools.lru_cache(maxsize=1_000)
def _columns(names: tuple[str, ...]) -> Mapping[str, int]:
    """Where a name's cell stands in a row; the last of a name counts."""
    return {name: at for at, name in enumerate(names)}


Place: TypeAlias = Node | Item
_COLUMNS: Callable[[Place], Mapping[str, int]] = operator.attrgetter("columns")


def shared_columns(rows: Sequence[Place]) -> Mapping[str, int]:
    """The columns that all rows share, none when they do not."""
    try:
        columns = _COLUMNS(rows[0])
        return columns if all(map(operator.is_, map(_COLUMNS, rows), repeat(columns))) else NO_COLUMNS
    except (AttributeError, IndexError):  # elements of several levels, or no rows
        return NO_COLUMNS


_SEGMENT = re.compile(r"([^/\[\]]+)(?:\[(\d{1,9})\])?\Z")


def follow(root: Node, ref: str) -> Node | None:
    """The node that a canonical reference means; an instance without a number is the first."""
    top, *rest = ref.split("/")[1:] or [""]
    if top not in (root.name, f"{root.name}[1]"):
        return None
    node = root
    for part in rest:
        match = _SEGMENT.match(part)
        kids = node.kids.get(match[1], []) if match is not None else []
        number = int(match[2] or 1) if match is not None else 0
        if not 1 <= number <= len(kids):
            return None
        node = kids[number - 1]
    return node


def climb(node: Node, depth: int) -> Node:
    """The ancestor-or-self at a depth or above."""
    while node.parent is not None and node.definition.depth > depth:
        node = node.parent
    return node
