"""Values that fill themselves: identities, times, properties (`jr:preload`), and the metadata of a
correction.
"""

from xincai import clock
from xincai.xforms import lexical
from xincai.xforms.model import Model
from xincai.xforms.tree import Node


def at_start(model: Model, root: Node) -> None:
    """Fill preloads of a fresh filling; a form's own default stands where it has one."""
    for node in root.walk():
        bind = node.definition.bind
        if bind is not None and bind.preload:
            _keep(node, _at_start(model, bind.preload, bind.preload_parameters))
        elif node.name.rpartition(":")[2] == "instanceID" and _in_meta(node) and not _calculated(node):
            _keep(node, f"uuid:{clock.new_id()}")


def at_end(model: Model, root: Node) -> None:
    """Fill what is known only when a filling is sealed."""
    for node in root.walk():
        bind = node.definition.bind
        if bind is not None and bind.preload == "timestamp" and bind.preload_parameters == "end":
            text, value = lexical.store(node.definition.type, model.now())
            model.put(node, text, value)


def renew(model: Model, root: Node, old: str) -> None:
    """Give a correction its own identity."""
    for node in root.walk():
        name = node.name.rpartition(":")[2]
        if not _in_meta(node):
            continue
        if name == "instanceID":
            text = f"uuid:{clock.new_id()}"
            model.put(node, text, text)
        elif name == "deprecatedID":
            model.put(node, old, old)


def meta(root: Node, name: str) -> str:
    """The text of a metadata element, "" when the form has none."""
    for key, kids in root.kids.items():
        if key.rpartition(":")[2] == "meta":
            for inner, nodes in kids[0].kids.items():
                if inner.rpartition(":")[2] == name:
                    return nodes[0].text
    return ""


def _at_start(model: Model, preload: str, parameters: str) -> str:
    if preload == "uid":
        return f"uuid:{clock.new_id()}"
    if preload == "timestamp" and parameters == "start":
        return lexical.store("dateTime", model.now())[0]
    if preload == "date" and parameters == "today":
        return model.now().astimezone().date().isoformat()
    if preload == "property":
        return model.properties.get(parameters, "")
    return ""


def _keep(node: Node, text: str) -> None:
    if text and not node.text:
        node.text = text = lexical.clean(text)
        node.value = node.seen = lexical.read(node.definition.type, text)
        node.rewrite()


def _in_meta(node: Node) -> bool:
    return node.parent is not None and node.parent.name.rpartition(":")[2] == "meta"


def _calculated(node: Node) -> bool:
    return any(rule.property == "calculate" for rule in node.definition.rules)
