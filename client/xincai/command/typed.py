"""Values between the JSON of a driver and the typed values of the engine.

A driver gives texts; a text is brought into the form in which its type is stored, and one that is not of its
type is no answer at all: what other engines' drivers do, so that the same script means the same.
"""

import math
import re
from collections.abc import Sequence

from xincai.errors import Problem
from xincai.xforms.filling import lexical
from xincai.xforms.form import Form
from xincai.xforms.tree import Node, Place
from xincai.xforms.xpath import values
from xincai.xforms.xpath.values import Value

_LISTS = ("select", "rank")
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NUMBERS = re.compile(r"[\s;]*-?\d[\d.]*(?:[\s;]+-?\d[\d.]*)*[\s;]*")


def text_of(value: object) -> str:
    """A JSON value as the text it stands for; nothing for null and for what holds more than one value."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | str):
        return str(value)
    return ""


def typed(node: Node, text: str) -> tuple[str, Value]:
    """Text as stored and its value; nothing where the text is not of the question's type.

    Raises:
        Problem: `xforms.answer_too_long`.
    """
    control, kind = node.definition.control, node.definition.type
    if control is not None and control.control in _LISTS:
        text = " ".join(text.split())
    chosen = control is not None and control.control in (*_LISTS, "select1")
    text = lexical.clean(text if chosen else _stored(kind, text))
    try:
        return text, lexical.accept(kind, text, node.definition.path)
    except Problem as problem:
        if problem.code == "xforms.answer_too_long":
            raise
        kept = chosen or (kind.startswith("geo") and _NUMBERS.fullmatch(text) is not None)
        return (text, lexical.read(kind, text)) if kept else ("", "")


def _stored(kind: str, text: str) -> str:
    """The text in the form in which values of a type are stored."""
    if kind == "int":
        return str(int(text)) if text.strip().lstrip("+-").isdigit() and len(text) < 20 else text
    if kind == "decimal":
        return _decimal(text.strip())
    if kind == "geopoint" and len(text.split()) == 1:
        return f"{text.strip()} 0.0 0.0 0.0"
    if kind in ("date", "dateTime") and (day := _DAY.fullmatch(text.strip())):
        text = f"{day[1]}-{int(day[2]):02}-{int(day[3]):02}"
        date = values.parse_date(text)
        return text if kind == "date" or date is None else values.moment_to_text(values.local_midnight(date))
    if kind in ("date", "time", "dateTime", "geopoint", "geotrace", "geoshape", "boolean"):
        return text.strip()
    return text


def _decimal(text: str) -> str:
    if "e" not in text.lower():
        return text
    try:
        number = float(text)
    except ValueError:
        return text
    return values.plain_number(number) if math.isfinite(number) else text


def told(value: Value) -> dict[str, object]:
    """A value with its kind, and as a string, a boolean and a number."""
    kind, plain = _kind(value)
    return {
        "type": kind, "value": plain, "string": values.to_string(value), "boolean": values.to_boolean(value),
        "number": _double(values.to_number(value)),
    }  # fmt: skip


def place_ref(place: Place, form: Form) -> str:
    """Where a node stands: positions from 0 on each element below the root; `instance(id)` for lists."""
    names: list[str] = []
    while place.parent is not None:
        names.append(f"{place.name}[{place.position - 1}]")
        place = place.parent
    head = ""
    if not isinstance(place, Node):
        head = next((f"instance({name})" for name, root in form.instances.items() if root is place), "")
    return "/".join([head, place.name, *reversed(names)])


def texts_of(places: Sequence[Place]) -> list[str]:
    """The texts of nodes."""
    return [values.to_string(place.seen) for place in places]


def _kind(value: Value) -> tuple[str, object]:
    if isinstance(value, bool):
        return "boolean", value
    if isinstance(value, float):
        return "number", value if math.isfinite(value) else values.number_to_text(value)
    if isinstance(value, str):
        return "string", str(value)
    return "date", values.to_string(value)


def _double(number: float) -> str:
    """A number as Java writes a double: `4.0`, `1.0E12`, `NaN`."""
    text = values.number_to_text(number)
    if not text.lstrip("-").isdigit():
        return text
    if abs(number) < 1e7:
        return "-0.0" if number == 0 and math.copysign(1, number) < 0 else f"{text}.0"
    return _large(number)


def _large(number: float) -> str:
    digits = str(abs(int(number)))
    return f"{'-' if number < 0 else ''}{digits[0]}.{digits[1:].rstrip('0') or '0'}E{len(digits) - 1}"
