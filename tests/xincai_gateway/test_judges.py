"""Over a server's database a process of its own judges: in nobody's way, soon replaced, never left behind."""

import asyncio
import base64
import contextlib
import os
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path

import pytest
import requests
from anyio import to_thread

import gateways
from gateways import record
from offices import opened, person
from postgres import Postgres
from xincai import clock
from xincai.errors import Problem
from xincai.wire.keys import decode_key_list
from xincai_gateway import commit, judges, ledger
from xincai_gateway.commit import FEW
from xincai_gateway.database import Database
from xincai_gateway.gateway import Gateway

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="/proc tells which processes there are")

Forms = tuple[Path, tuple[str, str, str]]
MANY = FEW + 1


def children(process: int) -> list[int]:
    """The processes that a process has started and that still run."""
    found = list[int]()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, parent = stat.read_text("utf-8").rpartition(")")[2].split()[:2]
            if int(parent) == process and state != "Z":
                found.append(int(stat.parent.name))
    return found


def runs(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def until(told: Callable[[], bool]) -> bool:
    """Whether something comes true within a while."""
    deadline = clock.monotonic() + 30
    while not told():
        if clock.monotonic() > deadline:
            return False
        clock.pause(0.1)
    return True


def judge_of(gateway: gateways.Running, *, other_than: int = 0) -> int:
    """The judging process, when it has begun its work."""
    found = list[int]()

    def begun() -> bool:
        found[:] = [each for each in children(gateway.process.pid) if each != other_than]
        return bool(found) and os.getpriority(os.PRIO_PROCESS, found[0]) == 19

    assert until(begun)
    assert len(found) == 1
    return found[0]


@pytest.fixture
def gateway(tmp_path: Path, pg: Postgres, forms: Forms) -> Iterator[gateways.Running]:
    with gateways.running(tmp_path, forms[0], pg.database()) as running:
        yield running


def delivered(
    gateway: gateways.Running, form: tuple[str, str, str]
) -> tuple[gateways.Device, gateways.Batch]:
    """A device, and a batch of it that is in custody and too large to be judged at once."""
    device = gateways.Device(gateway.url, gateway.ready["gateway"])
    assert device.enrol(gateway.ready["enrol_code"]).ok
    submission = (
        '<data id="visit_test" version="1"><code>91410425MX0000001A</code><name>试验合作社</name>'
        "<area>2</area><meta><instanceID>uuid:1</instanceID></meta></data>"
    ).encode()
    made = [record(form, submission) for _ in range(MANY)]
    batch = device.batch(*(item for item, _ in made), blobs=made[0][1])
    reply = device.send(batch)
    assert (reply.status_code, len(reply.json()["receipts"])) == (201, 1)
    return device, batch


def receipts(device: gateways.Device, batch: gateways.Batch) -> requests.Response:
    return device.request("GET", f"/batches/{batch.name}/receipts")


def settled(device: gateways.Device, batch: gateways.Batch) -> bool:
    return until(lambda: len(receipts(device, batch).json()["receipts"]) == 2)


def restarts(gateway: gateways.Running) -> str:
    lines = requests.get(f"{gateway.url}/metrics", timeout=10).text.splitlines()
    return next(line for line in lines if line.startswith("xincai_judging_restarts_total "))


def test_a_process_of_its_own_judges_at_the_lowest_priority(gateway: gateways.Running, forms: Forms) -> None:
    judge = judge_of(gateway)
    assert os.getpriority(os.PRIO_PROCESS, gateway.process.pid) < 19
    assert os.getsid(judge) != os.getsid(gateway.process.pid), "Ctrl-C is not for it"
    assert b"postgresql" not in Path(f"/proc/{judge}/cmdline").read_bytes(), "an address may hold a password"
    os.kill(judge, signal.SIGSTOP)
    try:
        device, batch = delivered(gateway, forms[1])
        for _ in range(30):
            assert len(receipts(device, batch).json()["receipts"]) == 1
    finally:
        os.kill(judge, signal.SIGCONT)
    assert settled(device, batch)
    assert judge_of(gateway) == judge
    assert restarts(gateway).endswith(" 0")


def test_what_it_judges_by_is_what_the_gateway_was_told(tmp_path: Path, pg: Postgres, forms: Forms) -> None:
    more = ("--require-authorisation", forms[1][0])
    with gateways.running(tmp_path, forms[0], pg.database(), *more) as gateway:
        device, batch = delivered(gateway, forms[1])
        assert settled(device, batch)
        signed = requests.get(f"{gateway.url}/v1/keys", timeout=10).json()
        keys = dict(decode_key_list(base64.b64decode(signed["data"])).signing())
        told = gateways.receipts(receipts(device, batch), batch, keys)[1]
    assert told.practice
    assert [outcome.code for outcome in told.outcomes] == ["3005"] * MANY


def test_one_that_was_killed_is_replaced_and_what_it_left_open_is_settled(
    gateway: gateways.Running, forms: Forms
) -> None:
    judge = judge_of(gateway)
    os.kill(judge, signal.SIGSTOP)
    device, batch = delivered(gateway, forms[1])
    os.kill(judge, signal.SIGKILL)
    assert settled(device, batch)
    assert judge_of(gateway, other_than=judge) != judge
    assert restarts(gateway).endswith(" 1")


def test_it_ends_when_the_process_that_serves_is_killed(gateway: gateways.Running) -> None:
    judge = judge_of(gateway)
    gateway.kill()
    assert until(lambda: not runs(judge))


def test_a_clean_stop_leaves_none(gateway: gateways.Running) -> None:
    judge = judge_of(gateway)
    assert gateway.stop() == 0
    assert not runs(judge)


def test_a_clean_stop_waits_not_for_ever_for_one_that_hangs(gateway: gateways.Running) -> None:
    judge = judge_of(gateway)
    os.kill(judge, signal.SIGSTOP)
    assert gateway.stop() == 0
    assert not runs(judge)


def test_over_the_embedded_database_no_other_process_judges(tmp_path: Path, forms: Forms) -> None:
    with gateways.running(tmp_path, forms[0]) as gateway:
        device, batch = delivered(gateway, forms[1])
        assert children(gateway.process.pid) == []
        assert settled(device, batch)


async def _beside(gateway: Gateway, until_settled: Callable[[], bool]) -> None:
    async with judges.Beside(gateway).serving():
        assert await to_thread.run_sync(until_settled)


async def _apart(gateway: Gateway, until_settled: Callable[[], bool]) -> None:
    ear, mouth = os.pipe()
    with os.fdopen(ear, "rb") as lines:
        attending = asyncio.create_task(judges._attend(gateway, lines))
        assert await to_thread.run_sync(until_settled)
        os.close(mouth)
        await attending


@pytest.mark.parametrize("judge", [_beside, _apart])
def test_a_batch_that_was_left_open_is_looked_at_again(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    judge: Callable[[Gateway, Callable[[], bool]], Coroutine[None, None, None]],
) -> None:
    monkeypatch.setattr(judges, "_AGAIN", 0.05)
    real, away = ledger.open_batches, [Problem("gateway.database_away")]

    def open_batches(database: Database) -> list[tuple[str, str]]:
        if away:
            raise away.pop()
        return real(database)

    monkeypatch.setattr(ledger, "open_batches", open_batches)
    with opened(tmp_path, "") as office:
        made = [office._record(dict(person(1)), {}) for _ in range(MANY)]
        batch = office.device.batch(*(each for each, _ in made), blobs=made[0][1])
        for digest, data in (item for _, files in made for item in files.items()):
            office.gateway.blobs.put(gateways.OFFICE, digest, data)
        commit.take(office.gateway, batch.data, batch.signature)
        asyncio.run(judge(office.gateway, lambda: until(lambda: not real(office.gateway.database))))
    assert away == []
