"""The activity log in the window: what is told, decided and exported."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hand import PASSPHRASE, Hand
from xincai.desk import HistoryState
from xincai.ui.pages.history import HistoryPage


def at_history(hand: Hand) -> HistoryPage:
    hand.window.go("settings")
    hand.rest()
    hand.click("settings.see_history")
    page = hand.window.page
    assert isinstance(page, HistoryPage)
    return page


def test_it_lists_what_happened_and_filters_it(inside: Hand) -> None:
    vault = inside.desk._vault
    for number in range(130):
        vault.add_event("revealed", record=f"r{number}", reason="verify")
    page = at_history(inside)
    assert page.table.model().rowCount() == 100
    page.table.scrollToBottom()
    inside.rest()
    assert page.table.model().rowCount() > 130
    inside.pick("history.kind", page.kind.findData("created"))
    assert page.table.model().rowCount() == 1
    assert page.table.model().index(0, 2).data() == "建立保险库"
    inside.pick("history.kind", 0)
    inside.pick("history.period", 1)
    assert page.table.model().rowCount() == 100


def test_it_exports_what_is_shown(inside: Hand, tmp_path: Path) -> None:
    from xincai.ui.work.history import HistoryErrand

    page = at_history(inside)
    errand = next(child for child in page.children() if isinstance(child, HistoryErrand))
    errand.export_to(tmp_path)
    inside.rest()
    assert {file.suffix for file in tmp_path.glob("xincai-events-*")} == {".csv", ".jsonl"}
    assert "建立保险库" in next(tmp_path.glob("*.csv")).read_text("utf-8-sig")


def test_all_of_it_is_proven_on_demand(inside: Hand, qtbot: object) -> None:
    page = at_history(inside)
    inside.click("history.verify")
    qtbot.waitUntil(lambda: "没有发现问题" in page._state.words())  # type: ignore[attr-defined]


def test_an_older_copy_leads_here_and_a_decision_leads_on(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Hand(qapp, tmp_path / "home", inside=True)
    file = tmp_path / "home" / "vault" / "vault.db"
    first.leave()
    shutil.copy(file, tmp_path / "old.db")
    second = Hand(qapp, tmp_path / "home")
    second.type("unlock.passphrase", PASSPHRASE)
    second.click("unlock.open")
    assert second.window.place == "home"
    second.desk._vault.add_event("made_up")
    second.leave()
    shutil.copy(tmp_path / "old.db", file)
    third = Hand(qapp, tmp_path / "home")
    try:
        third.type("unlock.passphrase", PASSPHRASE)
        third.click("unlock.open")
        page = third.window.page
        assert third.window.place == "history"
        assert isinstance(page, HistoryPage)
        assert "比上次用过的旧" in page._held.words()
        monkeypatch.setattr("xincai.ui.work.history.sure", lambda *_: True)
        third.click("history.held.act")
        assert page._held.isHidden()
        third.desk._vault.add_event("made_up")
    finally:
        third.leave()


def test_a_head_file_that_is_gone_is_told(qtbot: object) -> None:
    page = HistoryPage()
    qtbot.addWidget(page)  # type: ignore[attr-defined]
    page.show_state(HistoryState(head_missing=True))
    assert "head.json" in page._state.words()


def test_proving_all_tells_of_the_history_and_then_of_the_attachments(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    hand = Hand(qapp, tmp_path / "home", inside=True)
    try:
        hand.desk._vault.add_attachment(bytes(3 << 20), "image/jpeg", draft_id="d")
        hand.window.go("history")
        page = hand.window.page
        assert isinstance(page, HistoryPage)
        told = list[str]()
        real = page.progress.step

        def step(words: str, done: int, total: int, bytes_per_second: float = 0) -> None:
            real(words, done, total, bytes_per_second)
            told.append(page.progress._words.text())

        page.progress.step = step  # type: ignore[method-assign]
        hand.click("history.verify")
        qtbot.waitUntil(page.progress.isHidden)
        assert any(words.startswith("正在核验全部附件") and "MiB" in words for words in told)
        assert "没有发现问题" in page._state.words()
    finally:
        hand.leave()
