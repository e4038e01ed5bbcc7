"""A backup becomes a vault again: in a fresh folder, and as another device.

Rules: nothing is put over a vault that is there. What is restored is put together beside the folder, opened,
proven page by page, and the folder gets its name last: a cut leaves no vault or a whole one. The device that
made the batches in the backup may be at work elsewhere; two that both count its sequence on would fork its
chain. So the restored vault has no device: it enrols anew, counts from 1, and offers what stands open; the
platform knows batches and record versions by name and takes none of them twice.
"""

import contextlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

from xincai import clock
from xincai.errors import Problem
from xincai.vault import ballast, head
from xincai.vault import header as headers
from xincai.vault.backup import Backup, Step, Stopped, read_backup
from xincai.vault.connection import Database
from xincai.vault.events import add_event
from xincai.vault.lock import NAME as LOCK
from xincai.vault.vault import FILE, Vault

STAGING: Final = ".restoring"
_SOURCE: Final = "source"
_REMAINS: Final = (LOCK, f"{FILE}.new", f"{FILE}.new-journal", head.NAME, f"{head.NAME}.new", ballast.NAME)
"""What a vault that is gone, or was never finished, leaves in its folder, and nobody misses."""
_PIECE: Final = 1 << 20


def restore(
    source: Path,
    folder: Path,
    opening: Callable[[Path], Vault],
    step: Step,
    cancelled: Callable[[], bool],
) -> Vault | None:
    """Make a vault of a backup in a folder that holds none, and open it; None when cancelled.

    `opening` opens a vault in a folder with the person's secret; a wrong one may be mended and tried again
    without a second copying. Raises Problem `vault.already_there`, `vault.no_backup`, `vault.unreadable`, or
    what opening raises.
    """
    if Vault.is_there(folder):
        raise Problem("vault.already_there")
    backup = read_backup(source)
    staging = folder.with_name(folder.name + STAGING)
    try:
        if not _is_staged(staging, backup):
            _stage(staging, backup, step, cancelled)
        with opening(staging) as vault:
            step("check", 0, 1)
            if not vault._database.sound(lambda: not cancelled()):  # noqa: SLF001 - the vault is ours to make
                raise Stopped if cancelled() else Problem("vault.unreadable")
            _begin_anew(vault._database, vault.vault_id, backup)  # noqa: SLF001
            step("check", 1, 1)
        _name(staging, folder)
    except Stopped:
        return None
    except OSError as error:
        raise headers.disk_problem(error) from error
    return opening(folder)


def clear_staging(folder: Path) -> None:
    """Take away what an unfinished restoring left beside a folder."""
    shutil.rmtree(folder.with_name(folder.name + STAGING), ignore_errors=True)


def _is_staged(staging: Path, backup: Backup) -> bool:
    """Whether this very backup was copied whole before."""
    try:
        return (staging / _SOURCE).read_bytes() == _mark(backup).encode()
    except OSError:
        return False


def _stage(staging: Path, backup: Backup, step: Step, cancelled: Callable[[], bool]) -> None:
    """Copy a backup's parts out of its file; the mark that says so comes last."""
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True, mode=0o700)
    if shutil.disk_usage(staging).free < backup.size + _PIECE:
        raise Problem("vault.restore_no_room", needed=backup.size // _PIECE + 1)
    with backup.path.open("rb") as file, (staging / FILE).open("wb") as target:
        done = 0
        while done < backup.size:
            if cancelled():
                raise Stopped
            piece = file.read(min(_PIECE, backup.size - done))
            if not piece:
                raise Problem("vault.no_backup")
            target.write(piece)
            done += len(piece)
            step("copy", done, backup.size)
        target.flush()
        os.fsync(target.fileno())
    for name in (headers.NAME, headers.COPY):
        headers.write_file(staging / name, backup.header)
    headers.write_file(staging / _SOURCE, _mark(backup).encode())


def _mark(backup: Backup) -> str:
    return f"{backup.vault_id} {clock.stamp(backup.made_at)} {backup.size}"


def _begin_anew(database: Database, vault_id: str, backup: Backup) -> None:
    """Forget the device and what was agreed with its gateway; facts stay. Again changes nothing."""
    with database.writing() as cursor:
        device = cursor.first("SELECT device_id FROM device")
        made = clock.stamp(backup.made_at)
        facts = {"made": made, "device": device.text("device_id") if device else ""}
        cursor.run("DELETE FROM device")
        cursor.run("DELETE FROM next_device_key")
        cursor.run("DELETE FROM settings WHERE key LIKE 'sync-%' OR key LIKE 'practice-%'")
        add_event(cursor, vault_id, "restored", facts)


def _name(staging: Path, folder: Path) -> None:
    """Give the whole its place; an empty folder, or one with what a vault left that is gone, gives way."""
    for name in _REMAINS:
        (folder / name).unlink(missing_ok=True)
    (staging / LOCK).unlink(missing_ok=True)
    (staging / _SOURCE).unlink()
    headers.sync_folder(staging)
    with contextlib.suppress(FileNotFoundError):
        folder.rmdir()
    headers.replace(staging, folder)
    with contextlib.suppress(OSError):
        headers.sync_folder(folder.parent)
