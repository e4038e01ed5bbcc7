"""An assignment from a village's roster, a CSV file or the first sheet of a workbook: one row a subject.

Columns: `kind` (ENT, SOLE, COOP, COLL, FARM, HH), `code`, `name`, `region` (the village's code, twelve
digits), `village`, `held` (catalogue items that the platform holds, like `3/tax`, between spaces); every
other column is a question of the assignment's forms, by its name (`phone`) or, where only one of the forms is
meant, by form and name (`hh_basic.phone`). Rules: a roster is taken whole or not at all; what is wrong is
told with the sheet and the numbers of its rows, never with what they say.
"""

import datetime
import re
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path

from xincai.errors import Problem
from xincai.shelf.county import Table, read_rows
from xincai.wire.published import MAX_SUBJECTS, SUBJECT_KINDS, Assignment, Given, Visit
from xincai.xforms import Form

_COLUMNS = {
    "kind": ("kind", "主体类型"),
    "code": ("code", "主体代码", "代码"),
    "name": ("name", "主体名称", "名称", "姓名"),
    "region": ("region", "区划代码"),
    "village": ("village", "村"),
    "held": ("held", "平台已有"),
}
_NEEDED = ("kind", "name", "region", "village")
_MOST_TOLD = 8
_ITEM = re.compile(r"[0-9A-Z]+/[a-z0-9_]+")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_CHECKS: Mapping[str, Callable[[Mapping[str, str]], bool]] = {
    "gateway.roster_kind": lambda row: row["kind"] in SUBJECT_KINDS,
    "gateway.roster_name": lambda row: 1 <= len(row["name"]) <= 200,
    "gateway.roster_code": lambda row: re.fullmatch(r"[0-9A-Z]{0,40}", row["code"]) is not None,
    "gateway.roster_region": lambda row: re.fullmatch(r"\d{12}", row["region"]) is not None,
    "gateway.roster_held": lambda row: all(_ITEM.fullmatch(each) for each in row["held"].split()),
}


def _check_date(due: str) -> None:
    """Refuse what is no day: every device would refuse the whole index with it."""
    if not _DATE.fullmatch(due):
        raise Problem("gateway.roster_due")
    try:
        datetime.date.fromisoformat(due)
    except ValueError as error:
        raise Problem("gateway.roster_due") from error


def read_roster(path: Path, *, name: str, title: str, due: str, forms: Mapping[str, Form]) -> Assignment:
    """The assignment of a roster, over these forms.

    Raises:
        Problem: `gateway.roster_*` with the rows that are wrong.
    """
    _check_date(due)
    table = read_rows(path)
    plain = {head: unicodedata.normalize("NFC", head).strip() for head in table.columns if head.strip()}
    columns = {
        column: next((head for head, words in plain.items() if words.lower() in spellings), "")
        for column, spellings in _COLUMNS.items()
    }
    missing = [column for column in _NEEDED if not columns[column]]
    if missing:
        raise Problem("gateway.roster_columns", place=table.place, columns="、".join(missing))
    questions = {
        head: _questions(words, forms) for head, words in plain.items() if head not in columns.values()
    }
    unknown = [plain[head] for head, found in questions.items() if not found]
    if unknown:
        raise Problem("gateway.roster_question", place=table.place, columns="、".join(unknown)[:200])
    visits = _visits(table, columns, questions)
    return Assignment(name, title, due, tuple(forms), visits)


def _visits(
    table: Table,
    columns: Mapping[str, str],
    questions: Mapping[str, list[tuple[str, str]]],
) -> tuple[Visit, ...]:
    wrong: dict[str, list[int]] = {}
    visits: dict[str, Visit] = {}
    for number, cells in table.rows:
        row = {column: _said(cells.get(head, "")) for column, head in columns.items()}
        ref = row["code"] or f"row-{number}"
        mistakes = [mistake for mistake, good in _CHECKS.items() if not good(row)]
        if ref in visits:
            mistakes.append("gateway.roster_twice")
        for mistake in mistakes[:1]:
            wrong.setdefault(mistake, []).append(number)
        given = [
            Given(form, question, value)
            for head, places in questions.items()
            if (value := _said(cells.get(head, "")))
            for form, question in places
        ]
        kind = next((kind for kind in SUBJECT_KINDS if kind == row["kind"]), None)
        if kind is not None and not mistakes:
            visits[ref] = Visit(
                ref=ref,
                kind=kind,
                code=row["code"],
                name=row["name"],
                region=row["region"],
                village=row["village"],
                prefill=tuple(given),
                held=tuple(dict.fromkeys(row["held"].split())),
            )
    for mistake, numbers in wrong.items():
        told = "、".join(map(str, numbers[:_MOST_TOLD])) + ("…" if len(numbers) > _MOST_TOLD else "")
        raise Problem(mistake, place=table.place, rows=told, count=len(numbers))
    if not 0 < len(visits) <= MAX_SUBJECTS:
        raise Problem("gateway.roster_count", place=table.place, count=len(visits), most=MAX_SUBJECTS)
    return tuple(visits.values())


def _questions(words: str, forms: Mapping[str, Form]) -> list[tuple[str, str]]:
    """The forms that ask a column's question, each with the question's name; outside repeats."""
    form_id, dot, question = words.partition(".")
    chosen = {form_id: forms[form_id]} if dot and form_id in forms else dict(forms)
    name = question if dot and form_id in forms else words
    return [
        (each, name)
        for each, form in chosen.items()
        if any(
            place.name == name and place.control is not None and place.control.kind == "question"
            for place in form.places.values()
        )
    ]


def _said(cell: str) -> str:
    return unicodedata.normalize("NFC", cell.strip())
