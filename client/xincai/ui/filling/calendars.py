"""A date in the calendar that a form names, to stand under the field: dates are given in the common one.

Persian and Islamic dates come from Qt; Coptic, Ethiopian and Buddhist ones are counted here. A calendar that
needs tables (Bikram Sambat, Myanmar) is not shown, and the field is the plain one.
"""

from PySide6.QtCore import QCalendar, QDate, Qt

_SYSTEMS = {"persian": QCalendar.System.Jalali, "islamic": QCalendar.System.IslamicCivil}
_COPTIC_EPOCH = 1_825_030
_ETHIOPIAN_EPOCH = 1_724_221
"""Julian day numbers of the first day of year 1."""
_EPOCHS = {"coptic": _COPTIC_EPOCH, "ethiopian": _ETHIOPIAN_EPOCH}
_STARTS = (0, 365, 730, 1096)
"""Days of a cycle of four years before each of them."""
NAMES = ("persian", "islamic", "coptic", "ethiopian", "buddhist")


def named(appearance: str) -> str:
    """The calendar that an appearance names, of those that can be shown; else ""."""
    return next((word for word in appearance.split() if word in NAMES), "")


def convert(value: str, calendar: str) -> str:
    """A stored date as `year-month-day` of a calendar; "" when it cannot be said."""
    day = QDate.fromString(value[:10], Qt.DateFormat.ISODate)
    if not day.isValid():
        return ""
    if calendar in _EPOCHS:
        return _written(*_alexandrian(day.toJulianDay() - _EPOCHS[calendar]))
    if calendar == "buddhist":
        return _written(day.year() + 543, day.month(), day.day())
    system = _SYSTEMS.get(calendar)
    if system is None:
        return ""
    told = QCalendar(system)
    return _written(day.year(told), day.month(told), day.day(told))


def _alexandrian(days: int) -> tuple[int, int, int]:
    """Twelve months of thirty days and a short thirteenth, six days long in every third year of four."""
    cycle, rest = divmod(days, 1461)
    year = next(place for place in (3, 2, 1, 0) if rest >= _STARTS[place])
    month, day = divmod(rest - _STARTS[year], 30)
    return cycle * 4 + year + 1, month + 1, day + 1


def _written(year: int, month: int, day: int) -> str:
    return f"{year:04}-{month:02}-{day:02}"
