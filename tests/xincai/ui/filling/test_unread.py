from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt

Open = Callable[..., Any]

FORM = """
| survey |
| | type | name | label |
| | date | day | 日期 |
| | text | name | 名称 |
| | geoshape | land | 地块 |
| settings |
| | form_id | version | form_title |
| | unread | 1 | 试验 |
"""
CROSSED = "33.97 113.21 0 0; 33.98 113.22 0 0; 33.97 113.22 0 0; 33.98 113.21 0 0; 33.97 113.21 0 0"


def _check(hand: Any) -> bool:
    """Press the check; whether the review came."""
    hand.click("filling.seal")
    return bool(hand.page.stack.currentWidget() is hand.page.review)


def test_a_date_that_was_not_understood_is_not_sealed_over(open_form: Open) -> None:
    hand = open_form(FORM)
    hand.page.open_at("/data/day")
    hand.type("20260315")
    hand.enter()
    hand.page.open_at("/data/day")
    hand.pen.selectAll()
    hand.type("20260230")
    hand.enter()
    assert hand.value("/data/day") == "2026-03-15"
    assert not _check(hand)
    assert hand.pen.objectName() == "q:/data/day"
    hand.pen.selectAll()
    hand.type("20260301")
    assert _check(hand)
    assert hand.value("/data/day") == "2026-03-01"


def test_undo_frees_a_question_whose_text_was_not_understood(open_form: Open) -> None:
    hand = open_form(FORM)
    hand.page.open_at("/data/day")
    hand.type("20260315")
    hand.enter()
    hand.page.open_at("/data/day")
    hand.pen.selectAll()
    hand.type("20260230")
    hand.enter()
    hand.page._undo()
    assert "没有这样的日期" not in hand.words("/data/day")
    assert _check(hand)


def test_an_outline_whose_edges_cross_is_not_sealed(open_form: Open) -> None:
    hand = open_form(FORM)
    hand.page.scribe.answer("/data/land", CROSSED)
    assert not _check(hand)
    assert "交叉" in hand.words("/data/land")
    hand.click("clear:/data/land")
    assert _check(hand)


def test_two_corners_are_no_outline(open_form: Open) -> None:
    hand = open_form(FORM)
    hand.click("type:/data/land")
    hand.find("coords:/data/land").setPlainText("33.97, 113.21\n33.98, 113.22")
    assert not _check(hand)
    hand.click("clear:/data/land")
    assert _check(hand)


def test_a_long_name_shows_how_it_begins(open_form: Open) -> None:
    hand = open_form(FORM)
    hand.page.open_at("/data/name")
    hand.type("王" * 120)
    hand.press(Qt.Key.Key_Return)
    assert hand.find("q:/data/name").cursorPosition() == 0
