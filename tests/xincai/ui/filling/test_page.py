import time
from collections.abc import Callable
from typing import Any

import shiboken6
from PySide6.QtCore import QDate, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCalendarWidget

from xincai.ui import language
from xincai.ui.filling import FillingPage
from xincai.ui.filling.card import QuestionCard
from xincai.vault import Vault

Open = Callable[..., Any]

FARM = """
| survey  |
|         | type              | name    | label::中文 (zh) | label::English (en) | hint::中文 (zh) | required | constraint | constraint_message::中文 (zh) | relevant | calculation | bind::xc:level | bind::xc:unit | appearance |
|         | begin_group       | basic   | 基本情况 | Basics  | | | | | | | | | |
|         | text              | name    | 农场名称 | Name | 与执照一致 | yes | | | | | | | |
|         | select_one kind   | kind    | 类型 | Kind | | yes | | | | | | | |
|         | text              | idno    | 身份证号码 | ID number | | | string-length(.) = 18 | 应为18位，请核对。 | | | L4 | | |
|         | integer           | members | 成员数 | Members | | | . < 20 | 人数太多，请核对。 | | | | 人 | |
|         | decimal           | income  | 收入 | Income | | | | | | | | 元 | |
|         | text              | other   | 其他说明 | Other | | | | | ${kind} = 'x' | | | | |
|         | end_group         |         | | | | | | | | | | | |
|         | begin_group       | more    | 其他 | More | | | | | | | | | |
|         | date              | day     | 日期 | Day | | | | | | | | | |
|         | select_multiple crop | crops | 作物 | Crops | | | | | | | | | |
|         | select_one village | village | 村 | Village | | | | | | | | | |
|         | text              | remark  | 备注 | Remark | | | | | | | | | multiline |
|         | end_group         |         | | | | | | | | | | | |
| choices |
|         | list_name | name | label::中文 (zh) | label::English (en) |
|         | kind | a | 企业 | Company |
|         | kind | b | 农户 | Household |
|         | kind | x | 其他 | Other |
|         | crop | wheat | 小麦 | Wheat |
|         | crop | corn | 玉米 | Corn |
|         | village | v1 | 柳河村 | Liuhe |
|         | village | v2 | 王庄村 | Wangzhuang |
|         | village | v3 | 石桥村 | Shiqiao |
|         | village | v4 | 东风村 | Dongfeng |
|         | village | v5 | 红旗村 | Hongqi |
|         | village | v6 | 杨树村 | Yangshu |
|         | village | v7 | 南关村 | Nanguan |
|         | village | v8 | 北关村 | Beiguan |
| settings |
|         | form_id | version | form_title | default_language |
|         | trial | 1 | 试验表 | 中文 (zh) |
"""  # noqa: E501 - a form is as wide as its columns

_ROWS = "\n".join(f"| | text | q{n} | 第 {n} 题 | |" for n in range(200))
WIDE = f"""
| survey |
| | type | name | label | required |
| | begin_group | g | 全部 | |
{_ROWS}
| | end_group | | | |
| settings |
| | form_id | version | form_title |
| | wide | 1 | 宽表 |
"""


def test_typing_and_enter_walk_through_a_section_by_keyboard_alone(open_form: Open) -> None:
    hand = open_form(FARM)
    assert hand.pen.objectName() == "q:/data/basic/name"
    hand.type("李测䶮家庭农场")
    hand.enter()
    assert hand.pen.objectName() == "q:/data/basic/kind=a"
    hand.type("2")
    hand.enter()
    assert hand.value("/data/basic/kind") == "b"
    hand.type("41049919900101001x")
    hand.enter()
    hand.type("4")
    hand.enter()
    hand.type("107000.53")
    hand.enter()
    assert hand.value("/data/basic/name") == "李测䶮家庭农场"
    assert hand.value("/data/basic/idno") == "41049919900101001X"
    assert hand.value("/data/basic/income") == "107000.53"
    assert hand.pen.objectName() == "filling.next"
    hand.enter()
    assert hand.pen.objectName() == "q:/data/more/day"
    hand.type("20260315")
    hand.enter()
    hand.type("12")
    hand.enter()
    hand.type("lhc")
    hand.enter()
    assert hand.value("/data/more/village") == "v1"
    assert hand.value("/data/more/day") == "2026-03-15"
    assert hand.value("/data/more/crops") == "wheat corn"


def test_every_answer_is_saved(open_form: Open, vault: Vault) -> None:
    hand = open_form(FARM)
    for number, text in enumerate(("甲", "乙", "丙"), start=1):
        hand.page.open_at("/data/basic/name")
        hand.pen.clear()
        hand.type(text)
        hand.enter()
        hand.wait(lambda number=number: len(hand.saves) == number)
        assert text.encode() in vault.draft("d1").xml
    assert hand.find("filling.saved").text() == f"已保存 {hand.saves[-1]}"


def test_savings_that_pile_up_are_joined_and_the_newest_is_kept(open_form: Open, vault: Vault) -> None:
    hand = open_form(FARM)
    for count in range(1, 16):
        hand.page.scribe.answer("/data/basic/members", str(count))
    hand.wait(lambda: not hand.tasks.is_busy)
    assert 1 <= len(hand.saves) <= 15
    assert b"<members>15</members>" in vault.draft("d1").xml


def test_a_broken_rule_is_told_when_the_pen_leaves(open_form: Open) -> None:
    hand = open_form(FARM)
    hand.page.open_at("/data/basic/members")
    hand.type("45")
    assert "人数太多" not in hand.words("/data/basic/members")
    hand.press(Qt.Key.Key_Tab)
    assert "人数太多，请核对。" in hand.words("/data/basic/members")
    hand.page.open_at("/data/basic/members")
    hand.pen.selectAll()
    hand.type("4")
    hand.press(Qt.Key.Key_Tab)
    assert "人数太多" not in hand.words("/data/basic/members")


def test_letters_in_a_number_are_refused_in_words_and_stay_visible(open_form: Open) -> None:
    hand = open_form(FARM)
    hand.page.open_at("/data/basic/members")
    hand.type("ab")
    hand.enter()
    assert "这里要填整数" in hand.words("/data/basic/members")
    assert hand.find("q:/data/basic/members").text() == "ab"
    assert hand.value("/data/basic/members") == ""


def test_relevance_shows_and_hides(open_form: Open) -> None:
    hand = open_form(FARM)
    assert not hand.sees("q:/data/basic/other")
    hand.click("q:/data/basic/kind=x")
    assert hand.sees("q:/data/basic/other")
    hand.click("q:/data/basic/kind=a")
    assert not hand.sees("q:/data/basic/other")


def test_a_question_that_came_is_as_tall_as_it_wants(open_form: Open) -> None:
    hand = open_form(FARM)
    hand.click("q:/data/basic/kind=x")
    card = hand.find("card:/data/basic/other")
    hand.wait(lambda: card.maximumHeight() > 10_000 and card.height() >= card.minimumSizeHint().height())


def test_a_click_beside_the_words_of_an_option_chooses_it(open_form: Open) -> None:
    hand = open_form(FARM)
    option = hand.find("q:/data/basic/kind=b")
    hand.click("q:/data/basic/kind=b", (option.width() - 8, option.height() // 2))
    assert hand.value("/data/basic/kind") == "b"


def test_an_identity_number_is_masked_when_the_pen_leaves(open_form: Open) -> None:
    hand = open_form(FARM)
    hand.page.open_at("/data/basic/idno")
    hand.type("410499199001010010")
    field = hand.find("q:/data/basic/idno")
    assert field.text() == "410499199001010010"
    hand.press(Qt.Key.Key_Tab)
    assert field.text() == "410499********0010"
    assert hand.value("/data/basic/idno") == "410499199001010010"
    field.actions()[0].trigger()
    assert field.text() == "410499199001010010"


def test_money_shows_thousands_and_capitals(open_form: Open) -> None:
    hand = open_form(FARM)
    hand.page.open_at("/data/basic/income")
    hand.type("107000.53")
    hand.press(Qt.Key.Key_Tab)
    assert hand.find("q:/data/basic/income").text() == "107,000.53"
    assert "壹拾万零柒仟元伍角叁分" in hand.words("/data/basic/income")


def test_undo_takes_the_last_answer_back(open_form: Open) -> None:
    hand = open_form(FARM)
    hand.click("q:/data/basic/kind=a")
    hand.click("q:/data/basic/kind=x")
    hand.press(Qt.Key.Key_Z, ctrl=True)
    assert hand.value("/data/basic/kind") == "a"
    assert hand.find("q:/data/basic/kind=a").isChecked()
    assert not hand.sees("q:/data/basic/other")


def test_typed_text_is_taken_in_on_a_pause_without_leaving(open_form: Open) -> None:
    hand = open_form(FARM)
    hand.type("半句")
    hand.wait(lambda: hand.value("/data/basic/name") == "半句")
    assert hand.pen.objectName() == "q:/data/basic/name"


def test_enter_leaves_a_paragraph_and_shift_enter_begins_a_line(open_form: Open) -> None:
    hand = open_form(FARM)
    hand.page.open_at("/data/more/remark")
    hand.type("a")
    QTest.keyClick(hand.pen, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    hand.type("b")
    hand.enter()
    assert hand.value("/data/more/remark") == "a\nb"
    assert hand.pen.objectName() == "filling.next"


def test_escape_loses_nothing(open_form: Open) -> None:
    hand = open_form(FARM)
    hand.type("abc")
    hand.press(Qt.Key.Key_Escape)
    assert hand.value("/data/basic/name") == "abc"


def test_the_language_switches_in_place_and_keeps_answers(open_form: Open) -> None:
    hand = open_form(FARM)
    hand.click("q:/data/basic/kind=b")
    hand.page.open_at("/data/basic/name")
    hand.type("abc")
    language.speak(QApplication.instance(), "en")
    hand.wait(lambda: "Household" in hand.find("q:/data/basic/kind=b").text())
    assert hand.find("q:/data/basic/kind=b").isChecked()
    assert hand.find("q:/data/basic/name").text() == "abc"
    assert hand.value("/data/basic/name") == "abc"
    assert "Name" in hand.words("/data/basic/name")


def test_the_outline_counts_required_answers_and_jumps(open_form: Open) -> None:
    hand = open_form(FARM)
    entry = hand.find("outline:/data/basic")
    assert "已答 0 项" in entry.accessibleName()
    hand.type("甲")
    hand.enter()
    hand.wait(lambda: "已答 1 项" in entry.accessibleName())
    hand.click("outline:/data/more")
    assert hand.pen.objectName() == "q:/data/more/day"


def test_f8_goes_from_problem_to_problem(open_form: Open) -> None:
    hand = open_form(FARM)
    hand.page.open_at("/data/more/day")
    hand.press(Qt.Key.Key_F8)
    assert hand.pen.objectName() == "q:/data/basic/name"
    hand.press(Qt.Key.Key_F8)
    assert hand.pen.objectName() == "q:/data/basic/kind=a"


def test_control_down_goes_to_the_next_section(open_form: Open) -> None:
    hand = open_form(FARM)
    hand.press(Qt.Key.Key_Down, ctrl=True)
    assert hand.pen.objectName() == "q:/data/more/day"


def test_the_review_tells_what_is_missing_and_leads_there(open_form: Open) -> None:
    hand = open_form(FARM)
    hand.click("filling.seal")
    assert not hand.sees("filling.confirm")
    assert hand.sees("missing:/data/basic/kind")
    hand.click("missing:/data/basic/kind")
    assert hand.pen.objectName() == "q:/data/basic/kind=a"


def test_a_finished_filling_is_sealed(open_form: Open) -> None:
    sealed: list[object] = []
    hand = open_form(FARM, seal=lambda filling: filling.draft_id)
    hand.page.sealed.connect(sealed.append)
    hand.type("甲")
    hand.enter()
    hand.type("1")
    hand.click("filling.seal")
    assert hand.pen.objectName() == "filling.confirm"
    hand.enter()
    hand.wait(lambda: sealed == ["d1"])


def test_leaving_takes_in_what_is_being_typed(open_form: Open) -> None:
    hand = open_form(FARM)
    hand.type("没写完")
    hand.page.leave()
    assert hand.value("/data/basic/name") == "没写完"


def test_two_hundred_questions_open_at_once_and_answer_quickly(open_form: Open) -> None:
    hand = open_form(WIDE)
    began = time.process_time()
    page = FillingPage(hand.filling, hand.tasks, seal=lambda _: None)
    page.resize(1366, 768)
    page.show()
    assert time.process_time() - began < 0.3
    shiboken6.delete(page)
    began = time.process_time()
    hand.page.scribe.answer("/data/g/q0", "x")
    assert time.process_time() - began < 0.05


def test_a_jump_to_the_far_end_makes_only_what_is_near(open_form: Open, qapp: QApplication) -> None:
    hand = open_form(WIDE)
    began = time.process_time()
    hand.page.open_at("/data/g/q199")
    qapp.processEvents()
    assert time.process_time() - began < 0.4
    assert hand.pen.objectName() == "q:/data/g/q199"
    assert _is_in_view(hand, "/data/g/q199")
    assert len(hand.page.findChildren(QuestionCard)) < 60
    for number in range(198, 170, -1):
        QTest.keyClick(hand.pen, Qt.Key.Key_Backtab)
        assert hand.pen.objectName() == f"q:/data/g/q{number}"
    hand.page.open_at("/data/g/q199")
    hand.enter()
    assert hand.pen.objectName() == "filling.next"


def test_what_was_jumped_over_is_made_as_one_scrolls_and_stays_in_order(
    open_form: Open, qapp: QApplication
) -> None:
    hand = open_form(WIDE)
    hand.page.open_at("/data/g/q199")
    qapp.processEvents()
    bar = hand.page.area.verticalScrollBar()
    for part in (0.5, 0.2, 0.8):
        bar.setValue(int(bar.maximum() * part))
        qapp.processEvents()
        assert len(_in_view(hand)) >= 4, part
    bar.setValue(bar.maximum())
    while bar.value():
        bar.setValue(bar.value() - 300)
        qapp.processEvents()
        assert len(_in_view(hand)) >= 4
    cards = sorted(hand.page.findChildren(QuestionCard), key=lambda card: card.y())
    assert [card.entry.ref for card in cards] == [f"/data/g/q{number}" for number in range(200)]


def _is_in_view(hand: Any, ref: str) -> bool:
    return ref in _in_view(hand)


def _in_view(hand: Any) -> list[str]:
    view = hand.page.area.viewport()
    cards = [card for card in hand.page.findChildren(QuestionCard) if card.isVisible()]
    return [c.entry.ref for c in cards if 0 <= c.mapTo(view, c.rect().center()).y() <= view.height()]


def test_tab_follows_the_eye_also_to_what_came_later(open_form: Open) -> None:
    hand = open_form(FARM)
    hand.click("q:/data/basic/kind=x")
    hand.page.open_at("/data/basic/income")
    hand.press(Qt.Key.Key_Tab)
    assert hand.pen.objectName() == "q:/data/basic/other"
    hand.press(Qt.Key.Key_Tab)
    assert hand.pen.objectName() == "filling.next"
    QTest.keyClick(hand.pen, Qt.Key.Key_Backtab)
    QTest.keyClick(hand.pen, Qt.Key.Key_Backtab)
    assert hand.pen.objectName() == "q:/data/basic/income"


def test_unusual_answers_are_told_before_sealing(open_form: Open) -> None:
    hand = open_form("""
| survey |
| | type | name | label | relevant |
| | integer | cows | 头数 | |
| | note | many | 提醒：头数很多，请核对。 | ${cows} > 100 |
| settings |
| | form_id | version | form_title |
| | cows | 1 | 牛 |
""")
    hand.type("500")
    hand.click("filling.seal")
    assert hand.sees("unusual:/data/many")
    assert hand.sees("filling.confirm")


def test_a_drop_down_takes_a_choice_and_ignores_the_wheel(open_form: Open) -> None:
    hand = open_form("""
| survey |
| | type | name | label | appearance |
| | select_one yn | sure | 确定吗 | minimal |
| choices |
| | list_name | name | label |
| | yn | y | 是 |
| | yn | n | 否 |
| settings |
| | form_id | version | form_title |
| | drop | 1 | 下拉 |
""")
    drop = hand.find("q:/data/sure")
    hand.press(Qt.Key.Key_Down)
    hand.press(Qt.Key.Key_Down)
    assert hand.value("/data/sure") == "n"
    assert drop.currentText() == "否"


def test_a_date_is_picked_from_the_calendar(open_form: Open) -> None:
    hand = open_form(FARM)
    hand.page.open_at("/data/more/day")
    hand.find("q:/data/more/day").actions()[0].trigger()
    calendar = hand.page.findChild(QCalendarWidget)
    calendar.activated.emit(QDate(2026, 3, 15))
    assert hand.value("/data/more/day") == "2026-03-15"
    assert "2026年3月15日，星期日" in hand.words("/data/more/day")
