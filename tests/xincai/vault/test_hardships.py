"""What a computer, its other programs and its clock do to a vault: odd places, files held by others or
changing while they are read, no memory, ten years of work, time zones, somebody with the key.
"""

import datetime
import io
import json
import os
import subprocess
import sys
import time
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from xincai import clock, paths
from xincai.errors import Problem
from xincai.vault import KdfParams, Vault
from xincai.vault import header as headers
from xincai.vault.events import genesis, link_digest
from xincai.wire.digest import sm3

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(paths.__file__).parents[1])}


@pytest.mark.parametrize(
    "name",
    [
        "柳河镇 信采资料（二〇二六）",
        "䶮" * 60,
        "a b  c",
        "x" * 200,
        "100%20'quoted';--",
        "#?&=+",
        "…\u202etxt",
    ],
)
def test_a_vault_lives_in_a_folder_of_any_name(
    tmp_path: Path, office: Any, passphrase: str, name: str
) -> None:
    folder = tmp_path / name / name
    made, _ = Vault.create(folder, passphrase, name="李采集", params=KdfParams.for_tests())
    with made as office.vault:
        office.everything()
        backup = office.vault.back_up(tmp_path, lambda *_: None, lambda: False)
    assert backup is not None
    moved = tmp_path / "elsewhere" / name
    moved.parent.mkdir()
    folder.rename(moved)
    with Vault.open(moved, passphrase) as again:
        assert len(again.records()) == 3
        again.verify_chain()


@pytest.mark.parametrize("times", [0, 1, 3])
def test_a_file_that_is_held_open_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    """As anti-virus software on Windows does it, which refuses the rename for a while."""
    monkeypatch.setattr(headers, "os", types.SimpleNamespace(name="nt"))
    waits = _held(monkeypatch, times)
    source, target = tmp_path / "new", tmp_path / "old"
    source.write_bytes(b"new")
    target.write_bytes(b"old")
    headers.replace(source, target)
    assert target.read_bytes() == b"new"
    assert not source.exists()
    assert waits == [0.05, 0.2, 0.8][:times]


def test_a_file_that_is_held_open_for_good_is_told_and_stays(
    vault: Vault, folder: Path, passphrase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (folder / headers.NAME).read_bytes()
    with monkeypatch.context() as held:
        _held(held, 1000)
        with pytest.raises(Problem, match=r"vault\.read_only"):
            vault.change_passphrase(passphrase, "violin orbit 77 lantern")
    assert (folder / headers.NAME).read_bytes() == before
    assert not list(folder.glob("*.new"))
    assert vault.is_mine(passphrase)


def _held(monkeypatch: pytest.MonkeyPatch, times: int) -> list[float]:
    """Let renames be refused so many times; how long was waited is noted."""
    left, waits, rename = [times], [], Path.replace

    def refused(path: Path, target: Path) -> Path:
        if left[0]:
            left[0] -= 1
            raise PermissionError(13, "held by another program")
        return rename(path, target)

    monkeypatch.setattr(Path, "replace", refused)
    monkeypatch.setattr(clock, "pause", waits.append)
    return waits


class Changing(io.BytesIO):
    """A file that another program writes anew while it is read."""

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        place = self.tell()
        self.seek(0)
        self.write(b"z" * place)
        self.seek(place)
        return data


def test_a_file_that_changes_while_it_is_read_is_kept_under_the_name_of_what_was_read(vault: Vault) -> None:
    first = bytes(range(256)) * 2600
    kept = vault.add_attachment(Changing(first), "image/jpeg", draft_id="d")
    assert kept.sm3 == sm3(first)
    assert vault.attachment(kept.sm3) == first


@pytest.mark.parametrize("error", [MemoryError, RecursionError, KeyboardInterrupt])
def test_a_step_without_memory_leaves_nothing_and_the_work_goes_on(
    vault: Vault, office: Any, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    """Wherever in a transaction it strikes."""
    from xincai.vault.cursor import Cursor

    office.enrol()
    struck, left = 0, 0

    def striking(real: Callable[..., Any]) -> Callable[..., Any]:
        def strike(*given: Any, **values: Any) -> Any:
            nonlocal left
            left -= 1
            if left < 0:
                raise error
            return real(*given, **values)

        return strike

    while True:
        left = struck
        with monkeypatch.context() as bad:
            for way in ("run", "insert", "each"):
                bad.setattr(Cursor, way, striking(getattr(Cursor, way)))
            try:
                vault.seal(office.record(), None)
            except error:
                struck += 1
            else:
                break
        assert vault.versions("record") == ()
        vault.verify_chain()
    assert struck >= 5
    assert vault.versions("record") == (1,)
    vault.verify_chain()


NARROW = """
import pathlib, resource, sys
from xincai.errors import Problem
from xincai.vault import Draft, Vault
vault = Vault.open(pathlib.Path(sys.argv[1]), sys.argv[2])
vault.save_draft(Draft("small", "f", "1", "f" * 64, "", bytes(20_000)))
pages = int(pathlib.Path("/proc/self/statm").read_text().split()[0])
picture = bytes(30 << 20)
soft, hard = resource.getrlimit(resource.RLIMIT_AS)
resource.setrlimit(resource.RLIMIT_AS, ((pages * 4096) + (34 << 20), hard))
told = []
for act in (
    lambda: vault.add_attachment(picture * 2, "image/jpeg"),
    lambda: vault.save_draft(Draft("big", "f", "1", "f" * 64, "", picture + b"x")),
):
    try:
        act()
        told.append("done")
    except (MemoryError, Problem) as error:
        told.append(type(error).__name__)
resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
vault.save_draft(Draft("next", "f", "1", "f" * 64, "", b"x"))
vault.verify_chain()
print(*told, *sorted(row.draft_id for row in vault.drafts()))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs RLIMIT_AS and /proc")
def test_a_process_that_gets_no_more_memory_loses_nothing(
    vault: Vault, folder: Path, passphrase: str
) -> None:
    vault.close()
    done = subprocess.run(
        [sys.executable, "-c", NARROW, folder, passphrase],
        env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    words = done.stdout.split()
    assert words[:2] == ["MemoryError", "MemoryError"], done.stderr[-2000:]
    assert words[2:] == ["next", "small"]


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc/self/io")
def test_opening_reads_no_more_after_years_of_work(
    vault: Vault, office: Any, reopen: Callable[[], Vault]
) -> None:
    """Of a vault some fifty times as large, not twice as much is read; so no part of it is gone through."""
    office.enrol()
    vault.seal(office.record("first"), None)
    vault.close()
    small, little = _read_by(reopen)
    again = reopen()
    for number in range(60):
        photo = again.add_attachment(os.urandom(300_000), "image/jpeg", draft_id=f"d{number}")
        office.vault = again
        again.save_draft(office.draft(f"d{number}"))
        again.seal(office.record(f"d{number}", attachments=(photo,), body="x" * 5000), f"d{number}")
    again.close()
    large, much = _read_by(reopen)
    assert large > 40 * small
    assert much < 2 * little


def _read_by(reopen: Callable[[], Vault]) -> tuple[int, int]:
    """The size of the vault, and how many bytes opening it reads."""

    def read() -> int:
        return int(Path("/proc/self/io").read_text().split()[1])

    before = read()
    vault = reopen()
    after = read()
    vault.close()
    return (vault.folder / "vault.db").stat().st_size, after - before


ZONES = [
    "UTC",
    "Asia/Shanghai",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "America/New_York",
    "Asia/Kathmandu",
]
MOMENTS = [
    "2024-02-29T23:59:59Z",
    "2026-03-08T06:59:59Z",  # New York skips an hour
    "2026-11-01T05:59:59Z",  # and has one twice
    "2026-12-31T15:59:59Z",  # a year ends in China
    "1999-12-31T23:59:59Z",
    "2038-01-19T03:14:07Z",
    "2100-02-28T23:59:59Z",
]


@pytest.fixture
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    if not hasattr(time, "tzset"):
        pytest.skip("needs tzset")
    with monkeypatch.context() as there:
        there.setenv("TZ", request.param)
        time.tzset()
        yield request.param
    time.tzset()


@pytest.mark.parametrize("zone", ZONES, indirect=True)
def test_a_clock_in_any_zone_a_second_to_and_fro_orders_and_loses_nothing(
    zone: str, vault: Vault, office: Any, reopen: Callable[[], Vault]
) -> None:
    """At the turns of days, years, summers and numbers, forward and back."""
    sealed = []
    for number, moment in enumerate(MOMENTS):
        for step in (0, 1, -1):
            at = datetime.datetime.fromisoformat(moment) + datetime.timedelta(seconds=step)
            with clock.fixed(at, seed=f"{zone}{number}{step}"):
                sealed.append(f"r{number}{step}")
                vault.save_draft(office.draft(sealed[-1]))
                vault.seal(office.record(sealed[-1]), sealed[-1])
                assert vault.records(limit=1)[0].sealed_at == at
    vault.close()
    again = reopen()
    assert [row.record_id for row in again.records(limit=100)] == sealed[::-1]
    assert again.drafts() == ()
    again.verify_chain()


def make_history_anew(vault: Vault, record_id: str) -> None:
    """What somebody with the key can do: take a record away and forge the whole chain and `head.json`."""
    with vault._database.writing() as cursor:
        for row in cursor.all("SELECT name FROM sqlite_schema WHERE type = 'trigger'"):
            cursor.run(f"DROP TRIGGER {row.text('name')}")
        gone = {
            (table, row.whole("seq_"))
            for table in ("records", "sealers")
            for row in cursor.all(f"SELECT rowid AS seq_ FROM {table} WHERE record_id = ?", record_id)
        }
        for table in ("sealers", "record_list", "records"):
            cursor.run(f"DELETE FROM {table} WHERE record_id = ?", record_id)
        events = cursor.all("SELECT * FROM events ORDER BY seq")
        cursor.run("DELETE FROM events")
        head, number = genesis(vault.vault_id), 0
        for row in events:
            at, kind, text, facts = (*map(row.text, ("at", "kind", "facts")), json.loads(row.text("facts")))
            if (facts.get("table"), facts.get("row")) not in gone:
                number, prev = number + 1, head
                head = link_digest(number, at, kind, text, prev)
                cursor.insert("events", seq=number, at=at, kind=kind, facts=text, prev=prev, sm3=head)
        cursor.tip = (number, head)


@pytest.mark.parametrize("carried", [False, True])
def test_a_history_made_anew_is_found_once_a_head_was_carried_away(
    vault: Vault, office: Any, reopen: Callable[[], Vault], carried: bool
) -> None:
    """Before that nothing here can show it; the platform's sequence of batches begins with the first."""
    office.enrol()
    vault.seal(office.record("taken away"), None)
    vault.seal(office.record("sent"), None)
    if carried:
        office.batch(office.record("sent"))
    make_history_anew(vault, "taken away")
    vault.close()
    again = reopen()
    assert [row.record_id for row in again.records()] == ["sent"]
    assert again.doubt() is None
    if carried:
        with pytest.raises(Problem, match=r"vault\.history_broken") as caught:
            again.verify_chain()
        assert str(caught.value.facts["place"]).startswith("batches")
    else:
        again.verify_chain()
