"""What the vault survives: kills, full and failing disks, power cuts, flipped bits, old pages put back, and
what is found of what was typed. A sample of each; `tests/campaign/campaign_vault.py` does all of it.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from xincai import paths
from xincai.errors import Problem
from xincai.vault import Vault

HERE = Path(__file__).parent / "faults"
sys.path.insert(0, str(HERE))

import canaries  # noqa: E402
import damage  # noqa: E402
import disk  # noqa: E402
import power  # noqa: E402

import journeys  # noqa: E402

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(paths.__file__).parents[1])}
Tell = Callable[[str, object], None]


@pytest.fixture(scope="module")
def failing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[disk.FailingDisk]:
    if not disk.can():
        pytest.skip("needs a C compiler and LD_PRELOAD")
    with disk.FailingDisk(disk.shim(tmp_path_factory.mktemp("shim"))) as made:
        yield made


STRIDES = {
    "working": 67,
    "correcting": 29,
    "attaching": 61,
    "opening": 17,
    "making": 43,
    "remaking": 43,
    "passphrase": 3,
    "joining": 13,
    "removing": 19,
    "reviewing": 17,
    "enrolling": 11,
    "bringing": 41,
    "erasing": 29,
    "backing-up": 17,
    "restoring": 7,
    "migrating": 7,
    "migrated": 31,
}


@pytest.mark.parametrize("journey", journeys.JOURNEYS)
def test_kills_and_disk_errors_lose_and_double_nothing(
    failing: disk.FailingDisk, tmp_path: Path, journey: str, record_property: Tell
) -> None:
    """Killed, half a write, and each errno in turn; every system call is tried when the stride is 1."""
    result = failing.ask(journey=journey, fault="each", stride=STRIDES[journey], place=tmp_path)
    record_property("count", result["tried"])
    assert result["wrong"] == {}
    assert result["tried"] >= 6


@pytest.mark.parametrize(
    "journey", ["working", "remaking", "passphrase", "removing", "restoring", "migrated"]
)
def test_power_cuts_lose_nothing_that_was_acknowledged(
    failing: disk.FailingDisk, tmp_path: Path, journey: str, record_property: Tell
) -> None:
    """Unsynced writes lost, torn and out of order, names undone."""
    tape = power.recorded(failing, journey, tmp_path)
    result = power.judged(tape, tmp_path, seed=1, most=24, stride=23)
    record_property("count", result["tried"])
    assert result["wrong"] == {}
    assert result["tried"] >= 12


def test_what_is_made_of_system_calls_is_what_they_made(failing: disk.FailingDisk, tmp_path: Path) -> None:
    """Byte for byte, when nothing of them was lost; so states after a cut are made of the same."""
    tape = power.recorded(failing, "making", tmp_path)
    state = power.state_at(tape, len(tape.calls), "all", 0)
    there = {str(path): path.read_bytes() for path in (tmp_path / "run").rglob("*") if path.is_file()}
    assert state.files == there
    assert len(there) >= 5


def test_a_journal_that_somebody_deletes_loses_nothing_in_silence(
    failing: disk.FailingDisk, tmp_path: Path, record_property: Tell
) -> None:
    """After a kill, wherever it struck."""
    tape = power.recorded(failing, "working", tmp_path)
    result = power.journals_deleted(tape, tmp_path, stride=9)
    record_property("count", result["tried"])
    assert result["wrong"] == {}
    assert result["found"] >= 5


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


@pytest.fixture
def filled(folder: Path) -> bytes:
    """The data key of a vault with one of everything, closed."""
    return damage.filled(folder)


@pytest.mark.parametrize(("name", "step", "refused"), [
    ("vault.db", 997, 100), ("vault.json", 29, 20), ("head.json", 41, 0), ("backup", 1499, 60),
])  # fmt: skip
def test_a_flipped_bit_anywhere_never_gives_wrong_data(
    tmp_path: Path, name: str, step: int, refused: int, record_property: Tell
) -> None:
    result = damage.flipped(tmp_path, name, ((at, at % 8) for at in range(0, 1 << 30, step)))
    record_property("count", result["tried"])
    assert result["wrong"] == {}
    assert result["refused"] >= refused


def test_a_page_put_back_is_found(tmp_path: Path, record_property: Tell) -> None:
    """Each page that a step changed, in a file else as it is; drafts and settings are no facts."""
    result = damage.pages_put_back(tmp_path, steps=20, seed=1, stride=2)
    record_property("count", result["tried"])
    assert result["wrong"] == {}
    assert result["found"] > result["tried"] // 2


def test_a_row_altered_with_the_key_is_found(tmp_path: Path, record_property: Tell) -> None:
    result = damage.rows_altered(tmp_path, stride=4)
    record_property("count", result["tried"])
    assert result["wrong"] == {}
    assert result["tried"] > 60


def test_a_file_put_back_alone_is_found_at_opening(tmp_path: Path, record_property: Tell) -> None:
    """Both together are found by the gateway alone (decision 0010)."""
    result = damage.files_put_back(tmp_path)
    record_property("count", result["tried"])
    assert result["wrong"] == {}


def test_a_walk_through_the_desk_ends_where_a_simple_model_says(record_property: Tell) -> None:
    import wander

    result = wander.walked(7, 100)
    record_property("count", result["tried"])
    assert result["wrong"] == {}
    assert result["tried"] >= 30


@pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(os, "geteuid") or os.geteuid() != 0, reason="reads /proc/PID/mem"
)
def test_nothing_typed_is_found_in_files_titles_or_after_the_lock_in_memory(
    tmp_path: Path, record_property: Tell
) -> None:
    result = canaries.sung(tmp_path, seed=1)
    record_property("count", result["tried"])
    assert result["wrong"] == {}
    assert result["place"] == "filling"
    assert result["in_memory_before"] > 200  # so the looking finds them


def test_a_torn_free_page_is_no_damage(filled: bytes, folder: Path, tmp_path: Path) -> None:
    """SQLite does not take back what was written to a page that held nothing; backups copy such pages too."""
    passphrase = damage._office().PASSPHRASE
    path = folder / "vault.db"
    with Vault.open(folder, passphrase) as vault:
        vault.save_draft(damage._office().Office(vault).draft("long", xml=b"x" * 60_000))
        vault.delete_draft("long")
    good, torn = path.read_bytes(), 0
    for page in range(len(good) // damage.PAGE - 1, 0, -1):
        at = page * damage.PAGE
        path.write_bytes(good[: at + 2000] + b"torn" + good[at + 2004 :])
        if not is_sound(folder, passphrase):
            continue
        torn += 1
        with Vault.open(folder, passphrase) as vault:
            stick = tmp_path / f"stick{page}"
            stick.mkdir()
            assert vault.back_up(stick, journeys.nobody, journeys.never) is not None
            vault.verify_chain()
        if torn == 3:
            break
    assert torn == 3


def is_sound(folder: Path, passphrase: str) -> bool:
    try:
        with Vault.open(folder, passphrase) as vault:
            return vault._database.sound(lambda: True)
    except Problem:
        return False


@pytest.mark.parametrize("left", [0, 1, 16, 100, 4096, 8192 + 5, -4096, -1])
@pytest.mark.usefixtures("filled")
def test_a_torn_file_is_refused_and_left_as_it_is(folder: Path, left: int, passphrase: str) -> None:
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
