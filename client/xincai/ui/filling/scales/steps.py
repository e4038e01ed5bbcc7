"""The steps of a range question: from `start` to `end` by `step`, as text and as numbers.

Pure. A value is written without needless zeros; what lies off the steps has no place on them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

_MOST_TICKS = 25
_MOST_NUMBERS = 11
"""Ticks that find room, and numbers under them."""


@dataclass(frozen=True)
class Steps:
    """Places 0 … `last`; the place n means `start` + n · `step`."""

    start: Decimal
    step: Decimal
    last: int
    tick: int
    """Places from one tick to the next."""
    placeholder: int
    """The place from which a key moves a scale that is still empty."""

    def value(self, place: int) -> str:
        """What a place stores."""
        number = self.start + self.step * place
        return f"{number.normalize():f}" if number else "0"

    def place(self, value: str) -> int | None:
        """The place of a stored or typed value; None when it is none of the steps."""
        number = _number(value)
        if number is None:
            return None
        steps = (number - self.start) / self.step
        whole = int(steps.to_integral_value())
        return whole if steps == whole and 0 <= whole <= self.last else None

    @property
    def ticks(self) -> tuple[int, ...]:
        """The places that carry a tick; the last one always does."""
        return tuple(dict.fromkeys((*range(0, self.last + 1, self.tick), self.last)))

    @property
    def numbered(self) -> tuple[int, ...]:
        """The places that carry their number where the form gives no words."""
        ticks = self.ticks
        return ticks if len(ticks) <= _MOST_NUMBERS else (0, self.last)


ONE_TO_TEN = Steps(Decimal(1), Decimal(1), 9, 1, 0)


def read_steps(parameters: Mapping[str, str]) -> Steps | None:
    """The steps that a range's parameters mean; None when they mean none."""
    start = _number(parameters.get("start", "1"))
    end = _number(parameters.get("end", "10"))
    step = _number(parameters.get("step", "1"))
    if start is None or end is None or not step or start == end:
        return None
    step = abs(step) if end > start else -abs(step)
    last = int((end - start) / step)
    if last < 1:
        return None
    interval = _number(parameters.get("tick-interval", ""))
    tick = max(1, abs(int(interval / step))) if interval else max(1, -(-last // _MOST_TICKS))
    made = Steps(start, step, last, tick, 0)
    return Steps(start, step, last, tick, made.place(parameters.get("placeholder", "")) or 0)


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < Decimal(10) ** 12 else None
