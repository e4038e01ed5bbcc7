"""Functions that need more than values: the form, the context, the language, the clock.

Each maker takes the compiler, the call and where it stands, and returns a closure.
"""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias, cast

from xincai import clock
from xincai.errors import Problem
from xincai.xforms import budget
from xincai.xforms.tree import Definition, Item, Node, Place
from xincai.xforms.xpath.functions import NORMALIZE, index
from xincai.xforms.xpath.live import Code, Nodes
from xincai.xforms.xpath.native import HERE, by_id, local_name, name
from xincai.xforms.xpath.syntax import Call, Expr, Num, Path, Text, parse
from xincai.xforms.xpath.tracks import Standing, track
from xincai.xforms.xpath.values import Value, to_number, to_string

if TYPE_CHECKING:
    from xincai.xforms.xpath.compiler import Compiler, Scope

Maker: TypeAlias = Callable[["Compiler", Call, "Scope"], Code]
NodesMaker: TypeAlias = Callable[["Compiler", Call, "Scope"], Nodes]
_PARK_MILLER = 2147483647
_SHUFFLED = 4  # units of moving one node


def _if(make: "Compiler", call: Call, scope: "Scope") -> Code:
    test = make.truth(call.args[0], scope)
    then, other = make.value(call.args[1], scope), make.value(call.args[2], scope)
    return lambda c: then(c) if test(c) else other(c)


def _coalesce(make: "Compiler", call: Call, scope: "Scope") -> Code:
    first, second = make.value(call.args[0], scope), make.value(call.args[1], scope)

    def run(c: Place) -> Value:
        value = first(c)
        return second(c) if value == "" or value != value else value  # noqa: PLR0124 - NaN is no value either

    return run


def _once(make: "Compiler", call: Call, scope: "Scope") -> Code:
    code = make.value(call.args[0], scope)
    return lambda c: c.value if isinstance(c, Node) and c.text != "" else code(c)


def _substr(make: "Compiler", call: Call, scope: "Scope") -> Code:
    """`substr(x, 3, 4)`: where to cut is mostly written out, as in the check digits of a number."""
    text = make.string(call.args[0], scope)
    if all(isinstance(arg, Num) for arg in call.args[1:]):
        fixed = slice(*[index(arg.value) for arg in call.args[1:] if isinstance(arg, Num)])
        cut = slice(fixed.stop, None) if len(call.args) == 2 else fixed
        return lambda c: text(c)[cut]
    start = make.number(call.args[1], scope)
    if len(call.args) == 2:
        return lambda c: text(c)[index(start(c)) :]
    end = make.number(call.args[2], scope)
    return lambda c: text(c)[index(start(c)) : index(end(c))]


def _position(make: "Compiler", call: Call, scope: "Scope") -> Code:
    if call.args:
        nodes = make.nodes(call.args[0], scope)
        return lambda c: next((float(node.position) for node in nodes(c)), 0.0)
    if scope.frame is not None:
        frame = scope.frame
        return lambda c: float(frame.position)  # noqa: ARG005 - the frame knows
    return lambda c: float(c.position)


def _last(make: "Compiler", call: Call, scope: "Scope") -> Code:  # noqa: ARG001 - a maker
    frame = scope.frame
    return lambda c: float(frame.size) if frame is not None else 1.0  # noqa: ARG005 - the frame knows


def _string(make: "Compiler", call: Call, scope: "Scope") -> Code:
    return make.string(call.args[0] if call.args else HERE, scope)


def _number(make: "Compiler", call: Call, scope: "Scope") -> Code:
    return make.number(call.args[0] if call.args else HERE, scope)


def _normalize(make: "Compiler", call: Call, scope: "Scope") -> Code:
    code = make.string(call.args[0] if call.args else HERE, scope)
    body = NORMALIZE.body
    return lambda c: cast("str", body(code(c)))


def _today(make: "Compiler", call: Call, scope: "Scope") -> Code:  # noqa: ARG001 - a maker
    live = make.live
    return lambda c: live.now().astimezone().date()  # noqa: ARG005 - the clock knows


def _now(make: "Compiler", call: Call, scope: "Scope") -> Code:  # noqa: ARG001 - a maker
    live = make.live
    return lambda c: live.now().astimezone()  # noqa: ARG005 - the clock knows


def _property(make: "Compiler", call: Call, scope: "Scope") -> Code:
    name, live = make.string(call.args[0], scope), make.live
    return lambda c: live.properties.get(name(c), "")


def _version(make: "Compiler", call: Call, scope: "Scope") -> Code:  # noqa: ARG001 - a maker
    version = make.live.form.version
    return lambda c: version  # noqa: ARG005 - constant


def _itext(make: "Compiler", call: Call, scope: "Scope") -> Code:
    name, live = make.string(call.args[0], scope), make.live
    return lambda c: live.itext(name(c), c)


def _choice_name(make: "Compiler", call: Call, scope: "Scope") -> Code:
    """`jr:choice-name(value, 'path')`."""
    value, live = make.string(call.args[0], scope), make.live
    path = call.args[1]
    if isinstance(path, Text):
        try:
            path = parse(path.value.strip())
        except Problem:
            return value
    nodes = make.nodes(path, scope)

    def run(c: Place) -> str:
        chosen = value(c)
        for node in nodes(c):
            if isinstance(node, Node):
                return live.labels(node).get(chosen, "")
        return ""

    return run


def _pulldata(make: "Compiler", call: Call, scope: "Scope") -> Code:
    """`pulldata(list, wanted column, key column, key)`, which pyxform usually rewrites."""
    if not isinstance(call.args[0], Text):
        return lambda c: ""  # noqa: ARG005 - no list
    from xincai.xforms.xpath.index import Lookup

    name = call.args[0].value
    root = make.live.form.instances.get(name)
    wanted, column, key = (make.string(arg, scope) for arg in call.args[1:4])
    base: list[Place] = [kid for kids in root.kids.values() for kid in kids] if root else []

    def run(c: Place) -> str:
        wanted_key = key(c)
        found = Lookup(make.live.form, name, "*", column(c), base).rows(wanted_key) if wanted_key else []
        return cast("Item", found[0]).cell(wanted(c)) if found else ""

    return run


def _current(make: "Compiler", call: Call, scope: "Scope") -> Nodes:  # noqa: ARG001 - a maker
    frame = scope.frame
    if frame is None:
        return lambda c: [c]
    return lambda c: [cast("Place", frame.origin)]  # noqa: ARG005 - the frame knows


def _instance(make: "Compiler", call: Call, scope: "Scope") -> Nodes:
    name, instances = make.string(call.args[0], scope), make.live.form.instances

    def run(c: Place) -> list[Place]:
        found = instances.get(name(c))
        return [found] if found is not None else []

    return run


def _randomize(make: "Compiler", call: Call, scope: "Scope") -> Nodes:
    nodes = make.nodes(call.args[0], scope)
    seed = make.value(call.args[1], scope) if len(call.args) > 1 else None

    def run(c: Place) -> list[Place]:
        if seed is None:
            return _shuffle(nodes(c), int.from_bytes(clock.random_bytes(4)))
        value = seed(c)
        number = to_number(value)
        if number == number:  # noqa: PLR0124 - not NaN
            return _shuffle(nodes(c), index(number))
        if value == "":
            return _shuffle(nodes(c), 0)
        import hashlib

        digest = hashlib.sha256(to_string(value).encode()).digest()
        return _shuffle(nodes(c), int.from_bytes(digest[:8], signed=True))

    return run


def _shuffle(nodes: list[Place], seed: int) -> list[Place]:
    """Inside-out Fisher-Yates over Park-Miller, as all ODK clients do."""
    state = int(math.fmod(seed, _PARK_MILLER))
    if state <= 0:
        state += _PARK_MILLER - 1
    found: list[Place] = []
    budget.spend(_SHUFFLED * len(nodes))
    for at, node in enumerate(nodes):
        state = state * 16807 % _PARK_MILLER
        other = int((state - 1) / (_PARK_MILLER - 1) * (at + 1))
        found.append(node)
        if other != at:
            found[at] = found[other]
            found[other] = node
    return found


def _indexed_repeat(make: "Compiler", call: Call, scope: "Scope") -> Nodes:
    """`indexed-repeat(/data/a/b/x, /data/a, i, /data/a/b, j)`: x of the i-th a and its j-th b.

    What is no number, or less than 1, means the first (JavaRosa).
    """
    root = make.live.form.root
    target = _place(call.args[0], scope, root)
    chosen: dict[Definition, Callable[[Place], float]] = {}
    for path, number in zip(call.args[1::2], call.args[2::2], strict=False):
        place = _place(path, scope, root)
        if place is not None:
            chosen[place] = make.number(number, scope)
    if target is None:
        return lambda c: []  # noqa: ARG005 - no such place
    chain = [target.ancestor(depth) for depth in range(1, target.depth + 1)]
    top = make.live.single[root]
    frame = scope.frame

    def run(c: Place) -> list[Place]:
        own = _own_positions(frame.origin if frame is not None else c)
        nodes: list[Node] = [top]
        for place in chain:
            kids = [kid for node in nodes for kid in node.kids.get(place.name, ())]
            budget.spend(len(kids))
            if place in chosen:
                wanted = max(1, index(chosen[place](c)))
                kids = kids[wanted - 1 : wanted]
            elif place in own and not chosen.keys() & set(_above(place)):
                kids = [kid for kid in kids if kid.position == own[place]]
            nodes = kids
        return [node for node in nodes if node.relevant]

    return run


def _above(place: Definition) -> list[Definition]:
    return [place.ancestor(depth) for depth in range(place.depth)]


def _own_positions(place: Place | None) -> dict[Definition, int]:
    found: dict[Definition, int] = {}
    while isinstance(place, Node):
        found[place.definition] = place.position
        place = place.parent
    return found


def _place(expr: Expr, scope: "Scope", root: Definition) -> Definition | None:
    if not isinstance(expr, Path):
        return None
    found = track(expr, Standing(scope.here, scope.origin), root)
    return found.targets[0] if found and found.targets else None


IN_PAIRS = frozenset({"indexed-repeat", "weighted-checklist"})
SPECIAL: dict[str, tuple[int, int, Maker | None]] = {
    "if": (3, 3, _if),
    "coalesce": (2, 2, _coalesce),
    "once": (1, 1, _once),
    "substr": (2, 3, _substr),
    "position": (0, 1, _position),
    "last": (0, 0, _last),
    "string": (0, 1, _string),
    "number": (0, 1, _number),
    "normalize-space": (0, 1, _normalize),
    "today": (0, 0, _today),
    "now": (0, 0, _now),
    "property": (1, 1, _property),
    "version": (0, 0, _version),
    "jr:itext": (1, 1, _itext),
    "itext": (1, 1, _itext),
    "jr:choice-name": (2, 2, _choice_name),
    "choice-name": (2, 2, _choice_name),
    "pulldata": (4, 4, _pulldata),
    "name": (0, 1, name),
    "local-name": (0, 1, local_name),
    "id": (1, 1, None),
    "current": (0, 0, None),
    "instance": (1, 1, None),
    "randomize": (1, 2, None),
    "indexed-repeat": (3, 7, None),
}
NODES: dict[str, NodesMaker] = {
    "current": _current,
    "instance": _instance,
    "randomize": _randomize,
    "indexed-repeat": _indexed_repeat,
    "id": by_id,
}
RESULTS = {
    "position": "n", "last": "n", "string": "s", "number": "n", "normalize-space": "s", "version": "s",
    "substr": "s",
    "property": "s", "jr:itext": "s", "itext": "s", "jr:choice-name": "s", "choice-name": "s",
    "pulldata": "s", "name": "s", "local-name": "s",
}  # fmt: skip
