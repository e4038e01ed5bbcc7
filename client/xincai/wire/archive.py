"""Archives: the one kind of ZIP that is written and read here.

Everything is STORED, entry after entry, with one fixed time, no comment and nothing extra; the directory at
the end says the same again. So the same entries give the same bytes, and a reader needs no library to hold
every header against the only one that could stand there. Links, folders, compression, encryption, overlaps,
gaps, duplicate names and lies about sizes have no way to be said; nothing is ever extracted.

The CRC is for other people's tools. Nobody here goes by it: digests and signatures say what is genuine.
"""

import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from xincai.errors import Problem

PIECE = 1 << 20
MOST_ENTRIES = 10_000
_LOCAL = struct.Struct("<4s5H3I2H")
_LISTED = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_VERSION = 20
_UNIX = 3 << 8 | _VERSION
_EPOCH = 0, 0x21
_FILE = 0o100644 << 16
_CRC_AT = 14
_MOST_NAME = 100


@dataclass(frozen=True)
class Entry:
    """One file in an archive: its name, where its bytes begin, how many they are, and their CRC."""

    name: str
    start: int
    size: int
    crc: int

    def pieces(self, file: BinaryIO) -> Iterator[bytes]:
        """Its bytes, a piece at a time."""
        file.seek(self.start)
        left = self.size
        while left:
            piece = file.read(min(PIECE, left))
            if not piece:
                raise Problem("wire.bad_container", entry=self.name[:30])
            left -= len(piece)
            yield piece

    def read(self, file: BinaryIO) -> bytes:
        """All its bytes; for entries whose cap is small."""
        return b"".join(self.pieces(file))


def archived(files: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """The bytes of an archive of these files, a piece at a time."""
    entries: list[Entry] = []
    place = 0
    for name, data in files:
        crc = zlib.crc32(data)
        head = _head(name, len(data), crc)
        yield head
        yield data
        entries.append(Entry(name, place + len(head), len(data), crc))
        place += len(head) + len(data)
    yield _directory(entries)


def archived_size(files: Iterable[tuple[str, int]]) -> int:
    """How large an archive of files of these names and sizes is."""
    each = (_LOCAL.size + _LISTED.size + 2 * len(name) + size for name, size in files)
    return sum(each) + _END.size


def write_long(
    file: BinaryIO, name: str, size: int, pieces: Iterable[bytes], rest: Callable[[], tuple[str, bytes]]
) -> None:
    """Write an archive of one long file, whose size is known, and one short one that is made after it."""
    crc, written = 0, 0
    file.write(_head(name, size, 0))
    for piece in pieces:
        crc, written = zlib.crc32(piece, crc), written + len(piece)
        file.write(piece)
    if written != size:
        raise ValueError("not the size that was announced")
    file.seek(_CRC_AT)
    file.write(crc.to_bytes(4, "little"))
    long = Entry(name, _LOCAL.size + len(name), size, crc)
    short, data = rest()
    begin = long.start + size
    file.seek(begin)
    crc = zlib.crc32(data)
    file.write(_head(short, len(data), crc) + data)
    file.write(_directory([long, Entry(short, begin + _LOCAL.size + len(short), len(data), crc)]))


def first_name(path: Path) -> str:
    """The name of a file's first entry, "" when it is no archive of ours."""
    try:
        with path.open("rb") as file:
            fields = _LOCAL.unpack(file.read(_LOCAL.size))
            return _name(file.read(min(fields[9], _MOST_NAME)))
    except (OSError, struct.error, Problem):
        return ""


def read_archive(file: BinaryIO, cap: Callable[[str], int], total: int) -> tuple[Entry, ...]:
    """The entries of an archive, in their order; `cap` says the most bytes under a name, -1 for one that has
    no place. Raises Problem for more than `MOST_ENTRIES` or `total` bytes, and for any byte that `archived`
    would not have written, CRCs apart.
    """
    length = file.seek(0, 2)
    if length > total:
        raise Problem("wire.too_large", size=length, limit=total)
    entries: list[Entry] = []
    names: set[str] = set()
    place = 0
    while (entry := _entry(file, place)) is not None:
        if len(entries) == MOST_ENTRIES:
            raise Problem("wire.too_large", size=len(entries) + 1, limit=MOST_ENTRIES)
        if entry.size > cap(entry.name) or entry.name in names:
            raise Problem("wire.bad_container", entry=entry.name[:30])
        place = entry.start + entry.size
        entries.append(entry)
        names.add(entry.name)
    file.seek(place)
    directory = _directory(entries)
    if place + len(directory) != length or file.read(len(directory)) != directory:
        raise Problem("wire.bad_container", entry="")
    return tuple(entries)


def _entry(file: BinaryIO, place: int) -> Entry | None:
    """The entry that begins here, None where the directory does."""
    file.seek(place)
    head = file.read(_LOCAL.size)
    if head[:4] != b"PK\x03\x04" or len(head) < _LOCAL.size:
        return None
    *_, crc, size, _, named, _ = _LOCAL.unpack(head)
    name = _name(file.read(min(named, _MOST_NAME)))
    if head + name.encode() != _head(name, size, crc):
        raise Problem("wire.bad_container", entry=name[:30])
    return Entry(name, place + len(head) + len(name), size, crc)


def _name(data: bytes) -> str:
    """A name; plain ASCII or nothing that anybody would have written here."""
    if not data or not all(0x2D <= byte < 0x7F for byte in data):
        raise Problem("wire.bad_container", entry="?")
    return data.decode("ascii")


def _head(name: str, size: int, crc: int) -> bytes:
    fields = (b"PK\x03\x04", _VERSION, 0, 0, *_EPOCH, crc, size, size, len(name), 0)
    return _LOCAL.pack(*fields) + name.encode("ascii")


def _directory(entries: list[Entry]) -> bytes:
    lines = b"".join(_listed(entry) for entry in entries)
    begin = entries[-1].start + entries[-1].size if entries else 0
    return lines + _END.pack(b"PK\x05\x06", 0, 0, len(entries), len(entries), len(lines), begin, 0)


def _listed(entry: Entry) -> bytes:
    begin = entry.start - _LOCAL.size - len(entry.name)
    fields = (b"PK\x01\x02", _UNIX, _VERSION, 0, 0, *_EPOCH, entry.crc, entry.size, entry.size)
    rest = (len(entry.name), 0, 0, 0, 0, _FILE, begin)
    return _LISTED.pack(*fields, *rest) + entry.name.encode("ascii")
