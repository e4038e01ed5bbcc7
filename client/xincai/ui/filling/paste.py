"""Rows copied in Excel: cells as people write them, read into what the questions store.

Pure. A first row that names questions says which column is which; otherwise columns follow the order of the
questions. What cannot be read is told by row and question, and the rest of the row is kept.
"""

import csv
import datetime
import io
import re
from collections.abc import Callable
from dataclasses import dataclass

from xincai.desk import Choice, Entry
from xincai.ui.filling import dates, shape
from xincai.ui.filling.money import plain

_NUMBER = {"int": re.compile(r"^-?\d+$"), "decimal": re.compile(r"^-?\d+(\.\d+)?$")}


@dataclass(frozen=True)
class Sheet:
    """What was copied: questions by column ("" where a column names none) and the rows of cells."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def read_sheet(text: str, questions: tuple[Entry, ...]) -> Sheet:
    """Tab-separated text as columns (by the question's name) and rows; empty rows are dropped."""
    table = [
        tuple(cell.strip() for cell in row)
        for row in csv.reader(io.StringIO(text, newline=""), dialect="excel-tab")
        if any(cell.strip() for cell in row)
    ]
    if not table:
        return Sheet((), ())
    names = {_bare(word): entry.name for entry in questions for word in (entry.label, entry.name)}
    head = tuple(names.get(_bare(cell), "") for cell in table[0])
    if sum(map(bool, head)) >= min(2, len(table[0])):
        return Sheet(head, tuple(table[1:]))
    return Sheet(tuple(entry.name for entry in questions), tuple(table))


def read_cell(
    cell: str, entry: Entry, choices: Callable[[], tuple[Choice, ...]], today: datetime.date, offset: str
) -> str | None:
    """The value a cell means for a question; "" for an empty cell, None when it means none."""
    if not cell:
        return ""
    if entry.control in ("select1", "select"):
        return _chosen(cell, choices(), many=entry.control == "select")
    readers: dict[str, Callable[[], str | None]] = {
        "int": lambda: _number(cell, entry),
        "decimal": lambda: _number(cell, entry),
        "date": lambda: dates.read_date(cell, today) or None,
        "time": lambda: dates.read_time(cell, offset) or None,
        "geopoint": lambda: _point(cell),
        "geoshape": lambda: _outline(cell),
    }
    return readers.get(entry.type, lambda: cell)()


def _number(cell: str, entry: Entry) -> str | None:
    number = plain(cell).removesuffix(entry.attributes.get("unit") or "\0")
    return number if _NUMBER[entry.type].match(number) else None


def _point(cell: str) -> str | None:
    point = shape.read_point(cell)
    return shape.write_point(point) if point else None


def _outline(cell: str) -> str | None:
    ring, wrong = shape.read_ring(cell)
    return shape.write_ring(ring) if len(ring) >= 3 and not wrong else None


def _chosen(cell: str, choices: tuple[Choice, ...], *, many: bool) -> str | None:
    known = {choice.label: choice.value for choice in reversed(choices)} | {c.value: c.value for c in choices}
    if not many:
        return known.get(cell)
    values = [known.get(part) for part in re.split(r"[、，,;；\s]+", cell) if part]
    return None if None in values else " ".join(value for value in values if value)


def _bare(words: str) -> str:
    return re.sub(r"[\s*：:（(].*$", "", words.strip())
