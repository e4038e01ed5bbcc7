"""`or_other`: the choice and the question that it stands for, in the languages of the form.

The converter would write both in English whatever the form speaks. What it refuses (a list without choices, a
choice filter) is left to it.
"""

import re
from collections.abc import Iterable, Iterator

from xincai.shelf.sheets import Row, Sheet

_OTHER = re.compile(r"^(select\S*(?: \S+)*?[_ ](\S+)) (?:or specify other|or_other|or other)$")
_CHINESE = re.compile("[\u3400-\u9fff]")
_WORDS = {True: ("其他", "请填写其他是什么"), False: ("Other", "Please say what it is.")}


def spell_out(survey: Sheet, choices: Sheet) -> tuple[Sheet, Sheet]:
    """Both sheets with all that `or_other` stands for."""
    lists: dict[str, list[Row]] = {}
    for row in choices.rows:
        lists.setdefault(_list_of(row), []).append(row)
    asked = [match[2] for row in survey.rows if (match := _match(row, lists)) is not None]
    wanting = [
        name for name in dict.fromkeys(asked) if not any(row["name"] == "other" for row in lists[name])
    ]
    added = [_choice(lists[name]) for name in wanting]
    rows = tuple(one for row in survey.rows for one in _questions(row, lists))
    return Sheet(survey.name, _with(survey.columns, rows), rows), Sheet(
        choices.name, choices.columns, (*choices.rows, *added)
    )


def _match(row: Row, lists: dict[str, list[Row]]) -> re.Match[str] | None:
    found = _OTHER.match(row["type"])
    return found if found is not None and found[2] in lists and not row["choice_filter"] else None


def _list_of(row: Row) -> str:
    return row["list_name"] or row["list name"]


def _choice(rows: list[Row]) -> Row:
    last = rows[-1]
    named = {column: cell for column, cell in last.cells.items() if column in ("list_name", "list name")}
    return last.with_cells({**named, "name": "other", **_said(last, 0)})


def _questions(row: Row, lists: dict[str, list[Row]]) -> Iterator[Row]:
    found = _match(row, lists)
    if found is None:
        yield row
        return
    yield row.with_cells({**row.cells, "type": found[1]})
    name = row["name"]
    relevant = f"selected(${{{name}}}, 'other')"
    yield row.with_cells({"type": "text", "name": f"{name}_other", "relevant": relevant, **_said(row, 1)})


def _said(row: Row, which: int) -> dict[str, str]:
    """The words in each language in which a row has a label: Chinese where that is Chinese."""
    return {
        column: _WORDS[_CHINESE.search(cell) is not None][which]
        for column, cell in row.cells.items()
        if column == "label" or column.startswith("label:")
    }


def _with(columns: tuple[str, ...], rows: Iterable[Row]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*columns, *(column for row in rows for column in row.cells))))
