"""What a day's work leaves on the computer beside the vault: no name, code, telephone or answer, in no file
and no file's name, in no title of a window, in no name of a print job, in no list of recent files.

A person fills in, attaches a photograph, seals, looks at the record and its letter, asks to print and saves
the letter where they choose. What they save themselves is theirs; its name says nothing of anybody either.
"""

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QObject, QSettings, QTimer
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from forms import farms
from hand import Hand
from xincai.ui.guard import guarded
from xincai.vault import Device
from xincai.wire.suites import SM2_SM3, PrivateKey

HOUSE = {
    "HOME": "",
    "TMPDIR": "tmp",
    "XDG_CONFIG_HOME": ".config",
    "XDG_DATA_HOME": ".local/share",
    "XDG_CACHE_HOME": ".cache",
    "XDG_STATE_HOME": ".local/state",
    "XDG_RUNTIME_DIR": "run",
}
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "gb18030")
LEAST, TELEPHONE = 5, 11
"""Characters of words that nobody says by chance, digits that are somebody's."""


class Titles(QObject):
    """Notes what every window is called."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.seen: set[str] = set()
        app.installEventFilter(self)

    @guarded(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kinds = (QEvent.Type.WindowTitleChange, QEvent.Type.Show)
        if event.type() in kinds and isinstance(watched, QWidget) and watched.isWindow():
            self.seen |= {watched.windowTitle(), watched.windowFilePath(), watched.windowRole()}
        return False


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of one's own, with all the places where programs leave things."""
    home = tmp_path / "house"
    for name, place in HOUSE.items():
        (home / place).mkdir(parents=True, exist_ok=True, mode=0o700)
        monkeypatch.setenv(name, str(home / place))
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(home / ".config"))
    monkeypatch.chdir(home / "tmp")
    return home


@pytest.fixture
def titles(qapp: QApplication) -> Iterator[Titles]:
    watch = Titles(qapp)
    yield watch
    qapp.removeEventFilter(watch)


def photo() -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((320, 240)).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def personal(hand: Hand, record_id: str) -> set[str]:
    """What a record says that points to a person, or that they said of themselves."""
    record = hand.desk._vault.record(record_id)
    leaves = [record.subject.name, record.subject.code]
    for part in record.submission.decode().replace("<", ">").split(">"):
        words = part.strip()
        number = words.isdigit() and len(words) >= TELEPHONE
        if number or (len(words) >= LEAST and not words.isascii()):
            leaves.append(words)
    return set(filter(None, leaves))


def found(words: set[str], folder: Path, leave_out: set[Path]) -> list[str]:
    """Which of these stand in a file below a folder, or in its name."""
    marks = {mark.encode(code) for mark in words for code in ENCODINGS}
    told = []
    for file in folder.rglob("*"):
        told += [f"{file} is called {mark}" for mark in words if mark in file.name]
        if file.is_file() and file not in leave_out:
            data = file.read_bytes()
            told += [f"{file} holds {mark!r}" for mark in marks if mark in data]
    return told


def print_job(hand: Hand) -> str:
    """Ask to print, think better of it; what the job would have been called in the printer's queue."""
    names: list[str] = []

    def look() -> None:  # until it comes up: the pages are drawn first
        box = hand.app.activeModalWidget()
        if isinstance(box, QPrintDialog):
            names.append(box.printer().docName())
        if isinstance(box, QDialog):
            watch.stop()
            box.reject()

    watch = QTimer()
    watch.timeout.connect(look)
    watch.start(20)
    hand.click("letter.print")
    (name,) = names
    return name


def test_a_days_work_leaves_no_trace_beside_the_vault(
    house: Path, titles: Titles, qapp: QApplication
) -> None:
    hand = Hand(qapp, house / ".local/share/xincai", inside=True)
    key = PrivateKey.generate(SM2_SM3).dump()
    url = "http://127.0.0.1:9"
    hand.desk._vault.save_device(
        Device("device-1", "410499101", SM2_SM3, key, url, "t" * 20, (), "gw", False)
    )
    story = hand.desk.start("ff_collect")
    farms.play(
        farms.farm_story()["ff_collect"], story, lambda step: story.attach(step.ref, photo(), "image/jpeg")
    )
    story.snapshot().save()
    hand.window.go("filling", story.draft_id)
    hand.rest()
    record = hand.desk.seal(story)
    words = personal(hand, record.record_id)
    assert len(words) >= LEAST
    for place in ("home", "dossiers", "outbox", "letters"):
        hand.window.go(place)
        hand.rest()
    hand.window.go("record", record.record_id)
    hand.rest()
    letter = hand.desk.write_letter(record.record_id, "receipt")
    hand.window.go("letter", letter)
    hand.rest()
    job = print_job(hand)
    mine = house / "desktop"
    mine.mkdir()
    saved = hand.desk.export_letter(letter.letter_id, mine)
    hand.leave()
    QSettings().sync()
    whole = {*titles.seen, job}
    assert job
    assert not [(mark, title) for mark in words for title in whole if mark in title]
    assert not found(words, house, {saved})
    (house / "tmp" / "proof").write_text(max(words), "utf-8")
    assert found(words, house, {saved}) != []
    assert os.environ["HOME"] == str(house)
