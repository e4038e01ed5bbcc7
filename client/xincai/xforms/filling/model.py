"""The live tree of one filling, and how a change spreads.

A change of value or relevance pushes the rules that read it, in rank order, and only when it is a real
change. What a step changed is known by comparing with what was there when the step began, so that going to
and fro within a step counts as nothing.
"""

import datetime
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from heapq import heappop, heappush

from xincai.errors import Problem
from xincai.xforms import budget
from xincai.xforms.filling import actions, lexical, repeats
from xincai.xforms.filling.readers import Readers, Task, Work, parts
from xincai.xforms.filling.step import Step
from xincai.xforms.form import Action, Edge, Form, Rule
from xincai.xforms.tree import Definition, Node, Seed, follow
from xincai.xforms.xpath.compiler import Compiler, Scope
from xincai.xforms.xpath.live import Code, always
from xincai.xforms.xpath.paths import down
from xincai.xforms.xpath.values import Value, to_boolean

MOST_LAPS = 10
LAST = 1 << 60


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
        self.readers: dict[Node, Readers] = {}
        self.code: list[Code | None] = [None] * len(form.rules)
        self.shared_code: dict[int, Code] = {}
        self.compiler = Compiler(self)
        self.other_code: dict[tuple[object, Definition], Code] = {}
        self.work: list[tuple[int, int, Task]] = []
        self.ways: Mapping[str, Work] = {
            "calculate": self.calculate, "choices": self.offer, "constraint": self.constrain,
            "count": functools.partial(repeats.set_count, self), "readonly": self.lock,
            "relevant": self.relate, "required": self.require, "words": self.note_words,
        }  # fmt: skip
        self.tasks: dict[tuple[Rule, Node], Task] = {}
        self.made = 0  # tasks, ever
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
        """Let go of nodes that are no more."""
        for node in nodes:
            self.readers.pop(node, None)
            for rule in node.definition.rules:
                self.tasks.pop((rule, node), None)

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
            work = self.ways[rule.property]
            for node in list(self.nodes_of(rule.home)):
                self.meter.spend(budget.RULE)
                work(rule, node)
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
        work, meter = self.work, self.meter
        while work:
            task = heappop(work)[2]
            task.waits = False
            meter.left -= budget.RULE
            if meter.left < 0:
                meter.over()
            task.work(task.rule, task.node)

    def take_back(self) -> None:
        """Put the answers and instances of before the step back, as written; nothing is worked out."""
        for node, text in self.step.values.items():
            node.text = text
            node.rewrite()
        for (parent, name), row in self.step.rows.items():
            parent.kids[name] = row
            for at, node in enumerate(row):
                node.move(at + 1)
            parent.rewrite()

    def task(self, rule: Rule, node: Node) -> Task:
        """The task of a rule at a node, of which there is one."""
        found = self.tasks.get((rule, node))
        if found is None:
            self.made += 1
            found = self.tasks[rule, node] = Task(rule, node, self.ways[rule.property], self.made)
        return found

    def push(self, rule: Rule, node: Node) -> None:
        """Queue a rule at a node."""
        if rule.rank <= self.reached:
            self.queue((self.task(rule, node),))

    def queue(self, tasks: Iterable[Task]) -> None:
        """Queue what does not wait already; a constraint waits until there is an answer that counts.

        Words are only noted: they are spoken when somebody looks.
        """
        reached, work = self.reached, self.work
        for task in tasks:
            if task.waits or task.rank > reached:
                continue
            if task.special:
                node = task.node
                if task.rule.property == "words":
                    task.work(task.rule, node)
                    continue
                if node.text == "":
                    continue
                if not node.relevant:
                    node.stale = True
                    continue
            task.waits = True
            heappush(work, task.turn)

    def readers_of(self, node: Node) -> Readers:
        """Who reads a node, found once."""
        place = node.definition
        fixed: list[tuple[Task, bool]] = []
        moving: list[tuple[Edge, Node]] = []
        for edge in place.edges:
            if edge.names is None:
                fixed.append((self.task(edge.rule, self.single[edge.home]), edge.presence))
                continue
            top = node
            for _ in range(edge.ups):
                top = top.parent  # type: ignore[assignment]  # as many as the edge says
            if parts(edge):
                moving.append((edge, top))
            else:
                home = down(top, edge.names)
                fixed.append((self.task(edge.rule, home), edge.presence))
        found = self.readers[node] = Readers(
            tuple(task for task, _ in fixed),
            tuple(moving),
            tuple(task for task, presence in fixed if presence),
            tuple(one for one in moving if one[0].presence),
            tuple(self.task(rule, node) for rule in place.rules if rule.property == "constraint"),
        )
        return found

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

    # working out: one rule at one node

    def relate(self, rule: Rule, node: Node) -> None:
        """Keep what a relevance says, and let it come or go."""
        if rule.loose and self.dizzy(rule, node):
            return
        value = (self.code[rule.index] or self.code_of(rule))(node)
        node.own = holds = value if value.__class__ is bool else to_boolean(value)
        relevant = holds and (node.parent is None or node.parent.relevant)
        if relevant is not node.relevant:
            self.turn(node, relevant)

    def calculate(self, rule: Rule, node: Node) -> None:
        """Keep a calculation's result; equal values leave the stored text alone."""
        if rule.loose and self.dizzy(rule, node):
            return
        value = (self.code[rule.index] or self.code_of(rule))(node)
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

    def constrain(self, rule: Rule, node: Node) -> None:
        """Keep whether a constraint holds; no answer breaks one by its absence."""
        node.stale = not node.relevant
        if node.stale or (node.text == "" and node.valid):
            return
        holds = node.text == "" or self.holds(rule, node)
        if holds is not node.valid:
            self.remember_judgement(node)
            node.valid = holds

    def require(self, rule: Rule, node: Node) -> None:
        """Keep whether an answer is required."""
        holds = self.holds(rule, node)
        if holds is not node.required:
            self.remember_judgement(node)
            node.required = holds

    def lock(self, rule: Rule, node: Node) -> None:
        """Keep whether a place is read-only."""
        holds = self.holds(rule, node)
        if holds is not node.readonly:
            self.remember_judgement(node)
            node.readonly = holds

    def offer(self, rule: Rule, node: Node) -> None:  # noqa: ARG002 - one way of many
        """Look at a list of choices again."""
        self.choices_stale(node)

    def note_words(self, rule: Rule, node: Node) -> None:  # noqa: ARG002 - one way of many
        """Note that a label or a hint may be another."""
        self.step.words[node] = None

    def holds(self, rule: Rule, node: Node) -> bool:
        """What an expression says of a node."""
        value = (self.code[rule.index] or self.code_of(rule))(node)
        return value if value.__class__ is bool else to_boolean(value)

    def dizzy(self, rule: Rule, node: Node) -> bool:
        """Whether relevances that depend on each other have gone round too often in this step."""
        key = (rule.index, node)
        self.step.laps[key] = self.step.laps.get(key, 0) + 1
        return self.step.laps[key] > MOST_LAPS

    def remember_judgement(self, node: Node) -> None:
        if node not in self.step.judged:
            self.step.judged[node] = (node.valid, node.required, node.readonly)

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
        readers = self.readers.get(node) or self.readers_of(node)
        if node.relevant:
            node.seen = value
            if readers.fixed:
                self.queue(readers.fixed)
            for edge, top in readers.moving:
                self.spread_edge(edge, top)
        if readers.own:
            self.queue(readers.own)

    def catch_up(self, node: Node) -> None:
        """Ask what was not asked while the node was irrelevant."""
        node.stale = False
        self.queue((self.readers.get(node) or self.readers_of(node)).own)
        control = node.definition.control
        if control is not None and control.choices_rule is not None:
            self.push(control.choices_rule, node)

    def turn(self, node: Node, relevant: bool) -> None:
        """Make a node relevant or irrelevant, and all below it that goes along.

        Where there is no answer, only those hear of it who ask which nodes are there.
        """
        before = self.step.relevance
        heard: list[Task] = []
        turning = [node]
        for turned in turning:
            if turned not in before:
                before[turned] = turned.relevant
            turned.relevant = relevant
            readers = self.readers.get(turned) or self.readers_of(turned)
            if turned.text:
                turned.seen = turned.value if relevant else ""
                heard += readers.fixed
                moving = readers.moving
            else:
                heard += readers.presence
                moving = readers.wary
            for edge, top in moving:
                self.spread_edge(edge, top)
            if relevant and turned.stale:
                self.catch_up(turned)
            for kids in turned.kids.values():
                turning += [kid for kid in kids if (relevant and kid.own) is not kid.relevant]
        if heard:
            self.queue(heard)


def _differs(old: Value, new: Value) -> bool:
    if isinstance(old, float) and isinstance(new, float):
        return old != new
    return old.__class__ is not new.__class__ or old != new or isinstance(old, str)
