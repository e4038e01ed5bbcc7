"""What an expression yields, and how one kind becomes another: JavaRosa's rules.

A value is a str, float, bool, date, datetime (aware) or `Clock` (a time of day). No value is "". Dates count
as whole local days since 1970-01-01; numbers are equal within 1e-12; a time of day counts as a fraction of a
day.
"""

import datetime
import math
import re
from typing import TypeAlias

NAN = math.nan
CLOSE = 1e-12
_NUMBER = re.compile(r"\s*-?(?:\d+(?:[.,]\d*)?|[.,]\d+)\s*\Z", re.ASCII)
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?![\d])", re.ASCII)
_TIME = re.compile(
    r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{1,2}(?::?\d{2})?)?\Z", re.ASCII
)
_EPOCH = datetime.date(1970, 1, 1)
_EPOCH_DAY = _EPOCH.toordinal()
_FIRST_DAY, _LAST_DAY = -719_000, 2_932_000  # years 1 to 9999, days since 1970
_SOME_DAY = datetime.date(1970, 1, 2)
_MIDNIGHT = datetime.time(0, 0)


class Clock(str):
    """A time of day: its own text, and a number between 0 and 1."""

    __slots__ = ()

    @property
    def fraction(self) -> float:
        """The part of a day that has passed, where this computer stands."""
        moment = parse_time(self)
        return NAN if moment is None else seconds_of_day(moment) / 86400

    @property
    def moment(self) -> datetime.datetime | None:
        """An instant with this time of day, on the second day of 1970, for those who only ask the time."""
        time = parse_time(self)
        return None if time is None else localized(datetime.datetime.combine(_SOME_DAY, time))


Value: TypeAlias = str | float | bool | datetime.date | datetime.datetime | Clock


def to_number(value: Value) -> float:  # noqa: PLR0911 - one case after the other
    """Number of a value; NaN where there is none. Text may use a decimal comma but no exponent."""
    kind = value.__class__
    if kind is float:
        return value  # type: ignore[return-value]  # narrowed by its class, faster than isinstance
    if kind is str:
        return text_to_number(value)  # type: ignore[arg-type]  # likewise
    if kind is bool:
        return 1.0 if value else 0.0
    if kind is datetime.date:
        return float(value.toordinal() - _EPOCH_DAY)  # type: ignore[union-attr]  # likewise
    if isinstance(value, Clock):
        return value.fraction
    if isinstance(value, datetime.datetime):
        value = localized(value).date()
    if isinstance(value, datetime.date):
        return float(value.toordinal() - _EPOCH_DAY)
    return float(value)


def text_to_number(text: str) -> float:
    """Number of a text, NaN when it is none."""
    if text.isdigit() and text.isascii():
        return float(text)
    if _NUMBER.match(text) is None:
        return NAN
    return float(text.replace(",", "."))


def to_string(value: Value) -> str:
    """Text of a value as JavaRosa writes it; instants lose their time of day."""
    kind = value.__class__
    if kind is str:
        return value  # type: ignore[return-value]  # narrowed by its class
    if kind is float:
        return number_to_text(value)  # type: ignore[arg-type]  # likewise
    if kind is bool:
        return "true" if value else "false"
    if isinstance(value, datetime.datetime):
        return localized(value).date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value)


def to_boolean(value: Value) -> bool:
    """Truth of a value: by value, never by the existence of a node."""
    kind = value.__class__
    if kind is bool:
        return value  # type: ignore[return-value]  # narrowed by its class
    if kind is float:
        return abs(value) > CLOSE  # type: ignore[arg-type]  # NaN compares false
    return bool(value) if isinstance(value, str) else True


def equal(left: Value, right: Value) -> bool:
    """`=`: booleans first, then numbers (within 1e-12), then text."""
    a, b = left.__class__, right.__class__
    if a is str and b is str:
        return left == right
    if a is float and b is float:
        return left == right or abs(left - right) < CLOSE  # type: ignore[operator]  # narrowed by their class
    if a is bool or b is bool:
        return to_boolean(left) == to_boolean(right)
    if a is float or b is float:
        x, y = to_number(left), to_number(right)
        return x == y or abs(x - y) < CLOSE
    return to_string(left) == to_string(right)


def number_to_text(number: float) -> str:
    """Java's text of a double, whole numbers within 32 bits without a fraction."""
    if number != number:  # noqa: PLR0124 - NaN
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if -(2**31) <= number < 2**31 and abs(number - int(number)) < CLOSE:
        return str(int(number))
    return _java_double(number)


def plain_number(number: float) -> str:
    """A number as stored in an instance: never with an exponent."""
    if number == int(number) and abs(number) < 1e17:
        return str(int(number))
    text = repr(number)
    if "e" not in text:
        return text
    mantissa, _, exponent = text.partition("e")
    sign = "-" if mantissa.startswith("-") else ""
    whole, _, part = mantissa.lstrip("-").partition(".")
    digits, point = whole + part, len(whole) + int(exponent)
    if point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    if point >= len(digits):
        return sign + digits + "0" * (point - len(digits))
    return f"{sign}{digits[:point]}.{digits[point:]}"


def _java_double(number: float) -> str:
    size = abs(number)
    if 1e-3 <= size < 1e7:
        return repr(number)
    mantissa, _, exponent = f"{number!r}".partition("e")
    if not exponent:
        digits = repr(size).replace(".", "").strip("0")
        power = math.floor(math.log10(size))
        if float(f"{digits[0]}.{digits[1:] or '0'}e{power}") != size:
            power += 1 if float(f"{digits[0]}.{digits[1:] or '0'}e{power + 1}") == size else -1
        sign = "-" if number < 0 else ""
        return f"{sign}{digits[0]}.{digits[1:] or '0'}E{power}"
    if "." not in mantissa:
        mantissa += ".0"
    return f"{mantissa}E{int(exponent)}"


def parse_date(text: str) -> datetime.date | None:
    """The date a text begins with, or None."""
    match = _DATE.match(text)
    if match is None:
        return None
    try:
        return datetime.date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def parse_time(text: str) -> datetime.time | None:
    """A time of day with its offset, if it has one, or None."""
    match = _TIME.match(text.strip())
    if match is None:
        return None
    try:
        micro = int((match[4] or "0")[:6].ljust(6, "0"))
        return datetime.time(int(match[1]), int(match[2]), int(match[3] or 0), micro, _offset(match[5]))
    except ValueError:
        return None


def parse_moment(text: str) -> datetime.datetime | None:
    """An instant; a date alone is local midnight, a time without offset is local. None when it is none."""
    head, _, tail = text.strip().partition("T")
    day = parse_date(head)
    if day is None or (head != text.strip() and not tail):
        return None
    if not tail:
        return local_midnight(day) if _DATE.fullmatch(head) else None
    time = parse_time(tail)
    return None if time is None else localized(datetime.datetime.combine(day, time))


def local_midnight(day: datetime.date) -> datetime.datetime:
    """The first instant of a day where this computer stands."""
    return localized(datetime.datetime.combine(day, _MIDNIGHT))


def localized(moment: datetime.datetime) -> datetime.datetime:
    """The instant in the offset of this computer; at the ends of the calendar, as it stands."""
    try:
        return moment.astimezone()
    except (OverflowError, OSError, ValueError):
        return moment.replace(tzinfo=moment.tzinfo or datetime.UTC)


def moment_to_text(moment: datetime.datetime) -> str:
    """ISO 8601 with milliseconds and offset, as ODK stores a dateTime."""
    text = localized(moment).isoformat(timespec="milliseconds")
    return text[:-6] + "Z" if text.endswith("+00:00") else text


def seconds_of_day(time: datetime.time) -> float:
    """Seconds since midnight, local when the time carries an offset."""
    if time.tzinfo is not None:
        time = localized(datetime.datetime.combine(_SOME_DAY, time)).timetz()
    return time.hour * 3600 + time.minute * 60 + time.second + time.microsecond / 1e6


def moment_to_days(value: Value) -> float:
    """Days since 1970-01-01T00:00Z with a fraction; NaN when the value is no instant."""
    if isinstance(value, str):
        found = parse_moment(value)
        if found is None:
            return NAN
        value = found
    if isinstance(value, datetime.datetime):
        return value.timestamp() / 86400
    if isinstance(value, datetime.date):
        return local_midnight(value).timestamp() / 86400
    return to_number(value)


def to_date(value: Value) -> datetime.date | str:  # noqa: PLR0911 - one case after the other
    """`date()`: the local day of a value, "" when it is none; a text with a time keeps it, as in JavaRosa."""
    if isinstance(value, Clock):
        return value.moment or ""
    if isinstance(value, datetime.datetime):
        return localized(value).date()
    if isinstance(value, datetime.date):
        return value
    if isinstance(value, str):
        return _text_to_date(value)
    if isinstance(value, bool):
        return ""
    number = to_number(value)
    if not math.isfinite(number) or not _FIRST_DAY <= number < _LAST_DAY:
        return ""
    return _EPOCH + datetime.timedelta(days=int(number))


def to_moment(value: Value) -> datetime.datetime | str:
    """`date-time()`: the instant of a value, "" when it is none."""
    if isinstance(value, Clock):
        return value.moment or ""
    if isinstance(value, datetime.datetime):
        return value
    if isinstance(value, str):
        return parse_moment(value) or ""
    if isinstance(value, float):
        if not math.isfinite(value) or not _FIRST_DAY <= value < _LAST_DAY:
            return ""
        midnight = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
        return localized(midnight + datetime.timedelta(milliseconds=int(value * 86_400_000)))
    day = to_date(value)
    return local_midnight(day) if isinstance(day, datetime.date) else ""


def _text_to_date(text: str) -> datetime.date | str:
    if "T" in text:
        return parse_moment(text) or ""
    day = parse_date(text.strip())
    return "" if day is None or not _DATE.fullmatch(text.strip()) else day


def _offset(text: str | None) -> datetime.timezone | None:
    if not text:
        return None
    if text == "Z":
        return datetime.UTC
    digits = text[1:].replace(":", "").ljust(4, "0") if len(text) > 3 or ":" in text else f"{text[1:]:0>2}00"
    if int(digits[2:4]) > 59:
        raise ValueError(text)
    minutes = int(digits[:2]) * 60 + int(digits[2:4])
    return datetime.timezone(datetime.timedelta(minutes=-minutes if text[0] == "-" else minutes))


def divide(a: float, b: float) -> float:
    """`div`: by nothing it is endless, or no number."""
    if b:
        return a / b
    if a != a or a == 0:  # noqa: PLR0124 - NaN
        return NAN
    return math.copysign(math.inf, a) * math.copysign(1.0, b)


def modulo(a: float, b: float) -> float:
    """`mod`, with the sign of what is divided."""
    try:
        return math.fmod(a, b)
    except ValueError:
        return NAN
