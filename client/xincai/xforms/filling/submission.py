"""The instance as XML: written as ODK writes it, and read back.

Text is written exactly as stored. A submission leaves out what is irrelevant; a draft keeps everything.
"""

from collections.abc import Mapping

from lxml import etree

from xincai.errors import Problem
from xincai.xforms.form import Form
from xincai.xforms.reading.document import local, parse_xml, space
from xincai.xforms.tree import Node, Seed

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_ATTRIBUTE = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
)


def write(form: Form, root: Node, *, everything: bool, deprecated: str = "") -> bytes:
    """The instance as bytes; the same answers give the same bytes."""
    parts: list[str] = []
    if everything:
        parts = [*_attributes(root), _inside(root, deprecated)]
        names = list(form.prefixed)
    else:
        _write(root, parts, deprecated)
        names = [part for part in parts if part.startswith(("<", " "))]
        del parts[0]
    declared = "".join(
        f' xmlns:{prefix}="{uri.translate(_ATTRIBUTE)}"'
        for prefix, uri in sorted(form.namespaces.items())
        if any(f"{prefix}:" in name for name in names)
    )
    return "".join([_HEAD, f"<{root.name}{declared}", *parts]).encode()


def read(form: Form, xml: bytes) -> Seed:
    """The tree of a draft or submission.

    Raises:
        Problem: `xforms.other_form` when it belongs to another form, and those of `document`.
    """
    element = parse_xml(xml)
    given = element.get("id") or space(element)
    if local(element) != form.root.name.rpartition(":")[2] or (given and given != form.form_id):
        raise Problem("xforms.other_form", wanted=form.form_id, given=given or local(element))
    return _seed(element, {uri: prefix for prefix, uri in form.namespaces.items()})


def escape(text: str) -> str:
    """Text as it stands in an attribute or an element."""
    return text.translate(_ATTRIBUTE)


def find(seed: Seed, name: str) -> str:
    """The text of a metadata element such as `deprecatedID`, "" when it is absent."""
    for child in seed.children:
        if child.name.rpartition(":")[2] == "meta":
            for inner in child.children:
                if inner.name.rpartition(":")[2] == name:
                    return inner.text
    return ""


def _write(node: Node, parts: list[str], deprecated: str) -> None:
    """What is relevant, piece by piece."""
    parts.append(f"<{node.name}")
    parts.extend(_attributes(node))
    if is_leaf(node):
        parts.append(_text(node))
        return
    parts.append(">")
    for name, kids in node.kids.items():
        for kid in kids:
            if kid.relevant and name[0] != "@":
                _write(kid, parts, deprecated)
    parts.append(_end(node, deprecated))


def _whole(node: Node, deprecated: str) -> str:
    """A node with all below it; kept (`Node.xml`) until one of them is rewritten."""
    if not node.xml:
        if node.name[0] == "@":
            return ""
        node.xml = f"<{node.name}{''.join(_attributes(node))}{_inside(node, deprecated)}"
    return node.xml


def _inside(node: Node, deprecated: str) -> str:
    if is_leaf(node):
        return _text(node)
    kids = [kid.xml or _whole(kid, deprecated) for row in node.kids.values() for kid in row]
    return f">{''.join(kids)}{_end(node, deprecated)}"


def _attributes(node: Node) -> list[str]:
    return [f' {name}="{value.translate(_ATTRIBUTE)}"' for name, value in attributes(node).items()]


def attributes(node: Node) -> Mapping[str, str]:
    """Attributes as they stand, the places among them; a truth is 1 or 0 there, as in JavaRosa."""
    places = [(name[1:], kids[0]) for name, kids in node.kids.items() if name[0] == "@"] if node.kids else ()
    if not places:
        return node.attributes
    return {**node.attributes, **{name: _claim(place) for name, place in places}}


def _claim(place: Node) -> str:
    return str(int(place.value)) if isinstance(place.value, bool) else place.text


def is_leaf(node: Node) -> bool:
    """Without elements below it; places of attributes stand behind those of elements."""
    return not node.kids or next(iter(node.kids))[0] == "@"


def _text(node: Node) -> str:
    return f">{node.text.translate(_ESCAPES)}</{node.name}>" if node.text else "/>"


def _end(node: Node, deprecated: str) -> str:
    named = _deprecated(node, deprecated) if deprecated and _is_meta(node) else ""
    return f"{named}</{node.name}>"


def _is_meta(node: Node) -> bool:
    """Metadata of the filling; those of an entity within a repeat are another thing."""
    above = node.parent
    return node.name.rpartition(":")[2] == "meta" and above is not None and above.parent is None


def _deprecated(meta: Node, old: str) -> str:
    names = {name.rpartition(":")[2]: name for name in meta.kids}
    if "deprecatedID" in names:
        return ""
    prefix = names.get("instanceID", "instanceID").rpartition(":")[0]
    name = f"{prefix}:deprecatedID" if prefix else "deprecatedID"
    return f"<{name}>{old.translate(_ESCAPES)}</{name}>"


def _seed(element: etree._Element, prefixes: Mapping[str, str]) -> Seed:
    children = tuple(_seed(child, prefixes) for child in element)
    prefix = prefixes.get(space(element), "") if element.prefix is not None else ""
    name = f"{prefix}:{local(element)}" if prefix else local(element)
    given = {str(key): str(value) for key, value in element.items() if str(key)[0] != "{"}
    return Seed(name, "" if children else element.text or "", given, children)
