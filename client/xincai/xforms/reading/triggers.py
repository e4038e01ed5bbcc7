"""Actions as the form writes them: what happens when (`setvalue`, `odk:setgeopoint`, `odk:recordaudio`).

An action stands in the model, in a control, in a group or in a repeat, and there may be several; where it
stands is its home. An attribute that an action fills becomes a place of its own. Older forms' names are
understood: `odk:setlocation`, `jr-insert`; `xforms-ready` stays an event of its own, after the first load's.
"""

from collections.abc import Callable

from lxml import etree

from xincai.errors import Problem
from xincai.xforms.form import Action
from xincai.xforms.reading import body
from xincai.xforms.reading.document import local, named
from xincai.xforms.tree import Definition
from xincai.xforms.xpath.checks import check
from xincai.xforms.xpath.gist import gist
from xincai.xforms.xpath.syntax import Expr, Path

_KINDS = {
    "setvalue": "setvalue", "setgeopoint": "geopoint", "setlocation": "geopoint", "recordaudio": "audio",
}  # fmt: skip
_NAMED = [f"{{*}}{name}" for name in _KINDS]
_EVENTS = "{http://www.w3.org/2001/xml-events}event"
_OWN = frozenset({"event", "ref", "bind", "value"})


def read_actions(
    model: etree._Element,
    page: etree._Element,
    root: Definition,
    place_of: Callable[[str], Definition | None],
) -> list[Action]:
    """All actions: the model's first, then those of the body, each in the form's order.

    Places learn the actions that their changes bring about.

    Raises:
        Problem: `xforms.bad_rule` and the like, with the place.
    """
    found: list[Action] = []
    for element in (*model.iterchildren(*_NAMED), *page.iter(*_NAMED)):
        action = _action(element, model, root, place_of)
        found.append(action)
        if "xforms-value-changed" in action.events:
            action.home.actions.append(action)
    return found


def _action(
    element: etree._Element,
    model: etree._Element,
    root: Definition,
    place_of: Callable[[str], Definition | None],
) -> Action:
    events = (element.get("event") or element.get(_EVENTS) or "").split()
    ref = element.get("ref") or _bound(model, element.get("bind"))
    place_of(ref)  # an attribute becomes a place
    target = body.parse_at(ref, "setvalue", ref)
    if not isinstance(target, Path):
        raise Problem("xforms.bad_expression", expression=ref, at=ref)
    parent = element.getparent()
    home = None
    if parent is not None and local(parent) != "model":
        home = place_of(
            parent.get("ref") or parent.get("nodeset") or _bound(model, parent.get("bind"))
        ) or _around(parent, place_of)
    kind = _KINDS[local(element)]
    return Action(
        frozenset("odk-new-repeat" if event == "jr-insert" else event for event in events),
        target,
        _value(element, ref) if kind == "setvalue" else None,
        "".join(element.itertext()) if kind == "setvalue" else "",
        home or root,
        kind=kind,
        parameters={named(k)[1]: v for k, v in element.items() if named(k)[1] not in _OWN},
    )


def _value(element: etree._Element, ref: str) -> Expr | None:
    value = element.get("value")
    if not value or not value.strip():
        return None
    expr = body.parse_at(value, "setvalue", ref)
    check(gist(expr).doubts, "setvalue", ref)
    return expr


def _bound(model: etree._Element, name: str | None) -> str:
    """The nodeset of the bind with an id."""
    if not name:
        return ""
    found = next((b for b in model if local(b) == "bind" and b.get("id") == name), None)
    return "" if found is None else found.get("nodeset") or ""


def _around(element: etree._Element, place_of: Callable[[str], Definition | None]) -> Definition | None:
    """The nearest control around that stands for a place; a group may be there for its looks alone."""
    above = element.getparent()
    while above is not None and local(above) != "body":
        ref = above.get("ref") or above.get("nodeset")
        if ref:
            return place_of(ref)
        above = above.getparent()
    return None
