"""What nobody needs leaves the store in time, what anybody needs stays; a kill leaves nothing behind."""

import contextlib
import dataclasses
import datetime
import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from gateways import OFFICE
from offices import Office, opened, person
from postgres import Postgres
from xincai import clock
from xincai.errors import Problem
from xincai.wire.digest import sm3
from xincai_gateway import clearing, commit, judging, rights, schema
from xincai_gateway.accesses import Asking
from xincai_gateway.blobs import Blobs
from xincai_gateway.clearing import KEPT
from xincai_gateway.gateway import Gateway

ASKING = Asking("admin", "主体来函撤回")
CODE = person(1)["code"]


@contextmanager
def later(more: datetime.timedelta = datetime.timedelta(hours=1)) -> Iterator[None]:
    """So long after all that was kept is old."""
    with clock.fixed(clock.now() + KEPT + more):
        yield


def stored(folder: Path) -> int:
    return len([path for path in (folder / "data" / "blobs").rglob("*") if path.is_file()])


def test_what_nobody_refers_to_goes_after_its_time_and_no_sooner(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url) as office:
        gateway, store = office.gateway, office.gateway.store
        made = office._record(dict(person(1)), {})
        office.pack(b"never delivered " * 9, *made[1].values())
        office.pack(b"of a batch that was refused " * 9)
        office.series(b"large " * 9, b"larger " * 9)
        gateway.blobs.put(OFFICE, sm3(b"by itself"), b"by itself")
        commit.take(gateway, (batch := office.device.batch(made[0], blobs={})).data, batch.signature)
        assert clearing.sweep(gateway) == 0
        with later(-datetime.timedelta(hours=1)):
            assert clearing.sweep(gateway) == 0
        with later():
            assert clearing.sweep(gateway) == 5
            assert clearing.sweep(gateway) == 0
        assert stored(tmp_path) == 1
        assert store.read(OFFICE, list(made[1])) == made[1]
        for gone in (b"never delivered", b"refused", b"large", b"by itself"):
            assert not office.holds(gone)
        assert gateway.database.rows(schema.erasing.select()) == []


def test_what_is_accepted_or_waits_to_be_judged_stays_for_ever(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url) as office:
        office.files = {"a.jpg": b"field " * 99}
        office.deliver(person(1, photo="a.jpg"))
        office.keep(office._record(dict(person(2)), {}))
        before = stored(tmp_path)
        with later(datetime.timedelta(days=3000)):
            assert clearing.sweep(office.gateway) == 0
        assert stored(tmp_path) == before
        judging.settle_open(office.gateway)
        assert len(office.gateway.database.rows(schema.records.select())) == 2


def test_what_was_returned_goes_after_its_time_with_all_that_is_said_of_it(
    tmp_path: Path, db_url: str
) -> None:
    with opened(tmp_path, db_url) as office:
        office.deliver(person(1, area="-1"), person(2))
        assert clearing.sweep(office.gateway) == 0
        assert len(rights.report(office.gateway, CODE, ASKING).held) == 1
        with later():
            assert clearing.sweep(office.gateway) == 1
        assert not office.holds(CODE.encode())
        assert office.gateway.database.rows(schema.returned.select()) == []
        assert office.holds(person(2)["code"].encode())


def test_what_was_returned_goes_in_time_though_its_body_was_written_anew_lately(
    tmp_path: Path, db_url: str
) -> None:
    with opened(tmp_path, db_url) as office:
        packed(office)
        judging.settle_open(office.gateway)
        office.deliver(person(3, area="-1"))
        with later():
            rights.withdraw(office.gateway, person(2)["code"], ASKING)
            for path in (tmp_path / "data" / "blobs").rglob("*"):
                os.utime(path, (clock.now().timestamp(),) * 2)  # as if they had just come
            assert clearing.sweep(office.gateway) == 2
        assert not office.holds(b"<area>-1</area>")
        assert len(rights.report(office.gateway, CODE, ASKING).held) == 2


def test_manifests_of_batches_that_are_here_do_not_have_their_packs_written_anew(
    tmp_path: Path, db_url: str
) -> None:
    with opened(tmp_path, db_url) as office:
        made = office._record(dict(person(1)), {})
        batch = office.device.batch(made[0], blobs=made[1])
        pack = office.pack(*made[1].values(), batch.data)
        commit.take(office.gateway, batch.data, batch.signature)
        with later():
            assert clearing.sweep(office.gateway) == 0
        assert office.gateway.blobs.size(OFFICE, pack) is not None


def test_a_batch_that_comes_while_its_files_are_swept_is_asked_for_them_again(
    tmp_path: Path, db_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path, db_url) as office:
        gateway = office.gateway
        made = office._record(dict(person(1)), {})
        office.pack(*made[1].values(), b"something else " * 9)
        batch = office.device.batch(made[0], blobs=made[1])
        real = type(gateway.store).erase

        def beside(store: object, whose: str, digests: set[str]) -> None:
            with pytest.raises(commit.BlobsMissing):
                commit.take(gateway, batch.data, batch.signature)
            real(gateway.store, whose, digests)

        monkeypatch.setattr(type(gateway.store), "erase", beside)
        with later():
            assert clearing.sweep(gateway) == 2
        monkeypatch.undo()
        office.pack(*made[1].values(), b"something else " * 9)
        assert len(commit.take(gateway, batch.data, batch.signature).receipts) == 2


def test_a_batch_that_came_before_they_are_swept_keeps_its_files(
    tmp_path: Path, db_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path, db_url) as office:
        gateway = office.gateway
        made = office._record(dict(person(1)), {})
        office.pack(*made[1].values(), b"something else " * 9)
        batch = office.device.batch(made[0], blobs=made[1])

        def take_first(*given: object, **named: object) -> bool:
            monkeypatch.undo()
            commit.take(gateway, batch.data, batch.signature)
            return True

        monkeypatch.setattr(clearing, "_free", take_first)  # the look before the lock
        with later():
            assert clearing.sweep(gateway) == 1, "the other blob of the pack"
        assert gateway.store.read(OFFICE, list(made[1])) == made[1]
        assert len(gateway.database.rows(schema.records.select())) == 1


def test_a_body_in_which_others_stand_is_never_dropped_by_its_name(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url) as office:
        gateway = office.gateway
        made = office._record(dict(person(1)), {})
        pack = office.pack(*made[1].values())
        batch = office.device.batch(made[0], blobs=made[1])
        commit.take(gateway, batch.data, batch.signature)
        wanted = schema.erasing.insert().values(office=OFFICE, sm3=pack)
        gateway.database.write(lambda connection: connection.execute(wanted))
        assert clearing.erase(gateway) == 0
        assert gateway.store.read(OFFICE, list(made[1])) == made[1]
        assert gateway.database.rows(schema.erasing.select()) == []


def test_an_erasure_that_was_cut_short_is_finished_by_who_judges(
    tmp_path: Path, db_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path, db_url) as office:
        office.deliver(person(1))
        with monkeypatch.context() as patch:
            patch.setattr(type(office.gateway.blobs), "drop", _cut)
            with pytest.raises(KeyboardInterrupt):
                rights.withdraw(office.gateway, CODE, ASKING)
        assert office.holds(CODE.encode())
        judging.settle_open(office.gateway)
        assert not office.holds(CODE.encode())


def _cut(*_: object) -> None:
    raise KeyboardInterrupt


def dies(gateway: Gateway, step: int) -> bool:
    """Withdraw in a child that is killed as it is about to change something for good, the database or a file,
    for the given time; whether it came so far.
    """
    gateway.close()
    child = os.fork()
    if child == 0:
        calls, drop = 0, type(gateway.blobs).drop

        def count(*_: object) -> None:
            nonlocal calls
            calls += 1
            if calls == step:
                os.kill(os.getpid(), signal.SIGKILL)

        def drops(blobs: Blobs, office: str, name: str) -> None:
            count()
            drop(blobs, office, name)

        type(gateway.blobs).drop = drops  # type: ignore[assignment]
        try:
            sa.event.listen(gateway.database._engine, "commit", count)
            rights.withdraw(gateway, CODE, ASKING)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def packed(office: Office) -> dict[str, bytes]:
    """One pack with an accepted, a returned and a waiting record of the subject, and one of a neighbour."""
    filled = (person(1), person(1, area="-1"), person(1, note="尚未处理"), person(2))
    made = [office._record(dict(answers), {}) for answers in filled]
    office.pack(*(data for _, files in made for data in files.values()))
    for each, _ in (*made[:2], made[3]):
        batch = office.device.batch(each, blobs={})
        commit.take(office.gateway, batch.data, batch.signature)
    office.keep(made[2])
    return made[3][1]


@pytest.mark.skipif(sys.platform == "win32", reason="a process is forked and killed")
def test_killed_at_any_moment_a_withdrawal_ends_with_nothing_of_the_subject(
    tmp_path: Path, db_url: str
) -> None:
    steps, killed = 0, True
    with opened(tmp_path, db_url) as office:
        while killed:
            steps += 1
            neighbours = packed(office)
            killed = dies(office.gateway, steps)
            with contextlib.suppress(Problem):  # when all was deleted before it was killed
                rights.withdraw(office.gateway, CODE, ASKING)
            judging.settle_open(office.gateway)
            assert not office.holds(CODE.encode()), steps
            assert office.gateway.database.rows(schema.erasing.select()) == []
            assert office.gateway.store.read(OFFICE, list(neighbours)) == neighbours
            for table in (schema.records, schema.returned):
                query = sa.select(table).where(table.c.subject_code == CODE)
                assert office.gateway.database.rows(query) == []
    assert steps > 10


def test_withdrawals_at_two_machines_at_once_leave_nothing_behind_and_lose_nothing(
    tmp_path: Path, pg: Postgres
) -> None:
    with opened(tmp_path, pg.database()) as office:
        here = office.gateway.settings
        other = tmp_path / "other"
        other.mkdir()
        for name in ("identity.json", "blobs.key", "forms"):
            (other / name).symlink_to(here.folder / name)
        (other / "blobs").symlink_to(here.folder / "blobs")
        there = Gateway.open(dataclasses.replace(here, folder=other))
        made = [office._record(dict(person(number)), {}) for number in range(1, 25)]
        office.pack(*(data for _, files in made for data in files.values()))
        batch = office.device.batch(*(each for each, _ in made), blobs={})
        commit.take(office.gateway, batch.data, batch.signature)

        def all_of(gateway: Gateway, numbers: range) -> list[int]:
            return [rights.withdraw(gateway, person(number)["code"], ASKING) for number in numbers]

        with ThreadPoolExecutor(2) as lane:
            first = lane.submit(all_of, office.gateway, range(1, 21, 2))
            second = lane.submit(all_of, there, range(2, 21, 2))
            assert first.result() == second.result() == [1] * 10
        there.close()
        left = {digest: data for _, files in made[20:] for digest, data in files.items()}
        assert office.gateway.store.read(OFFICE, list(left)) == left
        for number in range(1, 21):
            assert not office.holds(person(number)["code"].encode())
        assert office.gateway.database.rows(schema.erasing.select()) == []


def test_a_sweep_beside_deliveries_takes_nothing_that_is_needed(tmp_path: Path, pg: Postgres) -> None:
    with opened(tmp_path, pg.database()) as office:
        gateway = office.gateway
        made = [office._record(dict(person(number)), {}) for number in range(1, 25)]
        for n in range(0, 24, 6):
            office.pack(*(data for _, files in made[n : n + 6] for data in files.values()))
        batches = [office.device.batch(each, blobs=files) for each, files in made]

        def deliver() -> None:
            for batch in batches:
                while True:
                    try:
                        commit.take(gateway, batch.data, batch.signature)
                        break
                    except commit.BlobsMissing as told:
                        with contextlib.suppress(Problem):  # busy: the pack is just being erased
                            office.pack(*(batch.blobs[digest] for digest in told.missing))

        def sweep() -> None:
            for _ in range(4):
                clearing.sweep(gateway)

        with ThreadPoolExecutor(2) as lane, later():
            sweeping, delivering = lane.submit(sweep), lane.submit(deliver)
            sweeping.result()
            delivering.result()
        rows = gateway.database.rows(schema.records.select())
        assert len(rows) == 24
        wanted = {digest: data for _, files in made for digest, data in files.items()}
        assert gateway.store.read(OFFICE, list(wanted)) == wanted
