"""Small files that must be whole or absent: written beside, flushed, and put in place in one step."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from xincai import clock


def create_once(path: Path, data: bytes) -> bytes:
    """Write a secret file unless it exists; return what the file holds, ours or another starter's."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{clock.new_id()}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                flush(file.fileno())
            with contextlib.suppress(FileExistsError):
                os.link(fresh, path)
        finally:
            fresh.unlink()
        flush_folder(path.parent)
    return path.read_bytes()


def replace(path: Path, data: bytes) -> None:
    """Write a secret file in the place of the one that is there."""
    fresh = path.with_name(f"{path.name}.{clock.new_id()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            flush(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    flush_folder(path.parent)


@contextlib.contextmanager
def alone(descriptor: int) -> Iterator[None]:
    """Have an open file for oneself among the workers of one data folder (Windows has one worker)."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


def flush(descriptor: int) -> None:
    """Wait until the disk has it."""
    os.fsync(descriptor)


def flush_folder(folder: Path) -> None:
    """Make names in a folder durable, where the system has such a call (Windows has none)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
