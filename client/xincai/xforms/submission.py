"""The instance as XML: written as ODK writes it, and read back.

Text is written exactly as stored. A submission leaves out what is irrelevant; a draft keeps everything.
"""

from collections.abc import Mapping

from lxml import etree

from xincai.errors import Problem
from xincai.xforms.document import local, parse_xml, space
from xincai.xforms.form import Form
from xincai.xforms.tree import Node, Seed

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_ATTRIBUTE = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
)


def write(form: Form, root: Node, *, everything: bool, deprecated: str = "") -> bytes:
    """The instance as bytes; the same answers give the same bytes."""
    parts = [_HEAD]
    _write(root, parts, everything=everything, deprecated=deprecated)
    declared = "".join(
        f' xmlns:{prefix}="{uri.translate(_ATTRIBUTE)}"'
        for prefix, uri in sorted(form.namespaces.items())
        if any(f"{prefix}:" in part for part in parts if part.startswith(("<", " ")))
    )
    parts[1] = f"<{root.name}{declared}"
    return "".join(parts).encode()


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


def find(seed: Seed, name: str) -> str:
    """The text of a metadata element such as `deprecatedID`, "" when it is absent."""
    for child in seed.children:
        if child.name.rpartition(":")[2] == "meta":
            for inner in child.children:
                if inner.name.rpartition(":")[2] == name:
                    return inner.text
    return ""


def _write(node: Node, parts: list[str], *, everything: bool, deprecated: str) -> None:
    parts.append(f"<{node.name}")
    parts.extend(f' {name}="{value.translate(_ATTRIBUTE)}"' for name, value in node.attributes.items())
    if not node.kids:
        parts.append(f">{node.text.translate(_ESCAPES)}</{node.name}>" if node.text else "/>")
        return
    parts.append(">")
    for kids in node.kids.values():
        for kid in kids:
            if everything or kid.relevant:
                _write(kid, parts, everything=everything, deprecated=deprecated)
    if deprecated and node.name.rpartition(":")[2] == "meta":
        parts.append(_deprecated(node, deprecated))
    parts.append(f"</{node.name}>")


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
    return Seed(name, "" if children else element.text or "", {}, children)
