"""The language of letter texts."""

from collections.abc import Mapping, Sequence

import pytest

from xincai.letters.letter import Block, PageBreak, Paragraph, Signing, Span, Table
from xincai.letters.template import Answers, Fields, parse

HEAD = "---\nversion: 3\ntitle: 题\n---\n"


def fill(text: str, lists: Mapping[str, Sequence[Fields]] | None = None, **shown: str) -> tuple[Block, ...]:
    return parse(HEAD + text).fill(Answers("zh", shown, {}, lists or {}))


def spans(block: Block) -> tuple[Span, ...]:
    assert isinstance(block, Paragraph)
    return block.spans


def test_a_text_has_a_title_and_a_version() -> None:
    assert (parse(HEAD).title, parse(HEAD).version) == ("题", "3")


def test_a_placeholder_becomes_a_value() -> None:
    assert fill("甲{a}乙", a="值") == (Paragraph("body", (Span("甲"), Span("值", value=True), Span("乙"))),)


def test_words_stand_in_for_an_empty_field() -> None:
    assert spans(fill("{a|{b}}", b="乙")[0]) == (Span("乙", value=True),)
    assert spans(fill("{a|无}")[0]) == (Span("无"),)


@pytest.mark.parametrize(
    ("line", "printed"),
    [
        ("[a] 有", True),
        ("[!a] 无", False),
        ("[a=1] 一", True),
        ("[a=2] 二", False),
        ("[a] [b] 都", False),
        ("[a][!b] 只", True),
    ],
)
def test_conditions(line: str, printed: bool) -> None:
    assert bool(fill(line, a="1")) == printed


def test_a_table_repeats_a_row_for_each_item() -> None:
    (table,) = fill(
        "|: 20 80\n|= 序 | 名 |\n|* rows | {no} | {label} |\n",
        {"rows": [{"no": "1", "label": "甲"}, {"no": "2", "label": "a|b"}]},
    )
    assert isinstance(table, Table)
    assert table.heading
    assert [row[1][0].text for row in table.rows] == ["名", "甲", "a|b"]


def test_an_answer_of_several_lines_becomes_several_paragraphs() -> None:
    assert len(fill("{a}", a="一\n二\n三")) == 3


def test_a_signing_place() -> None:
    (signing,) = fill(":sign! 签名：\n:name {n}\n:date {d}\n:seal （盖章）", n="测试社", d="2026年1月2日")
    assert isinstance(signing, Signing)
    assert (signing.date, signing.seal, signing.lines[0].blank) == ("2026年1月2日", "（盖章）", True)


def test_filters() -> None:
    (block,) = fill("{d:date}{m:money}{m:capital}{c:mask}", d="2026-03-05", m="1200", c="93410499MXABCD122U")
    words = [span.text for span in spans(block)]
    assert words == ["2026年3月5日", "1,200.00", "壹仟贰佰元整", "934104********122U"]


def test_filters_follow_one_another() -> None:
    (block,) = fill("{m:wan:money}元，{m:wan:capital}，{r:percent}，{none:wan:money|不限}", m="30", r="4.5")
    assert "".join(span.text for span in spans(block)) == "300,000.00元，叁拾万元整，4.5%，不限"


def test_a_page_break() -> None:
    assert fill("甲\n===\n乙")[1] == PageBreak()


def test_a_value_that_looks_like_the_language_stays_a_value() -> None:
    assert spans(fill("{a}", a="{b}", b="x")[0]) == (Span("{b}", value=True),)
