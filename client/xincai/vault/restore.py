"""A backup becomes a vault again: in a fresh folder, and as another device.

Rules: nothing is put over a vault whose file is there. What is restored is put together beside the folder,
opened, proven page by page, and only then called whole. What is left of an old vault is moved aside under the
day and hour, never deleted, and what is whole gets the folder's name last. A cut leaves the old folder, or
the whole one, which the next start names (`finish`):

    vault (old)                  vault.restoring    copied, opened, proven
    vault (old)                  vault.restored     whole
    vault.old-20260307-090000    vault.restored     the old one is out of the way
    vault.old-20260307-090000    vault

The device that made the batches in the backup may be at work elsewhere; two that both count its sequence on
would fork its chain. So the restored vault has no device: it enrols anew, counts from 1, and offers what
stands open; the platform knows batches and record versions by name and takes none of them twice.
"""

import contextlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

from xincai import clock
from xincai.errors import Problem
from xincai.vault import ballast
from xincai.vault import header as headers
from xincai.vault.backup import Backup, Step, Stopped, read_backup
from xincai.vault.connection import Database
from xincai.vault.events import add_event
from xincai.vault.lock import NAME as LOCK
from xincai.vault.vault import FILE, Vault

STAGING: Final = ".restoring"
WHOLE: Final = ".restored"
ASIDE: Final = ".old-"
_SOURCE: Final = "source"
_EMPTY: Final = frozenset((LOCK, ballast.NAME, f"{ballast.NAME}.new"))
"""Files that hold nothing: a folder with these alone is empty."""
_PIECE: Final = 1 << 20


def restore(
    source: Path,
    folder: Path,
    opening: Callable[[Path], Vault],
    step: Step,
    cancelled: Callable[[], bool],
) -> Vault | None:
    """Make a vault of a backup in a folder without a vault's file, and open it; None when cancelled.

    `opening` opens a vault in a folder with the person's secret; a wrong one may be mended and tried again
    without a second copying. Raises Problem `vault.already_there`, `vault.no_backup`, `vault.unreadable`, or
    what opening raises.
    """
    if has_file(folder):
        raise Problem("vault.already_there")
    backup = read_backup(source)
    staging = _beside(folder, STAGING)
    try:
        if not _is_staged(staging, backup):
            _stage(staging, backup, step, cancelled)
        with opening(staging) as vault:
            step("check", 0, 1)
            if not vault._database.sound(lambda: not cancelled()):  # noqa: SLF001 - the vault is ours to make
                raise Stopped if cancelled() else Problem("vault.unreadable")
            _begin_anew(vault._database, vault.vault_id, backup)  # noqa: SLF001
            step("check", 1, 1)
        _call_whole(staging, folder)
    except Stopped:
        return None
    except OSError as error:
        raise headers.disk_problem(error) from error
    finish(folder)
    return opening(folder)


def has_file(folder: Path) -> bool:
    """Whether a vault's file is in a folder: nothing is restored over it."""
    return (folder / FILE).exists()


def is_waiting(folder: Path) -> bool:
    """Whether a whole restored vault only lacks the folder's name."""
    return _beside(folder, WHOLE).is_dir() and not has_file(folder)


def finish(folder: Path) -> None:
    """Give the folder's name to a whole restored vault that waits for it; what is in the way moves aside."""
    if not is_waiting(folder):
        return
    try:
        _move_aside(folder)
        headers.replace(_beside(folder, WHOLE), folder)
    except OSError as error:
        raise headers.disk_problem(error) from error
    with contextlib.suppress(OSError):
        headers.sync_folder(folder.parent)


def moved_aside(folder: Path) -> frozenset[Path]:
    """The folders of old vaults that were moved aside."""
    with contextlib.suppress(OSError):
        return frozenset(
            each for each in folder.parent.iterdir() if each.name.startswith(folder.name + ASIDE)
        )
    return frozenset()


def clear_staging(folder: Path) -> None:
    """Take away what an unfinished restoring left beside a folder; what is whole and waits stays."""
    for copy in (STAGING,) if is_waiting(folder) else (STAGING, WHOLE):
        shutil.rmtree(_beside(folder, copy), ignore_errors=True)


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


def _call_whole(staging: Path, folder: Path) -> None:
    """From here on the copy is the vault, which lacks only the folder's name."""
    (staging / LOCK).unlink(missing_ok=True)
    (staging / _SOURCE).unlink()
    headers.sync_folder(staging)
    whole = _beside(folder, WHOLE)
    if whole.exists():  # of another backup, restored before, that never came to its name
        shutil.rmtree(whole)
    headers.replace(staging, whole)
    headers.sync_folder(folder.parent)


def _move_aside(folder: Path) -> None:
    """Move what stands in the folder's place out of the way; nothing is deleted but what is empty."""
    if not os.path.lexists(folder):
        return
    if folder.is_dir() and not folder.is_symlink() and {each.name for each in folder.iterdir()} <= _EMPTY:
        for name in _EMPTY:
            (folder / name).unlink(missing_ok=True)
        folder.rmdir()
        return
    name = f"{folder.name}{ASIDE}{clock.now().astimezone():%Y%m%d-%H%M%S}"
    aside, number = folder.with_name(name), 2
    while os.path.lexists(aside):
        aside, number = folder.with_name(f"{name}-{number}"), number + 1
    headers.replace(folder, aside)
    headers.sync_folder(folder.parent)


def _beside(folder: Path, ending: str) -> Path:
    return folder.with_name(folder.name + ending)
