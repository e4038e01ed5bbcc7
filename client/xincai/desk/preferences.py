"""What is known before the vault is open, in a small plain file: language and type size, nothing personal."""

import contextlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import get_args

from xincai.desk.views import Language, Preferences, TextSize

_FILE = "preferences.json"


def load(folder: Path) -> Preferences:
    """The preferences; the defaults for whatever is missing or unreadable."""
    try:
        found = json.loads((folder / _FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return Preferences()
    if not isinstance(found, dict):
        return Preferences()
    languages: tuple[Language, ...] = get_args(Language)
    sizes: tuple[TextSize, ...] = get_args(TextSize)
    return Preferences(
        language=next((each for each in languages if each == found.get("language")), Preferences.language),
        text_size=next((each for each in sizes if each == found.get("text_size")), Preferences.text_size),
    )


def save(folder: Path, preferences: Preferences) -> None:
    """Write the preferences beside the old ones, then put them in their place.

    Where nothing can be written they last as long as the program: no reason to stop anybody's work.
    """
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        fresh = folder / f"{_FILE}.new"
        fresh.write_text(json.dumps(asdict(preferences)), "utf-8")
        fresh.replace(folder / _FILE)
