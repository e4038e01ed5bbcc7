"""What compiled expressions need of the filling they run in."""

import datetime
from collections.abc import Callable, Mapping
from typing import Protocol, TypeAlias

from xincai.xforms.budget import Meter
from xincai.xforms.form import Form
from xincai.xforms.tree import NO_COLUMNS, Definition, Node, Place
from xincai.xforms.xpath.values import Value

Code: TypeAlias = Callable[[Place], Value]
Codes: TypeAlias = Callable[[Place], list[Value]]
Nodes: TypeAlias = Callable[[Place], list[Place]]


def always(value: Value) -> Code:
    """The code of what is known."""
    return lambda c: value  # noqa: ARG005 - whatever the context


class Frame:
    """The moving part of a predicate: which candidate, of how many, asked from where.

    `flat` says that every candidate is a row with one cell of a name, `columns` where they stand if that is
    the same in all; `passes` counts how often the predicate has gone through its candidates.
    """

    __slots__ = ("columns", "flat", "origin", "passes", "position", "size")

    def __init__(self, *, flat: bool = False, columns: Mapping[str, int] = NO_COLUMNS) -> None:
        self.flat = flat
        self.columns = columns
        self.origin: Place | None = None
        self.passes = 0
        self.position = 1
        self.size = 1


class Live(Protocol):
    """A filling as expressions see it."""

    form: Form
    single: dict[Definition, Node]
    meter: Meter
    properties: Mapping[str, str]
    language: str
    now: Callable[[], datetime.datetime]

    def itext(self, itext: str, context: Place) -> str:
        """A text of the itext table in the current language."""

    def labels(self, node: Node) -> Mapping[str, str]:
        """Labels by value of a select's choices."""
