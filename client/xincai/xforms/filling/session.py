"""One filling of a form: answers in, exact changes out.

A value that breaks a constraint is kept and flagged; a value that is not of its type is refused and changes
nothing. References are canonical (`/data/rep[2]/x`).
"""

import datetime
import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import ParamSpec, TypeVar

from xincai import clock
from xincai.errors import Problem
from xincai.xforms import budget
from xincai.xforms.facts import NOTHING, Changes, Choice, Entity, Entry, Finding, Request
from xincai.xforms.filling import actions, entities, entries, lexical, preloads, repeats, submission
from xincai.xforms.filling.speaking import Filling
from xincai.xforms.filling.step import Step, with_repeats
from xincai.xforms.form import Form
from xincai.xforms.reading import lastsaved
from xincai.xforms.reading.body import parse_at
from xincai.xforms.tree import Definition, Node, Seed
from xincai.xforms.xpath.compiler import Scope
from xincai.xforms.xpath.values import Value

P = ParamSpec("P")
T = TypeVar("T")


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
        opened: bool = True,
    ) -> None:
        self.form = form
        chosen = language if language in form.languages else None
        self._filling = Filling(form, now, properties or {}, chosen or form.default_language)
        self._filling.meter.whole = budget.STEP if fresh else budget.RESUME
        self.deprecated_id = submission.find(seed, "deprecatedID")
        collecting = gc.isenabled()
        gc.disable()
        try:
            self._load(seed, fresh=fresh, opened=opened)
        finally:
            if collecting:
                gc.enable()

    def _load(self, seed: Seed, *, fresh: bool, opened: bool = True) -> None:
        with self._filling.meter:
            self._grow(seed, fresh=fresh, opened=opened)

    def _grow(self, seed: Seed, *, fresh: bool, opened: bool) -> None:
        filling = self._filling
        self._root = filling.grow(seed, self.form.root, None)
        if fresh:
            preloads.at_start(filling, self._root)
        events = (actions.FIRST_LOAD, actions.READY) if fresh else ()
        for event in (*events, actions.LOAD) if opened else ():
            actions.run_actions(filling, event)
        if opened and not fresh:
            actions.ask_again(filling)
        filling.settle()
        filling.evaluate_all(self.form.outcomes if fresh else {})
        filling.loading = False
        filling.step = Step()
        filling.meter.whole = budget.STEP

    @classmethod
    def new(
        cls,
        form: Form,
        *,
        now: Callable[[], datetime.datetime] = clock.now,
        properties: Mapping[str, str] | None = None,
        language: str | None = None,
        last_saved: bytes | None = None,
    ) -> "Session":
        """Start a fresh filling; `properties` feed preloads and `property()` (deviceid, username, …).

        `last_saved` is the submission of this form that was sealed last, for forms that ask for it.
        """
        form = lastsaved.with_last_saved(form, last_saved)
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
        last_saved: bytes | None = None,
        opened: bool = True,
    ) -> "Session":
        """Go on with a draft; stored values stay as they are written.

        `opened` says that a person opens it: what the form does then (`odk-instance-load`) is done, and what
        it asked of those outside the engine when it was begun is asked again where nothing was found.

        Raises:
            Problem: `xforms.other_form`, or the bytes are refused.
        """
        form = lastsaved.with_last_saved(form, last_saved)
        seed = submission.read(form, xml)
        return cls(form, seed, now=now, properties=properties, language=language, fresh=False, opened=opened)

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
        old = self.instance_id
        self._step(lambda: preloads.renew(self._filling, self._root, old))
        self.deprecated_id = old

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
        with self._filling.meter:
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
        with self._filling.meter:
            return tuple(entries.findings(self._filling, self._root))

    def display(self, ref: str) -> str:
        """The value as a person reads it: labels of choices, everything else as stored."""
        return entries.display(self._filling, self._node(ref))

    def leaves(self) -> Iterator[tuple[str, str, Mapping[str, str]]]:
        """Reference, value and attributes of each relevant question and calculate."""
        for node in self._root.walk():
            if node.relevant and node.name[0] != "@" and submission.is_leaf(node):
                bind = node.definition.bind
                yield node.ref, node.text, bind.attributes if bind else {}

    def evaluate(self, xpath: str, ref: str | None = None) -> Value:
        """The value of an expression at a place (the root when none is given).

        Raises:
            Problem: the expression is refused, or what it reaches cannot be worked out.
        """
        node = self._root if ref is None else self._node(ref)
        expr = parse_at(xpath, "evaluate", node.definition.path)
        with self._filling.meter:
            return self._filling.asking.value(expr, Scope(node.definition, node.definition))(node)

    def nodes(self) -> Iterator[tuple[str, bool, str | None, bool, bool]]:
        """Each node: reference, relevance, value (None on groups), required, readonly."""
        for node in self._root.walk():
            if node.name[0] == "@":
                continue
            leaf = node.definition.repeat is None and all(name[0] == "@" for name in node.kids)
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
        return self._whole(self._give, node, value, typed)

    def _give(self, node: Node, text: str, value: Value) -> Changes:
        self._filling.put(node, text, value)
        return self._finish()

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
        return self._whole(self._speak, language)

    def _speak(self, language: str) -> Changes:
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
        spoken = with_repeats(
            [node for node, old in zip(nodes, before, strict=True) if entries.words(filling, node) != old]
        )
        return Changes(
            changes.values, changes.relevance, changes.validity, changes.labels | spoken, changes.choices,
            changes.structure,
        )  # fmt: skip

    def requests(self) -> tuple[Request, ...]:
        """What the form asks of those who run it, the oldest first: a position, a recording."""
        return actions.pending(self._filling)

    def ask(self, requests: Iterable[Request]) -> None:
        """Ask what another filling of the same form was asked, where the places still stand."""
        actions.ask(self._filling, requests)

    def fulfil(self, ref: str, value: str) -> Changes:
        """Give what a request asked for; "" when it could not be had. Locked places take it as well.

        Raises:
            Problem: `xforms.unknown_question`, or the value is not of the place's type.
        """
        node = self._node(ref)
        return self._step(lambda: actions.fulfil(self._filling, node, value))

    def entities(self) -> tuple[Entity, ...]:
        """What the submission makes or changes in entity lists, as the answers stand."""
        return tuple(entities.of_filling(self._filling))

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
        self.close()
        return submission.write(self.form, self._root, everything=False, deprecated=self.deprecated_id)

    # within

    @property
    def filling(self) -> Filling:
        """The live tree; for drivers, which keep to `drive` for what they change."""
        return self._filling

    def drive(self, change: Callable[[Filling], object]) -> Changes:
        """One change of a driver's own making and all it brings about; taken back like any step."""
        return self._step(lambda: change(self._filling))

    def close(self) -> None:
        """Fill what is known only when a filling is sealed."""
        self._step(self._end)

    def _end(self) -> None:
        actions.run_actions(self._filling, actions.REVALIDATE)
        preloads.at_end(self._filling, self._root)

    def _finish(self) -> Changes:
        """Settle, and say what really changed."""
        filling = self._filling
        if filling.work:
            filling.settle()
        step = filling.step
        if step.is_plain():
            return step.plain_changes()
        if step.words:
            filling.refresh_items()
        new = {node for node in step.new if actions.attached(node)} if step.gone else step.new
        hollow = filling.hollow_changes(step) if step.hollow else NOTHING
        filling.step = Step()
        return step.changes(hollow, new)

    def _insert(self, parent: Node, definition: Definition, at: int, like: Node | None = None) -> Changes:
        return self._step(lambda: repeats.insert(self._filling, parent, definition, at, like=like))

    def _step(self, change: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> Changes:
        """One change and all it brings about; taken back whole when the form cannot bear it."""
        return self._whole(self._through, change, *args, **kwargs)

    def _through(self, change: Callable[P, object], /, *args: P.args, **kwargs: P.kwargs) -> Changes:
        change(*args, **kwargs)
        return self._finish()

    def _whole(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Work that is done whole or, when the form cannot bear it, not at all."""
        old = self._filling
        requests, language = list(old.requests.items()) if old.requests else [], old.language
        try:
            with old.meter:
                return work(*args, **kwargs)
        except Problem:
            old.take_back()
            asked = [(node.ref, action) for node, action in requests if actions.attached(node)]
            before = submission.read(self.form, self.draft_xml())
            self._filling = Filling(self.form, old.now, old.properties, language)
            self._filling.meter.whole = budget.RESUME
            self._load(before, fresh=False, opened=False)
            actions.carry(asked, self._filling, self._root)
            raise

    def _node(self, ref: str) -> Node:
        return self._filling.places.get(ref) or self._filling.at(ref)

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
