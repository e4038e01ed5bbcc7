import time
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidgetItem

Open = Callable[..., Any]
_ROWS = "\n".join(f"| | v | n{n} | 第 {n} 村 |" for n in range(10_000))
LARGE = f"""
| survey |
| | type | name | label | appearance |
| | select_one v | one | 村 | |
| | select_multiple v | some | 几个村 | |
| | select_one v | drop | 村 | minimal |
| choices |
| | list_name | name | label |
{_ROWS}
| settings |
| | form_id | version | form_title |
| | large | 1 | 一万个选项 |
"""


@pytest.mark.parametrize("name", ["one", "some", "drop"])
def test_ten_thousand_choices_open_and_are_found_at_once(open_form: Open, name: str) -> None:
    hand = open_form(LARGE)
    hand.page.open_at(f"/data/{name}")
    field = hand.page.board.shown[f"/data/{name}"].field
    began = time.perf_counter()
    field.line.setText("")
    hand.type("第 9876 村")
    field._list(field.line.text())
    assert time.perf_counter() - began < 0.5
    assert field.list.count() == 1
    hand.press(Qt.Key.Key_Return)
    assert hand.value(f"/data/{name}") == "n9876"


def test_several_are_ticked_and_unticked_and_stored_in_the_order_of_the_list(open_form: Open) -> None:
    hand = open_form(LARGE)
    hand.page.open_at("/data/some")
    field = hand.page.board.shown["/data/some"].field
    for wanted in ("第 30 村", "第 4000 村", "第 7 村"):
        hand.type(wanted)
        field._list(wanted)
        exact = next(item for item in _items(field) if item.text() == wanted)
        field._on_clicked(exact)
    assert hand.value("/data/some") == "n7 n30 n4000"
    assert "已选 3 项：第 7 村、第 30 村、第 4000 村" in hand.words("/data/some")
    field._list("第 30 村")
    field._on_clicked(next(item for item in _items(field) if item.text() == "第 30 村"))
    assert hand.value("/data/some") == "n7 n4000"


def test_a_search_that_was_left_standing_is_no_answer(open_form: Open) -> None:
    hand = open_form(LARGE)
    hand.page.open_at("/data/some")
    hand.type("第 30")
    hand.page.settle()
    assert hand.value("/data/some") == ""
    assert hand.page.board.shown["/data/some"].field.is_unread is False


def _items(field: Any) -> list[QListWidgetItem]:
    return [field.list.item(row) for row in range(field.list.count())]
