"""Expressions asked for their own sake: what JavaRosa would not evaluate is told, not passed over.

Within a filling such a call yields nothing, so that no answer can stop a form.
"""

import re
from collections.abc import Callable
from typing import Any, cast

from xincai.errors import Problem
from xincai.xforms.xpath import coding, patterns
from xincai.xforms.xpath.functions import Function
from xincai.xforms.xpath.syntax import Binary, Call, Chain, Negate, Num, Text
from xincai.xforms.xpath.values import Value, to_moment

DATED = frozenset(
    {"date", "date-time", "decimal-date-time", "decimal-time", "format-date", "format-date-time"}
)
WANTS_NODES = frozenset({"count", "count-non-empty", "position", "sum"})


def of(call: Call, function: Function) -> Function:
    """The function, refusing what it otherwise passes over.

    Raises (when called):
        Problem: `xforms.no_date`, `xforms.no_pattern`, `xforms.no_digest`.
    """
    check = _CHECKS.get(call.name)
    if check is None and call.name not in DATED:
        return function
    body = function.body

    def run(*arguments: Value) -> Any:  # noqa: ANN401 - whatever the function yields
        if check is not None:
            check(*arguments)
        if call.name in DATED and _is_no_day(arguments[0]):
            raise Problem("xforms.no_date", function=call.name, place="", property="evaluate")
        return body(*arguments)

    return function._replace(body=cast("Callable[..., Value]", run))


def lacks_nodes(call: Call) -> bool:
    """Whether a function of nodes is given what can be none."""
    if call.name not in WANTS_NODES or not call.args:
        return False
    given = call.args[0]
    if isinstance(given, Chain):
        return given.op != "|"
    return isinstance(given, Num | Text | Binary | Negate)


def _is_no_day(value: Value) -> bool:
    """Written as a date is, and yet on no calendar."""
    return isinstance(value, str) and _DATE_LIKE.match(value) is not None and to_moment(value) == ""


def _pattern(text: str, pattern: str) -> None:  # noqa: ARG001 - the pattern alone is judged
    if not patterns.is_pattern(pattern):
        raise Problem("xforms.no_pattern", pattern=pattern, place="", property="evaluate")


def _digest(text: str, algorithm: str, encoding: str = "base64") -> None:  # noqa: ARG001 - only how
    if algorithm.upper() not in coding.ALGORITHMS or encoding.upper() not in coding.ENCODINGS:
        raise Problem("xforms.no_digest", given=f"{algorithm}, {encoding}", place="", property="evaluate")


_DATE_LIKE = re.compile(r"\s*\d{4}-\d{1,2}-\d{1,2}", re.ASCII)
_CHECKS: dict[str, Callable[..., None]] = {"regex": _pattern, "digest": _digest}
