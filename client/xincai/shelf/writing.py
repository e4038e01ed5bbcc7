"""Sheets written down again: as Markdown, which people compare, and as Excel, which people edit.

What is written reads back as the same cells, and so builds the same XForm; that is proven before a file is
handed over. Excel cells are text, whatever they look like, so that nothing in them is taken for a formula, a
number or a date.
"""

import re
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import TYPE_CHECKING

from xincai.errors import Problem
from xincai.shelf.sheets import Place, Row, Sheet, read_markdown
from xincai.shelf.workbook import read_xlsx

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

LONGEST = 32_767
"""Characters that Excel takes in a cell."""
_ORDER = ("settings", "survey", "choices", "external_choices", "entities", "osm")
_EXCEL_ORDER = ("survey", "choices", "external_choices", "entities", "osm", "settings")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_WIDTHS = {"type": 26, "name": 24, "list_name": 20}
_WIDE = 36


def write_markdown(sheets: Mapping[str, Sheet], title: str = "") -> str:
    """The sheets as Markdown tables."""
    parts = [f"# {title}\n"] if title else []
    for sheet in _ordered(sheets, _ORDER):
        lines = [_line(sheet.name, sheet.columns), "|---" * (len(sheet.columns) + 1) + "|"]
        lines += [_line("", (row[column] for column in sheet.columns)) for row in sheet.rows]
        parts.append("\n".join(lines) + "\n")
    text = "\n".join(parts)
    _prove(sheets, read_markdown(text, ""))
    return text


def write_xlsx(sheets: Mapping[str, Sheet]) -> bytes:
    """The sheets as an Excel workbook."""
    from openpyxl import Workbook

    for sheet in sheets.values():
        _refuse_unfit(sheet)
    book = Workbook(write_only=True)
    for sheet in _ordered(sheets, _EXCEL_ORDER):
        _fill(book.create_sheet(sheet.name), sheet)
    stream = BytesIO()
    book.save(stream)
    data = stream.getvalue()
    _prove(sheets, read_xlsx(data, "", frozenset(sheets)))
    return data


def _ordered(sheets: Mapping[str, Sheet], order: tuple[str, ...]) -> list[Sheet]:
    return [sheets[name] for name in order if name in sheets and sheets[name].columns]


def _line(first: str, cells: Iterable[str]) -> str:
    shown = (
        cell.replace("|", "\\|").replace("<br>", "\\<br>").replace("\n", "<br>") for cell in cells
    )  # fmt: skip
    return f"| {first} | {' | '.join(shown)} |"


def _fill(page: "WriteOnlyWorksheet", sheet: Sheet) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    def cell(value: str, *, head: bool) -> object:
        if not value:
            return None
        made = WriteOnlyCell(page, value=value)
        made.data_type = "s"
        made.number_format = "@"
        made.alignment = Alignment(vertical="top", wrap_text=not head)
        if head:
            made.font, made.fill = Font(bold=True), PatternFill("solid", fgColor="DDEBF7")
        return made

    page.freeze_panes = "A2"
    for number, column in enumerate(sheet.columns, 1):
        page.column_dimensions[get_column_letter(number)].width = _WIDTHS.get(column, _WIDE)
    page.append([cell(column, head=True) for column in sheet.columns])
    for row in sheet.rows:
        page.append([cell(row[column], head=False) for column in sheet.columns])


def _refuse_unfit(sheet: Sheet) -> None:
    for row in (
        Row(Place("", sheet.name, 1), dict(zip(sheet.columns, sheet.columns, strict=True))),
        *sheet.rows,
    ):
        for column, value in row.cells.items():
            if len(value) > LONGEST or _FORBIDDEN.search(value):
                raise Problem("shelf.not_for_excel", **row.place.facts(column))


def _prove(sheets: Mapping[str, Sheet], again: Mapping[str, Sheet]) -> None:
    """Nothing was lost or changed on the way."""
    for name, sheet in sheets.items():
        if not sheet.columns or name not in _ORDER:
            continue
        back = again.get(name, Sheet(name))
        same = len(back.rows) == len(sheet.rows) and back.columns == sheet.columns
        for row, other in zip(sheet.rows, back.rows, strict=False):
            if dict(row.cells) != dict(other.cells):
                column = next(c for c in sheet.columns if row[c] != other[c])
                raise Problem("shelf.not_kept", **row.place.facts(column))
        if not same:
            raise Problem("shelf.not_kept", file="", sheet=name, row=0, column="—")
