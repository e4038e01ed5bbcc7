"""Units of measure in the screen's language; forms mark them in Chinese."""

from xincai.desk import Entry
from xincai.desk.figures import unit_in
from xincai.ui import language


def unit_of(entry: Entry) -> str:
    """The unit of a question, "" when it has none."""
    return unit_in(entry, language.current())


def headed(label: str, entry: Entry) -> str:
    """A column's head: the label with the unit, unless the label says it."""
    unit = unit_of(entry)
    if not unit or unit in label:
        return label
    return f"{label} ({unit})" if language.current() == "en" else f"{label}（{unit}）"
