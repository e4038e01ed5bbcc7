"""Two gateway processes over one PostgreSQL and one folder are one gateway."""

import dataclasses
import functools
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
import requests
import sqlalchemy as sa

import gateways
from gateways import record
from postgres import Postgres
from xincai import clock
from xincai.wire.digest import sm3
from xincai.wire.manifest import decode
from xincai.wire.receipt import SignedReceipt, decode_receipt
from xincai_gateway import commit, identity, ledger, schema
from xincai_gateway.database import Database
from xincai_gateway.enrol import issue_code

Forms = tuple[Path, tuple[str, str, str]]


@dataclasses.dataclass
class Workers:
    """Two workers, a device that speaks to the first, and the same device speaking to the second."""

    left: gateways.Device
    right: gateways.Device
    database: Database
    url: str
    form: tuple[str, str, str]

    def count(self, name: str, manifest_sm3: str) -> int:
        """How many rows of a table belong to a batch."""
        table = schema.metadata.tables[name]
        query = sa.select(sa.func.count().label("n")).where(table.c.manifest_sm3 == manifest_sm3)
        found = self.database.row(query)
        assert found is not None
        return int(found["n"])


@pytest.fixture(scope="module")
def started(
    pg: Postgres, tmp_path_factory: pytest.TempPathFactory, forms: Forms
) -> Iterator[tuple[gateways.Running, gateways.Running, Database, str]]:
    folder, url = tmp_path_factory.mktemp("county"), pg.database()

    def launch(_: int) -> gateways.Running:
        return gateways.launch(folder, forms[0], url)

    with ThreadPoolExecutor(2) as lane:
        left, right = lane.map(launch, range(2))
    database = Database.open(folder, url)
    yield left, right, database, url
    database.close()
    assert [left.stop(), right.stop()] == [0, 0]


@pytest.fixture
def workers(started: tuple[gateways.Running, gateways.Running, Database, str], forms: Forms) -> Workers:
    left, right, database, url = started
    assert left.ready["gateway"] == right.ready["gateway"]
    device = gateways.Device(left.url, left.ready["gateway"])
    assert device.enrol(issue_code(database, gateways.OFFICE, "0" * 16, practice=True)).ok
    return Workers(device, dataclasses.replace(device, url=right.url), database, url, forms[1])


def submission() -> bytes:
    return (
        '<data id="visit_test" version="1"><code>91410425MX0000001A</code><name>试验合作社</name>'
        f"<area>2</area><meta><instanceID>uuid:{clock.new_id()}</instanceID></meta></data>"
    ).encode()


def test_the_same_batch_at_both_workers_at_once_is_kept_once(workers: Workers) -> None:
    made = [record(workers.form, submission(), {"p": clock.random_bytes(2000)}) for _ in range(5)]
    batch = workers.left.batch(
        *(item for item, _ in made), blobs={name: data for _, blobs in made for name, data in blobs.items()}
    )

    def deliver(device: gateways.Device) -> int:
        for blob in batch.blobs.values():
            while device.put(blob).status_code != 201:
                pass
        return device.commit(batch).status_code

    with ThreadPoolExecutor(6) as lane:
        statuses = list(lane.map(deliver, [workers.left, workers.right] * 3))
    assert sorted(statuses) == [200] * 5 + [201]
    replies = {device.commit(batch).content for device in (workers.left, workers.right)}
    assert len(replies) == 1
    assert workers.count("batches", manifest_sm3=batch.name) == 1
    assert workers.count("receipts", manifest_sm3=batch.name) == 2
    assert workers.count("outcomes", manifest_sm3=batch.name) == 5
    assert workers.count("records", manifest_sm3=batch.name) == 5


def test_a_key_that_is_changed_is_in_use_at_both_workers_and_at_their_judges(
    started: tuple[gateways.Running, gateways.Running, Database, str], workers: Workers
) -> None:
    """Nothing is started again: the time, a small batch and one that is judged apart bear the new key."""
    identity.rotate(started[0].folder)
    key_id = identity.load(started[0].folder).key_id
    for device in (workers.left, workers.right):
        assert key_id in requests.get(f"{device.url}/v1/time", timeout=20).json()["signatures"]
    for device, count in ((workers.left, 1), (workers.right, commit.FEW + 1)):
        made = [record(workers.form, submission()) for _ in range(count)]
        blobs = {name: data for _, parts in made for name, data in parts.items()}
        batch = device.batch(*(item for item, _ in made), blobs=blobs)
        workers.left.sequence, workers.left.previous = device.sequence, device.previous
        workers.right.sequence, workers.right.previous = device.sequence, device.previous
        assert device.send(batch).status_code == 201
        until = clock.monotonic() + 60
        while len(ledger.receipts_of(workers.database, gateways.OFFICE, batch.name)) < 2:
            assert clock.monotonic() < until
            clock.pause(0.05)
        for each in ledger.receipts_of(workers.database, gateways.OFFICE, batch.name):
            assert decode_receipt(each.data).signer == key_id


def test_an_upload_goes_on_at_the_other_worker_and_the_first_finds_itself_replaced(workers: Workers) -> None:
    data = clock.random_bytes(300_000)
    name, headers = sm3(data), {"Upload-Length": str(300_000), "Upload-Complete": "?0"}
    assert workers.left.request("POST", f"/blobs/{name}", data=data[:100_000], headers=headers).ok

    def slowly() -> Iterator[bytes]:
        yield data[100_000:150_000]
        for _ in range(200):
            standing = workers.right.request("HEAD", f"/blobs/{name}")
            if standing.headers["Upload-Offset"] == "150000":
                break
        going_on = {"Upload-Offset": "150000", "Upload-Complete": "?1"}
        reply = workers.right.request("PATCH", f"/blobs/{name}", data=data[150_000:], headers=going_on)
        assert reply.headers["Upload-Complete"] == "?1"
        yield b"something else"

    going_on = {"Upload-Offset": "100000", "Upload-Complete": "?0"}
    stale = workers.left.request("PATCH", f"/blobs/{name}", data=slowly(), headers=going_on)
    assert stale.status_code == 409
    for device in (workers.left, workers.right):
        assert device.request("HEAD", f"/blobs/{name}").headers["Upload-Complete"] == "?1"


def test_batches_of_one_device_through_both_workers_keep_their_order(workers: Workers) -> None:
    batches = []
    for _ in range(8):
        made, blobs = record(workers.form, submission())
        batches.append(workers.left.batch(made, blobs=blobs))
    pairs = zip([workers.left, workers.right] * 4, batches, strict=True)
    with ThreadPoolExecutor(4) as lane:
        assert [reply.status_code for reply in lane.map(lambda pair: pair[0].send(pair[1]), pairs)] == [
            201
        ] * 8
    head = workers.right.request("GET", "/head").json()
    assert (head["batches"], head["sequence"]) == (8, 8)
    assert len(workers.left.request("GET", "/receipts").json()["receipts"]) == 16


def strangers(workers: Workers, count: int) -> list[gateways.Device]:
    """So many further devices of the same office, speaking to one worker and the other in turn."""
    urls = [workers.left.url, workers.right.url]
    found = [gateways.Device(urls[number % 2], workers.left.gateway) for number in range(count)]
    codes = [issue_code(workers.database, gateways.OFFICE, "0" * 16, practice=True) for _ in found]
    with ThreadPoolExecutor(count) as lane:
        assert all(reply.ok for reply in lane.map(gateways.Device.enrol, found, codes))
    return found


def in_the_middle(url: str, works: Sequence[Callable[[], None]]) -> list[str]:
    """Do these at once, all held back before they write their receipt; what the database refused of them."""
    refused: list[str] = []
    done = threading.Event()

    def note(context: sa.engine.ExceptionContext) -> None:
        refused.append(str(getattr(context.original_exception, "sqlstate", "")))

    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'receipts'::regclass"
    sa.event.listen(sa.Engine, "handle_error", note)
    try:
        with (
            ThreadPoolExecutor(len(works)) as lane,
            psycopg.connect(url) as holder,
            psycopg.connect(url, autocommit=True) as watcher,
        ):
            holder.execute("LOCK TABLE receipts IN SHARE MODE")
            running = [lane.submit(work) for work in works]
            for _ in range(500):
                counted = watcher.execute(waiting).fetchone()
                if counted == (len(works),):
                    break
                done.wait(0.01)
            assert counted == (len(works),)
            holder.rollback()
            for each in running:
                each.result()
    finally:
        sa.event.remove(sa.Engine, "handle_error", note)
    return refused


def test_devices_that_share_nothing_never_stand_in_each_others_way(workers: Workers) -> None:
    custodies = []
    for device in strangers(workers, 4):
        made, blobs = record(workers.form, submission())
        batch, now = device.batch(made, blobs=blobs), clock.now()
        manifest = decode(batch.data)
        custodies.append(ledger.Custody(manifest, batch.data, batch.signature, now, SignedReceipt(b"A", b"")))
    settlements = [
        ledger.Settlement(each.manifest, each.name, clock.now(), (), (), SignedReceipt(b"B", b""), 0)
        for each in custodies
    ]
    database, url = workers.database, workers.url
    keeping = [functools.partial(ledger.keep, database, each, lambda _: None) for each in custodies]
    assert in_the_middle(url, keeping) == []
    settling = [functools.partial(ledger.settle, database, each) for each in settlements]
    assert in_the_middle(url, settling) == []
    for each in custodies:
        assert [item.data for item in ledger.receipts_of(database, gateways.OFFICE, each.name)] == [
            b"A",
            b"B",
        ]


def test_many_devices_at_both_workers_are_all_taken_at_once(workers: Workers) -> None:
    def deliver(device: gateways.Device) -> list[int]:
        made = [record(workers.form, submission()) for _ in range(4)]
        return [device.send(device.batch(item, blobs=blobs)).status_code for item, blobs in made]

    devices = strangers(workers, 12)
    with ThreadPoolExecutor(len(devices)) as lane:
        assert list(lane.map(deliver, devices)) == [[201] * 4] * len(devices)
    heads = [device.request("GET", "/head").json() for device in devices]
    assert [(head["batches"], head["sequence"]) for head in heads] == [(4, 4)] * len(devices)


def test_a_device_that_brings_two_codes_at_once_is_let_in_once(workers: Workers) -> None:
    for _ in range(5):
        device = gateways.Device(workers.left.url, workers.left.gateway)
        pair = [device, dataclasses.replace(device, url=workers.right.url)]
        codes = [issue_code(workers.database, gateways.OFFICE, "0" * 16, practice=True) for _ in pair]
        with ThreadPoolExecutor(2) as lane:
            replies = list(lane.map(gateways.Device.enrol, pair, codes))
        assert [reply.status_code for reply in replies] == [200, 200]
        assert sum(each.request("GET", "/head").ok for each in pair) == 1


def test_one_code_that_two_devices_bring_at_once_lets_one_in(workers: Workers) -> None:
    for _ in range(5):
        pair = [gateways.Device(each.url, each.gateway) for each in (workers.left, workers.right)]
        code = issue_code(workers.database, gateways.OFFICE, "0" * 16, practice=True)
        with ThreadPoolExecutor(2) as lane:
            replies = list(lane.map(gateways.Device.enrol, pair, [code, code]))
        assert sorted(reply.ok for reply in replies) == [False, True]
