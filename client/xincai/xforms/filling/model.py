"""The live tree of one filling, and how a change spreads.

A change of value or relevance pushes the rules that read it, in rank order, and only when it is a real
change. What a step changed is known by comparing with what was there when the step began, so that going to
and fro within a step counts as nothing.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from heapq import heappop, heappush
from typing import NamedTuple, TypeAlias

from xincai.errors import Problem
from xincai.xforms import budget
from xincai.xforms.filling import actions, lexical, repeats
from xincai.xforms.filling.step import Step
from xincai.xforms.form import Action, Edge, Form, Rule
from xincai.xforms.tree import Definition, Node, Seed, follow
from xincai.xforms.xpath.compiler import Compiler, Scope
from xincai.xforms.xpath.live import Code, always
from xincai.xforms.xpath.values import Value, to_boolean

MOST_LAPS = 10
_NO_VALUE = frozenset({"words", "choices", "count"})
LAST = 1 << 60


class Task:
    """A rule at a node: what waits to be worked out, once however often it is asked for."""

    __slots__ = ("constraint", "node", "rank", "rule", "waits")

    def __init__(self, rule: Rule, node: Node) -> None:
        self.rule = rule
        self.node = node
        self.rank = rule.rank
        self.constraint = rule.property == "constraint"
        self.waits = False


_Work: TypeAlias = tuple[int, int, Task]  # by rank, then as they came


class Readers(NamedTuple):
    """Who reads a place: tasks where that stands once in a filling, and edges to be followed each time.

    `presence` are those for whom it matters that an empty node is there, `own` are the place's constraints.
    """

    fixed: tuple[Task, ...]
    moving: tuple[Edge, ...]
    presence: tuple[Edge, ...]
    own: tuple[Rule, ...]


class Model:
    """One filling's tree. Subclasses speak the words (`itext`, `labels`) and hear of stale choices."""

    language = ""

    def __init__(
        self, form: Form, now: Callable[[], datetime.datetime], properties: Mapping[str, str]
    ) -> None:
        self.form = form
        self.now = now
        self.properties = properties
        self.single: dict[Definition, Node] = {}
        self.places: dict[str, Node] = {}
        self.readers: dict[Definition, Readers] = {}
        self.code: list[Code | None] = [None] * len(form.rules)
        self.shared_code: dict[int, Code] = {}
        self.compiler = Compiler(self)
        self.other_code: dict[tuple[object, Definition], Code] = {}
        self.work: list[_Work] = []
        self.tasks: dict[Rule, Task] = {}
        self.moving: dict[tuple[Rule, Node], Task] = {}
        self.sequence = 0
        self.step = Step()
        self.chained = 0
        self.requests: dict[Node, Action] = {}
        self.meter = budget.Meter()
        self.loading = True
        self.reached = LAST

    # words: spoken by the session

    def itext(self, itext: str, context: object) -> str:
        raise NotImplementedError

    def labels(self, node: Node) -> Mapping[str, str]:
        raise NotImplementedError

    def choices_stale(self, node: Node) -> None:
        raise NotImplementedError

    def forget(self, nodes: set[Node]) -> None:
        raise NotImplementedError

    # growing

    def grow(self, seed: Seed, definition: Definition, parent: Node | None) -> Node:
        """A node and all below it, from a seed; templates and what the form does not know are left out."""
        self.meter.spend(budget.NODE)
        node = Node(definition, parent)
        loose = definition.several and definition.repeat is None
        node.attributes = seed.attributes if loose else definition.attributes
        if not definition.in_repeat:
            self.single[definition] = node
        for child in definition.children.values():
            node.kids[child.name] = []
        for child_seed in seed.children:
            if "jr:template" in child_seed.attributes:
                continue
            place = definition.children.get(child_seed.name)
            if place is None:
                continue
            kids = node.kids[place.name]
            if kids and not place.several:
                continue
            kid = self.grow(child_seed, place, node)
            kids.append(kid)
            kid.position = len(kids)
        for child in definition.children.values():
            if not node.kids[child.name] and child.repeat is None:
                text = seed.attributes.get(child.name[1:], "") if child.name[0] == "@" else ""
                node.kids[child.name] = [self.grow(Seed(child.name, text, {}, ()), child, node)]
        if seed.text and (loose or not any(name[0] != "@" for name in definition.children)):
            node.text = seed.text
            node.value = node.seen = lexical.read(definition.type, seed.text)
        return node

    def nodes_of(self, definition: Definition, top: Node | None = None) -> Iterator[Node]:
        """All nodes of a definition, below an ancestor-or-self node, in document order."""
        if not definition.in_repeat:
            yield self.single[definition]
            return
        if top is None:
            top = self.single[self.form.root]
        nodes = [top]
        for name in definition.names_below(top.definition.depth):
            nodes = [kid for node in nodes for kid in node.kids[name]]
            self.meter.spend(1 + len(nodes))
        yield from nodes

    @property
    def top(self) -> Node:
        """The root of the tree."""
        return self.single[self.form.root]

    def find(self, ref: str) -> Node | None:
        """The node that a reference means, if there is one; found once, until instances come or go."""
        found = self.places.get(ref)
        if found is None:
            found = follow(self.top, ref) if ref.startswith("/") else None
            if found is not None:
                self.places[ref] = found
        return found

    def at(self, ref: str) -> Node:
        """The node that a reference means.

        Raises:
            Problem: `xforms.unknown_question`.
        """
        found = self.find(ref)
        if found is None:
            raise Problem("xforms.unknown_question", ref=ref)
        return found

    def code_of(self, rule: Rule) -> Code:
        """The rule compiled for this filling; made when first asked."""
        code = self.code[rule.index]
        if code is None:
            place = rule.definition
            if rule.alone:
                code = self.shared_code.get(id(rule.expr))
            if code is None:
                code = self.compiler.value(rule.expr, Scope(place, place))
                if rule.alone:
                    self.shared_code[id(rule.expr)] = code
            self.code[rule.index] = code
        return code

    # spreading

    def evaluate_all(self, known: Mapping[Rule | Action, Value]) -> None:
        """Run every rule once, lowest rank first; what some yield is `known` (`steady`), not worked out."""
        steady = [rule for rule in known if isinstance(rule, Rule)]
        for rule in steady:
            self.code[rule.index] = always(known[rule])
        for rule in self.form.rules:
            if rule.property in ("words", "choices"):
                continue
            self.reached = rule.rank
            for node in list(self.nodes_of(rule.home)):
                self.apply(rule, node)
        self.reached = LAST
        self.settle()
        for rule in steady:
            self.code[rule.index] = None

    def homes(self, rule: Rule, top: Node | None) -> Iterator[Node]:
        """The nodes at which a rule is evaluated."""
        home = rule.home
        if top is not None and top.definition.depth > home.depth:
            top = None
        return self.nodes_of(home, top)

    def settle(self) -> None:
        """Run what is queued until nothing is."""
        work = self.work
        while work:
            task = heappop(work)[2]
            task.waits = False
            self.apply(task.rule, task.node)
        if self.moving:
            self.moving.clear()

    def take_back(self) -> None:
        """Put the answers and instances of before the step back, as written; nothing is worked out."""
        for node, text in self.step.values.items():
            node.text = text
            node.rewrite()
        for (parent, name), row in self.step.rows.items():
            parent.kids[name] = row
            for at, node in enumerate(row):
                node.position = at + 1
            parent.rewrite()

    def task(self, rule: Rule, node: Node) -> Task:
        """The task of a rule at a node: kept where the rule stands once, else until all is settled."""
        if not rule.home.in_repeat:
            found = self.tasks.get(rule)
            if found is None:
                found = self.tasks[rule] = Task(rule, node)
            return found
        found = self.moving.get((rule, node))
        if found is None:
            found = self.moving[rule, node] = Task(rule, node)
        return found

    def push(self, rule: Rule, node: Node) -> None:
        """Queue a rule at a node."""
        if rule.rank <= self.reached:
            self.queue((self.task(rule, node),))

    def queue(self, tasks: Iterable[Task]) -> None:
        """Queue what does not wait already; a constraint waits until there is an answer that counts."""
        reached, work, sequence = self.reached, self.work, self.sequence
        for task in tasks:
            if task.waits or task.rank > reached:
                continue
            if task.constraint:
                node = task.node
                if node.text == "":
                    continue
                if not node.relevant:
                    node.stale = True
                    continue
            task.waits = True
            sequence += 1
            heappush(work, (task.rank, sequence, task))
        self.sequence = sequence

    def spread(self, node: Node) -> None:
        """Queue all that reads a node."""
        readers = self.readers.get(node.definition) or self.readers_of(node.definition)
        if readers.fixed:
            self.queue(readers.fixed)
        if readers.moving:
            self.follow_edges(readers.moving, node)

    def readers_of(self, place: Definition) -> Readers:
        """Who reads a place, found once."""
        fixed = tuple(
            self.task(edge.rule, self.single[edge.home]) for edge in place.edges if edge.names is None
        )
        moving = tuple(edge for edge in place.edges if edge.names is not None)
        presence = tuple(edge for edge in place.edges if edge.presence)
        own = tuple(rule for rule in place.rules if rule.property == "constraint")
        found = self.readers[place] = Readers(fixed, moving, presence, own)
        return found

    def follow_edges(self, edges: tuple[Edge, ...], node: Node) -> None:
        """Queue what some edges of a node's place lead to."""
        for edge in edges:
            top = node
            for _ in range(edge.ups):
                top = top.parent  # type: ignore[assignment]  # as many as the edge says
            self.spread_edge(edge, top)

    def spread_edge(self, edge: Edge, top: Node) -> None:
        """Queue an edge's rule wherever it stands below a node that both ends share."""
        rule = edge.rule
        if edge.names is None:
            self.push(rule, self.single[edge.home])
            return
        if rule.property == "relevant" and edge.home.repeat is not None:
            self.step.hollow.add((edge.home, top))
        if rule.rank > self.reached:
            return
        homes = [top]
        for name in edge.names:
            homes = (
                homes[0].kids[name] if len(homes) == 1 else [kid for one in homes for kid in one.kids[name]]
            )
            self.meter.spend(1 + len(homes))
        self.queue([self.task(rule, home) for home in homes])

    def apply(self, rule: Rule, node: Node) -> None:
        """Evaluate one rule at one node and keep what comes out."""
        meter = self.meter
        meter.left -= budget.RULE
        if meter.left < 0:
            meter.over()
        kind = rule.property
        if kind == "constraint":
            node.stale = not node.relevant
            if node.stale or (node.text == "" and node.valid):
                return
        elif kind in _NO_VALUE:
            self.pass_on(rule, node)
            return
        elif rule.loose and self.dizzy(rule, node):
            return
        value = (self.code[rule.index] or self.code_of(rule))(node)
        if kind == "calculate":
            self.calculated(node, value)
            return
        holds = value if value.__class__ is bool else to_boolean(value)
        if kind == "relevant":
            node.own = holds
            relevant = holds and (node.parent is None or node.parent.relevant)
            if relevant is not node.relevant:
                self.turn(node, relevant)
        else:
            self.judge(kind, node, holds)

    def pass_on(self, rule: Rule, node: Node) -> None:
        """What is not worked out now, or not to one value: words, choices, counts."""
        if rule.property == "words":
            self.step.words[node] = None
        elif rule.property == "choices":
            self.choices_stale(node)
        else:
            repeats.set_count(self, rule, node)

    def dizzy(self, rule: Rule, node: Node) -> bool:
        """Whether relevances that depend on each other have gone round too often in this step."""
        key = (rule.index, node)
        self.step.laps[key] = self.step.laps.get(key, 0) + 1
        return self.step.laps[key] > MOST_LAPS

    def judge(self, kind: str, node: Node, holds: bool) -> None:
        """Keep what required, readonly or constraint say; no answer breaks a constraint by its absence."""
        if kind == "constraint":
            holds = holds or node.text == ""
            if holds is not node.valid:
                self.remember_judgement(node)
                node.valid = holds
        elif kind == "required":
            if holds is not node.required:
                self.remember_judgement(node)
                node.required = holds
        elif holds is not node.readonly:
            self.remember_judgement(node)
            node.readonly = holds

    def remember_judgement(self, node: Node) -> None:
        if node not in self.step.judged:
            self.step.judged[node] = (node.valid, node.required, node.readonly)

    def calculated(self, node: Node, value: Value) -> None:
        """Keep a calculation's result; equal values leave the stored text alone."""
        if value.__class__ is str and value == node.text and node.value.__class__ is str:
            return
        text, kept = lexical.store(node.definition.type, value)
        if text == node.text:
            if kept.__class__ is not node.value.__class__:
                node.value = kept
                if node.relevant:
                    node.seen = kept
            return
        if node.text and not _differs(node.value, kept):
            return
        self.keep(node, text, kept)

    def put(self, node: Node, text: str, value: Value) -> None:
        """Store a value that someone gave, and let happen what the form ties to that."""
        if text == node.text:
            return
        self.keep(node, text, value)
        if node.definition.actions:
            actions.value_changed(self, node)

    def keep(self, node: Node, text: str, value: Value) -> None:
        """Store a value and queue what reads it."""
        budget.letters(len(text))
        self.step.values.setdefault(node, node.text)
        node.text, node.value = text, value
        if node.xml:
            node.rewrite()
        if not node.valid and text == "":
            self.remember_judgement(node)
            node.valid = True
        if node.relevant:
            node.seen = value
            self.spread(node)
        self.recheck(node)

    def recheck(self, node: Node) -> None:
        """The node's own constraint, which may not name the node."""
        for rule in (self.readers.get(node.definition) or self.readers_of(node.definition)).own:
            self.push(rule, node)

    def catch_up(self, node: Node) -> None:
        """Ask what was not asked while the node was irrelevant."""
        node.stale = False
        self.recheck(node)
        control = node.definition.control
        if control is not None and control.choices_rule is not None:
            self.push(control.choices_rule, node)

    def turn(self, node: Node, relevant: bool) -> None:
        """Make a node relevant or irrelevant, and all below it that goes along.

        Where there is no answer, only those hear of it who ask which nodes are there.
        """
        self.step.relevance.setdefault(node, node.relevant)
        node.relevant = relevant
        if node.text:
            node.seen = node.value if relevant else ""
            self.spread(node)
        else:
            readers = self.readers.get(node.definition) or self.readers_of(node.definition)
            if readers.presence:
                self.follow_edges(readers.presence, node)
        if relevant and node.stale:
            self.catch_up(node)
        if node.kids:
            for kids in node.kids.values():
                for kid in kids:
                    if (relevant and kid.own) is not kid.relevant:
                        self.turn(kid, relevant)


def _differs(old: Value, new: Value) -> bool:
    if isinstance(old, float) and isinstance(new, float):
        return old != new
    return old.__class__ is not new.__class__ or old != new or isinstance(old, str)
