"""What a form says that runs, but hardly as meant: told to who writes it, never a reason to refuse it.

JavaRosa reads a place that does not exist as empty and a text as no date, and stops at a pattern it cannot
read only when it gets there. `warnings` finds such spots before anyone fills the form.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from xincai.errors import Problem
from xincai.xforms.form import Form, Pieces
from xincai.xforms.reading import body, wording
from xincai.xforms.tree import Definition
from xincai.xforms.xpath import coding, patterns, tracks
from xincai.xforms.xpath.strict import DATED
from xincai.xforms.xpath.syntax import Binary, Call, Chain, Expr, Negate, Num, Path, Step, Text, parts
from xincai.xforms.xpath.tracks import Standing

_CUTOFF = 0.6
_FORMATS = {"format-date", "format-date-time"}
_PIECES = frozenset("YymnbdeaHhMS3W%")
_DAYS = frozenset({"today", "now", "date", "date-time"})
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}", re.ASCII)
_MEANT = {"null": "''", "true": "true()", "false": "false()", "today": "today()", "now": "now()"}
_EQUAL = frozenset({"=", "!="})
_SOME = 6
_ORDER = frozenset({"<", "<=", ">", ">="})


class _Spot(NamedTuple):
    """Where an expression stands: for the person, and for the engine."""

    place: str
    property: str
    home: Definition


def warnings(form: Form) -> tuple[Problem, ...]:
    """All that is odd in a form's expressions, in the form's order, each told once.

    `xforms.no_such_reference`, `xforms.no_pattern`, `xforms.no_digest`, `xforms.no_date_format`,
    `xforms.date_as_text`, `xforms.not_quoted`, `xforms.not_a_repeat`, `xforms.bare_word`,
    `xforms.no_such_choice`; all with place and property.
    """
    found: dict[tuple[str, ...], Problem] = {}
    for expr, spot in _expressions(form):
        for problem in _of(form, expr, spot, Standing(spot.home, spot.home)):
            found.setdefault((problem.code, *map(str, problem.facts.values())), problem)
    return tuple(found.values())


def _expressions(form: Form) -> Iterator[tuple[Expr, _Spot]]:
    for place in form.root.walk():
        for rule in place.rules:
            yield rule.expr, _Spot(place.path, rule.property, place)
    for control in body.walk(list(form.body)):
        home = control.definition or form.root
        if control.itemset is not None:
            yield control.itemset.nodes, _Spot(home.path, "choice_filter", home)
        for name, words in (("label", control.label), ("hint", control.hint)):
            pieces: list[Expr] = [] if words is None else _outputs(words.pieces)
            if words is not None and words.itext:
                pieces += wording.outputs(form.texts, words.itext)
            for piece in pieces:
                yield piece, _Spot(home.path, name, home)
    for action in form.actions:
        if action.expr is not None:
            yield action.expr, _Spot(action.home.path, "setvalue", action.home)


def _outputs(pieces: Pieces) -> list[Expr]:
    return [piece for piece in pieces if not isinstance(piece, str)]


def _of(form: Form, expr: Expr, spot: _Spot, standing: Standing) -> Iterator[Problem]:
    """What is odd in an expression and all its parts."""
    if isinstance(expr, Path):
        yield from _path(form, expr, spot, standing)
        return
    if isinstance(expr, Call):
        yield from _call(form, expr, spot, standing)
    if isinstance(expr, Binary) and expr.op in _EQUAL:
        yield from _choice(form, expr.left, expr.right, spot, standing)
        yield from _choice(form, expr.right, expr.left, spot, standing)
    if isinstance(expr, Binary) and expr.op in _ORDER and _is_day_against_text(expr):
        yield Problem("xforms.date_as_text", place=spot.place, property=spot.property, operator=expr.op)
    for part in parts(expr):
        yield from _of(form, part, spot, standing)


def _path(form: Form, path: Path, spot: _Spot, standing: Standing) -> Iterator[Problem]:
    found = tracks.track(path, standing, form.root)
    if found is None:
        if not isinstance(path.start, str):
            yield from _of(form, path.start, spot, standing)
        for step in path.steps:
            for predicate in step.predicates:
                yield from _of(form, predicate, spot, Standing(None, standing.origin))
        return
    if not found.targets and path.steps:
        nearest, facts = _nearest(form, path), {"place": spot.place, "property": spot.property}
        if nearest == "–" and path.start == "." and len(path.steps) == 1:
            yield Problem("xforms.bare_word", path=_written(path), **facts)
        else:
            yield Problem("xforms.no_such_reference", path=_written(path), nearest=nearest, **facts)
        return
    places: list[Definition] = [found.anchor]
    for step in found.steps:
        places = [after for place in places for after in tracks.below(place, step)]
        for predicate in step.predicates:
            yield from _of(form, predicate, spot, Standing(places[0] if places else None, standing.origin))


def _call(form: Form, call: Call, spot: _Spot, standing: Standing) -> Iterator[Problem]:
    where = {"place": spot.place, "property": spot.property}
    second = call.args[1].value if len(call.args) > 1 and isinstance(call.args[1], Text) else None
    if call.name == "regex" and second is not None and not patterns.is_pattern(second):
        yield Problem("xforms.no_pattern", pattern=second, **where)
    if call.name == "digest" and second is not None and second.upper() not in coding.ALGORITHMS:
        yield Problem("xforms.no_digest", given=second, **where)
    if call.name in _FORMATS and second is not None and (wrong := _unknown_pieces(second)):
        yield Problem("xforms.no_date_format", given=wrong, **where)
    if call.name in ("selected", "is-selected") and isinstance(call.args[1], Num | Negate):
        yield Problem("xforms.not_quoted", function=call.name, **where)
    if call.name in ("selected", "is-selected"):
        yield from _choice(form, call.args[0], call.args[1], spot, standing)
    if call.name in DATED and call.args and _is_no_day(call.args[0]):
        yield Problem("xforms.no_date", function=call.name, **where)
    if call.name == "indexed-repeat":
        yield from _indexed(form, call, spot, standing)


def _choice(form: Form, asked: Expr, given: Expr, spot: _Spot, standing: Standing) -> Iterator[Problem]:
    """A comparison with a choice that the question does not have."""
    if not isinstance(asked, Path) or not isinstance(given, Text) or not given.value:
        return
    found = tracks.track(asked, standing, form.root)
    if found is None or len(found.targets) != 1:
        return
    known = _values(form, found.targets[0])
    if known and given.value not in known:
        yield Problem(
            "xforms.no_such_choice", place=spot.place, property=spot.property,
            path=found.targets[0].name, given=given.value, known=_like(given.value, known),
        )  # fmt: skip


def _values(form: Form, place: Definition) -> list[str]:
    """All choices that a question may ever offer; none where that is not known."""
    control = place.control
    if control is None or control.control not in ("select1", "select", "rank"):
        return []
    if control.itemset is None:
        return [item.value for item in control.items]
    lists = [tracks.instance_id(path) for path in _paths(control.itemset.nodes)]
    root = form.instances.get(lists[0] or "") if len(lists) == 1 else None
    column = control.itemset.value
    if root is None or not isinstance(column, Path) or len(column.steps) != 1:
        return []
    return [item.cell(column.steps[0].name) for item in root.kids.get("item", [])]


def _paths(expr: Expr) -> Iterator[Path]:
    """The paths that an itemset's nodes come from, its filter left aside."""
    if isinstance(expr, Path):
        yield expr
    elif isinstance(expr, Call) and expr.args:
        yield from _paths(expr.args[0])


def _like(given: str, known: list[str]) -> str:
    """Choices that are most like what was given, else the first ones."""
    import difflib

    close = difflib.get_close_matches(given, known, n=_SOME, cutoff=_CUTOFF)
    return ", ".join(close or known[:_SOME])


def _indexed(form: Form, call: Call, spot: _Spot, standing: Standing) -> Iterator[Problem]:
    for path in call.args[1::2]:
        found = tracks.track(path, standing, form.root) if isinstance(path, Path) else None
        place = found.targets[0] if found is not None and found.targets else None
        if place is None or place.repeat is None:
            given = _written(path) if isinstance(path, Path) else "…"
            yield Problem("xforms.not_a_repeat", place=spot.place, property=spot.property, path=given)


def _unknown_pieces(pattern: str) -> str:
    """The first piece of a date pattern that means nothing, "" when all do."""
    for match in re.finditer(r"%(.?)", pattern, re.DOTALL):
        if match[1] not in _PIECES or not match[1]:
            return match[0]
    return ""


def _is_no_day(expr: Expr) -> bool:
    from xincai.xforms.xpath.values import to_moment

    return isinstance(expr, Text) and _DATE.match(expr.value) is not None and to_moment(expr.value) == ""


def _is_day_against_text(expr: Binary) -> bool:
    sides = (expr.left, expr.right)
    return any(_is_day(side) for side in sides) and any(
        isinstance(side, Text) and _DATE.match(side.value) for side in sides
    )


def _is_day(expr: Expr) -> bool:
    if isinstance(expr, Binary | Chain):
        return any(map(_is_day, parts(expr)))
    return isinstance(expr, Path) or (isinstance(expr, Call) and expr.name in _DAYS)


def _written(path: Path) -> str:
    """The path as a person would write it, without its predicates."""
    start = "/" if path.start == "/" else "current()/" if isinstance(path.start, Call) else ""
    return start + "/".join(map(_step, path.steps))


def _step(step: Step) -> str:
    if step.axis == "parent":
        return ".."
    if step.axis == "self":
        return "."
    return f"@{step.name}" if step.axis == "attribute" else step.name


def _nearest(form: Form, path: Path) -> str:
    """The name in the form that is most like the one that leads nowhere."""
    import difflib

    if path.start == "." and (meant := _MEANT.get(path.steps[-1].name)):
        return meant
    names = {place.name: place.path for place in form.root.walk() if place.parent is not None}
    wanted = path.steps[-1].name
    if wanted in names:
        return names[wanted]
    close = difflib.get_close_matches(wanted, names, n=1, cutoff=_CUTOFF)
    return names[close[0]] if close else "–"
