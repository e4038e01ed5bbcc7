"""Numbered SQL files: the vault's schema, step by step, each in one transaction with its own record.

Rules: a number is never reused and a released file never changes; before an existing vault is changed its
file is copied beside it, and the copy goes only when the changed vault has proven sound. A vault that a
newer program has changed is refused before anything is written; it may be read where that program has left
word, in the setting `oldest-reader`, that this schema still can.
"""

import contextlib
import shutil
from pathlib import Path

from xincai import clock
from xincai.errors import Problem
from xincai.vault.connection import Database, run_script
from xincai.vault.cursor import Cursor
from xincai.vault.header import disk_problem, sync_folder
from xincai.wire.digest import sm3

FOLDER = Path(__file__).parent
OLDEST_READER = "oldest-reader"
"""The setting in which a step names the lowest schema whose program can still read the vault."""


def steps(folder: Path = FOLDER) -> dict[int, Path]:
    """The numbered files, by number."""
    return {int(path.name[:4]): path for path in sorted(folder.glob("[0-9][0-9][0-9][0-9]_*.sql"))}


def schema(cursor: Cursor) -> int:
    """The number of the last step a vault has taken."""
    return cursor.one("PRAGMA user_version").whole("user_version")


def only_for_reading(database: Database, folder: Path = FOLDER) -> bool:
    """Whether a newer program has used the vault and left word that this one may still read it."""
    latest = max(steps(folder))
    with database.reading() as cursor:
        if schema(cursor) <= latest:
            return False
        row = cursor.first("SELECT value FROM settings WHERE key = ?", OLDEST_READER)
    return row is not None and row.text("value").isdigit() and int(row.text("value")) <= latest


def migrate(database: Database, folder: Path = FOLDER) -> None:
    """Bring a vault to this program's schema; raise Problem("vault.newer") when it is ahead."""
    known = steps(folder)
    with database.reading() as cursor:
        now = schema(cursor)
    if now > max(known):
        if database.read_only and only_for_reading(database, folder):
            return
        raise Problem("vault.newer")
    ahead = [number for number in sorted(known) if number > now]
    if not ahead:
        if not database.read_only:
            with contextlib.suppress(Problem):  # the copy may be what is left of a damaged vault
                _let_copies_go(database)
        return
    if database.read_only:
        raise Problem("vault.read_only_old")
    if now:
        _copy(database.path, ahead[0])
    for number in ahead:
        _take(database, number, known[number])
    _let_copies_go(database)


def _take(database: Database, number: int, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    with database.writing() as cursor:
        run_script(cursor, text)
        cursor.insert(
            "migrations",
            number=number,
            name=path.stem,
            sm3=sm3(text.encode()),
            applied_at=clock.stamp(clock.now()),
        )
        cursor.run(f"PRAGMA user_version = {number:d}")


def _let_copies_go(database: Database) -> None:
    """Take away the copies beside a vault, also what a cut left of them, once the vault has proven sound."""
    copies = list(database.path.parent.glob(f"{database.path.name}.before-*"))
    if not copies:
        return
    _prove(database)
    for copy in copies:
        with contextlib.suppress(OSError):
            copy.unlink()


def _copy(path: Path, number: int) -> None:
    """A durable copy of the (encrypted) file as it stands before a step."""
    copy = path.with_name(f"{path.name}.before-{number:04d}")
    temporary = copy.with_name(copy.name + ".new")
    try:
        with path.open("rb") as source, temporary.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
        _sync(temporary)
        temporary.replace(copy)
        sync_folder(copy.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise disk_problem(error) from error


def _sync(path: Path) -> None:
    import os

    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _prove(database: Database) -> None:
    with database.reading() as cursor:
        found = cursor.one("PRAGMA quick_check").text("quick_check")
        orphan = cursor.first("PRAGMA foreign_key_check")
    if found != "ok" or orphan is not None:
        raise Problem("vault.unreadable")
