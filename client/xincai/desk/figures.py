"""How figures are read: sums of money with thousands apart, units in the reader's language.

Pure. Forms mark units in Chinese; a value stays the text that the form stores, and nothing here rounds.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from xincai.desk.views import Language
from xincai.letters import values
from xincai.xforms import Entry

_MONEY = frozenset({"元", "万元"})
_SAID = 10**16
_ENGLISH: Mapping[str, str] = {
    "元": "yuan", "万元": "10,000 yuan", "元/年": "yuan a year", "元/亩·年": "yuan per mu and year",
    "亩": "mu", "公顷": "ha", "平方米": "m²", "公斤": "kg", "吨": "t", "人": "people", "户": "households",
    "次": "times", "天": "days", "月": "months", "分": "points",
}  # fmt: skip


def is_grouped(entry: Entry) -> bool:
    """Whether a number is shown with thousands apart."""
    money = entry.attributes.get("unit", "") in _MONEY
    return entry.type in ("int", "decimal") and (money or "thousands-sep" in entry.appearance)


def thousands(text: str) -> str:
    """`1234567.50` as `1,234,567.50`; what is not a plain number comes back as it is."""
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, dot, fraction = digits.partition(".")
    if not whole.isdecimal() or (fraction and not fraction.isdecimal()):
        return text
    return f"{sign}{int(whole):,}{dot}{fraction}"


def capitals(text: str) -> str:
    """An amount of yuan in capitals, as letters write it; "" when it cannot be said."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return ""
    said = amount.is_finite() and 0 <= amount < _SAID and not amount * 100 % 1
    return values.capital(text) if said else ""


def unit_in(entry: Entry, language: Language) -> str:
    """The unit of a question, "" when it has none."""
    unit = entry.attributes.get("unit", "")
    return _ENGLISH.get(unit, unit) if language == "en" else unit


def figure(entry: Entry, shown: str, language: Language) -> str:
    """An answer as it is read, a number with its unit."""
    if entry.control != "input" or not shown:
        return shown
    unit = unit_in(entry, language)
    joint = " × " if unit[:1].isdigit() else " "
    return f"{thousands(shown) if is_grouped(entry) else shown}{joint}{unit}".strip()
