"""Looking after the vault through the windows: reminder, backup, another computer, erasing."""

import dataclasses
import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from hand import PASSPHRASE, Hand
from views import AT, TITLE, detail, record
from xincai.desk import Leaving, Upkeep
from xincai.errors import Problem
from xincai.ui import language, messages, theme
from xincai.ui.pages.dossiers import record_row
from xincai.ui.pages.home import HomePage
from xincai.ui.pages.record import RecordPage
from xincai.ui.pages.upkeep import UpkeepPage
from xincai.ui.work.restore import RestoreErrand
from xincai.ui.work.upkeep import UpkeepErrand
from xincai.vault import Draft

CALM = Upkeep(AT, 0, 7, False, 30, (), None, read_only=False, scarce=False)
LEAVING = Leaving("r1", TITLE, "王**", "410499********1234", AT, AT + datetime.timedelta(days=30), kept=False)


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> Iterator[None]:
    language.speak(qapp, "zh")
    theme.apply(qapp, dark=False)
    yield
    language.speak(qapp, "zh")


def words(page: object) -> str:
    assert hasattr(page, "findChildren")
    QApplication.processEvents()
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def home(qtbot: QtBot, upkeep: Upkeep) -> str:
    page = HomePage()
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    page.render_upkeep(upkeep)
    return words(page)


def test_home_says_what_the_vault_needs(qtbot: QtBot) -> None:
    assert "备份" not in home(qtbot, CALM)
    late = dataclasses.replace(CALM, days_since_backup=7, backup_due=True)
    assert "已 7 天没有备份" in home(qtbot, late)
    assert "1 件已受理的填报件将在 7 天内清除内容" in home(
        qtbot, dataclasses.replace(CALM, leaving=(LEAVING, dataclasses.replace(LEAVING, kept=True)))
    )
    place = Problem("vault.in_synced_folder", service="坚果云")
    assert "坚果云" in home(qtbot, dataclasses.replace(CALM, place=place))
    assert "只能查看和导出" in home(qtbot, dataclasses.replace(CALM, read_only=True))
    assert "磁盘快满了" in home(qtbot, dataclasses.replace(CALM, scarce=True))


def test_the_list_offers_to_keep_and_to_let_go(qtbot: QtBot) -> None:
    page = UpkeepPage()
    qtbot.addWidget(page)
    page.resize(1100, 900)
    page.show()
    kept = dataclasses.replace(LEAVING, record_id="r2", kept=True)
    page.render_state(dataclasses.replace(CALM, leaving=(LEAVING, kept), erase_after=45))
    assert page.erase.currentData() == 45
    told: list[tuple[str, bool]] = []
    page.kept.connect(lambda record_id, keep: told.append((record_id, keep)))
    for number in (0, 1):
        page.findChild(type(page.save), f"upkeep.leaving.{number}.keep").click()  # type: ignore[union-attr]
    assert told == [("r1", True), ("r2", False)]
    assert "2026-04-14 起清除" in words(page)
    assert "已选择保留" in words(page)


def test_an_erased_record_says_so_everywhere(qtbot: QtBot) -> None:
    card = dataclasses.replace(record(status="accepted"), erased=True, subject_name="", subject_code="")
    assert record_row(card).cells[0].words == "已清除"
    page = RecordPage()
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    page.render_state(
        dataclasses.replace(
            detail(), card=card, sections=(), letters=(), letter_kinds=(), erased_at=AT, receipt="回执-7"
        )
    )
    seen = words(page)
    assert messages.status("erased") in seen
    assert "回执-7" in seen
    assert page.findChild(QLabel, "record.letters") is None


def test_a_backup_moves_to_another_computer(inside: Hand, qapp: QApplication, tmp_path: Path) -> None:
    """Settings, backup, then the first start of another program: restore, with a slip on the way."""
    stick = tmp_path / "stick"
    stick.mkdir()
    inside.desk._vault.save_draft(Draft("d", "commitment", "1", "f" * 64, "王测", b"<data/>"))
    inside.window.go("settings")
    inside.rest()
    assert "还没有做过备份" in inside.words("settings.backup")
    inside.click("settings.upkeep.open")
    assert inside.window.place == "upkeep"
    errand = inside.window._errands["upkeep"]
    assert isinstance(errand, UpkeepErrand)
    errand.back_up_to(stick)
    inside.rest()
    (backup,) = stick.iterdir()
    assert "上次备份" in inside.words("upkeep.last")
    inside.pick("upkeep.remind", 4)
    inside.pick("upkeep.erase", 0)
    assert (inside.desk.upkeep().remind_after, inside.desk.upkeep().erase_after) == (30, 0)

    other = Hand(qapp, tmp_path / "other computer")
    try:
        other.click("firstrun.restore")
        assert other.window.place == "restore"
        restoring = other.window._errands["restore"]
        assert isinstance(restoring, RestoreErrand)
        (stick / "letter.pdf").write_bytes(b"%PDF")
        restoring.take(stick / "letter.pdf")
        other.rest()
        assert "不是信采的备份" in words(other.window.page)
        restoring.take(backup)
        other.rest()
        assert other.find("restore.file", QLineEdit).text() == str(backup)
        other.type("restore.secret", "不对")
        other.click("restore.go")
        assert "口令不对" in words(other.window.page)
        assert other.desk.door() == "first_run"
        other.type("restore.secret", PASSPHRASE)
        assert not other.find("restore.by_code", QCheckBox).isChecked()
        other.click("restore.go")
        assert other.window.place == "home"
        assert [draft.draft_id for draft in other.desk.drafts()] == ["d"]
        assert "重新登记" in other.words("window.said") or "重新登记" in words(other.window)
    finally:
        other.leave()
