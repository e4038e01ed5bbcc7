"""A backup: one file that holds the whole vault, encrypted as it is, and the header that opens it.

    vault.db as it stood | vault.json | facts (JSON) | end: magic, sizes, SHA-256 of the last parts

Rules: it is written beside its final name, synced, opened and read through page by page, and only then
renamed; a file that bears the final name is good. Others may write meanwhile. The file says in the clear
which vault it is of and when it was made, nothing else. Whoever has a passphrase of the vault as it was that
day opens it.
"""

import contextlib
import datetime
import hashlib
import json
import os
import shutil
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Literal

from xincai import clock
from xincai.errors import Problem
from xincai.vault import header as headers
from xincai.vault.connection import Database, file_salt
from xincai.vault.events import add_event
from xincai.vault.header import Header
from xincai.vault.settings import set_value

SUFFIX: Final = ".xcbackup"
LAST: Final = "backup-last"
"""The setting that remembers when the last good backup was made."""
_FORMAT: Final = "xincai-backup-1"
_END: Final = struct.Struct(">16sQII32s")
_MAGIC: Final = b"XINCAI BACKUP 1\n"
_LARGEST_PART: Final = 1 << 20
_LONG: Final = (1 << 32) - 1
"""Bytes of the longest file on a stick as most are sold (FAT32)."""
_SPARE: Final = 1 << 20

Part = Literal["copy", "check"]
Step = Callable[[Part, int, int], None]
"""Told the part of the work, and how much of how much is done."""


@dataclass(frozen=True)
class Backup:
    """A backup file: of which vault, made when, and where its parts stand."""

    path: Path
    vault_id: str
    made_at: datetime.datetime
    size: int
    """Bytes of the database in it."""
    header: bytes


@dataclass(frozen=True)
class Counts:
    """What a vault holds, in numbers."""

    records: int
    drafts: int
    attachments: int
    events: int
    head: str


class Stopped(Exception):  # noqa: N818 - a wish, not a failure
    """The person wants no more."""


class Backups:
    """Backups of this vault."""

    _database: Database
    _header: Header
    vault_id: str

    def back_up(self, folder: Path, step: Step, cancelled: Callable[[], bool]) -> Backup | None:
        """Write a backup into a folder and prove it; None when cancelled, and then nothing is left there.

        Raises Problem `vault.backup_no_room`, `vault.backup_disk`, `vault.backup_file_limit` or
        `vault.backup_bad` when what was written does not prove good.
        """
        made_at = clock.now()
        _clear_halves(folder, self.vault_id)
        _refuse_small(folder, self._database.path)
        name = f"xincai-{made_at.astimezone():%Y%m%d-%H%M%S}-{self.vault_id[:8]}{SUFFIX}"
        path, partial = folder / name, folder / f"{name}.part"
        try:
            try:
                backup, held = self._written(partial, made_at, step, cancelled)
            except Problem as problem:
                torn = problem.code in {"vault.unreadable", "vault.backup_bad"}
                if not (torn and self._database.renew_free_pages(cancelled)):
                    raise
                backup, held = self._written(partial, made_at, step, cancelled)
            headers.replace(partial, path)
            with contextlib.suppress(OSError):
                headers.sync_folder(folder)
        except Stopped:
            return None
        except OSError as error:
            raise _problem(error) from error
        finally:
            with contextlib.suppress(OSError):
                partial.unlink(missing_ok=True)
        if self._database.writable:
            with contextlib.suppress(Problem):  # it is good, whether or not that can be written down
                self._remember(made_at, held, backup.size)
        return Backup(path, self.vault_id, made_at, backup.size, backup.header)

    def last_backup(self) -> datetime.datetime | None:
        """When the last good backup was made; None when there is none yet."""
        with self._database.reading() as cursor:
            row = cursor.first("SELECT value FROM settings WHERE key = ?", LAST)
        try:
            return None if row is None else clock.parse_stamp(row.text("value"))
        except ValueError:
            return None

    def counts(self) -> Counts:
        """What this vault holds, in numbers."""
        return counts(self._database)

    def _written(
        self, partial: Path, made_at: datetime.datetime, step: Step, cancelled: Callable[[], bool]
    ) -> tuple[Backup, Counts]:
        """Copy, finish and prove; what is in it."""
        before = counts(self._database)
        self._copy(partial, step, cancelled)
        backup = _finish(partial, headers.encode(self._header), self.vault_id, made_at)
        return backup, self._prove(backup, before, step, cancelled)

    def _copy(self, partial: Path, step: Step, cancelled: Callable[[], bool]) -> None:
        def tell(done: int, total: int) -> None:
            if cancelled():
                raise Stopped
            step("copy", done, total)

        partial.unlink(missing_ok=True)
        _refuse_long(partial, self._database.path)
        self._database.copy_to(partial, tell)

    def _prove(self, backup: Backup, before: Counts, step: Step, cancelled: Callable[[], bool]) -> Counts:
        """Open what was written, read every page of it, and hold what it tells against this vault."""
        step("check", 0, 1)
        header = headers.decode(backup.header)
        if header is None or header.file_salt != file_salt(backup.path):
            raise Problem("vault.backup_bad")  # the keys were changed meanwhile
        try:
            twin = self._database.twin(backup.path)
            try:
                if not twin.sound(lambda: not cancelled()):
                    raise Stopped if cancelled() else Problem("vault.backup_bad")
                held = counts(twin)
            finally:
                twin.close()
        except Problem as problem:
            raise Problem("vault.backup_bad") from problem
        with self._database.reading() as cursor:
            ours = cursor.first("SELECT sm3 FROM events WHERE seq = ?", held.events)
        if ours is None or ours.text("sm3") != held.head or held.records < before.records:
            raise Problem("vault.backup_bad")
        step("check", 1, 1)
        return held

    def _remember(self, made_at: datetime.datetime, held: Counts, size: int) -> None:
        with self._database.writing() as cursor:
            set_value(cursor, LAST, clock.stamp(made_at))
            facts: dict[str, str | int] = {
                "records": held.records,
                "drafts": held.drafts,
                "size": size,
                "head": held.head,
            }
            add_event(cursor, self.vault_id, "backup", facts)


def counts(database: Database) -> Counts:
    """What a vault's file holds, in numbers."""
    query = """
    SELECT (SELECT count(*) FROM records) AS records, (SELECT count(*) FROM drafts) AS drafts,
           (SELECT count(*) FROM blobs) AS attachments, (SELECT count(*) FROM events) AS events,
           coalesce((SELECT sm3 FROM events ORDER BY seq DESC LIMIT 1), '') AS head
    """
    with database.reading() as cursor:
        row = cursor.one(query)
    return Counts(
        records=row.whole("records"),
        drafts=row.whole("drafts"),
        attachments=row.whole("attachments"),
        events=row.whole("events"),
        head=row.text("head"),
    )


def read_backup(path: Path) -> Backup:
    """What a backup file says of itself; raise Problem `vault.no_backup` when it is none or was cut."""
    try:
        with path.open("rb") as file:
            whole = file.seek(0, os.SEEK_END)
            file.seek(max(0, whole - _END.size))
            end = file.read(_END.size)
            if len(end) < _END.size or not end.startswith(_MAGIC):
                raise Problem("vault.no_backup")
            _, size, header_size, facts_size, digest = _END.unpack(end)
            if (
                size + header_size + facts_size + _END.size != whole
                or header_size + facts_size > _LARGEST_PART
            ):
                raise Problem("vault.no_backup")
            file.seek(size)
            header, facts = file.read(header_size), file.read(facts_size)
    except OSError as error:
        raise Problem("vault.backup_disk") from error
    if _digest(size, header, facts) != digest:
        raise Problem("vault.no_backup")
    try:
        told = json.loads(facts)
        if told["format"] != _FORMAT:
            raise Problem("vault.newer")
        return Backup(path, str(told["vault"]), clock.parse_stamp(told["made"]), size, header)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Problem("vault.no_backup") from error


def _finish(partial: Path, header: bytes, vault_id: str, made_at: datetime.datetime) -> Backup:
    """Put header and facts behind the database, and make all of it durable."""
    facts = json.dumps({"format": _FORMAT, "vault": vault_id, "made": clock.stamp(made_at)}).encode()
    with partial.open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        file.write(header)
        file.write(facts)
        file.write(_END.pack(_MAGIC, size, len(header), len(facts), _digest(size, header, facts)))
        file.flush()
        os.fsync(file.fileno())
        _forget(file)
    return Backup(partial, vault_id, made_at, size, header)


def _digest(size: int, header: bytes, facts: bytes) -> bytes:
    return hashlib.sha256(struct.pack(">QI", size, len(header)) + header + facts).digest()


def _forget(file: BinaryIO) -> None:
    """Let the system drop what it remembers of a file, so that proving it reads the stick itself."""
    if hasattr(os, "posix_fadvise"):
        with contextlib.suppress(OSError):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _clear_halves(folder: Path, vault_id: str) -> None:
    """Take away what a cut left of this vault's earlier backups: nobody else would."""
    for half in folder.glob(f"xincai-*-{vault_id[:8]}{SUFFIX}.part*"):
        with contextlib.suppress(OSError):
            half.unlink()


def _refuse_small(folder: Path, database: Path) -> None:
    try:
        needed, free = database.stat().st_size + _SPARE, shutil.disk_usage(folder).free
    except OSError as error:
        raise Problem("vault.backup_disk") from error
    if free < needed:
        raise Problem("vault.backup_no_room")


def _refuse_long(partial: Path, database: Path) -> None:
    """Raise OSError when the place takes no file that long, as many sticks; nothing is left there."""
    needed = database.stat().st_size + _SPARE
    if needed > _LONG:
        with partial.open("wb") as file:
            file.truncate(needed)
        partial.unlink()


def _problem(error: OSError) -> Problem:
    import errno

    if error.errno == errno.EFBIG:
        return Problem("vault.backup_file_limit")
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return Problem("vault.backup_no_room")
    return Problem("vault.backup_disk")
