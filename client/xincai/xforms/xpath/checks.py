"""What is checked of an expression before a form may run: known functions, right counts, known lists."""

from collections.abc import Iterable, Mapping

from xincai.errors import Problem
from xincai.xforms.tree import Item
from xincai.xforms.xpath.compiler import SIGNATURES, fits
from xincai.xforms.xpath.special import IN_PAIRS
from xincai.xforms.xpath.strict import lacks_nodes
from xincai.xforms.xpath.syntax import Call, Path
from xincai.xforms.xpath.tracks import instance_id
from xincai.xforms.xpath.usage import usage

_INSTEAD = {
    "ceil": "ceiling(…)",
    "len": "string-length(…)",
    "length": "string-length(…) / count(…)",
    "average": "sum(…) div count(…)",
    "avg": "sum(…) div count(…)",
    "mean": "sum(…) div count(…)",
    "iif": "if(…, …, …)",
    "isnull": "… = ''",
    "is-null": "… = ''",
    "index": "position(..)",
    "lower-case": "translate(…)",
    "upper-case": "translate(…)",
    "matches": "regex(…, …)",
    "replace": "translate(…) / substr(…)",
    "search": "select_one_from_file",
    "mod": "a mod b",
    "div": "a div b",
    "and": "… and …",
    "or": "… or …",
    "concatenate": "concat(…)",
    "textjoin": "join(…)",
    "left": "substr(…, 0, n)",
    "right": "substr(…, string-length(…) - n)",
    "mid": "substr(…, from, to)",
    "find": "contains(…, …)",
    "lower": "translate(…)",
    "upper": "translate(…)",
    "trim": "normalize-space(…)",
    "value": "number(…)",
    "text": "string(…) / format-date(…, '%Y-%m-%d')",
    "isblank": "… = ''",
    "isempty": "… = ''",
    "is-empty": "… = ''",
    "empty": "… = ''",
    "ifelse": "if(…, …, …)",
    "roundup": "ceiling(…)",
    "rounddown": "floor(…)",
    "power": "pow(…, …)",
    "counta": "count-non-empty(…)",
    "countif": "count(…[…])",
    "sumif": "sum(…[…]/…)",
    "vlookup": "pulldata(…) / instance('list')/root/item[name = …]/label",
    "year": "format-date(…, '%Y')",
    "month": "format-date(…, '%n')",
    "day": "format-date(…, '%e')",
    "datedif": "… - …",
    "datediff": "… - …",
    "date-diff": "… - …",
}
_CUTOFF = 0.7


def is_doubtful(one: Call | Path) -> bool:
    """Whether a call cannot run, or a path leads into a list that a form may lack."""
    return instance_id(one) is not None if isinstance(one, Path) else not fits(one) or lacks_nodes(one)


def check(
    doubts: Iterable[Call | Path], kind: str, place: str, instances: Mapping[str, Item] | None = None
) -> None:
    """Refuse what cannot run, naming the place, the property and what to write instead.

    Raises:
        Problem: `xforms.unknown_function`, `xforms.wrong_argument_count`, `xforms.not_nodes`,
            `xforms.unknown_list`.
    """
    for one in doubts:
        if isinstance(one, Call):
            raise misfit(one, kind, place)
        _check_list(one, kind, place, instances)


def misfit(call: Call, kind: str, place: str) -> Problem:
    """What is wrong with a call: no such function, not that many arguments, no nodes where they must be."""
    if fits(call):
        return Problem("xforms.not_nodes", function=call.name, place=place, property=kind)
    signature = SIGNATURES.get(call.name)
    if signature is None:
        facts = {"function": call.name, "place": place, "property": kind}
        instead = _instead(call.name)
        if not instead:
            return Problem("xforms.no_such_function", **facts)
        return Problem("xforms.unknown_function", instead=instead, **facts)
    return Problem(
        "xforms.wrong_argument_count",
        function=call.name, place=place, property=kind, given=len(call.args), wanted=_wanted(call.name),
        usage=usage(call.name),
    )  # fmt: skip


def _wanted(name: str) -> str:
    least, most = SIGNATURES[name]
    if name in IN_PAIRS:
        return f"{least}, {least + 2}, …" if most < 0 else ", ".join(map(str, range(least, most + 1, 2)))
    return str(least) if least == most else f"{least}–{most if most >= 0 else '∞'}"


def _check_list(path: Path, kind: str, place: str, instances: Mapping[str, Item] | None) -> None:
    name = instance_id(path)
    if name is not None and instances is not None and name not in instances:
        known = ", ".join(sorted(instances)[:8]) or "–"
        raise Problem("xforms.unknown_list", list=name, place=place, property=kind, known=known)


def _instead(name: str) -> str:
    """What is most likely meant; "" when nothing is."""
    import difflib

    plain = name.lower().replace("_", "-")
    if plain in SIGNATURES:
        return usage(plain)
    if plain in _INSTEAD:
        return _INSTEAD[plain]
    close = difflib.get_close_matches(plain, [*SIGNATURES, *_INSTEAD], n=1, cutoff=_CUTOFF)
    return "" if not close else _INSTEAD.get(close[0]) or usage(close[0])
