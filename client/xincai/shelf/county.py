"""A county's own list of towns and villages, and the forms that ask by it.

A county gives its list as CSV or Excel with the columns `county` (GB/T 2260, six digits), `code`
(统计用区划代码, twelve digits), `name` and, where it likes, `english`. The list takes the place of the towns
and villages that ship with the program. Rules:

- A list is taken whole or not at all; what is wrong with it is told with the numbers of its rows.
- The same list makes the same forms on every computer, whatever file it came from: rows in the order of
  their codes, nothing else in the bytes. So a gateway with the list knows what desks with it filled in.
- Of a form that reads the list only the digest of its code lists changes, and with it the form's own.

`county.csv` in a data folder is the list in use; `county/` beside it holds the forms made from it, made anew
when the program brings others.
"""

import csv
import os
import re
import shutil
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path

from xincai.errors import Problem
from xincai.shelf.beside import decoded
from xincai.shelf.convert import FormSource, lists_digest
from xincai.shelf.store import ORDER, Shelf, keep
from xincai.shelf.workbook import read_table
from xincai.wire.digest import sm3

LIST = "regions.csv"
"""The code list whose towns and villages a county's own replace."""
_KEPT, _MADE = "county.csv", "county"
_LARGEST = 16 * 1024 * 1024
_MOST_TOLD = 8
_COLUMNS = {
    "county": ("county", "县代码", "县区代码", "行政区划代码"),
    "code": ("code", "区划代码", "统计用区划代码"),
    "name": ("name", "名称", "单位名称"),
    "english": ("english", "pinyin", "英文名称", "拼音"),
}
_NEEDED = ("county", "code", "name")
_MANGLED = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE)
_NAME = re.compile(r"[^\s?\ufffd][^\t\r\n?\ufffd]{0,49}")
_HEADS = ("name", "label", "level", "parent", "english")
_LEVELS = {2: "1", 4: "2", 6: "3", 9: "4", 12: "5"}
_PARENTS = {4: 2, 6: 4, 9: 6, 12: 9}


@dataclass(frozen=True)
class County:
    """A county's list, as read: `places` are names by short code (4, 6, 9 or 12 digits), in their order."""

    code: str
    places: Mapping[str, tuple[str, str]]

    @property
    def towns(self) -> int:
        return sum(len(code) == 9 for code in self.places)

    @property
    def villages(self) -> int:
        return sum(len(code) == 12 for code in self.places)

    def text(self) -> str:
        """The list as it is kept; reads back as the same."""
        out = StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(("county", "code", "name", "english"))
        writer.writerows((self.code, code.ljust(12, "0"), *names) for code, names in self.places.items())
        return out.getvalue()


def is_county(path: Path) -> bool:
    """Whether a file looks like a county's list: its first row names the columns."""
    try:
        _, columns = _read(path)
    except (Problem, OSError):
        return False
    return set(_NEEDED) <= columns.keys()


def read_county(path: Path) -> County:
    """Read a county's list.

    Raises:
        Problem: `shelf.county_*` with the rows that are wrong, or what reading the file says.
    """
    rows, columns = _read(path)
    missing = [column for column in _NEEDED if column not in columns]
    if missing:
        raise Problem("shelf.county_columns", file=path.name, columns="、".join(missing))
    return _Reading(path.name).read(
        (number, {column: cells.get(head, "").strip() for column, head in columns.items()})
        for number, cells in rows
    )


def adopt(path: Path, folder: Path, shipped: Shelf) -> County:
    """Read a county's list and keep it for the forms of a data folder; when refused, nothing changes.

    Raises:
        Problem: as `read_county`; `shelf.county_above` when the city or county has no name.
    """
    county = read_county(path)
    _merged(shipped, county)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = folder / f"{_KEPT}.{os.getpid()}"
    fresh.write_text(county.text(), encoding="utf-8", newline="")
    fresh.replace(folder / _KEPT)
    return county


def shelf_of(folder: Path, shipped: Shelf) -> Shelf:
    """The forms of a data folder: the shipped ones, by the county's list where there is one."""
    kept = folder / _KEPT
    if not kept.is_file():
        return shipped
    stamp = sm3((shipped.folder / "index.json").read_bytes() + kept.read_bytes())[:16]
    place = folder / _MADE / stamp
    if not place.is_dir():
        fresh = folder / _MADE / f"{stamp}.{os.getpid()}"
        _make(shipped, read_county(kept), fresh)
        if place.is_dir():  # another program of this folder was quicker
            shutil.rmtree(fresh)
        else:
            fresh.rename(place)
        for stale in (folder / _MADE).iterdir():
            if stale.name.partition(".")[0] != stamp:
                shutil.rmtree(stale, ignore_errors=True)
    return Shelf(place)


# --- the forms


def _make(shipped: Shelf, county: County, folder: Path) -> None:
    """Write the forms with the county's list into a new folder."""
    regions = _merged(shipped, county)
    folder.mkdir(parents=True)
    cards = shipped.cards()
    (folder / ORDER).write_text("\n".join(card.form_id for card in cards), encoding="utf-8")
    keep([_localised(shipped, card.form_id, regions) for card in cards], folder)


def _localised(shipped: Shelf, form_id: str, regions: bytes) -> FormSource:
    card, xml, files = shipped.card(form_id), shipped.source(form_id), shipped.files(form_id)
    if LIST not in files:
        return FormSource(xml, files, card)
    own = {**files, LIST: regions}
    before, after = (lists_digest(each).encode() for each in (files, own))
    if xml.count(before) != 1:
        raise Problem("shelf.not_built", file=f"{form_id}.xml")
    xml = xml.replace(before, after)
    return FormSource(xml, own, replace(card, sm3=sm3(xml)))


def _merged(shipped: Shelf, county: County) -> bytes:
    """The shipped provinces, cities and counties with the county's own list."""
    rows = {
        row["name"]: row["label"]
        for card in shipped.cards()
        if LIST in card.files
        for row in csv.DictReader(StringIO(shipped.files(card.form_id)[LIST].decode()))
        if row["level"] in ("1", "2", "3")
    }
    names = {code: (label, "") for code, label in rows.items()} | dict(county.places)
    if county.code[4:] == "00" and county.code[:4] in names:  # a city without counties, such as 441900
        names.setdefault(county.code, names[county.code[:4]])
    unnamed = [code for code in (county.code[:2], county.code[:4], county.code) if code not in names]
    if rows and unnamed:
        raise Problem("shelf.county_above", code=unnamed[0].ljust(12, "0"))
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_HEADS)
    for code, (label, english) in sorted(names.items()):
        parent = code[: _PARENTS.get(len(code), 0)]
        writer.writerow((code, label, _LEVELS[len(code)], parent, english))
    return out.getvalue().encode()


# --- the file


def _read(path: Path) -> tuple[list[tuple[int, dict[str, str]]], dict[str, str]]:
    """Rows with their numbers, and the file's own names of the columns we know."""
    table = read_rows(path)
    known = {_plain(head): head for head in table.columns}
    found = {
        column: next((known[each] for each in spellings if each in known), "")
        for column, spellings in _COLUMNS.items()
    }
    return list(table.rows), {column: head for column, head in found.items() if head}


@dataclass(frozen=True)
class Table:
    """Rows of a CSV or Excel file with their numbers, and their columns; `place` names file and sheet."""

    place: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]


def read_rows(path: Path) -> Table:
    """The table of a CSV file, or of the first sheet of a workbook; Problem when it cannot be read."""
    if not path.is_file():
        raise Problem("shelf.no_file", file=path.name)
    if path.stat().st_size > _LARGEST:
        raise Problem("shelf.file_too_large", file=path.name, most=_LARGEST // 1024 // 1024)
    data = path.read_bytes()
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        sheet = read_table(data, path.name)
        rows = tuple((row.place.row, dict(row.cells)) for row in sheet.rows)
        return Table(f"{path.name} · {sheet.name}", sheet.columns, rows)
    return _table(decoded(data, path.name), path.name)


def _table(text: str, file: str) -> Table:
    """The table of a CSV file; commas, semicolons or tabs between its cells."""
    first = text.partition("\n")[0]
    between = next((sign for sign in ("\t", ";") if sign in first), ",")
    lines = csv.reader(StringIO(text, newline=""), delimiter=between)
    try:
        heads = next(lines, [])
        rows = [(lines.line_num, dict(zip(heads, cells, strict=False))) for cells in lines if any(cells)]
    except csv.Error as trouble:
        raise Problem("shelf.not_csv", file=file, row=lines.line_num) from trouble
    return Table(file, tuple(heads), tuple(rows))


def _plain(head: str) -> str:
    """A column's name without what people put after it: `区划代码（12位）` is 区划代码."""
    return re.split(r"[（(]", unicodedata.normalize("NFC", head).strip().lower())[0].strip()


class _Reading:
    """Looks through the rows of one file, and says what is wrong with them, kind by kind."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.county = ""
        self.places: dict[str, tuple[str, str]] = {}
        self.rows: dict[str, int] = {}
        self.wrong: dict[str, list[tuple[int, str]]] = {}

    def read(self, rows: Iterator[tuple[int, Mapping[str, str]]]) -> County:
        for number, cells in rows:
            code = _digits(cells["code"])
            county = _digits(cells["county"])
            mistake = self.mistake(county, code, cells["name"])
            if mistake:
                self.wrong.setdefault(mistake, []).append(
                    (number, code if mistake != "shelf.county_name" else cells["name"])
                )
            else:
                short = _short(code)
                self.places[short] = (unicodedata.normalize("NFC", cells["name"]), cells.get("english", ""))
                self.rows[short] = number
        for code, number in self.rows.items():
            if len(code) == 12 and code[:9] not in self.places:
                self.wrong.setdefault("shelf.county_no_town", []).append((number, f"{code[:9]}000"))
        self.refuse()
        return County(self.county, dict(sorted(self.places.items())))

    def mistake(self, county: str, code: str, name: str) -> str:
        """What is wrong with one row; "" when nothing is."""
        self.county = self.county or (county if re.fullmatch(r"\d{6}", county) else "")
        short = _short(code)
        checks = {
            "shelf.county_mangled": _MANGLED.fullmatch(code) or _MANGLED.fullmatch(county),
            "shelf.county_length": not re.fullmatch(r"\d{12}", code) or len(short) < 4,
            "shelf.county_county": not re.fullmatch(r"\d{6}", county),
            "shelf.county_other": county != self.county or not (self.county + short[6:]).startswith(short),
            "shelf.county_twice": short in self.places,
            "shelf.county_name": not _NAME.fullmatch(name),
        }
        return next((mistake for mistake, found in checks.items() if found), "")

    def refuse(self) -> None:
        if self.wrong:
            mistake, found = next(iter(self.wrong.items()))
            numbers = "、".join(str(number) for number, _ in found[:_MOST_TOLD])
            if len(found) > _MOST_TOLD:
                numbers += "…"
            example = found[0][1] or "—"
            raise Problem(mistake, file=self.file, rows=numbers, found=example, count=len(found))
        if not any(len(code) >= 9 for code in self.places):
            raise Problem("shelf.county_empty", file=self.file)


def _digits(cell: str) -> str:
    """A code without what a spreadsheet puts around it."""
    return unicodedata.normalize("NFKC", cell).strip().strip("'\"=\t ")


def _short(code: str) -> str:
    """A code of twelve digits without the zeros that stand for "all of it"."""
    ends = ((9, 12), (6, 9), (4, 6), (2, 4))
    for begins, until in ends:
        if code[begins:until].strip("0"):
            return code[:until]
    return code[:2]
