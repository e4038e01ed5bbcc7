"""The lock of the folder."""

import errno
import os
from pathlib import Path

import pytest

from xincai.errors import Problem
from xincai.vault.lock import FolderLock


def test_a_released_lock_is_free(tmp_path: Path) -> None:
    first = FolderLock(tmp_path)
    with pytest.raises(Problem) as caught:
        FolderLock(tmp_path)
    assert (caught.value.code, caught.value.facts["process"]) == ("vault.in_use", os.getpid())
    first.release()
    first.release()
    FolderLock(tmp_path).release()


def test_what_the_file_says_locks_nobody_out(tmp_path: Path) -> None:
    """A computer that lost power leaves the file behind, not the lock."""
    (tmp_path / "vault.lock").write_text('{"process": 1, "since": "2026-01-01T00:00:00Z"}')
    FolderLock(tmp_path).release()


def test_a_scribbled_file_is_no_obstacle_to_telling(tmp_path: Path) -> None:
    lock = FolderLock(tmp_path)
    (tmp_path / "vault.lock").write_bytes(b"\xff")
    with pytest.raises(Problem) as caught:
        FolderLock(tmp_path)
    assert caught.value.facts == {"process": 0, "since": "?"}
    lock.release()


def test_a_full_disk_locks_nobody_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who holds the lock cannot be written down then; the lock itself needs no room."""

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "pwrite", full)
    lock = FolderLock(tmp_path)
    with pytest.raises(Problem, match=r"vault\.in_use"):
        FolderLock(tmp_path)
    lock.release()
