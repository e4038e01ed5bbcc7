"""Paths as closures: to one node, or to lists of nodes with predicates."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, cast

from xincai.xforms.tree import Definition, Item, Node, Place, Row, shared_columns
from xincai.xforms.xpath import axes, index
from xincai.xforms.xpath.live import Code, Frame, Live, Nodes
from xincai.xforms.xpath.syntax import Call, Expr, Path, Step, parts, size
from xincai.xforms.xpath.tracks import Track, instance_id, track
from xincai.xforms.xpath.values import Value, to_boolean

if TYPE_CHECKING:
    from xincai.xforms.xpath.compiler import Compiler, Scope

_TEXTS = frozenset({str})
_MOST_KNOWN = 500  # keys of which the rows are kept


class Paths:
    """Compiles paths for one filling."""

    def __init__(self, compiler: "Compiler", live: Live) -> None:
        self.compiler = compiler
        self.live = live
        self.tracks: dict[object, tuple[Path, Track | None]] = {}

    def track(self, path: Path, scope: "Scope") -> Track | None:
        """Resolve a path, once per place; the path is kept so that its identity stays its own."""
        origin = scope.origin
        if path.start == "/" and origin is not None and not origin.in_repeat:
            key: object = id(path)  # it means the same everywhere
        else:
            key = id(path), scope.here, origin
        found = self.tracks.get(key)
        if found is None:
            found = self.tracks[key] = (path, track(path, scope.standing, self.live.form.root))
        return found[1]

    def is_single(self, path: Path, scope: "Scope") -> bool:
        """Whether the path means one node at most."""
        if scope.frame is not None and scope.frame.flat and self.plain_cell(path, scope):
            return True
        found = self.track(path, scope)
        return found is not None and found.single

    def bound(self, path: Path, scope: "Scope") -> Node | None:
        """The very node a path means, when that is certain before running."""
        found = self.track(path, scope)
        if found is None or not found.single or not found.targets or found.targets[0].in_repeat:
            return None
        return self.live.single.get(found.targets[0])

    def value(self, path: Path, scope: "Scope") -> Code:
        node = self.bound(path, scope)
        if node is not None:
            bound = node
            return lambda c: bound.seen  # noqa: ARG005 - the node is bound
        found = self.track(path, scope)
        if found is not None and found.single:
            if not found.targets:
                return lambda c: ""  # noqa: ARG005 - no such place
            return self.seen(found, scope)
        if self.plain_cell(path, scope):
            return _cell(path.steps[0].name, scope.frame)
        return self.first(self.nodes(path, scope))

    def plain_cell(self, path: Path, scope: "Scope") -> bool:
        """`name` in a predicate on a code list's rows."""
        return (
            path.start == "." and scope.here is None and len(path.steps) == 1
            and path.steps[0].axis == "child" and not path.steps[0].predicates
            and path.steps[0].name[-1] not in "*)"
        )  # fmt: skip

    def is_own(self, path: Path, scope: "Scope") -> bool:
        """Whether a path means the context node itself."""
        found = self.track(path, scope)
        if found is None or not found.single or (scope.frame is not None and found.from_origin):
            return False
        start = scope.origin if found.from_origin else scope.here
        return start is not None and found.targets == (start,) and found.anchor is start

    def one(self, path: Path, scope: "Scope") -> Callable[[Place], Node] | None:
        """How to reach the one node that a path means, relevant or not; None when there may be others."""
        found = self.track(path, scope)
        return self.reach(found, scope) if found is not None and found.single and found.targets else None

    def reach(self, found: Track, scope: "Scope") -> Callable[[Place], Node]:
        """Up to the anchor, down by names, within one repeat instance."""
        target, anchor = found.targets[0], found.anchor
        node = None if target.in_repeat else self.live.single.get(target)
        if node is not None:
            bound = node
            return lambda c: bound  # noqa: ARG005 - the node is bound
        name = _sibling(found, scope)
        if name:
            return lambda c: cast("Node", c.parent).kids[name][0]
        names = target.names_below(anchor.depth)
        base = self.base(found, scope)
        return lambda c: down(base(c), names)

    def seen(self, found: Track, scope: "Scope") -> Code:
        """The value of the one node that a path means."""
        start = scope.origin if found.from_origin else scope.here
        if (scope.frame is None or not found.from_origin) and found.targets == (start,):
            return lambda c: c.seen
        name = _sibling(found, scope)
        if name:
            return lambda c: cast("Node", c.parent).kids[name][0].seen
        reach = self.reach(found, scope)
        return lambda c: reach(c).seen

    def base(self, found: Track, scope: "Scope") -> Callable[[Place], Node]:
        """From the context node to the anchor."""
        fixed = None if found.anchor.in_repeat else self.live.single.get(found.anchor)
        if fixed is not None:
            node = fixed
            return lambda c: node  # noqa: ARG005 - the node is bound
        start = scope.origin if found.from_origin else scope.here
        ups = start.depth - found.anchor.depth if start else 0
        frame = scope.frame if found.from_origin else None

        def climb(c: Place) -> Node:
            node = frame.origin if frame is not None else c
            for _ in range(ups):
                node = cast("Place", node).parent
            return cast("Node", node)

        return climb

    def nodes(self, path: Path, scope: "Scope") -> Nodes:
        """All relevant nodes a path leads to, in document order."""
        found = self.track(path, scope)
        if found is not None:
            return self.main_nodes(found, scope)
        name = instance_id(path)
        if name is not None:
            return self.list_nodes(name, path, scope)
        start = _itself if isinstance(path.start, str) else self.compiler.nodes(path.start, scope)
        return self.walk(start, path.steps, scope, None)

    def main_nodes(self, found: Track, scope: "Scope") -> Nodes:
        if not found.targets:
            return lambda c: []  # noqa: ARG005 - no such place
        base = self.base(found, scope)

        def start(c: Place) -> list[Place]:
            node = base(c)
            return [node] if node.relevant else []

        return self.walk(start, found.steps, scope, found.anchor)

    def list_nodes(self, name: str, path: Path, scope: "Scope") -> Nodes:
        """`instance('x')/root/item[…]`: what stands before the first predicate is known now."""
        root = self.live.form.instances.get(name)
        if root is None:
            return self.compiler.no_list(name)
        if not path.steps:
            return lambda c: [root]  # noqa: ARG005 - constant
        steps = path.steps[1:]
        first = path.steps[0]
        base: list[Place] = [root] if first.name in (root.name, "*", "node()", "root") else []
        if first.axis != "child" or first.predicates:
            return self.walk(lambda c: [root], path.steps[first.axis == "child" :], scope, None)  # noqa: ARG005 - constant
        at = 0
        while at < len(steps) and not steps[at].predicates:
            base = axes.step_from(base, steps[at])
            at += 1
        if at == len(steps):
            return lambda c: base  # noqa: ARG005 - constant
        if len(base) > 1 and any(map(positional, steps[at].predicates)):
            return self.walk(lambda c: base, steps[at:], scope, None)  # noqa: ARG005 - constant
        base = axes.step_from(base, steps[at])
        filtered = self.rows(name, path.steps[: at + 2], base, steps[at].predicates, scope)
        return self.walk(filtered, steps[at + 1 :], scope, None)

    def rows(
        self,
        name: str,
        steps: tuple[Step, ...],
        base: list[Place],
        predicates: tuple[Expr, ...],
        scope: "Scope",
    ) -> Nodes:
        """Rows that pass; equality with a column goes through an index."""
        key = index.find_key(predicates[0])
        if key is None or (not key.alone and positional(predicates[0])):
            return self.filtered(lambda c: base, predicates, scope, None, rows=base)  # noqa: ARG005 - constant
        frame = Frame()
        wanted = self.compiler.value(key.value, scope._replace(here=None, frame=frame))
        where = "/".join(step.name for step in steps)
        lookup = index.Lookup(self.live.form, name, where, key.column, base)

        def narrow(c: Place) -> list[Place]:
            frame.origin = scope.frame.origin if scope.frame else c
            return lookup.rows(wanted(c))

        rest = predicates[1:] if key.alone else predicates
        found = self.filtered(narrow, rest, scope, None, rows=base) if rest else narrow
        keys = index.all_keys(predicates[0]) if len(predicates) == 1 and not key.alone else []
        if not keys or any(self.compiler.several(one.value, scope) for one in keys):
            return found
        return self.remembered(found, keys, scope)

    def remembered(self, nodes: Nodes, keys: list[index.Key], scope: "Scope") -> Nodes:
        """Rows that pass equalities, found once for the texts that are asked for."""
        frame = Frame()
        asked = [self.compiler.value(key.value, scope._replace(here=None, frame=frame)) for key in keys]
        known: dict[tuple[Value, ...], list[Place]] = {}

        def run(c: Place) -> list[Place]:
            frame.origin = scope.frame.origin if scope.frame else c
            values = tuple([code(c) for code in asked])
            if not _TEXTS.issuperset(map(type, values)):
                return nodes(c)
            found = known.get(values)
            if found is None:
                if len(known) > _MOST_KNOWN:
                    known.clear()
                found = known[values] = nodes(c)
            return found

        return run

    def walk(self, start: Nodes, steps: tuple[Step, ...], scope: "Scope", place: Definition | None) -> Nodes:
        """Take steps from nodes, filtering at each."""
        from xincai.xforms.xpath.tracks import below

        nodes = start
        for step in steps:
            places = below(place, step) if place is not None else []
            place = places[0] if len(places) == 1 else None
            if any(map(positional, step.predicates)):
                nodes = self.each(nodes, step, scope, place)
                continue
            nodes = axes.stepping(nodes, step)
            if step.predicates:
                nodes = self.filtered(nodes, step.predicates, scope, place)
        return nodes

    def each(self, nodes: Nodes, step: Step, scope: "Scope", place: Definition | None) -> Nodes:
        """A step whose positions count among what each node leads to, on a backward axis from the nearest."""
        backward = step.axis.startswith(("ancestor", "preceding"))
        own: list[list[Place]] = [[]]
        kept = self.filtered(lambda c: own[0], step.predicates, scope, place)  # noqa: ARG005 - one node's own

        def run(c: Place) -> list[Place]:
            found: list[Place] = []
            for node in nodes(c):
                around = axes.along(node, step)
                own[0] = around[::-1] if backward else around
                found.extend(kept(c)[::-1] if backward else kept(c))
            return found if step.axis == "child" else list(dict.fromkeys(found))

        return run

    def filtered(
        self,
        nodes: Nodes,
        predicates: tuple[Expr, ...],
        scope: "Scope",
        place: Definition | None,
        rows: Sequence[Place] = (),
    ) -> Nodes:
        """Of some nodes those for which all predicates hold; `rows` are what all of them are of."""
        flat = bool(rows) and all(row.__class__ is Row for row in rows)
        columns = shared_columns(rows)
        for predicate in predicates:
            frame = Frame(flat=flat, columns=columns)
            nodes = self.filter(nodes, predicate, scope._replace(here=place, frame=frame), scope.frame)
        return nodes

    def filter(self, nodes: Nodes, predicate: Expr, scope: "Scope", outer: Frame | None) -> Nodes:
        frame = cast("Frame", scope.frame)
        test = self.test(predicate, scope)
        meter, weight = self.live.meter, 2 + size(predicate)

        def run(c: Place) -> list[Place]:
            frame.origin = outer.origin if outer is not None else c
            found = nodes(c)
            frame.size = len(found)
            frame.passes += 1
            meter.spend(weight * len(found))
            kept: list[Place] = []
            for at, node in enumerate(found, 1):
                frame.position = at
                if test(node):
                    kept.append(node)
            return kept

        return run

    def test(self, predicate: Expr, scope: "Scope") -> Callable[[Place], bool]:
        """A predicate; a number means a position, as in XPath 1.0."""
        from xincai.xforms.xpath.compiler import kind_of

        if kind_of(predicate) == "b" or isinstance(predicate, Path):
            return self.compiler.truth(predicate, scope)
        code, frame = self.compiler.value(predicate, scope), cast("Frame", scope.frame)

        def run(c: Place) -> bool:
            value = code(c)
            return value == frame.position if isinstance(value, float) else to_boolean(value)

        return run

    def first(self, nodes: Nodes) -> Code:
        """The value of the first node, "" when there is none."""

        def run(c: Place) -> "Place | object":
            for node in nodes(c):
                return node.seen
            return ""

        return cast("Code", run)


def positional(predicate: Expr) -> bool:
    """Whether a predicate asks where a candidate stands among the others."""
    from xincai.xforms.xpath.compiler import kind_of

    if not isinstance(predicate, Path) and kind_of(predicate) != "b":
        return True
    waiting = [predicate]
    while waiting:
        expr = waiting.pop()
        if isinstance(expr, Call) and expr.name in ("position", "last") and not expr.args:
            return True
        waiting.extend(parts(expr))
    return False


def _cell(name: str, frame: Frame | None) -> Code:
    """The text of a candidate's child."""
    if frame is None or not frame.flat:
        return lambda c: c.cell(name) if isinstance(c, Item) else _kid(c, name)
    if name in frame.columns:
        at = frame.columns[name]
        return lambda c: c.cells[at]  # type: ignore[union-attr]  # a row, as the frame says
    return lambda c: c.cell(name)  # type: ignore[union-attr]  # likewise


def _kid(node: Node, name: str) -> Value:
    """The value of the first relevant child of a name, where the nodes have no one place."""
    return next((kid.seen for kid in node.kids.get(name, ()) if kid.relevant), "")


def _sibling(found: Track, scope: "Scope") -> str:
    """The name when a path means what stands beside the context node: `../name`."""
    start, target = scope.origin if found.from_origin else scope.here, found.targets[0]
    beside = start is not None and found.anchor is start.parent is target.parent
    return target.name if beside and (scope.frame is None or not found.from_origin) else ""


def _itself(c: Place) -> list[Place]:
    return [c]


def down(node: Node, names: tuple[str, ...]) -> Node:
    """Down by names, where each stands once."""
    for name in names:
        node = node.kids[name][0]
    return node
