from collections.abc import Callable
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QTableView, QWidget
from pytestqt.qtbot import QtBot

from hand import Hand
from views import BATCHES, PRACTICE, detail, overview, record
from xincai.ui import theme
from xincai.ui.pages.answers import AnswerRow
from xincai.ui.pages.outbox import OutboxPage
from xincai.ui.pages.record import RecordPage
from xincai.ui.places import KEPT

PLACES = ("home", "assignments", "choose", "dossiers", "letters", "outbox", "receipts", "settings")


def in_reach(hand: Hand) -> set[str]:
    """Names of what Tab leads to, starting where the focus is."""
    seen: list[str] = []
    for _ in range(120):
        focus = hand.app.focusWidget()
        assert focus is not None, seen
        name = focus.objectName() or str(id(focus))
        if name in seen and name == seen[0]:
            break
        seen.append(name)
        hand.press(Qt.Key.Key_Tab)
    return set(seen)


def controls(page: QWidget) -> list[QWidget]:
    kinds = (QAbstractButton, QLineEdit, QComboBox, QTableView)
    return [
        widget
        for kind in kinds
        for widget in page.findChildren(kind)
        if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]


def test_the_rail_leads_everywhere_and_the_way_back_is_kept(inside: Hand) -> None:
    for place in PLACES[1:]:
        inside.click(f"rail.{place}")
        assert inside.window.place == place
    for place in reversed(PLACES[:-1]):
        inside.click("topbar.back")
        assert inside.window.place == place


def test_digits_lead_to_places_and_alt_left_leads_back(inside: Hand) -> None:
    for number, place in enumerate(PLACES, start=1):
        inside.press(Qt.Key(Qt.Key.Key_0 + number), Qt.KeyboardModifier.ControlModifier)
        assert inside.window.place == place
    inside.press(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert inside.window.place == "receipts"


@pytest.mark.parametrize("place", PLACES)
def test_tab_reaches_every_control_of_a_page(inside: Hand, place: str) -> None:
    inside.window.go(place)
    inside.rest()
    page = inside.window.page
    missing = {widget.objectName() for widget in controls(page)} - in_reach(inside)
    assert missing == set()


@pytest.mark.parametrize("place", PLACES)
def test_every_control_has_a_name_for_the_machine_and_for_the_ear(inside: Hand, place: str) -> None:
    inside.window.go(place)
    inside.rest()
    for widget in controls(inside.window):
        assert widget.objectName(), f"{widget} has no object name"
        spoken = widget.accessibleName() or widget.property("text") or widget.property("currentText")
        assert spoken, f"{widget.objectName()} has nothing to say"


def test_a_narrow_window_shows_icons_alone(inside: Hand) -> None:
    rail = inside.find("rail")
    wide = rail.width()
    inside.window.resize(1100, 700)
    inside.rest()
    assert rail.width() < wide / 2
    assert inside.find("rail.home", QAbstractButton).accessibleName() == "首页"


@pytest.mark.parametrize("place", PLACES)
def test_nothing_is_cut_off_at_1366_by_768(inside: Hand, place: str, tmp_path: Path) -> None:
    inside.window.resize(1366, 768)
    inside.window.go(place)
    inside.rest()
    page = inside.window.page
    page_content = page.area.widget()
    assert page_content.minimumSizeHint().width() <= page.area.viewport().width()
    picture = inside.window.grab()
    assert picture.save(str(tmp_path / f"{place}.png"))
    image = picture.toImage()
    seen = {image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}
    assert len(seen) > 20


def test_practice_wears_its_stripe(inside: Hand) -> None:
    stripe = inside.window.findChild(QWidget, "stripe")
    assert not stripe.isVisible()
    inside.window._show_overview(overview())
    assert stripe.isVisible()
    assert inside.find("topbar.practice").isVisible()


def test_switching_language_or_size_stays_on_the_page(inside: Hand, qtbot: QtBot) -> None:
    inside.window.go("outbox")
    inside.click("topbar.language")
    assert inside.window.place == "outbox"
    assert inside.words("topbar.place") == "Outbox"
    inside.window.go("settings")
    inside.rest()
    inside.pick("settings.text_size", 2)
    assert inside.window.place == "settings"
    assert inside.desk.preferences().text_size == "larger"
    with qtbot.waitSignal(inside.window.preferred) as told:
        inside.pick("settings.lock_after", 0)
    assert told.args == [inside.desk.preferences()]
    assert inside.desk.preferences().lock_after == 5
    inside.pick("settings.language", 0)
    assert inside.words("topbar.place") == "设置"


def test_pages_that_are_left_are_let_go(inside: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inside.desk, "record", lambda *_: detail())
    monkeypatch.setattr(inside.desk, "letter_page", lambda *_: b"")
    for _ in range(5):
        inside.window.go("record", "r1")
        inside.rest()
        inside.window.back()
        inside.rest()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    pages = inside.window.findChildren(QWidget, "record")
    assert len(pages) <= 1
    assert "record" not in KEPT


def test_closing_waits_for_the_work_under_way(inside: Hand) -> None:
    steps: list[int] = []

    def work(_told: Callable[[int], None], cancelled: Callable[[], bool]) -> None:
        while not cancelled():
            pass

    inside.tasks.run_long(inside.window, work, lambda _: steps.append(1), step=lambda _: None)
    inside.window.close()
    assert inside.window.isVisible()
    inside.rest()
    assert steps == [1]
    assert not inside.window.isVisible()


def test_a_system_that_turns_dark_is_followed(inside: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    inside.window.go("outbox")
    inside.rest()
    light = inside.window.grab().toImage().pixelColor(700, 600)
    wear = theme.apply
    monkeypatch.setattr(theme, "apply", lambda app, size: wear(app, size, dark=True))
    inside.window.redress()
    inside.rest()
    assert inside.window.place == "outbox"
    assert inside.window.grab().toImage().pixelColor(700, 600).lightness() < light.lightness() / 2


def test_what_was_revealed_is_masked_when_the_record_is_left(inside: Hand) -> None:
    inside.window.go("record", "r1")
    inside.rest()
    page = inside.window.page
    assert isinstance(page, RecordPage)
    page.render_state(detail())
    inside.rest()
    page.show_revealed("/data/code", "93410499MX4TP7FD1Y")
    values = {line.value.text() for line in page.findChildren(AnswerRow)}
    assert "93410499MX4TP7FD1Y" in values
    inside.window.go("home")
    values = {line.value.text() for line in page.findChildren(AnswerRow)}
    assert "93410499MX4TP7FD1Y" not in values
    assert "934104********FD1Y" in values


def test_what_was_revealed_goes_with_the_language(inside: Hand) -> None:
    inside.window.go("record", "r1")
    inside.rest()
    page = inside.window.page
    assert isinstance(page, RecordPage)
    page.render_state(detail())
    inside.rest()
    page.show_revealed("/data/code", "93410499MX4TP7FD1Y")
    line = next(each for each in page.findChildren(AnswerRow) if "9341" in each.value.text())
    inside.click("topbar.language")
    assert not shiboken6.isValid(line) or "*" in line.value.text()
    assert inside.window.page is not page


def test_after_signing_the_next_step_is_at_hand(inside: Hand) -> None:
    inside.window.go("outbox")
    inside.rest()
    page = inside.window.page
    assert isinstance(page, OutboxPage)
    page.render_state((), BATCHES, PRACTICE)
    page.start_focus()
    assert page.deliver.hasFocus()
    page.render_state((record(),), BATCHES, PRACTICE)
    page.start_focus()
    assert page.sign.hasFocus()
