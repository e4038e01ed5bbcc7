"""The tree of a form as defined, and the light trees that hold values.

`Definition` is a place in the form, once per path. `Node` is a place in one filling. `Item` is an element of
a secondary instance (a code list); `Row` is an item kept as a plain dict until someone walks into it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple, Optional, TypeAlias

from xincai.xforms.xpath.values import Value, to_string

if TYPE_CHECKING:
    from xincai.xforms.form import Action, Bind, Control, Edge, Rule


class Seed(NamedTuple):
    """An element of the instance as read: what new nodes are made from."""

    name: str
    text: str
    attributes: Mapping[str, str]
    children: tuple["Seed", ...]


class Definition:
    """A place in the form: name, path without positions, and what was said about it.

    An `added` place is ours, not the form's: no `*` finds it.
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
        "repeat",
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
        self.definition = definition
        self.parent = parent
        self.kids: dict[str, list[Node]] = {}
        self.text = ""
        self.value: Value = ""
        self.seen: Value = ""
        self.relevant = True
        self.own = True
        self.required = False
        self.readonly = False
        self.valid = True
        self.stale = False
        self.position = 1
        self.attributes: Mapping[str, str] = {}

    @property
    def name(self) -> str:
        return self.definition.name

    @property
    def ref(self) -> str:
        """The canonical reference: `[n]` on repeat instances only."""
        place = self.definition
        node, below = self, ""
        while place.in_repeat and node.parent is not None:
            below = f"/{place.name}[{node.position}]{below}" if place.several else f"/{place.name}{below}"
            node = node.parent
            place = node.definition
        return place.path + below

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
    """An item whose children are plain texts, kept as a dict."""

    __slots__ = ("cells",)

    def __init__(self, name: str, parent: Item, cells: Mapping[str, str], position: int) -> None:
        super().__init__(name, parent, "", {})
        self.cells = cells
        self.position = position

    def cell(self, name: str) -> str:
        return self.cells.get(name, "")

    def cells_of(self, name: str) -> Iterable[str]:
        return (self.cells.get(name, ""),)

    def _grow(self) -> dict[str, list[Item]]:
        return {name: [Item(name, self, text, {})] for name, text in self.cells.items()}


Place: TypeAlias = Node | Item


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
