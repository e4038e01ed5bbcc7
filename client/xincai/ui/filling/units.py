"""Units of measure in the screen's language; forms mark them in Chinese."""

from xincai.desk import Entry
from xincai.ui import language

_ENGLISH = {
    "元": "yuan", "万元": "10,000 yuan", "元/年": "yuan a year", "元/亩·年": "yuan per mu and year",
    "亩": "mu", "公顷": "ha", "平方米": "m²", "公斤": "kg", "吨": "t", "人": "people", "户": "households",
    "次": "times", "天": "days", "月": "months", "分": "points",
}  # fmt: skip


def unit_of(entry: Entry) -> str:
    """The unit of a question, "" when it has none."""
    unit = entry.attributes.get("unit", "")
    return _ENGLISH.get(unit, unit) if language.current() == "en" else unit


def headed(label: str, entry: Entry) -> str:
    """A column's head: the label with the unit, unless the label says it."""
    unit = unit_of(entry)
    if not unit or unit in label:
        return label
    return f"{label} ({unit})" if language.current() == "en" else f"{label}（{unit}）"
