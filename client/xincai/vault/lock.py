"""One process at a time: a lock of the operating system, which dies with its holder.

The lock file also says who holds it, so that the second window can point to the first. Nothing is decided by
what the file says, only by the lock: on a full disk it says nothing, and the vault opens all the same. Where
nothing can be written the lock is taken on what is there, and `read_only` says so.
"""

import contextlib
import errno
import json
import os
import sys
from pathlib import Path
from typing import Final

from xincai import clock
from xincai.errors import Problem
from xincai.vault.header import STEM, disk_problem

NAME: Final = f"{STEM}.lock"
_TAKEN: Final = frozenset({errno.EAGAIN, errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK})
"""What says that another process has it; the last is Windows' word."""
_FAR: Final = 1 << 30  # Windows locks bytes against reading: lock one that is never read


class FolderLock:
    """Held from construction to `release`."""

    def __init__(self, folder: Path) -> None:
        """Take the lock; Problem when another process has it."""
        self._path = folder / NAME
        self.read_only = False
        try:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            self._file = _open_to_read(folder, error)
            self.read_only = True
        try:
            _take(self._file)
        except OSError as error:
            os.close(self._file)
            if error.errno not in _TAKEN:
                raise disk_problem(error) from error
            holder, since = _holder(self._path)
            raise Problem("vault.in_use", process=holder, since=since) from error
        if not self.read_only:
            self._sign()

    def release(self) -> None:
        if self._file >= 0:
            os.close(self._file)  # closing frees the lock
            self._file = -1

    def _sign(self) -> None:
        text = json.dumps({"process": os.getpid(), "since": clock.stamp(clock.now())}).encode()
        with contextlib.suppress(OSError):
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, text, 0) if sys.platform != "win32" else os.write(self._file, text)


def _open_to_read(folder: Path, error: OSError) -> int:
    """What can be locked where nothing can be written: the lock of an earlier day, or the file."""
    if error.errno in {errno.EROFS, errno.EACCES, errno.EPERM}:
        for name in (NAME, f"{STEM}.db"):
            with contextlib.suppress(OSError):
                return os.open(folder / name, os.O_RDONLY)
    raise disk_problem(error) from error


def _take(file: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        os.lseek(file, _FAR, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        os.lseek(file, 0, os.SEEK_SET)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _holder(path: Path) -> tuple[int, str]:
    try:
        told = json.loads(path.read_bytes())
        return int(told["process"]), str(told["since"])[:20]
    except (OSError, ValueError, KeyError, TypeError):
        return 0, "?"
