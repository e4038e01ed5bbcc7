"""What the vault survives: kills, full and failing disks, flipped bits."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from xincai import paths
from xincai.errors import Problem
from xincai.vault import Vault, keys
from xincai.vault.connection import Database
from xincai.vault.header import decode

HERE = Path(__file__).parent / "faults"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(paths.__file__).parents[1])}


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        pytest.skip("needs a C compiler and LD_PRELOAD")
    library = tmp_path_factory.mktemp("shim") / "shim.so"
    subprocess.run(
        [compiler, "-O2", "-shared", "-fPIC", "-o", library, HERE / "shim.c", "-ldl"], check=True, timeout=60
    )
    return library


@pytest.mark.parametrize(
    ("journey", "stride", "least"),
    [
        ("working", 19, 28),
        ("making", 9, 10),
        ("remaking", 9, 10),
        ("passphrase", 2, 12),
        ("removing", 13, 8),
        ("migrating", 5, 12),
    ],
)
def test_kills_and_disk_errors_lose_and_double_nothing(
    shim: Path, tmp_path: Path, journey: str, stride: int, least: int
) -> None:
    """Kill, half a write, ENOSPC, EIO and EROFS in turn; every system call is tried when the stride is 1."""
    told = subprocess.run(
        [sys.executable, HERE / "survive.py", journey, "each", str(stride), tmp_path],
        env={**ENVIRONMENT, "LD_PRELOAD": str(shim)},
        capture_output=True,
        text=True,
        check=True,
        timeout=200,
    )
    result = json.loads(told.stdout)
    assert result["wrong"] == {}
    assert result["tried"] >= least


OFFICER = """
import pathlib, sys
from xincai.vault import Draft, Vault
vault = Vault.open(pathlib.Path(sys.argv[1]), sys.argv[2])
turn = 0
while True:
    turn += 1
    vault.save_draft(Draft("draft", "form", "1", "f" * 64, "", b"x" * 20000 + b"%d" % turn, answered=turn))
    print(turn, flush=True)
"""


@pytest.mark.parametrize("turns", [1, 7, 23])
def test_what_was_acknowledged_before_kill_9_is_there(
    vault: Vault, folder: Path, passphrase: str, turns: int
) -> None:
    vault.close()
    command = [sys.executable, "-c", OFFICER, str(folder), passphrase]
    with subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True) as officer:
        assert officer.stdout is not None
        for _ in range(turns):
            officer.stdout.readline()
        officer.send_signal(signal.SIGKILL)
        rest = [line for line in officer.stdout if line.endswith("\n")]
    acknowledged = int(rest[-1]) if rest else turns
    with Vault.open(folder, passphrase) as again:
        draft = again.draft("draft")
        assert draft.answered in {acknowledged, acknowledged + 1}
        assert draft.xml == b"x" * 20000 + b"%d" % draft.answered
        again.verify_chain()


def contents(folder: Path, data_key: bytes) -> list[list[tuple[str, object]]]:
    """All that a vault file holds, read past the slow door of the passphrase."""
    header = decode((folder / "vault.json").read_bytes())
    assert header is not None
    database = Database(folder / "vault.db", keys.database_key(data_key), header.file_salt)
    try:
        with database.reading() as cursor:
            tables = [
                row.text("name") for row in cursor.all("SELECT name FROM sqlite_schema WHERE type = 'table'")
            ]
            return [list(row.items()) for table in tables for row in cursor.each(f"SELECT * FROM {table}")]
    finally:
        database.close()


def contents_or_refusal(folder: Path, data_key: bytes) -> list[list[tuple[str, object]]] | str:
    try:
        return contents(folder, data_key)
    except Problem as problem:
        return problem.code


@pytest.fixture
def filled(vault: Vault, office: Any, folder: Path, passphrase: str) -> bytes:
    """The data key of a vault with one of everything, closed."""
    office.everything()
    vault.close()
    header = decode((folder / "vault.json").read_bytes())
    assert header is not None
    data_key = keys.unwrap(header.slot("passphrase"), passphrase, header.vault_id)
    assert data_key is not None
    return data_key


def test_a_flipped_bit_anywhere_never_gives_wrong_data(filled: bytes, folder: Path) -> None:
    path = folder / "vault.db"
    good, right = path.read_bytes(), contents(folder, filled)
    refused = 0
    with path.open("rb+") as file:
        for place in range(0, len(good), max(1, len(good) // 500)):
            file.seek(place)
            file.write(bytes([good[place] ^ (1 << place % 8)]))
            file.flush()
            found = contents_or_refusal(folder, filled)
            assert found in (right, "vault.unreadable"), place
            refused += found == "vault.unreadable"
            file.seek(place)
            file.write(good[place : place + 1])
            file.flush()
    assert refused > 250
    assert contents(folder, filled) == right


@pytest.mark.parametrize("left", [0, 1, 16, 100, 4096, 8192 + 5, -4096, -1])
def test_a_torn_file_is_refused_and_left_as_it_is(
    filled: bytes, folder: Path, left: int, passphrase: str
) -> None:
    path = folder / "vault.db"
    torn = path.read_bytes()[:left]
    path.write_bytes(torn)
    try:
        vault = Vault.open(folder, passphrase)
    except Problem as problem:
        seen = problem.code
    else:
        seen = "opened"
        with vault, pytest.raises(Problem, match=r"vault\.(unreadable|history_broken)"):
            vault.verify_chain()
    assert seen in {"vault.unreadable", "vault.header_of_another", "opened"}
    assert seen != "opened" or left < 0
    assert path.read_bytes() == torn
