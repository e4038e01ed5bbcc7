"""Which rule reads which place, in which order rules run, and which cannot run at all.

A rule's rank is higher than that of every rule it reads through. Reading a place means reading its
calculation, its relevance and that of all above it. Cycles are refused with every place named; only places
whose relevance depends on each other's answers may stand on one (they settle, as in JavaRosa). Counts of
repeats are not ordered: a count may read what its instances hold, and grows until it is content.
"""

from collections.abc import Iterable, Iterator

from xincai.errors import Problem
from xincai.xforms import budget
from xincai.xforms.form import Edge, Rule
from xincai.xforms.tree import Definition
from xincai.xforms.xpath import tracks
from xincai.xforms.xpath.functions import FUNCTIONS
from xincai.xforms.xpath.syntax import Call, Chain, Expr, Filter, Path, Step, Text, parse, parts
from xincai.xforms.xpath.tracks import Standing

MOST_LOOPS = 200
_ORDERED = frozenset({"calculate", "relevant"})
_BY_VALUE = frozenset(
    {"concat", "if", "coalesce", "once", "substr", "string", "number", "normalize-space", "property"}
)
LINGUAL = frozenset({"jr:itext", "itext", "jr:choice-name", "choice-name", "format-date", "format-date-time"})


class Reading:
    """What one expression reads: places with the depth down to which they are the context's own."""

    def __init__(self, root: Definition, places: dict[str, Definition]) -> None:
        self.root = root
        self.places = places
        self.found: dict[tuple[Definition, int], bool] = {}  # with whether an empty node's presence matters
        self.positional = False
        self.lingual = False
        self.free: int | None = (
            None  # within a predicate: the depth above which candidates are the context's own
        )

    def expr(self, expr: Expr, standing: Standing, *, presence: bool = False) -> None:
        """Collect from an expression; `presence` where it is asked for its nodes rather than its value."""
        if isinstance(expr, Path):
            self.path(expr, standing, presence=presence)
        elif isinstance(expr, Call):
            self.call(expr, standing)
        else:
            nodes = isinstance(expr, Filter) or (isinstance(expr, Chain) and expr.op == "|")
            for part in parts(expr):
                self.expr(part, standing, presence=nodes)

    def call(self, call: Call, standing: Standing) -> None:
        self.positional = self.positional or call.name in ("position", "indexed-repeat")
        self.lingual = self.lingual or call.name in LINGUAL
        if call.name == "indexed-repeat" and call.args and isinstance(call.args[0], Path):
            free = call.args[0]._replace(start="/") if call.args[0].start == "/" else call.args[0]
            self.path(free, standing, depth=0, presence=True)
            for argument in call.args[1:]:
                self.expr(argument, standing)
            return
        if call.name in ("jr:choice-name", "choice-name") and len(call.args) == 2:
            self.expr(call.args[0], standing)
            self.choice_name(call.args[1], standing)
            return
        kinds = _kinds(call.name)
        for at, argument in enumerate(call.args):
            if call.name in tracks.WHOLE and isinstance(argument, Path):
                self.path(tracks.whole(argument, standing, self.root), standing, presence=True)
            else:
                self.expr(argument, standing, presence=kinds[min(at, len(kinds) - 1)] in "lk")

    def choice_name(self, argument: Expr, standing: Standing) -> None:
        """The choices of the question named depend on what its filter reads."""
        if not isinstance(argument, Text):
            return
        try:
            path = parse(argument.value.strip())
        except Problem:
            return
        if isinstance(path, Path):
            self.path(path, standing, presence=True)

    def path(
        self, path: Path, standing: Standing, depth: int | None = None, *, presence: bool = False
    ) -> None:
        found = tracks.track(path, standing, self.root)
        if found is None:
            if not isinstance(path.start, str):
                self.expr(path.start, standing)
            self.predicates([None], path.steps, standing)
            return
        bound = found.anchor.depth if depth is None else depth
        if self.free is not None and not found.from_origin:
            bound = min(bound, self.free)
        attribute = bool(path.steps) and path.steps[-1].axis == "attribute"
        budget.spend(1 + len(found.targets))
        for target in found.targets:
            if attribute and target.name[0] != "@":
                continue  # never changes
            key = target, _common(found.anchor, target, bound)
            self.found[key] = self.found.get(key, False) or presence or not found.single
        if any(step.predicates for step in found.steps):
            outer, self.free = self.free, bound
            self.predicates([found.anchor], found.steps, standing)
            self.free = outer

    def predicates(
        self, places: Iterable[Definition | None], steps: tuple[Step, ...], standing: Standing
    ) -> None:
        for step in steps:
            places = list(dict.fromkeys(after for place in places for after in _after(place, step)))
            budget.spend(len(places))
            for predicate in step.predicates:
                for place in places:
                    self.expr(predicate, Standing(place, standing.origin), presence=True)


def _kinds(name: str) -> str:
    """What a function makes of its arguments; where that is not known, it may ask for nodes."""
    if name in _BY_VALUE:
        return "v"
    function = FUNCTIONS.get(name)
    return function.kinds or "v" if function is not None else "k"


def _common(anchor: Definition, target: Definition, bound: int) -> int:
    """The depth, at most `bound`, down to which two places share their ancestors."""
    depth = min(bound, target.depth, anchor.depth)
    while target.ancestor(depth) is not anchor.ancestor(depth):
        depth -= 1
    return depth


def _after(place: Definition | None, step: Step) -> list[Definition | None]:
    return [None] if place is None else list(tracks.below(place, step))


def connect(rules: list[Rule], root: Definition, places: dict[str, Definition]) -> None:
    """Fill in the edges of all places and rank the rules, lowest first.

    Raises:
        Problem: `xforms.cycle` (nodes).
    """
    read: dict[tuple[int, bool], Reading] = {}
    alone: dict[int, bool] = {}
    for rule in rules:
        if id(rule.expr) not in alone:
            alone[id(rule.expr)] = tracks.stands_alone(rule.expr)
        rule.alone = not rule.definition.in_repeat and alone[id(rule.expr)]
        choices = rule.property == "choices"
        reading = read.get((id(rule.expr), choices)) if rule.alone else None
        if reading is None:
            reading = Reading(root, places)
            reading.expr(rule.expr, Standing(rule.definition, rule.definition), presence=choices)
            if rule.alone:
                read[id(rule.expr), choices] = reading
        rule.positional, rule.lingual = reading.positional, reading.lingual
        budget.spend(budget.EDGE * len(reading.found))
        for (place, depth), presence in reading.found.items():
            place.edges.append(_edge(rule, place, depth, presence=presence))
    _rank(rules, root)
    for rule in rules:
        rule.loose = rule.loose or (rule.property == "count" and _feeds(rule.definition, rule))
    for place in root.walk():
        place.edges = [edge for edge in place.edges if not _own_constraint(edge, place)]


def _feeds(repeat: Definition, count: Rule) -> bool:
    """Whether what stands in a repeat has a say in its count."""
    waiting = list(repeat.walk())
    seen = set(waiting)
    while waiting:
        place = waiting.pop()
        budget.spend(len(place.edges))
        for edge in place.edges:
            if edge.rule is count:
                return True
            kind, reached = edge.rule.property, edge.rule.definition
            moved = reached.walk() if kind == "count" else (reached,) if kind in _ORDERED else ()
            fresh = [one for one in moved if one not in seen]
            seen.update(fresh)
            waiting += fresh
    return False


def _own_constraint(edge: Edge, place: Definition) -> bool:
    """A constraint on its own answer is asked again when the answer changes, not when it comes and goes."""
    return edge.rule.property == "constraint" and edge.home is place and edge.depth == place.depth


def _edge(rule: Rule, place: Definition, depth: int, *, presence: bool) -> Edge:
    home = rule.home
    shared = min(depth, home.depth)
    names = home.names_below(shared) if home.in_repeat else None
    return Edge(rule, shared, place.depth - shared, home, names, presence)


def _rank(rules: list[Rule], root: Definition) -> None:
    after: dict[int, set[int]] = {rule.index: set() for rule in rules}
    by_index = {rule.index: rule for rule in rules}
    for place in root.walk():
        sources = {rule.index for rule in _sources(place)}
        for edge in place.edges:
            rule, wanted = edge.rule, set(sources)
            if rule.definition is place and _another_instance(place, edge.depth):
                wanted.discard(rule.index)
            after[rule.index] |= wanted
    for level, index in enumerate(_order(after, by_index)):
        by_index[index].rank = level


def _another_instance(place: Definition, depth: int) -> bool:
    """Whether a path bound down to `depth` may mean the same question in other instances (running totals)."""
    step: Definition | None = place
    while step is not None and step.depth > depth:
        if step.several:
            return True
        step = step.parent
    return False


def _sources(place: Definition) -> Iterator[Rule]:
    """Rules whose outcome a reader of this place sees."""
    for rule in place.rules:
        if rule.property in _ORDERED:
            yield rule
    above = place.parent
    while above is not None:
        for rule in above.rules:
            if rule.property == "relevant":
                yield rule
        above = above.parent


def _order(after: dict[int, set[int]], rules: dict[int, Rule]) -> list[int]:
    """Rules in order; relevances that go in circles are marked and opened, one circle after the other."""
    for _ in range(MOST_LOOPS):
        order = _sorted(after)
        if len(order) == len(after):
            return order
        _open(_cycle(after, set(after) - set(order)), after, rules)
    raise Problem("xforms.too_much_work")


def _sorted(after: dict[int, set[int]]) -> list[int]:
    """Topological order of what does not lie on or behind a cycle."""
    waiting = {index: len(before) for index, before in after.items()}
    followers: dict[int, list[int]] = {}
    for index, before in after.items():
        for source in before:
            followers.setdefault(source, []).append(index)
    free = [index for index, count in waiting.items() if not count]
    order: list[int] = []
    while free:
        index = free.pop()
        order.append(index)
        for follower in followers.get(index, ()):
            waiting[follower] -= 1
            if not waiting[follower]:
                free.append(follower)
    return order


def _open(loop: list[int], after: dict[int, set[int]], rules: dict[int, Rule]) -> None:
    """Cut a circle of relevances at one place.

    Raises:
        Problem: `xforms.cycle` when it is a circle that has no outcome.
    """
    members = [rules[index] for index in loop]
    if len(loop) < 2 or any(rule.property != "relevant" or rule.definition.children for rule in members):
        raise Problem(
            "xforms.cycle", nodes=" → ".join(rule.definition.path for rule in [*members, members[0]])
        )
    for rule in members:
        rule.loose = True
    after[loop[1]].discard(loop[0])


def _cycle(after: dict[int, set[int]], stuck: set[int]) -> list[int]:
    """Walk backwards until a rule repeats; the loop, each rule after the one it reads."""
    index = min(stuck)
    seen: list[int] = []
    while index not in seen:
        seen.append(index)
        index = min(after[index] & stuck)
    return seen[seen.index(index) :][::-1]
