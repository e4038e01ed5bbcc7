"""Ctrl+K: pages, forms, drafts and records by a few letters, as far as whoever is in may open them."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QListWidget

from forms import farms
from hand import PASSPHRASE, Hand
from xincai.ui.filling import FillingPage
from xincai.ui.parts.fields import SearchField

SECOND = "麦田 风车 雨伞 铁桥 梨花 算盘"
CTRL = Qt.KeyboardModifier.ControlModifier


def seek(hand: Hand, words: str) -> list[str]:
    """Press Ctrl+K, type, and read what is listed."""
    hand.press(Qt.Key.Key_K, CTRL)
    line = hand.app.focusWidget()
    assert line is not None
    assert line.objectName() == "finder.line"
    assert isinstance(line, SearchField)
    said = QSignalSpy(line.searched)
    QTest.keyClicks(line, words)
    if words:
        assert said.count() or said.wait(5000)
    hand.rest()
    found = hand.window.findChild(QListWidget, "finder.list")
    assert found is not None
    return [found.item(row).text() for row in range(found.count())]


def keep_a_draft(hand: Hand) -> None:
    filling = hand.desk.start("ff_collect")
    filling.answer("/data/subject/subject_name", farms.farm().name)
    filling.snapshot().save()


def become(hand: Hand, role: str) -> None:
    """Somebody else comes in, with this role alone."""
    hand.desk.add_person(PASSPHRASE, "赵二", (role,), SECOND)  # type: ignore[arg-type]
    hand.desk.close()
    hand.desk.unlock(SECOND)
    hand.window.open_vault()
    hand.rest()


def test_a_page_is_found_by_initials_and_enter_opens_it(inside: Hand) -> None:
    assert seek(inside, "dfx") == ["待发箱"]
    inside.press(Qt.Key.Key_Return)
    assert inside.window.place == "outbox"


def test_enter_pressed_at_once_opens_what_is_found_for_these_very_words(inside: Hand) -> None:
    inside.press(Qt.Key.Key_K, CTRL)
    QTest.keyClicks(inside.app.focusWidget(), "dfx")
    inside.press(Qt.Key.Key_Return)
    assert inside.window.place == "outbox"


def test_a_form_is_found_by_its_name_and_opened(inside: Hand) -> None:
    assert any("补贴" in words for words in seek(inside, "subsidy"))
    inside.press(Qt.Key.Key_Return)
    page = inside.window.page
    assert isinstance(page.inner, FillingPage)
    assert page.inner.filling.form.form_id == "subsidy"


def test_the_arrows_choose_and_a_draft_is_opened_again(inside: Hand) -> None:
    keep_a_draft(inside)
    listed = seek(inside, "")
    at = next(number for number, words in enumerate(listed) if words.startswith("草稿"))
    for _ in range(at):
        inside.press(Qt.Key.Key_Down)
    inside.press(Qt.Key.Key_Return)
    assert inside.window.place == "filling"
    assert inside.window.page.inner.filling.subject_name() == farms.farm().name


def test_escape_gives_the_pen_back_and_nothing_changes(inside: Hand) -> None:
    inside.window.go("dossiers")
    inside.rest()
    pen = inside.app.focusWidget()
    assert pen is not None
    assert pen.objectName() == "dossiers.search"
    seek(inside, "dfx")
    inside.press(Qt.Key.Key_Escape)
    assert inside.app.focusWidget() is pen
    assert inside.window.place == "dossiers"


def test_before_the_vault_is_open_nothing_is_sought(hand: Hand) -> None:
    hand.press(Qt.Key.Key_K, CTRL)
    pen = hand.app.focusWidget()
    assert pen is None or pen.objectName() != "finder.line"


OFFERED = {
    "filer": {"home", "assignments", "choose", "letters", "dossiers", "outbox", "receipts", "settings"},
    "reviewer": {"home", "dossiers", "letters", "outbox", "receipts", "settings"},
    "administrator": {"home", "settings"},
    "auditor": {"home", "settings"},
}


@pytest.mark.parametrize("role", OFFERED)
def test_the_rail_offers_what_the_role_may_open_and_nothing_else(inside: Hand, role: str) -> None:
    become(inside, role)
    rail = inside.find("rail")
    names = {f"rail.{place}" for place in OFFERED["filer"]}
    seen = {
        child.objectName() for child in rail.children() if child.objectName() in names and child.isVisible()
    }  # type: ignore[attr-defined]
    assert seen == {f"rail.{place}" for place in OFFERED[role]}
    for number in range(1, 9):
        inside.press(Qt.Key(Qt.Key.Key_0 + number), CTRL)
        assert inside.window.place in OFFERED[role]


def test_an_auditor_finds_neither_forms_nor_drafts(inside: Hand) -> None:
    keep_a_draft(inside)
    become(inside, "auditor")
    listed = seek(inside, "")
    assert "操作记录" in listed
    assert not {"档案", "新建填报", "人员与权限"} & set(listed)
    assert not [words for words in listed if words.startswith("草稿")]
    inside.press(Qt.Key.Key_Escape)
    assert seek(inside, "subsidy") == []
