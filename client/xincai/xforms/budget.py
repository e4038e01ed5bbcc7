"""How much work a form may make: no form, however written, keeps the program busy or fills its memory.

Work is counted, not timed, so that a form either runs everywhere or nowhere: about 0.1 µs a unit on an
office computer. One step (an answer, an instance, opening a fresh filling) has `STEP` units, reading a form
`READ`. Resuming a draft has `RESUME`: it repeats at once what many steps did, and must not lose them.
A text that an expression makes has at most `LONGEST_TEXT` letters.
"""

from contextvars import ContextVar
from typing import NoReturn, Self, TypeVar

from xincai.errors import Problem

STEP = 6_000_000
READ = 4_000_000
RESUME = 20 * STEP
LONGEST_TEXT = 1_000_000
RULE = 5  # one rule worked out at one place
SEED = 20  # one element of the instance read, or one distinct place
EDGE = 25  # one place that a rule reads
NODE = 12  # one place made
INSTANCE = 60  # one instance come or gone
_FREE = 1_000  # letters that cost nothing
_LETTERS = 4  # letters to a unit beyond that
_FEW = 16  # nodes too few to count


class Meter:
    """What is left of an allowance; entered by each operation, and by what it calls without a refill."""

    __slots__ = ("depth", "left", "whole")

    def __init__(self, whole: int = STEP) -> None:
        self.whole = self.left = whole
        self.depth = 0

    def __enter__(self) -> Self:
        if not self.depth:
            self.left = self.whole
            if _CURRENT.get(None) is not self:
                _CURRENT.set(self)
        self.depth += 1
        return self

    def __exit__(self, *_: object) -> None:
        self.depth -= 1

    def spend(self, units: int) -> None:
        """Count work about to be done.

        Raises:
            Problem: `xforms.too_much_work`.
        """
        self.left -= units
        if self.left < 0:
            self.over()

    def over(self) -> NoReturn:
        raise Problem("xforms.too_much_work")


T = TypeVar("T")
_CURRENT: ContextVar[Meter] = ContextVar("xforms-meter")


def spend(units: int) -> None:
    """Count work where the meter is out of reach."""
    meter = _CURRENT.get(None)
    if meter is not None:
        meter.spend(units)


def letters(count: int) -> None:
    """Count letters about to be read one by one or made.

    Raises:
        Problem: `xforms.too_much_work`.
    """
    if count > _FREE:
        spend(count // _LETTERS)


def making(count: int) -> None:
    """Count letters about to be made.

    Raises:
        Problem: `xforms.text_too_long` (most), `xforms.too_much_work`.
    """
    if count > _FREE:
        if count > LONGEST_TEXT:
            raise Problem("xforms.text_too_long", most=LONGEST_TEXT)
        spend(count // _LETTERS)


def counted(nodes: list[T]) -> list[T]:
    """Nodes about to be read one by one."""
    if len(nodes) > _FEW:
        spend(len(nodes))
    return nodes
