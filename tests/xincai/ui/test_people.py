"""People and rights, with a hand on the window."""

from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, Qt
from PySide6.QtGui import QImage, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QCheckBox
from pytestqt.qtbot import QtBot

from forms import farms
from hand import PASSPHRASE, Hand
from xincai.ui.pages.people import PeoplePage
from xincai.ui.pages.review import ReviewPage
from xincai.ui.parts import PassphraseField
from xincai.ui.work.filling import FillingErrand
from xincai.ui.work.people import PeopleErrand
from xincai.vault import Device
from xincai.wire.suites import PrivateKey

SECOND = "麦田 风车 雨伞 铁桥 梨花 算盘"


def at(hand: Hand) -> PeoplePage:
    hand.window.go("settings")
    hand.rest()
    hand.find("settings.people.open", QAbstractButton).click()
    hand.rest()
    page = hand.window.page
    assert isinstance(page, PeoplePage)
    return page


def names(hand: Hand) -> list[str]:
    return [person.name for person in hand.desk.access().people]


def add(hand: Hand, name: str, role: str) -> None:
    hand.type("people.secret", PASSPHRASE)
    hand.type("people.name", name)
    hand.find(f"people.role.{role}", QCheckBox).setChecked(True)
    hand.find("people.draw", QAbstractButton).click()
    hand.find("people.add", QAbstractButton).click()
    hand.rest()


def test_somebody_is_added_with_words_by_lot_and_comes_in(inside: Hand) -> None:
    page = at(inside)
    inside.type("people.secret", PASSPHRASE)
    inside.type("people.name", "赵复核")
    inside.find("people.role.reviewer", QCheckBox).setChecked(True)
    inside.find("people.draw", QAbstractButton).click()
    offered = page.form.new.text()
    assert len(offered.split()) == 6
    assert offered in page.form.offer.text()
    inside.find("people.add", QAbstractButton).click()
    inside.rest()
    assert names(inside) == ["李秀兰", "赵复核"]
    assert page.form.new.text() == page.secret.text() == ""
    inside.desk.close()
    inside.desk.unlock(offered)
    assert not inside.desk.access().manages


def test_nothing_changes_without_ones_own_passphrase(inside: Hand) -> None:
    page = at(inside)
    inside.type("people.name", "赵复核")
    inside.find("people.draw", QAbstractButton).click()
    inside.find("people.add", QAbstractButton).click()
    inside.rest()
    assert inside.words("people.missing")
    inside.type("people.secret", "something else")
    inside.find("people.role.clerk", QCheckBox).setChecked(True)
    inside.find("people.draw", QAbstractButton).click()
    inside.type("people.name", "赵复核")
    inside.find("people.add", QAbstractButton).click()
    inside.rest()
    assert "口令不对" in page.trouble.words()
    assert names(inside) == ["李秀兰"]


def test_a_weak_passphrase_is_told_while_it_is_typed(inside: Hand) -> None:
    at(inside)
    inside.type("people.name", "赵复核")
    inside.type("people.new", "zhaofuhe2026")
    assert "容易被猜到" in inside.words("people.strength")
    inside.type("people.new", SECOND)
    assert "强度足够" in inside.words("people.strength")


def test_roles_change_and_somebody_is_removed_with_a_new_code(
    inside: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = at(inside)
    add(inside, "赵复核", "reviewer")
    page.list.selectRow(1)
    page.list.clicked.emit(page.list.currentIndex())
    inside.find("people.role.auditor", QCheckBox).setChecked(True)
    inside.find("people.save", QAbstractButton).click()
    inside.rest()
    assert inside.desk.access().people[1].roles == ("reviewer", "auditor")
    page.list.selectRow(1)
    page.list.clicked.emit(page.list.currentIndex())
    monkeypatch.setattr("xincai.ui.work.people.sure", lambda *_: True)
    inside.type("people.secret", PASSPHRASE)
    inside.find("people.remove", QAbstractButton).click()
    inside.rest()
    assert names(inside) == ["李秀兰"]
    code = inside.words("people.code")
    inside.type("people.typed", code)
    inside.find("people.check", QAbstractButton).click()
    inside.rest()
    assert not page.recovery.code.isVisible()


def test_a_new_recovery_code_is_typed_back(inside: Hand) -> None:
    page = at(inside)
    inside.type("people.secret", PASSPHRASE)
    inside.find("people.recovery.make", QAbstractButton).click()
    inside.rest()
    code = inside.words("people.code")
    inside.type("people.typed", ("2" if code[0] != "2" else "3") + code[1:])
    inside.find("people.check", QAbstractButton).click()
    inside.rest()
    assert "第 1 组" in page.trouble.words()
    assert page.recovery.code.isVisible()


def test_the_county_comes_and_goes(inside: Hand, tmp_path: Path) -> None:
    page = at(inside)
    errand = inside.window._errands["people"]
    assert isinstance(errand, PeopleErrand)
    (tmp_path / "county.pem").write_text(PrivateKey.generate().public.pem, "ascii")
    inside.type("people.secret", PASSPHRASE)
    errand.escrow_to(tmp_path / "county.pem")
    inside.rest()
    assert inside.desk.access().escrow in inside.words("people.escrow")
    errand.export_envelope(tmp_path)
    inside.rest()
    assert list(tmp_path.glob("escrow-*.bin"))
    inside.type("people.secret", PASSPHRASE)
    inside.find("people.escrow.off", QAbstractButton).click()
    inside.rest()
    assert "没有托管" in inside.words("people.escrow")
    assert page.secret.text() == ""


def test_four_eyes_are_refused_without_a_second_person(inside: Hand) -> None:
    page = at(inside)
    inside.find("people.four_eyes", QCheckBox).click()
    inside.rest()
    assert page.trouble.words()
    assert not page.ways.four_eyes.isChecked()
    add(inside, "赵复核", "reviewer")
    inside.find("people.four_eyes", QCheckBox).click()
    inside.rest()
    assert page.ways.four_eyes.isChecked()
    assert inside.desk.access().four_eyes


def test_a_reviewer_without_people_to_manage_sees_only_themselves(inside: Hand) -> None:
    inside.desk.add_person(PASSPHRASE, "赵复核", ("reviewer",), SECOND)
    inside.desk.close()
    inside.desk.unlock(SECOND)
    page = at(inside)
    assert page.list.model().rowCount() == 1
    assert not page.form.isVisible()
    assert not page.recovery.isVisible()
    inside.window.go("review")
    inside.rest()
    assert inside.find("review.none").isVisible()


def test_what_a_reviewer_gives_back_is_the_fillers_task(inside: Hand) -> None:
    record = sealed_by_hand(inside)
    inside.desk.add_person(PASSPHRASE, "赵复核", ("reviewer",), SECOND)
    inside.desk.set_four_eyes(True)
    inside.desk.close()
    inside.desk.unlock(SECOND)
    inside.window.go("review")
    inside.rest()
    page = inside.window.page
    assert isinstance(page, ReviewPage)
    assert page.records.model().rowCount() == 1
    page.records.selectRow(0)
    inside.click("review.refuse")
    assert inside.desk._vault.to_approve(), "without a reason nothing goes back"
    inside.type("review.reason", "承诺日期写错了")
    inside.click("review.refuse")
    inside.rest()
    assert inside.find("review.none").isVisible()
    assert "已退回" in inside.find("window.said").words()
    inside.desk.close()
    inside.desk.unlock(PASSPHRASE)
    inside.window.go("record", record)
    inside.rest()
    assert "承诺日期写错了" in inside.find("record.returned").words()
    inside.click("record.returned.act")
    assert inside.window.place == "filling"
    assert "承诺日期写错了" in inside.find("filling.returned").words()


def test_a_record_of_practice_says_so_and_is_filled_in_for_real(inside: Hand) -> None:
    gateway(inside, practice=True)
    record = sealed_by_hand(inside)
    gateway(inside, practice=False)
    inside.window.go("record", record)
    inside.rest()
    assert inside.words("record.status") == "演练"
    assert "不会报送" in inside.find("record.practised").words()
    inside.click("record.practised.act")
    assert inside.window.place == "filling"
    errand = inside.window._errands["filling"]
    assert isinstance(errand, FillingErrand)
    assert errand._draft_id not in ("", record)


def gateway(hand: Hand, *, practice: bool) -> None:
    """Enrolled at a gateway that nobody speaks to."""
    key = PrivateKey.generate().dump()
    hand.desk._vault.save_device(
        Device(f"d{practice}", "410499", "SM2-SM3", key, "http://127.0.0.1:9", "t", (), "gw", practice)
    )


def sealed_by_hand(hand: Hand) -> str:
    """A commitment of a firm, filled in and sealed at the desk; its id."""
    filling = hand.desk.start("commitment")
    farms.play(
        farms.farm_story()["commitment"],
        filling,
        lambda step: filling.attach(step.ref, ink(), "image/png"),
    )
    filling.snapshot().save()
    return hand.desk.seal(filling).record_id


def ink() -> bytes:
    image = QImage(300, 120, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setPen(QPen(Qt.GlobalColor.black, 4))
    painter.drawLine(10, 90, 280, 20)
    painter.end()
    data = QBuffer()
    image.save(data, "PNG")
    return bytes(data.data())


def test_a_passphrase_of_chinese_words_can_be_typed_hidden(qtbot: QtBot) -> None:
    typed = PassphraseField("some")
    qtbot.addWidget(typed)
    assert typed.inputMethodQuery(Qt.InputMethodQuery.ImEnabled)
    typed._eye.setChecked(True)
    typed._eye.setChecked(False)
    assert typed.inputMethodQuery(Qt.InputMethodQuery.ImEnabled)
    assert typed.echoMode() == PassphraseField.EchoMode.Password
