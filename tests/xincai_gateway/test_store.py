"""Where blobs stand: each in one place, whichever way it came, and found while its body is written anew."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gateways import OFFICE
from offices import Office, opened, person
from xincai import clock
from xincai.errors import Problem
from xincai.wire.digest import sm3
from xincai.wire.pack import make_packs
from xincai_gateway import clearing, commit, rights, schema
from xincai_gateway.accesses import Asking
from xincai_gateway.store import Store

ASKING = Asking("admin", "主体来函撤回")
CARD, FIRST, SECOND = b"identity card " * 40, b"first neighbour " * 40, b"second neighbour " * 40
Bring = Callable[[Office], object]


def alone(office: Office) -> None:
    office.gateway.blobs.put(OFFICE, sm3(CARD), CARD)


def packed(office: Office) -> None:
    office.pack(CARD, FIRST)


def packed_again(office: Office) -> None:
    office.pack(CARD, SECOND)


def in_series(office: Office) -> None:
    office.series(CARD, FIRST)


@pytest.mark.parametrize(
    "ways",
    [
        (packed, packed_again),
        (in_series, packed_again),
        (alone, packed),
        (packed, packed, packed_again),
        (alone, in_series, packed_again),
    ],
)
def test_what_came_twice_is_gone_when_it_is_erased(
    tmp_path: Path, db_url: str, ways: tuple[Bring, ...]
) -> None:
    with opened(tmp_path, db_url) as office:
        store = office.gateway.store
        for way in ways:
            way(office)
        assert store.read(OFFICE, [sm3(CARD)]) == {sm3(CARD): CARD}
        store.erase(OFFICE, [sm3(CARD)])
        assert not office.holds(CARD)
        assert store.sizes(OFFICE, [sm3(CARD)]) == {}
        kept = [each for each in (FIRST, SECOND) if sm3(each) in store.sizes(OFFICE, [sm3(each)])]
        assert kept
        assert store.read(OFFICE, [sm3(each) for each in kept]) == {sm3(each): each for each in kept}
        assert office.gateway.database.rows(schema.erasing.select()) == []


def test_a_series_whose_blobs_came_in_a_pack_meanwhile_keeps_the_others(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url) as office:
        store = office.gateway.store
        arriving = store.blobs.arriving(OFFICE, sm3(b"series"))
        arriving.write(CARD + FIRST)
        office.pack(CARD, SECOND)
        store.keep(OFFICE, arriving, [(sm3(CARD), len(CARD)), (sm3(FIRST), len(FIRST))])
        assert store.read(OFFICE, [sm3(FIRST), sm3(CARD)]) == {sm3(FIRST): FIRST, sm3(CARD): CARD}
        store.erase(OFFICE, [sm3(CARD)])
        assert not office.holds(CARD)
        assert office.holds(FIRST)


def test_a_pack_may_come_again_after_all_of_it_was_erased(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url) as office:
        store = office.gateway.store
        office.pack(CARD, FIRST)
        store.erase(OFFICE, [sm3(CARD), sm3(FIRST)])
        office.pack(CARD, FIRST)
        assert store.read(OFFICE, [sm3(CARD), sm3(FIRST)]) == {sm3(CARD): CARD, sm3(FIRST): FIRST}


def test_a_pack_that_comes_again_while_it_is_let_go_of_is_not_lost(
    tmp_path: Path, db_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path, db_url) as office:
        store = office.gateway.store
        pack = office.pack(CARD, FIRST)
        drop = type(store.blobs).drop

        def beside(blobs: object, whose: str, name: str) -> None:
            if name == pack:
                with pytest.raises(Problem, match="database_busy"):
                    office.pack(CARD, FIRST)
            drop(store.blobs, whose, name)

        monkeypatch.setattr(type(store.blobs), "drop", beside)
        store.erase(OFFICE, [sm3(CARD), sm3(FIRST)])
        monkeypatch.undo()
        office.pack(CARD, FIRST)
        assert store.read(OFFICE, [sm3(CARD)]) == {sm3(CARD): CARD}


def test_a_pack_whose_old_file_goes_under_its_feet_is_written_again(
    tmp_path: Path, db_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path, db_url) as office:
        store = office.gateway.store
        ((data, _),) = make_packs([CARD, FIRST])
        store.blobs.put(OFFICE, sm3(data), data)  # left behind, and about to be dropped
        add = Store._add

        def beside(*given: object) -> bool:
            store.blobs.drop(OFFICE, sm3(data))
            return add(*given)  # type: ignore[arg-type]

        monkeypatch.setattr(Store, "_add", beside)
        store.unpack(OFFICE, sm3(data), data)
        store._opened = ("", "", b"")
        assert store.read(OFFICE, [sm3(CARD)]) == {sm3(CARD): CARD}


def test_what_is_left_of_a_pack_is_compressed_again(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url) as office:
        blobs = [f"answers of household {n} ".encode() * 50 for n in range(40)]
        office.pack(*blobs)
        office.gateway.store.erase(OFFICE, [sm3(blobs[0])])
        (path,) = (each for each in (tmp_path / "data" / "blobs").rglob("*") if each.is_file())
        assert path.stat().st_size < sum(map(len, blobs)) / 5
        assert office.gateway.store.read(OFFICE, [sm3(blobs[39])]) == {sm3(blobs[39]): blobs[39]}


def test_a_blob_is_read_while_its_body_is_written_anew(
    tmp_path: Path, db_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path, db_url) as office:
        store = office.gateway.store
        office.pack(CARD, FIRST)
        store._opened = ("", "", b"")
        real = Store._read

        def late(self: Store, *given: object) -> object:
            monkeypatch.setattr(Store, "_read", real)
            self.erase(OFFICE, [sm3(CARD)])  # between the look for the place and the reading
            return real(self, *given)  # type: ignore[arg-type]

        monkeypatch.setattr(Store, "_read", late)
        assert store.read(OFFICE, [sm3(FIRST)]) == {sm3(FIRST): FIRST}
        with pytest.raises(Problem, match="blob_unknown"):
            store.read(OFFICE, [sm3(CARD)])


def test_a_damaged_pack_is_told_as_damage(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url) as office:
        pack = office.pack(CARD, FIRST)
        office.gateway.store._opened = ("", "", b"")
        path = tmp_path / "data" / "blobs" / OFFICE / pack[:2] / pack
        path.write_bytes(path.read_bytes()[:-9] + bytes(9))
        with pytest.raises(Problem, match="blob_damaged"):
            office.gateway.store.read(OFFICE, [sm3(CARD)])


def test_a_withdrawal_beside_a_small_batch_that_shares_its_pack_loses_no_outcome(
    tmp_path: Path, db_url: str
) -> None:
    with opened(tmp_path, db_url) as office:
        gateway = office.gateway
        made = [office._record(dict(person(number)), {}) for number in range(1, 13)]
        office.pack(*(data for _, files in made for data in files.values()))
        batches = [office.device.batch(each, blobs={}) for each, _ in made]
        for batch in batches[::2]:
            commit.take(gateway, batch.data, batch.signature)

        def withdraw(number: int) -> int:
            return rights.withdraw(gateway, person(number)["code"], ASKING)

        def take(batch: object) -> int:
            return len(commit.take(gateway, batch.data, batch.signature).receipts)  # type: ignore[attr-defined]

        with ThreadPoolExecutor(2) as lane:
            gone = lane.submit(lambda: [withdraw(number) for number in range(1, 13, 2)])
            taken = lane.submit(lambda: [take(batch) for batch in batches[1::2]])
            assert (gone.result(), taken.result()) == ([1] * 6, [2] * 6)
        for number in range(1, 13):
            assert office.holds(person(number)["code"].encode()) == (number % 2 == 0)


def test_packs_that_share_blobs_come_at_once_and_each_blob_stands_once(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url) as office:
        common = [clock.new_id().encode() * 9 for _ in range(20)]
        own = [f"own {n} ".encode() * 30 for n in range(6)]
        with ThreadPoolExecutor(6) as lane:
            list(lane.map(lambda each: office.pack(*common, each), own))
        store, every = office.gateway.store, [*common, *own]
        rows = office.gateway.database.rows(schema.packed.select())
        assert sorted(row["sm3"] for row in rows) == sorted(map(sm3, every))
        bodies = {path.name for path in (tmp_path / "data" / "blobs").rglob("*") if path.is_file()}
        assert bodies == {row["body"] for row in rows}
        store.erase(OFFICE, [sm3(each) for each in common])
        assert not any(map(office.holds, common))
        assert store.read(OFFICE, [sm3(each) for each in own]) == {sm3(each): each for each in own}
        assert clearing.erase(office.gateway) == 0
