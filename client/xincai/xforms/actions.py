"""`setvalue`: values that fill themselves when something happens."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from xincai.errors import Problem
from xincai.xforms import lexical
from xincai.xforms.compiler import Scope
from xincai.xforms.form import Action
from xincai.xforms.live import Code
from xincai.xforms.paths import down
from xincai.xforms.tree import Definition, Node
from xincai.xforms.values import Value

if TYPE_CHECKING:
    from xincai.xforms.model import Model

MOST_CHAINED = 32


def run_actions(model: "Model", event: str) -> None:
    """All actions of an event in the form's order; each sees what those before it brought about."""
    for action in model.form.actions:
        if event in action.events:
            model.settle()
            run_action(model, action, model.single.get(action.home, model.single[model.form.root]))


def value_changed(model: "Model", node: Node) -> None:
    """`xforms-value-changed` of a question; chains are cut at a depth no sane form reaches."""
    if model.chained >= MOST_CHAINED:
        raise Problem("xforms.endless_actions", place=node.definition.path)
    model.chained += 1
    try:
        for action in node.definition.actions:
            if "xforms-value-changed" in action.events:
                model.settle()
                run_action(model, action, node)
    finally:
        model.chained -= 1


def run_action(model: "Model", action: Action, context: Node) -> None:
    scope = Scope(context.definition, context.definition)
    for target in compiler_nodes(model, action, scope)(context):
        if not isinstance(target, Node) or target.kids:
            continue
        value: Value = action.text
        if action.expr is not None:
            value = action_code(model, action, target.definition)(target)
        text, kept = lexical.store(target.definition.type, value)
        model.put(target, text, kept)


def compiler_nodes(model: "Model", action: Action, scope: Scope) -> Callable[[Node], list[object]]:
    nodes = model.compiler.nodes(action.target, scope)
    found = model.compiler.paths.track(action.target, scope)  # type: ignore[arg-type]  # the reader takes paths only
    if found is not None and found.single:
        base = model.compiler.paths.base(found, scope)
        names = found.targets[0].names_below(found.anchor.depth) if found.targets else None
        return lambda c: [] if names is None else [down(base(c), names)]
    return nodes  # type: ignore[return-value]  # a list of places is a list of objects


def action_code(model: "Model", action: Action, place: Definition) -> Code:
    key = (action, place)
    code = model.other_code.get(key)
    if code is None and action.expr is not None:
        code = model.other_code[key] = model.compiler.value(action.expr, Scope(place, place))
    if code is None:
        raise TypeError(action)
    return code
