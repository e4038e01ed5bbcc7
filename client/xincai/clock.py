"""The only place that asks what time it is and rolls the dice.

Rules: instants are UTC and aware; ids are version 4 UUIDs; randomness is the operating system's.
`fixed` hands both in for golden tests.
"""

import contextlib
import datetime
import os
import time
from collections.abc import Callable, Iterator

_wall: Callable[[], datetime.datetime] = lambda: datetime.datetime.now(datetime.UTC)  # noqa: E731
_chance: Callable[[int], bytes] = os.urandom


def now() -> datetime.datetime:
    """The present instant, UTC."""
    return _wall()


def today() -> datetime.date:
    """Today's date where this computer stands."""
    return _wall().astimezone().date()


def stamp(instant: datetime.datetime) -> str:
    """An instant as text with whole seconds: `2026-11-22T03:04:05Z`."""
    return instant.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_stamp(text: str) -> datetime.datetime:
    """The instant of a `stamp`; ValueError when it is not one."""
    return datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.UTC)


def monotonic() -> float:
    """Seconds that only grow; for durations and deadlines."""
    return time.monotonic()


def pause(seconds: float) -> None:
    """Wait; for back-off on a worker lane, never on the screen's."""
    time.sleep(seconds)


def random_bytes(count: int) -> bytes:
    """Unpredictable bytes."""
    return _chance(count)


def new_id() -> str:
    """A fresh version 4 UUID in its canonical lower-case form."""
    drawn = bytearray(random_bytes(16))
    drawn[6] = drawn[6] & 0x0F | 0x40  # version 4
    drawn[8] = drawn[8] & 0x3F | 0x80  # variant of RFC 4122
    digits = drawn.hex()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


@contextlib.contextmanager
def fixed(at: datetime.datetime, *, seed: str = "") -> Iterator[None]:
    """Stop the clock at an instant and make chance repeatable, for golden tests only."""
    global _wall, _chance
    import hashlib

    before = _wall, _chance
    count = 0

    def chance(size: int) -> bytes:
        nonlocal count
        count += 1
        return hashlib.shake_256(f"{seed}/{count}".encode()).digest(size)

    _wall, _chance = (lambda: at), chance
    try:
        yield
    finally:
        _wall, _chance = before
