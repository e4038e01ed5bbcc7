"""Passphrases drawn by lot: everyday words of two characters, with a strength that is counted, not guessed.

The list is our own (`resources/passphrases/words.txt`), every word in it once. Six words of 2,048 are 66
bits: at a thousand guesses a second, more than Argon2id lets a good computer make, two billion years.
"""

import functools
import math
from typing import Final

from xincai import clock, paths
from xincai.desk.views import Strength

COUNT: Final = 6
_DRAWN: Final = 4
"""Bytes per draw."""


def offer() -> Strength:
    """Six words by lot, with a space between them."""
    known = words()
    chosen = [known[_below(len(known))] for _ in range(COUNT)]
    return Strength(bits=int(COUNT * math.log2(len(known))), words=" ".join(chosen))


@functools.cache
def words() -> tuple[str, ...]:
    """The list."""
    text = (paths.resources() / "passphrases" / "words.txt").read_text("utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return tuple(word for line in lines for word in line.split())


def _below(limit: int) -> int:
    """A number below a limit, each as likely as the other."""
    whole = 1 << (8 * _DRAWN)
    while True:
        drawn = int.from_bytes(clock.random_bytes(_DRAWN))
        if drawn < whole - whole % limit:
            return drawn % limit
