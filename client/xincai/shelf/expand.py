"""Replace what forms share by what it stands for: blocks, rules and code lists.

- `| include | subject | parts=code,place OF="the owner" |` puts the rows of `blocks/subject.md` there. A
  block's row with a `part` is taken only when the include names that part; `%OF%` in a block is the include's
  parameter.
- `@R_USCC`, `@R_NO_DUP(parcel, lt_parcel_code)` in an expression is the rule of that name.
- `select_one crop` without a list of that name on the choices sheet takes `lists/crop.csv`; a
  `select_one_from_file regions.csv` leaves the list outside and names it as a file the form needs.

A mistake is answered with its place and with what to write instead.
"""

import csv
import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from io import StringIO

from xincai.errors import Problem
from xincai.shelf.other import spell_out
from xincai.shelf.sheets import Place, Row, Sheet, read_markdown
from xincai.shelf.sources import Sources

EXPRESSIONS = frozenset(
    {
        "calculate",
        "calculation",
        "choice_filter",
        "constraint",
        "default",
        "instance_name",
        "read_only",
        "readonly",
        "relevance",
        "relevant",
        "repeat_count",
        "required",
    }
)
_MACRO = re.compile(r"@(R_[A-Z0-9_]+)(?:\(([^()]*)\))?")
_PARAMETER = re.compile(r"(\w+)=(\"[^\"]*\"|[^\s\"]*)")
_TOKEN = re.compile(r"%([A-Z][A-Z0-9_]*)%")
_SELECT = re.compile(
    r"^(select[_ ](?:one|multiple)(?:[_ ]from)?|select1|(?:select|choose) all that apply(?: from)?|rank)"
    r"[_ ]([^\s]+)"
)
_FROM_FILE = re.compile(r"^select[_ ](?:one|multiple)[_ ]from[_ ]file\s+(\S+)")
_OWN = ("standard", "source", "note")
_DEEPEST = 8
_MOST_NESTED_RULES = 4


@dataclass(frozen=True)
class Expanded:
    """Sheets without shorthand, and the code lists that stay outside as files."""

    sheets: Mapping[str, Sheet]
    files: Mapping[str, str]


def expand(sheets: Mapping[str, Sheet], sources: Sources) -> Expanded:
    """Replace includes, macros and shared lists."""
    survey = sheets["survey"]
    rows = tuple(_macros(row, sources) for row in _included(survey.rows, sources, depth=0))
    columns = _union(survey.columns, (row.cells for row in rows))
    result = dict(sheets)
    result["survey"] = Sheet("survey", columns, rows)
    if "settings" in sheets:
        settings = sheets["settings"]
        result["settings"] = replace(settings, rows=tuple(_macros(row, sources) for row in settings.rows))
    listed = _choices(sheets.get("choices", Sheet("choices")), rows, sources)
    result["survey"], result["choices"] = spell_out(result["survey"], listed)
    return Expanded(result, _files(rows, sources))


def _union(columns: tuple[str, ...], cells: Iterable[Mapping[str, str]]) -> tuple[str, ...]:
    seen = dict.fromkeys(columns)
    for row in cells:
        seen.update(dict.fromkeys(row))
    return tuple(seen)


# --- blocks


def _included(rows: Iterable[Row], sources: Sources, depth: int) -> Iterator[Row]:
    for row in rows:
        if row["type"] != "include":
            yield row
            continue
        name = row["name"]
        if name not in sources.blocks:
            raise _unknown("shelf.unknown_block", row.place, "name", name, sources.blocks)
        if depth == _DEEPEST:
            raise Problem("shelf.endless_block", **row.place.facts("name"), name=name)
        given = _parameters(row)
        block = read_markdown(sources.blocks[name], f"blocks/{name}.md").get("survey")
        if block is None:
            raise Problem("shelf.empty_block", **row.place.facts("name"), name=name)
        parts = set(given.pop("parts", "").split(","))
        chosen = [r for r in block.rows if not r["part"] or r["part"] in parts]
        yield from _included((_filled(r, given) for r in chosen), sources, depth + 1)


def _parameters(row: Row) -> dict[str, str]:
    text = row["parameters"]
    rest = _PARAMETER.sub("", text).strip()
    if rest:
        raise Problem("shelf.bad_parameter", **row.place.facts("parameters"), found=rest)
    return {key: value.strip('"') for key, value in _PARAMETER.findall(text)}


def _filled(row: Row, given: Mapping[str, str]) -> Row:
    def value(token: re.Match[str]) -> str:
        if token[1] not in given:
            raise Problem("shelf.missing_parameter", **row.place.facts(), name=token[1])
        return given[token[1]]

    cells = {column: _TOKEN.sub(value, cell) for column, cell in row.cells.items() if column != "part"}
    return row.with_cells({column: cell for column, cell in cells.items() if cell})


# --- rules


def _macros(row: Row, sources: Sources) -> Row:
    cells = {
        column: _expression(cell, Spot(row.place, column), sources) if column in EXPRESSIONS else cell
        for column, cell in row.cells.items()
    }
    return row.with_cells(cells)


@dataclass(frozen=True)
class Spot:
    """A cell."""

    place: Place
    column: str


def _expression(cell: str, spot: Spot, sources: Sources) -> str:
    def rule(call: re.Match[str]) -> str:
        name = call[1]
        if name not in sources.rules:
            raise _unknown("shelf.unknown_rule", spot.place, spot.column, name, sources.rules)
        found = sources.rules[name]
        arguments = tuple(a.strip() for a in (call[2] or "").split(",")) if call[2] else ()
        if len(arguments) != len(found.parameters):
            wanted = f"@{name}({', '.join(found.parameters)})" if found.parameters else f"@{name}"
            raise Problem("shelf.wrong_arguments", **spot.place.facts(spot.column), wanted=wanted)
        return found.apply(arguments)

    for _ in range(_MOST_NESTED_RULES):
        if not _MACRO.search(cell):
            break
        cell = _MACRO.sub(rule, cell)
    return cell


# --- code lists


def _choices(own: Sheet, rows: Iterable[Row], sources: Sources) -> Sheet:
    defined = {row["list_name"] or row["list name"] for row in own.rows}
    added: list[Row] = []
    for row in rows:
        asked = _SELECT.match(row["type"])
        if not asked or _FROM_FILE.match(row["type"]) or asked[2] in defined:
            continue
        if "${" in asked[2] or asked[2].startswith("external"):
            continue
        name = asked[2]
        if f"{name}.csv" not in sources.lists:
            known = {*defined, *(file.removesuffix(".csv") for file in sources.lists)}
            raise _unknown("shelf.unknown_list", row.place, "type", name, known)
        added += _listed(name, sources.lists[f"{name}.csv"])
        defined.add(name)
    rows_now = (*own.rows, *added)
    return Sheet(
        "choices", _union(own.columns or ("list_name", "name"), (r.cells for r in rows_now)), rows_now
    )


def _listed(name: str, text: str) -> Iterator[Row]:
    reader = csv.DictReader(StringIO(text))
    if "name" not in (reader.fieldnames or ()):
        raise Problem("shelf.bad_list", file=f"lists/{name}.csv", column="name")
    for record in reader:
        cells = {column: cell for column, cell in record.items() if cell and column not in _OWN}
        yield Row(Place(f"lists/{name}.csv", name, reader.line_num), {"list_name": name, **cells})


def _files(rows: Iterable[Row], sources: Sources) -> dict[str, str]:
    files: dict[str, str] = {}
    for row in rows:
        asked = _FROM_FILE.match(row["type"])
        if asked is None:
            continue
        if asked[1] not in sources.lists:
            raise _unknown("shelf.missing_file", row.place, "type", asked[1], sources.lists)
        files[asked[1]] = sources.lists[asked[1]]
    return files


def _unknown(code: str, place: Place, column: str, name: str, known: Iterable[str]) -> Problem:
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
    return Problem(code, **place.facts(column), name=name, near="、".join(near) or "—")
