"""A form from a file of any kind: XLSForm as Markdown, Excel or CSV, or XForm XML, with the files beside it.

`read_any` gives the form or raises the first mistake; `inspect` tells all mistakes that can be found: what
the sheets show (`proof`), what the converter refuses and what the engine refuses. To get from one refusal to
the next, the refused cell is left out and the form is tried again, for a bounded time; nothing that was tried
so is ever handed out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from lxml import etree

from xincai import clock, paths
from xincai.errors import Problem
from xincai.shelf.beside import Beside, decoded
from xincai.shelf.card import FormCard
from xincai.shelf.convert import SHEETS, FormSource, Prepared, lists_digest, made, prepare
from xincai.shelf.proof import proofread
from xincai.shelf.remarks import Remark, remark_of
from xincai.shelf.sheets import Row, Sheet, read_csv, read_markdown
from xincai.shelf.sources import Sources
from xincai.shelf.tracing import engine_remark
from xincai.shelf.workbook import read_xlsx
from xincai.wire.digest import sm3
from xincai.xforms import Session, read_form
from xincai.xforms.filling.sealing import check_key
from xincai.xforms.reading.advice import warnings
from xincai.xforms.reading.document import local, parse_xml

SHEET_ENDINGS = frozenset({".md", ".xlsx", ".xlsm", ".csv"})
XFORM = ".xml"
LARGEST = 64 * 1024 * 1024
MOST_REMARKS = 60
PATIENCE = 25.0
"""Seconds after which no further mistake is looked for."""
_NEEDED = frozenset({"name", "label"})
_HEADS = {name: name for name in ("type", "name", "list_name", "form_id", "form_title", "version", "label")}


@dataclass(frozen=True)
class Inspection:
    """A form as inspected: ready when nothing grave was found."""

    source: FormSource | None
    remarks: tuple[Remark, ...]


def read_any(path: Path) -> FormSource:
    """Read a form and the files beside it; raises the first mistake as a Problem."""
    if path.suffix.lower() == XFORM:
        return _xform(path)
    prepared = _prepared(read_sheets(path), path)
    return _with_files(made(prepared), Beside(path))


def read_sheets(path: Path) -> dict[str, Sheet]:
    """The sheets of an XLSForm by lower-case name; raises Problem for a file that is none."""
    ending = path.suffix.lower()
    if ending not in SHEET_ENDINGS:
        raise Problem("shelf.old_excel" if ending == ".xls" else "shelf.unknown_kind", file=path.name)
    data = _bytes(path)
    if ending in (".xlsx", ".xlsm"):
        sheets = read_xlsx(data, path.name, SHEETS)
    else:
        read = read_markdown if ending == ".md" else read_csv
        sheets = read(decoded(data, path.name), path.name)
    return {name: _headed(sheet) for name, sheet in sheets.items()}


def expanded(path: Path) -> dict[str, Sheet]:
    """The sheets of an XLSForm without shorthand: blocks, rules and shared lists written out."""
    return dict(_prepared(read_sheets(path), path).sheets)


def inspect(path: Path) -> Inspection:
    """Look a form through for everything that is wrong or doubtful in it."""
    if path.suffix.lower() == XFORM:
        return _inspect_xform(path)
    try:
        sheets = read_sheets(path)
    except Problem as problem:
        return Inspection(None, (remark_of(problem),))
    return _Inspector(path, sheets).inspected()


# --- sheets


def _bytes(path: Path) -> bytes:
    if not path.is_file():
        raise Problem("shelf.no_file", file=path.name)
    if path.stat().st_size > LARGEST:
        raise Problem("shelf.file_too_large", file=path.name, most=LARGEST // 1024 // 1024)
    return path.read_bytes()


def _headed(sheet: Sheet) -> Sheet:
    """The columns we look at ourselves in the spelling we look for: `Type` is type, `list name` list_name."""
    renamed = {c: _HEADS.get("_".join(c.lower().split()), c) for c in sheet.columns}
    if all(old == new for old, new in renamed.items()):
        return sheet
    rows = tuple(
        replace(
            row,
            place=replace(row.place, letters={renamed.get(c, c): v for c, v in row.place.letters.items()}),
            cells={renamed.get(c, c): cell for c, cell in row.cells.items()},
        )
        for row in sheet.rows
    )
    return Sheet(sheet.name, tuple(dict.fromkeys(renamed.values())), rows)


def _prepared(sheets: Mapping[str, Sheet], path: Path) -> Prepared:
    return prepare(sheets, _sources(sheets, path), path.name, strict=False)


def _sources(sheets: Mapping[str, Sheet], path: Path) -> Sources:
    """What the form may share: what lies beside it; for a form of ours also what ships with the program."""
    folder = path.parent
    own = Sources(blocks={}, rules={}, lists={})
    if any((folder / name).exists() for name in ("blocks", "rules.json")):
        own = Sources.read(folder)
    settings = sheets.get("settings", Sheet("settings")).rows
    if any("urn:xincai:" in row["namespaces"] for row in settings):
        shipped = Sources.read(paths.forms())
        own = Sources(
            blocks={**shipped.blocks, **own.blocks},
            rules={**shipped.rules, **own.rules},
            lists={**shipped.lists, **own.lists},
        )
    return replace(own, lists={**own.lists, **Beside(path)})


def _with_files(source: FormSource, beside: Beside) -> FormSource:
    """With the files it names, and their digest in the form, so that the form's digest covers them."""
    found, missing = beside.named_in(source.xml)
    files = {**found, **source.files}
    xml = source.xml
    if files.keys() != source.files.keys() or (files and b"xc:lists=" not in xml):
        xml = _covering(xml, files)
    remarks = tuple(remark_of(Problem("shelf.missing_media", file=n), grave=False) for n in missing)
    card = replace(source.card, sm3=sm3(xml), files=tuple(files))
    return FormSource(xml, files, card, (*source.remarks, *remarks))


def _covering(xml: bytes, files: Mapping[str, bytes]) -> bytes:
    """The form with the digest of its files in a remark at its end; the same again when it is there."""
    mark = f"<!-- xincai files {lists_digest(files)} -->\n".encode()
    return xml if xml.endswith(mark) else xml.rstrip() + b"\n" + mark


# --- XForm


def _xform(path: Path) -> FormSource:
    xml = _bytes(path)
    head = _head(xml, path)
    return _with_files(FormSource(xml, {}, replace(head, sm3=sm3(xml))), Beside(path))


def _head(xml: bytes, path: Path) -> FormCard:
    """The card of an XForm: what its head says."""
    root = parse_xml(xml)
    instance = next((e for e in root.iter() if local(e) == "instance" and len(e)), None)
    if instance is None:
        raise Problem("xforms.no_instance")
    main: etree._Element = instance[0]
    found = next((e for e in root.iter() if local(e) == "title"), None)
    title = "".join(found.itertext()).strip() if found is not None else ""
    english = next((str(v) for k, v in main.items() if str(k).endswith("}title_en")), "")
    form_id = str(main.get("id") or path.stem)
    names = {"zh": title or form_id, "en": english or title or form_id}
    return FormCard(
        form_id, str(main.get("version") or ""), names, {"zh": "", "en": ""}, (), 0, "declare", ""
    )


def _inspect_xform(path: Path) -> Inspection:
    try:
        source = _xform(path)
        form = read_form(source.xml, source.files)
        check_key(form)
        Session.new(form)
    except Problem as problem:
        return Inspection(None, (remark_of(problem),))
    advised = tuple(Remark(problem, grave=False) for problem in warnings(form))
    return Inspection(source, (*source.remarks, *advised, *_doubts(source)))


def _doubts(source: FormSource, settings: Row | None = None) -> tuple[Remark, ...]:
    if source.card.version:
        return ()
    place = settings.place if settings else None
    return (Remark(Problem("shelf.no_version"), place, "version" if place else "", grave=False),)


# --- all mistakes of an XLSForm


class _Inspector:
    """Goes from mistake to mistake."""

    def __init__(self, path: Path, sheets: dict[str, Sheet]) -> None:
        self.path = path
        self.sheets = sheets
        self.found: list[Remark] = []
        self.until = clock.monotonic() + PATIENCE

    def inspected(self) -> Inspection:
        source = self.looked_through()
        order = sorted(
            self.found, key=lambda r: (not r.grave, r.place is None, r.place.row if r.place else 0)
        )
        return Inspection(None if any(r.grave for r in order) else source, tuple(order[:MOST_REMARKS]))

    def looked_through(self) -> FormSource | None:
        prepared = self.prepared()
        if prepared is None:
            return None
        proofs = proofread(prepared.sheets)
        try:
            source = None if self.found else self.tried(prepared)
        except (Problem, _Refused):
            source = None
        if source is not None:  # what neither converter nor engine minds is a doubt at most
            doubts = [replace(remark, grave=False) for remark in proofs]
            self.found += [*doubts, *source.remarks, *_doubts(source, prepared.settings)]
            return source
        self.found += proofs
        self.hunt(prepared)
        return None

    def hunt(self, prepared: Prepared | None) -> None:
        """Go from refusal to refusal."""
        for remark in tuple(self.found):
            if remark.grave and prepared is not None:
                prepared = healed(prepared, remark)
        while prepared is not None and self.may_go_on():
            try:
                self.tried(prepared)
            except Problem as problem:
                remark = _at_its_row(remark_of(problem), prepared.sheets)
            except _Refused as refusal:
                remark = refusal.remark
            else:
                return
            prepared = healed(prepared, remark) if self.note(remark) else None

    def prepared(self) -> Prepared | None:
        """The sheets without shorthand; a row that cannot be replaced is told and left out."""
        while self.may_go_on():
            try:
                return _prepared(self.sheets, self.path)
            except Problem as problem:
                remark = _at_its_row(remark_of(problem), self.sheets)
                rest = _without(self.sheets, remark) if self.note(remark) else None
                if rest is None:
                    return None
                self.sheets = rest
        return None

    def tried(self, prepared: Prepared) -> FormSource:
        source = _with_files(made(prepared), Beside(self.path))
        try:
            form = read_form(source.xml, source.files)
            check_key(form)
            Session.new(form)
        except Problem as problem:
            raise _Refused(engine_remark(problem, prepared.sheets, self.path.name)) from problem
        advised = (
            engine_remark(each, prepared.sheets, self.path.name, grave=False) for each in warnings(form)
        )
        return replace(source, remarks=(*source.remarks, *advised))

    def note(self, remark: Remark) -> bool:
        """Take it up; False when it is known, so that nothing is gained by going on."""
        known = any((r.place, r.column) == (remark.place, remark.column) and r.grave for r in self.found)
        if not known:
            self.found.append(remark)
        return not known

    def may_go_on(self) -> bool:
        return clock.monotonic() < self.until and len(self.found) < MOST_REMARKS


class _Refused(Exception):  # noqa: N818 - an answer, not a failure
    def __init__(self, remark: Remark) -> None:
        super().__init__(str(remark.problem))
        self.remark = remark


def healed(prepared: Prepared, remark: Remark) -> Prepared | None:
    """The form without the refused cell, to look for the next mistake; None when that cannot help."""
    if remark.place is None or not remark.column:
        return None
    if remark.place == prepared.settings.place:
        cells = {c: cell for c, cell in prepared.settings.cells.items() if c != remark.column}
        known = remark.column in prepared.settings.cells and remark.column not in ("form_id", "form_title")
        return replace(prepared, settings=prepared.settings.with_cells(cells)) if known else None
    sheets = _without(prepared.sheets, remark)
    return None if sheets is None else replace(prepared, sheets=sheets)


def _without(sheets: Mapping[str, Sheet], remark: Remark) -> dict[str, Sheet] | None:
    """The sheets without one cell; a row that is nothing without it goes, or gets what keeps others right."""
    for name, sheet in sheets.items():
        for number, row in enumerate(sheet.rows):
            if row.place == remark.place and (remark.column in row.cells or remark.column in _NEEDED):
                rest = _patched(row, remark.column, name)
                if rest is None:
                    return None
                rows = (*sheet.rows[:number], *rest, *sheet.rows[number + 1 :])
                return {**sheets, name: replace(sheet, rows=rows)}
    return None


def _patched(row: Row, column: str, sheet: str) -> tuple[Row, ...] | None:
    """What stands in for a row whose cell is wrong; None when nothing can."""
    if row["type"] == "include" or (sheet == "choices" and column == "name"):
        return ()
    stands_in = {
        "name": f"row_{row.place.row}", "label": row["name"] or "?", "hint": "?", "calculation": "''",
        "calculate": "''",
    }  # fmt: skip
    if (plain := column.partition("::")[0]) in stands_in:
        return (row.with_cells({**row.cells, column: stands_in[plain]}),)
    if column == "type":
        edge = row["type"].lower().startswith(("begin", "end"))
        return None if edge else (row.with_cells({"label": row["name"], **row.cells, "type": "text"}),)
    return (row.with_cells({c: cell for c, cell in row.cells.items() if c != column}),)


def _at_its_row(remark: Remark, sheets: Mapping[str, Sheet]) -> Remark:
    """With the place as the row itself knows it, Excel's letters included."""
    places = (row.place for sheet in sheets.values() for row in sheet.rows)
    place = next((place for place in places if place == remark.place), None)
    return replace(remark, place=place) if place else remark
