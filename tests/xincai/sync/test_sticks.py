"""A batch that is too large for one file goes onto a stick in parts, each read back from the stick."""

import os
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from gateway_here import GatewayHere, Office, running

from xincai import clock
from xincai.errors import Problem
from xincai.records import Attachment
from xincai.sync import export_container
from xincai.vault import Vault
from xincai.wire.container import read_container
from xincai.wire.envelope import is_envelope
from xincai_gateway import sticks

LIMIT = 150_000


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatewayHere]:
    """A gateway that is not for practice: what goes to it is enveloped."""
    with running(tmp_path_factory.mktemp("work"), practice=False) as here:
        yield here


@pytest.fixture(params=["open", "enveloped"])
def either(request: pytest.FixtureRequest, new_vault: Callable[[], Vault]) -> Office:
    """An office whose sticks are open (in practice), or enveloped (at work)."""
    place = request.getfixturevalue("gateway" if request.param == "open" else "work")
    return Office.enrolled(new_vault(), place)


def large(office: Office, photos: int = 8, size: int = 40_000) -> str:
    """A batch of one record whose photos, each another, fit into no part together."""
    kept: list[Attachment] = [
        office.vault.add_attachment(b"\xff\xd8" + clock.random_bytes(size), "image/jpeg")
        for _ in range(photos)
    ]
    return office.batch_of(tuple(kept))


def test_one_record_larger_than_a_part_goes_into_several(either: Office, tmp_path: Path) -> None:
    name = large(either)
    paths = export_container(either.vault, name, tmp_path, LIMIT)
    assert [path.name[-9:] for path in paths] == [f"-{n}of{len(paths)}.zip" for n in range(1, len(paths) + 1)]
    assert len(paths) >= 3
    assert all(path.stat().st_size <= LIMIT for path in paths)
    assert {is_envelope(path) for path in paths} == {not either.gateway.gateway.identity.practice}
    assert sorted(path.suffix for path in tmp_path.glob("xincai-*")) == [".pem", *[".zip"] * len(paths)]
    gateway = either.gateway.gateway
    assert sticks.verify(gateway, *paths).manifest == name
    for path in paths[:-1]:
        with pytest.raises(Problem, match=r"gateway\.parts_missing"):
            sticks.take(gateway, tmp_path / "receipts", path)
    sticks.take(gateway, tmp_path / "receipts", paths[-1])
    assert either.deliver().settled == 1
    assert either.there() == 1


def test_a_picture_larger_than_a_part_is_said(either: Office, tmp_path: Path) -> None:
    name = large(either, photos=1, size=LIMIT)
    with pytest.raises(Problem, match=r"wire\.too_large"):
        export_container(either.vault, name, tmp_path, LIMIT)
    assert not list(tmp_path.glob("xincai-*"))
    assert either.vault.batch_states()[name] == "batched"


@pytest.mark.skipif(os.name == "nt", reason="the stick is broken between two calls that Windows lacks")
@pytest.mark.parametrize("place", [100, 60_000, -40])
def test_a_stick_that_does_not_keep_what_is_written_is_found_out(
    either: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    """A byte goes wrong after everything was flushed, as on a stick that claims more than it has."""
    name = large(either)
    flush = os.fsync

    def break_it(descriptor: int) -> None:
        flush(descriptor)
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        if path.suffix == ".part":
            data = bytearray(path.read_bytes())
            data[place] ^= 1
            path.write_bytes(data)

    monkeypatch.setattr(os, "fsync", break_it)
    with pytest.raises(Problem, match=r"sync\.stick_lies"):
        export_container(either.vault, name, tmp_path, LIMIT)
    assert not list(tmp_path.glob("xincai-*"))


def test_memory_stays_flat_however_large_the_batch(either: Office, tmp_path: Path) -> None:
    peaks = []
    for photos in (3, 15):
        name = large(either, photos, 300_000)
        tracemalloc.start()
        (path,) = export_container(either.vault, name, tmp_path)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert path.stat().st_size > photos * 300_000
    assert peaks[1] < peaks[0] + 1_000_000


def test_what_is_readable_never_stands_on_a_disk(
    work: GatewayHere, new_vault: Callable[[], Vault], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every byte that is written on the way onto the stick, and whatever else is made beside it."""
    office, seen = Office.enrolled(new_vault(), work), []
    name = office.batch()
    flush = os.fsync

    def look(descriptor: int) -> None:
        flush(descriptor)
        seen.extend(path.read_bytes() for path in tmp_path.glob("xincai-*"))

    monkeypatch.setattr(os, "fsync", look)
    (path,) = export_container(office.vault, name, tmp_path)
    assert any(path.read_bytes() == data for data in seen)
    assert not [data for data in seen if "王测䶮".encode() in data or b"manifest.json" in data]
    with pytest.raises(Problem, match=r"wire\.bad_container"):
        read_container(path)
