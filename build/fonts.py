"""Make the fonts that ship in resources/fonts from pinned open sources; the same sources give the same bytes.

    python build/fonts.py [--cache FOLDER] [FACE ...]

Sources are Debian packages, named with version and SHA-256, fetched with `apt-get download` or found in the
cache folder. Each face is drawn anew: wanted characters only, quadratic outlines, no hints, no composites, no
layout tables, fixed times. Coverage comes from Unihan: GB 2312, the 8,105 characters of the 通用规范汉字表
(kTGH), the URO, Extension A, and for rare names whatever a modern Chinese source (dictionaries, place names,
the identity-card and personal-name sets of the public security) added to the higher planes.
"""

import argparse
import bz2
import gzip
import hashlib
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.filterPen import DecomposingFilterPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

OUTPUT = Path(__file__).resolve().parents[1] / "resources" / "fonts"
# Seconds since 1904 for 2022-01-27, the date of the oldest pinned Noto release.
FIXED_TIME = 3_726_086_400


@dataclass(frozen=True)
class Package:
    """One pinned Debian package."""

    name: str
    version: str
    sha256: str

    @property
    def file_name(self) -> str:
        return f"{self.name}_{self.version.replace(':', '%3a')}_all.deb"


NOTO = Package(
    "fonts-noto-cjk",
    "1:20220127+repack1-1",
    "4a2515eb6db3978b897fef9709ed0d2b1f4c6c4df4d83d6c4ef65f71f1b1f502",
)
WENKAI = Package(
    "fonts-lxgw-wenkai",
    "1.250+repack-1",
    "6d1e4c4aac78ad32062aefa2c836ee4d6e58f9dcf8b3f4407c9eefe304615318",
)
HANAZONO = Package(
    "fonts-hanazono",
    "20170904-2.1",
    "a6943366b4f5a6cec34221f8b4eb22555a628f0ee6ef4e3d3401cabe9363aeae",
)
FANDOL = Package(
    "texlive-lang-chinese",
    "2022.20230122-1",
    "9cfa07bd44e7b9098e26f0ecac1b5ad210d2249d474c8074d53de92d650b0ec0",
)
UNIHAN = Package(
    "unicode-data",
    "15.0.0-1",
    "5efef23bbb1c6a133ecbdd63a2cfa07159ccacf5466a49e2426101c5ecd691fc",
)

OFL = "http://scripts.sil.org/OFL"
NOTO_FOLDER = "usr/share/fonts/opentype/noto/"
FANG = "usr/share/texlive/texmf-dist/fonts/opentype/public/fandol/FandolFang-Regular.otf"


@dataclass(frozen=True)
class Face:
    """One font file to make: where its outlines come from and which characters it keeps.

    Reserved names of the sources are not used; "Noto" is not reserved by its licence.
    """

    file: str
    family: str
    style: str
    weight: int
    package: Package
    members: tuple[str, ...]
    number: int
    wanted: Callable[[], frozenset[int]]
    copyright: str
    licence: str
    licence_url: str = ""


# ---- coverage ----------------------------------------------------------------------------------


def _block(first: int, last: int) -> frozenset[int]:
    return frozenset(range(first, last + 1))


def symbols() -> frozenset[int]:
    """Latin, punctuation, arrows, marks, circled numbers, full-width forms."""
    ranges = (
        (0x20, 0x7E), (0xA0, 0x24F), (0x2B0, 0x2FF), (0x370, 0x45F), (0x1E00, 0x1EFF), (0x2000, 0x206F),
        (0x2070, 0x209F), (0x20A0, 0x20CF), (0x2100, 0x22FF), (0x2300, 0x23FF), (0x2460, 0x27BF),
        (0x3000, 0x312F), (0x3200, 0x33FF), (0xFE30, 0xFE4F), (0xFF00, 0xFFEF),
    )  # fmt: skip
    return frozenset().union(*(_block(*r) for r in ranges))


@cache
def gb2312() -> frozenset[int]:
    """Every character of GB 2312-80."""
    found = set()
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                found.add(ord(bytes([row, cell]).decode("gb2312")))
            except UnicodeDecodeError:
                continue
    return frozenset(found)


@cache
def general() -> frozenset[int]:
    """The 8,105 characters of the 通用规范汉字表 (2013), 196 of them beyond the BMP."""
    found = frozenset(code for code, _ in _unihan("Unihan_OtherMappings", "kTGH"))
    if len(found) != 8105:
        raise SystemExit(f"kTGH holds {len(found)} characters instead of 8105")
    return found


@cache
def modern() -> frozenset[int]:
    """Characters that a living Chinese source put into Unicode: names, places, dictionaries, coded sets.

    Left out: the historical bulk (康熙字典, 汉语大字典, bronze script, Zhuang and dialect sets).
    """
    historical = {"GKX", "GHZ", "GHZR", "GZJW", "GZ", "GZA", "GZFY", "GE", "GHF", "GJZ", "GFZ", "GLK"}
    return frozenset(
        code
        for code, value in _unihan("Unihan_IRGSources", "kIRG_GSource")
        if value.split("-")[0] not in historical
    )


def everyday() -> frozenset[int]:
    """What letters' fixed text and most names need."""
    return symbols() | gb2312() | general()


def titles() -> frozenset[int]:
    """What fixed titles need."""
    return gb2312() | _block(0x20, 0x7E) | _block(0x2010, 0x2026)


def screen() -> frozenset[int]:
    """What a person may type on the screen: all of the URO and the general characters."""
    return everyday() | _block(0x4E00, 0x9FFF)


def paper() -> frozenset[int]:
    """What a name on paper may need from the song face: Extension A and every modern character too."""
    return screen() | modern() | _block(0x3400, 0x4DBF)


def rare() -> frozenset[int]:
    """What the song face lacks and a modern source asks for, or any source gives a reading in Mandarin."""
    have = frozenset(_source(NOTO, NOTO_FOLDER + "NotoSerifCJK-Regular.ttc", 2).getBestCmap())
    read = frozenset(code for code, _ in _unihan("Unihan_DictionaryLikeData", "kXHC1983"))
    listed = frozenset(code for code, _ in _unihan("Unihan_OtherMappings", "kHKSCS"))
    beyond = frozenset(code for code in modern() | read | listed if code > 0xFFFF)
    return (beyond - have) | frozenset(range(0x20, 0x7F)) | {0xB7, 0x3000}


def _unihan(file: str, field: str) -> Iterator[tuple[int, str]]:
    path = _unpacked(UNIHAN) / "usr/share/unicode" / f"{file}.txt.bz2"
    with bz2.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            parts = line.rstrip("\n").split("\t")
            if len(parts) == 3 and parts[1] == field:
                yield int(parts[0].removeprefix("U+"), 16), parts[2]


NOTO_RIGHTS = "Copyright 2014-2021 Adobe (http://www.adobe.com/)"
OFL_WORDS = "SIL Open Font License, Version 1.1. Outlines converted and subset by Xincai's build/fonts.py."
FANG_WORDS = (
    "GNU General Public License, version 3, with the font exception: a document that embeds this font is not "
    "thereby covered by that licence. Converted from FandolFang-Regular by Xincai's build/fonts.py."
)
RARE_WORDS = "Hanazono Font License: unlimited permission to use, copy and distribute, modified or not."
KAI = "usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf"
HANA = "usr/share/fonts/truetype/hanazono/HanaMin"


def _noto(name: str, wanted: Callable[[], frozenset[int]]) -> Face:
    """A Noto CJK face; the third font of each collection is the simplified Chinese one."""
    kind, style = name.split("-")
    return Face(
        file=f"{kind}SC-{style}.ttf",
        family={"NotoSans": "Noto Sans SC", "NotoSerif": "Noto Serif SC"}[kind],
        style=style,
        weight=700 if style == "Bold" else 400,
        package=NOTO,
        members=(f"{NOTO_FOLDER}{kind}CJK-{style}.ttc",),
        number=2,
        wanted=wanted,
        copyright=NOTO_RIGHTS,
        licence=OFL_WORDS,
        licence_url=OFL,
    )


def _own(name: str, package: Package, members: tuple[str, ...], wanted: Callable[[], frozenset[int]]) -> Face:
    """A face under a name of our own."""
    rights, licence, url = {
        "Fang": ("Copyright 2013-2015 Clerk Ma and Jie Su (Fandol team)", FANG_WORDS, ""),
        "Kai": ("Copyright 2021-2022 lxgw; Copyright 2020 The Klee Project Authors", OFL_WORDS, OFL),
        "Rare": ("Copyright 2008-2017 GlyphWiki Project", RARE_WORDS, ""),
    }[name]
    return Face(
        file=f"Xincai{name}-Regular.ttf",
        family=f"Xincai {name}",
        style="Regular",
        weight=400,
        package=package,
        members=members,
        number=-1,
        wanted=wanted,
        copyright=rights,
        licence=licence,
        licence_url=url,
    )


FACES = (
    _noto("NotoSans-Regular", screen),
    _noto("NotoSans-Bold", everyday),
    _noto("NotoSerif-Regular", paper),
    _noto("NotoSerif-Bold", titles),
    _own("Fang", FANDOL, (FANG,), everyday),
    _own("Kai", WENKAI, (KAI,), everyday),
    _own("Rare", HANAZONO, (HANA + "B.ttf", HANA + "A.ttf"), rare),
)


# ---- sources -----------------------------------------------------------------------------------

CACHE = Path(tempfile.gettempdir()) / "xincai-font-sources"


@cache
def _unpacked(package: Package) -> Path:
    """The package's files, fetched, checked against the pin, and unpacked."""
    CACHE.mkdir(parents=True, exist_ok=True)
    archive = CACHE / package.file_name
    if not archive.exists():
        subprocess.run(["apt-get", "download", f"{package.name}={package.version}"], cwd=CACHE, check=True)
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != package.sha256:
        raise SystemExit(f"{archive.name}: SHA-256 is {found}, pinned is {package.sha256}")
    folder = CACHE / f"{package.name}-{package.sha256[:12]}"
    if not folder.exists():
        subprocess.run(["dpkg-deb", "-x", str(archive), str(folder)], check=True)
    return folder


@cache
def _source(package: Package, member: str, number: int) -> TTFont:
    return TTFont(_unpacked(package) / member, fontNumber=number, lazy=True)


# ---- making ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Drawn:
    """The glyphs of a face in order, and what each character is drawn with."""

    order: list[str]
    character_map: dict[int, str]
    glyphs: dict[str, object]
    metrics: dict[str, tuple[int, int]]


class _Simple(DecomposingFilterPen):  # type: ignore[misc]  # fontTools is followed as untyped
    """Draw composites as plain outlines, so that subsetting later is a matter of copying."""

    skipMissingComponents = False  # noqa: N815 - fontTools' own name


def make(face: Face) -> Path:
    """Draw one face and write it."""
    sources = [_source(face.package, member, face.number) for member in face.members]
    wanted = face.wanted()
    order, character_map, glyphs, metrics = [".notdef"], {}, {}, {}
    first = sources[0]
    glyphs[".notdef"], metrics[".notdef"] = _glyph(first, ".notdef")
    for index, source in enumerate(sources):
        drawn: dict[str, str] = {}
        for code, origin in sorted(source.getBestCmap().items()):
            if code not in wanted or code in character_map:
                continue
            if origin not in drawn:
                name = drawn[origin] = f"u{code:05X}" if index == 0 else f"u{code:05X}.{index}"
                glyphs[name], metrics[name] = _glyph(source, origin)
                order.append(name)
            character_map[code] = drawn[origin]
    path = OUTPUT / face.file
    font = _font(face, first, Drawn(order, character_map, glyphs, metrics))
    part = path.with_suffix(".part")
    font.save(part)
    part.replace(path)
    print(f"{face.file}: {len(character_map)} characters, {path.stat().st_size / 1e6:.2f} MB", flush=True)
    return path


def _glyph(source: TTFont, name: str) -> tuple[object, tuple[int, int]]:
    glyph_set = source.getGlyphSet()
    target = TTGlyphPen(None)
    pen = target if "glyf" in source else Cu2QuPen(target, max_err=0.8, reverse_direction=True)
    glyph_set[name].draw(_Simple(pen, glyph_set))
    glyph = target.glyph(dropImpliedOnCurves=True)
    glyph.recalcBounds(None)
    return glyph, (round(glyph_set[name].width), getattr(glyph, "xMin", 0))


def _font(face: Face, source: TTFont, drawn: Drawn) -> TTFont:
    """All tables of a face; metrics of the lines are the source's."""
    builder = FontBuilder(source["head"].unitsPerEm, isTTF=True)
    builder.updateHead(
        created=FIXED_TIME, modified=FIXED_TIME, fontRevision=1.0, macStyle=int(face.weight > 400)
    )
    builder.setupGlyphOrder(drawn.order)
    builder.setupCharacterMap(drawn.character_map)
    builder.setupGlyf(drawn.glyphs, calcGlyphBounds=False)
    builder.setupHorizontalMetrics(drawn.metrics)
    hhea, os2 = source["hhea"], source["OS/2"]
    builder.setupHorizontalHeader(ascent=hhea.ascent, descent=hhea.descent, lineGap=hhea.lineGap)
    builder.setupNameTable(_names(face))
    builder.setupOS2(
        version=4,
        usWeightClass=face.weight,
        fsSelection=0x20 if face.weight > 400 else 0x40,
        fsType=0,
        sTypoAscender=os2.sTypoAscender,
        sTypoDescender=os2.sTypoDescender,
        sTypoLineGap=os2.sTypoLineGap,
        usWinAscent=os2.usWinAscent,
        usWinDescent=os2.usWinDescent,
        sxHeight=getattr(os2, "sxHeight", 0),
        sCapHeight=getattr(os2, "sCapHeight", 0),
        ulCodePageRange1=(1 << 18) | 1,
        ulUnicodeRange2=1 << 27,
    )
    builder.setupPost(keepGlyphNames=False)
    builder.font.recalcTimestamp = False
    return builder.font


def _names(face: Face) -> dict[str, str]:
    full = face.family if face.style == "Regular" else f"{face.family} {face.style}"
    names = {
        "copyright": face.copyright,
        "familyName": face.family,
        "styleName": face.style,
        "uniqueFontIdentifier": f"Xincai 1.0;{full}",
        "fullName": full,
        "version": "Version 1.0",
        "psName": f"{face.family.replace(' ', '')}-{face.style}",
        "licenseDescription": face.licence,
    }
    return names | ({"licenseInfoURL": face.licence_url} if face.licence_url else {})


# ---- licences ----------------------------------------------------------------------------------

DOCUMENTS = "usr/share/doc/"
LICENCES = (
    (NOTO, DOCUMENTS + "fonts-noto-cjk/copyright", "Noto-CJK.txt"),
    (WENKAI, DOCUMENTS + "fonts-lxgw-wenkai/copyright", "LXGW-WenKai.txt"),
    (HANAZONO, DOCUMENTS + "fonts-hanazono/copyright", "Hanazono.txt"),
    (FANDOL, DOCUMENTS + "texlive-doc/fonts/fandol/COPYING.gz", "Fandol-GPL-3-with-font-exception.txt"),
    (FANDOL, DOCUMENTS + "texlive-doc/fonts/fandol/README", "Fandol-README.txt"),
)
README = """\
The fonts in this folder are made by build/fonts.py from the packages below; the script holds their
digests. What was changed in each: characters left out, outlines converted to quadratic curves, hints and
layout tables removed, and, where a name is reserved, the name.

{rows}

XincaiFang-Regular is a modified version of FandolFang-Regular (GPL 3 with the font exception). The
exception is extended to it: a document that embeds it is not thereby covered by the GPL. Its source is
the package named above together with build/fonts.py. The program does not link to it; it is a file
beside the program.
"""


def keep_licences() -> None:
    """Lay the licences beside the fonts, a page that says what was made from what, and the digests."""
    folder = OUTPUT / "LICENSES"
    folder.mkdir(parents=True, exist_ok=True)
    for package, member, name in LICENCES:
        data = (_unpacked(package) / member).read_bytes()
        text = gzip.decompress(data) if member.endswith(".gz") else data
        lines = (line.rstrip() for line in text.decode("utf-8").splitlines())
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    rows = [
        f"{face.file}\n    {face.package.name} {face.package.version}: {face.members[0]}" for face in FACES
    ]
    (folder / "README.txt").write_text(README.format(rows="\n".join(rows)), encoding="utf-8")
    sums = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}"
        for path in sorted(OUTPUT.glob("*.ttf"))
    ]
    (OUTPUT / "SHA256SUMS").write_text("\n".join(sums) + "\n", encoding="utf-8")


def main() -> None:
    """Make the named faces, or all of them."""
    global CACHE  # noqa: PLW0603 - one folder for one run
    parser = argparse.ArgumentParser(description="Make the fonts of resources/fonts.")
    parser.add_argument("--cache", type=Path, default=CACHE, help="where source packages are kept")
    parser.add_argument("faces", nargs="*", help="file names; all when none is given")
    chosen = parser.parse_args()
    CACHE = chosen.cache
    unknown = set(chosen.faces) - {face.file for face in FACES}
    if unknown:
        sys.exit(f"no such face: {', '.join(sorted(unknown))}")
    OUTPUT.mkdir(parents=True, exist_ok=True)
    for face in FACES:
        if not chosen.faces or face.file in chosen.faces:
            make(face)
    keep_licences()


if __name__ == "__main__":
    main()
