import io
import struct
import zipfile
from pathlib import Path

import pytest
from wire_samples import DEVICE, ED_DEVICE, PHOTO, SUBMISSION, manifest

from xincai.errors import Problem
from xincai.wire.container import read_container, write_container
from xincai.wire.digest import sm3
from xincai.wire.manifest import encode, verify_manifest
from xincai.wire.suites import PrivateKey

DATA = encode(manifest())
SIGNATURE = DEVICE.sign(DATA)
BLOBS = ((sm3(SUBMISSION), SUBMISSION), (sm3(PHOTO), PHOTO))
NAMES = [
    "manifest.json",
    f"manifest.{DEVICE.public.key_id}.sm2",
    *sorted(f"blobs/{name}" for name, _ in BLOBS),
]


def _written(blobs: tuple[tuple[str, bytes], ...] = BLOBS) -> bytes:
    file = io.BytesIO()
    write_container(file, DATA, {DEVICE.public.key_id: SIGNATURE}, blobs)
    return file.getvalue()


def _zip(entries: list[tuple[str | zipfile.ZipInfo, bytes]], method: int = zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return file.getvalue()


def _good() -> list[tuple[str | zipfile.ZipInfo, bytes]]:
    with zipfile.ZipFile(io.BytesIO(_written())) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


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
    assert _written() == _written(BLOBS[::-1])


def test_an_ed25519_signature_has_its_own_name(tmp_path: Path) -> None:
    key: PrivateKey = ED_DEVICE
    data = encode(manifest(key))
    with (tmp_path / "bundle.zip").open("wb") as file:
        write_container(file, data, {key.public.key_id: key.sign(data)}, BLOBS)
    signatures = read_container(tmp_path / "bundle.zip").signatures
    verify_manifest(data, signatures[key.public.key_id], key.public)


@pytest.mark.parametrize(
    "blobs",
    [BLOBS[:1], (*BLOBS, BLOBS[0]), (*BLOBS, (sm3(b"x"), b"x")), ((BLOBS[0][0], b"x"),)],
    ids=["missing", "twice", "foreign", "changed"],
)
def test_only_the_manifests_own_blobs_are_written(blobs: tuple[tuple[str, bytes], ...]) -> None:
    with pytest.raises(Problem, match=r"wire\.bad_container"):
        _written(blobs)


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "/etc/passwd",
        "C:\\x",
        "..\\evil",
        "blobs/../../x",
        "blobs/" + "A" * 64,
        "blobs/" + "a" * 63,
        "blobs/",
        "Manifest.json",
        "manifest.json ",
        "CON",
        "blobs/" + "a" * 64 + "\u202egpj.exe",
        "x" * 5000,
    ],
    ids=range(13),
)
def test_a_name_that_has_no_place_is_refused(tmp_path: Path, name: str) -> None:
    _refused(tmp_path, _zip([*_good(), (name, b"x")]))


def test_a_hidden_null_in_a_name_is_refused(tmp_path: Path) -> None:
    digest = sm3(PHOTO)
    data = _written().replace(f"blobs/{digest}".encode(), f"blobs/{digest[:-1]}".encode() + b"\0")
    _refused(tmp_path, data)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_twice_is_refused(tmp_path: Path) -> None:
    for entry in _good():
        _refused(tmp_path, _zip([*_good(), entry]))


def test_compression_is_refused_before_anything_inflates(tmp_path: Path) -> None:
    _refused(tmp_path, _zip(_good(), zipfile.ZIP_DEFLATED))
    _refused(tmp_path, _zip([*_good()[:3], (_good()[3][0], bytes(50_000_000))], zipfile.ZIP_DEFLATED))


def test_links_and_folders_are_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo(str(_good()[3][0]))
    link.create_system, link.external_attr = 3, 0o120777 << 16
    _refused(tmp_path, _zip([*_good()[:3], (link, _good()[3][1])]))


def test_missing_changed_and_foreign_blobs_are_refused(tmp_path: Path) -> None:
    good = _good()
    changed = [*good[:3], (good[3][0], b"changed bytes")]
    for entries in (good[:3], good[1:], changed, [*good, ("blobs/" + sm3(b"x"), b"x")]):
        _refused(tmp_path, _zip(entries))


def test_entries_that_share_bytes_are_refused(tmp_path: Path) -> None:
    """The overlap bomb: two directory entries that point at one body."""
    data = bytearray(_written())
    directory = data.index(b"PK\x01\x02")
    second = data.index(b"PK\x01\x02", directory + 4)
    offset = struct.unpack_from("<I", data, directory + 42)[0]
    struct.pack_into("<I", data, second + 42, offset)
    _refused(tmp_path, bytes(data))


def test_lies_about_size_are_refused(tmp_path: Path) -> None:
    for size in (0, 1, 2**31, 2**32 - 1):
        data = bytearray(_written())
        directory = data.index(b"PK\x01\x02")
        struct.pack_into("<II", data, directory + 20, size, size)
        _refused(tmp_path, bytes(data))


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
        assert (read.manifest_bytes, read.blobs) == (good.manifest_bytes, good.blobs)


def test_a_file_that_is_no_container_is_refused(tmp_path: Path) -> None:
    _refused(tmp_path, b"")
    _refused(tmp_path, b"PK\x03\x04" + bytes(100))
    with pytest.raises(Problem, match=r"wire\.bad_container"):
        read_container(tmp_path / "nowhere.zip")
