"""Where lines end: 避头尾 holds for any text, both margins stay, nothing is lost."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xincai.letters.breaking import NO_END, NO_START, Style, break_lines, glyphs_of
from xincai.letters.faces import face
from xincai.letters.geometry import SIZE, WIDTH
from xincai.letters.letter import Span, Table
from xincai.letters.marks import Text
from xincai.letters.tables import table_boxes

BODY = Style(SIZE, ("fang", "kai"), ("song",))
HAN = "信用承诺书采集填报䶮𬭚中国农业银行一二三"
CLOSING, OPENING = "，。、；：？！）》”", "（《“"


@st.composite
def paragraphs(draw: st.DrawFn) -> str:
    """Words of Han, Latin and digits with at most two marks in a row, as people write."""
    word = st.one_of(
        st.text(HAN, min_size=1, max_size=9),
        st.text("abcXYZ0123456789.%-", min_size=1, max_size=18).filter(lambda t: t[0].isalnum()),
        st.sampled_from(["——", "……", "2026年11月22日", "100%", "3.14亩"]),
    )
    mark = st.sampled_from(["", "", *CLOSING, *OPENING, "。”", "》，", "：“", "），", " "])
    return "".join(a + b for a, b in draw(st.lists(st.tuples(word, mark), min_size=5, max_size=60)))


@settings(max_examples=120, deadline=None)
@given(paragraphs(), st.floats(min_value=12 * SIZE, max_value=WIDTH))
def test_no_line_begins_or_ends_with_the_wrong_mark(text: str, measure: float) -> None:
    lines = break_lines((Span(text),), BODY, measure, 2 * SIZE)
    for line in lines[1:]:
        assert line.text[0] not in NO_START, line.text
    for line in lines[:-1]:
        assert line.text[-1] not in NO_END, line.text


@pytest.mark.parametrize(
    ("text", "measure"),
    [("䶮䶮䶮䶮䶮䶮䶮䶮䶮：“000000000000000000000䶮", 198.0), ("䶮䶮：“0000000000%%%，——", 190.0)],
)
def test_a_word_wider_than_a_line_is_cut_away_from_its_marks(text: str, measure: float) -> None:
    lines = break_lines((Span(text),), BODY, measure, 2 * SIZE)
    assert "".join(line.text for line in lines) == text
    assert all(line.text[0] not in NO_START for line in lines[1:])
    assert all(line.text[-1] not in NO_END for line in lines[:-1])


@settings(max_examples=60, deadline=None)
@given(paragraphs(), st.floats(min_value=12 * SIZE, max_value=WIDTH))
def test_no_character_is_lost_or_moved_outside(text: str, measure: float) -> None:
    lines = break_lines((Span(text),), BODY, measure)
    assert "".join(line.text for line in lines).replace(" ", "") == text.replace(" ", "")
    for line in lines:
        ends = [x + glyph.width for x, glyph in line.glyphs]
        assert max(ends) <= measure + SIZE / 2 + 0.1
        assert ends == sorted(ends)


def test_a_full_line_of_han_has_28_characters() -> None:
    lines = break_lines((Span("信" * 60),), BODY, WIDTH)
    assert [len(line.text) for line in lines] == [28, 28, 4]


def test_lines_but_the_last_end_at_the_margin() -> None:
    text = "依法诚信经营，按约定用途使用贷款资金，共计1,200,000.00元，期限36个月；" * 6
    for line in break_lines((Span(text),), BODY, WIDTH)[:-1]:
        x, glyph = line.glyphs[-1]
        slack = SIZE / 2 if glyph.character in CLOSING else 0
        assert WIDTH - 0.1 <= x + glyph.width <= WIDTH + slack + 0.1


def test_latin_and_digits_stand_a_quarter_em_from_han() -> None:
    line = break_lines((Span("共20项"),), BODY, WIDTH)[0]
    places = {glyph.character: x for x, glyph in line.glyphs}
    assert abs(places["2"] - (SIZE + SIZE / 4)) < 0.01


def test_a_code_wider_than_its_cell_is_set_smaller_and_whole() -> None:
    code = "91410499MXEHWEFJ5N"
    table = Table((0.2, 0.25), (((Span("代码"),), (Span(code, value=True),)),))
    texts = [mark for box in table_boxes(table) for mark in box.marks if isinstance(mark, Text)]
    found = next(mark for mark in texts if "".join(g.character for _, g in mark.glyphs) == code)
    assert 8.0 <= found.size < 11.0


def test_a_digest_wider_than_the_line_breaks() -> None:
    lines = break_lines((Span("ab" * 64),), BODY, WIDTH)
    assert "".join(line.text for line in lines) == "ab" * 64
    assert len(lines) > 1


def test_the_han_of_a_name_stand_in_one_face() -> None:
    for name in ("欧阳测䶮", "王测𬭚", "阿依测试·古丽样例", "测试县㛃堃农业专业合作社"):
        glyphs = glyphs_of((Span("承诺人"), Span(name, value=True)), BODY)[3:]
        assert len({glyph.face for glyph in glyphs}) == 1, name


def test_a_name_that_no_face_has_whole_is_set_in_two_of_a_kind() -> None:
    only_rare = chr(min(set(face("rare").glyphs) - set(face("song").glyphs)))
    glyphs = glyphs_of((Span(f"王测{only_rare}", value=True),), BODY)
    assert [glyph.face for glyph in glyphs] == ["song", "song", "rare"]


def test_a_name_is_set_solid() -> None:
    for count in range(20, 28):
        text = (Span("承" * count), Span("欧阳测试", value=True), Span("abcdefghijk" * 2 + "承诺" * 20))
        for line in break_lines(text, BODY, WIDTH):
            held = [(x, g) for x, g in line.glyphs if g.value]
            for (x, glyph), (following, _) in pairwise(held):
                assert abs(following - x - glyph.width) < 0.01


def test_a_line_break_in_an_answer_is_kept() -> None:
    lines = break_lines((Span("甲\r\n乙\u2028丙", value=True),), BODY, WIDTH)
    assert [line.text for line in lines] == ["甲", "乙", "丙"]
