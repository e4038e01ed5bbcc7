"""The body of an XForm: controls in the order a person meets them."""

from collections.abc import Iterator, Mapping

from lxml import etree

from xincai.errors import Problem
from xincai.xforms.form import Control, Itemset, Option, Wording
from xincai.xforms.reading import wording
from xincai.xforms.reading.document import children, local, named
from xincai.xforms.tree import Definition
from xincai.xforms.xpath.syntax import Call, Expr, Path, parse
from xincai.xforms.xpath.tracks import instance_id

JAVAROSA = "http://openrosa.org/javarosa"
_QUESTIONS = {
    "input": "input", "select1": "select1", "select": "select", "upload": "upload", "trigger": "trigger",
    "rank": "rank", "range": "range", "secret": "input",
}  # fmt: skip
_OWN = frozenset({"ref", "bind", "appearance", "mediatype", "nodeset"})


_SHOWN = 60
_MEANT = {"&&": "and", "||": "or", "&": "and", "|": "or", "{": "${…}", "$": "${…}", "!": "not(…)"}
_SIGNS = {"==": "=", "=>": ">=", "=<": "<=", "<>": "!=", ">>": ">", "<<": "<", "!==": "!="}
_WIDE = {
    "（": "(", "）": ")", "，": ",", "、": ",", "＝": "=", "＞": ">", "＜": "<", "＋": "+", "－": "-",
    "＊": "*", "≥": ">=", "≤": "<=", "≠": "!=", "×": "*", "÷": "div",
}  # fmt: skip


def parse_at(text: str, kind: str, place: str) -> Expr:
    """Parse; a Problem names the place and the property.

    Raises:
        Problem: `xforms.bad_rule` (place, property, at), `xforms.miswritten` (… instead),
            `xforms.breaks_off`, `xforms.rule_too_deep`.
    """
    try:
        return parse(text.strip())
    except Problem as problem:
        if problem.code == "xforms.bad_expression":
            raise _miswritten(text, str(problem.facts["at"]), kind, place) from problem
        raise Problem("xforms.rule_too_deep", place=place, property=kind) from problem


def _miswritten(text: str, at: str, kind: str, place: str) -> Problem:
    """What is wrong with an expression that cannot be parsed, and where it is known, what was meant."""
    if not at.strip():
        return Problem("xforms.breaks_off", place=place, property=kind, expression=text.strip()[-_SHOWN:])
    if at[0] in "'\"" and at.count(at[0]) == 1:
        return Problem("xforms.open_quote", place=place, property=kind, at=at)
    known = {**_SIGNS, **_MEANT, **_WIDE}
    start = at.lstrip()[0]
    doubled = (sign for sign in _SIGNS if sign.endswith(start) and sign in text)
    written = (sign for sign in (*_MEANT, *_WIDE) if at.lstrip().startswith(sign))
    found = next(iter((*doubled, *written)), "")
    if not found:
        return Problem("xforms.bad_rule", place=place, property=kind, at=at)
    return Problem("xforms.miswritten", place=place, property=kind, at=at, found=found, instead=known[found])


def read_body(page: etree._Element, root: Definition, places: Mapping[str, Definition]) -> list[Control]:
    """All top-level controls; places learn their control, repeats their template's home."""
    reader = _Body(root, places)
    controls = [control for element in page for control in reader.element(element, None)]
    _spread(places)
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

    def place(self, given: Mapping[str, str], context: Definition | None) -> Definition | None:
        ref = (given.get("ref") or given.get("nodeset") or "").strip().removeprefix("current()/")
        if not ref:
            return None
        if not ref.startswith("/"):
            ref = f"{(context or self.root).path}/{ref}"
        return self.places.get(ref)

    def question(self, element: etree._Element, name: str, context: Definition | None) -> list[Control]:
        given = dict(element.items())
        place = self.place(given, context)
        if place is None:
            raise Problem("xforms.no_such_place", place=given.get("ref") or "?", control=name)
        below = children(element)
        items = element.iter("{*}item") if "item" in below or "choices" in below else ()
        control = Control(
            kind="question",
            control=_QUESTIONS[name],
            definition=place,
            label=wording.read_wording(below.get("label")),
            hint=wording.read_wording(below.get("hint")),
            appearance=given.get("appearance", ""),
            media_type=given.get("mediatype", ""),
            parameters=_parameters(given),
            items=tuple([_option(child) for child in items]),
            itemset=_itemset(below["itemset"], place) if "itemset" in below else None,
        )
        place.control = control
        return [control]

    def group(self, element: etree._Element, context: Definition | None) -> list[Control]:
        given = dict(element.items())
        place = self.place(given, context)
        below = children(element)
        label = wording.read_wording(below.get("label"))
        repeat = below.get("repeat")
        if repeat is not None and (
            place is None or place is self.place(dict(repeat.items()), place or context)
        ):
            rest = [child for child in element if child is not repeat]
            inner = [control for child in rest for control in self.element(child, place or context)]
            return [self.repeat(repeat, place or context, label, element), *inner]
        inner = [control for child in element for control in self.element(child, place or context)]
        if place is None:
            return inner
        control = Control(
            kind="group", definition=place, label=label, hint=wording.read_wording(below.get("hint")),
            appearance=given.get("appearance", ""), parameters=_parameters(given), children=inner,
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
        given = dict(element.items())
        place = self.place(given, context)
        if place is None:
            raise Problem("xforms.no_such_place", place=given.get("nodeset") or "?", control="repeat")
        if place.parent is None:
            raise Problem("xforms.whole_form_repeats", place=place.path)
        outer = "" if group is None else group.get("appearance") or ""
        control = Control(
            kind="repeat", definition=place,
            label=label or wording.read_wording(children(element).get("label")),
            hint=None if group is None else wording.read_wording(children(group).get("hint")),
            appearance=" ".join(filter(None, (outer, given.get("appearance")))),
            parameters=_parameters(given),
            fixed=given.get(f"{{{JAVAROSA}}}noAddRemove", "").startswith("true"),
        )  # fmt: skip
        control.children = [inner for child in element for inner in self.element(child, place)]
        place.repeat = control
        place.control = control
        return control


def _itemset(found: etree._Element, place: Definition) -> Itemset:
    nodes = parse_at(found.get("nodeset") or "", "itemset", place.path)
    below = children(found)
    value, label = below.get("value"), below.get("label")
    source = nodes.args[0] if isinstance(nodes, Call) and nodes.name == "randomize" else nodes
    still = isinstance(source, Path) and instance_id(source) is not None
    return Itemset(
        nodes=nodes,
        value=parse_at((value.get("ref") if value is not None else "") or "name", "itemset", place.path),
        label=parse_at(label.get("ref") or "label", "itemset", place.path) if label is not None else None,
        stable=still and isinstance(source, Path) and not any(step.predicates for step in source.steps),
    )


def _spread(places: Mapping[str, Definition]) -> None:
    """Mark every place that stands within a repeat; places above come first."""
    for place in places.values():
        above = place.parent
        place.several = place.several or place.repeat is not None
        place.in_repeat = place.several or (above is not None and above.in_repeat)


def _option(element: etree._Element) -> Option:
    below = children(element)
    value = below.get("value")
    text = "" if value is None else (value.text or "").strip()
    return Option(text, wording.read_wording(below.get("label")) or Wording(pieces=(text,)))


def _parameters(given: Mapping[str, str]) -> dict[str, str]:
    """What a control says beside what every control says."""
    return {named(key)[1]: value for key, value in given.items() if named(key)[1] not in _OWN}
