"""From an XLSForm to an XForm: the shorthand replaced, then the standard's own converter.

The result is plain ODK: it runs in every ODK client. Card facts that ODK has no place for (`title_en`,
`summary`, `summary_en`, `subjects`, `minutes`, `category` on the settings sheet) go to the `FormCard` and not
into the form; the English title alone also goes into it, as an attribute of our own, for letters in English.
The digest of the code lists goes into the form, so that the form's digest covers them. The converter makes
straight quotes of curly ones, which Chinese text needs: in words, though not in expressions, they are carried
past it. A form that others wrote may lack what we ask of our own (`strict`): it is named after its file.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from xincai.errors import Problem
from xincai.shelf.card import FormCard
from xincai.shelf.expand import Expanded, expand
from xincai.shelf.remarks import Remark
from xincai.shelf.sheets import Place, Row, Sheet, read_markdown
from xincai.shelf.sources import Rule, Sources
from xincai.shelf.tracing import converter_remark
from xincai.wire.digest import sm3

NAMESPACE = 'xc="urn:xincai:xforms:1"'
_CARD = ("title_en", "summary", "summary_en", "subjects", "minutes", "category")
_FORM_ID = ("form_id", "id_string", "set_form_id")
_TITLE = ("form_title", "title", "set_form_title")
_WORDS = re.compile(r"^(label|hint|guidance_hint|required_message|constraint_message|form_title)\b")
_QUOTES = str.maketrans({"“": "\U000f0001", "”": "\U000f0002", "‘": "\U000f0003", "’": "\U000f0004"})
_QUOTES_BACK = str.maketrans({held: chr(quote) for quote, held in _QUOTES.items()})
_ID = re.compile(r"[^\w.\-]+")


@dataclass(frozen=True)
class FormSource:
    """A form made ready: its XForm, the files it reads, its card, and what is to be remarked."""

    xml: bytes
    files: Mapping[str, bytes]
    card: FormCard
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class Prepared:
    """Sheets ready for the converter, and what the card says."""

    file: str
    sheets: Mapping[str, Sheet]
    settings: Row
    files: Mapping[str, bytes] = field(default_factory=dict)


def build(
    md_text: str,
    *,
    blocks: Mapping[str, str],
    rules: Mapping[str, Rule],
    lists: Mapping[str, str],
    file: str = "form.md",
) -> FormSource:
    """Build one form from its Markdown sheets.

    Args:
        md_text: the XLSForm as Markdown tables.
        blocks: Markdown of shared rows by block name.
        rules: shared expressions by name.
        lists: text of code lists by file name (`crop.csv`).
        file: what to call the form in messages.

    Raises:
        Problem: `shelf.*`, with file, sheet, row, column and what to write instead.
    """
    sources = Sources(blocks=blocks, rules=rules, lists=lists)
    return made(prepare(read_markdown(md_text, file), sources, file))


def prepare(sheets: Mapping[str, Sheet], sources: Sources, file: str, *, strict: bool = True) -> Prepared:
    """Replace the shorthand and read the settings; raises Problem like `build`."""
    if "survey" not in sheets or not {"type", "name"} <= set(sheets["survey"].columns):
        raise Problem("shelf.not_a_form", file=file)
    expanded = expand(sheets, sources)
    settings = _settings(expanded, file) if strict else _lenient(expanded, file)
    files = {name: text.encode() for name, text in sorted(expanded.files.items())}
    return Prepared(file, expanded.sheets, settings, files)


def made(prepared: Prepared) -> FormSource:
    """Convert sheets that are ready; raises Problem `shelf.refused` for what the converter refuses."""
    xml, more, remarks = _convert(prepared)
    files = {**prepared.files, **more}
    return FormSource(xml, files, card(prepared.settings, sm3(xml), tuple(files)), remarks)


def _settings(expanded: Expanded, file: str) -> Row:
    sheet = expanded.sheets.get("settings", Sheet("settings"))
    if not sheet.rows:
        raise Problem("shelf.no_settings", file=file)
    row = sheet.rows[0]
    for column in ("form_id", "form_title", "version"):
        if not row[column]:
            raise Problem("shelf.missing_setting", **row.place.facts(column))
    if row["minutes"] and not row["minutes"].isdigit():
        raise Problem("shelf.minutes_not_a_number", **row.place.facts("minutes"))
    return row


def _lenient(expanded: Expanded, file: str) -> Row:
    """The settings as they are; a form without an id or a title is named after its file."""
    rows = expanded.sheets.get("settings", Sheet("settings")).rows
    row = rows[0] if rows else Row(Place(file, "settings", 0), {})
    form_id = next((row[c] for c in _FORM_ID if row[c]), "")
    cells = {c: cell for c, cell in row.cells.items() if c not in (*_FORM_ID, *_TITLE)}
    stem = _ID.sub("_", file.rpartition(".")[0] or file).strip("_") or "form"
    cells["form_id"] = form_id or stem
    cells["form_title"] = next((row[c] for c in _TITLE if row[c]), cells["form_id"])
    if not cells.get("minutes", "0").isdigit():
        del cells["minutes"]
    return row.with_cells(cells)


def _odk_settings(row: Row, files: Mapping[str, bytes]) -> dict[str, str]:
    cells = {column: cell for column, cell in row.cells.items() if column not in _CARD}
    cells.setdefault("namespaces", NAMESPACE)
    ours = NAMESPACE in cells["namespaces"]
    if ours and row["title_en"]:
        cells["attribute::xc:title_en"] = row["title_en"]
    if ours and files:
        cells["attribute::xc:lists"] = lists_digest(files)
    return cells


def lists_digest(files: Mapping[str, bytes]) -> str:
    """One digest of all files a form reads."""
    listed = "".join(f"{name} {sm3(data)}\n" for name, data in sorted(files.items()))
    return sm3(listed.encode())


def card(row: Row, digest: str, files: tuple[str, ...]) -> FormCard:
    """What the settings say of a form."""
    return FormCard(
        form_id=row["form_id"],
        version=row["version"],
        title={"zh": row["form_title"], "en": row["title_en"] or row["form_title"]},
        summary={"zh": row["summary"], "en": row["summary_en"] or row["summary"]},
        subjects=tuple(row["subjects"].split()),
        minutes=int(row["minutes"] or 0),
        category=row["category"] or "declare",
        sm3=digest,
        files=files,
    )


def _convert(prepared: Prepared) -> tuple[bytes, dict[str, bytes], tuple[Remark, ...]]:
    from pyxform.errors import PyXFormError
    from pyxform.xls2xform import convert

    settings = replace(
        prepared.sheets.get("settings", Sheet("settings")),
        rows=(prepared.settings.with_cells(_odk_settings(prepared.settings, prepared.files)),),
    )
    sheets = {"survey": Sheet("survey"), "choices": Sheet("choices"), **prepared.sheets, "settings": settings}
    workbook: dict[str, Any] = {
        "sheet_names": [name for name in sheets if name in SHEETS],
        "fallback_form_name": prepared.settings["form_id"],
    }
    for name in workbook["sheet_names"]:
        sheet = sheets[name]
        columns = tuple(settings.rows[0].cells) if name == "settings" else sheet.columns
        workbook[name] = [_worded(row, columns) for row in sheet.rows]
        workbook[f"{name}_header"] = [dict.fromkeys(columns)]
    said: list[str] = []
    try:
        result = convert(workbook, warnings=said, form_name="data")
    except PyXFormError as refusal:
        raise converter_remark(str(refusal), prepared.sheets, prepared.file).problem from refusal
    remarks = tuple(converter_remark(each, prepared.sheets, prepared.file, grave=False) for each in said)
    more = {"itemsets.csv": result.itemsets.encode()} if result.itemsets else {}
    return result.xform.translate(_QUOTES_BACK).encode(), more, remarks


SHEETS = frozenset({"survey", "choices", "settings", "external_choices", "entities", "osm"})
"""Sheets that an XLSForm may have; others are the author's own."""


def _worded(row: Row, columns: tuple[str, ...]) -> dict[str, str]:
    """The cells in the order of the sheet's columns, so that the same cells make the same bytes."""
    return {
        column: row[column].translate(_QUOTES) if _WORDS.match(column) else row[column]
        for column in columns
        if column in row.cells
    }
