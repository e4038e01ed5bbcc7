import importlib.util
import re
import shutil
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QWidget

from hand import Hand
from views import BATCHES, CORRECTION, LETTER, PRACTICE, RECEIPTS, detail, overview, record
from xincai import paths
from xincai.desk import Delivery, Preferences
from xincai.ui import messages

HAN = re.compile(r"[\u4e00-\u9fff]")
OWN = {"topbar.language", "settings.language"}
"""What names the other language on purpose."""


@pytest.fixture(scope="module")
def i18n() -> ModuleType:
    source = paths._CHECKOUT / "build" / "i18n.py"
    spec = importlib.util.spec_from_file_location("i18n_tool", source)
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    return tool


@pytest.fixture
def english(inside: Hand, i18n: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Hand:
    """A hand on the English program; its words are built from the sources' own .ts."""
    if not i18n.TS.with_suffix(".qm").exists():
        i18n.release(i18n.TS)
    inside.window.prefer(Preferences("en"))
    inside.rest()
    return inside


def chinese_in(widget: QWidget) -> set[str]:
    said = set()
    for each in [widget, *widget.findChildren(QWidget)]:
        if each.objectName() in OWN or not each.isVisible():
            continue
        words = [each.toolTip(), each.accessibleName(), each.accessibleDescription()]
        if isinstance(each, QLabel | QAbstractButton):
            words.append(each.text())
        if isinstance(each, QLineEdit):
            words.append(each.placeholderText())
        if isinstance(each, QComboBox):
            words += [each.itemText(number) for number in range(each.count())]
        said |= {word for word in words if HAN.search(word)}
    return said


def test_no_sentence_is_missing_or_untranslated(i18n: ModuleType, tmp_path: Path) -> None:
    fresh = tmp_path / "fresh.ts"
    shutil.copy(i18n.TS, fresh)
    i18n.collect(fresh)
    assert i18n.unfinished(fresh) == []


def test_no_translation_is_left_in_chinese(i18n: ModuleType) -> None:
    text = i18n.TS.read_text(encoding="utf-8")
    translated = re.findall(r"<(?:translation|numerusform)>([^<]*)<", text)
    assert [words for words in translated if HAN.search(words)] == []
    assert "TODO" not in text


def test_translations_keep_their_places(i18n: ModuleType) -> None:
    text = i18n.TS.read_text(encoding="utf-8")
    for source, rest in re.findall(r"<source>([^<]*)</source>(.*?)</message>", text, re.DOTALL):
        places = set(re.findall(r"%[1-9n]|\{\w+\}", source))
        for target in re.findall(r"<(?:translation|numerusform)>([^<]+)<", rest):
            if target.strip():
                assert set(re.findall(r"%[1-9n]|\{\w+\}", target)) == places, source


@pytest.mark.parametrize("place", ["home", "choose", "dossiers", "outbox", "receipts", "settings"])
def test_an_english_page_says_nothing_in_chinese(
    english: Hand, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(english.desk, "overview", overview)
    monkeypatch.setattr(english.desk, "waiting", lambda: (record(),))
    monkeypatch.setattr(english.desk, "outbox", lambda: BATCHES)
    monkeypatch.setattr(english.desk, "connection", lambda: PRACTICE)
    monkeypatch.setattr(english.desk, "receipts", lambda: RECEIPTS)
    monkeypatch.setattr(english.desk, "corrections", lambda: (CORRECTION,))
    monkeypatch.setattr(english.desk, "profile", lambda: overview().profile)
    english.window.go(place)
    english.rest()
    if place == "outbox":
        english.window.page.show_end(Delivery(1, 1, 2, 1, cancelled=True))
    assert chinese_in(english.window) == set()


def test_an_english_record_and_letter_say_nothing_in_chinese(
    english: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(english.desk, "record", lambda *_: detail())
    english.window.go("record", "r1")
    english.rest()
    assert chinese_in(english.window) == set()
    monkeypatch.setattr(english.desk, "letter_page", lambda *_: b"")
    english.window.go("letter", LETTER)
    english.rest()
    assert chinese_in(english.window) == set()


def test_every_status_has_its_words(english: Hand) -> None:
    for status in ("draft", "sealed", "waiting", "unknown", "received", "accepted", "returned"):
        assert messages.status(status)
        assert not HAN.search(messages.status(status) + messages.status_next(status))
        assert messages.status_tone(status)
    for state in ("batched", "unknown", "custody", "settled", "quarantined"):
        assert not HAN.search(messages.batch_state(state) + messages.batch_next(state))


def test_numbers_bend_their_words(english: Hand) -> None:
    assert messages.count_of_records(1) == "1 record"
    assert messages.count_of_records(3) == "3 records"
    assert messages.time_left(30) == "about 30 seconds left"
    assert messages.time_left(600) == "about 10 minutes left"
