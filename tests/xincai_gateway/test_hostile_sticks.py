"""Hostile sticks: refused by the real importer before anything is kept, in little time and memory."""

import random
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import bundles
from archives import File, crowd, sins, zipped
from xincai.errors import Problem
from xincai_gateway import clearing, commit, sticks
from xincai_gateway.store import want_erased

MOST_MEMORY = 24 * 1024 * 1024
MOST_SECONDS = 3.0


@pytest.fixture(scope="module")
def yard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[bundles.Yard]:
    with bundles.yard(tmp_path_factory.mktemp("hostile")) as place:
        yield place


def files(yard: bundles.Yard) -> list[File]:
    """A good container's entries: what stands in them is genuine."""
    return bundles.files_of(bundles.contained(yard.batch(random.Random(3), yard.devices[0])))


def kept(yard: bundles.Yard) -> dict[str, int]:
    """Every file of the gateway but its database."""
    folder = yard.folder / "gateway"
    names = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("platform"))
    return {str(path.relative_to(folder)): path.stat().st_size for path in names}


def refused(yard: bundles.Yard, *paths: Path, code: str = "wire.") -> None:
    """The importer says no, with a few megabytes, at once, and nothing is there that was not before."""

    def take() -> None:
        with pytest.raises(Problem) as refusal:
            sticks.take(yard.gateway, yard.folder / "receipts.json", *paths)
        assert refusal.value.code.startswith(code)

    before, began = kept(yard), time.process_time()
    take()
    assert time.process_time() - began < MOST_SECONDS
    tracemalloc.start()
    take()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < MOST_MEMORY
    assert kept(yard) == before
    assert not (yard.folder / "receipts.json").exists()


@pytest.mark.parametrize("sealed", [False, True], ids=["open", "enveloped"])
@pytest.mark.parametrize("sin", sins())
def test_an_archive_with_one_thing_wrong_is_refused(yard: bundles.Yard, sin: str, sealed: bool) -> None:
    data = sins()[sin](files(yard))
    path = yard.folder / "stick.zip"
    path.write_bytes(yard.sealed(data) if sealed else data)
    refused(yard, path)


def _million(path: Path) -> None:
    """A million entries, all with a name that is no name here."""
    path.write_bytes(crowd(b"n%06d" % number for number in range(1_000_000)))


def _crowd(path: Path) -> None:
    """More entries than there may be, each with a good name."""
    path.write_bytes(crowd(b"blobs/%064x" % number for number in range(11_000)))


def _vast(path: Path) -> None:
    """A file larger than any bundle, that costs a disk nothing."""
    path.write_bytes(zipped([File(b"manifest.json", b"{}")]))
    with path.open("r+b") as file:
        file.truncate(3 * 1024**3)


def _long_list(path: Path) -> None:
    """A manifest over its cap."""
    path.write_bytes(zipped([File(b"manifest.json", b"[" * 8_400_000)]))


def _deep_list(path: Path) -> None:
    """A manifest within its cap that would bring a careless reader down."""
    path.write_bytes(zipped([File(b"manifest.json", b"[" * 8_000_000)]))


def _large_blob(path: Path) -> None:
    """A blob over its cap, in a file with a hole."""
    head = zipped([File(b"manifest.json", b"{}")])[:45]
    name = b"blobs/" + b"0" * 64
    size = 64 * 1024 * 1024 + 1
    path.write_bytes(head + zipped([File(name, b"", size=size)])[: 30 + len(name)])
    with path.open("r+b") as file:
        file.truncate(len(head) + 30 + len(name) + size)


def _large_letter(path: Path) -> None:
    """An envelope whose letter is over its cap."""
    path.write_bytes(zipped([File(b"content.sm4", b"x" * 16), File(b"envelope.json", b" " * 5_000)]))


@pytest.mark.parametrize(
    "make", [_million, _crowd, _vast, _long_list, _deep_list, _large_blob, _large_letter]
)
def test_a_flood_costs_neither_time_nor_memory(
    yard: bundles.Yard, tmp_path: Path, make: Callable[[Path], None]
) -> None:
    make(tmp_path / "flood.zip")
    refused(yard, tmp_path / "flood.zip")


def test_what_is_no_file_is_refused(yard: bundles.Yard, tmp_path: Path) -> None:
    (tmp_path / "folder.zip").mkdir()
    (tmp_path / "loop.zip").symlink_to(tmp_path / "loop.zip")
    for name in ("folder.zip", "loop.zip", "nowhere.zip"):
        refused(yard, tmp_path / name)


def test_one_bad_part_keeps_the_good_ones_out(yard: bundles.Yard, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
    made = files(yard)
    good.write_bytes(zipped(made[:3]))
    bad.write_bytes(zipped([*made[:2], replace(made[-1], data=b"changed")]))
    refused(yard, good, bad)


def test_a_stranger_and_a_batch_for_elsewhere_bring_nothing_in(yard: bundles.Yard, tmp_path: Path) -> None:
    chance = random.Random(4)
    stranger = yard.batch(chance, yard.stranger)
    elsewhere = yard.batch(chance, replace(yard.devices[0], gateway="gateway-elsewhere"))
    for name, batch in (("stranger", stranger), ("elsewhere", elsewhere)):
        path = tmp_path / f"{name}.zip"
        path.write_bytes(bundles.contained(batch))
        refused(yard, path, code="gateway.")


def test_parts_that_come_one_after_the_other_are_one_batch(yard: bundles.Yard, tmp_path: Path) -> None:
    batch = yard.batch(random.Random(3), yard.devices[1])
    parts = sorted(batch.blobs)
    assert len(parts) > 1
    paths = []
    for number, digest in enumerate(parts):
        paths.append(tmp_path / f"{number}.zip")
        paths[-1].write_bytes(yard.sealed(bundles.contained(batch, (digest,))))
    receipts = tmp_path / "receipts.json"
    for path in paths[:-1]:
        with pytest.raises(Problem, match=r"gateway\.parts_missing"):
            sticks.verify(yard.gateway, path)
        with pytest.raises(Problem, match=r"gateway\.parts_missing"):
            sticks.take(yard.gateway, receipts, path)
    assert not receipts.exists()
    assert sticks.take(yard.gateway, receipts, paths[-1]).manifest == batch.name
    assert sticks.verify(yard.gateway, *reversed(paths)).blobs == len(parts)
    assert not commit.take(yard.gateway, batch.data, batch.signature).fresh


def test_a_file_that_a_withdrawal_erases_meanwhile_is_told_as_missing(
    yard: bundles.Yard, tmp_path: Path
) -> None:
    batch = yard.batch(random.Random(5), yard.devices[0])
    path, receipts = tmp_path / "stick.zip", tmp_path / "receipts.json"
    path.write_bytes(yard.sealed(bundles.contained(batch)))
    office, digest = yard.devices[0].office, min(batch.blobs)
    yard.gateway.database.write(lambda connection: want_erased(connection, office, [digest]))
    with pytest.raises(Problem, match=r"gateway\.blobs_missing"):
        sticks.take(yard.gateway, receipts, path)
    assert not receipts.exists()
    clearing.erase(yard.gateway)
    assert sticks.take(yard.gateway, receipts, path).manifest == batch.name
