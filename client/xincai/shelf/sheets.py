r"""An XLSForm as sheets, rows and cells, each of which knows where it was written.

Markdown only: the first cell of a line names a sheet or is empty; the first line of a sheet names its
columns. A sheet named again goes on, with columns of its own, so that a long form reads as short tables. A
line whose first cell opens with `#` is a remark. `\|` is a bar inside a cell, `<br>` a new line.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

_BAR = re.compile(r"(?<!\\)\|")
_RULER = re.compile(r"^[\s|:-]+$")


@dataclass(frozen=True)
class Place:
    """Where something is written; `row` counts lines of the file from 1."""

    file: str
    sheet: str
    row: int

    def facts(self, column: str = "") -> dict[str, str | int]:
        """The place as facts of a `Problem`."""
        return {"file": self.file, "sheet": self.sheet, "row": self.row, "column": column or "—"}


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
    sheets: dict[str, Sheet] = {}
    name = ""
    columns: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if not stripped.startswith("|") or _RULER.match(stripped):
            continue
        first, *cells = _cells(stripped)
        if first.startswith("#"):
            continue
        if first:
            name, columns = first.lower(), ()
            sheets.setdefault(name, Sheet(name))
        if not name or not any(cells):
            continue
        if not columns:
            columns = tuple(cells)
            known = dict.fromkeys((*sheets[name].columns, *filter(None, columns)))
            sheets[name] = replace(sheets[name], columns=tuple(known))
            continue
        named = {column: cell for column, cell in zip(columns, cells, strict=False) if column and cell}
        row = Row(Place(file, name, number), named)
        sheets[name] = replace(sheets[name], rows=(*sheets[name].rows, row))
    return sheets


def _cells(line: str) -> list[str]:
    body = line[1:-1] if line.endswith("|") and not line.endswith("\\|") else line[1:]
    return [cell.strip().replace("\\|", "|").replace("<br>", "\n") for cell in _BAR.split(body)]
