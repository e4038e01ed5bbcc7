"""Taking over from the last filling of the same subject, in the real window."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTableWidget, QWidget

from forms import farms
from hand import Hand
from xincai.desk import Filling
from xincai.ui.filling import FillingPage

FORM = "ff_collect"
STORY = farms.farm_story()[FORM]
SUBJECT, CONSENT = "/data/subject/", "/data/consent/"
ADDRESS = "/data/place/address"
NEVER = ("/data/signature_group", "/data/collector_group")


def seal(hand: Hand) -> None:
    """A farm was visited before; on paper signed, without pictures or positions."""
    filling = hand.desk.start(FORM)
    for step in STORY:
        if isinstance(step, farms.AddRow):
            filling.add_row(step.ref)
        elif isinstance(step, farms.Answer):
            refused = step.ref == f"{CONSENT}pc_location"
            if filling.entry(step.ref).relevant:
                filling.answer(step.ref, "0" if refused else step.value)
    filling.answer("/data/signature_group/signer_kind", "3")
    assert not filling.findings()
    hand.desk.seal(filling)


def tell(page: FillingPage, under: str) -> None:
    for step in STORY:
        if isinstance(step, farms.Answer) and step.ref.startswith(under):
            assert page.scribe.answer(step.ref, step.value) is None


def begin(hand: Hand) -> FillingPage:
    """A new filling that tells the same subject."""
    hand.window.go("choose")
    hand.rest()
    hand.click(f"choose.start.{FORM}")
    page = hand.window.page.inner
    assert isinstance(page, FillingPage)
    tell(page, SUBJECT)
    hand.rest()
    return page


def address_of(filling: Filling) -> str:
    return filling.entry(ADDRESS).value


@pytest.fixture
def again(inside: Hand) -> Hand:
    seal(inside)
    return inside


def test_nothing_is_offered_to_a_subject_that_is_new(inside: Hand) -> None:
    page = begin(inside)
    assert page.copies.isHidden()


def test_the_offer_is_taken_and_the_consents_open_it(again: Hand) -> None:
    page = begin(again)
    assert "填过本表，要沿用吗" in again.words("filling.copies.words")
    again.click("filling.copies.take")
    assert "同意后自动填入" in again.words("filling.copies.words")
    assert QApplication.focusWidget() is not None
    assert address_of(page.filling) == ""
    tell(page, CONSENT)
    again.rest()
    assert address_of(page.filling)
    marks = page.filling.copied.marks
    assert f"的 {len(marks)} 项" in again.words("filling.copies.words")
    assert not [ref for ref in marks if ref.startswith(NEVER)]


def test_the_offer_is_reached_by_the_keyboard_and_declined(again: Hand) -> None:
    page = begin(again)
    page.open_at(f"{SUBJECT}subject_kind")
    again.rest()
    again.press(Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert QApplication.focusWidget() is page.copies.take
    again.press(Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is page.copies.leave
    again.press(Qt.Key.Key_Space)
    assert page.copies.isHidden()
    pen = QApplication.focusWidget()
    assert pen is not None
    assert page.area.isAncestorOf(pen)
    assert page.filling.copied is None
    page.scribe.answer(f"{SUBJECT}subject_name", page.filling.subject_name())
    again.rest()
    assert page.copies.isHidden()


def test_a_copied_answer_wears_its_mark_until_it_is_confirmed_or_changed(again: Hand) -> None:
    page = begin(again)
    tell(page, CONSENT)
    again.click("filling.copies.take")
    page.open_at(ADDRESS)
    again.rest()
    badge = again.find(f"copied:{ADDRESS}")
    before = len(page.filling.copied.marks)
    QTest.mouseClick(badge, Qt.MouseButton.LeftButton)
    again.rest()
    assert not badge.isVisible()
    assert f"的 {before - 1} 项" in again.words("filling.copies.words")
    page.open_at("/data/owner/farm_owner_name")
    again.rest()
    assert again.find("copied:/data/owner/farm_owner_name").isVisible()
    again.press(Qt.Key.Key_Return)
    assert not page.filling.is_copied("/data/owner/farm_owner_name")
    page.scribe.answer("/data/owner/owner_phone", "13900000000")
    assert not page.findChild(QWidget, "copied:/data/owner/owner_phone").isVisible()


def test_all_of_it_is_taken_back_and_brought_back(again: Hand) -> None:
    page = begin(again)
    tell(page, CONSENT)
    again.click("filling.copies.take")
    copied = address_of(page.filling)
    again.click("filling.copies.clear")
    assert address_of(page.filling) == ""
    assert page.copies.isHidden()
    again.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert address_of(page.filling) == copied
    assert page.copies.isVisible()


def test_the_line_speaks_the_screens_language(again: Hand) -> None:
    begin(again)
    again.click("topbar.language")
    assert again.words("filling.copies.words").isascii()
    assert again.words("filling.copies.take").replace("&", "").isascii()


def test_undoing_the_copy_offers_it_again(again: Hand) -> None:
    page = begin(again)
    tell(page, CONSENT)
    again.click("filling.copies.take")
    again.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert address_of(page.filling) == ""
    assert page.copies.take.isVisible()


def test_a_row_with_copied_answers_wears_the_mark_in_its_table(again: Hand) -> None:
    page = begin(again)
    tell(page, CONSENT)
    again.click("filling.copies.take")
    ref = next(mark for mark in page.filling.copied.marks if "[1]/" in mark)
    repeat = ref.partition("[")[0]
    page.open_at(ref)
    again.rest()
    table = again.find(f"rows:{repeat}", QTableWidget)
    mark = table.columnCount() - 1
    assert not table.isColumnHidden(mark)
    assert table.item(0, mark).text() == "沿用"
    for each in sorted(page.filling.copied.marks):
        if each.startswith(f"{repeat}[1]/"):
            page.scribe.confirm(each)
    again.rest()
    assert table.item(0, mark).text() == ""
