"""The live tree of one filling, and how a change spreads.

A change of value or relevance pushes the rules that read it, in rank order, and only when it is a real
change. What a step changed is known by comparing with what was there when the step began, so that going to
and fro within a step counts as nothing.
"""

import datetime
import heapq
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from xincai.errors import Problem
from xincai.xforms import actions, lexical, repeats
from xincai.xforms.compiler import Compiler, Scope
from xincai.xforms.form import Edge, Form, Rule
from xincai.xforms.live import Code
from xincai.xforms.tree import Definition, Node, Seed, follow
from xincai.xforms.values import Value, to_boolean

MOST_LAPS = 10
LAST = 1 << 60
_Work: TypeAlias = tuple[int, int, Rule, Node]
_State: TypeAlias = tuple[bool, bool, bool, bool]


class Step:
    """What stood before a step, for each node it touched: enough to tell what changed, or to take it back."""

    __slots__ = (
        "choices",
        "counted",
        "gone",
        "hollow",
        "laps",
        "new",
        "relevance",
        "rows",
        "validity",
        "values",
        "words",
    )

    def __init__(self) -> None:
        self.values: dict[Node, str] = {}
        self.relevance: dict[Node, bool] = {}
        self.validity: dict[Node, _State] = {}
        self.words: set[Node] = set()
        self.choices: set[Node] = set()
        self.rows: dict[tuple[Node, str], list[Node]] = {}
        self.new: set[Node] = set()
        self.gone: set[Node] = set()
        self.hollow: set[tuple[Definition, Node | None]] = set()
        self.laps: dict[tuple[int, Node], int] = {}
        self.counted = 0


class Model:
    """One filling's tree. Subclasses speak the words (`itext`, `choice_label`) and hear of stale choices."""

    def __init__(
        self, form: Form, now: Callable[[], datetime.datetime], properties: Mapping[str, str]
    ) -> None:
        self.form = form
        self.now = now
        self.properties = properties
        self.single: dict[Definition, Node] = {}
        self.places: dict[str, Node] = {}
        self.code: list[Code | None] = [None] * len(form.rules)
        self.compiler = Compiler(self)
        self.other_code: dict[tuple[object, Definition], Code] = {}
        self.work: list[_Work] = []
        self.queued: set[tuple[int, Node]] = set()
        self.sequence = 0
        self.step = Step()
        self.chained = 0
        self.loading = True
        self.reached = LAST

    # words: spoken by the session

    def itext(self, itext: str, context: object) -> str:
        raise NotImplementedError

    def choice_label(self, node: Node, value: str) -> str:
        raise NotImplementedError

    def choices_stale(self, node: Node) -> None:
        raise NotImplementedError

    def forget(self, nodes: set[Node]) -> None:
        raise NotImplementedError

    # growing

    def grow(self, seed: Seed, definition: Definition, parent: Node | None) -> Node:
        """A node and all below it, from a seed; templates and what the form does not know are left out."""
        node = Node(definition, parent)
        node.attributes = definition.attributes
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
                node.kids[child.name] = [self.grow(Seed(child.name, "", {}, ()), child, node)]
        if not definition.children and seed.text:
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
        yield from nodes

    def at(self, ref: str) -> Node:
        """The node that a reference means; found once, until instances come or go.

        Raises:
            Problem: `xforms.unknown_question`.
        """
        found = self.places.get(ref)
        if found is None:
            found = follow(self.single[self.form.root], ref) if ref.startswith("/") else None
            if found is None:
                raise Problem("xforms.unknown_question", ref=ref)
            self.places[ref] = found
        return found

    def code_of(self, rule: Rule) -> Code:
        """The rule compiled for this filling; made when first asked."""
        code = self.code[rule.index]
        if code is None:
            place = rule.definition
            code = self.compiler.value(rule.expr, Scope(place, place))
            self.code[rule.index] = code
        return code

    # spreading

    def evaluate_all(self) -> None:
        """Run every rule once, lowest rank first; what a rule pushes beyond itself comes anyway."""
        for rule in self.form.rules:
            if rule.property in ("words", "choices"):
                continue
            self.reached = rule.rank
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
            self.queued.discard((rule.index, node))
            self.apply(rule, node)

    def take_back(self) -> None:
        """Put the answers and instances of before the step back, as written; nothing is worked out."""
        for node, text in self.step.values.items():
            node.text = text
            node.rewrite()
        for (parent, name), row in self.step.rows.items():
            parent.kids[name] = row
            parent.rewrite()

    def push(self, rule: Rule, node: Node) -> None:
        """Queue a rule at a node; a constraint waits until there is an answer that counts."""
        if rule.rank > self.reached:
            return
        if rule.property == "constraint" and (node.text == "" or not node.relevant):
            node.stale = True
            return
        key = (rule.index, node)
        if key not in self.queued:
            self.queued.add(key)
            self.sequence += 1
            heapq.heappush(self.work, (rule.rank, self.sequence, rule, node))

    def spread(self, node: Node) -> None:
        """Queue all that reads a node."""
        for edge in node.definition.edges:
            if edge.names is None:
                self.push(edge.rule, self.single[edge.home])
                continue
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
        for home in homes:
            self.push(rule, home)

    def apply(self, rule: Rule, node: Node) -> None:
        """Evaluate one rule at one node and keep what comes out."""
        kind = rule.property
        if kind == "calculate":
            self.calculated(node, (self.code[rule.index] or self.code_of(rule))(node))
        elif kind == "relevant":
            if rule.loose and self.dizzy(rule, node):
                return
            self.set_own_relevance(node, to_boolean(self.code_of(rule)(node)))
        elif kind == "count":
            repeats.set_count(self, rule, node)
        elif kind == "words":
            self.step.words.add(node)
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
            code = self.code[rule.index] or self.code_of(rule)
            now = node.text == "" or to_boolean(code(node))
            if now is not node.valid:
                self.remember_validity(node)
                node.valid = now
            return
        now = to_boolean(self.code_of(rule)(node))
        if rule.property == "required" and now is not node.required:
            self.remember_validity(node)
            node.required = now
        elif rule.property == "readonly" and now is not node.readonly:
            self.remember_validity(node)
            node.readonly = now

    def remember_validity(self, node: Node) -> None:
        if node not in self.step.validity:
            self.step.validity[node] = validity(node)

    def calculated(self, node: Node, value: Value) -> None:
        """Keep a calculation's result; equal values leave the stored text alone."""
        text, kept = lexical.store(node.definition.type, value)
        if text == node.text:
            if kept.__class__ is not node.value.__class__:
                node.value = kept
                if node.relevant:
                    node.seen = kept
            return
        if node.text and not _differs(node.value, kept):
            return
        self.put(node, text, kept)

    def put(self, node: Node, text: str, value: Value) -> None:
        """Store a value and queue what reads it."""
        if text == node.text:
            return
        self.step.values.setdefault(node, node.text)
        self.remember_validity(node)
        node.text, node.value = text, value
        node.rewrite()
        node.valid = node.valid or text == ""
        if node.relevant:
            node.seen = value
            self.spread(node)
        self.recheck(node)
        if node.definition.actions and not self.loading:
            actions.value_changed(self, node)

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
        self.set_relevance(node, own and (parent is None or parent.relevant))

    def set_relevance(self, node: Node, relevant: bool) -> None:
        """Pass relevance down; stop where nothing changes."""
        if node.relevant is relevant:
            return
        self.step.relevance.setdefault(node, node.relevant)
        self.remember_validity(node)
        node.relevant = relevant
        node.seen = node.value if relevant else ""
        self.spread(node)
        if node.stale and relevant:
            self.catch_up(node)
        for kids in node.kids.values():
            for kid in kids:
                self.set_relevance(kid, relevant and kid.own)


def validity(node: Node) -> _State:
    """Whether a value is missing, whether it breaks its constraint, whether it may be changed."""
    missing = node.required and node.text == ""
    return missing and node.relevant, not node.valid and node.relevant, node.required, node.readonly


def _differs(old: Value, new: Value) -> bool:
    if isinstance(old, float) and isinstance(new, float):
        return old != new
    return old.__class__ is not new.__class__ or old != new or isinstance(old, str)
