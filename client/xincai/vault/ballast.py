"""Ballast: a file of no use beside the vault, thrown off when the disk is full, so that what is being typed
can still be saved.

Rules: it is made only where there is plenty of room, and again once there is; it holds random bytes, which no
file system can make smaller. Whoever throws it off says so.
"""

import contextlib
import shutil
from pathlib import Path
from typing import Final

from xincai import clock
from xincai.vault.header import STEM

NAME: Final = f"{STEM}.ballast"
SIZE: Final = 16 * 1024 * 1024
_PLENTY: Final = 8
_PIECE: Final = 1 << 20


def load(folder: Path, size: int = SIZE) -> bool:
    """Take ballast on where there is plenty of room; whether it is there now."""
    path, partial = folder / NAME, folder / f"{NAME}.new"
    try:
        if path.exists() and path.stat().st_size >= size:
            return True
        if shutil.disk_usage(folder).free < _PLENTY * size:
            return False
        with partial.open("wb") as file:
            for _ in range(0, size, _PIECE):
                file.write(clock.random_bytes(min(_PIECE, size)))
        partial.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        return False
    return True


def is_loaded(folder: Path) -> bool:
    """Whether there is ballast to throw off."""
    return (folder / NAME).exists()


def is_scarce(folder: Path) -> bool:
    """Whether the ballast was thrown off, or never found room, and there is little room yet."""
    try:
        return not is_loaded(folder) and shutil.disk_usage(folder).free < _PLENTY * SIZE
    except OSError:
        return False


def throw_off(folder: Path) -> bool:
    """Make room; whether there was ballast."""
    try:
        (folder / NAME).unlink()
    except OSError:
        return False
    return True
