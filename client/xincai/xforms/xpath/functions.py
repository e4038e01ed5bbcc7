"""ODK's functions over plain values: signatures, conversions, JavaRosa's results.

Each entry says how many arguments it takes and what they become: `s` text, `n` number, `b` truth, `v` as it
is, `l` all values of a node-set, `k` the nodes themselves; the last letter repeats. Functions that need the
form (position, instance, current, …) live in the compiler.
"""

import math
import re
import sys
from collections.abc import Callable, Sequence
from typing import NamedTuple

from xincai import clock
from xincai.xforms.budget import letters, making
from xincai.xforms.tree import Place
from xincai.xforms.xpath import coding, dates, geo, patterns
from xincai.xforms.xpath.values import (
    NAN,
    Value,
    to_boolean,
    to_date,
    to_moment,
    to_number,
    to_string,
)

Result = Value | list[Place]
_ENOUGH = 700  # digits that hold any number and thirty places
MOST_PLACES = 30


class Function(NamedTuple):
    """A function: argument counts (most -1: any), argument kinds, kind of result, and its body."""

    least: int
    most: int
    kinds: str
    result: str
    body: Callable[..., Result]


def _concat(*parts: Sequence[Value]) -> str:
    return _put("", [to_string(value) for part in parts for value in part])


def _join(separator: str, *parts: Sequence[Value]) -> str:
    """The values of one node-set, or values of which an empty node-set is one."""
    if len(parts) > 1:
        parts = tuple(part or [""] for part in parts)
    return _put(separator, [to_string(value) for part in parts for value in part])


def _put(separator: str, texts: list[str]) -> str:
    making(sum(map(len, texts)) + len(separator) * len(texts))
    return separator.join(texts)


def index(number: float) -> int:
    """Where a text is cut: what is no number means its beginning; beyond its end means its end."""
    if math.isfinite(number):
        return int(number)
    return sys.maxsize if number == math.inf else 0


def _substring(text: str, start: float, count: float | None = None) -> str:
    """XPath 1.0's own, 1-based."""
    first = math.floor(start + 0.5) if math.isfinite(start) else start
    last = math.inf if count is None else first + (math.floor(count + 0.5) if math.isfinite(count) else count)
    begin, end = (min(max(edge - 1, 0), len(text)) if edge == edge else 0 for edge in (first, last))  # noqa: PLR0124 - NaN
    return text[int(begin) : int(end)]


def _translate(text: str, old: str, new: str) -> str:
    table: dict[int, str | None] = {}
    letters(len(text) + len(old))
    for at, letter in enumerate(old):
        table.setdefault(ord(letter), new[at] if at < len(new) else None)
    return text.translate(table)


def _before(text: str, mark: str) -> str:
    head, found, _ = text.partition(mark) if mark else ("", "", "")
    return head if found else ""


def _after(text: str, mark: str) -> str:
    if not mark:
        return text
    return text.partition(mark)[2]


def _uuid(length: float | None = None) -> str:
    if length is None or not math.isfinite(length):
        return clock.new_id()
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    count = max(0, min(int(length), 1000))
    return "".join(alphabet[byte % len(alphabet)] for byte in clock.random_bytes(count)) if count else ""


def _random() -> float:
    return int.from_bytes(clock.random_bytes(7)) / 2**56


def _boolean_from_string(text: str) -> bool:
    return text.lower() == "true" or text == "1"


def _checklist(least: float, most: float, *parts: Sequence[Value]) -> bool:
    return _between(sum(to_boolean(value) for part in parts for value in part), least, most)


def _weighted_checklist(least: float, most: float, *parts: Sequence[Value]) -> bool:
    """Pairs of truth and weight: either one after the other, or all truths and then all weights."""
    if len(parts) == 2:
        truths, weights = parts
    else:
        values = [value for part in parts for value in (part or [""])]
        truths, weights = values[::2], values[1::2]
    pairs = zip(truths, weights, strict=False)
    return least <= sum(to_number(weight) for truth, weight in pairs if to_boolean(truth)) <= most


def _between(number: float, least: float, most: float) -> bool:
    return (least < 0 or number >= least) and (most < 0 or number <= most)


def _selected(chosen: str, choice: str) -> bool:
    return f" {choice.strip()} " in f" {chosen} "


def _selected_at(chosen: str, at: float) -> str:
    parts, where = chosen.split(), index(at)
    return parts[where] if 0 <= where < len(parts) else ""


def _numbers(parts: Sequence[Sequence[Value]]) -> list[float]:
    found = [to_number(value) for part in parts for value in part if value != ""]
    return [number for number in found if number == number]  # noqa: PLR0124 - NaN


def _sum(*parts: Sequence[Value]) -> float:
    """The sum of all that are numbers; others, as JavaRosa has it, do not count."""
    return sum(_numbers(parts), 0.0)


def _max(*parts: Sequence[Value]) -> float:
    return max(_numbers(parts), default=NAN)


def _min(*parts: Sequence[Value]) -> float:
    return min(_numbers(parts), default=NAN)


def _int(value: Value) -> float:
    number = to_number(value)
    return math.copysign(int(number), number) if math.isfinite(number) else number


def _round(value: Value, places: float = 0.0) -> float:
    number = to_number(value)
    if not math.isfinite(number) or not math.isfinite(places):
        return number
    digits = int(places)
    if digits == 0:
        return float(math.floor(number + 0.5))
    return _half_up(number, digits)


def _half_up(number: float, digits: int) -> float:
    """Round the shortest decimal text of a number, halves upwards; NaN beyond thirty places (JavaRosa)."""
    if abs(digits) > MOST_PLACES:
        return NAN
    if digits > 0 and number == int(number):
        return number
    import decimal

    step = decimal.Decimal(1).scaleb(-digits)
    way = decimal.ROUND_HALF_DOWN if number < 0 else decimal.ROUND_HALF_UP
    return float(decimal.Decimal(repr(number)).quantize(step, way, decimal.Context(prec=_ENOUGH)))


def _power(base: float, exponent: float) -> float:
    """As Java has it: 1 to an infinite power is no number."""
    if exponent != exponent or (abs(base) == 1 and math.isinf(exponent)):  # noqa: PLR0124 - NaN
        return NAN
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return math.inf
    except ValueError:
        return math.inf if base == 0 else NAN


def _safe(body: Callable[..., float], *, at_zero: float = NAN) -> Callable[..., float]:
    def run(*numbers: float) -> float:
        try:
            return body(*numbers)
        except OverflowError:
            return math.inf
        except ValueError:
            return at_zero if numbers[0] == 0 else NAN

    return run


def _count_non_empty(nodes: Sequence[Place]) -> float:
    return float(sum(1 for node in nodes if node.seen != "" or any(node.kids)))


def _normalize(text: str) -> str:
    letters(len(text))
    return re.sub(r"[ \t\r\n]+", " ", text).strip(" ")


def _compare_text(text: str, pattern: str) -> bool:
    return patterns.matches(pattern, text)


def _date(value: Value) -> Value:
    return value if value != value else to_date(value)  # noqa: PLR0124 - no number, no date


def _moment(value: Value) -> Value:
    return value if value != value else to_moment(value)  # noqa: PLR0124 - likewise


FUNCTIONS: dict[str, Function] = {
    "string-length": Function(0, 1, "s", "n", lambda text: float(len(text))),
    "concat": Function(0, -1, "l", "s", _concat),
    "join": Function(1, -1, "sl", "s", _join),
    "substring": Function(2, 3, "snn", "s", _substring),
    "substring-before": Function(2, 2, "ss", "s", _before),
    "substring-after": Function(2, 2, "ss", "s", _after),
    "translate": Function(3, 3, "sss", "s", _translate),
    "contains": Function(2, 2, "ss", "b", lambda text, part: part in text),
    "starts-with": Function(2, 2, "ss", "b", lambda text, part: text.startswith(part)),
    "ends-with": Function(2, 2, "ss", "b", lambda text, part: text.endswith(part)),
    "uuid": Function(0, 1, "n", "s", _uuid),
    "digest": Function(2, 3, "sss", "s", coding.digest),
    "base64-decode": Function(1, 1, "s", "s", coding.decode),
    "extract-signed": Function(2, 2, "ss", "s", coding.extract_signed),
    "true": Function(0, 0, "", "b", lambda: True),
    "false": Function(0, 0, "", "b", lambda: False),
    "boolean": Function(1, 1, "b", "b", lambda truth: truth),
    "boolean-from-string": Function(1, 1, "s", "b", _boolean_from_string),
    "not": Function(1, 1, "b", "b", lambda truth: not truth),
    "regex": Function(2, 2, "ss", "b", _compare_text),
    "checklist": Function(2, -1, "nnl", "b", _checklist),
    "weighted-checklist": Function(2, -1, "nnl", "b", _weighted_checklist),
    "random": Function(0, 0, "", "n", _random),
    "int": Function(1, 1, "v", "n", _int),
    "sum": Function(1, -1, "l", "n", _sum),
    "max": Function(0, -1, "l", "n", _max),
    "min": Function(0, -1, "l", "n", _min),
    "round": Function(1, 2, "vn", "n", _round),
    "floor": Function(1, 1, "n", "n", lambda n: float(math.floor(n)) if math.isfinite(n) else n),
    "ceiling": Function(1, 1, "n", "n", lambda n: float(math.ceil(n)) if math.isfinite(n) else n),
    "pow": Function(2, 2, "nn", "n", _power),
    "log": Function(1, 1, "n", "n", _safe(math.log, at_zero=-math.inf)),
    "log10": Function(1, 1, "n", "n", _safe(math.log10, at_zero=-math.inf)),
    "abs": Function(1, 1, "n", "n", abs),
    "sin": Function(1, 1, "n", "n", _safe(math.sin)),
    "cos": Function(1, 1, "n", "n", _safe(math.cos)),
    "tan": Function(1, 1, "n", "n", _safe(math.tan)),
    "asin": Function(1, 1, "n", "n", _safe(math.asin)),
    "acos": Function(1, 1, "n", "n", _safe(math.acos)),
    "atan": Function(1, 1, "n", "n", _safe(math.atan)),
    "atan2": Function(2, 2, "nn", "n", math.atan2),
    "sqrt": Function(1, 1, "n", "n", _safe(math.sqrt)),
    "exp": Function(1, 1, "n", "n", _safe(math.exp)),
    "exp10": Function(1, 1, "n", "n", lambda n: _power(10.0, n)),
    "pi": Function(0, 0, "", "n", lambda: math.pi),
    "count": Function(1, 1, "k", "n", lambda nodes: float(len(nodes))),
    "count-non-empty": Function(1, 1, "k", "n", _count_non_empty),
    "selected": Function(2, 2, "ss", "b", _selected),
    "is-selected": Function(2, 2, "ss", "b", _selected),
    "selected-at": Function(2, 2, "sn", "s", _selected_at),
    "count-selected": Function(1, 1, "s", "n", lambda chosen: float(len(chosen.split()))),
    "date": Function(1, 1, "v", "v", _date),
    "date-time": Function(1, 1, "v", "v", _moment),
    "format-date": Function(2, 2, "vs", "s", dates.format_moment),
    "format-date-time": Function(2, 2, "vs", "s", dates.format_moment),
    "decimal-date-time": Function(1, 1, "v", "v", dates.decimal_moment),
    "decimal-time": Function(1, 1, "v", "v", dates.decimal_time),
    "area": Function(1, 1, "l", "n", geo.area),
    "enclosed-area": Function(1, 1, "l", "n", geo.area),
    "distance": Function(1, -1, "l", "n", geo.distance),
    "geofence": Function(2, 2, "sl", "b", geo.geofence),
    "intersects": Function(1, 1, "l", "b", geo.intersects),
    "depend": Function(1, -1, "v", "v", lambda first, *_: first),
}
CONCAT = Function(0, -1, "s", "s", lambda *texts: _put("", list(texts)))  # of what is one text each
NORMALIZE = Function(1, 1, "s", "s", _normalize)
