"""What is checked of an expression before a form may run: known functions, right counts, known lists."""

from collections.abc import Mapping

from xincai.errors import Problem
from xincai.xforms.tree import Item
from xincai.xforms.xpath.compiler import SIGNATURES, fits
from xincai.xforms.xpath.special import IN_PAIRS
from xincai.xforms.xpath.strict import lacks_nodes
from xincai.xforms.xpath.syntax import Call, Expr, Path, parts
from xincai.xforms.xpath.tracks import instance_id

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
}
_CUTOFF = 0.7


def check_expression(expr: Expr, kind: str, place: str, instances: Mapping[str, Item] | None) -> None:
    """Refuse what cannot run, naming the place, the property and what to write instead.

    Raises:
        Problem: `xforms.unknown_function`, `xforms.wrong_argument_count`, `xforms.not_nodes`,
            `xforms.unknown_list`.
    """
    if isinstance(expr, Call):
        _check_call(expr, kind, place)
    elif isinstance(expr, Path):
        _check_list(expr, kind, place, instances)
    for part in parts(expr):
        check_expression(part, kind, place, instances)


def _check_call(call: Call, kind: str, place: str) -> None:
    if not fits(call) or lacks_nodes(call):
        raise misfit(call, kind, place)


def misfit(call: Call, kind: str, place: str) -> Problem:
    """What is wrong with a call: no such function, not that many arguments, no nodes where they must be."""
    if fits(call):
        return Problem("xforms.not_nodes", function=call.name, place=place, property=kind)
    signature = SIGNATURES.get(call.name)
    if signature is None:
        return Problem(
            "xforms.unknown_function",
            function=call.name, place=place, property=kind, instead=_instead(call.name),
        )  # fmt: skip
    return Problem(
        "xforms.wrong_argument_count",
        function=call.name, place=place, property=kind, given=len(call.args), wanted=_wanted(call.name),
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
    if name in _INSTEAD:
        return _INSTEAD[name]
    import difflib

    close = difflib.get_close_matches(name, SIGNATURES, n=1, cutoff=_CUTOFF)
    return f"{close[0]}(…)" if close else "–"
