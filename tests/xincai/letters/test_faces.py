"""The fonts that ship: what they cover, that they are the ones the digests name, that subsets are sound."""

import hashlib
import io

import pytest
from fontTools.ttLib import TTFont

from xincai import paths
from xincai.errors import Problem
from xincai.letters import faces

FONTS = paths.resources() / "fonts"
NAMES = "䶮𬭚𫍯㛃堃喆龑𠅤𬀩犇彧玥"


def gb2312() -> set[str]:
    rows = (bytes([row, cell]) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    return {text for pair in rows if (text := pair.decode("gb2312", "ignore"))}


def test_the_fonts_are_the_ones_the_digests_name() -> None:
    for line in (FONTS / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((FONTS / name).read_bytes()).hexdigest() == digest, name


def test_the_fonts_fit_the_village_laptop() -> None:
    assert sum(path.stat().st_size for path in FONTS.rglob("*") if path.is_file()) <= 40_000_000


@pytest.mark.parametrize("name", ["song", "song-bold", "hei", "kai"])
def test_a_face_has_all_of_gb2312(name: str) -> None:
    assert faces.face(name).covers(gb2312())


def test_the_fang_face_has_all_han_of_gb2312() -> None:
    assert faces.face("fang").covers(c for c in gb2312() if c >= "\u4e00")


def test_the_song_face_has_the_uro_extension_a_and_rare_names() -> None:
    song = faces.face("song")
    assert song.covers(map(chr, range(0x4E00, 0x9FA6)))
    assert song.covers(map(chr, range(0x3400, 0x4DB6)))
    assert song.covers(NAMES)


def test_the_screen_font_has_names_and_the_uro() -> None:
    with TTFont(FONTS / "NotoSansSC-Regular.ttf", lazy=True) as font:
        characters = font.getBestCmap()
    assert {ord(c) for c in NAMES} <= characters.keys()
    assert set(range(0x4E00, 0x9FA6)) <= characters.keys()


@pytest.mark.parametrize("name", list(faces.FILES))
def test_our_parser_reads_what_fonttools_reads(name: faces.FaceName) -> None:
    ours = faces.face(name)
    with TTFont(FONTS / faces.FILES[name], lazy=True) as font:
        order, best, metrics = font.getReverseGlyphMap(), font.getBestCmap(), font["hmtx"]
        assert ours.glyphs == {code: order[glyph] for code, glyph in best.items()}
        for code in sorted(best)[::97]:
            assert ours.width(code) == metrics[best[code]][0] * 1000 // font["head"].unitsPerEm


def test_a_subset_is_a_font_with_those_glyphs() -> None:
    song = faces.face("song")
    codes = tuple(sorted(map(ord, "信用承诺书䶮𬭚A1，")))
    with (
        TTFont(io.BytesIO(song.cut(codes))) as subset,
        TTFont(FONTS / faces.FILES["song"], lazy=True) as whole,
    ):
        best, order = whole.getBestCmap(), subset.getGlyphOrder()
        assert subset["maxp"].numGlyphs == len(codes) + 1
        for number, code in enumerate(codes, 1):
            assert subset["glyf"][order[number]] == whole["glyf"][best[code]]
            assert subset["hmtx"][order[number]] == whole["hmtx"][best[code]]


def test_a_character_without_a_glyph_is_named() -> None:
    with pytest.raises(Problem) as caught:
        faces.choose("\U00030edd", faces.FALLBACK)
    assert caught.value.code == "letters.missing_glyph"
    assert caught.value.facts["code"] == "U+30EDD"


@pytest.mark.parametrize("hidden", ["\u202e", "\u2066", "\x07", "\ufe0f", "\U000e0100"])
def test_a_hidden_character_is_refused(hidden: str) -> None:
    with pytest.raises(Problem) as caught:
        faces.choose(hidden, faces.FALLBACK)
    assert caught.value.code == "letters.hidden_character"


@pytest.mark.parametrize("private", ["\ue000", "\uf8ff"])
def test_a_private_character_of_an_old_id_reader_is_named(private: str) -> None:
    with pytest.raises(Problem) as caught:
        faces.choose(private, faces.FALLBACK)
    assert caught.value.facts["code"] == f"U+{ord(private):04X}"


def test_licences_lie_beside_the_fonts() -> None:
    names = {path.name for path in (FONTS / "LICENSES").iterdir()}
    assert {"Noto-CJK.txt", "LXGW-WenKai.txt", "Hanazono.txt", "README.txt"} <= names
    fandol = (FONTS / "LICENSES" / "Fandol-GPL-3-with-font-exception.txt").read_text()
    assert "As a special exception, if you create a document which uses this font" in fandol


@pytest.mark.parametrize("file", list(faces.FILES.values()))
def test_no_face_bears_a_reserved_name(file: str) -> None:
    with TTFont(FONTS / file, lazy=True) as font:
        words = " ".join(str(record) for record in font["name"].names if record.nameID in {1, 4, 6})
    assert not any(name in words for name in ("LXGW", "霞鹜", "Hana", "Source", "Fandol"))
