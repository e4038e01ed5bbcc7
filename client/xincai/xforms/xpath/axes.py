"""Steps along the axes: from nodes to nodes, and nodes in document order."""

from typing import cast

from xincai.xforms import budget
from xincai.xforms.tree import Item, Node, Place
from xincai.xforms.xpath.live import Nodes
from xincai.xforms.xpath.syntax import Step

_FEW = 16  # nodes too few to count
_WALK = 20  # units of walking on from a node
_MET = 4  # units of a node that is met


def stepping(nodes: Nodes, step: Step) -> Nodes:
    if step.axis == "child" and step.name[-1] not in "*)":
        name, plain = step.name, step.name.partition(":")[2] or step.name

        def children(c: Place) -> list[Place]:
            found: list[Place] = []
            for node in nodes(c):
                kids = cast("dict[str, list[Place]]", node.kids)
                found.extend(kid for kid in kids.get(name) or kids.get(plain) or () if kid.relevant)
            if len(found) > _FEW:
                budget.spend(2 * len(found))
            return found

        return children
    return lambda c: step_from(nodes(c), step)


def step_from(nodes: list[Place], step: Step) -> list[Place]:
    """One step from each node, without predicates."""
    found: list[Place] = []
    for node in nodes:
        row = along(node, step)
        budget.spend(_WALK + _MET * len(row))
        found += row
    return list(dict.fromkeys(found)) if step.axis != "child" else found


def along(node: Place, step: Step) -> list[Place]:
    axis, name = step.axis, step.name
    if axis == "self":
        return [node] if name in ("node()", "*", node.name) else []
    if axis == "attribute":
        if f"@{name}" in node.kids:
            return [kid for kid in node.kids[f"@{name}"] if kid.relevant]
        keys = list(node.attributes) if name in ("*", "node()") else [name]
        return [Item(f"@{key}", None, node.attributes[key], {}) for key in keys if key in node.attributes]
    around = _neighbours(node, axis)
    if name not in ("node()", "*"):
        return [one for one in around if one.relevant and one.name == name]
    return [one for one in around if one.relevant and one.name[0] != "@" and not _is_added(one)]


def _neighbours(node: Place, axis: str) -> list[Place]:  # noqa: PLR0911 - one axis after the other
    """All nodes on an axis, in document order."""
    if axis == "child":
        return [kid for kids in node.kids.values() for kid in kids]
    if axis == "parent":
        return [node.parent] if node.parent is not None else []
    if axis in ("ancestor", "ancestor-or-self"):
        return _above(node, itself=axis.endswith("self"))
    if axis.startswith("descendant"):
        return [kid for kid in node.walk() if kid is not node or axis.endswith("self")]
    if axis in ("following-sibling", "preceding-sibling"):
        return _beside(node, after=axis.startswith("following"))
    if axis in ("following", "preceding"):
        return _around(node, after=axis == "following")
    return []


def _is_added(node: Place) -> bool:
    return isinstance(node, Node) and node.definition.added


def _around(node: Place, *, after: bool) -> list[Place]:
    """All that stands after a node and what it holds, or before it and none of those it stands in."""
    above = _above(node, itself=True)
    line: list[Place] = list(above[0].walk())
    if node not in line:
        return []  # an instance that a count is asked for, and that is not there
    at = line.index(node)
    if after:
        return line[at + sum(1 for _ in node.walk()) :]
    return [one for one in line[:at] if one not in above]


def _above(node: Place, *, itself: bool) -> list[Place]:
    found: list[Place] = []
    place: Place | None = node if itself else node.parent
    while place is not None:
        found.append(place)
        place = place.parent
    return found[::-1]


def _beside(node: Place, *, after: bool) -> list[Place]:
    if node.parent is None:
        return []
    row: list[Place] = [kid for kids in node.parent.kids.values() for kid in kids]
    budget.spend(len(row))
    if node not in row:
        return []  # likewise
    at = row.index(node)
    return row[at + 1 :] if after else row[:at]


def in_order(nodes: list[Place]) -> list[Place]:
    """Each node once, in document order."""
    found = list(dict.fromkeys(nodes))
    return sorted(found, key=_standing) if len(found) > 1 else found


def _standing(node: Place) -> tuple[int, ...]:
    """Where a node stands: at each level, the place of its name and then its own among those of the name."""
    steps: list[int] = []
    while node.parent is not None:
        steps += (node.position, list(node.parent.kids).index(node.name))
        node = node.parent
    return tuple(reversed(steps))
