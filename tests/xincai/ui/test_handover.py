"""The computer is handed to the subject, left alone, put to sleep: nobody sees more than is theirs."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QTableView

from hand import PASSPHRASE, Hand
from xincai.ui.clip import Clip
from xincai.ui.leaving import Leaving
from xincai.ui.work.opening import Opening

NAME = "金丝雀合作社"


def filling(hand: Hand) -> None:
    """A filling under the pen, with a name in it."""
    hand.window.go("filling", Opening("start", "commitment"))
    hand.rest()


def handed(hand: Hand) -> None:
    filling(hand)
    hand.click("topbar.hand")
    assert hand.window.isFullScreen()


def test_only_a_filling_can_be_handed_over(inside: Hand) -> None:
    assert not [each for each in inside.window.findChildren(object, "topbar.hand") if each.isVisible()]


def test_the_subject_sees_this_filling_alone(inside: Hand) -> None:
    handed(inside)
    assert inside.window.place == "filling"
    for name in ("rail", "topbar"):
        assert not inside.window.findChild(object, name).isVisible()
    assert [event.kind for event in inside.desk._vault.events(1000)][-1] == "handed_over"
    for place in ("home", "dossiers", "settings", "record"):
        inside.window.go(place)
        inside.rest()
        assert inside.window.place == "handback"
        inside.window.back()
        inside.rest()


def test_shortcuts_and_closing_lead_nowhere(inside: Hand) -> None:
    handed(inside)
    for key in (Qt.Key.Key_1, Qt.Key.Key_3, Qt.Key.Key_6):
        QTest.keyClick(inside.window, key, Qt.KeyboardModifier.ControlModifier)
    inside.rest()
    assert inside.window.place == "filling"
    event = QCloseEvent()
    QApplication.sendEvent(inside.window, event)
    assert not event.isAccepted()
    assert inside.window.place == "handback"
    assert not inside.window.findChildren(QTableView)


def test_the_passphrase_leads_back_and_nothing_else_does(inside: Hand) -> None:
    handed(inside)
    inside.click("window.alone.act")
    inside.type("handback.passphrase", "guess guess guess")
    inside.click("handback.take")
    assert inside.window.place == "handback"
    inside.type("handback.passphrase", PASSPHRASE)
    inside.click("handback.take")
    assert inside.window.place == "filling"
    assert not inside.window.isFullScreen()
    inside.window.go("home")
    assert inside.window.place == "home"


def test_one_can_go_on_filling_without_it(inside: Hand) -> None:
    handed(inside)
    inside.click("window.alone.act")
    inside.click("handback.on")
    assert inside.window.place == "filling"


def test_after_sealing_there_is_only_the_giving_back(inside: Hand) -> None:
    handed(inside)
    inside.window.leave_for("record", "r1")
    inside.rest()
    assert inside.window.place == "handback"
    inside.window.back()
    assert inside.window.place == "handback"
    inside.type("handback.passphrase", PASSPHRASE)
    inside.click("handback.take")
    assert inside.window.place == "record"


def test_too_many_guesses_lock(inside: Hand) -> None:
    handed(inside)
    locked: list[int] = []
    inside.window.lock_wanted.connect(lambda: locked.append(1))
    inside.click("window.alone.act")
    for number in range(5):
        inside.type("handback.passphrase", f"guess guess {number}")
        inside.click("handback.take")
    assert locked == [1]


def test_what_was_typed_is_saved_when_the_computer_sleeps(inside: Hand, qapp: QApplication) -> None:
    filling(inside)
    locked: list[int] = []
    inside.window.lock_wanted.connect(lambda: locked.append(1))
    leaving = Leaving(qapp)
    leaving.going.connect(inside.window.lock_at_once)
    field = inside.find("q:/data/subject/subject_name", QLineEdit)
    field.setFocus()
    field.insert(NAME)
    leaving.asleep(False)
    assert locked == []
    leaving.asleep(True)
    assert locked == [1]
    leaving.deleteLater()
    inside.tasks.finish()
    assert NAME.encode() in inside.desk._vault.draft(inside.desk._vault.drafts()[0].draft_id).xml


def test_before_the_door_there_is_nothing_to_lock(hand: Hand) -> None:
    locked: list[int] = []
    hand.window.lock_wanted.connect(lambda: locked.append(1))
    hand.window.lock_at_once()
    assert locked == []


def test_what_we_copied_leaves_the_clipboard(qapp: QApplication, qtbot: object) -> None:
    clip = Clip(qapp, stays_for=30)
    board = QGuiApplication.clipboard()
    board.setText(NAME)
    assert board.text() == NAME
    qtbot.waitUntil(lambda: board.text() == "")  # type: ignore[attr-defined]
    board.setText(NAME)
    clip.clear()
    assert board.text() == ""
    clip.deleteLater()


def test_names_are_in_no_title_and_in_no_file_beside_the_vault(
    inside: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temp"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    titles: set[str] = set()
    filling(inside)
    inside.type("q:/data/subject/subject_name", NAME)
    for place in ("home", "dossiers", "outbox", "receipts", "settings", "history"):
        inside.window.go(place)
        inside.rest()
        titles |= {each.windowTitle() for each in inside.app.topLevelWidgets()}
    assert not any("李秀兰" in title or NAME in title for title in titles)
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    names = ("李秀兰".encode(), NAME.encode())
    told = [file.name for file in files if any(name in file.read_bytes() for name in names)]
    assert told == []
