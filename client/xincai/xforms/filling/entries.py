"""Lines of a form as a person sees them, made from the live tree."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from xincai.errors import Problem, explain
from xincai.xforms.facts import Entry, Finding
from xincai.xforms.filling import lexical, submission
from xincai.xforms.filling.speaking import Filling
from xincai.xforms.form import Control, Wording
from xincai.xforms.tree import Definition, Node, Seed
from xincai.xforms.xpath.values import to_boolean

if TYPE_CHECKING:
    from collections.abc import Sequence

_EMPTY: Mapping[str, str] = MappingProxyType({})


def of_node(filling: Filling, node: Node) -> Entry:
    """A question, a group or one instance of a repeat."""
    definition = node.definition
    control = definition.control
    if control is None:
        return _hidden(node)
    kind = "instance" if control.kind == "repeat" else control.kind
    if kind != "question":
        return _group(filling, control, node, kind)
    problem_kind, problem = trouble(filling, node)
    bind = definition.bind
    locked = is_locked(node)
    return Entry(
        ref=node.ref,
        kind=kind,
        name=definition.name,
        type=definition.type,
        control=_control(control, definition),
        appearance=control.appearance,
        media_type=control.media_type,
        label=filling.label(control, node),
        hint=filling.say(control.hint, node),
        guidance=filling.say(control.hint, node, "guidance"),
        value=node.text,
        relevant=node.relevant,
        required=node.required,
        readonly=locked,
        problem=problem,
        problem_kind=problem_kind,
        parameters={**(bind.parameters if bind else {}), **control.parameters},
        attributes=bind.attributes if bind else _EMPTY,
        media=filling.media(control.label),
    )


def repeat(filling: Filling, definition: Definition, parent: Node) -> Entry:
    """A repeat as a whole."""
    control = definition.repeat
    if control is None:
        raise TypeError(definition.path)
    kids = parent.kids[definition.name]
    open_ended = not control.fixed and not control.parameters.get("count")
    node = kids[0] if kids else _ghost(filling, definition, parent)
    relevant = any(kid.relevant for kid in kids) if kids else _ghost_relevant(filling, node, parent)
    bind = definition.bind
    return Entry(
        ref=f"{parent.ref}/{definition.name}",
        kind="repeat",
        name=definition.name,
        appearance=control.appearance,
        label=filling.label(control, node),
        hint=filling.say(control.hint, node),
        relevant=relevant,
        readonly=is_locked(parent),
        parameters=control.parameters,
        attributes=bind.attributes if bind else _EMPTY,
        count=len(kids),
        can_add=open_ended and relevant,
        can_remove=open_ended and bool(kids),
        media=filling.media(control.label),
    )


def under(filling: Filling, controls: "Sequence[Control]", node: Node) -> tuple[Entry, ...]:
    """Entries of controls below a node."""
    found: list[Entry] = []
    for control in controls:
        definition = control.definition
        if definition is None:
            continue
        if control.kind == "repeat" and definition.parent is not None:
            found.extend(
                repeat(filling, definition, parent)
                for parent in filling.nodes_of(definition.parent, _top(node, definition))
            )
        else:
            found.extend(
                of_node(filling, one) for one in filling.nodes_of(definition, _top(node, definition))
            )
    return tuple(found)


def findings(filling: Filling, root: Node) -> Iterator[Finding]:
    """Questions in the body that are relevant and in trouble."""
    yield from _findings(filling, filling.form.body, root)


def words(filling: Filling, node: Node) -> tuple[str, str, str]:
    """All that is said about a node."""
    control = node.definition.control
    if control is None:
        return "", "", ""
    return (
        filling.label(control, node),
        filling.say(control.hint, node),
        trouble(filling, node)[1] if control.kind == "question" else "",
    )


def trouble(filling: Filling, node: Node) -> tuple[str, str]:
    """The kind of problem a question has, and the message for it."""
    bind = node.definition.bind
    if not node.relevant or (node.text == "" and not node.required):
        return "", ""
    if node.text == "":
        return "required", _message(filling, node, bind.required_message if bind else None, _required())
    misfit = lexical.misfit(node.definition.type, node.text)
    if misfit is not None:
        return "constraint", _message(filling, node, None, misfit)
    if not node.valid:
        return "constraint", _message(filling, node, bind.constraint_message if bind else None, _broken())
    if not filling.offered(node):
        return "choice", _message(filling, node, None, Problem("xforms.not_among_choices"))
    return "", ""


def display(filling: Filling, node: Node) -> str:
    """Labels of choices; everything else as stored."""
    control = node.definition.control
    if control is None or control.control not in ("select1", "select", "rank") or not node.text:
        return node.text
    values = [node.text] if control.control == "select1" else node.text.split()
    joint = "、" if _is_chinese(filling.language) else ", "
    return joint.join(filling.choice_label(node, value) for value in values)


def is_locked(node: Node) -> bool:
    """Whether the node or anything above it is read-only."""
    place: Node | None = node
    while place is not None:
        if place.readonly:
            return True
        place = place.parent
    return False


def _findings(filling: Filling, controls: "Sequence[Control]", node: Node) -> Iterator[Finding]:
    for control in controls:
        definition = control.definition
        if definition is None:
            continue
        for one in filling.nodes_of(definition, _top(node, definition)):
            if not one.relevant:
                continue
            if control.kind != "question":
                yield from _findings(filling, control.children, one)
                continue
            kind, message = trouble(filling, one)
            if kind:
                yield Finding(one.ref, kind, filling.label(control, one), message)


def _top(node: Node, definition: Definition) -> Node:
    """The deepest ancestor-or-self of the node under which the definition stands."""
    place = node
    while definition.ancestor(place.definition.depth) is not place.definition and place.parent is not None:
        place = place.parent
    return place


def _group(filling: Filling, control: Control, node: Node, kind: str) -> Entry:
    bind = node.definition.bind
    open_ended = kind == "instance" and not control.fixed and not control.parameters.get("count")
    return Entry(
        ref=node.ref,
        kind=kind,
        name=node.definition.name,
        appearance=control.appearance,
        label=filling.label(control, node),
        hint=filling.say(control.hint, node),
        guidance=filling.say(control.hint, node, "guidance"),
        relevant=node.relevant,
        readonly=is_locked(node),
        parameters=control.parameters,
        attributes=bind.attributes if bind else _EMPTY,
        can_remove=open_ended,
        media=filling.media(control.label),
    )


def _hidden(node: Node) -> Entry:
    """A place without a control: a calculate or plain structure."""
    bind = node.definition.bind
    leaf = submission.is_leaf(node)
    return Entry(
        ref=node.ref,
        kind="question" if leaf else "group",
        name=node.definition.name,
        type=node.definition.type if leaf else "",
        label=node.definition.name,
        value=node.text,
        relevant=node.relevant,
        readonly=True,
        attributes=bind.attributes if bind else _EMPTY,
    )


def _control(control: Control, definition: Definition) -> str:
    """A read-only text with no way to change is a note."""
    note = control.control == "input" and definition.type == "string" and definition.readonly
    return "note" if note else control.control


def _ghost(filling: Filling, definition: Definition, parent: Node) -> Node:
    """An instance that is not there, to ask what would be said of it."""
    return filling.grow(definition.template or Seed(definition.name, "", {}, ()), definition, parent)


def _ghost_relevant(filling: Filling, ghost: Node, parent: Node) -> bool:
    for rule in ghost.definition.rules:
        if rule.property == "relevant":
            return parent.relevant and to_boolean(filling.code_of(rule)(ghost))
    return parent.relevant


def _message(filling: Filling, node: Node, wording: Wording | None, otherwise: Problem) -> str:
    said = filling.say(wording, node)
    return said or explain(otherwise, "zh" if _is_chinese(filling.language) else "en").what


def _required() -> Problem:
    return Problem("xforms.required_empty")


def _broken() -> Problem:
    return Problem("xforms.constraint_broken")


def _is_chinese(language: str) -> bool:
    lowered = language.lower()
    return not lowered or "zh" in lowered or "中文" in lowered or lowered == "default"
