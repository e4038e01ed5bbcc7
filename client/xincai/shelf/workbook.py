"""An Excel workbook (.xlsx) as sheets, rows and cells, read as a person means them.

`1.0` is 1, 0.30000000000000004 is 0.3, a date is `2026-11-22`, a truth TRUE or FALSE. Only cells that hold
something are looked at, row by row, so that a million blank rows or sixteen thousand blank columns cost
next to nothing. A workbook is hostile until proven plain: bytes, parts, cells and text are capped before
anything is unpacked, a DOCTYPE is refused, nothing is fetched, macros and links are never looked at.
"""

import datetime
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from typing import TypeVar

from lxml import etree

from xincai.errors import Problem
from xincai.shelf.sheets import Place, Row, Sheet

LARGEST = 32 * 1024 * 1024
MOST_UNPACKED = 512 * 1024 * 1024
MOST_PARTS = 2_000
MOST_CELLS = 1_000_000
MOST_TEXT = 64 * 1024 * 1024
BLANKS = 5_000
"""So many blank rows in a row end a sheet."""
T = TypeVar("T")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_OLE = b"\xd0\xcf\x11\xe0"
_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
"""Number formats that Excel shows as dates without saying so in words."""
_QUOTED = re.compile(r"\"[^\"]*\"|\\.|\[[^\]]*\]|_.|\*.")
_REFERENCE = re.compile(r"([A-Z]+)(\d+)")
_SPACES = re.compile(r" +")

_DAMAGE = (
    zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, EOFError, KeyError, ValueError, IndexError,
    OverflowError, NotImplementedError, RuntimeError,
)  # fmt: skip
"""What a workbook that is none makes the readers of ZIP, XML and numbers say."""


def read_xlsx(data: bytes, file: str, wanted: frozenset[str]) -> dict[str, Sheet]:
    """Read the wanted sheets of a workbook, by lower-case name; a lone sheet of another name is the survey.

    Raises:
        Problem: `shelf.not_xlsx`, `shelf.old_excel`, `shelf.workbook_too_large`, `shelf.cell_error`,
            `shelf.not_calculated`.
    """
    return _read(data, file, lambda book: book.sheets(wanted))


def read_table(data: bytes, file: str) -> Sheet:
    """Read the first sheet that is shown and holds something; problems as of `read_xlsx`."""
    return _read(data, file, lambda book: book.first())


def _read(data: bytes, file: str, take: "Callable[[_Workbook], T]") -> T:
    if data[:4] == _OLE:
        raise Problem("shelf.old_excel", file=file)
    if len(data) > LARGEST:
        raise Problem("shelf.workbook_too_large", file=file)
    try:
        with zipfile.ZipFile(BytesIO(data)) as book:
            _refuse_bomb(book, file)
            return take(_Workbook(book, file))
    except _DAMAGE as trouble:
        raise Problem("shelf.not_xlsx", file=file) from trouble


def _refuse_bomb(book: zipfile.ZipFile, file: str) -> None:
    parts = book.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Problem("shelf.workbook_too_large", file=file)


class _Workbook:
    """Reads one workbook."""

    def __init__(self, book: zipfile.ZipFile, file: str) -> None:
        self.book = book
        self.file = file
        self.cells = 0
        self.text = 0
        self.epoch = datetime.datetime(1899, 12, 30)  # noqa: DTZ001 - a cell has no zone
        self.hidden: set[str] = set()
        self.targets = self.named_sheets()
        self.words = tuple(self.shared()) if "xl/sharedStrings.xml" in book.namelist() else ()
        self.dates = self.date_styles() if "xl/styles.xml" in book.namelist() else frozenset()

    def sheets(self, wanted: frozenset[str]) -> dict[str, Sheet]:
        names = {name: name.strip().lower() for name in self.targets}
        if len(names) == 1 and not wanted & set(names.values()):
            names = dict.fromkeys(names, "survey")
        return {low: self.sheet(low, self.targets[name]) for name, low in names.items() if low in wanted}

    def first(self) -> Sheet:
        """The first sheet that is shown and holds something; an empty one when none does."""
        shown = (name for name in self.targets if name not in self.hidden)
        sheets = (self.sheet(name, self.targets[name]) for name in shown)
        return next((sheet for sheet in sheets if sheet.columns), Sheet("", (), ()))

    def elements(self, part: str, *tags: str) -> Iterator[etree._Element]:
        """Elements of a part as they end; each is let go when the next is asked for."""
        both = tuple(space + tag for tag in tags for space in (_MAIN, _STRICT))
        with self.book.open(part) as source:
            found = etree.iterparse(
                source, tag=both, no_network=True, load_dtd=False, resolve_entities=False, huge_tree=False,
                remove_comments=True, remove_pis=True,
            )  # fmt: skip
            proven = False
            for _, element in found:
                if not proven and element.getroottree().docinfo.doctype:
                    raise Problem("shelf.not_xlsx", file=self.file)
                proven = True
                yield element
                element.clear()
                while (before := element.getprevious()) is not None:
                    element.getparent().remove(before)

    def named_sheets(self) -> dict[str, str]:
        """The part of each sheet by its name, in their order."""
        parts = {}
        with self.book.open("xl/_rels/workbook.xml.rels") as source:
            for _, link in etree.iterparse(source, no_network=True, load_dtd=False, resolve_entities=False):
                target = str(link.get("Target") or "")
                parts[link.get("Id")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        found = {}
        for element in self.elements("xl/workbook.xml", "sheet", "workbookPr"):
            if element.get("date1904") in ("1", "true"):
                self.epoch = datetime.datetime(1904, 1, 1)  # noqa: DTZ001 - a cell has no zone
            key = next((v for k, v in element.items() if str(k).endswith("}id")), None)
            if key is not None and key in parts:
                name = str(element.get("name") or "")
                found[name] = parts[key]
                if element.get("state") in ("hidden", "veryHidden"):
                    self.hidden.add(name)
        return found

    def shared(self) -> Iterator[str]:
        for element in self.elements("xl/sharedStrings.xml", "si"):
            yield self.counted(_text(element))

    def counted(self, text: str) -> str:
        self.text += len(text)
        if self.text > MOST_TEXT:
            raise Problem("shelf.workbook_too_large", file=self.file)
        return text

    def date_styles(self) -> frozenset[int]:
        """Numbers of the cell styles that show a date."""
        codes: dict[int, bool] = dict.fromkeys(_DATES, True)
        dates: set[int] = set()
        for element in self.elements("xl/styles.xml", "numFmt", "cellXfs"):
            if _local(element) == "numFmt":
                code = _QUOTED.sub("", str(element.get("formatCode") or "")).lower()
                codes[int(element.get("numFmtId") or 0)] = (
                    bool(re.search("[dmyhs]", code)) and code != "general"
                )
            else:
                styles = [style for style in element if _local(style) == "xf"]
                dates = {n for n, s in enumerate(styles) if codes.get(int(s.get("numFmtId") or 0))}
        return frozenset(dates)

    def sheet(self, name: str, part: str) -> Sheet:
        columns: dict[str, str] = {}
        letters: dict[str, str] = {}
        rows: list[Row] = []
        filled: dict[str, str] = {}
        letter, blank, number = "", 0, 0
        for element in self.elements(part, "c", "row"):
            if _local(element) == "c":
                place = _REFERENCE.match(str(element.get("r") or ""))
                letter = place[1] if place else _after(letter)
                if len(element) and (not columns or letter in columns):
                    self.take(element, letter, name, filled)
                continue
            number = int(element.get("r") or number + 1)
            letter, blank = "", 0 if filled else blank + 1
            if blank > BLANKS:
                break
            if filled and not columns:
                columns = self.headed(filled, name, number)
                letters = {column: letter for letter, column in columns.items()}
            elif filled:
                cells = {columns[letter]: value for letter, value in filled.items()}
                rows.append(Row(Place(self.file, name, number, letters), cells))
            filled = {}
        return Sheet(name, tuple(letters), tuple(rows))

    def headed(self, filled: Mapping[str, str], sheet: str, number: int) -> dict[str, str]:
        """The columns that a sheet's first row names, by letter."""
        columns = {letter: _SPACES.sub(" ", value) for letter, value in filled.items()}
        first: dict[str, str] = {}
        for letter, column in columns.items():
            if first.setdefault(column, letter) != letter:
                facts = Place(self.file, sheet, number).facts(column)
                raise Problem("shelf.column_twice", **{**facts, "letter": letter})
        return columns

    def take(self, cell: etree._Element, letter: str, sheet: str, filled: dict[str, str]) -> None:
        """Note what a cell holds."""
        self.cells += 1
        if self.cells > MOST_CELLS:
            raise Problem("shelf.workbook_too_large", file=self.file)
        row = cell.getparent()
        number = int(row.get("r") or 0) if row is not None else 0
        value = self.value(cell, Place(self.file, sheet, number, {"—": letter}))
        if value:
            filled[letter] = value

    def value(self, cell: etree._Element, place: Place) -> str:
        kind = cell.get("t") or "n"
        if kind == "inlineStr":
            return _plain(self.counted(_text(cell)))
        raw = next((child.text for child in cell if _local(child) == "v"), None)
        if raw is None or not raw.strip():
            if any(_local(child) == "f" for child in cell) and kind == "n":
                raise Problem("shelf.not_calculated", **place.facts(), cell=place.cell("—"))
            return ""
        if kind == "s":
            return _plain(self.words[int(raw)])
        if kind == "b":
            return "TRUE" if raw.strip() == "1" else "FALSE"
        if kind == "e":
            raise Problem("shelf.cell_error", **place.facts(), cell=place.cell("—"), found=raw)
        if kind == "n":
            return self.number(raw, int(cell.get("s") or 0))
        return _plain(self.counted(raw))

    def number(self, raw: str, style: int) -> str:
        value = float(raw)
        if style in self.dates:
            return _date(value, self.epoch)
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else format(value, ".15g")


def _date(serial: float, epoch: datetime.datetime) -> str:
    """A serial day as a date, a time of day or both, to the second."""
    instant = epoch + datetime.timedelta(seconds=round(serial * 86400))
    if 0 <= serial < 1:
        return instant.time().isoformat()
    return instant.date().isoformat() if serial == int(serial) else instant.isoformat()


def _text(element: etree._Element) -> str:
    """The words of rich or plain text, without the reading aid (phonetics) of East Asian names."""
    pieces = [
        each.text or ""
        for each in element.iter()
        if _local(each) == "t" and (each.getparent() is None or _local(each.getparent()) != "rPh")
    ]
    return "".join(pieces)


def _plain(value: str) -> str:
    return value.replace("\xa0", " ").replace("\r\n", "\n").replace("_x000D_\n", "\n").strip()


def _after(letter: str) -> str:
    """The column after this one; A after none."""
    number = 0
    for sign in letter:
        number = number * 26 + ord(sign) - 64
    number += 1
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]
