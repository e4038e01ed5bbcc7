from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hand import PASSPHRASE, Hand


@pytest.fixture
def locked(qapp: QApplication, tmp_path: Path) -> Iterator[tuple[Hand, str]]:
    """A hand before a locked vault, and the recovery code."""
    before = Hand(qapp, tmp_path)
    code = before.begin()
    before.leave()
    hand = Hand(qapp, tmp_path)
    yield hand, code
    hand.leave()


def test_the_passphrase_opens_the_vault(locked: tuple[Hand, str]) -> None:
    hand, _ = locked
    assert hand.window.place == "unlock"
    assert hand.app.focusWidget().objectName() == "unlock.passphrase"
    hand.type("unlock.passphrase", PASSPHRASE)
    hand.press(Qt.Key.Key_Return)
    assert hand.window.place == "home"


def test_a_wrong_passphrase_is_explained_and_can_be_typed_again(locked: tuple[Hand, str]) -> None:
    hand, _ = locked
    hand.type("unlock.passphrase", "something else entirely")
    hand.click("unlock.open")
    assert hand.window.place == "unlock"
    assert hand.find("unlock.trouble").words()
    hand.type("unlock.passphrase", PASSPHRASE)
    hand.click("unlock.open")
    assert hand.window.place == "home"


def test_the_recovery_code_opens_it_and_offers_a_new_passphrase(
    locked: tuple[Hand, str], tmp_path: Path
) -> None:
    hand, code = locked
    hand.click("unlock.forgot")
    hand.type("unlock.recovery", code)
    hand.click("unlock.open_by_code")
    hand.type("unlock.new", "another long phrase 7")
    hand.type("unlock.again", "another long phrase 7")
    hand.click("unlock.renew")
    assert hand.window.place == "home"
    hand.desk.close()
    hand.desk.unlock("another long phrase 7")


def test_locking_asks_for_a_fresh_process(locked: tuple[Hand, str], qtbot: QtBot) -> None:
    hand, _ = locked
    hand.type("unlock.passphrase", PASSPHRASE)
    hand.click("unlock.open")
    with qtbot.waitSignal(hand.window.lock_wanted):
        hand.click("topbar.lock")
