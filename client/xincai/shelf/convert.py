"""From an XLSForm to an XForm: the shorthand replaced, then the standard's own converter.

The result is plain ODK: it runs in every ODK client. Card facts that ODK has no place for (`title_en`,
`summary`, `summary_en`, `subjects`, `minutes`, `category` on the settings sheet) go to the `FormCard` and not
into the form; the English title alone also goes into it, as an attribute of our own, for letters in English.
The digest of the code lists goes into the form, so that the form's digest covers them. The converter makes
straight quotes of curly ones, which Chinese text needs: in words, though not in expressions, they are carried
past it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xincai.errors import Problem
from xincai.shelf.card import FormCard
from xincai.shelf.expand import Expanded, expand
from xincai.shelf.sheets import Place, Row, Sheet, read_markdown
from xincai.shelf.sources import Rule, Sources
from xincai.wire.digest import sm3

NAMESPACE = 'xc="urn:xincai:xforms:1"'
_CARD = ("title_en", "summary", "summary_en", "subjects", "minutes", "category")
_SHEET = re.compile(r"the '(\w+)' sheet")
_WORDS = re.compile(r"^(label|hint|guidance_hint|required_message|constraint_message|form_title)\b")
_QUOTES = str.maketrans({"“": "\U000f0001", "”": "\U000f0002", "‘": "\U000f0003", "’": "\U000f0004"})
_QUOTES_BACK = str.maketrans({held: chr(quote) for quote, held in _QUOTES.items()})
_ROW = re.compile(r"\[?row\s*:\s*(\d+)\]?\s*")


@dataclass(frozen=True)
class FormSource:
    """A form made ready: its XForm, the code lists it reads, its card, and what the converter remarked."""

    xml: bytes
    files: Mapping[str, bytes]
    card: FormCard
    remarks: tuple[str, ...] = ()


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
    sheets = read_markdown(md_text, file)
    if "survey" not in sheets or not {"type", "name"} <= set(sheets["survey"].columns):
        raise Problem("shelf.not_a_form", file=file)
    expanded = expand(sheets, Sources(blocks=blocks, rules=rules, lists=lists))
    files = {name: text.encode() for name, text in sorted(expanded.files.items())}
    settings = _settings(expanded, file)
    xml, remarks = _convert(expanded, _odk_settings(settings, files), file)
    return FormSource(xml, files, _card(settings, sm3(xml), tuple(files)), remarks)


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


def _odk_settings(row: Row, files: Mapping[str, bytes]) -> dict[str, str]:
    cells = {column: cell for column, cell in row.cells.items() if column not in _CARD}
    cells.setdefault("namespaces", NAMESPACE)
    ours = NAMESPACE in cells["namespaces"]
    if ours and row["title_en"]:
        cells["attribute::xc:title_en"] = row["title_en"]
    if ours and files:
        listed = "".join(f"{name} {sm3(data)}\n" for name, data in files.items())
        cells["attribute::xc:lists"] = sm3(listed.encode())
    return cells


def _card(row: Row, digest: str, files: tuple[str, ...]) -> FormCard:
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


def _convert(expanded: Expanded, settings: dict[str, str], file: str) -> tuple[bytes, tuple[str, ...]]:
    from pyxform.errors import PyXFormError
    from pyxform.xls2xform import convert

    survey, choices = expanded.sheets["survey"], expanded.sheets["choices"]
    workbook: dict[str, Any] = {
        "survey": [_worded(row.cells) for row in survey.rows],
        "survey_header": [dict.fromkeys(survey.columns)],
        "choices": [_worded(row.cells) for row in choices.rows],
        "choices_header": [dict.fromkeys(choices.columns)],
        "settings": [_worded(settings)],
        "settings_header": [dict.fromkeys(settings)],
        "sheet_names": ["survey", "choices", "settings"],
        "fallback_form_name": settings["form_id"],
    }
    remarks: list[str] = []
    try:
        xform: str = convert(workbook, warnings=remarks, form_name="data").xform
    except PyXFormError as refusal:
        raise _refused(str(refusal), survey, file) from refusal
    return xform.translate(_QUOTES_BACK).encode(), tuple(remarks)


def _worded(cells: Mapping[str, str]) -> dict[str, str]:
    return {
        column: cell.translate(_QUOTES) if _WORDS.match(column) else cell for column, cell in cells.items()
    }


def _refused(message: str, survey: Sheet, file: str) -> Problem:
    """The converter's refusal, with its row of the expanded sheet led back to where that row is written."""
    found = _ROW.search(message)
    about = _SHEET.search(message)
    sheet = about[1] if about else "survey"
    place = Place(file, sheet, 0)
    if found and sheet == "survey":
        index = int(found[1]) - 2
        if 0 <= index < len(survey.rows):
            place = survey.rows[index].place
    return Problem("shelf.refused", **place.facts(), detail=_ROW.sub("", message).strip())
