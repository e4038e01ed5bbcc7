"""Dates as text and as numbers."""

import datetime
import math
from collections.abc import Callable

from xincai.xforms.values import (
    NAN,
    Clock,
    Value,
    localized,
    moment_to_days,
    parse_moment,
    parse_time,
    seconds_of_day,
    to_moment,
    to_number,
)

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def format_date(value: Value, pattern: str) -> str:
    """`format-date`: "" when the value is no date."""
    return format_moment(value, pattern)


def format_moment(value: Value, pattern: str) -> str:
    """`format-date-time`: "" when the value is no instant."""
    moment = to_moment(value)
    return _format(localized(moment), pattern) if isinstance(moment, datetime.datetime) else ""


def decimal_moment(value: Value) -> float:
    """`decimal-date-time`: days since 1970, with a fraction."""
    return moment_to_days(value)


def decimal_time(value: Value) -> float:
    """`decimal-time`: the fraction of the day that has passed, in local time."""
    if isinstance(value, Clock):
        return value.fraction
    if isinstance(value, str):
        time = parse_time(value)
        if time is not None:
            return seconds_of_day(time) / 86400
        moment = parse_moment(value)
        return NAN if moment is None else _of_day(moment)
    if isinstance(value, datetime.datetime):
        return _of_day(value)
    if isinstance(value, datetime.date):
        return 0.0
    number = to_number(value)
    return number % 1 if math.isfinite(number) else NAN


def _of_day(moment: datetime.datetime) -> float:
    return seconds_of_day(localized(moment).time()) / 86400


def _format(moment: datetime.datetime, pattern: str) -> str:
    parts: list[str] = []
    at = 0
    while at < len(pattern):
        letter = pattern[at]
        if letter == "%" and at + 1 < len(pattern):
            at += 1
            parts.append(_piece(moment, pattern[at]))
        else:
            parts.append(letter)
        at += 1
    return "".join(parts)


def _piece(moment: datetime.datetime, code: str) -> str:
    made = _PIECES.get(code)
    return f"%{code}" if made is None else made(moment)


_PIECES: dict[str, Callable[[datetime.datetime], str]] = {
    "Y": lambda m: f"{m.year:04}",
    "y": lambda m: f"{m.year % 100:02}",
    "m": lambda m: f"{m.month:02}",
    "n": lambda m: str(m.month),
    "b": lambda m: _MONTHS[m.month - 1],
    "d": lambda m: f"{m.day:02}",
    "e": lambda m: str(m.day),
    "a": lambda m: _DAYS[m.weekday()],
    "H": lambda m: f"{m.hour:02}",
    "h": lambda m: str(m.hour),
    "M": lambda m: f"{m.minute:02}",
    "S": lambda m: f"{m.second:02}",
    "3": lambda m: f"{m.microsecond // 1000:03}",
    "Z": lambda m: m.strftime("%z"),
    "%": lambda m: "%",  # noqa: ARG005 - itself
}
