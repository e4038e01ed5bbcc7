import pytest
from hypothesis import given
from hypothesis import strategies as st

from xincai.ui.filling import markup


@pytest.mark.parametrize(
    "words", ["普通", "a_b_c", "5 * 3 * 2", "要求：*必填", "[坏](javascript:1)", "#号", "1\\2"]
)
def test_words_without_markup_stay_plain_words(words: str) -> None:
    assert markup.rich(words) == ""
    assert markup.plain(words) == words


@pytest.mark.parametrize(
    ("words", "rich", "plain"),
    [
        ("**粗** *斜* _斜_ __粗__", "<b>粗</b> <i>斜</i> <i>斜</i> <b>粗</b>", "粗 斜 斜 粗"),
        ("\\*不\\*", "*不*", "*不*"),
        ("甲\n**乙**", "甲<br><b>乙</b>", "甲\n乙"),
        ('<span style="color:red">红</span>', '<span style="color:red">红</span>', "红"),
        ('<span style="color: url(x)">红</span>', "红", "红"),
        ("[网](https://e.org/a_b_c?d=1&e=2)", '<a href="https://e.org/a_b_c?d=1&amp;e=2">网</a>', "网"),
        ("**<b>甲</b>**", "<b>&lt;b&gt;甲&lt;/b&gt;</b>", "<b>甲</b>"),
    ],
)
def test_odk_markup_is_shown(words: str, rich: str, plain: str) -> None:
    assert markup.rich(words) == rich
    assert markup.plain(words) == plain


@given(st.text(alphabet="ab*_#<>/\\[]()\"'=: \nspancolrhtf", max_size=60))
def test_no_html_of_a_form_gets_through(words: str) -> None:
    import re

    shown = markup.rich(words)
    tags = r"/?[bi]|br|/?span|/?a"
    style = r"color:[#\w]+|font-size:[\w-]+; font-weight:700"
    allowed = rf"<({tags}|span style=\"({style})\"|a href=\"[^\"<>]*\")>"
    assert "<" not in re.sub(allowed, "", shown)
