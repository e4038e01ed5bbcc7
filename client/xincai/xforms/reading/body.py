"""The body of an XForm: controls in the order a person meets them."""

from collections.abc import Iterator, Mapping

from lxml import etree

from xincai.errors import Problem
from xincai.xforms.form import Control, Itemset, Option, Wording
from xincai.xforms.reading import wording
from xincai.xforms.reading.document import local
from xincai.xforms.tree import Definition
from xincai.xforms.xpath.syntax import Call, Expr, Path, parse
from xincai.xforms.xpath.tracks import instance_id

JAVAROSA = "http://openrosa.org/javarosa"
_QUESTIONS = {
    "input": "input", "select1": "select1", "select": "select", "upload": "upload", "trigger": "trigger",
    "rank": "rank", "range": "range", "secret": "input",
}  # fmt: skip
_OWN = frozenset({"ref", "bind", "appearance", "mediatype", "nodeset", "query"})


def parse_at(text: str, kind: str, place: str) -> Expr:
    """Parse; a Problem names the place and the property.

    Raises:
        Problem: `xforms.bad_rule` (place, property, at), `xforms.rule_too_deep`.
    """
    try:
        return parse(text.strip())
    except Problem as problem:
        if problem.code == "xforms.bad_expression":
            raise Problem(
                "xforms.bad_rule", place=place, property=kind, at=problem.facts["at"] or "…"
            ) from problem
        raise Problem("xforms.rule_too_deep", place=place, property=kind) from problem


def read_body(page: etree._Element, root: Definition, places: Mapping[str, Definition]) -> list[Control]:
    """All top-level controls; places learn their control, repeats their template's home."""
    reader = _Body(root, places)
    controls = [control for element in page for control in reader.element(element, None)]
    _spread(root)
    return controls


def walk(controls: list[Control]) -> Iterator[Control]:
    """Every control, depth first."""
    for control in controls:
        yield control
        yield from walk(control.children)


class _Body:
    """Reads elements within one form."""

    def __init__(self, root: Definition, places: Mapping[str, Definition]) -> None:
        self.root = root
        self.places = places

    def element(self, element: etree._Element, context: Definition | None) -> list[Control]:
        name = local(element)
        if name in _QUESTIONS:
            return self.question(element, name, context)
        if name == "repeat":
            return [self.repeat(element, context, None)]
        if name == "group":
            return self.group(element, context)
        return []

    def place(self, element: etree._Element, context: Definition | None) -> Definition | None:
        ref = (element.get("ref") or element.get("nodeset") or "").strip().removeprefix("current()/")
        if not ref:
            return None
        if not ref.startswith("/"):
            ref = f"{(context or self.root).path}/{ref}"
        return self.places.get(ref)

    def question(self, element: etree._Element, name: str, context: Definition | None) -> list[Control]:
        place = self.place(element, context)
        if place is None:
            raise Problem("xforms.no_such_place", place=element.get("ref") or "?", control=name)
        control = Control(
            kind="question",
            control=_QUESTIONS[name],
            definition=place,
            label=wording.read_wording(_child(element, "label")),
            hint=wording.read_wording(_child(element, "hint")),
            appearance=element.get("appearance") or "",
            media_type=element.get("mediatype") or "",
            parameters=_parameters(element),
            items=tuple(_option(child) for child in element.iter("{*}item")),
            itemset=self.itemset(element, place),
        )
        place.control = control
        return [control]

    def group(self, element: etree._Element, context: Definition | None) -> list[Control]:
        place = self.place(element, context)
        label = wording.read_wording(_child(element, "label"))
        repeat = _child(element, "repeat")
        if repeat is not None and (place is None or place is self.place(repeat, place or context)):
            rest = [child for child in element if child is not repeat]
            inner = [control for child in rest for control in self.element(child, place or context)]
            return [self.repeat(repeat, place or context, label, element), *inner]
        children = [control for child in element for control in self.element(child, place or context)]
        if place is None:
            return children
        control = Control(
            kind="group", definition=place, label=label, hint=wording.read_wording(_child(element, "hint")),
            appearance=element.get("appearance") or "", parameters=_parameters(element), children=children,
        )  # fmt: skip
        place.control = control
        return [control]

    def repeat(
        self,
        element: etree._Element,
        context: Definition | None,
        label: Wording | None,
        group: etree._Element | None = None,
    ) -> Control:
        place = self.place(element, context)
        if place is None:
            raise Problem("xforms.no_such_place", place=element.get("nodeset") or "?", control="repeat")
        outer = "" if group is None else group.get("appearance") or ""
        control = Control(
            kind="repeat", definition=place,
            label=label or wording.read_wording(_child(element, "label")),
            hint=None if group is None else wording.read_wording(_child(group, "hint")),
            appearance=" ".join(filter(None, (outer, element.get("appearance") or ""))),
            parameters=_parameters(element),
            fixed=(element.get(f"{{{JAVAROSA}}}noAddRemove") or "").startswith("true"),
        )  # fmt: skip
        control.children = [inner for child in element for inner in self.element(child, place)]
        place.repeat = control
        place.control = control
        return control

    def itemset(self, element: etree._Element, place: Definition) -> Itemset | None:
        found = _child(element, "itemset")
        if found is None:
            return None
        nodes = parse_at(found.get("nodeset") or "", "itemset", place.path)
        value, label = _child(found, "value"), _child(found, "label")
        source = nodes.args[0] if isinstance(nodes, Call) and nodes.name == "randomize" else nodes
        still = isinstance(source, Path) and instance_id(source) is not None
        return Itemset(
            nodes=nodes,
            value=parse_at((value.get("ref") if value is not None else "") or "name", "itemset", place.path),
            label=parse_at(label.get("ref") or "label", "itemset", place.path) if label is not None else None,
            stable=still and isinstance(source, Path) and not any(step.predicates for step in source.steps),
        )


def _spread(root: Definition) -> None:
    """Mark every place that stands within a repeat."""
    for place in root.walk():
        above = place.parent
        place.several = place.several or place.repeat is not None
        place.in_repeat = place.several or (above is not None and above.in_repeat)


def _option(element: etree._Element) -> Option:
    value = _child(element, "value")
    label = wording.read_wording(_child(element, "label"))
    text = "" if value is None else (value.text or "").strip()
    return Option(text, label or Wording(pieces=(text,)))


def _parameters(element: etree._Element) -> dict[str, str]:
    found = {local_name(str(k)): str(v) for k, v in element.items() if local_name(str(k)) not in _OWN}
    query = element.get("query")
    if query:
        found["query"] = query
    return found


def local_name(name: str) -> str:
    """An attribute's name without its namespace."""
    return name.rpartition("}")[2]


def _child(element: etree._Element, name: str) -> etree._Element | None:
    return next(element.iterchildren(f"{{*}}{name}"), None)


def _named(element: etree._Element, name: str) -> bool:
    return isinstance(element.tag, str) and local(element) == name
