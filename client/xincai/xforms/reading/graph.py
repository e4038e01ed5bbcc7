"""Which rule reads which place, in which order rules run, and which cannot run at all.

A rule's rank is higher than that of every rule it reads through. Reading a place means reading its
calculation, its relevance and that of all above it. Cycles are refused with every place named; only places
whose relevance depends on each other's answers may stand on one (they settle, as in JavaRosa). Counts of
repeats are not ordered: a count may read what its instances hold, and grows until it is content.
"""

from collections.abc import Iterable, Mapping

from xincai.errors import Problem
from xincai.xforms import budget
from xincai.xforms.form import Edge, Rule
from xincai.xforms.tree import Definition
from xincai.xforms.xpath import tracks
from xincai.xforms.xpath.gist import Gist, Read, Reads
from xincai.xforms.xpath.tracks import Standing

MOST_LOOPS = 200
_ORDERED = frozenset({"calculate", "relevant"})


class Reading:
    """What an expression reads where it stands: places with the depth down to which they are its own."""

    def __init__(self, root: Definition, places: Mapping[str, Definition], home: Definition) -> None:
        self.root = root
        self.places = places
        self.home = home
        self.found: dict[tuple[Definition, int], bool] = {}  # with whether an empty node's presence matters

    def take(self, reads: Reads) -> None:
        """Collect from all that an expression reads."""
        budget.spend(len(reads))
        for read in reads:
            target = self.home if read.road == "." else self.places.get(read.road)
            if target is None:
                self.one(read, Standing(self.home, self.home), None)
                continue
            depth = _common(self.home, target, self.home.depth)
            key = target, depth
            presence = read.presence or (target.in_repeat and _another_instance(target, depth))
            self.found[key] = presence or self.found.get(key, False)

    def one(self, read: Read, standing: Standing, free: int | None) -> None:
        """Collect from one path; within a predicate, candidates are its own above the depth `free`."""
        path = tracks.whole(read.path, standing, self.root) if read.how == "whole" else read.path
        found = tracks.track(path, standing, self.root)
        if found is None:
            return
        bound = found.anchor.depth if read.how != "free" else 0
        if free is not None and not found.from_origin:
            bound = min(bound, free)
        attribute = bool(path.steps) and path.steps[-1].axis == "attribute"
        budget.spend(1 + len(found.targets))
        for target in found.targets:
            if attribute and target.name[0] != "@":
                continue  # never changes
            key = target, _common(found.anchor, target, bound)
            self.found[key] = self.found.get(key, False) or read.presence or not found.single
        if read.within:
            places = [found.anchor]
            done = len(read.within) - len(found.steps)
            for step, inner in zip(found.steps, read.within[done:], strict=True):
                places = list(dict.fromkeys(after for place in places for after in tracks.below(place, step)))
                budget.spend(len(places))
                for place in places if inner else ():
                    for one in inner:
                        self.one(one, Standing(place, standing.origin), bound)


def _common(anchor: Definition, target: Definition, bound: int) -> int:
    """The depth, at most `bound`, down to which two places share their ancestors."""
    if anchor.parent is target.parent and anchor is not target:
        return min(bound, anchor.depth - 1)
    depth = min(bound, target.depth, anchor.depth)
    one, other = target.ancestor(depth), anchor.ancestor(depth)
    while one is not other and one.parent is not None and other.parent is not None:
        one, other = one.parent, other.parent
    return one.depth


def connect(rules: Mapping[Rule, Gist], root: Definition, places: Mapping[str, Definition]) -> None:
    """Fill in the edges of all places and rank the rules, lowest first.

    Raises:
        Problem: `xforms.cycle` (nodes).
    """
    read: dict[int, Reading] = {}
    for rule, gist in rules.items():
        rule.positional, rule.lingual = gist.positional, gist.lingual
        rule.alone = gist.alone and not rule.definition.in_repeat
        reading = read.get(id(gist)) if rule.alone else None
        if reading is None:
            reading = Reading(root, places, rule.definition)
            reading.take(gist.reads)
            if rule.alone:
                read[id(gist)] = reading
        budget.spend(budget.EDGE * len(reading.found))
        for (place, depth), presence in reading.found.items():
            place.edges.append(_edge(rule, place, depth, presence=presence))
    _rank(list(rules), places.values())
    for rule in rules:
        rule.loose = rule.loose or (rule.property == "count" and _feeds(rule.definition, rule))
    for place in places.values():
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
            if kind in ("count", "relevant"):  # all below comes and goes along
                moved: Iterable[Definition] = reached.walk()
            else:
                moved = (reached,) if kind in _ORDERED else ()
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


def _rank(rules: list[Rule], places: Iterable[Definition]) -> None:
    after: list[set[int]] = [set() for _ in rules]
    for place in places:
        sources = _sources(place) if place.edges else ()
        if not sources:
            continue
        for edge in place.edges:
            rule, wanted = edge.rule, after[edge.rule.index]
            if rule.definition is place and rule.index not in wanted and _another_instance(place, edge.depth):
                wanted.update(index for index in sources if index != rule.index)
            else:
                wanted.update(sources)
    for level, index in enumerate(_order(after, rules)):
        rules[index].rank = level


def _another_instance(place: Definition, depth: int) -> bool:
    """Whether a path bound down to `depth` may mean the same question in other instances (running totals)."""
    step: Definition | None = place
    while step is not None and step.depth > depth:
        if step.several:
            return True
        step = step.parent
    return False


def _sources(place: Definition) -> list[int]:
    """Rules whose outcome a reader of this place sees."""
    found = [rule.index for rule in place.rules if rule.property in _ORDERED]
    above = place.parent
    while above is not None:
        found += [rule.index for rule in above.rules if rule.property == "relevant"]
        above = above.parent
    return found


def _order(after: list[set[int]], rules: list[Rule]) -> list[int]:
    """Rules in order; relevances that go in circles are marked and opened, one circle after the other."""
    for _ in range(MOST_LOOPS):
        order = _sorted(after)
        if len(order) == len(after):
            return order
        _open(_cycle(after, set(range(len(after))) - set(order)), after, rules)
    raise Problem("xforms.too_much_work")


def _sorted(after: list[set[int]]) -> list[int]:
    """Topological order of what does not lie on or behind a cycle."""
    waiting = list(map(len, after))
    followers: list[list[int]] = [[] for _ in after]
    for index, before in enumerate(after):
        for source in before:
            followers[source].append(index)
    free = [index for index, count in enumerate(waiting) if not count]
    order: list[int] = []
    while free:
        index = free.pop()
        order.append(index)
        for follower in followers[index]:
            waiting[follower] -= 1
            if not waiting[follower]:
                free.append(follower)
    return order


def _open(loop: list[int], after: list[set[int]], rules: list[Rule]) -> None:
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


def _cycle(after: list[set[int]], stuck: set[int]) -> list[int]:
    """Walk backwards until a rule repeats; the loop, each rule after the one it reads."""
    index = min(stuck)
    seen: list[int] = []
    while index not in seen:
        seen.append(index)
        index = min(after[index] & stuck)
    return seen[seen.index(index) :][::-1]
