"""What is checked of an expression before a form may run: known functions, right counts, known lists."""

from collections.abc import Mapping

from xincai.errors import Problem
from xincai.xforms.compiler import SIGNATURES
from xincai.xforms.tracks import instance_id
from xincai.xforms.tree import Item
from xincai.xforms.xpath import Binary, Call, Expr, Negate, Num, Path, Text, parts

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
_WANTS_NODES = frozenset({"count", "count-non-empty", "position"})


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
    signature = SIGNATURES.get(call.name)
    if signature is None:
        raise Problem(
            "xforms.unknown_function",
            function=call.name,
            place=place,
            property=kind,
            instead=_instead(call.name),
        )
    if call.name in _WANTS_NODES and call.args and not _may_be_nodes(call.args[0]):
        raise Problem("xforms.not_nodes", function=call.name, place=place, property=kind)
    least, most = signature
    if len(call.args) < least or (most >= 0 and len(call.args) > most):
        raise Problem(
            "xforms.wrong_argument_count",
            function=call.name, place=place, property=kind, given=len(call.args),
            wanted=str(least) if least == most else f"{least}–{most if most >= 0 else '∞'}",
        )  # fmt: skip


def _may_be_nodes(expr: Expr) -> bool:
    return not isinstance(expr, Num | Text | Binary | Negate)


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
