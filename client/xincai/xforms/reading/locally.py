"""Lists as they stand here: what the platform published, with entities that were made or changed here since.

It belongs to one opening of a form, not to the form: a form with such lists is a light copy of the form.
"""

import copy
from collections.abc import Mapping, Sequence

from xincai.xforms.form import Form
from xincai.xforms.tree import Item, Row

Rows = Sequence[Mapping[str, str]]
_NAME, _VERSION, _TRUNK = "name", "__version", "__trunkVersion"


def rows_of(form: Form, dataset: str) -> tuple[Mapping[str, str], ...]:
    """The rows of a form's list; none when it has no such list."""
    root = form.instances.get(dataset)
    items = [] if root is None else root.kids.get("item", [])
    return tuple(item.texts() for item in items if isinstance(item, Row))


def merged(published: Rows, here: Rows) -> tuple[Mapping[str, str], ...]:
    """The rows of one list, as in Collect: a row of the platform's wins unless the one here is newer.

    A row made here stays until the platform has it; one changed here goes when the platform dropped it.
    """
    own = {row.get(_NAME, ""): row for row in here}
    rows = [row if _is_newer(row, own.get(row.get(_NAME, ""))) else own[row[_NAME]] for row in published]
    there = {row.get(_NAME, "") for row in published}
    return (*rows, *(row for name, row in own.items() if name not in there and not row.get(_TRUNK)))


def with_entities(form: Form, here: Mapping[str, Rows]) -> Form:
    """The form with its lists brought up to date; itself where there is nothing to bring."""
    lists = {name: rows for name, rows in here.items() if rows and name in form.instances}
    if not lists:
        return form
    own = copy.copy(form)
    fresh = {name: _list(merged(rows_of(form, name), rows)) for name, rows in lists.items()}
    own.instances = {**form.instances, **fresh}
    own.indexes = {}
    return own


def _is_newer(published: Mapping[str, str], here: Mapping[str, str] | None) -> bool:
    return here is None or _number(published) >= _number(here)


def _number(row: Mapping[str, str]) -> int:
    version = row.get(_VERSION, "")
    return int(version) if version.isdecimal() else 0


def _list(rows: Rows) -> Item:
    root = Item("root", None, "", {})
    columns = dict.fromkeys(column for row in rows for column in row)
    empty = dict.fromkeys(columns, "")
    root.kids["item"] = [Row.of("item", root, {**empty, **row}, number) for number, row in enumerate(rows, 1)]
    return root
