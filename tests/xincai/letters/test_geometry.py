"""A letter on paper as GB/T 9704-2012 wants it, measured in the PDF: margins, grid, faces, places."""

from collections.abc import Callable
from dataclasses import dataclass

import pypdfium2
import pytest
from test_kinds import sealed

from xincai.letters import Letter, render
from xincai.letters.geometry import MM, PITCH, SEAL, SIZE
from xincai.letters.layout import lay_out
from xincai.letters.letter import Language, Paragraph, Signing, SignLine, Span, Table
from xincai.letters.marks import Page, Text

Make = Callable[..., Letter]
LEFT, RIGHT, TOP, BOTTOM = 28 * MM, 184 * MM, 37 * MM, 262 * MM


@dataclass(frozen=True)
class Ink:
    """A run of characters on one baseline of a page: where its squares begin and end, measured from above."""

    text: str
    left: float
    right: float
    base: float


def ink(pdf: bytes, page: int) -> list[Ink]:
    """What is written on a page of the PDF, line by line."""
    document = pypdfium2.PdfDocument(pdf)
    sheet = document[page]
    words, high = sheet.get_textpage(), sheet.get_height()
    lines: dict[float, list[tuple[float, float, str]]] = {}
    for n in range(words.count_chars()):
        character = words.get_text_range(n, 1)
        if not character.strip("\r\n\x00"):
            continue
        x, y = pypdfium2.raw.c_double(), pypdfium2.raw.c_double()
        pypdfium2.raw.FPDFText_GetCharOrigin(words, n, x, y)
        right = words.get_charbox(n, loose=True)[2]
        lines.setdefault(round(high - y.value, 1), []).append((x.value, right, character))
    document.close()
    return [
        Ink("".join(c for _, _, c in run), min(x for x, _, _ in run), max(r for _, r, _ in run), base)
        for base, run in sorted(lines.items())
    ]


def line(lines: list[Ink], words: str) -> Ink:
    return next(each for each in lines if words in each.text)


@pytest.fixture(scope="module")
def letter(make: Make) -> Letter:
    return make("commitment", sealed("commitment", "ENT", cm_type="1"))


@pytest.fixture(scope="module")
def pdf(letter: Letter) -> bytes:
    return render(letter)


@pytest.fixture(scope="module")
def first(pdf: bytes) -> list[Ink]:
    return ink(pdf, 0)


def test_the_sheet_is_a4(pdf: bytes) -> None:
    document = pypdfium2.PdfDocument(pdf)
    sizes = {(round(page.get_width() / MM), round(page.get_height() / MM)) for page in document}
    document.close()
    assert sizes == {(210, 297)}


def test_the_text_stands_in_its_block(pdf: bytes) -> None:
    for page in range(2):
        text = [each for each in ink(pdf, page) if each.base < BOTTOM and each.left < 190 * MM]
        assert min(each.left for each in text) >= LEFT - 0.5
        assert max(each.right for each in text) <= RIGHT + SIZE / 2 + 0.5
        assert min(each.base for each in text) > TOP
        assert min(each.left for each in text) == pytest.approx(LEFT, abs=0.6)


def test_lines_stand_on_a_grid_of_22_and_characters_on_one_of_28(pdf: bytes) -> None:
    lines = ink(pdf, 1)
    start = next(n for n, each in enumerate(lines) if "承诺内容" in each.text)
    steps = [
        after.base - each.base
        for each, after in zip(lines[start:], lines[start + 1 : start + 8], strict=False)
    ]
    assert steps == pytest.approx([225 * MM / 22] * 7, abs=0.2)
    assert pytest.approx(10.23, abs=0.01) == PITCH / MM
    assert pytest.approx(5.57, abs=0.01) == SIZE / MM


def test_a_paragraph_begins_two_characters_in_and_a_title_stands_in_the_middle(first: list[Ink]) -> None:
    title, address, clause = line(first, "信用承诺书"), line(first, "致："), line(first, "（一）已经阅读")
    assert (title.left + title.right) / 2 == pytest.approx((LEFT + RIGHT) / 2, abs=0.6)
    assert address.left == pytest.approx(LEFT, abs=0.6)
    assert clause.left == pytest.approx(LEFT + 2 * SIZE, abs=0.6)


def test_each_level_has_its_face_and_size() -> None:
    spans = {
        "title": "标题",
        "heading": "一、标题",
        "subheading": "（一）标题",
        "body": "正文",
    }
    wanted = {
        "标题": ("song-bold", 22.0),
        "一、标题": ("hei", SIZE),
        "（一）标题": ("kai", SIZE),
        "正文": ("fang", SIZE),
    }
    blocks = tuple(Paragraph(role, (Span(text),)) for role, text in spans.items())  # type: ignore[arg-type]
    found = {}
    for mark in written(lay_out(plain(*blocks))[0]):
        found["".join(glyph.character for _, glyph in mark.glyphs)] = (mark.glyphs[0][1].face, mark.size)
    assert {text: found[text] for text in wanted} == {
        text: (face, pytest.approx(size)) for text, (face, size) in wanted.items()
    }


def test_page_numbers_stand_outside_seven_millimetres_below(pdf: bytes) -> None:
    odd, even = line(ink(pdf, 0), "— 1 —"), line(ink(pdf, 1), "— 2 —")
    assert even.left == pytest.approx(LEFT + SIZE, abs=1)
    assert odd.right < RIGHT
    assert odd.left > 105 * MM
    for each in (odd, even):
        assert 7 * MM <= each.base - BOTTOM + 14 * 0.5 <= 7 * MM + 14


def test_the_date_leaves_four_characters_and_the_name_stands_over_its_middle(pdf: bytes) -> None:
    signing = ink(pdf, 1)
    date = next(each for each in signing if each.text.replace(" ", "") == "2026年11月22日")
    name = signing[signing.index(date) - 1]
    assert name.text.startswith("测试县")
    assert date.right == pytest.approx(RIGHT - 4 * SIZE, abs=0.6)
    assert (name.left + name.right) / 2 == pytest.approx((date.left + date.right) / 2, abs=0.6)
    assert date.base - name.base == pytest.approx(PITCH, abs=0.2)


def test_a_square_of_45_millimetres_is_clear_for_the_seal(pdf: bytes) -> None:
    signing = ink(pdf, 1)
    at = next(n for n, each in enumerate(signing) if "（盖章）" in each.text)
    own = signing[at : at + 3]
    before, after = signing[at - 1], signing[at + 3]
    assert [each.text.replace(" ", "")[:3] for each in own] == ["（盖章", "测试县", "202"]
    assert after.base - before.base >= SEAL
    assert pytest.approx(45) == SEAL / MM


@pytest.mark.parametrize(("language", "words"), [("zh", "骑缝章处"), ("en", "sealacrosstheedges")])
def test_a_seal_across_the_edges_has_its_place_on_every_page_of_several(
    language: Language, words: str, make: Make
) -> None:
    letter = make("commitment", sealed("commitment", "ENT"), language=language)
    document = pypdfium2.PdfDocument(render(letter))
    for page in document:
        text = page.get_textpage()
        edge = text.get_text_bounded(left=203 * MM, bottom=90 * MM, right=210 * MM, top=210 * MM)
        assert "".join(edge.split()) == words
        text.close()
    assert len(document) >= 2
    document.close()


def test_one_page_and_an_unsealed_letter_have_no_such_place(make: Make) -> None:
    one = make("receipt", sealed("household", "HH", signer_kind="1"))
    person = make("commitment", sealed("commitment", "HH", signer_kind="1"))
    assert not any("骑" in each.text for made in (one, person) for each in ink(render(made), 0))


def test_a_title_of_several_lines_is_centred_and_never_stretched(make: Make) -> None:
    title = Paragraph("title", (Span("Commitment to the Truth of Information Filed Voluntarily"),))
    first, second = (
        mark
        for mark in written(lay_out(plain(title, language="en"))[0])
        if mark.size == 18.0 and len(mark.glyphs) > 9
    )
    for mark in (first, second):
        gaps = [
            after - x - glyph.width
            for (x, glyph), (after, _) in zip(mark.glyphs, mark.glyphs[1:], strict=False)
        ]
        assert max(gaps) < 0.01
        end, glyph = mark.glyphs[-1]
        assert mark.x + (end + glyph.width) / 2 == pytest.approx((LEFT + RIGHT) / 2, abs=0.1)


@pytest.mark.parametrize("lines", range(8, 26))
def test_words_before_a_table_and_before_a_signature_go_with_it(lines: int) -> None:
    above = [Paragraph("body", (Span(f"第{n}行"),)) for n in range(lines)]
    table = Table((0.2, 0.8), (((Span("头"),), (Span("头"),)), ((Span("甲"),), (Span("乙"),))), heading=True)
    signing = Signing((SignLine((Span("签名："),), blank=True),), (Span("名"),), "2026年11月22日", "（盖章）")
    for block, word, kept in ((table, "甲", 1), (signing, "签名：", 2)):
        pages = lay_out(plain(*above, block))
        page = next(each for each in pages if word in words_of(each))
        assert {f"第{n}行" for n in range(lines - kept, lines)} <= set(words_of(page))


def plain(*blocks: Paragraph | Table | Signing, language: Language = "zh") -> Letter:
    from test_kinds import AT

    return Letter("receipt", language, "CS-1", "题", blocks, "{}", "0000", AT, False, "r", 1, "测**", "1")


def written(page: Page) -> list[Text]:
    return [mark for mark in page.marks if isinstance(mark, Text)]


def words_of(page: Page) -> list[str]:
    return ["".join(glyph.character for _, glyph in mark.glyphs) for mark in written(page)]
