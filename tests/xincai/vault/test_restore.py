"""A backup becomes a vault where the old one's file is gone, whatever else is left in its folder."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from xincai import clock, paths
from xincai.desk import Desk
from xincai.errors import Problem
from xincai.vault import Vault, ballast
from xincai.vault.restore import ASIDE, STAGING, WHOLE, finish, is_waiting, moved_aside, restore

HEADER = ("vault.json", "vault.json.bak")


def nobody(part: str, done: int, total: int) -> None:
    """Looks at the progress."""


def never() -> bool:
    return False


@pytest.fixture
def backup(vault: Vault, office: Any, tmp_path: Path) -> Path:
    """The vault is closed, its backup on a stick, its file gone."""
    office.everything()
    (tmp_path / "stick").mkdir()
    made = vault.back_up(tmp_path / "stick", nobody, never)
    assert made is not None
    vault.close()
    (vault.folder / "vault.db").unlink()
    return made.path


def again(backup: Path, folder: Path, passphrase: str) -> Vault:
    vault = restore(backup, folder, lambda place: Vault.open(place, passphrase), nobody, never)
    assert vault is not None
    return vault


def contents(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.iterdir()}


@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize(
    "left",
    [
        "",
        "vault.db-journal",
        "vault.db.next",
        "vault.db.before-0010",
        "vault.db.new",
        "vault.json.new",
        "desktop.ini",
    ],
)
def test_a_folder_whose_file_is_gone_is_kept_beside_the_restored_one(
    backup: Path, folder: Path, passphrase: str, left: str, header: bool
) -> None:
    for name in HEADER if not header else ():
        (folder / name).unlink()
    if left:
        (folder / left).write_bytes(b"left")
    before = contents(folder)
    with again(backup, folder, passphrase) as vault:
        assert len(vault.records()) == 3
        vault.verify_chain()
        assert not (folder / "desktop.ini").exists()
    (aside,) = moved_aside(folder)
    assert contents(aside) == before, "nothing is deleted"
    assert {each.name for each in folder.parent.iterdir()} == {folder.name, aside.name, "stick"}


def test_the_name_tells_the_day_and_is_never_that_of_another(
    backup: Path, folder: Path, passphrase: str
) -> None:
    with clock.fixed(clock.parse_stamp("2026-03-07T04:00:00Z")):
        for _ in range(3):
            again(backup, folder, passphrase).close()
            (folder / "vault.db").unlink()
    names = sorted(each.name for each in moved_aside(folder))
    assert len(names) == 3
    assert all(name.startswith(f"{folder.name}{ASIDE}2026030") for name in names)


def test_a_folder_in_which_nothing_stands_is_not_kept(backup: Path, folder: Path, passphrase: str) -> None:
    for each in folder.iterdir():
        each.unlink()
    ballast.load(folder, 1 << 16)
    (folder / "vault.lock").write_bytes(b"")
    again(backup, folder, passphrase).close()
    assert not moved_aside(folder)


def test_a_link_to_another_disk_is_moved_and_its_folder_stays(
    backup: Path, folder: Path, passphrase: str, tmp_path: Path
) -> None:
    folder.rename(tmp_path / "disk")
    folder.symlink_to(tmp_path / "disk")
    before = contents(tmp_path / "disk")
    again(backup, folder, passphrase).close()
    assert contents(tmp_path / "disk") == before
    assert not folder.is_symlink()


def test_what_is_damaged_is_not_restored_over(backup: Path, folder: Path, passphrase: str) -> None:
    (folder / "vault.db").write_bytes(b"not a vault")
    with pytest.raises(Problem, match=r"vault\.already_there"):
        again(backup, folder, passphrase)
    assert (folder / "vault.db").read_bytes() == b"not a vault"


KILLED = """
import os, pathlib, sys
from xincai.vault import Vault
from xincai.vault.restore import restore
left, checked = int(sys.argv[4]), False
CHANGES = {"os.rename", "os.remove", "os.rmdir", "shutil.rmtree"}
def step(part, done, total):
    global checked
    checked = checked or (part == "check" and done == total)
def kill(event, facts):
    global left
    if checked and event in CHANGES:
        left -= 1
        if left < 0:
            os._exit(9)
sys.addaudithook(kill)
opening = lambda place: Vault.open(place, sys.argv[3])
restore(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), opening, step, lambda: False).close()
"""


def killed(backup: Path, folder: Path, passphrase: str, nth: int) -> bool:
    """Restore in a process that ends before its nth change to the folders; whether it came so far."""
    told = subprocess.run(
        [sys.executable, "-c", KILLED, backup, folder, passphrase, str(nth)],
        env={**os.environ, "PYTHONPATH": str(Path(paths.__file__).parents[1])},
        check=False,
        timeout=60,
    )
    assert told.returncode in {0, 9}
    return told.returncode == 9


def test_a_kill_between_the_steps_leaves_the_old_folder_or_the_restored_one(
    backup: Path, folder: Path, passphrase: str, tmp_path: Path
) -> None:
    before, seen = contents(folder), set()
    for nth in range(30):
        place = tmp_path / str(nth) / folder.name
        place.mkdir(parents=True)
        for name, data in before.items():
            (place / name).write_bytes(data)
        ended = not killed(backup, place, passphrase, nth)
        if place.is_dir() and not (place / "vault.db").exists():
            assert contents(place) == before
            seen.add("whole beside the old" if is_waiting(place) else "old")
        elif not place.exists():
            assert is_waiting(place)
            seen.add("between")
        finish(place)
        if (place / "vault.db").exists():
            (aside,) = moved_aside(place)
            assert contents(aside) == before
        else:
            assert contents(place) == before
            again(backup, place, passphrase).close()
        with Vault.open(place, passphrase) as vault:
            assert len(vault.records()) == 3
            vault.verify_chain()
        assert not place.with_name(place.name + WHOLE).exists()
        if ended:
            break
    assert seen == {"old", "whole beside the old", "between"}
    assert ended


def test_the_next_start_finishes_what_was_cut(backup: Path, folder: Path, passphrase: str) -> None:
    """Cut where no folder has the name: it is not taken for a first start."""
    again(backup, folder, passphrase).close()
    folder.rename(folder.with_name(folder.name + WHOLE))
    desk = Desk(folder.parent)
    assert desk.door() == "locked"
    assert not desk.lacks_file()
    desk.unlock(passphrase)
    assert desk.connection() is None
    desk.close()


def test_a_whole_one_that_waits_outlives_another_restoring_that_was_cancelled(
    backup: Path, folder: Path, passphrase: str
) -> None:
    again(backup, folder, passphrase).close()
    folder.rename(folder.with_name(folder.name + WHOLE))
    desk = Desk(folder.parent)
    assert desk.restore(backup, passphrase, lambda _saving: None, lambda: True) is None
    assert desk.door() == "locked"
    assert (folder / "vault.db").exists()


def test_a_name_that_the_disk_refuses_is_told_at_the_door_and_tried_again(
    backup: Path, folder: Path, passphrase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from xincai.vault import header

    replace: Callable[[Path, Path], None] = header.replace

    def refuse(source: Path, target: Path) -> None:
        if target == folder:
            raise PermissionError(13, "in use")
        replace(source, target)

    with monkeypatch.context() as held:
        held.setattr(header, "replace", refuse)
        with pytest.raises(Problem, match=r"vault\.read_only"):
            again(backup, folder, passphrase)
        with pytest.raises(Problem, match=r"vault\.read_only"):
            finish(folder)
        assert is_waiting(folder)
    finish(folder)
    with Vault.open(folder, passphrase) as vault:
        assert len(vault.records()) == 3
    assert not folder.with_name(folder.name + STAGING).exists()
