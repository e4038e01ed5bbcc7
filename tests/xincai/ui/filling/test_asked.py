"""What a form asks beside its questions, in a real window: a position, a recording, names and reasons."""

import csv
import io
import struct
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from xincai.desk import journal
from xincai.ui import language
from xincai.vault import Vault

Open = Callable[..., Any]
HERE = "33.97 113.21 0 0"
ASKING = """
| survey |
| | type | name | label::中文 (zh) | label::English (en) | trigger |
| | start-geopoint | where | | | |
| | background-audio | talk | | | |
| | text | name | 农场名称 | Name | |
| | background-geopoint | gate | | | ${name} |
| settings |
| | form_id | version | form_title | default_language |
| | asking | 1 | 请求表 | 中文 (zh) |
"""
AUDITED = """
| survey |
| | type | name | label::中文 (zh) | constraint | parameters |
| | begin_group | basic | 基本情况 | | |
| | text | name | 农场名称 | | |
| | integer | members | 成员数 | . < 20 | |
| | end_group | | | | |
| | begin_group | more | 其他 | | |
| | text | remark | 备注 | | |
| | end_group | | | | |
| | audit | audit | | | {parameters} |
| settings |
| | form_id | version | form_title | default_language |
| | audited | 1 | 审计表 | 中文 (zh) |
"""
ALL = "track-changes=true identify-user=true track-changes-reasons=on-form-edit"
BAR = "filling.asked"


def _words(hand: Any) -> str:
    return str(hand.find(f"{BAR}.words").text())


def _sound(path: Path) -> Path:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(b"".join(struct.pack("<h", at % 300) for at in range(8000)))
    return path


def _rows(hand: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(hand.filling._log.csv().decode(), newline="")))


def _events(hand: Any) -> list[tuple[str, str]]:
    return [(row["event"], row["node"].removeprefix("/data/")) for row in _rows(hand)]


@pytest.mark.feature("type/start-geopoint, background-audio")
@pytest.mark.feature("action/odk:setgeopoint, odk:setlocation, odk:recordaudio")
def test_a_position_that_the_form_asks_for_is_typed_and_stored(open_form: Open) -> None:
    hand = open_form(ASKING)
    assert "请求记录当前位置" in _words(hand)
    assert hand.pen.objectName() == "q:/data/name"  # the line takes no pen by itself
    assert hand.value("/data/where") == ""
    hand.click(f"{BAR}.line")
    hand.type("113.21, 33.97")
    hand.enter()
    assert hand.value("/data/where") == HERE
    assert "录音" in _words(hand)


def test_what_is_no_position_is_refused_in_words_and_stays_asked(open_form: Open) -> None:
    hand = open_form(ASKING)
    hand.click(f"{BAR}.line")
    hand.type("here")
    hand.click(f"{BAR}.give")
    assert "纬度和经度" in _words(hand)
    assert [one.ref for one in hand.filling.requests()] == ["/data/where", "/data/talk"]


@pytest.mark.feature("type/start-geopoint, background-audio")
def test_a_recording_is_a_file_the_person_picks(open_form: Open, tmp_path: Path) -> None:
    hand = open_form(ASKING)
    hand.filling.withhold("/data/where")
    hand.page.asked._show()
    assert "不会自己录音" in _words(hand)
    hand.page.asked.take(_sound(tmp_path / "talk.wav"))
    hand.wait(lambda: hand.value("/data/talk") != "")
    assert hand.value("/data/talk").endswith(".wav")
    hand.wait(lambda: not hand.sees(BAR))
    assert hand.filling.attached("/data/talk") == (tmp_path / "talk.wav").read_bytes()


def test_what_is_no_recording_is_refused_in_words(open_form: Open, tmp_path: Path) -> None:
    hand = open_form(ASKING)
    hand.filling.withhold("/data/where")
    hand.page.asked._show()
    (tmp_path / "talk.wav").write_text("no sound")
    hand.page.asked.take(tmp_path / "talk.wav")
    hand.wait(lambda: "不是" in _words(hand) or "种类" in _words(hand))
    assert hand.value("/data/talk") == ""


def test_what_is_not_given_is_written_down_with_its_reason_and_asked_no_more(
    open_form: Open, vault: Vault
) -> None:
    hand = open_form(ASKING)
    hand.click(f"{BAR}.withhold")
    assert hand.sees(f"{BAR}.why.unwilling")
    hand.click(f"{BAR}.why.unwilling")
    assert [one.ref for one in hand.filling.requests()] == ["/data/talk"]
    hand.wait(lambda: vault.count_events(journal.WITHHELD) == 1)
    (event,) = vault.find_events(journal.WITHHELD, None, None, 10)
    assert event.facts == {"draft": "d1", "ref": "/data/where", "reason": "unwilling"}
    assert journal.withheld(vault, "d1") == {"/data/where"}
    assert hand.value("/data/where") == ""


def test_an_answer_may_ask_for_a_position_and_taking_it_back_asks_no_more(open_form: Open) -> None:
    hand = open_form(ASKING)
    for ref in ("/data/where", "/data/talk"):
        hand.filling.withhold(ref)
    hand.page.asked._show()
    assert not hand.sees(BAR)
    hand.type("abc")
    hand.enter()
    assert [one.ref for one in hand.filling.requests()] == ["/data/gate"]
    assert hand.sees(BAR)
    hand.page._undo()
    assert hand.value("/data/name") == ""
    assert not hand.sees(BAR)


def test_taking_back_keeps_what_is_still_asked(open_form: Open) -> None:
    hand = open_form(ASKING)
    hand.click(f"{BAR}.line")
    hand.type("33.97, 113.21")
    hand.enter()
    hand.page._undo()
    assert hand.value("/data/where") == ""
    assert [one.ref for one in hand.filling.requests()] == ["/data/where", "/data/talk"]


def test_the_line_speaks_the_language_of_the_screen(open_form: Open) -> None:
    hand = open_form(ASKING)
    language.speak(QApplication.instance(), "en")
    hand.wait(lambda: "position" in _words(hand))
    language.speak(QApplication.instance(), "zh")


def test_a_form_that_asks_for_nothing_shows_no_line(open_form: Open) -> None:
    hand = open_form(ASKING.replace("| | start-geopoint | where | | | |", "").replace(
        "| | background-audio | talk | | | |", ""))  # fmt: skip
    assert not hand.sees(BAR)


@pytest.mark.feature("record/audit log")
def test_a_person_knows_that_the_filling_is_logged_and_gives_a_name(open_form: Open) -> None:
    hand = open_form(AUDITED.format(parameters=ALL))
    assert "记录填报过程" in _words(hand)
    assert "改动前后" in _words(hand)
    line = hand.find(f"{BAR}.line")
    assert line.text() == "李秀兰"
    hand.click(f"{BAR}.line")
    line.selectAll()
    hand.type("王测")
    hand.enter()
    assert not hand.sees(BAR)
    assert {row["user"] for row in _rows(hand)} == {"王测"}


@pytest.mark.feature("record/audit log")
def test_the_log_holds_what_was_before_the_person(open_form: Open) -> None:
    hand = open_form(AUDITED.format(parameters="track-changes=true"))
    hand.click(f"{BAR}.give")
    hand.click("q:/data/basic/name")
    hand.type("abc")
    hand.enter()
    hand.type("99")
    hand.enter()
    hand.press(Qt.Key.Key_Down, ctrl=True)
    assert hand.pen.objectName() == "q:/data/more/remark"
    hand.page._on_section("/data/basic")
    hand.page.check()
    told = _events(hand)
    assert told[0] == ("form start", "")
    wanted = [
        ("group questions", "basic"), ("question", "basic/name"), ("question", "basic/members"),
        ("constraint error", "basic/members"), ("group questions", "more"), ("question", "more/remark"),
        ("jump", ""), ("group questions", "basic"), ("end screen", ""),
    ]  # fmt: skip
    rest = iter(told)
    assert all(one in rest for one in wanted), told
    changed = {row["node"]: (row["old-value"], row["new-value"]) for row in _rows(hand) if row["new-value"]}
    assert changed == {"/data/basic/name": ("", "abc"), "/data/basic/members": ("", "99")}


@pytest.mark.feature("record/audit log")
def test_a_later_change_wants_a_reason_before_sealing(open_form: Open, vault: Vault) -> None:
    head = "event,node,start,end,old-value,new-value,user,change-reason\n"
    kept = journal.keep(vault, f"{head}form start,,1,,,,李秀兰,\nform exit,,2,,,,李秀兰,\n".encode(), "d1")
    hand = open_form(AUDITED.format(parameters=ALL), earlier=(kept,))
    hand.click(f"{BAR}.give")
    hand.page.check()
    assert not hand.sees(BAR)  # nothing was changed
    hand.page._close_review()
    hand.click("q:/data/basic/name")
    hand.type("abc")
    hand.enter()
    hand.page.check()
    assert hand.pen.objectName() == f"{BAR}.line"
    assert hand.page.stack.currentWidget() is not hand.page.review
    hand.enter()
    assert hand.sees(BAR)  # an empty reason is none
    hand.type("误听，已更正")
    hand.enter()
    assert hand.page.stack.currentWidget() is hand.page.review
    assert [row["change-reason"] for row in _rows(hand) if row["event"] == "change reason"] == [
        "误听，已更正"
    ]
