import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLineEdit

from hand import PASSPHRASE, Hand


def to_passphrase(hand: Hand) -> None:
    hand.click("firstrun.role.officer")
    hand.type("firstrun.name", "李秀兰")
    hand.click("firstrun.who.next")


def test_four_steps_lead_inside(hand: Hand) -> None:
    assert hand.window.place == "firstrun"
    hand.begin()
    assert hand.window.place == "home"
    assert hand.desk.door() == "open"
    profile = hand.desk.profile()
    assert (profile.role, profile.name, profile.office) == ("officer", "李秀兰", "柳河镇农业服务中心")


def test_a_filer_tells_the_kind_of_subject(hand: Hand) -> None:
    hand.click("firstrun.role.filer")
    hand.pick("firstrun.kind", 2)
    hand.type("firstrun.name", "青禾合作社")
    hand.click("firstrun.who.next")
    assert hand.window.page.state.profile.subject_kind == "COOP"


def test_without_a_name_there_is_no_next_step(hand: Hand) -> None:
    assert not hand.find("firstrun.who.next").isEnabled()


@pytest.mark.parametrize("weak", ["12345678901", "短", "aaaaaaaaaaaa"])
def test_a_weak_passphrase_is_told_why_and_goes_no_further(hand: Hand, weak: str) -> None:
    to_passphrase(hand)
    hand.type("firstrun.passphrase", weak)
    hand.type("firstrun.again", weak)
    assert "不够" in hand.words("firstrun.strength")
    assert not hand.find("firstrun.create").isEnabled()


def test_two_passphrases_must_be_the_same(hand: Hand) -> None:
    to_passphrase(hand)
    hand.type("firstrun.passphrase", PASSPHRASE)
    hand.type("firstrun.again", PASSPHRASE + "x")
    assert hand.words("firstrun.same") == "两次输入不一样"
    assert not hand.find("firstrun.create").isEnabled()


def test_the_passphrase_is_hidden_until_the_eye_is_pressed(hand: Hand) -> None:
    to_passphrase(hand)
    field = hand.find("firstrun.passphrase", QLineEdit)
    assert field.echoMode() == QLineEdit.EchoMode.Password
    field.actions()[0].trigger()
    assert field.echoMode() == QLineEdit.EchoMode.Normal


def test_the_recovery_code_must_be_typed_back(hand: Hand) -> None:
    to_passphrase(hand)
    hand.type("firstrun.passphrase", PASSPHRASE)
    hand.type("firstrun.again", PASSPHRASE)
    hand.click("firstrun.create")
    code = hand.words("firstrun.code")
    hand.type("firstrun.typed", "00000-00000")
    hand.click("firstrun.check")
    assert hand.find("firstrun.trouble").isVisible()
    hand.type("firstrun.typed", code.lower().replace("-", " "))
    hand.click("firstrun.check")
    assert hand.find("firstrun.enrol").isVisible()


def test_the_keyboard_alone_goes_through(hand: Hand) -> None:
    hand.press(Qt.Key.Key_Tab)
    hand.type("firstrun.name", "李秀兰")
    hand.press(Qt.Key.Key_Return)
    hand.type("firstrun.passphrase", PASSPHRASE)
    hand.press(Qt.Key.Key_Return)
    assert hand.app.focusWidget().objectName() == "firstrun.again"
    hand.type("firstrun.again", PASSPHRASE)
    hand.press(Qt.Key.Key_Return)
    hand.type("firstrun.typed", hand.words("firstrun.code"))
    hand.press(Qt.Key.Key_Return)
    hand.find("firstrun.later", QAbstractButton).setFocus()
    hand.press(Qt.Key.Key_Return)
    assert hand.window.place == "home"


def test_switching_the_language_keeps_the_step_and_the_code(hand: Hand) -> None:
    to_passphrase(hand)
    hand.type("firstrun.passphrase", PASSPHRASE)
    hand.type("firstrun.again", PASSPHRASE)
    hand.click("firstrun.create")
    code = hand.words("firstrun.code")
    hand.click("topbar.language")
    assert hand.words("firstrun.code") == code
