"""A new data key for a vault, when somebody leaves: the file is copied under it, then both switch at once.

The header carries the salt of its file, and two copies of it stand side by side. So the old header stays in
the second copy while the new one is written to the first: the one rename that puts the new file in the old
one's place is also what decides which header counts. A cut at any moment leaves the vault with all its old
slots, or with all its new ones.

    vault.db (old)   vault.json old   vault.json.bak old    the copy is made and proven: vault.db.next
    vault.db (old)   vault.json NEW   vault.json.bak old    opens with the old slots
    vault.db NEW     vault.json NEW   vault.json.bak old    opens with the new slots
    vault.db NEW     vault.json NEW   vault.json.bak NEW

What it will not do: reach copies of the old file. A backup from before opens with the slots it had then.
"""

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from xincai.errors import Problem
from xincai.vault import header as headers
from xincai.vault import keys
from xincai.vault.connection import Database, file_salt
from xincai.vault.cursor import Cursor
from xincai.vault.header import Header

NEXT: Final = f"{headers.STEM}.db.next"


def rekey(  # noqa: PLR0917 - from what to what
    folder: Path,
    database: Database,
    old: Header,
    new: Header,
    data_key: bytes,
    last: Callable[[Cursor], None],
) -> None:
    """Put the vault under a new data key and a new header; `last` is written into the new file alone.

    Raises Problem, and the vault is as it was; `vault.rekey_unsure` when it has switched, but a power cut
    might still bring the old one back. Which of the two it is, the file tells (`switched`).
    """
    key, path = keys.database_key(data_key), folder / NEXT
    with database.reading():  # the lane: nothing is written between the copy and the switch
        clear(folder)
        try:
            _copy(database, path, key, new, last)
            headers.write_file(folder / headers.COPY, headers.encode(old))
            headers.write_file(folder / headers.NAME, headers.encode(new))
            database.take_over(key, new.file_salt, lambda: _switch(path, database.path))
        except Problem as problem:
            if not switched(database, new):
                _go_back(folder, old)
                # what is not sure to be durable before the switch counts for nothing
                raise Problem("vault.disk_error") if problem.code == "vault.unsure" else problem from problem
        try:
            headers.sync_folder(folder)
        except OSError as error:
            raise Problem("vault.rekey_unsure") from error
        with contextlib.suppress(Problem):  # the next opening heals it
            headers.write_file(folder / headers.COPY, headers.encode(new))
        for copy in folder.glob(f"{headers.STEM}.db.before-*"):  # a cut migration's, under the old key
            with contextlib.suppress(OSError):
                copy.unlink()


def switched(database: Database, new: Header) -> bool:
    """Whether this header is that of the vault's file."""
    return file_salt(database.path) == new.file_salt


def clear(folder: Path) -> None:
    """Take away what a cut left of a copy."""
    for name in (f"{NEXT}-journal", NEXT):
        with contextlib.suppress(OSError):
            (folder / name).unlink(missing_ok=True)


def _copy(database: Database, path: Path, key: bytes, new: Header, last: Callable[[Cursor], None]) -> None:
    """Copy the vault under a new key; once more when what looked damaged may be pages that hold nothing."""
    try:
        database.copy(path, key, new.file_salt)
        _finish(path, key, new, last)
    except Problem as problem:
        if problem.code != "vault.unreadable":
            raise
        clear(path.parent)
        database.renew_free_pages()
        database.copy(path, key, new.file_salt)
        _finish(path, key, new, last)


def _go_back(folder: Path, old: Header) -> None:
    """Put the old header back where the new one may stand; the second copy decides until the disk works."""
    with contextlib.suppress(Problem):
        headers.write_file(folder / headers.NAME, headers.encode(old))
    clear(folder)


def _finish(path: Path, key: bytes, new: Header, last: Callable[[Cursor], None]) -> None:
    """Write the last rows into the copy, prove it sound and make it durable."""
    copy = Database(path, key, new.file_salt)
    try:
        with copy.writing() as cursor:
            last(cursor)
        with copy.reading() as cursor:
            if cursor.one("PRAGMA quick_check").text("quick_check") != "ok":
                raise Problem("vault.unreadable")
    finally:
        copy.close()
    try:
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    except OSError as error:
        raise headers.disk_problem(error) from error


def _switch(path: Path, target: Path) -> None:
    try:
        headers.replace(path, target)
    except OSError as error:
        raise headers.disk_problem(error) from error
