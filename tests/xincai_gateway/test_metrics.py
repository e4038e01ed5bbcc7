"""What a county sees of its gateway: well or not, and numbers that name no one."""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
import requests
from starlette.types import Message, Receive, Scope, Send

import gateways
from gateways import record
from xincai import clock
from xincai.errors import Problem
from xincai_gateway import metrics
from xincai_gateway.gateway import Gateway, Settings, Traffic
from xincai_gateway.metrics import Durations, Timed

Forms = tuple[Path, tuple[str, str, str]]
LINE = re.compile(r'[a-z_]+(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? [0-9.e+-]+')


def test_a_gateway_that_can_take_things_in_is_well(site: Any) -> None:
    reply = requests.get(f"{site.running.url}/healthz", timeout=10)
    told = reply.json()
    assert (told["database"], told["storage"]) == ("ok", "ok")
    assert told["well"] == (told["disk_left"] >= metrics.LITTLE)
    assert reply.status_code == (200 if told["well"] else 503)


def test_trouble_makes_it_unwell_and_is_named(
    tmp_path: Path, forms: Forms, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway = Gateway.open(Settings(tmp_path, practice=True, forms=forms[0]))
    monkeypatch.setattr(metrics, "LITTLE", 0)
    assert metrics.health(gateway)[0]
    monkeypatch.setattr(metrics, "LITTLE", 1 << 70)
    assert not metrics.health(gateway)[0], "little disk"
    monkeypatch.setattr(metrics, "LITTLE", 0)

    def away(*_: object) -> None:
        raise Problem("gateway.database_away")

    monkeypatch.setattr(type(gateway.database), "row", away)
    well, told = metrics.health(gateway)
    assert not well
    assert b"gateway.database_away" in told
    gateway.close()


def test_metrics_count_by_office_and_name_no_one(site: Any) -> None:
    device = site.device()
    made, blobs = record(site.form, b"<data/>")
    batch = device.batch(made, blobs=blobs)
    assert device.send(batch).status_code == 201
    reply = requests.get(f"{site.running.url}/metrics", timeout=10)
    lines = reply.text.splitlines()
    assert reply.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert all(LINE.fullmatch(line) for line in lines if not line.startswith("#"))
    office = f'office="{gateways.OFFICE}"'
    assert any(line.startswith(f"xincai_batches{{{office}}} ") for line in lines)
    assert [line for line in lines if line.startswith(f'xincai_outcomes{{{office},status="rejected",code=')]
    put = next(line for line in lines if 'count{route="/v1/batches/{sm3}",status="201"}' in line)
    assert float(put.rpartition(" ")[2]) >= 1
    for word in (device.device, batch.name, made.record, "uuid", device.token.rpartition(".")[2]):
        assert word not in reply.text


@pytest.mark.parametrize(("asks", "gives_way"), [(False, True), (True, False)])
def test_judging_gives_way_to_requests_worked_on_not_to_those_that_wait_for_bytes(
    monkeypatch: pytest.MonkeyPatch, asks: bool, gives_way: bool
) -> None:
    now, waits = [100.0], list[float]()

    def wait(seconds: float) -> None:
        waits.append(seconds)
        now[0] += seconds

    monkeypatch.setattr(clock, "monotonic", lambda: now[0])
    monkeypatch.setattr(clock, "pause", wait)
    traffic = Traffic()

    async def look() -> Message:
        now[0] += 1
        traffic.give_way()
        return {"type": "http.request", "body": b"", "more_body": False}

    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        if asks:
            await receive()
        else:
            traffic.give_way()
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body"})

    async def drop(_message: Message) -> None:
        pass

    asyncio.run(Timed(app, Durations(), traffic)({"type": "http", "path": "/"}, look, drop))
    if gives_way:
        assert 0.1 < sum(waits) < 0.5, "not for ever"
    else:
        assert sum(waits) < 0.05
    assert traffic.requests == 0
    now[0] += 1
    waits.clear()
    traffic.give_way()
    assert not waits
