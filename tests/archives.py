"""Archives by hand: the good one byte for byte, and each with one sin."""

import struct
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from xincai.wire.digest import sm3


@dataclass(frozen=True)
class File:
    """One entry, and how it differs from what is written here; `listed` is what the directory says of it."""

    name: bytes
    data: bytes
    flags: int = 0
    method: int = 0
    extra: bytes = b""
    mode: int = 0o100644
    size: int | None = None
    date: int = 0x21
    listed_name: bytes | None = None
    listed_size: int | None = None
    begin: int | None = None


def zipped(files: list[File], *, before: bytes = b"", between: bytes = b"", comment: bytes = b"") -> bytes:
    """The bytes of an archive; without sins just what `wire.archive` writes."""
    out, directory = bytearray(before), bytearray()
    for number, file in enumerate(files):
        out += between if number else b""
        begin = len(out) if file.begin is None else file.begin
        size = len(file.data) if file.size is None else file.size
        listed = size if file.listed_size is None else file.listed_size
        name = file.name if file.listed_name is None else file.listed_name
        crc = zlib.crc32(file.data)
        facts = (20, file.flags, file.method, 0, file.date, crc)
        lengths = (len(file.name), len(file.extra))
        out += struct.pack("<4s5H3I2H", b"PK\3\4", *facts, size, size, *lengths)
        out += file.name + file.extra + file.data
        directory += struct.pack("<4s6H3I", b"PK\1\2", 3 << 8 | 20, *facts, listed, listed)
        directory += struct.pack("<5H2I", len(name), len(file.extra), 0, 0, 0, file.mode << 16, begin)
        directory += name + file.extra
    count = len(files) & 0xFFFF
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, len(directory), len(out), len(comment))
    return bytes(out + directory + end + comment)


def crowd(names: Iterable[bytes]) -> bytes:
    """An archive of a great many empty files whose names are of one length."""
    facts = struct.pack("<5H3I2H", 20, 0, 0, 0, 0x21, 0, 0, 0, 0, 0)
    out, directory, count = [], [], 0
    for count, name in enumerate(names, 1):
        named = facts[:-4] + struct.pack("<2H", len(name), 0)
        out.append(b"PK\3\4" + named + name)
        begin = (count - 1) * len(out[0])
        rest = bytes(6) + struct.pack("<2I", 0o100644 << 16, begin)
        directory.append(b"PK\1\2\24\3" + named + rest + name)
    listed = b"".join(directory)
    size = len(out[0]) * count
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count & 0xFFFF, count & 0xFFFF, len(listed), size, 0)
    return b"".join(out) + listed + end


def sins() -> dict[str, Callable[[list[File]], bytes]]:
    """What may be wrong with an archive of a manifest, a signature and blobs, by name."""

    def first(**changes: object) -> Callable[[list[File]], bytes]:
        return lambda files: zipped([replace(files[0], **changes), *files[1:]])

    def last(**changes: object) -> Callable[[list[File]], bytes]:
        return lambda files: zipped([*files[:-1], replace(files[-1], **changes)])

    def more(*extra: File) -> Callable[[list[File]], bytes]:
        return lambda files: zipped([*files, *extra])

    def deflated(files: list[File]) -> bytes:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        data = packer.compress(bytes(50_000_000)) + packer.flush()
        return zipped([*files[:-1], replace(files[-1], data=data, method=8, listed_size=50_000_000)])

    def overlapping(files: list[File]) -> bytes:
        return zipped([*files[:-1], replace(files[-1], begin=0)])

    def quoted(files: list[File]) -> bytes:
        """The overlap of David Fifield: one entry's bytes hold the next one's header."""
        inner = zipped(files[-1:])
        return zipped([*files[:-1], File(b"blobs/" + sm3(inner).encode(), inner), files[-1]])

    foreign = File(b"blobs/" + sm3(b"x").encode(), b"x")
    names = {
        "climbing": b"../evil",
        "absolute": b"/etc/cron.d/evil",
        "drive": b"C:\\evil",
        "backslash": b"..\\evil",
        "inside": b"blobs/../../evil",
        "folder": b"blobs/",
        "device": b"CON",
        "stream": b"manifest.json:x",
        "capital": b"Manifest.json",
        "wide": "ｍanifest.json".encode(),
        "turned": b"blobs/" + b"a" * 64 + "\u202egpj.exe".encode(),
        "null": b"manifest.json\0.exe",
        "empty": b"",
        "space": b"manifest.json ",
        "long": b"x" * 60_000,
        "upper": b"blobs/" + b"A" * 64,
        "short": b"blobs/" + b"a" * 63,
    }
    return {
        **{f"name {word}": more(File(name, b"x")) for word, name in names.items()},
        "name twice": lambda files: zipped([*files, files[-1]]),
        "manifest twice": lambda files: zipped([files[0], *files]),
        "blob in capitals": lambda files: zipped(
            [*files, replace(files[-1], name=files[-1].name[:6] + files[-1].name[6:].upper())]
        ),
        "two names": last(listed_name=b"blobs/" + b"0" * 64),
        "link": last(mode=0o120777),
        "folder mode": last(mode=0o040755),
        "setuid": last(mode=0o104755),
        "device node": last(mode=0o020666),
        "encrypted": last(flags=1),
        "strong encryption": last(flags=0x41),
        "descriptor": last(flags=8),
        "utf-8": last(flags=0x800),
        "bomb": deflated,
        "bzip2": last(method=12),
        "unknown method": last(method=99),
        "zip64": last(extra=struct.pack("<2H2Q", 1, 16, 5, 5)),
        "unicode name": last(extra=struct.pack("<2HBI", 0x7075, 9, 1, 0) + b"evil"),
        "date": last(date=0x5000),
        "overlap": overlapping,
        "quoted overlap": quoted,
        "size of nothing": last(size=0),
        "size listed": last(listed_size=1),
        "size of 4 GiB": last(size=0xFFFFFFFF),
        "manifest of 4 GiB": first(size=0xFFFFFFFF),
        "comment": lambda files: zipped(files, comment=b"#!/bin/sh"),
        "before": lambda files: zipped(files, before=b"MZ"),
        "between": lambda files: zipped(files, between=b"\0"),
        "after": lambda files: zipped(files) + b"\0",
        "two archives": lambda files: zipped(files) + zipped(files),
        "nothing": lambda files: zipped([]),
        "no manifest": lambda files: zipped(files[1:]),
        "no signature": lambda files: zipped([files[0], *files[2:]]),
        "no blobs": lambda files: zipped(files[:2]),
        "order": lambda files: zipped([*files[:-2], files[-1], files[-2]]),
        "manifest late": lambda files: zipped([*files[1:], files[0]]),
        "foreign blob": lambda files: zipped(sorted([*files[2:], foreign], key=lambda f: f.name) + files[:2]),
        "more blobs": lambda files: zipped(
            [*files[:2], *sorted([*files[2:], foreign], key=lambda file: file.name)]
        ),
        "changed blob": last(data=b"changed"),
        "half": lambda files: zipped(files)[: len(zipped(files)) // 2],
        "no directory": lambda files: zipped(files)[: zipped(files).index(b"PK\1\2")],
        "no end": lambda files: zipped(files)[:-22],
    }
