"""Two gateway processes over one PostgreSQL and one folder are one gateway."""

import dataclasses
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

import gateways
from gateways import record
from postgres import Postgres
from xincai import clock
from xincai.wire.digest import sm3
from xincai_gateway import schema
from xincai_gateway.database import Database
from xincai_gateway.enrol import issue_code

Forms = tuple[Path, tuple[str, str, str]]


@dataclasses.dataclass
class Workers:
    """Two workers, a device that speaks to the first, and the same device speaking to the second."""

    left: gateways.Device
    right: gateways.Device
    database: Database
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
) -> Iterator[tuple[gateways.Running, gateways.Running, Database]]:
    folder, url = tmp_path_factory.mktemp("county"), pg.database()

    def launch(_: int) -> gateways.Running:
        return gateways.launch(folder, forms[0], url)

    with ThreadPoolExecutor(2) as lane:
        left, right = lane.map(launch, range(2))
    database = Database.open(folder, url)
    yield left, right, database
    database.close()
    assert [left.stop(), right.stop()] == [0, 0]


@pytest.fixture
def workers(started: tuple[gateways.Running, gateways.Running, Database], forms: Forms) -> Workers:
    left, right, database = started
    assert left.ready["gateway"] == right.ready["gateway"]
    device = gateways.Device(left.url, left.ready["gateway"])
    assert device.enrol(issue_code(database, gateways.OFFICE, "0" * 16, practice=True)).ok
    return Workers(device, dataclasses.replace(device, url=right.url), database, forms[1])


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
