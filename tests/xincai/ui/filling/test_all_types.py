"""Every ODK question type on the real page: its widget, its answer by keys and by mouse, its stored text."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QBuffer, QPoint, Qt, QUrl
from PySide6.QtGui import QColor, QDesktopServices, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from xincai.shelf import build
from xincai.ui.filling.kinds import kind_of
from xincai.xforms import Session, read_form

Open = Callable[..., Any]
Key = Qt.Key
HERE = Path(__file__).parent
FORM = (HERE / "all_types.md").read_text("utf-8")
LEAF = (HERE / "leaf.svg").read_bytes()

WIDGETS = {
    "words/hello": "NoteField", "words/line": "TextField", "words/paper": "ParagraphField",
    "words/digits": "TextField", "words/secret": "TextField", "words/site": "AddressField",
    "words/outer": "TextField", "words/code": "BarcodeField", "words/ack": "AcknowledgeField",
    "numbers/whole": "NumberField", "numbers/part": "NumberField", "numbers/tally": "CounterField",
    "numbers/shown": "CalculatedField", "numbers/slide": "RangeField", "numbers/marked": "RangeField",
    "numbers/upright": "RangeField", "numbers/smooth": "RangeField", "numbers/picked": "PickerField",
    "numbers/stars": "StarsField",
    "times/day": "DateField", "times/typed": "DateField", "times/month": "DateField",
    "times/year": "DateField", "times/persian": "DateField", "times/clock": "TimeField",
    "times/moment": "InstantField",
    "one/plain": "OptionsField", "one/odd": "OptionsField", "one/minimal": "DropField",
    "one/search": "SearchField", "one/columns": "OptionsField", "one/pack": "OptionsField",
    "one/likert": "RowField", "one/quick": "OptionsField", "one/shuffled": "OptionsField",
    "one/chart": "ChartField", "one/body": "RegionsField", "one/other": "OptionsField",
    "one/other_other": "TextField",
    "many/several": "OptionsField", "many/boxes": "ManyField", "many/order": "RankField",
    "many/seen": "OptionsField",
    "table/road": "CellsField", "table/water": "CellsField",
    "files/photo": "PhotoField", "files/noted": "AnnotateField", "files/drawn": "SignatureField",
    "files/sound": "FileField", "files/film": "FileField", "files/paperwork": "FileField",
    "files/sign": "SignatureField",
    "places/spot": "PointField", "places/well": "SpotField", "places/ditch": "OutlineField",
    "places/plot": "OutlineField",
}  # fmt: skip

KEYS: dict[str, tuple[list[str | Qt.Key], str]] = {
    "words/line": (["Qinghe", Key.Key_Return], "Qinghe"),
    "words/paper": (["one two", Key.Key_Return], "one two"),
    "words/digits": (["00123", Key.Key_Return], "00123"),
    "words/secret": (["abc", Key.Key_Return], "abc"),
    "words/site": (["https://example.org/a", Key.Key_Return], "https://example.org/a"),
    "words/outer": (["x", Key.Key_Return], "x"),
    "words/code": (["6901234567892", Key.Key_Return], "6901234567892"),
    "words/ack": ([Key.Key_Space], "OK"),
    "numbers/whole": (["12,345", Key.Key_Return], "12345"),
    "numbers/part": (["12.50", Key.Key_Return], "12.50"),
    "numbers/tally": ([Key.Key_Up, Key.Key_Up, Key.Key_Up, Key.Key_Down], "2"),
    "numbers/slide": ([Key.Key_Right, Key.Key_Right, Key.Key_Right], "4"),
    "numbers/marked": ([Key.Key_Right, Key.Key_Right], "6"),
    "numbers/upright": ([Key.Key_Home, Key.Key_Up, Key.Key_Up, Key.Key_Up], "0.5"),
    "numbers/smooth": ([Key.Key_End, Key.Key_PageDown], "81"),
    "numbers/picked": ([Key.Key_Down, Key.Key_Down], "2"),
    "numbers/stars": (["4"], "4"),
    "times/day": (["20260315", Key.Key_Return], "2026-03-15"),
    "times/typed": (["2026-3-15", Key.Key_Return], "2026-03-15"),
    "times/month": (["202603", Key.Key_Return], "2026-03-01"),
    "times/year": (["2026", Key.Key_Return], "2026-01-01"),
    "times/persian": (["20260315", Key.Key_Return], "2026-03-15"),
    "one/plain": (["2"], "corn"),
    "one/odd": (["3"], "bean"),
    "one/minimal": ([Key.Key_Down, Key.Key_Down], "corn"),
    "one/search": ([Key.Key_Down, Key.Key_Down, Key.Key_Return], "corn"),
    "one/columns": ([Key.Key_Down], "corn"),
    "one/pack": (["4"], "cotton"),
    "one/likert": (["5"], "5"),
    "one/quick": (["1"], "wheat"),
    "one/chart": ([Key.Key_Down, Key.Key_Return], "p1"),
    "one/body": (["2"], "stem"),
    "one/other": (["3"], "other"),
    "many/several": (["31"], "wheat bean"),
    "many/boxes": ([Key.Key_Down, Key.Key_Return, Key.Key_Down, Key.Key_Return], "wheat corn"),
    "many/order": (["3"], "corn bean wheat cotton"),
    "many/seen": (["2"], "b"),
    "table/road": (["4"], "4"),
    "table/water": ([Key.Key_Right, Key.Key_Right], "3"),
    "places/spot": (["33.97, 113.21, 80, 6.5", Key.Key_Return], "33.97 113.21 80 6.5"),
    "places/well": (["33.97, 113.21", Key.Key_Return], "33.97 113.21 0 0"),
}


def _png(width: int = 640, height: int = 360) -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("#1F7A57"))
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


@pytest.fixture
def hand(open_form: Open) -> Any:
    media = {"leaf.svg": LEAF, "field.png": _png(), "call.mp3": b"ID3"}
    return open_form(FORM, media=media)


def _go(hand: Any, ref: str) -> Any:
    """The field of a question, the pen in it."""
    hand.page.open_at(f"/data/{ref}")
    for _ in range(3):
        QApplication.processEvents()
    return hand.page.board.shown[f"/data/{ref}"].field


def _press(hand: Any, keys: list[str | Qt.Key]) -> None:
    for key in keys:
        if isinstance(key, str):
            hand.type(key) if len(key) > 2 else QTest.keyClicks(hand.pen, key)
        else:
            hand.press(key)


def test_each_question_has_the_widget_of_its_kind(hand: Any) -> None:
    asked = {e.ref.removeprefix("/data/"): e for e in _questions(hand.filling) if "[" not in e.ref}
    made = {ref: kind_of(entry, hand.page.scribe).__name__ for ref, entry in asked.items()}
    told = {ref for ref in asked if "table_list" in ref or "reserved_name" in ref}
    assert {ref: kind for ref, kind in made.items() if ref not in told} == WIDGETS


def _questions(filling: Any, ref: str | None = None) -> Any:
    for entry in filling.children(ref):
        if entry.kind == "question":
            yield entry
        else:
            yield from _questions(filling, entry.ref)


def test_keys_alone_answer_every_kind_and_the_engine_would_store_the_same(hand: Any) -> None:
    wrong = {}
    for ref, (keys, value) in KEYS.items():
        _go(hand, ref)
        _press(hand, keys)
        if hand.value(f"/data/{ref}") != value:
            wrong[ref] = hand.value(f"/data/{ref}")
    hand.page.settle()
    assert wrong == {}
    source = build(FORM, blocks={}, rules={}, lists={})
    session = Session.new(read_form(source.xml, source.files))
    for ref, (_, value) in KEYS.items():
        session.answer(f"/data/{ref}", value)
    assert {r: session.entry(f"/data/{r}").value for r in KEYS} == {r: v for r, (_, v) in KEYS.items()}
    assert not [finding for finding in session.findings() if finding.kind != "required"]


def test_the_mouse_alone_answers_every_kind_that_is_pointed_at(hand: Any) -> None:
    field = _go(hand, "numbers/slide")
    QTest.mouseClick(field.ruler, Qt.MouseButton.LeftButton, pos=field.ruler._spot(3).toPoint())
    field = _go(hand, "numbers/upright")
    QTest.mouseClick(field.ruler, Qt.MouseButton.LeftButton, pos=field.ruler._spot(4).toPoint())
    field = _go(hand, "numbers/stars")
    QTest.mouseClick(field.stars, Qt.MouseButton.LeftButton, pos=QPoint(90, 20))
    _go(hand, "numbers/tally")
    hand.click("more:/data/numbers/tally")
    _go(hand, "one/likert")
    hand.click("q:/data/one/likert=4")
    _go(hand, "one/pack")
    hand.click("q:/data/one/pack=bean")
    field = _go(hand, "one/chart")
    QTest.mouseClick(field.chart, Qt.MouseButton.LeftButton, pos=field.chart.spot("p2").toPoint())
    field = _go(hand, "one/body")
    hand.wait(field.drawing.isVisible)
    spot = QPoint(field.drawing.width() * 250 // 300, field.drawing.height() // 2)
    QTest.mouseClick(field.drawing, Qt.MouseButton.LeftButton, pos=spot)
    field = _go(hand, "many/order")
    field.list.setCurrentRow(0)
    hand.click("down:/data/many/order")
    _go(hand, "table/road")
    hand.click("q:/data/table/road=2")
    field = _go(hand, "places/spot")
    hand.type("33.97, 113.21")
    hand.enter()
    field = _go(hand, "places/well")
    QTest.mouseClick(field.canvas, Qt.MouseButton.LeftButton, pos=field.canvas.rect().center())
    values = {
        "numbers/slide": "6", "numbers/upright": "1", "numbers/stars": "3", "numbers/tally": "1",
        "one/likert": "4", "one/pack": "bean", "one/chart": "p2", "one/body": "tip",
        "many/order": "corn wheat bean cotton", "table/road": "2",
    }  # fmt: skip
    assert {ref: hand.value(f"/data/{ref}") for ref in values} == values
    assert hand.value("/data/places/well").startswith("33.97")


def test_a_stored_moment_keeps_its_zone_and_its_seconds_until_another_is_typed(hand: Any) -> None:
    before = "2026-03-15T09:30:12.345-05:00"
    _go(hand, "times/moment")
    hand.pen.selectAll()
    hand.type("2026-03-15 09:30")
    hand.enter()
    assert hand.value("/data/times/moment") == before
    _go(hand, "times/moment")
    hand.pen.selectAll()
    hand.type("20260316 930")
    hand.enter()
    assert hand.value("/data/times/moment").startswith("2026-03-16T09:30:00.000")
    _go(hand, "times/clock")
    hand.type("930")
    hand.enter()
    assert hand.value("/data/times/clock").startswith("09:30:00.000")


def test_a_range_and_a_ranking_that_nobody_touched_are_empty(hand: Any) -> None:
    for ref in ("numbers/slide", "numbers/marked", "numbers/stars", "many/order"):
        field = _go(hand, ref)
        hand.enter()
        assert hand.value(f"/data/{ref}") == ""
        assert field.is_unread is False
    assert hand.page.board.shown["/data/numbers/slide"].field.ruler.place is None
    assert "还没有排序" in hand.words("/data/many/order")


def test_a_number_off_the_steps_is_refused_in_words(hand: Any) -> None:
    field = _go(hand, "numbers/slide")
    field.number.setFocus()
    hand.type("5.5")
    hand.enter()
    assert "0 到 10" in hand.words("/data/numbers/slide")
    assert hand.value("/data/numbers/slide") == ""
    field.number.selectAll()
    hand.type("8.0")
    hand.enter()
    assert hand.value("/data/numbers/slide") == "8"


def test_an_answer_is_taken_away_by_delete(hand: Any) -> None:
    for ref, value in (
        ("numbers/slide", "4"),
        ("numbers/stars", "2"),
        ("many/order", "corn bean wheat cotton"),
    ):
        hand.page.scribe.answer(f"/data/{ref}", value)
        _go(hand, ref)
        hand.press(Key.Key_Delete)
        assert hand.value(f"/data/{ref}") == ""


def test_quick_goes_on_by_itself_but_not_for_the_arrow_keys(hand: Any) -> None:
    _go(hand, "one/quick")
    hand.press(Key.Key_Down)
    assert hand.pen.objectName() == "q:/data/one/quick=corn"
    QTest.keyClicks(hand.pen, "3")
    assert hand.value("/data/one/quick") == "bean"
    assert hand.pen.objectName().startswith("q:/data/one/shuffled")


def test_a_drop_down_shows_the_answer_alone_and_holds_all_choices(hand: Any) -> None:
    field = _go(hand, "one/minimal")
    assert [field.drop.itemText(at) for at in range(field.drop.count())][-4:] == [
        "小麦",
        "玉米",
        "大豆",
        "棉花",
    ]
    assert field.drop.currentText() not in ("小麦", "玉米", "大豆", "棉花")
    hand.press(Key.Key_End)
    assert hand.value("/data/one/minimal") == "cotton"
    assert field.drop.currentText() == "棉花"


def test_typing_narrows_what_is_offered(hand: Any) -> None:
    field = _go(hand, "one/search")
    hand.type("麦")
    assert [field.list.item(at).text() for at in range(field.list.count())] == ["小麦"]
    hand.press(Key.Key_Down)
    hand.enter()
    assert hand.value("/data/one/search") == "wheat"


def test_choices_stand_in_as_many_columns_as_the_form_asks_for(hand: Any) -> None:
    _go(hand, "one/columns")
    places = [hand.find(f"q:/data/one/columns={name}").pos() for name in ("wheat", "corn", "bean", "cotton")]
    assert len({place.x() for place in places}) == 2
    assert len({place.y() for place in places}) == 2
    _go(hand, "one/plain")
    plain = [hand.find(f"q:/data/one/plain={name}").pos() for name in ("wheat", "corn", "bean", "cotton")]
    assert len({place.x() for place in plain}) != 2 or len({place.y() for place in plain}) != 2


def test_a_scale_stands_in_one_line_from_end_to_end(hand: Any) -> None:
    _go(hand, "one/likert")
    places = [hand.find(f"q:/data/one/likert={at}").geometry() for at in range(1, 6)]
    assert len({place.center().y() for place in places}) == 1
    assert [place.x() for place in places] == sorted(place.x() for place in places)
    assert len({place.width() for place in places}) == 1


@pytest.mark.parametrize(
    "kind", ["text", "integer", "date", "select_one yn", "select_multiple yn", "image", "geopoint"]
)
def test_an_appearance_that_nobody_knows_changes_nothing(kind: str, open_form: Open) -> None:
    form = f"""
| survey |
| | type | name | label | appearance |
| | {kind} | plain | Plain | |
| | {kind} | odd | Odd | sparkling w9 no-such-thing |
| choices |
| | list_name | name | label |
| | yn | y | Yes |
| | yn | n | No |
| settings |
| | form_id | version | form_title |
| | odd | 1 | Odd |
"""
    hand = open_form(form)
    plain, odd = (hand.filling.entry(f"/data/{name}") for name in ("plain", "odd"))
    assert kind_of(odd, hand.page.scribe) is kind_of(plain, hand.page.scribe)
    assert type(_go(hand, "odd")) is type(_go(hand, "plain"))


def test_an_order_that_was_given_holds_all_choices_and_can_be_taken_as_it_stands(hand: Any) -> None:
    _go(hand, "many/order")
    hand.press(Key.Key_Space)
    assert hand.value("/data/many/order") == "wheat corn bean cotton"
    QTest.keyClick(hand.pen, Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert hand.value("/data/many/order") == "corn wheat bean cotton"


def test_a_secret_is_never_written_out_unless_the_eye_is_open(hand: Any) -> None:
    field = _go(hand, "words/secret")
    hand.type("abc")
    assert field.line.displayText() == "●●●"
    hand.enter()
    field._eye.trigger()
    assert field.line.displayText() == "abc"


def test_the_label_carries_its_markup_and_nothing_else(hand: Any) -> None:
    _go(hand, "words/line")
    words = hand.words("/data/words/hello")
    assert '<span style="font-size:x-large; font-weight:700">说明</span><br><b>粗体</b>' in words
    assert '<a href="https://example.org/">官网</a>' in words
    assert "与<b>执照</b>一致" in hand.words("/data/words/line")


def test_guidance_opens_and_closes(hand: Any) -> None:
    _go(hand, "words/line")
    assert "执照第一行" not in hand.words("/data/words/line")
    hand.click("help:/data/words/line")
    assert "执照第一行" in hand.words("/data/words/line")
    hand.click("help:/data/words/line")
    assert "执照第一行" not in hand.words("/data/words/line")


def test_pictures_of_questions_and_choices_are_seen(hand: Any) -> None:
    field = _go(hand, "many/seen")
    hand.wait(lambda: hand.sees("media.image"))
    hand.wait(lambda: not field.options.buttons[0].icon().isNull())
    assert field.options.buttons[1].icon().isNull()
    assert hand.sees("media.audio")


def test_a_table_of_choices_stands_in_columns_under_one_head(hand: Any) -> None:
    field = _go(hand, "table/road")
    other = hand.page.board.shown["/data/table/water"].field
    for one, two in zip(field.options.buttons, other.options.buttons, strict=True):
        assert one.mapToGlobal(QPoint(0, 0)).x() == two.mapToGlobal(QPoint(0, 0)).x()
    assert hand.words("/data/table/reserved_name_for_field_list_labels_57").split() == [
        "很不同意", "不同意", "一般", "同意", "很同意",
    ]  # fmt: skip
    assert hand.find("filling.heading").text() == "逐项评价"


def test_a_label_without_a_translation_is_never_blank(hand: Any) -> None:
    hand.page.scribe.speak("en")
    assert [choice.label for choice in hand.filling.choices("/data/one/plain")] == [
        "Wheat", "Maize", "Soya", "棉花",
    ]  # fmt: skip
    assert all(entry.label.strip() for entry in _questions(hand.filling))


def test_a_repeat_with_a_count_has_no_buttons_to_add_or_remove(hand: Any) -> None:
    hand.page.open_at("/data/season[1]/yield")
    assert not hand.sees("add:/data/season")
    assert not hand.sees("remove:/data/season")
    hand.type("512.5")
    hand.enter()
    assert hand.value("/data/season[1]/yield") == "512.5"


def test_a_repeat_inside_a_repeat_is_filled(hand: Any) -> None:
    hand.page.open_at("/data/member[1]/job[1]/what")
    hand.type("mason")
    hand.enter()
    assert hand.value("/data/member[1]/job[1]/what") == "mason"


def test_an_address_is_opened_only_after_asking(hand: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def open_it(url: QUrl) -> bool:
        opened.append(url.toString())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_it)
    answers = iter((False, True))
    monkeypatch.setattr("xincai.ui.filling.outside.ask.sure", lambda *_: next(answers))
    _go(hand, "words/site")
    hand.type("https://example.org/a")
    hand.enter()
    hand.click("open:/data/words/site")
    assert opened == []
    hand.click("open:/data/words/site")
    assert opened == ["https://example.org/a"]
