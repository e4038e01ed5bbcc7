"""Dates as text and as numbers."""

import datetime
import math
import re
from collections.abc import Callable, Mapping
from typing import TypeAlias

from xincai.xforms.xpath.values import (
    NAN,
    Value,
    localized,
    moment_to_days,
    parse_moment,
    parse_time,
    seconds_of_day,
    to_moment,
    to_number,
)

Pieces: TypeAlias = Mapping[str, Callable[[datetime.datetime], str]]
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_PIECE = re.compile("%(.)", re.DOTALL)
_OF_DAYS = re.compile("(?:[^%]|%[YymnbdeaW%])*").fullmatch  # what does not ask for the time of day
_MIDNIGHT = datetime.time(0, 0)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def format_moment(value: Value, pattern: str, language: str = "") -> str:
    """`format-date`, `format-date-time`: "" when the value is none; months and days named in the language."""
    pieces = _CHINESE if is_chinese(language) else _PIECES
    if value.__class__ is datetime.date and _OF_DAYS(pattern):
        return _format(datetime.datetime.combine(value, _MIDNIGHT), pattern, pieces)
    moment = to_moment(value)
    if not isinstance(moment, datetime.datetime):
        return ""
    return _format(localized(moment), pattern, pieces)


def is_chinese(language: str) -> bool:
    """Whether a form's language is Chinese, however it is named."""
    lowered = language.lower()
    return "zh" in lowered or "中文" in lowered or "chinese" in lowered


def decimal_moment(value: Value) -> float | str:
    """`decimal-date-time`: days since 1970, with a fraction; nothing of nothing."""
    return "" if value == "" else moment_to_days(value)


def decimal_time(value: Value) -> float | str:
    """`decimal-time`: the fraction of the day that has passed, in local time; nothing of nothing."""
    if value == "":
        return ""
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
    return number - math.floor(number) if math.isfinite(number) else NAN


def _of_day(moment: datetime.datetime) -> float:
    """The fraction as JavaRosa gets it, from all days since 1970."""
    offset = localized(moment).utcoffset() or datetime.timedelta()
    days = (moment.timestamp() + offset.total_seconds()) / 86400
    return days - math.floor(days)


def _format(moment: datetime.datetime, pattern: str, pieces: Pieces) -> str:
    parts = _PIECE.split(pattern)  # every other one is the letter of a piece
    for at in range(1, len(parts), 2):
        made = pieces.get(parts[at])
        parts[at] = f"%{parts[at]}" if made is None else made(moment)
    return "".join(parts)


def _week(day: datetime.date) -> int:
    """The week of the year: from Sunday, the first being that of 1 January."""
    sunday = _sunday(day)
    if (sunday + datetime.timedelta(days=6)).year > day.year:
        return 1
    return (sunday - _sunday(day.replace(month=1, day=1))).days // 7 + 1


def _sunday(day: datetime.date) -> datetime.date:
    return day - datetime.timedelta(days=(day.weekday() + 1) % 7)


_PIECES: Pieces = {
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
    "W": lambda m: str(_week(m.date())),
    "%": lambda m: "%",  # noqa: ARG005 - itself
}
_CHINESE: Pieces = {
    **_PIECES,
    "b": lambda m: f"{m.month}月",
    "a": lambda m: f"周{'一二三四五六日'[m.weekday()]}",
}
