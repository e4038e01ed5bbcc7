"""What is known before the vault is open, in a small plain file: nothing personal."""

import contextlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar, get_args

from xincai.desk.views import Language, LockAfter, Preferences, TextSize

_FILE = "preferences.json"
Known = TypeVar("Known")


def load(folder: Path) -> Preferences:
    """The preferences; the defaults for whatever is missing or unreadable."""
    try:
        found = json.loads((folder / _FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return Preferences()
    if not isinstance(found, dict):
        return Preferences()
    return Preferences(
        language=_one_of(get_args(Language), found.get("language"), Preferences.language),
        text_size=_one_of(get_args(TextSize), found.get("text_size"), Preferences.text_size),
        lock_after=_one_of(get_args(LockAfter), found.get("lock_after"), Preferences.lock_after),
    )


def _one_of(known: tuple[Known, ...], wanted: object, default: Known) -> Known:
    return next((each for each in known if each == wanted), default)


def save(folder: Path, preferences: Preferences) -> None:
    """Write the preferences beside the old ones, then put them in their place.

    Where nothing can be written they last as long as the program: no reason to stop anybody's work.
    """
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        fresh = folder / f"{_FILE}.new"
        fresh.write_text(json.dumps(asdict(preferences)), "utf-8")
        fresh.replace(folder / _FILE)
