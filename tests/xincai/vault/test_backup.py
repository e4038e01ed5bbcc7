"""A backup is the whole vault in one file, proven before it is called one; restored it is another device."""

import datetime
import hashlib
import os
import shutil
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from xincai import clock, paths
from xincai.errors import Problem, explain
from xincai.vault import Draft, Vault, ballast
from xincai.vault.backup import SUFFIX, read_backup
from xincai.vault.restore import STAGING, restore


def never() -> bool:
    return False


def nobody(part: str, done: int, total: int) -> None:
    assert 0 <= done <= total, part


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "U盘 备份"
    folder.mkdir()
    return folder


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    return tmp_path / "another computer" / "vault"


def back_up(vault: Vault, stick: Path) -> Path:
    backup = vault.back_up(stick, nobody, never)
    assert backup is not None
    return backup.path


def test_a_backup_is_one_file_and_an_event(vault: Vault, office: Any, stick: Path) -> None:
    office.everything()
    assert vault.last_backup() is None
    before = clock.now()
    path = back_up(vault, stick)
    assert [each.name for each in stick.iterdir()] == [path.name]
    assert path.suffix == SUFFIX
    last = vault.last_backup()
    assert last is not None
    assert last >= before.replace(microsecond=0)
    event = vault.events(1000)[-1]
    assert (event.kind, event.facts["records"], event.facts["drafts"]) == ("backup", 3, 1)
    vault.verify_chain()


def test_no_name_answer_or_key_stands_in_a_backup(vault: Vault, office: Any, stick: Path) -> None:
    office.everything()
    data = back_up(vault, stick).read_bytes()
    for canary in ("王测", "李采集", "410499199003071234", "柳河村"):
        assert canary.encode() not in data
    assert data.count(vault.vault_id.encode()) == 2  # in the header and in the facts


def test_a_restored_vault_has_everything_but_the_device(
    vault: Vault, office: Any, stick: Path, elsewhere: Path, passphrase: str
) -> None:
    name = office.everything()
    vault.set_setting("sync-cursor", "17")
    vault.set_setting("language", "zh")
    counts, states = vault.counts(), dict(vault.batch_states())
    path = back_up(vault, stick)
    again = restore(path, elsewhere, lambda folder: Vault.open(folder, passphrase), nobody, never)
    assert again is not None
    with again:
        assert (again.vault_id, again.name) == (vault.vault_id, "李采集")
        assert again.device() is None
        assert (again.next_sequence(), again.last_manifest()) == (1, None)
        assert again.setting("sync-cursor") is None
        assert again.setting("language") == "zh"
        assert dict(again.batch_states()) == states
        assert again.record("record").submission == vault.record("record").submission
        assert again.attachment(again.record("record").attachments[0].sm3) == b"photo" * 100
        assert again.counts().records == counts.records
        assert len(again.receipts(name)) == 2
        assert again.events(1000)[-1].kind == "restored"
        assert again.events(1000)[-1].facts["device"] == "device-1"
        again.verify_chain()
    assert not elsewhere.with_name(elsewhere.name + STAGING).exists()
    assert not (elsewhere / "source").exists()


def test_it_opens_with_the_recovery_code_of_that_day(
    made: tuple[Vault, str], stick: Path, elsewhere: Path
) -> None:
    vault, code = made
    path = back_up(vault, stick)
    again = restore(path, elsewhere, lambda folder: Vault.open(folder, recovery=code), nobody, never)
    assert again is not None
    again.close()


def test_a_wrong_passphrase_makes_no_vault_and_copies_once(
    vault: Vault, stick: Path, elsewhere: Path, passphrase: str
) -> None:
    path = back_up(vault, stick)
    told: list[str] = []

    def tell(part: str, done: int, total: int) -> None:
        told.append(part)

    with pytest.raises(Problem, match=r"vault\.wrong_passphrase"):
        restore(path, elsewhere, lambda folder: Vault.open(folder, "不对"), tell, never)
    assert not Vault.is_there(elsewhere)
    assert "copy" in told
    told.clear()
    again = restore(path, elsewhere, lambda folder: Vault.open(folder, passphrase), tell, never)
    assert again is not None
    again.close()
    assert "copy" not in told


def test_nothing_is_restored_over_a_vault(vault: Vault, stick: Path, folder: Path, passphrase: str) -> None:
    path = back_up(vault, stick)
    with pytest.raises(Problem, match=r"vault\.already_there"):
        restore(path, folder, lambda place: Vault.open(place, passphrase), nobody, never)
    vault.set_setting("still", "ours")


def test_cancelling_leaves_nothing(vault: Vault, office: Any, stick: Path, elsewhere: Path) -> None:
    office.everything()
    assert vault.back_up(stick, nobody, lambda: True) is None
    assert list(stick.iterdir()) == []
    assert vault.last_backup() is None
    path = back_up(vault, stick)
    assert restore(path, elsewhere, lambda folder: Vault.open(folder, "x"), nobody, lambda: True) is None
    assert not Vault.is_there(elsewhere)


def test_others_write_while_a_backup_is_made(
    vault: Vault, stick: Path, elsewhere: Path, passphrase: str
) -> None:
    """What was saved before is in it; what is saved meanwhile is in it whole or not at all."""
    for number in range(40):
        vault.save_draft(Draft(f"d{number}", "f", "1", "f" * 64, "", os.urandom(150_000)))
    turns, stop, late = [0], threading.Event(), []

    def officer() -> None:
        while not stop.is_set():
            turns[0] += 1
            late.append(vault.save_draft(Draft("late", "f", "1", "f" * 64, "", b"%d" % turns[0] * 5000)))

    thread = threading.Thread(target=officer)
    thread.start()
    try:
        for number in range(3):
            (stick / str(number)).mkdir()
            last = back_up(vault, stick / str(number))
    finally:
        stop.set()
        thread.join()
    assert turns[0] > 5
    again = restore(last, elsewhere, lambda folder: Vault.open(folder, passphrase), nobody, never)
    assert again is not None
    with again:
        drafts = {row.draft_id for row in again.drafts()}
        assert {f"d{number}" for number in range(40)} <= drafts
        again.verify_chain()


@pytest.mark.parametrize("place", [0.001, 0.1, 0.33, 0.5, 0.9, 0.97])
def test_a_rotten_backup_is_never_a_vault(  # noqa: PLR0917 - fixtures
    vault: Vault, office: Any, stick: Path, elsewhere: Path, passphrase: str, place: float
) -> None:
    office.everything()
    path = back_up(vault, stick)
    data = bytearray(path.read_bytes())
    data[int(len(data) * place)] ^= 4
    path.write_bytes(data)
    codes = r"vault\.(unreadable|no_backup|header_of_another|header_damaged)"
    with pytest.raises(Problem, match=codes) as caught:
        restore(path, elsewhere, lambda folder: Vault.open(folder, passphrase), nobody, never)
    assert explain(caught.value, "zh").next
    assert not Vault.is_there(elsewhere)


@pytest.mark.parametrize("left", [0, 10, 64, 5000, -1])
def test_a_backup_cut_short_is_told(vault: Vault, stick: Path, left: int) -> None:
    path = back_up(vault, stick)
    path.write_bytes(path.read_bytes()[:left])
    with pytest.raises(Problem, match=r"vault\.no_backup"):
        read_backup(path)


def test_a_backup_that_does_not_prove_good_is_removed(vault: Vault, office: Any, stick: Path) -> None:
    """The stick turns a bit between writing and proving."""
    office.everything()
    broken: list[Path] = []

    def rot(part: str, done: int, total: int) -> None:
        if part == "check" and not broken:
            broken.extend(stick.glob("*.part"))
            with broken[0].open("r+b") as file:
                file.seek(20_000)
                byte = file.read(1)
                file.seek(20_000)
                file.write(bytes([byte[0] ^ 1]))

    with pytest.raises(Problem, match=r"vault\.backup_bad"):
        vault.back_up(stick, rot, never)
    assert list(stick.iterdir()) == []
    assert vault.last_backup() is None


@pytest.fixture
def small_stick(tmp_path: Path) -> Iterator[Path]:
    """A stick of 128 KiB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = shutil.which("mount")
    command = [mount or "mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", str(folder)]
    if os.name == "nt" or os.geteuid() != 0 or subprocess.run(command, check=False).returncode != 0:
        pytest.skip("needs root and mount")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_stick_is_told_and_left_clean(vault: Vault, office: Any, small_stick: Path) -> None:
    office.everything()
    with pytest.raises(Problem, match=r"vault\.backup_no_room"):
        vault.back_up(small_stick, nobody, never)
    (small_stick / "other").write_bytes(b"x")
    assert [path.name for path in small_stick.iterdir()] == ["other"]
    with pytest.raises(Problem, match=r"vault\.backup_disk"):
        vault.back_up(small_stick / "pulled out", nobody, never)


CUT = """
import pathlib, resource, signal, sys
from xincai.vault import Vault
vault = Vault.open(pathlib.Path(sys.argv[1]), sys.argv[2])
if sys.argv[4] == "kill":
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[5]), int(sys.argv[5])))
try:
    vault.back_up(pathlib.Path(sys.argv[3]), lambda *_: None, lambda: False)
except Exception as problem:
    print(problem)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs RLIMIT_FSIZE")
@pytest.mark.parametrize("way", ["error", "kill"])
def test_a_backup_cut_off_in_the_middle_is_never_called_one(  # noqa: PLR0917 - fixtures
    vault: Vault, office: Any, stick: Path, folder: Path, passphrase: str, way: str
) -> None:
    office.everything()
    vault.close()
    environment = {**os.environ, "PYTHONPATH": str(Path(paths.__file__).parents[1])}
    for limit in (20_000, 120_000):
        told = subprocess.run(
            [sys.executable, "-c", CUT, folder, passphrase, stick, way, str(limit)],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert told.stdout.strip() in (
            {"vault.backup_disk", "vault.backup_file_limit"} if way == "error" else {""}
        )
        assert (told.returncode < 0) == (way == "kill")
        assert not list(stick.glob(f"*{SUFFIX}"))
    with Vault.open(folder, passphrase) as again:
        again.verify_chain()
        assert back_up(again, stick).exists()


def test_a_restoring_cut_off_leaves_no_vault_and_goes_on(
    vault: Vault, stick: Path, elsewhere: Path, passphrase: str
) -> None:
    path = back_up(vault, stick)

    def cut(part: str, done: int, total: int) -> None:
        if part == "check" and done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore(path, elsewhere, lambda folder: Vault.open(folder, passphrase), cut, never)
    assert not Vault.is_there(elsewhere)
    again = restore(path, elsewhere, lambda folder: Vault.open(folder, passphrase), nobody, never)
    assert again is not None
    with again:
        again.verify_chain()


def test_a_half_made_vault_gives_way_to_a_restored_one(
    vault: Vault, stick: Path, elsewhere: Path, passphrase: str
) -> None:
    elsewhere.mkdir(parents=True)
    (elsewhere / "vault.lock").write_bytes(b"")
    (elsewhere / "vault.db.new").write_bytes(b"half")
    again = restore(
        back_up(vault, stick), elsewhere, lambda folder: Vault.open(folder, passphrase), nobody, never
    )
    assert again is not None
    again.close()


def test_an_older_vault_is_restored_into_this_programs_schema(
    stick: Path, elsewhere: Path, upgraded: Callable[[str], Path], passphrase: str
) -> None:
    """The backup of a program of an earlier day: its file and header, put together as they were."""
    from xincai.vault.backup import _finish

    old = upgraded("0001")
    path = stick / f"old{SUFFIX}"
    shutil.copy(old / "vault.db", path)
    header = (old / "vault.json").read_bytes()
    _finish(path, header, "x", datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC))
    again = restore(path, elsewhere, lambda folder: Vault.open(folder, passphrase), nobody, never)
    assert again is not None
    with again:
        assert again.record("record").title
        again.verify_chain()


def test_a_vault_whose_history_is_in_doubt_is_backed_up_all_the_same(
    vault: Vault, office: Any, stick: Path
) -> None:
    office.everything()
    events = vault.counts().events
    vault._database.held = Problem("vault.history_broken")
    assert not vault.writable
    assert read_backup(back_up(vault, stick)).vault_id == vault.vault_id
    assert vault.counts().events == events
    assert vault.erase_due(clock.now() + datetime.timedelta(days=40), 30) == ()


def test_what_a_vault_that_is_gone_left_is_in_nobodys_way(
    vault: Vault, folder: Path, passphrase: str, stick: Path
) -> None:
    path = back_up(vault, stick)
    ballast.load(folder, 1 << 16)
    vault.close()
    for name in ("vault.db", "vault.json", "vault.json.bak"):
        (folder / name).unlink()
    again = restore(path, folder, lambda place: Vault.open(place, passphrase), nobody, never)
    assert again is not None
    with again:
        assert again.doubt() is None


@pytest.mark.parametrize(
    "facts", [b"{}", b"[]", b"\xff", b'{"format": "xincai-backup-1", "vault": 1, "made": 1}']
)
def test_a_file_that_only_looks_like_a_backup_is_none(facts: bytes, stick: Path) -> None:
    path = stick / f"hostile{SUFFIX}"
    sum_of = hashlib.sha256(struct.pack(">QI", 0, 0) + facts).digest()
    path.write_bytes(facts + struct.pack(">16sQII32s", b"XINCAI BACKUP 1\n", 0, 0, len(facts), sum_of))
    with pytest.raises(Problem) as caught:
        read_backup(path)
    assert caught.value.code == "vault.no_backup"


def test_what_a_cut_left_of_a_backup_goes_with_the_next(vault: Vault, stick: Path) -> None:
    half = stick / f"xincai-20260101-120000-{vault.vault_id[:8]}{SUFFIX}.part"
    others = stick / f"xincai-20260101-120000-00000000{SUFFIX}.part"
    for path in (half, others, half.with_name(f"{half.name}-journal")):
        path.write_bytes(b"half")
    made = back_up(vault, stick)
    assert {path.name for path in stick.iterdir()} == {made.name, others.name}


@pytest.mark.skipif(os.name == "nt", reason="needs a name that is taken by a folder")
def test_a_stick_that_takes_no_file_is_a_problem_and_no_mistake(vault: Vault, stick: Path) -> None:
    with clock.fixed(clock.now()):
        name = f"xincai-{clock.now().astimezone():%Y%m%d-%H%M%S}-{vault.vault_id[:8]}{SUFFIX}.part"
        (stick / name).symlink_to(stick / "no such folder" / "file")
        with pytest.raises(Problem, match=r"vault\.backup_disk"):
            vault._database.copy_to(stick / name, lambda done, total: None)
    vault.verify_chain()
