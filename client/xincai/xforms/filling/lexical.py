"""Text as stored, and the typed value behind it.

`accept` judges what a person gives; `read` turns what is stored into a value without ever changing the text;
`store` writes what an expression yields.
"""

import datetime
import math
import re
from collections.abc import Callable

from xincai.errors import Problem
from xincai.xforms.xpath import geo
from xincai.xforms.xpath.values import (
    Clock,
    Value,
    local_midnight,
    localized,
    moment_to_text,
    parse_date,
    parse_moment,
    parse_time,
    plain_number,
    text_to_number,
    to_date,
    to_moment,
    to_string,
)

_INTEGER = re.compile(r"[+-]?\d+\Z", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)\Z", re.ASCII)
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LARGEST_INTEGER = 2**31 - 1
LONGEST = 1_000_000


def accept(kind: str, text: str, ref: str) -> Value:
    """The value of an answer; "" clears.

    Raises:
        Problem: `xforms.not_integer`, `xforms.integer_too_large`, `xforms.not_decimal`, `xforms.not_date`,
            `xforms.not_time`, `xforms.not_datetime`, `xforms.not_boolean`, `xforms.not_place`,
            `xforms.forbidden_character`, `xforms.answer_too_long`.
    """
    if text == "":
        return ""
    if len(text) > LONGEST:
        raise Problem("xforms.answer_too_long", ref=ref, length=len(text), most=LONGEST)
    if not text.isprintable() and _FORBIDDEN.search(text):
        raise Problem("xforms.forbidden_character", ref=ref)
    check = _CHECKS.get(kind)
    if check is None:
        return text
    check(text, ref)
    return read(kind, text)


def read(kind: str, text: str) -> Value:  # noqa: PLR0911 - one case after the other
    """The typed value of a stored text; text that is not of its type stays text."""
    if text == "":
        return ""
    if kind in ("int", "decimal"):
        number = text_to_number(text.strip().removeprefix("+"))
        return text if math.isnan(number) else number
    if kind == "date":
        if "T" in text:
            moment = parse_moment(text)
            return text if moment is None else moment.date()
        return parse_date(text.strip()) or text
    if kind == "dateTime":
        return parse_moment(text) or text
    if kind == "time":
        return Clock(text) if parse_time(text) is not None else text
    if kind == "boolean" and text in ("true", "false", "1", "0"):
        return text in ("true", "1")
    return text


def misfit(kind: str, text: str) -> Problem | None:
    """What is wrong with a stored text that is not of its type (from a damaged or foreign file), or None."""
    check = _CHECKS.get(kind)
    if check is None or text == "":
        return None
    value = read(kind, text)
    if isinstance(value, Clock) if kind == "time" else not isinstance(value, str):
        return None
    try:
        check(text, "")
    except Problem as problem:
        return problem
    return None


def store(kind: str, value: Value) -> tuple[str, Value]:  # noqa: PLR0911 - one case after the other
    """Text and value that a place keeps of an expression's result."""
    if value == "" and isinstance(value, str):
        return "", ""
    if isinstance(value, bool):
        if kind in ("int", "decimal"):
            return _store_number(kind, float(value))
        return ("1" if value else "0"), value
    if isinstance(value, float):
        return _store_number(kind, value)
    if isinstance(value, datetime.date):
        return _store_date(kind, value)
    text = clean(str(value))
    if kind in ("int", "decimal", "date", "dateTime", "time", "boolean"):
        return _store_text(kind, text)
    return text, text


def clean(text: str) -> str:
    """Text without the characters that XML cannot hold."""
    return text if text.isprintable() else _FORBIDDEN.sub("", text)


def _store_number(kind: str, number: float) -> tuple[str, Value]:
    if math.isnan(number):
        return "", ""
    if math.isinf(number):
        return to_string(number), number
    if kind in ("date", "dateTime"):
        moment = to_date(number) if kind == "date" else to_moment(number)
        return store(kind, moment)
    if kind == "int" or (abs(number) < 2**63 and abs(number - int(number)) < 1e-9):
        number = float(int(number))
    return plain_number(number), number


def _store_date(kind: str, value: datetime.date) -> tuple[str, Value]:
    if isinstance(value, datetime.datetime):
        if kind == "date":
            day = localized(value).date()
            return day.isoformat(), day
        if kind == "time":
            text = moment_to_text(value).partition("T")[2]
            return text, Clock(text)
        return moment_to_text(value), value
    if kind == "dateTime":
        moment = local_midnight(value)
        return moment_to_text(moment), moment
    return value.isoformat(), value


def _store_text(kind: str, text: str) -> tuple[str, Value]:
    """A text where the place wants a type: converted when it means something, kept as it is otherwise."""
    value = read(kind, text)
    if kind == "int" and isinstance(value, float) and math.isfinite(value) and not value.is_integer():
        return _store_number(kind, value)
    return text, value


def _integer(text: str, ref: str) -> None:
    if _INTEGER.match(text) is None:
        raise Problem("xforms.not_integer", ref=ref)
    if abs(int(text[:20])) > LARGEST_INTEGER:
        raise Problem("xforms.integer_too_large", ref=ref, most=LARGEST_INTEGER)


def _decimal(text: str, ref: str) -> None:
    if _DECIMAL.match(text) is None or len(text) > 40:
        raise Problem("xforms.not_decimal", ref=ref)


def _date(text: str, ref: str) -> None:
    if _ISO_DATE.match(text) is None or parse_date(text) is None:
        raise Problem("xforms.not_date", ref=ref)


def _time(text: str, ref: str) -> None:
    if parse_time(text) is None:
        raise Problem("xforms.not_time", ref=ref)


def _moment(text: str, ref: str) -> None:
    if "T" not in text or parse_moment(text) is None:
        raise Problem("xforms.not_datetime", ref=ref)


def _boolean(text: str, ref: str) -> None:
    if text not in ("true", "false", "1", "0"):
        raise Problem("xforms.not_boolean", ref=ref)


def _place(least: int) -> Callable[[str, str], None]:
    def check(text: str, ref: str) -> None:
        found = geo.points([text])
        if found is None or len(found) < least or (least == 1 and len(found) != 1):
            raise Problem("xforms.not_place", ref=ref, least=least)

    return check


_CHECKS: dict[str, Callable[[str, str], None]] = {
    "int": _integer,
    "decimal": _decimal,
    "date": _date,
    "time": _time,
    "dateTime": _moment,
    "boolean": _boolean,
    "geopoint": _place(1),
    "geotrace": _place(2),
    "geoshape": _place(3),
}
