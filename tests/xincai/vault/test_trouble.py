"""A full disk, a place that cannot be written, a file held by others: real ones, and what is told."""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from xincai import clock, paths
from xincai.errors import Problem, explain
from xincai.vault import KdfParams, Vault, ballast
from xincai.vault.connection import Database

PASSPHRASE = "柳河村-2026-cashew"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(paths.__file__).parents[1])}


def make(folder: Path) -> Vault:
    return Vault.create(folder, PASSPHRASE, name="李采集", params=KdfParams.for_tests())[0]


def mount(*words: str) -> bool:
    if os.name == "nt" or os.geteuid() != 0 or shutil.which("mount") is None:
        return False
    return subprocess.run(["mount", *words], check=False, capture_output=True).returncode == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 3 MiB of its own."""
    folder = tmp_path / "small"
    folder.mkdir()
    if not mount("-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)):
        pytest.skip("needs root and mount")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Take all the room there is."""
    path = folder / "somebody else's film"
    with contextlib.suppress(OSError), path.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    return path


def told(code: str, action: Callable[[], object]) -> None:
    with pytest.raises(Problem) as caught:
        action()
    assert caught.value.code == f"vault.{code}"
    for language in ("zh", "en"):
        assert explain(caught.value, language).next


def test_on_a_full_disk_the_ballast_saves_what_is_being_typed(small_disk: Path, office: Any) -> None:
    vault = make(small_disk / "vault")
    office.vault = vault
    with vault:
        vault.save_draft(office.draft(xml=b"first"))
        assert ballast.load(vault.folder, 200_000)
        film = fill(small_disk)
        vault.save_draft(office.draft(xml=b"typed as the disk was full" * 2000))
        assert vault.draft("draft").xml == b"typed as the disk was full" * 2000
        assert not ballast.is_loaded(vault.folder)
        film.write_bytes(b"")
        fill(small_disk)
        told("disk_full", lambda: vault.save_draft(office.draft(xml=b"too much" * 90_000)))
        told("disk_full", lambda: vault.add_attachment(bytes(600_000), "image/jpeg"))
        assert vault.draft("draft").xml == b"typed as the disk was full" * 2000
        vault.verify_chain()
        film.unlink()
        vault.save_draft(office.draft(xml=b"too much" * 90_000))
        assert ballast.load(vault.folder, 100_000)


def test_a_vault_on_a_full_disk_opens_and_is_read(small_disk: Path, office: Any) -> None:
    office.vault = make(small_disk / "vault")
    with office.vault as vault:
        vault.seal(office.record(), None)
    fill(small_disk)
    with Vault.open(small_disk / "vault", PASSPHRASE) as again:
        assert again.record("record").title
        told("disk_full", lambda: again.add_attachment(bytes(900_000), "image/jpeg"))


def test_ballast_is_not_taken_on_where_room_is_scarce(small_disk: Path) -> None:
    assert not ballast.load(small_disk, 1_000_000)
    assert list(small_disk.iterdir()) == []
    assert not ballast.load(small_disk / "nowhere", 1000)
    assert not ballast.throw_off(small_disk)


def test_a_medium_that_cannot_be_written_is_read_and_exported(
    small_disk: Path, office: Any, tmp_path: Path
) -> None:
    vault = make(small_disk / "vault")
    office.vault = vault
    manifest = office.everything()
    vault.close()
    (small_disk / "vault" / "vault.lock").unlink()
    assert mount("-o", "remount,ro", str(small_disk))
    before = {path.name: path.read_bytes() for path in (small_disk / "vault").iterdir()}
    with Vault.open(small_disk / "vault", PASSPHRASE) as again:
        assert again.read_only
        assert [row.record_id for row in again.records()] == ["third", "other", "record"]
        assert again.letter("letter").startswith(b"%PDF")
        assert again.batch(manifest).manifest
        again.verify_chain()
        told("read_only", lambda: again.save_draft(office.draft()))
        told("read_only", lambda: again.set_setting("a", "b"))
        told("in_use", lambda: Vault.open(small_disk / "vault", PASSPHRASE))
        backup = again.back_up(tmp_path, lambda *_: None, lambda: False)
        assert backup is not None
    assert {path.name: path.read_bytes() for path in (small_disk / "vault").iterdir()} == before
    told("wrong_passphrase", lambda: Vault.open(small_disk / "vault", "不对"))
    told("read_only", lambda: make(small_disk / "another"))


def test_an_old_vault_that_cannot_be_written_says_what_to_do(
    small_disk: Path, upgraded: Callable[[str], Path]
) -> None:
    shutil.copytree(upgraded("0001"), small_disk / "vault")
    assert mount("-o", "remount,ro", str(small_disk))
    told("read_only_old", lambda: Vault.open(small_disk / "vault", PASSPHRASE))


def test_a_folder_without_permission_is_read_by_its_reader(vault: Vault, office: Any, folder: Path) -> None:
    """As another user of the computer, who may read and not write."""
    if os.name == "nt" or os.geteuid() != 0:
        pytest.skip("needs root, to become somebody else")
    if any(above.stat().st_mode & 0o001 == 0 for above in Path(__file__).parents):
        pytest.skip("the program stands where nobody else may look")
    office.everything()
    vault.close()
    for path in [folder, *folder.iterdir()]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    for above in folder.parents:
        if above.stat().st_mode & 0o005 != 0o005 and str(above).startswith("/tmp/pytest"):
            above.chmod(above.stat().st_mode | 0o055)
    script = (
        "import os, pathlib, sys\n"
        "from xincai.vault import Vault\n"
        "Vault.open(pathlib.Path(sys.argv[1]), sys.argv[2]).close()  # loads what nobody else may read\n"
        "os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        "with Vault.open(pathlib.Path(sys.argv[1]), sys.argv[2]) as vault:\n"
        "    print(vault.read_only, len(vault.records()))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, folder, PASSPHRASE],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stdout.split() == ["True", "3"], done.stderr


HOLDER = """
import pathlib, sys
from xincai.vault.connection import Database
database = Database(pathlib.Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), bytes.fromhex(sys.argv[3]))
with database.writing() as cursor:
    cursor.run("CREATE TABLE held (a TEXT)")
    cursor.all("SELECT 1")
    print("held", flush=True)
    sys.stdin.readline()
    raise SystemExit
"""


def test_a_file_held_by_another_program_is_busy_and_then_free(tmp_path: Path) -> None:
    """As anti-virus software does: longer than the patience, and then no more."""
    path, key, salt = tmp_path / "file.db", bytes(range(32)), bytes(range(16))
    database = Database(path, key, salt)
    with database.writing() as cursor:
        cursor.run("CREATE TABLE words (word TEXT)")
    with database.reading() as cursor:
        cursor.all("PRAGMA busy_timeout = 50")
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, path, key.hex(), salt.hex()],
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdin is not None
        assert holder.stdout.readline() == "held\n"

        def write() -> None:
            with database.writing() as cursor:
                cursor.insert("words", word="one")

        told("busy", write)
        holder.stdin.write("\n")
        holder.stdin.close()
        holder.wait()
        write()
    with database.reading() as cursor:
        assert cursor.one("SELECT count(*) AS n FROM words").whole("n") == 1
    database.close()


LIMITED = """
import pathlib, resource, sys
from xincai.errors import Problem
from xincai.vault import Draft, Vault
vault = Vault.open(pathlib.Path(sys.argv[1]), sys.argv[2])
size = (pathlib.Path(sys.argv[1]) / "vault.db").stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (size + 20_000, resource.RLIM_INFINITY))
try:
    vault.save_draft(Draft("big", "f", "1", "f" * 64, "", bytes(200_000)))
except Problem as problem:
    print(problem.code)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
vault.save_draft(Draft("big", "f", "1", "f" * 64, "", bytes(200_000)))
print(len(vault.draft("big").xml), vault.verify_chain() != "")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs RLIMIT_FSIZE")
def test_a_limit_on_the_file_is_told_and_the_work_goes_on(vault: Vault, folder: Path) -> None:
    vault.close()
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, folder, PASSPHRASE],
        env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    code, size, sound = done.stdout.split()
    assert code in {"vault.disk_full", "vault.disk_error"}, done.stderr
    assert (size, sound) == ("200000", "True")


@pytest.mark.parametrize("years", [-20, 20])
def test_a_clock_that_jumps_neither_orders_nor_loses_anything(
    vault: Vault, office: Any, reopen: Callable[[], Vault], years: int
) -> None:
    office.enrol()
    vault.seal(office.record("first"), None)
    now = clock.now()
    with clock.fixed(now.replace(year=now.year + years), seed="jump"):
        vault.seal(office.record("second"), None)
        vault.save_draft(office.draft())
        office.batch(office.record("second"))
    vault.seal(office.record("third"), None)
    vault.close()
    again = reopen()
    assert [row.record_id for row in again.records()] == ["third", "second", "first"]
    assert again.waiting_records() == (("first", 1), ("third", 1))
    again.verify_chain()
