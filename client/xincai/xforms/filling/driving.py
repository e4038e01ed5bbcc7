"""What a driver may ask of a filling beyond what a person can: judge a value before it is given, give one
where nobody may, add and remove where the form keeps its rows, and read an expression as nodes.

For comparison with engines that refuse a value where this one keeps it and flags it. Whatever is put in, the
form's rules hold afterwards as always.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from xincai.xforms.budget import Meter
from xincai.xforms.facts import Finding
from xincai.xforms.filling import entries, repeats
from xincai.xforms.filling.session import Session
from xincai.xforms.filling.speaking import Filling
from xincai.xforms.reading.body import parse_at
from xincai.xforms.tree import Definition, Node, Place, Seed
from xincai.xforms.xpath.compiler import Scope
from xincai.xforms.xpath.live import Code, Nodes
from xincai.xforms.xpath.values import Value, to_boolean


@dataclass(frozen=True, slots=True)
class Question:
    """An expression ready to be asked at a place; `nodes` where it may stand for several."""

    place: Node
    code: Code
    nodes: Nodes | None
    meter: Meter

    def ask(self) -> tuple[Value, list[Place] | None]:
        """The value, the first one of several; and the nodes it came from, when it came from nodes."""
        if self.nodes is None:
            with self.meter:
                return self.code(self.place), None
        with self.meter:
            found = self.nodes(self.place)
        return (found[0].seen if found else ""), found


def question(session: Session, xpath: str, ref: str | None = None) -> Question:
    """Compile an expression at a place; at the root when the place is not there.

    Raises:
        Problem: the expression is refused.
    """
    filling = session.filling
    node = filling.find(ref) if ref else None
    node = node or filling.top
    expr = parse_at(xpath, "evaluate", node.definition.path)
    compiler, scope = filling.asking, Scope(node.definition, node.definition)
    nodes = compiler.nodes(expr, scope) if compiler.is_nodes(expr) else None
    return Question(node, compiler.value(expr, scope), nodes, filling.meter)


def asked(session: Session, ref: str) -> Node | None:
    """The node of a question in the body by its canonical reference; None when there is none."""
    node = session.filling.find(ref)
    if node is None or node.definition.control is None or node.definition.control.kind != "question":
        return None
    return node if node.ref == ref else None


def all_asked(session: Session) -> Iterator[Node]:
    """All questions of the body that stand in the tree, relevant or not."""
    for node in session.filling.top.walk():
        control = node.definition.control
        if control is not None and control.kind == "question":
            yield node


def holds(filling: Filling, node: Node, text: str, value: Value) -> bool:
    """Whether a value would keep the node's constraint; nothing changes."""
    rule = next((rule for rule in node.definition.rules if rule.property == "constraint"), None)
    if rule is None or text == "":
        return True
    before = node.text, node.value, node.seen
    node.text, node.value, node.seen = text, value, value
    try:
        with filling.meter:
            return to_boolean(filling.code_of(rule)(node))
    finally:
        node.text, node.value, node.seen = before


def put(session: Session, node: Node, text: str, value: Value) -> None:
    """Store a value whatever the node's state, with all it brings about."""
    session.drive(lambda filling: filling.put(node, text, value))


def offer(session: Session, node: Node) -> None:
    """Drop what is no longer among the choices of a select with a list."""
    control = node.definition.control
    if control is None or control.itemset is None or session.filling.offered(node):
        return
    offered = session.filling.labels(node)
    values = [] if control.control == "select1" else node.text.split()
    kept = " ".join(value for value in values if value in offered)
    put(session, node, kept, kept)


def append(session: Session, ref: str) -> int | None:
    """Append an instance to a repeat; how many there are then, None when it is counted or no repeat."""
    head, _, name = ref.rpartition("/")
    parent = session.filling.find(head) if head else None
    definition = parent.definition.children.get(name) if parent is not None and parent.ref == head else None
    if parent is None or definition is None or definition.repeat is None or _counts(definition):
        return None
    kids = parent.kids[name]
    session.drive(lambda filling: repeats.insert(filling, parent, definition, len(kids)))
    return len(parent.kids[name])


def remove(session: Session, ref: str) -> bool:
    """Remove an instance; a count that asks for more than are left brings a fresh one."""
    node = session.filling.find(ref) if ref.endswith("]") else None
    if node is None or node.definition.repeat is None or node.parent is None or node.ref != ref:
        return False
    parent, instance = node.parent, node

    def change(filling: Filling) -> None:
        repeats.cut(filling, instance)
        for rule in instance.definition.rules:
            if rule.property == "count":
                filling.push(rule, parent)

    session.drive(change)
    return True


def first_finding(session: Session) -> Finding | None:
    """The first question in the form's order that lacks an answer or breaks its constraint.

    Those before it lose what their lists no longer offer, as when they are looked at.
    """
    filling = session.filling
    looked: set[str] = set()
    while True:
        troubled = entries.findings(filling, filling.top)
        found = next((one for one in troubled if one.ref not in looked or one.kind != "choice"), None)
        if found is None or found.kind != "choice":
            return found
        looked.add(found.ref)
        offer(session, filling.at(found.ref))


def size(session: Session) -> tuple[int, int]:
    """Nodes and leaves of the tree, the template of each repeat included."""
    return _size(session.filling.top)


def _size(node: Node) -> tuple[int, int]:
    elements = {name: kids for name, kids in node.kids.items() if not name.startswith("@")}
    if not elements:
        return 1, 1
    nodes, leaves = 1, 0
    for name, kids in elements.items():
        inner = [_size(kid) for kid in kids]
        place = node.definition.children[name]
        if place.repeat is not None and not node.definition.in_repeat:
            inner.append(_template_size(place))
        nodes += sum(one[0] for one in inner)
        leaves += sum(one[1] for one in inner)
    return nodes, leaves


def _template_size(place: Definition, seed: Seed | None = None) -> tuple[int, int]:
    """A template as a peer keeps it: its own elements, and a template for each repeat within."""
    seed = seed or place.template
    children = () if seed is None else seed.children
    if not place.children:
        return 1, 1
    nodes, leaves = 1, 0
    for child in children:
        below = place.children.get(child.name)
        if below is None or "jr:template" in child.attributes:
            continue
        inner = _template_size(below, child)
        nodes, leaves = nodes + inner[0], leaves + inner[1]
    for below in place.children.values():
        if below.repeat is not None:
            inner = _template_size(below)
            nodes, leaves = nodes + inner[0], leaves + inner[1]
    return nodes, leaves


def _counts(definition: Definition) -> bool:
    return any(rule.property == "count" for rule in definition.rules)
