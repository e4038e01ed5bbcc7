"""From what the converter or the engine says of a form back to the row and column where it is written.

The converter names a row of the sheets it was given, or a name; the engine names a place (`/data/group/name`)
and a property. Both sheets are the expanded ones, whose rows know where they were written, be it in a shared
block.
"""

import re
from collections.abc import Iterator, Mapping

from xincai.errors import Problem
from xincai.shelf.remarks import Remark
from xincai.shelf.sheets import Place, Row, Sheet

_ROW = re.compile(r"\[?row\s*:\s*(\d+)\]?\s*")
_SHEET = re.compile(r"'(survey|choices|settings|entities|external_choices|osm)' sheet")
_QUOTED = re.compile(r"['\"\[]([^'\"\[\]]+)['\"\]]|\$\{([^}]+)\}")
_ITEM = re.compile(r"^(.+)-(\d+)$")
_COLUMNS = {
    "calculate": ("calculation", "calculate"),
    "relevant": ("relevant", "relevance"),
    "required": ("required",),
    "readonly": ("read_only", "readonly"),
    "constraint": ("constraint",),
    "count": ("repeat_count", "count", "jr:count"),
    "choices": ("choice_filter", "type"),
    "itemset": ("choice_filter", "type"),
    "nodeset": ("choice_filter", "type"),
    "setvalue": ("default", "calculation", "calculate"),
    "jr:count": ("repeat_count", "count"),
    "value": ("calculation", "default"),
}
_SPOKEN = ("label", "hint", "guidance_hint", "constraint_message", "required_message")


def converter_remark(message: str, sheets: Mapping[str, Sheet], file: str, *, grave: bool = True) -> Remark:
    """The converter's words at their place."""
    numbered, about = _ROW.search(message), _SHEET.search(message)
    sheet = sheets.get(about[1] if about else "survey", Sheet("survey"))
    row = None
    if numbered and 0 <= int(numbered[1]) - 2 < len(sheet.rows):
        row = sheet.rows[int(numbered[1]) - 2]
    words = [one or two for one, two in _QUOTED.findall(message)]
    if row is None and not about:
        row = next((r for word in words for r in sheet.rows if r["name"] == word.strip()), None)
    column = next((word for word in words if row and word in sheet.columns), "")
    place = row.place if row else Place(file, sheet.name, 0)
    detail = " ".join(_ROW.sub("", message).split())[:600]
    facts = place.facts(column)
    code = Problem("shelf.refused", **facts, detail=detail) if grave else None
    return Remark(code or Problem("shelf.remarked", **facts, detail=detail), place, column, grave)


def engine_remark(problem: Problem, sheets: Mapping[str, Sheet], file: str, *, grave: bool = True) -> Remark:
    """What the engine refuses, at the row and column it comes from; without a place where none is named."""
    facts = problem.facts
    named = str(facts.get("place") or facts.get("ref") or str(facts.get("nodes", "")).split(" → ")[0])
    kind = str(facts.get("property", "calculate" if "nodes" in facts else ""))
    if row := _file_row(facts, sheets):
        return Remark(problem, row.place, "type" if "type" in row.cells else "", grave)
    found = _at(named, kind, sheets)
    if found is None:
        return Remark(problem, Place(file, "", 0), "", grave)
    return Remark(problem, found[0].place, found[1], grave)


def _file_row(facts: Mapping[str, str | int], sheets: Mapping[str, Sheet]) -> Row | None:
    """The row that asks for a file."""
    name = facts.get("name")
    if not isinstance(name, str) or "place" in facts:
        return None
    stem = name.rpartition(".")[0]
    rows = sheets["survey"].rows
    return next(
        (r for r in rows if name in r["type"] or (r["type"].endswith("-external") and r["name"] == stem)),
        next((r for r in rows if stem and any(f"'{stem}'" in cell for cell in r.cells.values())), None),
    )


def _at(named: str, kind: str, sheets: Mapping[str, Sheet]) -> tuple[Row, str] | None:
    path = named.partition(":")[0]
    if "/meta/" in path:
        return _of_meta(path, sheets)
    rows = dict(paths(sheets["survey"].rows))
    below = "/".join(path.strip("/").split("/")[1:])
    row = rows.get(below)
    if row is None and (row := rows.get(below.removesuffix("_count"))):
        kind = "count"  # the converter's own helper beside a repeat
    if row is None and (item := _ITEM.match(path.strip("/"))):
        return _of_choice(item[1], int(item[2]), sheets)
    return None if row is None else (row, _column(row, kind, named))


def paths(survey: tuple[Row, ...]) -> Iterator[tuple[str, Row]]:
    """Rows of the survey with their places, without the root."""
    above: list[str] = []
    for row in survey:
        kind = row["type"].lower()
        if kind.startswith(("end_", "end ")):
            del above[-1:]
            continue
        yield "/".join([*above, row["name"]]), row
        if kind.startswith(("begin_", "begin ")):
            above.append(row["name"])


def _of_meta(path: str, sheets: Mapping[str, Sheet]) -> tuple[Row, str] | None:
    name = "entities" if "entity" in path else "settings"
    rows = sheets.get(name, Sheet(name)).rows
    return (rows[0], "instance_name" if name == "settings" else "label") if rows else None


def _of_choice(name: str, number: int, sheets: Mapping[str, Sheet]) -> tuple[Row, str] | None:
    rows = [
        r for r in sheets.get("choices", Sheet("choices")).rows if (r["list_name"] or r["list name"]) == name
    ]
    return (rows[number], _spoken(rows[number], ("label",))) if number < len(rows) else None


def _column(row: Row, kind: str, named: str) -> str:
    if kind == "output" or ":" in named:
        wanted = named.partition(":")[2]
        return _spoken(row, tuple(s for s in _SPOKEN if wanted.lower().startswith(s[:5])) or _SPOKEN)
    for column in _COLUMNS.get(kind, (kind,)):
        if column in row.cells:
            return column
        bound = f"bind::{column}"
        if bound in row.cells:
            return bound
    return ""


def _spoken(row: Row, wanted: tuple[str, ...]) -> str:
    """The column of words that holds an expression."""
    words = [column for column in row.cells if column.startswith(wanted)]
    return next((column for column in words if "${" in row[column]), words[0] if words else "")
