"""Where a path leads, worked out before anyone answers.

Inside a repeat an absolute path means the current instance as far as its names and the context's agree and no
predicate stands on the way; a relative path is bound while it goes up and free once it goes down.
"""

from typing import NamedTuple

from xincai.xforms.budget import spend
from xincai.xforms.tree import Definition
from xincai.xforms.xpath.syntax import Call, Expr, Filter, Path, Step, Text, parts

_LEADING = (Path, Filter)
WHOLE = frozenset({"count", "count-non-empty"})
OF_CONTEXT = frozenset(
    {"position", "last", "string", "number", "once", "string-length", "normalize-space", "name", "local-name"}
)
_OWN_TEXT = Step("child", "text()", ())
_OF_PLACE = frozenset({"current", "once", "indexed-repeat", "jr:choice-name", "choice-name"})


class Standing(NamedTuple):
    """Where an expression stands, and what `current()` means there. None is a code list's row."""

    here: Definition | None
    origin: Definition | None


class Track(NamedTuple):
    """A path in the main instance, resolved.

    Attributes:
        from_origin: whether `anchor` is reached from the origin rather than from the context.
        anchor: the deepest place that is certainly the context's own ancestor-or-self.
        steps: what remains below it.
        single: nothing remaining leaves the one instance (plain names, no repeats, no predicates).
        targets: places the remaining steps may end at; empty when no such place exists.
    """

    from_origin: bool
    anchor: Definition
    steps: tuple[Step, ...]
    single: bool
    targets: tuple[Definition, ...]


def whole(path: Path, standing: Standing, root: Definition) -> Path:
    """`count(/data/rep)` within that repeat means all its instances: a predicate frees the last step."""
    found = track(path, standing, root)
    if path.start != "/" or found is None or found.steps or not found.anchor.several:
        return path
    return path._replace(steps=(*path.steps[:-1], path.steps[-1]._replace(predicates=(Call("true", ()),))))


def stands_alone(expr: Expr, *, within: bool = False) -> bool:
    """Whether an expression means the same wherever it stands, as long as that is outside of repeats.

    `within` a predicate, the candidate is what relative paths and functions of the context speak of.
    """
    if isinstance(expr, _LEADING):
        base = expr.start if isinstance(expr, Path) else expr.expr
        alone = within or base != "." if isinstance(base, str) else stands_alone(base, within=within)
        inner = expr.predicates if isinstance(expr, Filter) else _predicates(expr)
        return alone and all(stands_alone(one, within=True) for one in inner)
    if isinstance(expr, Call) and (
        expr.name in _OF_PLACE or (expr.name in OF_CONTEXT and not expr.args and not within)
    ):
        return False
    for part in parts(expr):  # noqa: SIM110 - faster than a generator
        if not stands_alone(part, within=within):
            return False
    return True


def _predicates(path: Path) -> list[Expr]:
    return [one for step in path.steps for one in step.predicates]


def instance_id(path: Path) -> str | None:
    """The id in `instance('id')/…`, or None."""
    start = path.start
    if isinstance(start, Call) and start.name == "instance" and len(start.args) == 1:
        argument = start.args[0]
        if isinstance(argument, Text):
            return argument.value
    return None


def track(path: Path, standing: Standing, root: Definition) -> Track | None:
    """Resolve a path of the main instance; None when it starts in a code list or at an expression."""
    steps = tidy(path.steps)
    if path.start == "/":
        return _absolute(steps, standing.origin, root)
    if path.start == ".":
        return None if standing.here is None else _relative(steps, standing.here, from_origin=False)
    if isinstance(path.start, Call) and path.start.name == "current" and standing.origin is not None:
        return _relative(steps, standing.origin, from_origin=True)
    return None


def _absolute(steps: tuple[Step, ...], origin: Definition | None, root: Definition) -> Track:
    if not steps or steps[0].axis != "child" or steps[0].name not in (root.name, "*"):
        return Track(True, root, steps, False, () if not _deep(steps) else tuple(root.walk()))
    anchor, at = root, 1
    own = _line(origin)
    while at < len(steps) and at < len(own) and not steps[at - 1].predicates:
        step = steps[at]
        if step.axis != "child" or step.predicates or step.name != own[at].name:
            break
        anchor = own[at]
        at += 1
    return _finish(True, anchor, steps[at:])


def _line(place: Definition | None) -> list[Definition]:
    """A place and all above it, the root first."""
    line: list[Definition] = []
    while place is not None:
        line.append(place)
        place = place.parent
    return line[::-1]


def _relative(steps: tuple[Step, ...], here: Definition, *, from_origin: bool) -> Track:
    anchor, at = here, 0
    while at < len(steps) and not steps[at].predicates:
        step = steps[at]
        if step.axis == "parent" and anchor.parent is not None:
            anchor = anchor.parent
        elif step.axis != "self":
            break
        at += 1
    return _finish(from_origin, anchor, steps[at:])


def _finish(from_origin: bool, anchor: Definition, steps: tuple[Step, ...]) -> Track:
    place, single, at = anchor, True, 0
    for step in steps:
        child = _child(place, step)
        if child is None or step.predicates:
            break
        place, single, at = child, single and not child.several, at + 1
    if at == len(steps):
        return Track(from_origin, anchor, steps, single, (place,))
    places = [place]
    for step in steps[at:]:
        places = list(dict.fromkeys(after for one in places for after in below(one, step)))
        spend(len(places))
        single = single and _plain(step) and not any(one.several for one in places)
    return Track(from_origin, anchor, steps, single, tuple(dict.fromkeys(places)))


def _child(place: Definition, step: Step) -> Definition | None:
    if step.axis == "child":
        return place.children.get(step.name)
    return place.children.get(f"@{step.name}") if step.axis == "attribute" else None


def below(place: Definition, step: Step) -> list[Definition]:  # noqa: PLR0911 - one case after the other
    """The places one step leads to."""
    axis, name = step.axis, step.name
    if axis == "child":
        if name in ("*", "node()"):
            return [child for name, child in place.children.items() if name[0] != "@" and not child.added]
        found = place.children.get(name)
        if found is None and ":" in name:
            found = place.children.get(name.partition(":")[2])
        return [found] if found is not None else []
    if axis == "self":
        return [place]
    if axis == "parent":
        return [place.parent] if place.parent is not None else []
    if axis in ("descendant-or-self", "descendant"):
        return list(place.walk())
    if axis in ("ancestor", "ancestor-or-self"):
        return [place.ancestor(depth) for depth in range(place.depth + 1)]
    if axis == "attribute":
        return [place.children.get(f"@{name}", place)]
    if axis in ("following", "preceding"):
        return list(place.ancestor(0).walk())
    return list(place.parent.children.values()) if place.parent else []


def _plain(step: Step) -> bool:
    return step.axis == "child" and not step.predicates and step.name[-1] not in "*)"


def _deep(steps: tuple[Step, ...]) -> bool:
    return bool(steps) and steps[0].axis.startswith("descendant")


def tidy(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Drop plain `.` steps, and a last `text()`, which is the element's own value."""
    if steps and steps[-1] == _OWN_TEXT:
        steps = steps[:-1]
    for step in steps:
        if step.axis == "self":
            break
    else:
        return steps
    return tuple(step for step in steps if step.axis != "self" or step.predicates or step.name != "node()")
