"""A gateway that dies while it takes a batch in: whatever was the last thing it did, a repeat ends in one
batch."""

import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests
import sqlalchemy as sa

import gateways
from gateways import record
from postgres import Postgres
from xincai import clock
from xincai.errors import Problem
from xincai.wire.digest import sm3
from xincai.wire.manifest import ManifestRecord
from xincai.wire.messages import EnrolRequest, enrolment_message
from xincai.wire.suites import PrivateKey
from xincai_gateway import commit, judging, schema
from xincai_gateway.enrol import enrol, issue_code
from xincai_gateway.gateway import Gateway, Settings
from xincai_gateway.ledger import receipts_of
from xincai_gateway.validate import Verdict

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a process is forked and killed")

Forms = tuple[Path, tuple[str, str, str]]
SUBMISSION = (
    '<data id="visit_test" version="1"><code>91410425MX0000001A</code><name>试验合作社</name><area>2</area>'
    "<photo>p</photo><meta><instanceID>uuid:1</instanceID></meta></data>"
).encode()


def settings(folder: Path, forms: Forms, db_url: str) -> Settings:
    return Settings(folder, db_url, practice=True, forms=forms[0])


def enrolled(gateway: Gateway) -> gateways.Device:
    """A device that was let in without HTTP."""
    device = gateways.Device("", gateway.identity.gateway, key=PrivateKey.generate())
    code = issue_code(gateway.database, gateways.OFFICE, gateway.identity.key_id, practice=True)
    pem = device.key.public.pem
    proof = device.key.sign(enrolment_message(code, device.device, pem))
    request = EnrolRequest.model_construct(code=code, device=device.device, public_key=pem, proof=proof)
    enrol(gateway.database, request)
    return device


def prepared(gateway: Gateway, forms: Forms) -> gateways.Batch:
    """A batch whose blobs are here."""
    device = enrolled(gateway)
    made, blobs = record(forms[1], SUBMISSION, {"p": clock.random_bytes(40)})
    for digest, data in blobs.items():
        gateway.blobs.put(gateways.OFFICE, digest, data)
    return device.batch(made, blobs=blobs)


def dies(work: Callable[[], None]) -> bool:
    """Run `work` in a child; whether it was killed before it was through."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def take_and_die(gateway: Gateway, batch: gateways.Batch, step: int) -> None:
    """Take the batch in, and be killed after the given database call of it, or after the last commit."""
    calls = 0

    def count(*_: object) -> None:
        nonlocal calls
        calls += 1
        if calls == step:
            os.kill(os.getpid(), signal.SIGKILL)

    sa.event.listen(gateway.database._engine, "after_cursor_execute", count)
    commit.take(gateway, batch.data, batch.signature)
    count()


def test_killed_after_any_database_call_a_repeat_ends_in_exactly_one_batch(
    tmp_path: Path, forms: Forms, db_url: str
) -> None:
    gateway = Gateway.open(settings(tmp_path, forms, db_url))
    steps, kept, killed = 0, set[int](), True
    while killed:
        steps += 1
        batch = prepared(gateway, forms)
        gateway.close()
        killed = dies(lambda: take_and_die(gateway, batch, steps))  # noqa: B023 - run before the next round
        before = receipts_of(gateway.database, gateways.OFFICE, batch.name)
        kept.add(len(before))
        taking = commit.take(gateway, batch.data, batch.signature)
        assert taking.fresh == (not before)
        assert before == taking.receipts[: len(before)]
        assert taking.receipts == commit.take(gateway, batch.data, batch.signature).receipts
        assert rows(gateway, schema.batches, manifest_sm3=batch.name) == 1
        assert rows(gateway, schema.receipts, manifest_sm3=batch.name) == 2
        assert rows(gateway, schema.records, record=batch.records[0].record) == 1
        assert rows(gateway, schema.attachments, record=batch.records[0].record) == 1
    gateway.close()
    assert steps > 10
    assert kept == {0, 1, 2}, "killed before, between and after the commits"


def test_when_the_database_server_drops_the_line_in_a_commit_a_repeat_ends_in_one_batch(
    tmp_path: Path, forms: Forms, pg: Postgres
) -> None:
    url = pg.database()
    gateway = Gateway.open(settings(tmp_path, forms, url))
    steps, dropped = 0, True
    while dropped:
        steps += 1
        batch = prepared(gateway, forms)
        dropped, told = refusal(gateway, batch, steps, lambda: pg.drop_lines(url))
        assert told in {"", "gateway.database_away"}
        taking = commit.take(gateway, batch.data, batch.signature)
        assert taking.receipts == commit.take(gateway, batch.data, batch.signature).receipts
        assert rows(gateway, schema.batches, manifest_sm3=batch.name) == 1
        assert rows(gateway, schema.records, record=batch.records[0].record) == 1
    gateway.close()
    assert steps > 10


def refusal(gateway: Gateway, batch: gateways.Batch, step: int, drop: Callable[[], None]) -> tuple[bool, str]:
    """Take the batch in while the line drops after the given database call; whether it came so far, and the
    problem that was told.
    """
    calls = 0

    def count(*_: object) -> None:
        nonlocal calls
        calls += 1
        if calls == step:
            drop()

    engine = gateway.database._engine
    sa.event.listen(engine, "after_cursor_execute", count)
    try:
        commit.take(gateway, batch.data, batch.signature)
    except Problem as problem:
        return calls >= step, problem.code
    finally:
        sa.event.remove(engine, "after_cursor_execute", count)
    return calls >= step, ""


def test_killed_during_a_commit_over_http_a_repeat_ends_in_exactly_one_batch(
    tmp_path: Path, forms: Forms, db_url: str
) -> None:
    running = gateways.launch(tmp_path, forms[0], db_url)
    device = gateways.Device(running.url, running.ready["gateway"])
    assert device.enrol(running.ready["enrol_code"]).ok
    photo = {sm3(b"p"): b"p"}
    made = [record(forms[1], SUBMISSION, {"p": b"p"}) for _ in range(30)]
    batch = device.batch(*(item for item, _ in made), blobs={**made[0][1], **photo})
    for blob in batch.blobs.values():
        device.put(blob)

    def deliver() -> int:
        try:
            return device.commit(batch).status_code
        except requests.ConnectionError:
            return 0

    with ThreadPoolExecutor(1) as lane:
        reply = lane.submit(deliver)
        clock.pause(0.03)
        running.kill()
        first = reply.result()
    with gateways.running(tmp_path, forms[0], db_url) as back:
        device.url = back.url
        replies = [device.commit(batch) for _ in range(2)]
    assert first in {0, 201}
    assert [item.status_code for item in replies][1] == 200
    assert replies[0].content == replies[1].content
    gateway = Gateway.open(settings(tmp_path, forms, db_url))
    assert rows(gateway, schema.batches) == 1
    assert rows(gateway, schema.records) == 30
    gateway.close()


def test_an_upload_that_was_cut_by_a_kill_goes_on_after_the_restart(tmp_path: Path) -> None:
    from xincai_gateway.blobs import Blobs

    data = clock.random_bytes(50_000)
    name = sm3(data)

    def write_and_die() -> None:
        blobs = Blobs(tmp_path)
        blobs.create("410499", name, len(data))
        upload = blobs.upload("410499", name, 0)
        upload.write(data[:20_001])
        os.kill(os.getpid(), signal.SIGKILL)

    assert dies(write_and_die)
    blobs = Blobs(tmp_path)
    standing = blobs.standing("410499", name)
    assert standing is not None
    assert standing.offset == 20_001
    with blobs.upload("410499", name, 20_001) as upload:
        upload.write(data[20_001:])
    blobs.finish("410499", name)
    assert blobs.read("410499", name) == data


def test_a_database_that_is_away_is_told_in_words(tmp_path: Path, forms: Forms) -> None:
    with pytest.raises(Problem) as told:
        Gateway.open(Settings(tmp_path, "postgresql://x@127.0.0.1:1/none", forms=forms[0]))
    assert told.value.code == "gateway.database_away"


def rows(gateway: Gateway, table: sa.Table, **where: object) -> int:
    query = sa.select(sa.func.count().label("n")).select_from(table)
    for name, value in where.items():
        query = query.where(table.c[name] == value)
    found = gateway.database.row(query)
    assert found is not None
    return int(found["n"])


def test_what_was_left_open_is_settled_after_the_next_start(
    tmp_path: Path, forms: Forms, db_url: str
) -> None:
    gateway = Gateway.open(settings(tmp_path, forms, db_url))
    batch = prepared(gateway, forms)
    gateway.closing.asked = True
    assert len(commit.take(gateway, batch.data, batch.signature).receipts) == 1
    assert [len(receipts_of(gateway.database, gateways.OFFICE, batch.name))] == [1], "in custody"
    gateway.close()
    again = Gateway.open(settings(tmp_path, forms, db_url))
    judging.settle_open(again)
    assert len(receipts_of(again.database, gateways.OFFICE, batch.name)) == 2
    assert rows(again, schema.records, record=batch.records[0].record) == 1
    again.close()


def test_a_small_batch_whose_judging_meets_trouble_is_in_custody_and_settled_later(
    tmp_path: Path, forms: Forms, db_url: str
) -> None:
    gateway = Gateway.open(settings(tmp_path, forms, db_url))
    batch = prepared(gateway, forms)
    (place,) = (tmp_path / "blobs").rglob(batch.records[0].submission.sm3)
    good = place.read_bytes()
    place.write_bytes(bytes(len(good)))
    taking = commit.take(gateway, batch.data, batch.signature)
    assert (taking.fresh, len(taking.receipts)) == (True, 1)
    place.write_bytes(good)
    judging.settle_open(gateway)
    again = commit.take(gateway, batch.data, batch.signature)
    assert (again.receipts[0], len(again.receipts)) == (taking.receipts[0], 2)
    gateway.close()


def test_a_batch_that_cannot_be_judged_does_not_stop_the_others(
    tmp_path: Path, forms: Forms, db_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway = Gateway.open(settings(tmp_path, forms, db_url))
    gateway.closing.asked = True
    batches = [prepared(gateway, forms) for _ in range(2)]
    for batch in batches:
        assert len(commit.take(gateway, batch.data, batch.signature).receipts) == 1
    gateway.closing.asked = False
    real, poison = judging.judge, batches[0].records[0].record

    def judge(record: ManifestRecord, *facts: Any) -> Verdict:
        if record.record == poison:
            raise ZeroDivisionError
        return real(record, *facts)

    monkeypatch.setattr(judging, "judge", judge)
    judging.settle_open(gateway)
    there = [len(receipts_of(gateway.database, gateways.OFFICE, batch.name)) for batch in batches]
    assert there == [1, 2], "one stays open, the other is settled"
    gateway.close()
