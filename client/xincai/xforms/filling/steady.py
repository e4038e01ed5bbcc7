"""What is the same in every fresh filling of a form: worked out once, and kept with the form.

A rule is steady when the form alone says what it yields at first: nothing that it reaches, at whatever
remove, hangs on the day, the hour of this place on earth, chance, the person, the language, what was sealed
last, or an action. An action is steady when its expression reads no answer and none of these. `Form.outcomes`
holds what they yield, so that a fresh filling takes that instead of working it out; all it brings about comes
as always.
"""

from collections.abc import Iterable

from xincai.errors import Problem
from xincai.xforms.filling import actions
from xincai.xforms.filling.session import Session
from xincai.xforms.form import Action, Form, Rule
from xincai.xforms.reading import cache
from xincai.xforms.tree import Definition
from xincai.xforms.xpath.gist import gist
from xincai.xforms.xpath.syntax import Call, Expr, parts
from xincai.xforms.xpath.tracks import Standing, track
from xincai.xforms.xpath.values import Value

_CHANGING = frozenset(
    {
        "today", "now", "random", "uuid", "randomize", "property", "once",
        "date", "date-time", "decimal-date-time", "decimal-time", "format-date", "format-date-time",
    }
)  # fmt: skip
_LISTS = frozenset({"instance", "pulldata"})
_OPENING = ("calculate", "relevant", "required", "readonly")  # what a filling asks when it is opened
_TIMES = frozenset({"date", "time", "dateTime"})


def dump_form(form: Form, source: str = "") -> bytes:
    """The form as bytes, with what is steady in it; `source` is a digest of what it was read from."""
    if not form.outcomes:
        form.outcomes = outcomes(form)
    return cache.dump_form(form, source)


def outcomes(form: Form) -> dict[Rule | Action, Value]:
    """What the steady rules yield in a fresh filling, and the steady actions at any time.

    Within a repeat only what is the same in all instances. Nothing of a form that cannot be filled, or of
    which an action's target is not known beforehand.
    """
    moved = _moved(form)
    if moved is None:
        return {}
    names = _CHANGING | (_LISTS if form.last_saved else frozenset())
    changing = _changing(form, moved, names)
    found: dict[Rule | Action, Value] = {}
    try:
        filling = Session.new(form).filling
        with filling.meter:
            for rule in form.rules:
                if rule.property in _OPENING and rule not in changing:
                    values = [filling.code_of(rule)(node) for node in filling.nodes_of(rule.home)]
                    if len({(value.__class__, value) for value in values}) == 1:
                        found[rule] = values[0]
            for action in form.actions:
                if action.expr is not None and _constant(action.expr, names):
                    found[action] = actions.action_code(filling, action, form.root)(filling.top)
    except Problem:
        return {}
    return {one: value for one, value in found.items() if value.__class__ in (str, float, bool)}


def _moved(form: Form) -> set[Definition] | None:
    """Places whose first value is not the form's alone: those that fill themselves, and times of any kind."""
    found = {place for place in form.places.values() if place.type in _TIMES} | set(form.self_filling)
    for action in form.actions:
        led = track(action.target, Standing(action.home, action.home), form.root)
        if led is None:
            return None
        found.update(led.targets)
    return found


def _changing(form: Form, moved: Iterable[Definition], names: frozenset[str]) -> set[Rule]:
    """The rules that are not steady: those that change by themselves, and all that follows from them."""
    waiting = [rule for rule in form.rules if _changes(rule, names)]
    waiting += [rule for place in moved for rule in _readers(place)]
    found: set[Rule] = set()
    while waiting:
        rule = waiting.pop()
        if rule not in found:
            found.add(rule)
            waiting += _followers(rule)
    return found


def _changes(rule: Rule, names: frozenset[str]) -> bool:
    return rule.lingual or rule.loose or rule.property == "count" or _calls(rule.expr, names)


def _constant(expr: Expr, names: frozenset[str]) -> bool:
    """Whether an expression yields the same wherever and whenever it is asked."""
    asked = gist(expr)
    return asked.alone and not asked.reads and not asked.lingual and not _calls(expr, names)


def _calls(expr: Expr, names: frozenset[str]) -> bool:
    return (isinstance(expr, Call) and expr.name in names) or any(_calls(part, names) for part in parts(expr))


def _readers(place: Definition) -> list[Rule]:
    """The rules that hear of a place: those that read it, and its own constraint."""
    return [edge.rule for edge in place.edges] + [
        rule for rule in place.rules if rule.property == "constraint"
    ]


def _followers(rule: Rule) -> list[Rule]:
    """The rules that hear of what a rule yields."""
    if rule.property == "calculate":
        return _readers(rule.definition)
    if rule.property == "relevant":
        return [reader for place in rule.definition.walk() for reader in _readers(place)]
    if rule.property == "count":
        return [one for place in rule.definition.walk() for one in (*_readers(place), *place.rules)]
    return []
