"""The whole way with the keyboard alone: from the first start to a record found again, and the outbox."""

import re
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QWidget

from forms import farms
from hand import PASSPHRASE, Hand
from xincai.ui.filling import FillingPage

FORM = "subsidy"
ON_PAPER = {"/data/consent/pc_location": "0", "/data/signature_group/signer_kind": "3"}
ANSWERS = {
    step.ref: step.value for step in farms.farm_story()[FORM] if isinstance(step, farms.Answer)
} | ON_PAPER
ROWS = 3
STEPS = 400
CTRL = Qt.KeyboardModifier.ControlModifier
_ROW = re.compile(r"subsidy_row\[(\d+)\]")


class Keys:
    """A person without a mouse."""

    def __init__(self, hand: Hand) -> None:
        self.hand = hand

    @property
    def pen(self) -> QWidget:
        """What has the keyboard."""
        pen = self.hand.app.focusWidget()
        assert pen is not None, f"nothing has the keyboard at {self.hand.window.place}"
        return pen

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.pen, key, held)
        self.hand.rest()

    def write(self, words: str) -> None:
        """Type; what a keyboard has no key for comes from an input method."""
        if words.isascii():
            QTest.keyClicks(self.pen, words)
        else:
            composed = QInputMethodEvent()
            composed.setCommitString(words)
            QApplication.sendEvent(self.pen, composed)
        self.hand.rest()

    def tab_to(self, name: str) -> None:
        """Press Tab until the pen is there."""
        seen = []
        while self.pen.objectName() != name:
            seen.append(self.pen.objectName())
            assert len(seen) < STEPS, f"Tab does not lead to {name}: {seen[:60]}"
            self.press(Qt.Key.Key_Tab)
        assert not self.pen.visibleRegion().isEmpty(), f"{name} has the keyboard out of sight"

    def on(self, name: str) -> None:
        """Go to a button with Tab and press it."""
        self.tab_to(name)
        self.press(Qt.Key.Key_Space)


def begin(keys: Keys) -> None:
    hand = keys.hand
    keys.tab_to("firstrun.role.filer")
    keys.press(Qt.Key.Key_Down)
    assert keys.pen.objectName() == "firstrun.role.officer"
    keys.press(Qt.Key.Key_Space)
    keys.tab_to("firstrun.name")
    keys.write("李秀兰")
    keys.tab_to("firstrun.office")
    keys.write("柳河镇农业服务中心")
    keys.on("firstrun.who.next")
    for name in ("firstrun.passphrase", "firstrun.again"):
        keys.tab_to(name)
        keys.write(PASSPHRASE)
    keys.on("firstrun.create")
    code = hand.find("firstrun.code", QLabel).text()
    keys.tab_to("firstrun.typed")
    keys.write(code)
    keys.on("firstrun.check")
    keys.on("firstrun.later")
    assert hand.window.place == "home"


def answer(keys: Keys, page: FillingPage, name: str) -> None:
    """Answer the question under the pen as a person would, then Enter."""
    ref = name.removeprefix("q:").partition("=")[0]
    entry, wanted = page.filling.entry(ref), ANSWERS.get(ref, "")
    if not wanted or entry.value == wanted:
        keys.press(Qt.Key.Key_Return)
        return
    if entry.control == "select1":
        choices = [choice.value for choice in page.filling.choices(ref)]
        if isinstance(keys.pen, QComboBox):
            while keys.pen.currentData() != wanted:
                before = keys.pen.currentIndex()
                keys.press(Qt.Key.Key_Down)
                assert keys.pen.currentIndex() > before, f"{ref} does not offer {wanted}"
        elif "=" in name:
            keys.press(Qt.Key(Qt.Key.Key_1 + choices.index(wanted)))
        else:
            keys.write(next(each.label for each in page.filling.choices(ref) if each.value == wanted))
    else:
        keys.press(Qt.Key.Key_A, CTRL)
        keys.write(wanted)
    keys.press(Qt.Key.Key_Return)
    assert page.filling.entry(ref).value == wanted, ref


def fill(keys: Keys, page: FillingPage) -> None:
    """Enter leads on; at the end of a section it opens the next, at the end of all it checks."""
    for _ in range(STEPS):
        name = keys.pen.objectName()
        if name == "filling.confirm":
            return
        if name.startswith("q:"):
            answer(keys, page, name)
        elif name.startswith("add:") and page.filling.entry(name.removeprefix("add:")).count < ROWS:
            keys.press(Qt.Key.Key_Space)
        elif name.startswith("add:"):
            keys.tab_to("filling.next")
        else:
            assert name == "filling.next", f"Enter led to {name or keys.pen}"
            keys.press(Qt.Key.Key_Return)
    raise AssertionError(f"the filling does not end: {keys.pen.objectName()}")


def test_the_keyboard_alone_is_enough_from_the_first_start_to_the_outbox(
    qapp: QApplication, tmp_path: Path
) -> None:
    first = Hand(qapp, tmp_path)
    begin(Keys(first))
    first.leave()
    again = Hand(qapp, tmp_path)
    try:
        keys = Keys(again)
        assert keys.pen.objectName() == "unlock.passphrase"
        keys.write(PASSPHRASE)
        keys.press(Qt.Key.Key_Return)
        assert again.window.place == "home"
        keys.press(Qt.Key.Key_3, CTRL)
        assert again.window.place == "choose"
        keys.on(f"choose.start.{FORM}")
        page = again.window.page.inner
        assert isinstance(page, FillingPage)
        keys.press(Qt.Key.Key_F1)
        keys.press(Qt.Key.Key_Escape)
        assert again.window.place == "filling"
        fill(keys, page)
        assert {ref: page.filling.entry(ref).value for ref in ANSWERS if "site_point" not in ref} == {
            ref: value for ref, value in ANSWERS.items() if "site_point" not in ref
        }
        keys.press(Qt.Key.Key_Return)
        assert again.window.place == "record"
        keys.press(Qt.Key.Key_K, CTRL)
        keys.write(farms.farm().name)
        keys.press(Qt.Key.Key_Return)
        assert again.window.place == "record"
        keys.press(Qt.Key.Key_4, CTRL)
        keys.tab_to("dossiers.table")
        keys.press(Qt.Key.Key_Return)
        assert again.window.place == "record"
        keys.press(Qt.Key.Key_6, CTRL)
        assert again.window.place == "outbox"
        keys.press(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
        assert again.window.place == "record"
        keys.press(Qt.Key.Key_L, CTRL)
    finally:
        again.leave()
