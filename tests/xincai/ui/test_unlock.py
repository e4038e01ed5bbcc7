from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel
from pytestqt.qtbot import QtBot

from hand import PASSPHRASE, Hand
from xincai.ui.work.restore import RestoreErrand


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


@pytest.fixture
def bereft(qapp: QApplication, tmp_path: Path) -> Iterator[tuple[Hand, Path]]:
    """A hand before a vault whose file is gone, and a backup of it."""
    before = Hand(qapp, tmp_path, inside=True)
    (tmp_path / "stick").mkdir()
    backup = before.desk.back_up(tmp_path / "stick", lambda _saving: None, lambda: False)
    assert backup is not None
    before.leave()
    (tmp_path / "vault" / "vault.db").unlink()
    hand = Hand(qapp, tmp_path)
    yield hand, backup
    hand.leave()


def seen(hand: Hand) -> str:
    return "\n".join(each.text() for each in hand.window.findChildren(QLabel) if each.isVisible())


def test_where_the_file_is_gone_the_way_to_a_backup_is_offered_to_the_keyboard(
    bereft: tuple[Hand, Path], tmp_path: Path
) -> None:
    hand, backup = bereft
    assert hand.window.place == "unlock"
    assert "vault.db 不见了" in seen(hand)
    assert hand.app.focusWidget().objectName() == "unlock.restore"
    hand.press(Qt.Key.Key_Space)
    assert hand.window.place == "restore"
    assert "改名留在旁边" in seen(hand)
    restoring = hand.window._errands["restore"]
    assert isinstance(restoring, RestoreErrand)
    restoring.take(backup)
    hand.rest()
    hand.type("restore.secret", PASSPHRASE)
    hand.click("restore.go")
    assert hand.window.place == "home"
    (aside,) = (each for each in tmp_path.iterdir() if each.name.startswith("vault.old-"))
    assert str(aside) in seen(hand)
    assert (aside / "vault.json").exists()


def test_it_is_offered_too_when_the_file_goes_while_the_door_is_looked_at(
    locked: tuple[Hand, str], tmp_path: Path
) -> None:
    hand, _ = locked
    (tmp_path / "vault" / "vault.db").rename(tmp_path / "quarantine")
    hand.type("unlock.passphrase", PASSPHRASE)
    hand.click("unlock.open")
    hand.click("unlock.restore")
    hand.click("topbar.back")
    assert hand.window.place == "unlock"
    (tmp_path / "quarantine").rename(tmp_path / "vault" / "vault.db")
    hand.type("unlock.passphrase", PASSPHRASE)
    hand.click("unlock.open")
    assert hand.window.place == "home"


def test_a_locked_vault_that_is_whole_offers_no_such_way(locked: tuple[Hand, str]) -> None:
    hand, _ = locked
    (way,) = hand.window.findChildren(QAbstractButton, "unlock.restore")
    assert not way.isVisible()
