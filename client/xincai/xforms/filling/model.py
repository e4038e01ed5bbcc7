"""The live tree of one filling, and how a change spreads.

A change of value or relevance pushes the rules that read it, in rank order, and only when it is a real
change. What a step changed is known by comparing with what was there when the step began, so that going to
and fro within a step counts as nothing.
"""

import datetime
import heapq
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple, TypeAlias

from xincai.errors import Problem
from xincai.xforms import budget
from xincai.xforms.filling import actions, lexical, repeats
from xincai.xforms.filling.step import Step
from xincai.xforms.form import Action, Edge, Form, Rule
from xincai.xforms.tree import Definition, Node, Seed, follow
from xincai.xforms.xpath.compiler import Compiler, Scope
from xincai.xforms.xpath.live import Code
from xincai.xforms.xpath.values import Value, to_boolean

MOST_LAPS = 10
LAST = 1 << 60
_Work: TypeAlias = tuple[int, int, Rule, Node]


class Readers(NamedTuple):
    """Who reads a place: homes that stand once, with their nodes, and edges to be followed each time.

    `presence` are those for whom it matters that an empty node is there.
    """

    fixed: tuple[tuple[Rule, Node], ...]
    moving: tuple[Edge, ...]
    presence: tuple[Edge, ...]


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
        self.queued: set[tuple[Rule, Node]] = set()
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

    def evaluate_all(self) -> None:
        """Run every rule once, lowest rank first; what a rule pushes beyond itself comes anyway."""
        single = self.single
        for rule in self.form.rules:
            if rule.property in ("words", "choices"):
                continue
            self.reached = rule.rank
            if not rule.home.in_repeat:
                self.apply(rule, single[rule.home])
                continue
            for node in list(self.homes(rule, None)):
                self.apply(rule, node)
        self.reached = LAST
        self.settle()

    def homes(self, rule: Rule, top: Node | None) -> Iterator[Node]:
        """The nodes at which a rule is evaluated."""
        home = rule.home
        if top is not None and top.definition.depth > home.depth:
            top = None
        return self.nodes_of(home, top)

    def settle(self) -> None:
        """Run what is queued until nothing is."""
        while self.work:
            _, _, rule, node = heapq.heappop(self.work)
            self.queued.discard((rule, node))
            self.apply(rule, node)

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

    def push(self, rule: Rule, node: Node) -> None:
        """Queue a rule at a node; a constraint waits until there is an answer that counts."""
        if rule.rank > self.reached:
            return
        if rule.property == "constraint":
            if node.text == "":
                return
            if not node.relevant:
                node.stale = True
                return
        key = (rule, node)
        if key not in self.queued:
            self.queued.add(key)
            self.sequence += 1
            heapq.heappush(self.work, (rule.rank, self.sequence, rule, node))

    def spread(self, node: Node) -> None:
        """Queue all that reads a node."""
        place = node.definition
        if place.edges:
            readers = self.readers.get(place) or self.readers_of(place)
            for rule, home in readers.fixed:
                self.push(rule, home)
            if readers.moving:
                self.follow_edges(readers.moving, node)

    def readers_of(self, place: Definition) -> Readers:
        """Who reads a place, found once."""
        fixed = tuple((edge.rule, self.single[edge.home]) for edge in place.edges if edge.names is None)
        moving = tuple(edge for edge in place.edges if edge.names is not None)
        presence = tuple(edge for edge in place.edges if edge.presence)
        found = self.readers[place] = Readers(fixed, moving, presence)
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
        homes = [top]
        for name in edge.names:
            homes = [kid for home in homes for kid in home.kids[name]]
            self.meter.spend(1 + len(homes))
        for home in homes:
            self.push(rule, home)

    def apply(self, rule: Rule, node: Node) -> None:
        """Evaluate one rule at one node and keep what comes out."""
        self.meter.spend(budget.RULE)
        kind = rule.property
        if kind == "calculate":
            self.calculated(node, (self.code[rule.index] or self.code_of(rule))(node))
        elif kind == "relevant":
            if rule.loose and self.dizzy(rule, node):
                return
            self.set_own_relevance(node, to_boolean((self.code[rule.index] or self.code_of(rule))(node)))
        elif kind == "count":
            repeats.set_count(self, rule, node)
        elif kind == "words":
            self.step.words[node] = None
        elif kind == "choices":
            self.choices_stale(node)
        else:
            self.judge(rule, node)

    def dizzy(self, rule: Rule, node: Node) -> bool:
        """Whether relevances that depend on each other have gone round too often in this step."""
        key = (rule.index, node)
        self.step.laps[key] = self.step.laps.get(key, 0) + 1
        return self.step.laps[key] > MOST_LAPS

    def judge(self, rule: Rule, node: Node) -> None:
        """required, readonly, constraint."""
        if rule.property == "constraint":
            node.stale = not node.relevant
            if node.stale:
                return
            now = node.text == "" or to_boolean((self.code[rule.index] or self.code_of(rule))(node))
            if now is not node.valid:
                self.remember_judgement(node)
                node.valid = now
            return
        now = to_boolean((self.code[rule.index] or self.code_of(rule))(node))
        if rule.property == "required":
            if now is not node.required:
                self.remember_judgement(node)
                node.required = now
        elif now is not node.readonly:
            self.remember_judgement(node)
            node.readonly = now

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
        for rule in node.definition.rules:
            if rule.property == "constraint":
                self.push(rule, node)

    def catch_up(self, node: Node) -> None:
        """Ask what was not asked while the node was irrelevant."""
        node.stale = False
        self.recheck(node)
        control = node.definition.control
        if control is not None and control.choices_rule is not None:
            self.push(control.choices_rule, node)

    def set_own_relevance(self, node: Node, own: bool) -> None:
        node.own = own
        parent = node.parent
        relevant = own and (parent is None or parent.relevant)
        if relevant is not node.relevant:
            self.turn(node, relevant)

    def turn(self, node: Node, relevant: bool) -> None:
        """Make a node relevant or irrelevant, and all below it that goes along.

        Where there is no answer, only those hear of it who ask which nodes are there.
        """
        self.step.relevance.setdefault(node, node.relevant)
        node.relevant = relevant
        if node.text:
            node.seen = node.value if relevant else ""
            self.spread(node)
        elif node.definition.edges:
            place = node.definition
            readers = self.readers.get(place) or self.readers_of(place)
            if readers.presence:
                self.follow_edges(readers.presence, node)
        if node.stale and relevant:
            self.catch_up(node)
        for kids in node.kids.values():
            for kid in kids:
                if (relevant and kid.own) is not kid.relevant:
                    self.turn(kid, relevant)


def _differs(old: Value, new: Value) -> bool:
    if isinstance(old, float) and isinstance(new, float):
        return old != new
    return old.__class__ is not new.__class__ or old != new or isinstance(old, str)
