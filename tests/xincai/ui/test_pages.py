from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QBuffer, QIODevice, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QProgressBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from hand import Hand
from views import BATCHES, CORRECTION, FORM, LETTER, PRACTICE, RECEIPTS, detail, draft, overview, record
from xincai.desk import Delivery, Preferences, Section, Step
from xincai.desk.views import Status
from xincai.ui import language, messages, theme
from xincai.ui.pages.choose import ChoosePage
from xincai.ui.pages.dossiers import DossiersPage
from xincai.ui.pages.home import HomePage
from xincai.ui.pages.letter import LetterPage
from xincai.ui.pages.outbox import OutboxPage
from xincai.ui.pages.receipts import ReceiptsPage
from xincai.ui.pages.record import RecordPage
from xincai.ui.pages.settings import SettingsPage

P = TypeVar("P", bound=QWidget)


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> None:
    language.speak(qapp, "zh")
    theme.apply(qapp, dark=False)


def shown(qtbot: QtBot, page: P) -> P:
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    return page


def press(page: QWidget, name: str) -> None:
    button = page.findChild(QAbstractButton, name)
    assert button is not None, name
    button.click()


def texts(page: QWidget) -> str:
    QApplication.processEvents()
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def png(width: int = 40, height: int = 30) -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())


def test_home_shows_what_waits_and_leads_there(qtbot: QtBot) -> None:
    page = shown(qtbot, HomePage())
    page.render_state(overview())
    said = texts(page)
    assert "必答 3/18" in said
    assert "Name differs" in said
    for signal, button, expected in (
        (page.draft_opened, "home.draft.1.open", "d2"),
        (page.draft_discarded, "home.draft.0.discard", "d1"),
        (page.correction_opened, "home.correction.0.open", CORRECTION),
        (page.place_wanted, "home.see.waiting", "outbox"),
    ):
        with qtbot.waitSignal(signal) as told:
            press(page, button)
        assert told.args == [expected]


def test_home_renders_again_without_growing(qtbot: QtBot) -> None:
    page = shown(qtbot, HomePage())
    for _ in range(3):
        page.render_state(overview())
    QApplication.processEvents()
    visible = [b for b in page.findChildren(QAbstractButton, "home.draft.0.open") if b.isVisible()]
    assert len(visible) == 1
    assert draft(1).draft_id == "d1"


def test_choose_finds_by_words_and_by_subject(qtbot: QtBot) -> None:
    page = shown(qtbot, ChoosePage())
    page.render_state((FORM,))
    with qtbot.waitSignal(page.form_chosen) as told:
        press(page, "choose.start.ff")
    assert told.args == ["ff"]
    assert "约 12 分钟" in texts(page)
    page.subject.setCurrentIndex(page.subject.findData("ENT"))
    assert "没有找到合适的表单" in texts(page)
    page.subject.setCurrentIndex(0)
    page.search.setText("入户")
    page.search.returnPressed.emit()
    assert "家庭农场信息采集表" in texts(page)


def test_dossiers_ask_for_more_rows_when_they_are_scrolled_to(qtbot: QtBot) -> None:
    page = shown(qtbot, DossiersPage())
    with qtbot.waitSignal(page.more_wanted) as told:
        page.show_records(tuple(record(number) for number in range(100)), 150)
        page.table.scrollToBottom()
        page.table.model().fetchMore(page.table.rootIndex())
    assert told.args == [100]
    page.add_records(tuple(record(number) for number in range(50)))
    assert page.table.model().rowCount() == 150
    assert not page.table.model().canFetchMore(page.table.rootIndex())


def test_enter_on_a_row_opens_it(qtbot: QtBot) -> None:
    page = shown(qtbot, DossiersPage())
    page.show_records((record(1), record(2)), 2)
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Down)
    with qtbot.waitSignal(page.record_opened) as told:
        qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert told.args == [record(2)]


def test_dossiers_without_records_say_what_to_do_first(qtbot: QtBot) -> None:
    page = shown(qtbot, DossiersPage())
    page.show_records((), 0)
    assert "还没有封存的填报件" in texts(page)
    page.search.setText("zzz")
    page.show_records((), 0)
    assert "没有找到" in texts(page)


SECRET = "93410499MX4TP7FD1Y"


def reveal(page: RecordPage) -> None:
    """Press the eye, choose the first reason, and get the answer as the desk gives it."""
    asked: list[tuple[str, str, str]] = []
    page.reveal_wanted.connect(lambda *given: asked.append(given))
    press(page, "record.reveal./data/code")
    press(page, "record.show./data/code")
    assert asked == [("/data/code", "verify", "")]
    page.show_revealed("/data/code", SECRET)


def test_a_delicate_answer_is_masked_until_a_reason_is_given(qtbot: QtBot) -> None:
    page = shown(qtbot, RecordPage())
    page.render_state(detail())
    QApplication.processEvents()
    assert SECRET not in texts(page)
    reveal(page)
    assert SECRET in texts(page)
    press(page, "record.reveal./data/code")
    assert SECRET not in texts(page)


def test_other_reasons_are_told_in_words(qtbot: QtBot) -> None:
    page = shown(qtbot, RecordPage())
    page.render_state(detail())
    QApplication.processEvents()
    asked: list[tuple[str, str, str]] = []
    page.reveal_wanted.connect(lambda *given: asked.append(given))
    press(page, "record.reveal./data/code")
    reason = page.findChild(QComboBox, "record.reason./data/code")
    assert reason is not None
    reason.setCurrentIndex(reason.findData("other"))
    press(page, "record.show./data/code")
    assert asked == []
    note = page.findChild(QLineEdit, "record.note./data/code")
    assert note is not None
    note.setText("审计抽查")
    press(page, "record.show./data/code")
    assert asked == [("/data/code", "other", "审计抽查")]


def test_a_revealed_answer_is_covered_again_after_a_minute(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xincai.ui.pages.answers.SHOWN_FOR", 30)
    page = shown(qtbot, RecordPage())
    page.render_state(detail())
    QApplication.processEvents()
    reveal(page)
    qtbot.waitUntil(lambda: SECRET not in texts(page))


def test_a_revealed_answer_is_masked_again_when_the_page_is_left(qtbot: QtBot) -> None:
    page = shown(qtbot, RecordPage())
    page.render_state(detail())
    QApplication.processEvents()
    reveal(page)
    assert SECRET in texts(page)
    page.hide()
    page.show()
    assert SECRET not in texts(page)


def test_a_returned_record_says_why_and_offers_the_correction(qtbot: QtBot) -> None:
    page = shown(qtbot, RecordPage())
    page.render_state(detail())
    assert "Name differs" in texts(page)
    with qtbot.waitSignal(page.correction_wanted):
        press(page, "record.returned.act")
    page.render_state(detail("accepted"))
    assert "Name differs" not in texts(page)


@pytest.mark.parametrize(
    "status", ["sealed", "waiting", "unknown", "received", "accepted", "returned", "practised"]
)
def test_a_record_wears_its_status(qtbot: QtBot, status: Status) -> None:
    page = shown(qtbot, RecordPage())
    page.render_state(detail(status))
    assert page.badge.text() == messages.status(status)
    assert page.badge.property("tone") == messages.status_tone(status)
    assert page.badge.toolTip() == messages.status_next(status)


def test_a_record_speaks_its_intents(qtbot: QtBot) -> None:
    page = shown(qtbot, RecordPage())
    page.render_state(detail())
    with qtbot.waitSignal(page.letter_wanted) as kind:
        press(page, "record.write.receipt")
    with qtbot.waitSignal(page.report_wanted) as report:
        press(page, "record.report.full")
    assert report.args == [True]
    with qtbot.waitSignal(page.letter_opened) as letter:
        press(page, "record.letter.0")
    with qtbot.waitSignal(page.image_wanted) as image:
        press(page, "record.image./data/photo")
    assert (kind.args, letter.args, image.args) == (["receipt"], [LETTER], ["p.png", "", ""])
    page.show_image("p.png", png())
    QApplication.processEvents()
    assert any(not label.pixmap().isNull() and label.pixmap().width() == 40
               for label in page.findChildren(QLabel) if label.isVisible())  # fmt: skip


def test_a_letter_turns_its_pages_and_zooms(qtbot: QtBot) -> None:
    page = shown(qtbot, LetterPage())
    wanted: list[tuple[int, int]] = []
    page.page_wanted.connect(lambda number, width: wanted.append((number, width)))
    page.render_state(LETTER)
    page.show_page(png(100, 140))
    press(page, "letter.after")
    press(page, "letter.larger")
    press(page, "letter.before")
    assert [number for number, _ in wanted] == [0, 1, 1, 0]
    assert wanted[2][1] > wanted[1][1]
    assert not page.sheet.pixmap().isNull()
    page.show_page(b"not a picture")
    assert page.trouble.isVisible()


def test_the_outbox_signs_then_delivers(qtbot: QtBot) -> None:
    page = shown(qtbot, OutboxPage())
    page.render_state((record(),), BATCHES, PRACTICE)
    with qtbot.waitSignal(page.sign_wanted):
        press(page, "outbox.sign")
    with qtbot.waitSignal(page.deliver_wanted):
        press(page, "outbox.deliver")
    with qtbot.waitSignal(page.export_wanted) as told:
        press(page, "outbox.export")
    assert told.args == [BATCHES[0]]
    with qtbot.waitSignal(page.slip_wanted) as slip:
        press(page, "outbox.slip")
    assert slip.args == [BATCHES[0]]


def test_without_a_connection_nothing_can_be_signed(qtbot: QtBot) -> None:
    page = shown(qtbot, OutboxPage())
    page.render_state((record(),), (), None)
    assert not page.sign.isEnabled()
    assert not page.deliver.isEnabled()
    with qtbot.waitSignal(page.settings_wanted):
        press(page, "outbox.link.act")


def test_a_delivery_shows_its_steps_and_can_be_stopped(qtbot: QtBot) -> None:
    page = shown(qtbot, OutboxPage())
    page.render_state((), BATCHES, PRACTICE)
    page.show_start()
    assert not page.deliver.isEnabled()
    page.show_step(Step("commit", 3, 12))
    assert "3/12" in texts(page)
    page.show_step(Step("blobs", 3 << 20, 12 << 20, 1 << 20))
    assert "3.0 MiB/12.0 MiB  ·  1.0 MiB/s  ·  约剩 9 秒" in texts(page)
    page.show_step(Step("blobs", 30 << 30, 40 << 30, 8 << 20))
    assert "30.0 GiB/40.0 GiB" in texts(page)
    bar = page.findChild(QProgressBar, "outbox.progress.bar")
    assert bar is not None
    assert bar.value() * 4 == bar.maximum() * 3
    with qtbot.waitSignal(page.cancel_wanted):
        press(page, "outbox.progress.cancel")
    page.show_end(Delivery(0, 1, 0, 0, cancelled=True))
    assert "已停止" in page.result.words()
    assert page.result.property("tone") == "warn"
    page.show_end(Delivery(1, 0, 3, 0))
    assert page.result.property("tone") == "good"
    assert page.deliver.isEnabled()


def test_the_result_of_a_delivery_goes_when_something_else_waits_or_is_signed(qtbot: QtBot) -> None:
    page = shown(qtbot, OutboxPage())
    page.render_state((record(1),), (), PRACTICE)
    page.show_start()
    page.show_end(Delivery(1, 0, 8, 1))
    page.render_state((), BATCHES[:1], PRACTICE)
    page.render_state((), BATCHES[:1], PRACTICE)
    assert "受理 8 件，退回 1 件" in page.result.words()
    assert page.result.isVisible()
    page.render_state((record(2),), BATCHES[:1], PRACTICE)
    assert not page.result.isVisible()
    page.show_end(Delivery(1, 0, 1, 0))
    page.render_state((), BATCHES[:2], PRACTICE)
    assert page.result.words() == "平台已答复：受理 1 件。"
    page.render_state((), BATCHES[:3], PRACTICE)
    assert not page.result.isVisible()


def test_receipts_show_corrections_first(qtbot: QtBot) -> None:
    page = shown(qtbot, ReceiptsPage())
    page.render_state((CORRECTION,), RECEIPTS)
    with qtbot.waitSignal(page.correction_opened) as told:
        press(page, "receipts.correct.0")
    assert told.args == [CORRECTION]
    assert page.table.model().rowCount() == 2
    page.render_state((), ())
    assert "没有要更正的填报件" in texts(page)


def test_settings_speak_their_changes(qtbot: QtBot) -> None:
    page = shown(qtbot, SettingsPage())
    page.show_preferences(Preferences("zh", "large", 5))
    page.show_connection(PRACTICE, overview().profile)
    with qtbot.waitSignal(page.preferred) as told:
        page.text_size.setCurrentIndex(2)
        page.text_size.activated.emit(2)
    assert told.args == [Preferences("zh", "larger", 5)]
    with qtbot.waitSignal(page.preferred) as told:
        page.lock_after.setCurrentIndex(3)
        page.lock_after.activated.emit(3)
    assert told.args == [Preferences("zh", "larger", 30)]
    page.old.setText("one")
    page.new.setText("two")
    page.again.setText("three")
    press(page, "settings.change")
    assert "两次输入不一样" in texts(page)
    page.again.setText("two")
    with qtbot.waitSignal(page.passphrase_changed) as changed:
        press(page, "settings.change")
    assert changed.args == ["one", "two"]


def test_markup_in_an_answer_is_shown_as_it_is(qtbot: QtBot) -> None:
    page = shown(qtbot, HomePage())
    page.render_state(overview())
    assert all(
        label.textFormat() == Qt.TextFormat.PlainText
        for label in page.findChildren(QLabel)
        if label.text() and label.isVisible()
    )


def test_changing_the_passphrase_through_the_window(inside: Hand) -> None:
    inside.window.go("settings")
    inside.rest()
    inside.type("settings.old", "horse battery 42 staple")
    inside.type("settings.new", "a new phrase of 7 words")
    inside.type("settings.again", "a new phrase of 7 words")
    inside.click("settings.change")
    assert "口令已更换" in inside.find("window.said").words()


def test_a_delicate_picture_is_asked_for_with_a_reason(qtbot: QtBot) -> None:
    whole = detail()
    answers = tuple(
        replace(answer, level="L3") if answer.image else answer for answer in whole.sections[0].answers
    )
    page = shown(qtbot, RecordPage())
    page.render_state(replace(whole, sections=(Section("Basics", answers),)))
    QApplication.processEvents()
    wanted: list[tuple[str, str, str]] = []
    page.image_wanted.connect(lambda *asked: wanted.append(asked))
    press(page, "record.image./data/photo")
    assert wanted == []
    press(page, "record.show./data/photo")
    assert wanted == [("p.png", "verify", "")]
    page.show_image("p.png", png())
    line = page._lines["/data/photo"]
    assert line.picture.isVisible()
    line.cover()
    assert not line.picture.isVisible()
    assert line.look.isVisible()


def test_a_return_file_is_chosen_or_dropped_on_the_outbox(qtbot: QtBot, tmp_path: Path) -> None:
    page = shown(qtbot, OutboxPage())
    page.render_state((), BATCHES, PRACTICE)
    with qtbot.waitSignal(page.return_wanted):
        press(page, "outbox.return")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "receipts.json"))])
    event = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    with qtbot.waitSignal(page.return_dropped) as told:
        page.dropEvent(event)
    assert told.args == [tmp_path / "receipts.json"]


def test_the_line_is_set_in_the_settings_and_shows_no_secret(inside: Hand) -> None:
    inside.window.go("settings")
    inside.rest()
    inside.type("settings.proxy", "http://10.1.2.3:8080")
    inside.type("settings.proxy.user", "office")
    inside.type("settings.proxy.password", "geheim-7")
    inside.click("settings.proxy.keep")
    inside.rest()
    line = inside.desk.line()
    assert (line.proxy, line.user) == ("http://10.1.2.3:8080", "office")
    assert inside.window.page.proxy_password.text() == ""
    inside.type("settings.proxy", "10.1.2.3")
    inside.click("settings.proxy.keep")
    inside.rest()
    assert inside.window.page.trouble.isVisible()
    assert inside.desk.line() == line
