"""One filling of a form: answers in, exact changes out.

A value that breaks a constraint is kept and flagged; a value that is not of its type is refused and changes
nothing. References are canonical (`/data/rep[2]/x`).
"""

import datetime
import gc
from collections.abc import Callable, Iterator, Mapping

from xincai import clock
from xincai.errors import Problem
from xincai.xforms import actions, entries, lexical, preloads, repeats, submission
from xincai.xforms.body import parse_at
from xincai.xforms.checks import check_expression
from xincai.xforms.compiler import Scope
from xincai.xforms.facts import NOTHING, Changes, Choice, Entry, Finding
from xincai.xforms.filling import Filling
from xincai.xforms.form import Form
from xincai.xforms.model import Step, validity
from xincai.xforms.tree import Definition, Node, Seed
from xincai.xforms.values import Value


class Session:
    """One filling of a form.

    Attributes:
        form: what is asked.
        deprecated_id: the instanceID that this filling corrects, or "".
    """

    def __init__(
        self,
        form: Form,
        seed: Seed,
        *,
        now: Callable[[], datetime.datetime],
        properties: Mapping[str, str] | None,
        language: str | None,
        fresh: bool,
    ) -> None:
        self.form = form
        chosen = language if language in form.languages else None
        self._filling = Filling(form, now, properties or {}, chosen or form.default_language)
        self.deprecated_id = submission.find(seed, "deprecatedID")
        collecting = gc.isenabled()
        gc.disable()
        try:
            self._load(seed, fresh=fresh)
        finally:
            if collecting:
                gc.enable()

    def _load(self, seed: Seed, *, fresh: bool, opened: bool = True) -> None:
        filling = self._filling
        self._root = filling.grow(seed, self.form.root, None)
        if fresh:
            preloads.at_start(filling, self._root)
        filling.evaluate_all()
        if fresh:
            actions.run_actions(filling, "odk-instance-first-load")
        if opened:
            actions.run_actions(filling, "odk-instance-load")
        filling.settle()
        filling.loading = False
        filling.remember_words(list(self._root.walk()))
        filling.step = Step()

    @classmethod
    def new(
        cls,
        form: Form,
        *,
        now: Callable[[], datetime.datetime] = clock.now,
        properties: Mapping[str, str] | None = None,
        language: str | None = None,
    ) -> "Session":
        """Start a fresh filling; `properties` feed preloads and `property()` (deviceid, username, …)."""
        return cls(form, form.seed, now=now, properties=properties, language=language, fresh=True)

    @classmethod
    def resume(
        cls,
        form: Form,
        xml: bytes,
        *,
        now: Callable[[], datetime.datetime] = clock.now,
        properties: Mapping[str, str] | None = None,
        language: str | None = None,
    ) -> "Session":
        """Go on with a draft; stored values stay as they are written.

        Raises:
            Problem: `xforms.other_form`, or the bytes are refused.
        """
        seed = submission.read(form, xml)
        return cls(form, seed, now=now, properties=properties, language=language, fresh=False)

    @classmethod
    def edit(
        cls,
        form: Form,
        xml: bytes,
        *,
        now: Callable[[], datetime.datetime] = clock.now,
        properties: Mapping[str, str] | None = None,
        language: str | None = None,
    ) -> "Session":
        """Correct a submission: it gets a new instanceID, the old one becomes its deprecatedID."""
        session = cls.resume(form, xml, now=now, properties=properties, language=language)
        session._renew()  # noqa: SLF001 - of this very class
        return session

    def _renew(self) -> None:
        self.deprecated_id = self.instance_id
        preloads.renew(self._filling, self._root, self.deprecated_id)
        self._filling.settle()
        self._filling.step = Step()

    # facts

    @property
    def language(self) -> str:
        """The language spoken now."""
        return self._filling.language

    @property
    def instance_id(self) -> str:
        """`uuid:…`, unique to this version of the filling."""
        return preloads.meta(self._root, "instanceID")

    @property
    def instance_name(self) -> str:
        """The form's name for this filling, or ""."""
        return preloads.meta(self._root, "instanceName")

    def entry(self, ref: str) -> Entry:
        """One line of the form as it stands.

        Raises:
            Problem: `xforms.unknown_question`.
        """
        definition, parent = self._repeat(ref)
        if definition is not None and parent is not None:
            return entries.repeat(self._filling, definition, parent)
        return entries.of_node(self._filling, self._node(ref))

    def children(self, ref: str | None = None) -> tuple[Entry, ...]:
        """What stands directly under a group, a repeat (instances) or an instance, in the form's order."""
        if ref is None or ref == self._root.ref:
            return entries.under(self._filling, self.form.body, self._root)
        definition, parent = self._repeat(ref)
        if definition is not None and parent is not None:
            return tuple(entries.of_node(self._filling, kid) for kid in parent.kids[definition.name])
        node = self._node(ref)
        control = node.definition.control
        return () if control is None else entries.under(self._filling, control.children, node)

    def choices(self, ref: str) -> tuple[Choice, ...]:
        """The choices offered now."""
        node = self._node(ref)
        return self._filling.choices(node) if node.definition.control is not None else ()

    def findings(self) -> tuple[Finding, ...]:
        """All that keeps the filling from being sealed, in the form's order."""
        return tuple(entries.findings(self._filling, self._root))

    def display(self, ref: str) -> str:
        """The value as a person reads it: labels of choices, everything else as stored."""
        return entries.display(self._filling, self._node(ref))

    def leaves(self) -> Iterator[tuple[str, str, Mapping[str, str]]]:
        """Reference, value and attributes of each relevant question and calculate."""
        for node in self._root.walk():
            if node.relevant and not node.kids:
                bind = node.definition.bind
                yield node.ref, node.text, bind.attributes if bind else {}

    def evaluate(self, xpath: str, ref: str | None = None) -> Value:
        """The value of an expression at a place (the root when none is given).

        Raises:
            Problem: the expression is refused.
        """
        node = self._root if ref is None else self._node(ref)
        expr = parse_at(xpath, "evaluate", node.definition.path)
        check_expression(expr, "evaluate", node.definition.path, self.form.instances)
        return self._filling.compiler.value(expr, Scope(node.definition, node.definition))(node)

    def nodes(self) -> Iterator[tuple[str, bool, str | None, bool, bool]]:
        """Each node: reference, relevance, value (None on groups), required, readonly."""
        for node in self._root.walk():
            leaf = not node.kids and node.definition.repeat is None
            locked = entries.is_locked(node)
            yield node.ref, node.relevant, node.text if leaf else None, node.required, locked

    # steps

    def answer(self, ref: str, value: str) -> Changes:
        """Answer a question; "" clears it.

        Raises:
            Problem: `xforms.unknown_question`, `xforms.not_a_question`, `xforms.irrelevant`,
                `xforms.readonly`, or the value is not of its type (`xforms.not_integer`, …);
                nothing has changed then.
        """
        node = self._node(ref)
        definition = node.definition
        if definition.control is None or definition.control.kind != "question":
            raise Problem("xforms.not_a_question", ref=definition.path)
        if not node.relevant:
            raise Problem("xforms.irrelevant", ref=definition.path)
        if entries.is_locked(node):
            raise Problem("xforms.readonly", ref=definition.path)
        typed = lexical.accept(definition.type, value, definition.path)
        return self._step(lambda: self._filling.put(node, value, typed))

    def add_repeat(self, ref: str) -> Changes:
        """Append an instance to the repeat `/data/rep`.

        Raises:
            Problem: `xforms.unknown_repeat`, `xforms.fixed_repeat`.
        """
        definition, parent = self._changeable(ref)
        return self._insert(parent, definition, len(parent.kids[definition.name]))

    def insert_repeat(self, ref: str) -> Changes:
        """Insert a fresh instance before the instance `/data/rep[2]`."""
        node = self._instance(ref)
        return self._insert(self._parent(node), node.definition, node.position - 1)

    def duplicate_repeat(self, ref: str) -> Changes:
        """Insert a copy of an instance right after it."""
        node = self._instance(ref)
        return self._insert(self._parent(node), node.definition, node.position, like=node)

    def remove_repeat(self, ref: str) -> Changes:
        """Remove the instance `/data/rep[2]`; those after it move up."""
        node = self._instance(ref)
        return self._step(lambda: repeats.cut(self._filling, node))

    def set_language(self, language: str) -> Changes:
        """Speak another language of the form; unknown ones are refused (`xforms.unknown_language`)."""
        if language not in self.form.languages:
            raise Problem("xforms.unknown_language", language=language)
        filling = self._filling
        nodes = [node for node in self._root.walk() if node.definition.control is not None]
        before = [entries.words(filling, node) for node in nodes]
        filling.language = language
        filling.shared.clear()
        for node in list(filling.known):
            filling.refresh(node)
        for rule in self.form.rules:
            if rule.lingual and rule.property not in ("words", "choices"):
                for home in filling.homes(rule, None):
                    filling.push(rule, home)
        changes = self._finish()
        changed = [
            node for node, old in zip(nodes, before, strict=True) if entries.words(filling, node) != old
        ]
        spoken = _with_repeats(changed)
        filling.remember_words(nodes)
        return Changes(
            changes.values, changes.relevance, changes.validity, changes.labels | spoken, changes.choices,
            changes.structure,
        )  # fmt: skip

    # bytes

    def draft_xml(self) -> bytes:
        """Everything, the irrelevant too; `resume` reads it."""
        return submission.write(self.form, self._root, everything=True, deprecated=self.deprecated_id)

    def finalize(self) -> bytes:
        """The submission.

        Raises:
            Problem: `xforms.unfinished` (count, first) while there are findings.
        """
        findings = self.findings()
        if findings:
            first = self._filling.bare_label(self._node(findings[0].ref))
            raise Problem("xforms.unfinished", count=len(findings), first=first)
        preloads.at_end(self._filling, self._root)
        self._finish()
        return submission.write(self.form, self._root, everything=False, deprecated=self.deprecated_id)

    # within

    def _finish(self) -> Changes:
        """Settle, and say what really changed."""
        filling = self._filling
        filling.settle()
        step = filling.step
        words: set[Node] = filling.changed_words() if step.words else set()
        new = {node for node in step.new if _attached(node)} if step.new else step.new
        if new:
            filling.remember_words(new)
        filling.step = Step()
        known = step.new | step.gone  # what came and what went is told by `structure` alone
        values = [n.ref for n, text in step.values.items() if n.text != text and n not in known]
        if new:
            values += [node.ref for node in new if node.text]
        return Changes(
            values=frozenset(values),
            relevance=self._relevance(step, known) if step.relevance or step.hollow else NOTHING,
            validity=_validity(step, known),
            labels=frozenset([n.ref for n in words if n not in known]) if words else NOTHING,
            choices=frozenset([n.ref for n in step.choices if n not in known]) if step.choices else NOTHING,
            structure=frozenset([f"{parent.ref}/{name}" for parent, name in step.rows if parent not in known])
            if step.rows
            else NOTHING,
        )

    def _insert(self, parent: Node, definition: Definition, at: int, like: Node | None = None) -> Changes:
        return self._step(lambda: repeats.insert(self._filling, parent, definition, at, like=like))

    def _step(self, change: Callable[[], object]) -> Changes:
        """One change and all it brings about; taken back whole when the form cannot bear it."""
        try:
            change()
            return self._finish()
        except Problem:
            self._filling.take_back()
            old, before = self._filling, submission.read(self.form, self.draft_xml())
            self._filling = Filling(self.form, old.now, old.properties, old.language)
            self._load(before, fresh=False, opened=False)
            raise

    def _relevance(self, step: Step, known: set[Node]) -> frozenset[str]:
        turned = [n for n, was in step.relevance.items() if n.relevant is not was and n not in known]
        return _with_repeats(turned) | self._filling.hollow_changes(step)

    def _node(self, ref: str) -> Node:
        return self._filling.at(ref)

    def _repeat(self, ref: str) -> tuple[Definition | None, Node | None]:
        """The repeat a reference without a final position means, and its parent node."""
        head, _, name = ref.rpartition("/")
        if not head or name.endswith("]"):
            return None, None
        parent = self._node(head)
        definition = parent.definition.children.get(name)
        return (definition, parent) if definition is not None and definition.repeat else (None, None)

    def _changeable(self, ref: str) -> tuple[Definition, Node]:
        definition, parent = self._repeat(ref)
        if definition is None or parent is None or definition.repeat is None:
            raise Problem("xforms.unknown_repeat", ref=ref)
        if definition.repeat.fixed or definition.repeat.parameters.get("count"):
            raise Problem("xforms.fixed_repeat", ref=definition.path)
        return definition, parent

    def _instance(self, ref: str) -> Node:
        node = self._node(ref)
        if node.definition.repeat is None or not ref.endswith("]"):
            raise Problem("xforms.unknown_repeat", ref=ref)
        self._changeable(ref.rpartition("[")[0])
        return node

    def _parent(self, node: Node) -> Node:
        if node.parent is None:
            raise TypeError(node)
        return node.parent


def _validity(step: Step, known: set[Node]) -> frozenset[str]:
    """Nodes judged otherwise than before; a group that is locked or opened brings all below it along."""
    changed: list[str] = []
    for node, was in step.validity.items():
        now = validity(node)
        if now == was or node in known:
            continue
        locked = bool(node.kids) and now[-1] is not was[-1]
        changed += [inner.ref for inner in node.walk()] if locked else [node.ref]
    return frozenset(changed)


def _with_repeats(nodes: list[Node]) -> frozenset[str]:
    """References of nodes, and of the repeat as a whole where an instance is among them."""
    refs = [node.ref for node in nodes]
    refs += [ref.rpartition("[")[0] for ref in refs if ref.endswith("]")]
    return frozenset(refs)


def _attached(node: Node) -> bool:
    """Whether a node still hangs in the tree."""
    while node.parent is not None:
        kids = node.parent.kids.get(node.name, [])
        if not (node.position <= len(kids) and kids[node.position - 1] is node):
            return False
        node = node.parent
    return True
