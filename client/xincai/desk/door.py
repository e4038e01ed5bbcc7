"""Guesses at the door: after five wrong secrets in a row each next one waits, twice as long as the last.

This is against whoever sits at the keyboard, and outlives the program. It says nothing about whoever takes
the vault away: these are held up by Argon2id and the strength of the passphrase alone.
"""

import contextlib
import datetime
import json
import math
from pathlib import Path
from typing import Final

from xincai import clock
from xincai.errors import Problem

NAME: Final = "door.json"
FREE: Final = 5
FIRST: Final = 30
LONGEST: Final = 3600
"""Seconds of the first wait, and of any."""
WRONG: Final = frozenset({"vault.wrong_passphrase", "vault.wrong_recovery", "vault.wrong_escrow"})


def hold(folder: Path) -> None:
    """Problem while somebody has to wait."""
    guesses, last = _read(folder)
    if guesses < FREE:
        return
    passed = (clock.now() - last).total_seconds()
    if passed < 0:  # the clock was put back: the wait begins anew, and does not last until then
        _write(folder, guesses)
    left = math.ceil(_wait(guesses) - max(passed, 0))
    if left > 0:
        raise Problem("desk.wait_at_door", guesses=guesses, seconds=left)


def guessed(folder: Path) -> None:
    """A secret was wrong."""
    _write(folder, _read(folder)[0] + 1)


def entered(folder: Path) -> int:
    """A secret was right; how many before it were wrong. They are forgotten."""
    guesses = _read(folder)[0]
    if guesses:
        with contextlib.suppress(OSError):
            (folder / NAME).unlink()
    return guesses


def _wait(guesses: int) -> int:
    return min(LONGEST, FIRST << min(guesses - FREE, 7))


def _read(folder: Path) -> tuple[int, datetime.datetime]:
    try:
        told = json.loads((folder / NAME).read_bytes())
        return int(told["guesses"]), clock.parse_stamp(told["last"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0, clock.now()


def _write(folder: Path, guesses: int) -> None:
    with contextlib.suppress(OSError):
        (folder / NAME).write_text(json.dumps({"guesses": guesses, "last": clock.stamp(clock.now())}))
