"""A form's sheets, proof-read: every mistake that can be seen in them, all at once.

What the converter and the engine find besides is led back to its row by `tracing`. Here stands what people
most often get wrong, so that it is told in their own words with what to write instead.
"""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from xincai.errors import Problem
from xincai.shelf.remarks import Remark
from xincai.shelf.sheets import Row, Sheet

REFERENCE = re.compile(r"\$\{\s*(?:last-saved#)?([^{}]*?)\s*\}")
_NAME = re.compile(r"^[^\W\d][\w.\-]*$")
_BEGIN = re.compile(r"^begin[_ ](\w+)")
_END = re.compile(r"^end[_ ](\w+)")
_NAMELESS = frozenset({"audit"})
_LABELLED = ("label", "caption", "hint", "media", "image", "audio", "video", "big-image")
_LISTED = frozenset({"select one", "select1", "select multiple", "rank", "select one from file",
                     "select multiple from file"})  # fmt: skip
_NEAR = 0.8
_SURVEY = frozenset(
    {"type", "name", "label", "hint", "guidance_hint", "required", "required_message", "relevant",
     "relevance", "constraint", "constraint_message", "calculation", "calculate", "appearance",
     "choice_filter",
     "repeat_count", "count", "default", "read_only", "readonly", "trigger", "parameters", "save_to", "image",
     "audio", "video", "big-image", "autoplay", "query", "caption", "note", "intent", "command", "tag",
     "value", "list_name", "noapperrorstring", "requiredmsg", "constraintmsg", "comment", "comments"}
)  # fmt: skip
_CHOICES = frozenset({"list_name", "name", "value", "label", "image", "audio", "video", "big-image"})
_ASKED = frozenset(
    {"text", "integer", "decimal", "date", "time", "datetime", "geopoint", "geotrace", "geoshape", "image",
     "photo", "audio", "video", "file", "barcode", "range", "note", "acknowledge"}
)  # fmt: skip


@dataclass
class Scope:
    """A group or repeat that is open, and the names in it."""

    kind: str
    row: Row | None
    names: dict[str, Row] = field(default_factory=dict)


def proofread(sheets: Mapping[str, Sheet]) -> list[Remark]:
    """All that is to be said of the sheets of a form, in the order of their rows."""
    survey = sheets["survey"].rows
    found = [*_structure(survey), *_types(survey), *_labels(survey), *_references(sheets)]
    found += _columns(sheets["survey"], _SURVEY)
    found += _columns(sheets.get("choices", Sheet("choices")), _CHOICES)
    found += _choices(sheets.get("choices", Sheet("choices")), sheets.get("settings", Sheet("settings")))
    return found


def _columns(sheet: Sheet, known: frozenset[str]) -> Iterator[Remark]:
    """Columns that look like one that is known and are not: what stands in them has no effect."""
    for column in sheet.columns:
        head, mark, language = column.partition("::")
        plain = "_".join(head.lower().split())
        if plain in known or plain.startswith(("bind", "body", "instance", "control", "media", "jr:")):
            continue
        near = difflib.get_close_matches(plain, known, n=1, cutoff=_NEAR)
        row = next((row for row in sheet.rows if row[column]), None)
        if near and row is not None:
            instead = f"{near[0]}{mark}{language}"
            yield _remark("shelf.unknown_column", row, column, grave=False, found=column, near=instead)


# --- names and groups


def _structure(survey: Iterable[Row]) -> Iterator[Remark]:
    open_scopes = [Scope("survey", None)]
    for row in survey:
        kind = row["type"].lower()
        if ended := _END.match(kind):
            if len(open_scopes) == 1:
                yield _remark("shelf.end_without_begin", row, "type", kind=ended[1])
            elif open_scopes[-1].kind != _plain(ended[1]):
                begun = open_scopes.pop()
                line = begun.row.place.row if begun.row else 0
                yield _remark("shelf.wrong_end", row, "type", kind=ended[1], wanted=begun.kind, line=line)
            else:
                open_scopes.pop()
            continue
        yield from _named(row, open_scopes[-1])
        if begun_here := _BEGIN.match(kind):
            open_scopes.append(Scope(_plain(begun_here[1]), row))
    for scope in open_scopes[1:]:
        if scope.row is not None:
            yield _remark("shelf.never_ended", scope.row, "type", kind=scope.kind)


def _plain(kind: str) -> str:
    return {"lgroup": "repeat", "looped": "repeat"}.get(kind, kind)


def _named(row: Row, scope: Scope) -> Iterator[Remark]:
    name, kind = row["name"], row["type"]
    if not name:
        if kind and kind.lower() not in _NAMELESS and not kind.lower().startswith("note"):
            yield _remark("shelf.no_name", row, "name")
        return
    if not _NAME.match(name):
        yield _remark("shelf.bad_name", row, "name", name=name[:60], instead=_mended(name))
    elif name in scope.names:
        yield _remark("shelf.name_twice", row, "name", name=name, line=scope.names[name].place.row)
    scope.names.setdefault(name, row)


def _mended(name: str) -> str:
    """A name like this one that may be written."""
    plain = re.sub(r"[^\w.\-]+", "_", name).strip("_")
    return plain if _NAME.match(plain) else f"q_{plain or 1}"


def _types(survey: Iterable[Row]) -> Iterator[Remark]:
    known = known_types()
    for row in survey:
        kind = " ".join(row["type"].split())
        if not kind:
            if row["name"] or any(column.startswith("label") for column in row.cells):
                yield _remark("shelf.no_type", row, "type")
            continue
        plain = kind.replace("_", " ").lower()
        if plain in _LISTED:
            yield _remark("shelf.select_without_list", row, "type", found=kind)
        if plain.startswith(("begin ", "end ", "select", "rank", "add select", "cascading", "osm")):
            continue
        if kind not in known and plain not in known:
            near = difflib.get_close_matches(plain, known, n=3, cutoff=0.5)
            yield _remark("shelf.unknown_type", row, "type", found=kind[:60], near=", ".join(near) or "text")


def known_types() -> frozenset[str]:
    """Every type that the converter takes, with blanks and with underscores."""
    from pyxform.question_type_dictionary import QUESTION_TYPE_DICT

    plain = {str(kind) for kind in QUESTION_TYPE_DICT} | {"entity", "hidden", "calculate", "include"}
    return frozenset(plain | {kind.replace("_", " ").lower() for kind in plain})


def _labels(survey: Iterable[Row]) -> Iterator[Remark]:
    for row in survey:
        kind = row["type"].lower()
        asked = kind in _ASKED or kind.startswith(("select", "rank"))
        columns = tuple(column.lower() for column in row.cells)
        words = any(column.startswith(_LABELLED) for column in columns)
        computed = any("calculat" in column or column == "trigger" for column in columns)
        if asked and not words and not computed:
            yield _remark("shelf.no_label", row, "label", name=row["name"])
        if kind == "calculate" and not computed and not row["default"]:
            yield _remark("shelf.no_calculation", row, "calculation", name=row["name"])


# --- references


def _references(sheets: Mapping[str, Sheet]) -> Iterator[Remark]:
    names = [row["name"] for row in sheets["survey"].rows if row["name"]]
    names += [f"{row['name']}_count" for row in sheets["survey"].rows if row["repeat_count"]]
    for sheet in sheets.values():
        for row in sheet.rows:
            for column, cell in row.cells.items():
                if "${" not in cell:
                    continue
                for reference in REFERENCE.finditer(cell):
                    if reference[1] not in names:
                        near = difflib.get_close_matches(reference[1], names, n=3, cutoff=0.5) or names[:3]
                        yield _remark(
                            "shelf.unknown_question", row, column,
                            name=reference[1][:60], near=", ".join(f"${{{n}}}" for n in near) or "—",
                        )  # fmt: skip


# --- choices


def _choices(choices: Sheet, settings: Sheet) -> Iterator[Remark]:
    twice_meant = any(
        row["allow_choice_duplicates"].lower() in {"yes", "true", "true()"} for row in settings.rows
    )
    seen: dict[tuple[str, str], Row] = {}
    for row in choices.rows:
        listed, name = row["list_name"] or row["list name"], row["name"] or row["value"]
        if not listed:
            yield _remark("shelf.choice_without_list", row, "list_name", grave=False)
        elif not name:
            yield _remark("shelf.choice_without_name", row, "name", name=listed)
        elif (listed, name) in seen and not twice_meant:
            line = seen[listed, name].place.row
            yield _remark("shelf.choice_twice", row, "name", name=name, list=listed, line=line)
        seen.setdefault((listed, name), row)


def _remark(code: str, row: Row, column: str, /, *, grave: bool = True, **facts: str | int) -> Remark:
    return Remark(Problem(code, **{**row.place.facts(column), **facts}), row.place, column, grave)
