"""Where things live: what ships with the program, and what belongs to the person."""

import os
import sys
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parents[1]


def resources() -> Path:
    """Fonts, icons, letter texts and words that ship with the program."""
    return _shipped("resources")


def forms() -> Path:
    """The forms that ship with the program: sources, code lists and built XForms."""
    return _shipped("forms")


def data() -> Path:
    """The person's own folder: vault and diary. `XINCAI_HOME` moves it."""
    chosen = os.environ.get("XINCAI_HOME")
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "Xincai"
    return Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share")) / "xincai"


def _shipped(name: str) -> Path:
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _CHECKOUT / name
