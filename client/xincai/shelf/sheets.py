r"""An XLSForm as sheets, rows and cells, each of which knows where it was written.

The same for every way of writing one. Markdown: the first cell of a line names a sheet or is empty; the first
line of a sheet names its columns. A sheet named again goes on, with columns of its own, so that a long form
reads as short tables. A line whose first cell opens with `#` is a remark. `\|` is a bar inside a cell, `<br>`
a new line, `\<br>` those four signs themselves. CSV: the same in one file, the sheet's name alone on a line.
Excel is read in `workbook`.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from io import StringIO

from xincai.errors import Problem

_BAR = re.compile(r"(?<!\\)\|")
_SIGN = re.compile(r"\\\||\\<br>|<br>")
_RULER = re.compile(r"^[\s|:-]+$")


@dataclass(frozen=True)
class Place:
    """Where something is written.

    `row` counts from 1: lines of a text file, rows of an Excel sheet. `letters` are Excel's own names of the
    columns.
    """

    file: str
    sheet: str
    row: int
    letters: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    def facts(self, column: str = "") -> dict[str, str | int]:
        """The place as facts of a `Problem`."""
        return {"file": self.file, "sheet": self.sheet, "row": self.row, "column": column or "—"}

    def cell(self, column: str) -> str:
        """Excel's name of a cell of this row, such as F12; "" where columns have no letters."""
        letter = self.letters.get(column, "")
        return f"{letter}{self.row}" if letter else ""


@dataclass(frozen=True)
class Row:
    """One row: non-empty cells by column."""

    place: Place
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def with_cells(self, cells: Mapping[str, str]) -> "Row":
        return replace(self, cells=cells)


@dataclass(frozen=True)
class Sheet:
    """One table of an XLSForm."""

    name: str
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()


def read_markdown(text: str, file: str) -> dict[str, Sheet]:
    """Read the tables of a Markdown XLSForm, by lower-case sheet name; text outside tables is left aside."""
    return _gathered(_tables(text), file)


def read_csv(text: str, file: str) -> dict[str, Sheet]:
    """Read a CSV XLSForm: a line with a sheet's name in its first cell, then its columns and rows below."""
    return _gathered(_lines(text, file), file)


def _gathered(lines: Iterable[tuple[int, list[str]]], file: str) -> dict[str, Sheet]:
    """Sheets from numbered lines of cells, of which the first names a sheet or is empty."""
    heads: dict[str, dict[str, None]] = {}
    rows: dict[str, list[Row]] = {}
    name = ""
    columns: tuple[str, ...] = ()
    for number, (first, *cells) in lines:
        if first:
            name, columns = first.lower(), ()
            heads.setdefault(name, {})
            rows.setdefault(name, [])
        if not name or not any(cells):
            continue
        if not columns:
            columns = tuple(cells)
            heads[name].update(dict.fromkeys(filter(None, columns)))
            continue
        named = {column: cell for column, cell in zip(columns, cells, strict=False) if column and cell}
        rows[name].append(Row(Place(file, name, number), named))
    return {name: Sheet(name, tuple(head), tuple(rows[name])) for name, head in heads.items()}


def _tables(text: str) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if stripped.startswith("|") and not _RULER.match(stripped):
            cells = _cells(stripped)
            if not cells[0].startswith("#"):
                yield number, cells


def _lines(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """Lines that are not blank, each with the number of the line it begins on."""
    reader = csv.reader(StringIO(text, newline=""))
    begun = 1
    try:
        for cells in reader:
            if any(cells):
                yield begun, [cell.strip() for cell in cells]
            begun = reader.line_num + 1
    except csv.Error as trouble:
        raise Problem("shelf.not_csv", file=file, row=begun) from trouble


def _cells(line: str) -> list[str]:
    body = line[1:-1] if line.endswith("|") and not line.endswith("\\|") else line[1:]
    return [_SIGN.sub(_meant, cell.strip()) for cell in _BAR.split(body)]


def _meant(sign: re.Match[str]) -> str:
    """What a sign in a cell stands for."""
    return "\n" if sign[0] == "<br>" else sign[0][1:]
