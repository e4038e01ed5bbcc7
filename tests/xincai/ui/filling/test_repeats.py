import gc
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QTableWidget

Open = Callable[..., Any]

PARCELS = """
| survey |
|  | type             | name    | label | required | constraint | constraint_message | bind::xc:unit | relevant |
|  | begin_repeat     | parcel  | 地块 | | | | | |
|  | text             | name    | 地块名称 | yes | | | | |
|  | select_one use   | use     | 用途 | | | | | |
|  | decimal          | mu      | 面积 | yes | . > 0 | 面积应大于 0。 | 亩 | |
|  | date             | since   | 流转日期 | | | | | |
|  | text             | why     | 原因 | | | | | ${use} = 'b' |
|  | end_repeat       |         | | | | | | |
| choices |
|  | list_name | name | label |
|  | use | a | 粮食 |
|  | use | b | 经济作物 |
| settings |
|  | form_id | version | form_title |
|  | parcels | 1 | 地块 |
"""  # noqa: E501 - a form is as wide as its columns


def _table(hand: Any) -> QTableWidget:
    table = hand.find("rows:/data/parcel")
    assert isinstance(table, QTableWidget)
    return table


def _cells(hand: Any) -> list[list[str]]:
    table = _table(hand)
    return [
        [item.text() if (item := table.item(row, column)) else "" for column in range(1, table.columnCount())]
        for row in range(table.rowCount())
    ]


def _fill(hand: Any, number: int, name: str, mu: str) -> None:
    hand.page.open_at(f"/data/parcel[{number}]/name")
    hand.type(name)
    hand.page.open_at(f"/data/parcel[{number}]/mu")
    hand.type(mu)
    hand.enter()


def test_rows_are_added_and_summed_up(open_form: Open) -> None:
    hand = open_form(PARCELS)
    before = hand.filling.entry("/data/parcel").count
    hand.click("add:/data/parcel")
    count = before + 1
    assert hand.filling.entry("/data/parcel").count == count
    assert hand.pen.objectName() == f"q:/data/parcel[{count}]/name"
    _fill(hand, count, "村东地", "12.5")
    assert _cells(hand)[-1][:3] == ["村东地", "", "12.5"]


def test_enter_walks_through_a_row_and_on_to_the_next_one(open_form: Open) -> None:
    hand = open_form(PARCELS)
    if not hand.filling.entry("/data/parcel").count:
        hand.click("add:/data/parcel")
    hand.page.open_at("/data/parcel[1]/name")
    for text in ("村东地", "1", "12.5", "20260315"):
        hand.type(text)
        hand.enter()
    assert hand.pen.objectName() == "add:/data/parcel"
    hand.enter()
    assert hand.pen.objectName() == "q:/data/parcel[2]/name"


def test_a_row_is_duplicated_removed_and_brought_back(open_form: Open) -> None:
    hand = open_form(PARCELS)
    if not hand.filling.entry("/data/parcel").count:
        hand.click("add:/data/parcel")
    _fill(hand, 1, "村东地", "12.5")
    hand.page.open_at("/data/parcel[1]/name")
    hand.press(Qt.Key.Key_D, ctrl=True)
    assert [row[0] for row in _cells(hand)] == ["村东地", "村东地"]
    assert hand.pen.objectName() == "q:/data/parcel[2]/name"
    hand.pen.selectAll()
    hand.type("村西地")
    hand.enter()
    hand.click("remove:/data/parcel")
    assert [row[0] for row in _cells(hand)] == ["村东地"]
    hand.click("undo:/data/parcel.act")
    assert [row[0] for row in _cells(hand)] == ["村东地", "村西地"]


def test_a_row_opens_by_its_number(open_form: Open) -> None:
    hand = open_form(PARCELS)
    while hand.filling.entry("/data/parcel").count < 3:
        hand.click("add:/data/parcel")
    hand.click("row:/data/parcel[2]")
    assert hand.pen.objectName() == "q:/data/parcel[2]/name"


def test_relevance_inside_a_row(open_form: Open) -> None:
    hand = open_form(PARCELS)
    if not hand.filling.entry("/data/parcel").count:
        hand.click("add:/data/parcel")
    hand.click("q:/data/parcel[1]/use=b")
    assert hand.sees("q:/data/parcel[1]/why")
    assert _cells(hand)[0][1] == "经济作物"


def test_rows_from_excel_are_pasted_with_what_was_not_understood(open_form: Open) -> None:
    hand = open_form(PARCELS)
    QGuiApplication.clipboard().setText(
        "面积（亩）\t地块名称\t用途\r\n1,200.5\t村东\t粮食\r\n很大\t村西\t果园\r\n\t\t\r\n8\t村南\tb\r\n"
    )
    hand.click("paste:/data/parcel")
    assert [row[:3] for row in _cells(hand)] == [
        ["村东", "粮食", "1200.5"],
        ["村西", "", ""],
        ["村南", "经济作物", "8"],
    ]
    assert hand.pen.objectName() in ("rows:/data/parcel", "paste:/data/parcel")
    told = hand.find("told:/data/parcel").words()
    assert "已粘贴 3 行。" in told
    assert "第 2 行“面积”没有读懂：很大" in told
    assert "第 2 行“用途”没有读懂：果园" in told


ROWS = "\n".join(f"地块{n}\t粮食\t{n + 1}\t20260315" for n in range(200))


def test_two_hundred_pasted_rows_never_hold_the_screen_and_are_one_step(
    open_form: Open, qapp: QApplication
) -> None:
    hand = open_form(PARCELS)
    QGuiApplication.clipboard().setText(ROWS)
    before = hand.filling.entry("/data/parcel").count
    turns = list[float]()
    gc.freeze()  # as the program does when it has started: what earlier tests left is not looked through
    hand.click("paste:/data/parcel")
    while hand.sees("filling.progress"):
        began = time.process_time()
        qapp.processEvents()
        turns.append(time.process_time() - began)
    gc.unfreeze()
    *pasting, _ = turns  # the last draws the table
    assert max(pasting) < sum(turns) / 4, turns
    assert hand.filling.entry("/data/parcel").count == 200
    assert hand.value("/data/parcel[200]/mu") == "200"
    assert "已粘贴 200 行。" in hand.find("told:/data/parcel").words()
    assert hand.pen is _table(hand)
    hand.press(Qt.Key.Key_Z, ctrl=True)
    assert hand.filling.entry("/data/parcel").count == before


def test_pasting_is_stopped_and_leaves_no_trace(open_form: Open) -> None:
    hand = open_form(PARCELS)
    hand.click("add:/data/parcel")
    hand.type("甲地")
    hand.enter()
    before = hand.filling.session.draft_xml()
    QGuiApplication.clipboard().setText(ROWS)
    hand.click("paste:/data/parcel")
    assert 1 < hand.filling.entry("/data/parcel").count < 200
    assert hand.pen.objectName() == "filling.progress.cancel"
    assert not hand.find("add:/data/parcel").isEnabled()
    assert not hand.find("filling.seal").isEnabled()
    hand.press(Qt.Key.Key_Z, ctrl=True)
    hand.click("filling.progress.cancel")
    assert hand.filling.session.draft_xml() == before
    assert not hand.sees("filling.progress")
    assert hand.find("filling.seal").isEnabled()
    assert [row[0] for row in _cells(hand)][-1] == "甲地"


def test_leaving_in_the_middle_of_a_paste_takes_in_the_rest(open_form: Open) -> None:
    hand = open_form(PARCELS)
    QGuiApplication.clipboard().setText(ROWS)
    hand.click("paste:/data/parcel")
    assert hand.sees("filling.progress")
    hand.page.settle()
    assert hand.filling.entry("/data/parcel").count == 200
    assert not hand.sees("filling.progress")


def test_a_head_without_rows_leaves_the_table_as_it_was(open_form: Open) -> None:
    hand = open_form(PARCELS)
    before = hand.filling.session.draft_xml()
    QGuiApplication.clipboard().setText("地块名称\t面积")
    hand.click("paste:/data/parcel")
    assert "剪贴板里没有表格行" in hand.find("told:/data/parcel").words()
    assert hand.filling.session.draft_xml() == before


def test_the_row_the_arrows_chose_is_the_one_delete_removes(open_form: Open) -> None:
    hand = open_form(PARCELS)
    while hand.filling.entry("/data/parcel").count < 3:
        hand.click("add:/data/parcel")
    for number, name in enumerate(("甲地", "乙地", "丙地"), start=1):
        hand.page.scribe.answer(f"/data/parcel[{number}]/name", name)
    _table(hand).setFocus()
    hand.press(Qt.Key.Key_Up)
    assert hand.sees("q:/data/parcel[2]/name")
    assert hand.pen is _table(hand)
    hand.press(Qt.Key.Key_Delete)
    assert [row[0] for row in _cells(hand)] == ["甲地", "丙地"]


def test_a_repeat_inside_a_row(open_form: Open) -> None:
    hand = open_form("""
| survey |
| | type | name | label |
| | begin_repeat | farm | 农场 |
| | text | title | 名称 |
| | begin_repeat | crop | 作物 |
| | text | name | 作物名 |
| | end_repeat | | |
| | end_repeat | | |
| settings |
| | form_id | version | form_title |
| | nested | 1 | 套表 |
""")
    if not hand.filling.entry("/data/farm").count:
        hand.click("add:/data/farm")
    count = hand.filling.entry("/data/farm[1]/crop").count
    hand.click("add:/data/farm[1]/crop")
    assert hand.pen.objectName() == f"q:/data/farm[1]/crop[{count + 1}]/name"
    hand.type("wheat")
    hand.enter()
    assert hand.value(f"/data/farm[1]/crop[{count + 1}]/name") == "wheat"
    assert hand.pen.objectName() == "add:/data/farm[1]/crop"


SUMS = """
| survey |
|  | type         | name  | label | bind::xc:unit | bind::xc:level |
|  | begin_repeat | tax   | 缴税 | | |
|  | text         | kind  | 税种 | | L3 |
|  | decimal      | sum   | 近十二个月实际缴纳的税款合计 | 元 | L3 |
|  | text         | id    | 证件号码 | | L4 |
|  | end_repeat   |       | | | |
| settings |
|  | form_id | version | form_title |
|  | sums | 1 | 缴税 |
"""


def test_a_row_reads_as_its_questions_do_and_long_heads_can_be_read(open_form: Open) -> None:
    hand = open_form(SUMS)
    for name, value in (("kind", "增值税"), ("sum", "107000.53"), ("id", "410499199001010010")):
        hand.page.scribe.answer(f"/data/tax[1]/{name}", value)
    table = hand.find("rows:/data/tax")
    assert [table.item(0, column).text() for column in (1, 2, 3)] == [
        "增值税", "107,000.53", "410499********0010"
    ]  # fmt: skip
    assert table.item(0, 2).toolTip() == "107,000.53"
    assert table.horizontalHeaderItem(2).toolTip() == "近十二个月实际缴纳的税款合计（元）"
