"""A container: one batch in one file, for sticks and archives.

A ZIP in which everything is STORED, in fixed order with fixed times, so that the same batch gives the same
bytes: `manifest.json`, `manifest.<key id>.sm2` (or `.ed25519`) per signature, `blobs/<sm3>` sorted.

Rules for reading: nothing is ever extracted. Every name must be one of the above, exactly once, in a plain
entry (no folder, link, encryption, compression, zip64 trickery or overlap), the sizes within caps and the
bytes what their name says. Blobs must be exactly those that the manifest lists. All of it is checked before
`read_container` returns; whether a signature is genuine is `verify_manifest`'s to say.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from xincai.errors import Problem
from xincai.wire.canonical import MAX_BYTES
from xincai.wire.digest import Sm3, sm3
from xincai.wire.manifest import Manifest, decode
from xincai.wire.suites import SM2_SM3

MAX_ENTRIES = 100_000
MAX_BLOB = 64 * 1024 * 1024
MAX_TOTAL = 2 * 1024 * 1024 * 1024
MAX_SIGNATURE = 200
_PIECE = 1 << 20
_EPOCH = (1980, 1, 1, 0, 0, 0)
_MANIFEST = "manifest.json"
_SIGNATURE = re.compile(r"manifest\.([0-9a-f]{16})\.(sm2|ed25519)")
_BLOB = re.compile(r"blobs/([0-9a-f]{64})")


@dataclass(frozen=True)
class Container:
    """A container that was checked whole: its manifest, signatures, and where its blobs can be read."""

    path: Path
    manifest_bytes: bytes
    manifest: Manifest
    signatures: Mapping[str, bytes]
    blobs: Mapping[str, int]

    def blob(self, digest: str) -> bytes:
        """The bytes of one blob; raise Problem when the file changed since it was read."""
        with zipfile.ZipFile(self.path) as archive:
            data = archive.read(f"blobs/{digest}")
        if sm3(data) != digest:
            raise Problem("wire.bad_container", entry=f"blobs/{digest[:16]}")
        return data


def write_container(
    file: BinaryIO,
    manifest_bytes: bytes,
    signatures: Mapping[str, bytes],
    blobs: Iterable[tuple[str, bytes]],
) -> None:
    """Write a batch; the blobs must be exactly what the manifest lists, best given in ascending order."""
    manifest = decode(manifest_bytes)
    wanted = manifest.blobs()
    suffix = "sm2" if manifest.suite == SM2_SM3 else "ed25519"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        _add(archive, _MANIFEST, manifest_bytes)
        for key_id, signature in sorted(signatures.items()):
            _add(archive, f"manifest.{key_id}.{suffix}", signature)
        for digest, data in _in_order(blobs, sorted(wanted)):
            _add(archive, f"blobs/{digest}", data)


def read_container(path: Path) -> Container:
    """Check a container whole; raise Problem on anything that `write_container` would not write."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _read(path, archive)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, RuntimeError) as error:
        raise Problem("wire.bad_container", entry="") from error


def _read(path: Path, archive: zipfile.ZipFile) -> Container:
    entries = _entries(path, archive)
    manifest_bytes = archive.read(entries[_MANIFEST]) if _MANIFEST in entries else b""
    manifest = decode(manifest_bytes)
    signatures = {
        match[1]: archive.read(info)
        for name, info in entries.items()
        if (match := _SIGNATURE.fullmatch(name)) is not None
    }
    sizes = {name[6:]: info.file_size for name, info in entries.items() if _BLOB.fullmatch(name)}
    if sizes != dict(manifest.blobs()):
        raise Problem("wire.bad_container", entry="blobs")
    for digest in sizes:
        if _digest(archive, entries[f"blobs/{digest}"]) != digest:
            raise Problem("wire.bad_container", entry=f"blobs/{digest[:16]}")
    return Container(path, manifest_bytes, manifest, signatures, sizes)


def _entries(path: Path, archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    infos = archive.infolist()
    if len(infos) > MAX_ENTRIES or sum(info.file_size for info in infos) > MAX_TOTAL:
        raise Problem("wire.too_large", size=len(infos), limit=MAX_ENTRIES)
    if sum(info.file_size for info in infos) > path.stat().st_size:
        raise Problem("wire.bad_container", entry="")
    entries: dict[str, zipfile.ZipInfo] = {}
    end = 0
    for info in sorted(infos, key=lambda item: item.header_offset):
        name = info.orig_filename
        if name in entries or info.header_offset < end or not _plain(info) or info.file_size > _cap(name):
            raise Problem("wire.bad_container", entry=_shown(name))
        end = info.header_offset + info.compress_size
        entries[name] = info
    return entries


def _plain(info: zipfile.ZipInfo) -> bool:
    stored = info.compress_type == zipfile.ZIP_STORED and info.compress_size == info.file_size
    regular = (info.external_attr >> 16) & 0o170000 in {0, 0o100000}
    return stored and regular and not info.is_dir() and not info.flag_bits & 0x1 and not info.extra


def _cap(name: str) -> int:
    """The most bytes an entry of this name may have; -1 for a name that has no place here."""
    if name == _MANIFEST:
        return MAX_BYTES
    if _SIGNATURE.fullmatch(name):
        return MAX_SIGNATURE
    return MAX_BLOB if _BLOB.fullmatch(name) else -1


def _shown(name: str) -> str:
    return re.sub(r"[^0-9A-Za-z./_-]", "?", name)[:60]


def _digest(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> str:
    digest = Sm3()
    with archive.open(info) as entry:
        while piece := entry.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.create_system = 3
    info.external_attr = 0o100644 << 16
    archive.writestr(info, data)


def _in_order(blobs: Iterable[tuple[str, bytes]], wanted: list[str]) -> Iterator[tuple[str, bytes]]:
    """The wanted blobs in order, holding back only those that come too early."""
    early: dict[str, bytes] = {}
    known = set(wanted)
    place = 0
    for digest, data in blobs:
        if digest not in known or sm3(data) != digest:
            raise Problem("wire.bad_container", entry=f"blobs/{digest[:16]}")
        known.remove(digest)
        early[digest] = data
        while place < len(wanted) and wanted[place] in early:
            yield wanted[place], early.pop(wanted[place])
            place += 1
    if place < len(wanted):
        raise Problem("wire.bad_container", entry="blobs")
