"""Actions at work: values that fill themselves when something happens, and what is asked of the outside.

The engine is pure: it cannot find out where it stands or record a sound. An action that needs this becomes a
request; whoever runs the engine fulfils it or leaves it be.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from xincai.errors import Problem
from xincai.xforms.facts import Request
from xincai.xforms.filling import lexical
from xincai.xforms.form import Action
from xincai.xforms.tree import Definition, Node, follow
from xincai.xforms.xpath.compiler import Scope
from xincai.xforms.xpath.live import Code, always
from xincai.xforms.xpath.paths import down
from xincai.xforms.xpath.values import Value

if TYPE_CHECKING:
    from xincai.xforms.filling.model import Model

MOST_CHAINED = 32
FIRST_LOAD, READY, LOAD = "odk-instance-first-load", "xforms-ready", "odk-instance-load"
REVALIDATE = "xforms-revalidate"
_BEGINNINGS = frozenset({FIRST_LOAD, READY, "odk-new-repeat"})


def run_actions(model: "Model", event: str) -> None:
    """All actions of an event, the form's order; each sees what those before it brought about.

    One that stands within a repeat happens in every instance.
    """
    for action in model.form.actions:
        if event in action.events:
            for home in list(model.nodes_of(action.home)):
                model.settle()
                run_action(model, action, home)


def value_changed(model: "Model", node: Node) -> None:
    """`xforms-value-changed` of a question; chains are cut at a depth no sane form reaches."""
    if model.chained >= MOST_CHAINED:
        raise Problem("xforms.endless_actions", place=node.definition.path)
    model.chained += 1
    try:
        for action in node.definition.actions:
            model.settle()
            run_action(model, action, node)
    finally:
        model.chained -= 1


def new_repeat(model: "Model", node: Node, *, marks_only: bool = False) -> None:
    """`odk-new-repeat`, before anything in the new instance is worked out.

    A copied instance keeps its answers; only the marks of its elements (an entity's id) are made anew.
    """
    if not model.form.renewing:
        return
    places = set(node.definition.walk())
    for action in model.form.renewing:
        if marks_only and action.target.steps[-1].axis != "attribute":
            continue
        here = action.home is node.definition
        if here or (action.home is model.form.root and _leads_into(action, places)):
            run_action(model, action, node)
        elif action.home in places and action.home.repeat is None:
            for inner in [one for one in node.walk() if one.definition is action.home]:
                run_action(model, action, inner)


def run_action(model: "Model", action: Action, context: Node) -> None:
    """Fill the targets as seen from a place, or ask for what fills them."""
    scope = Scope(context.definition, context.definition)
    for target in target_nodes(model, action, scope)(context):
        if not isinstance(target, Node) or _holds_others(target):
            continue
        if action.kind != "setvalue":
            model.requests.pop(target, None)
            model.requests[target] = action
            continue
        value: Value = action.text
        if action.expr is not None:
            value = action_code(model, action, target.definition)(target)
        text, kept = lexical.store(target.definition.type, value)
        model.put(target, text, kept)


def pending(model: "Model") -> tuple[Request, ...]:
    """What is asked of the outside and not yet fulfilled, the oldest first; the irrelevant wait."""
    return tuple(
        Request(action.kind, node.ref, action.parameters)
        for node, action in model.requests.items()
        if node.relevant and attached(node)
    )


def fulfil(model: "Model", node: Node, value: str) -> None:
    """Store what the outside found; "" when it found nothing, which leaves what stands.

    Raises:
        Problem: the value is not of the place's type.
    """
    typed = lexical.accept(node.definition.type, value, node.definition.path)
    model.requests.pop(node, None)
    if value:
        model.put(node, value, typed)


def ask_again(model: "Model") -> None:
    """Ask what was asked when the filling, or an instance, was begun, where nothing was found since."""
    before = set(model.requests)
    for action in model.form.actions:
        if action.kind != "setvalue" and action.events & _BEGINNINGS:
            for home in list(model.nodes_of(action.home)):
                run_action(model, action, home)
    for node in [node for node in model.requests if node.text and node not in before]:
        del model.requests[node]


def ask(model: "Model", requests: Iterable[Request]) -> None:
    """Ask what was asked of another filling of the same form."""
    asking = [action for action in model.form.actions if action.kind != "setvalue"]
    known = {(action.kind, action.target.steps[-1].name): action for action in asking}
    for request in requests:
        node = model.find(request.ref)
        action = None if node is None else known.get((request.kind, node.name))
        if node is not None and action is not None:
            model.requests[node] = action


def carry(asked: Iterable[tuple[str, Action]], model: "Model", root: Node) -> None:
    """Ask again in a tree that was built anew."""
    for ref, action in asked:
        node = follow(root, ref)
        if node is not None:
            model.requests[node] = action


def attached(node: Node) -> bool:
    """Whether a node still hangs in the tree."""
    while node.parent is not None:
        kids = node.parent.kids.get(node.name, [])
        if not (node.position <= len(kids) and kids[node.position - 1] is node):
            return False
        node = node.parent
    return True


def target_nodes(model: "Model", action: Action, scope: Scope) -> Callable[[Node], list[object]]:
    """The places an action fills, irrelevant or not, as far as the path is plain."""
    found = model.compiler.paths.track(action.target, scope)
    if found is not None and found.single:
        base = model.compiler.paths.base(found, scope)
        names = found.targets[0].names_below(found.anchor.depth) if found.targets else None
        return lambda c: [] if names is None else [down(base(c), names)]
    return model.compiler.nodes(action.target, scope)  # type: ignore[return-value]  # places are objects


def action_code(model: "Model", action: Action, place: Definition) -> Code:
    """The action's expression, compiled once per place it fills."""
    key = (action, place)
    code = model.other_code.get(key)
    if code is None and action in model.form.outcomes:
        code = model.other_code[key] = always(model.form.outcomes[action])
    if code is None and action.expr is not None:
        code = model.other_code[key] = model.compiler.value(action.expr, Scope(place, place))
    if code is None:
        raise TypeError(action)
    return code


def _leads_into(action: Action, places: set[Definition]) -> bool:
    names = [step.name if step.axis == "child" else f"@{step.name}" for step in action.target.steps]
    return any(place.path == "/" + "/".join(names) for place in places)


def _holds_others(node: Node) -> bool:
    return any(name[0] != "@" for name in node.kids)
