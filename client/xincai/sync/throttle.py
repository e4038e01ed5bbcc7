"""A bound on how fast bytes are sent, so that a delivery leaves room on a thin line for everybody else."""

from collections.abc import Callable

from xincai import clock

_PIECE = 16 * 1024
_SMALLEST = 1024
_SLICE = 0.2


class Throttle:
    """Lets `limit` bytes a second through over all exchanges of a line; 0 lets everything through."""

    def __init__(
        self,
        limit: int,
        *,
        monotonic: Callable[[], float] = clock.monotonic,
        pause: Callable[[float], None] = clock.pause,
    ) -> None:
        self._limit = limit
        self._monotonic = monotonic
        self._pause = pause
        self._free = 0.0
        """When what went before has been sent at this rate."""
        self.piece = min(max(limit // 4, _SMALLEST), _PIECE) if limit else _PIECE
        """How many bytes to write at once."""

    def hold(self, count: int, check: Callable[[], None]) -> float:
        """Wait until `count` bytes more may go; the seconds that took. `check` may raise meanwhile."""
        if not self._limit:
            return 0.0
        began = self._monotonic()
        while (left := self._free - self._monotonic()) > 0:
            check()
            self._pause(min(left, _SLICE))
        now = self._monotonic()
        self._free = max(self._free, now) + count / self._limit
        return now - began
