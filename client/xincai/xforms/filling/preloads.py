"""Values that fill themselves: identities, times, properties (`jr:preload`), and the metadata of a
correction.

Filled when an instance is made: at the first load, and in each new instance of a repeat. A preload that
yields something stands above the form's own default, as in JavaRosa; one that yields nothing leaves it.
"""

from typing import TYPE_CHECKING

from xincai import clock
from xincai.xforms.filling import lexical
from xincai.xforms.tree import Node

if TYPE_CHECKING:
    from xincai.xforms.filling.model import Model

AUDIT_FILE = "audit.csv"
_SCHEMES = {
    "username": "username:", "email": "mailto:", "phonenumber": "tel:", "subscriberid": "imsi:",
    "simserial": "simserial:",
}  # fmt: skip


def at_start(model: "Model", top: Node, *, over: bool = True) -> None:
    """Fill preloads below a fresh node; unless `over`, what is filled stays, identities excepted."""
    for node in _self_filling(model, top):
        bind = node.definition.bind
        if bind is not None and bind.preload:
            if over or not node.text or bind.preload == "uid":
                _keep(node, _at_start(model, bind.preload, bind.preload_parameters.strip()))
        elif _bare(node) == "instanceID" and not node.text and not _calculated(node):
            _keep(node, f"uuid:{clock.new_id()}")


def at_end(model: "Model", root: Node) -> None:
    """Fill what is known only when a filling is sealed."""
    for node in _self_filling(model, root):
        bind = node.definition.bind
        if bind is not None and bind.preload == "timestamp" and bind.preload_parameters == "end":
            text, value = lexical.store("dateTime", model.now())
            model.put(node, text, value)
        elif _bare(node) == "audit" and _in_meta(node):
            model.put(node, AUDIT_FILE, AUDIT_FILE)


def renew(model: "Model", root: Node, old: str) -> None:
    """Give a correction its own identity."""
    for node in _self_filling(model, root):
        if not _in_meta(node):
            continue
        if _bare(node) == "instanceID":
            text = f"uuid:{clock.new_id()}"
            model.put(node, text, text)
        elif _bare(node) == "deprecatedID":
            model.put(node, old, old)


def meta(root: Node, name: str) -> str:
    """The text of a metadata element, "" when the form has none."""
    for key, kids in root.kids.items():
        if key.rpartition(":")[2] == "meta":
            for inner, nodes in kids[0].kids.items():
                if inner.rpartition(":")[2] == name:
                    return nodes[0].text
    return ""


def _at_start(model: "Model", preload: str, parameters: str) -> str:
    if preload == "uid":
        return f"uuid:{clock.new_id()}"
    if preload == "timestamp" and parameters == "start":
        return lexical.store("dateTime", model.now())[0]
    if preload == "date" and parameters == "today":
        return model.now().astimezone().date().isoformat()
    if preload == "property":
        return _property(model, parameters)
    return ""


def _property(model: "Model", name: str) -> str:
    """A property of the device or its person; `uri:` asks for it with its scheme, as Collect writes it."""
    known = {key.lower(): value for key, value in model.properties.items()}
    name = name.lower()
    plain = name.removeprefix("uri:")
    if name in known or plain == name:
        return known.get(name, "")
    value = known.get(plain, "")
    return value if not value or ":" in value else f"{_SCHEMES.get(plain, '')}{value}"


def _keep(node: Node, text: str) -> None:
    if text:
        node.text = text = lexical.clean(text)
        node.value = node.seen = lexical.read(node.definition.type, text)
        node.rewrite()


def _self_filling(model: "Model", top: Node) -> list[Node]:
    """Nodes below one that fill themselves or are the filling's metadata."""
    depth, here = top.definition.depth, top.definition
    places = [place for place in model.form.self_filling if place.ancestor(depth) is here]
    return [node for place in places for node in model.nodes_of(place, top)]


def _in_meta(node: Node) -> bool:
    return node.parent is not None and _bare(node.parent) == "meta"


def _bare(node: Node) -> str:
    return node.name.rpartition(":")[2]


def _calculated(node: Node) -> bool:
    return any(rule.property == "calculate" for rule in node.definition.rules)
