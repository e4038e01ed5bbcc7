"""A real form (Markdown, converted by pyxform) in a real engine, vault and page."""

import functools
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from xincai.desk import journal
from xincai.desk.filling import Filling
from xincai.records import Attachment
from xincai.shelf import FormCard, build
from xincai.shelf.convert import FormSource
from xincai.ui import language, theme
from xincai.ui.filling import FillingPage
from xincai.ui.tasks import Tasks
from xincai.vault import KdfParams, Vault
from xincai.xforms import Session, read_form


@functools.cache
def _built(markdown: str) -> FormSource:
    return build(markdown, blocks={}, rules={}, lists={})


class Hand:
    """A person at the page: types, presses, looks."""

    def __init__(self, page: FillingPage, tasks: Tasks, filling: Filling, qtbot: QtBot) -> None:
        self.page = page
        self.tasks = tasks
        self.filling = filling
        self.qtbot = qtbot
        self.saves: list[str] = []
        page.saved.connect(self.saves.append)

    def find(self, name: str) -> QWidget:
        found = [w for w in self.page.findChildren(QWidget, name) if not w.isHidden()]
        assert found, f"nothing on the page is called {name}"
        return found[-1]

    def sees(self, name: str) -> bool:
        return any(w.isVisible() for w in self.page.findChildren(QWidget, name))

    def words(self, card: str) -> str:
        """All that a question's card says."""
        from PySide6.QtWidgets import QLabel

        frame = self.find(f"card:{card}")
        return "\n".join(label.text() for label in frame.findChildren(QLabel) if label.isVisible())

    @property
    def pen(self) -> QWidget:
        focus = QApplication.focusWidget()
        assert focus is not None
        return focus

    def type(self, text: str) -> None:
        if text.isascii():
            QTest.keyClicks(self.pen, text)
        else:
            self.pen.insert(text)  # type: ignore[attr-defined]

    def press(self, key: Qt.Key, *, ctrl: bool = False) -> None:
        held = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
        QTest.keyClick(self.pen, key, held)

    def enter(self) -> None:
        self.press(Qt.Key.Key_Return)

    def click(self, name: str, at: tuple[int, int] | None = None) -> None:
        widget = self.find(name)
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=QPoint(*at) if at else widget.rect().center())

    def value(self, ref: str) -> str:
        return self.filling.entry(ref).value

    def wait(self, seen: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(seen, timeout=5000)


@pytest.fixture(scope="session")
def dressed(qapp: QApplication) -> QApplication:
    theme.apply(qapp, dark=False)
    return qapp


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    made, _ = Vault.create(
        tmp_path / "vault", "一句很长的口令 2026", name="测试", params=KdfParams.for_tests()
    )
    yield made
    made.close()


@pytest.fixture
def open_form(dressed: QApplication, qtbot: QtBot, vault: Vault) -> Iterator[Callable[..., Hand]]:
    language.speak(dressed, "zh")
    tasks = Tasks()
    hands: list[Hand] = []

    def open_(
        markdown: str,
        *,
        seal: object = None,
        media: Mapping[str, bytes] | None = None,
        earlier: tuple[Attachment, ...] = (),
    ) -> Hand:
        source = _built(markdown)
        form = read_form(source.xml, source.files)
        vault.keep_form("f" * 64, form.form_id, form.version, source.xml, {**source.files, **(media or {})})
        card = FormCard(
            form_id=form.form_id,
            version=form.version,
            title={"zh": "试验表", "en": "Trial form"},
            summary={"zh": "只用来试验。", "en": "For trying only."},
            subjects=("FARM",),
            category="farm",
            minutes=5,
            sm3="f" * 64,
            files=(),
        )
        log = journal.begin(vault, form, {"username": "李秀兰"}, earlier)
        filling = Filling(vault, card, Session.new(form), form_sm3="f" * 64, draft_id="d1", log=log)
        page = FillingPage(filling, tasks, seal=seal or (lambda _: None))  # type: ignore[arg-type]
        page.resize(1366, 768)
        page.show()
        qtbot.waitExposed(page)
        page.activateWindow()
        QApplication.processEvents()
        hands.append(Hand(page, tasks, filling, qtbot))
        return hands[-1]

    yield open_
    for hand in hands:
        hand.page.settle()
    tasks.finish()
    for hand in hands:
        shiboken6.delete(hand.page)
