"""Looking rows up by a column instead of reading them all: `root/item[column = expression]`."""

from typing import NamedTuple

from xincai.xforms.form import Form
from xincai.xforms.tree import Item, Place
from xincai.xforms.xpath.syntax import Binary, Call, Chain, Expr, Filter, Num, Path, Text, parts
from xincai.xforms.xpath.tracks import OF_CONTEXT
from xincai.xforms.xpath.values import Value, equal, text_to_number, to_string

_EVER_NEW = frozenset({"random", "randomize", "uuid", "once"})


class Key(NamedTuple):
    """An equality in a predicate: which column, compared with what, and whether nothing else is asked."""

    column: str
    value: Expr
    alone: bool


def find_key(predicate: Expr) -> Key | None:
    """An equality of a column with what does not depend on the row: an answer rather than a literal."""
    if isinstance(predicate, Binary) and predicate.op == "=":
        return _key(predicate, alone=True)
    if isinstance(predicate, Chain) and predicate.op == "and" and not _positional(predicate):
        equalities = [term for term in predicate.terms if isinstance(term, Binary) and term.op == "="]
        keys = [key for key in (_key(term, alone=False) for term in equalities) if key is not None]
        return min(keys, key=lambda key: isinstance(key.value, Text | Num), default=None)
    return None


def all_keys(predicate: Expr) -> list[Key]:
    """The equalities of which a predicate consists, when it asks for nothing else."""
    chained = isinstance(predicate, Chain) and predicate.op == "and"
    terms = predicate.terms if chained and isinstance(predicate, Chain) else (predicate,)
    keys = [
        _key(term, alone=False) if isinstance(term, Binary) and term.op == "=" else None for term in terms
    ]
    found = [key for key in keys if key is not None]
    return found if len(found) == len(terms) else []


class Lookup:
    """Rows by the value of one column; the index lives with the form and is made when first asked."""

    def __init__(self, form: Form, instance: str, where: str, column: str, base: list[Place]) -> None:
        self.form = form
        self.key = (instance, where, column)
        self.column = column
        self.base = base
        self.by_number: dict[float, list[Place]] | None = None

    def rows(self, value: Value) -> list[Place]:
        """Rows whose column equals a value."""
        if isinstance(value, bool):
            return [
                row
                for row in self.base
                if isinstance(row, Item) and any(equal(text, value) for text in row.cells_of(self.column))
            ]
        if isinstance(value, float):
            return self.numbers().get(value, []) if value == value else []  # noqa: PLR0124 - NaN equals nothing
        return self.texts().get(to_string(value), [])  # type: ignore[return-value]  # rows are places; list is invariant

    def texts(self) -> dict[str, list[Item]]:
        table = self.form.indexes.get(self.key)
        if table is None:
            table = {}
            for row in self.base:
                if isinstance(row, Item):
                    for text in row.cells_of(self.column):
                        table.setdefault(text, []).append(row)
            self.form.indexes[self.key] = table
        return table

    def numbers(self) -> dict[float, list[Place]]:
        if self.by_number is None:
            self.by_number = {}
            for row in self.base:
                if isinstance(row, Item):
                    for number in {text_to_number(text) for text in row.cells_of(self.column)}:
                        self.by_number.setdefault(number, []).append(row)
        return self.by_number


def _key(term: Binary, *, alone: bool) -> Key | None:
    for column, other in ((term.left, term.right), (term.right, term.left)):
        if _is_column(column) and isinstance(column, Path) and independent(other):
            return Key(column.steps[0].name, other, alone)
    return None


def _is_column(expr: Expr) -> bool:
    return (
        isinstance(expr, Path) and expr.start == "." and len(expr.steps) == 1
        and expr.steps[0].axis == "child" and not expr.steps[0].predicates
        and expr.steps[0].name[-1] not in "*)"
    )  # fmt: skip


def independent(expr: Expr) -> bool:
    """Whether the value is the same for every row."""
    if isinstance(expr, Filter):
        return False
    if isinstance(expr, Path):
        return expr.start != "." and (isinstance(expr.start, str) or independent(expr.start))
    if isinstance(expr, Call):
        here = not expr.args and expr.name in OF_CONTEXT
        return not here and expr.name not in _EVER_NEW and all(map(independent, expr.args))
    return all(map(independent, parts(expr)))


def _positional(expr: Expr) -> bool:
    if isinstance(expr, Call) and expr.name in ("position", "last"):
        return True
    return not isinstance(expr, Path) and any(map(_positional, parts(expr)))
