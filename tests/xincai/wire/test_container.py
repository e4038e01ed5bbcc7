import dataclasses
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from wire_samples import DEVICE, ED_DEVICE, PHOTO, SUBMISSION, manifest

from archives import File, crowd, sins, zipped
from xincai.errors import Problem
from xincai.wire.archive import archived
from xincai.wire.container import container_pieces, container_size, read_container, shares
from xincai.wire.digest import sm3
from xincai.wire.manifest import NamedBlob, encode, verify_manifest
from xincai.wire.suites import PrivateKey

DATA = encode(manifest())
SIGNATURE = DEVICE.sign(DATA)
SIGNATURES = {DEVICE.public.key_id: SIGNATURE}
BLOBS = {sm3(SUBMISSION): SUBMISSION, sm3(PHOTO): PHOTO}
NAMES = [
    "manifest.json",
    f"manifest.{DEVICE.public.key_id}.sm2",
    *sorted(f"blobs/{name}" for name in BLOBS),
]


def _written(share: tuple[str, ...] = tuple(BLOBS), blobs: dict[str, bytes] = BLOBS) -> bytes:
    return b"".join(container_pieces(DATA, SIGNATURES, share, blobs.__getitem__))


def _good() -> list[File]:
    with zipfile.ZipFile(io.BytesIO(_written())) as archive:
        return [File(name.encode(), archive.read(name)) for name in archive.namelist()]


def _refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(data)
    with pytest.raises(Problem, match=r"wire\."):
        read_container(path)
    assert [item.name for item in tmp_path.iterdir()] == ["bundle.zip"]


def test_a_container_comes_back_whole(tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(_written())
    container = read_container(path)
    signature = container.signatures[DEVICE.public.key_id]
    assert verify_manifest(container.manifest_bytes, signature, DEVICE.public) == manifest()
    assert container.blob(sm3(PHOTO)) == PHOTO
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == NAMES


def test_the_same_batch_gives_the_same_bytes() -> None:
    assert _written() == _written(tuple(BLOBS)[::-1]) == _written((*BLOBS, *BLOBS))


def test_the_size_of_a_container_is_known_before_it_is_written() -> None:
    for share in (tuple(BLOBS), tuple(BLOBS)[:1]):
        assert container_size(DATA, SIGNATURES, share) == len(_written(share))


def test_stock_tools_read_a_container(tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(_written())
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert [info.external_attr >> 16 for info in archive.infolist()] == [0o100644] * 4


def test_a_batch_that_is_too_large_for_one_file_goes_into_parts(tmp_path: Path) -> None:
    pictures = {sm3(data): data for data in (bytes([n]) * 3_000 for n in range(10))}
    named = tuple(NamedBlob(f"{n}.jpg", name, 3_000) for n, name in enumerate(pictures))
    (record,) = manifest().records
    data = encode(manifest(records=(dataclasses.replace(record, attachments=named),)))
    blobs = {sm3(SUBMISSION): SUBMISSION, **pictures}
    parts = shares(data, limit=10_000)
    assert len(parts) > 3
    assert sorted(name for share in parts for name in share) == sorted(blobs)
    left = set(blobs)
    for number, share in enumerate(parts):
        path = tmp_path / f"{number}.zip"
        path.write_bytes(b"".join(container_pieces(data, {}, share, blobs.__getitem__)))
        assert path.stat().st_size <= 10_000
        container = read_container(path)
        assert container.missing == blobs.keys() - set(share)
        left &= container.missing
    assert not left
    assert shares(data) == (tuple(sorted(blobs)),)
    with pytest.raises(Problem, match=r"wire\.too_large"):
        shares(data, limit=4_000)


def test_an_ed25519_signature_has_its_own_name(tmp_path: Path) -> None:
    key: PrivateKey = ED_DEVICE
    data = encode(manifest(key))
    with (tmp_path / "bundle.zip").open("wb") as file:
        signatures = {key.public.key_id: key.sign(data)}
        file.writelines(container_pieces(data, signatures, tuple(BLOBS), BLOBS.__getitem__))
    signatures = read_container(tmp_path / "bundle.zip").signatures
    verify_manifest(data, signatures[key.public.key_id], key.public)


@pytest.mark.parametrize(
    ("share", "blobs"),
    [
        (tuple(BLOBS), {**BLOBS, sm3(PHOTO): b"x"}),
        (tuple(BLOBS), {**BLOBS, sm3(PHOTO): PHOTO[::-1]}),
        ((*BLOBS, sm3(b"x")), {**BLOBS, sm3(b"x"): b"x"}),
    ],
    ids=["shorter", "changed", "foreign"],
)
def test_only_the_manifests_own_blobs_are_written(share: tuple[str, ...], blobs: dict[str, bytes]) -> None:
    with pytest.raises(Problem, match=r"wire\.bad_container"):
        _written(share, blobs)


def test_an_archive_made_by_hand_is_the_same() -> None:
    assert zipped(_good()) == _written()


def test_a_crowd_made_by_hand_is_an_archive() -> None:
    made = crowd(b"blobs/%064x" % number for number in range(3))
    assert made == b"".join(archived((f"blobs/{number:064x}", b"") for number in range(3)))


@pytest.mark.parametrize("sin", sins())
def test_an_archive_with_one_thing_wrong_is_refused(tmp_path: Path, sin: str) -> None:
    data = sins()[sin](_good())
    if sin == "no signature":
        (tmp_path / "bundle.zip").write_bytes(data)
        assert not read_container(tmp_path / "bundle.zip").signatures
    else:
        _refused(tmp_path, data)


def test_signatures_are_few_in_order_and_of_the_manifests_suite(tmp_path: Path) -> None:
    manifest_file, signature, *blobs = _good()
    others = [replace(signature, name=f"manifest.{n:016x}.sm2".encode()) for n in range(9)]
    for signatures in (others, others[1::-1], [replace(signature, name=b"manifest.%016x.ed25519" % 1)]):
        _refused(tmp_path, zipped([manifest_file, *signatures, *blobs]))
    (tmp_path / "bundle.zip").write_bytes(zipped([manifest_file, *others[:8], *blobs]))
    assert len(read_container(tmp_path / "bundle.zip").signatures) == 8


def test_a_cut_or_flipped_container_is_never_read_as_another(tmp_path: Path) -> None:
    whole = _written()
    path = tmp_path / "bundle.zip"
    path.write_bytes(whole)
    good = read_container(path)
    for length in range(0, len(whole), 37):
        _refused(tmp_path, whole[:length])
    for place in range(0, len(whole), 7):
        data = bytearray(whole)
        data[place] ^= 1
        path.write_bytes(data)
        try:
            read = read_container(path)
        except Problem:
            continue
        try:
            verify_manifest(read.manifest_bytes, read.signatures[DEVICE.public.key_id], DEVICE.public)
        except (Problem, KeyError):
            continue
        assert (read.manifest_bytes, read.blobs) == (good.manifest_bytes, good.blobs)


def test_a_file_that_is_no_container_is_refused(tmp_path: Path) -> None:
    _refused(tmp_path, b"")
    _refused(tmp_path, b"PK\x03\x04" + bytes(100))
    with pytest.raises(Problem, match=r"wire\.no_container") as told:
        read_container(tmp_path / "nowhere.zip")
    assert told.value.facts == {"file": "nowhere.zip"}
