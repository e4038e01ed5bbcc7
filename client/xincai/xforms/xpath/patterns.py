"""`regex()`: the whole text must match, as in JavaRosa; and no pattern may hang the program.

RE2 runs in linear time. Patterns it cannot express (look-around, back references) run in `regex` with a time
budget; a text that exhausts the budget does not match.
"""

import functools
from collections.abc import Callable

from xincai.xforms.budget import STEP, letters, spend

BUDGET = 0.05  # seconds a fallback pattern may take
MEMORY = 8 * 1024 * 1024
LONGEST = 100_000
_EXHAUSTED = STEP // 12  # units of a pattern that took all its time


def matches(pattern: str, text: str) -> bool:
    """Whether the whole text matches; a pattern that is none matches nothing."""
    letters(len(text))
    return len(text) <= LONGEST and _matcher(pattern)(text)


def is_pattern(pattern: str) -> bool:
    """Whether a pattern can be understood at all."""
    return _matcher(pattern) is not _never


def _never(text: str) -> bool:  # noqa: ARG001 - a pattern that is none matches nothing
    return False


@functools.lru_cache(maxsize=4096)
def _matcher(pattern: str) -> Callable[[str], bool]:
    import re2

    options = re2.Options()
    options.log_errors = False
    options.max_mem = MEMORY
    letters(4 * len(pattern))
    alone = re2.Set.FullMatchSet(options)  # a set of one: it tells whether, and wastes no time on where
    try:
        alone.Add(pattern)
    except re2.error:
        return _fallback(pattern)
    try:
        alone.Compile()
    except re2.error:  # too large to be told so
        large = re2.compile(pattern, options)
        return lambda text: large.fullmatch(text) is not None
    return lambda text: alone.Match(text) is not None


def _fallback(pattern: str) -> Callable[[str], bool]:
    import regex

    try:
        slow = regex.compile(pattern, regex.VERSION1)
    except regex.error:
        return _never

    def run(text: str) -> bool:
        try:
            return slow.fullmatch(text, timeout=BUDGET) is not None
        except TimeoutError:
            spend(_EXHAUSTED)
            return False

    return run
