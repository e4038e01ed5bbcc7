"""Dates and times the way people type them, read into what a form stores.

Pure. A date is read from `20260315`, `2026-3-15`, `2026年3月15日`, `3.15` (this year) and the words 今天,
昨天, 长期; a time from `930`, `9:30`, `9点半`. What cannot be read gives "".
"""

import datetime
import re

WEEKDAYS = ("一", "二", "三", "四", "五", "六", "日")
_FULL = re.compile(r"^(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?$")
_SOLID = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_SHORT = re.compile(r"^(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*[日号]?$")
_MONTH = re.compile(r"^(\d{4})\s*[-./年]?\s*(\d{1,2})\s*月?$")
_YEAR = re.compile(r"^(\d{4})\s*年?$")
_CLOCK = re.compile(r"^(\d{1,2})\s*[:：.点时]\s*(\d{1,2}|半)?\s*分?$")
_CLOCK_SOLID = re.compile(r"^(\d{1,2})(\d{2})$")
_WORDS = {"今天": 0, "今日": 0, "昨天": -1, "前天": -2, "明天": 1}
_WIDE = {ord("０") + n: str(n) for n in range(10)}


def read_date(text: str, today: datetime.date, *, grain: str = "day") -> str:
    """A typed date as `YYYY-MM-DD`, or ""; `grain` (day, month, year) says what may be left open."""
    text = text.strip().translate(_WIDE)
    if text in _WORDS:
        return (today + datetime.timedelta(days=_WORDS[text])).isoformat()
    if text == "长期":
        return "2099-12-31"
    if found := _FULL.match(text) or _SOLID.match(text):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if grain == "year":
        return _date(int(found[1]), 1, 1) if (found := _YEAR.match(text)) else ""
    if grain == "month":
        return _date(int(found[1]), int(found[2]), 1) if (found := _MONTH.match(text)) else ""
    found = _SHORT.match(text)
    return _date(today.year, int(found[1]), int(found[2])) if found else ""


def show_date(value: str, *, grain: str = "day") -> str:
    """A stored date as it stands in the field: no more of it than was asked."""
    return value[: {"year": 4, "month": 7}.get(grain, 10)]


def read_time(text: str, offset: str) -> str:
    """A typed time of day as the form stores it, `09:30:00.000+08:00`, or ""; `offset` like `+08:00`."""
    text = text.strip().translate(_WIDE)
    found = _CLOCK.match(text) or _CLOCK_SOLID.match(text)
    if not found:
        return ""
    hour, minute = int(found[1]), 30 if found[2] == "半" else int(found[2] or 0)
    return f"{hour:02}:{minute:02}:00.000{offset}" if hour < 24 and minute < 60 else ""


def show_time(value: str) -> str:
    """A stored time (or the time of a stored instant) as hours and minutes."""
    return value.partition("T")[2][:5] if "T" in value else value[:5]


def read_instant(text: str, today: datetime.date, offset: str) -> str:
    """A typed date and time, a space between them, as the form stores it, or ""."""
    day, _, hour = text.strip().partition(" ")
    date, time = read_date(day, today), read_time(hour, offset) if hour.strip() else ""
    return f"{date}T{time}" if date and time else ""


def weekday(value: str) -> str:
    """The Chinese weekday character of a stored date."""
    return WEEKDAYS[datetime.date.fromisoformat(value[:10]).weekday()]


def offset_text(offset: datetime.timedelta | None) -> str:
    """A zone's offset as `+08:00`."""
    minutes = int((offset or datetime.timedelta()).total_seconds() // 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def _date(year: int, month: int, day: int) -> str:
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return ""
