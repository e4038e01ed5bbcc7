"""The faces a letter is drawn with: which character each can draw, how wide it is, and the bytes to embed.

A face is parsed once per process. The fonts are made by `build/fonts.py`, so a glyph is always a plain
outline and a subset is a matter of copying: no layout tables, no composites, no hints. Subsets are
cached, because the letters of a batch share nearly all their characters.
"""

import array
import functools
import mmap
import struct
import sys
import unicodedata
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from xincai import paths
from xincai.errors import Problem

FaceName = Literal["fang", "song", "song-bold", "hei", "kai", "rare"]

FILES: Mapping[FaceName, str] = {
    "fang": "XincaiFang-Regular.ttf",
    "song": "NotoSerifSC-Regular.ttf",
    "song-bold": "NotoSerifSC-Bold.ttf",
    "hei": "NotoSansSC-Bold.ttf",
    "kai": "XincaiKai-Regular.ttf",
    "rare": "XincaiRare-Regular.ttf",
}
_SELECTORS = frozenset((*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
FALLBACK: tuple[FaceName, ...] = ("song", "rare")


@dataclass(frozen=True)
class Subset:
    """A font file holding some characters; glyph n of it is `codes[n - 1]`, glyph 0 is the missing box."""

    codes: tuple[int, ...]
    compressed: bytes
    length: int
    widths: tuple[int, ...]


class Face:
    """One parsed font file."""

    def __init__(self, name: FaceName, path: Path) -> None:
        self.name = name
        with path.open("rb") as file:
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._tables = self._directory()
        head, hhea = self._table("head"), self._table("hhea")
        self.units: int = struct.unpack_from(">H", head, 18)[0]
        self.box: tuple[int, int, int, int] = struct.unpack_from(">4h", head, 36)
        self.ascent, self.descent = struct.unpack_from(">2h", hhea, 4)
        self.postscript = path.stem
        self.glyphs = self._character_map()
        self._known_widths: dict[int, int] = {}
        self._widths = _numbers("H", self._table("hmtx"))[0 : 2 * struct.unpack_from(">H", hhea, 34)[0] : 2]
        self._places = _numbers("I", self._table("loca"))
        if struct.unpack_from(">h", head, 50)[0] != 1:
            self._places = array.array("I", (2 * place for place in _numbers("H", self._table("loca"))))

    def covers(self, text: Iterable[str]) -> bool:
        """Whether every character can be drawn."""
        return all(ord(character) in self.glyphs for character in text)

    def width(self, code: int) -> int:
        """Advance in thousandths of the size."""
        known = self._known_widths.get(code)
        if known is None:
            glyph = self.glyphs.get(code, 0)
            known = self._widths[min(glyph, len(self._widths) - 1)] * 1000 // self.units
            self._known_widths[code] = known
        return known

    def subset(self, codes: tuple[int, ...]) -> Subset:
        """A font file with these characters (ascending), compressed and ready to embed."""
        return _subset(self.name, codes)

    def _directory(self) -> Mapping[str, tuple[int, int]]:
        count = struct.unpack_from(">H", self._data, 4)[0]
        rows = (struct.unpack_from(">4sIII", self._data, 12 + 16 * n) for n in range(count))
        return {tag.decode("ascii"): (offset, length) for tag, _, offset, length in rows}

    def _table(self, tag: str) -> bytes:
        offset, length = self._tables[tag]
        return self._data[offset : offset + length]

    def _character_map(self) -> dict[int, int]:
        table = self._table("cmap")
        count = struct.unpack_from(">H", table, 2)[0]
        places = [struct.unpack_from(">HHI", table, 4 + 8 * n)[2] for n in range(count)]
        found: dict[int, int] = {}
        for place in places:
            kind = struct.unpack_from(">H", table, place)[0]
            if kind == 12:
                groups = struct.unpack_from(">I", table, place + 12)[0]
                for first, last, glyph in struct.iter_unpack(
                    ">III", table[place + 16 : place + 16 + 12 * groups]
                ):
                    found.update(
                        zip(range(first, last + 1), range(glyph, glyph + last - first + 1), strict=True)
                    )
                return found
        return found | self._short_character_map(table, places[0])

    @staticmethod
    def _short_character_map(table: bytes, place: int) -> dict[int, int]:
        segments = struct.unpack_from(">H", table, place + 6)[0] // 2
        column = f">{segments}H"
        ends = struct.unpack_from(column, table, place + 14)
        starts = struct.unpack_from(column, table, place + 16 + 2 * segments)
        deltas = struct.unpack_from(column, table, place + 16 + 4 * segments)
        base = place + 16 + 6 * segments
        offsets = struct.unpack_from(column, table, base)
        found = {}
        for n, (start, end, delta, offset) in enumerate(zip(starts, ends, deltas, offsets, strict=True)):
            for code in range(start, min(end, 0xFFFE) + 1):
                if offset == 0:
                    found[code] = (code + delta) & 0xFFFF
                else:
                    at = base + 2 * n + offset + 2 * (code - start)
                    glyph = struct.unpack_from(">H", table, at)[0]
                    found[code] = (glyph + delta) & 0xFFFF if glyph else 0
        return {code: glyph for code, glyph in found.items() if glyph}

    def cut(self, codes: tuple[int, ...]) -> bytes:
        """The bytes of a font file with glyph 0 and one glyph for each character, in order."""
        origin, _ = self._tables["glyf"]
        outlines, places, metrics = bytearray(), [0], bytearray()
        for glyph in (0, *(self.glyphs[code] for code in codes)):
            outline = self._data[origin + self._places[glyph] : origin + self._places[glyph + 1]]
            outlines += outline + b"\0" * (-len(outline) % 4)
            places.append(len(outlines))
            width = self._widths[min(glyph, len(self._widths) - 1)]
            left = struct.unpack_from(">h", outline, 2)[0] if outline else 0
            metrics += struct.pack(">Hh", width, left)
        head, hhea, maxp = (bytearray(self._table(tag)) for tag in ("head", "hhea", "maxp"))
        struct.pack_into(">I", head, 8, 0)
        struct.pack_into(">h", head, 50, 1)
        struct.pack_into(">H", hhea, 34, len(codes) + 1)
        struct.pack_into(">H", maxp, 4, len(codes) + 1)
        loca = struct.pack(f">{len(places)}I", *places)
        return _font_file(
            {
                "glyf": bytes(outlines),
                "head": bytes(head),
                "hhea": bytes(hhea),
                "hmtx": bytes(metrics),
                "loca": loca,
                "maxp": bytes(maxp),
            }
        )


@functools.cache
def face(name: FaceName) -> Face:
    """The face of that name, parsed at its first use."""
    return Face(name, paths.resources() / "fonts" / FILES[name])


@functools.lru_cache(maxsize=256)
def _subset(name: FaceName, codes: tuple[int, ...]) -> Subset:
    source = face(name)
    whole = source.cut(codes)
    widths = (source.width(-1), *(source.width(code) for code in codes))
    return Subset(codes, zlib.compress(whole, 6), len(whole), widths)


def choose(character: str, chain: Iterable[FaceName]) -> FaceName:
    """The first face that draws a character; a Problem that names it when none does."""
    code = ord(character)
    for name in chain:
        if code in face(name).glyphs:
            return name
    raise missing(character)


def choose_whole(text: str, chain: tuple[FaceName, ...]) -> FaceName | None:
    """The first face that draws every character of a text, or None."""
    return next((name for name in chain if face(name).covers(text)), None)


def missing(character: str) -> Problem:
    """What to say when no face draws a character."""
    code = f"U+{ord(character):04X}"
    if unicodedata.category(character) in {"Cc", "Cf", "Cs"} or ord(character) in _SELECTORS:
        return Problem("letters.hidden_character", code=code)
    return Problem("letters.missing_glyph", character=character, code=code)


def _numbers(kind: Literal["H", "I"], data: bytes) -> "array.array[int]":
    numbers = array.array(kind, data)
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers


def _checksum(data: bytes) -> int:
    padded = data + b"\0" * (-len(data) % 4)
    return sum(_numbers("I", padded)) & 0xFFFFFFFF


def _font_file(tables: Mapping[str, bytes]) -> bytes:
    count = len(tables)
    power = 1 << (count.bit_length() - 1)
    header = struct.pack(
        ">IHHHH", 0x00010000, count, power * 16, count.bit_length() - 1, count * 16 - power * 16
    )
    directory, body = bytearray(), bytearray()
    place = len(header) + 16 * count
    for tag, data in sorted(tables.items()):
        directory += struct.pack(">4sIII", tag.encode(), _checksum(data), place + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    whole = header + bytes(directory) + bytes(body)
    adjust = (0xB1B0AFBA - _checksum(whole)) & 0xFFFFFFFF
    head = next(
        offset for tag, _, offset, _ in struct.iter_unpack(">4sIII", bytes(directory)) if tag == b"head"
    )
    return whole[: head + 8] + struct.pack(">I", adjust) + whole[head + 12 :]
