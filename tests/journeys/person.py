"""A person at the real window: fills a form question by question, with mouse and keyboard.

Text that a keyboard has no key for arrives the way an input method sends it. A photograph is pasted from the
file manager, a signature drawn with the mouse, a boundary typed corner by corner.
"""

import itertools
import re
from pathlib import Path

import farms
from PySide6.QtCore import QEventLoop, QMimeData, QPoint, Qt, QTimer, QUrl
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QWidget,
)

from hand import Hand, W, Watch
from xincai import app
from xincai.desk import Filling
from xincai.ui.filling import FillingPage

_ROW = re.compile(r"^(.*)\[(\d+)\]/[^\[]*$")
_NO_LIMIT = (1 << 24) - 1
_MOUSE = Qt.MouseButton.LeftButton


class Person(Hand):
    """Works the program as `app.build` puts it together."""

    def __init__(self, folder: Path, pictures: Path | None = None) -> None:
        """`pictures` is where photographs of the screen go."""
        self.app, self.window = app.build(folder)
        self.desk, self.tasks = self.window.desk, self.window.tasks
        self.pictures = pictures
        self._taken = 0
        self._watch = Watch(self.app)
        self.window.show()
        self.window.activateWindow()
        for _ in range(200):
            if self.window.isActiveWindow():
                break
            self._wait(10)
        self.rest()

    def rest(self) -> None:
        """Wait until no work is under way and what came of it is laid out."""
        super().rest()
        for _ in range(3):
            self._wait(1)
            super().rest()
        assert not self._watch.strays, f"windows that flickered: {self._watch.strays}"

    def _wait(self, milliseconds: int) -> None:
        """Let the window run; unlike `QTest.qWait` this lets the lanes run too."""
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def find(self, name: str, kind: type[W] = QWidget) -> W:  # type: ignore[assignment]
        """The widget of a name, waiting two seconds for it as a person would."""
        for _ in range(200):
            if any(widget.isVisible() for widget in self.window.findChildren(kind, name)):
                break
            self._wait(10)
        return super().find(name, kind)

    # --- looking
    def look(self, name: str) -> None:
        """Take a picture of the window as it is."""
        self.rest()
        if self.pictures is not None:
            self._taken += 1
            assert self.window.grab().save(str(self.pictures / f"{self._taken:02d}-{name}.png"))

    @property
    def sheet(self) -> FillingPage:
        """The filling in view."""
        return self.find("filling", FillingPage)

    @property
    def filling(self) -> Filling:
        return self.sheet.filling

    # --- filling in
    def fill(self, steps: list[farms.Step], photo: Path) -> None:
        """Tell a whole story to the form in view."""
        for step in steps:
            match step:
                case farms.Answer(ref, value):
                    self.answer(ref, value)
                case farms.AddRow(ref):
                    self._section(ref)
                    self.click(f"add:{ref}")
                case farms.Attach(ref, "photo"):
                    self._reach(ref)
                    self.paste(ref, photo)
                case farms.Attach(ref, _):
                    self._reach(ref)
                    self.sign(ref)

    def answer(self, ref: str, value: str) -> None:
        """Give one answer, in whatever way its field takes it, and see that it stands."""
        self._reach(ref)
        if self.filling.entry(ref).value == value:
            return
        if self._options(ref):
            self._tick(ref, value)
        else:
            self._write(ref, value)
        self.rest()
        self._settled(ref, value)

    def paste(self, ref: str, file: Path) -> None:
        """Paste a file, copied in the file manager, into a question."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(file))])
        QApplication.clipboard().setMimeData(data)
        place = self.find(f"q:{ref}")
        place.setFocus()
        QTest.keyClick(place, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        self.rest()
        QApplication.clipboard().clear()
        assert self.filling.entry(ref).value, f"{ref} took no picture"

    def sign(self, ref: str) -> None:
        """Draw a name with the mouse."""
        pad = self.find(f"q:{ref}")
        wide, high = pad.width(), pad.height()
        strokes = [
            [(0.15, 0.45), (0.25, 0.30), (0.34, 0.60), (0.42, 0.25)],
            [(0.30, 0.70), (0.50, 0.40), (0.62, 0.72), (0.80, 0.35), (0.86, 0.55)],
        ]
        for stroke in strokes:
            points = [QPoint(int(x * wide), int(y * high)) for x, y in stroke]
            QTest.mousePress(pad, _MOUSE, pos=points[0])
            for here, there in itertools.pairwise(points):
                for part in range(1, 9):
                    QTest.mouseMove(pad, here + (there - here) * (part / 8))
            QTest.mouseRelease(pad, _MOUSE, pos=points[-1])
        self.sheet.settle()
        self.rest()
        assert self.filling.entry(ref).value, f"{ref} took no signature"

    def seal(self) -> None:
        """Check and seal the filling in view."""
        self.click("filling.seal")
        self.click("filling.confirm")

    # --- within
    def _section(self, ref: str) -> None:
        top = "/".join(ref.partition("[")[0].split("/")[:3])
        if self.window.findChildren(QWidget, f"outline:{top}"):
            self.click(f"outline:{top}")

    def _reach(self, ref: str) -> None:
        """Open the section, and the row of the table, that hold a question."""
        self._open_at(ref)
        for _ in range(200):
            if self._unfolded(ref):
                return
            self._wait(10)
        raise AssertionError(f"{ref} does not unfold")

    def _unfolded(self, ref: str) -> bool:
        cards = [card for card in self.window.findChildren(QWidget, f"card:{ref}") if card.isVisible()]
        return all(card.maximumHeight() == _NO_LIMIT for card in cards)

    def _open_at(self, ref: str) -> None:
        if self._in_view(ref):
            return
        self._section(ref)
        row = _ROW.match(ref)
        if row and not self._in_view(ref):
            self.click(f"row:{row[1]}[{row[2]}]")
        assert self._in_view(ref), f"{ref} is not in view"

    def _in_view(self, ref: str) -> bool:
        return any(card.isVisible() for card in self.window.findChildren(QWidget, f"card:{ref}"))

    def _options(self, ref: str) -> list[QWidget]:
        prefix = re.compile(f"^{re.escape(f'q:{ref}=')}")
        found = [w for w in self.find(f"card:{ref}").findChildren(QWidget) if prefix.match(w.objectName())]
        return [widget for widget in found if widget.isVisible()]

    def _tick(self, ref: str, value: str) -> None:
        many = self.filling.entry(ref).control == "select"
        for choice in value.split() if many else [value]:
            self.click(f"q:{ref}={choice}")

    def _write(self, ref: str, value: str) -> None:
        entry, field = self.filling.entry(ref), self.find(f"q:{ref}")
        if isinstance(field, QComboBox):
            self.pick(f"q:{ref}", field.findData(value))
        elif isinstance(field, QCheckBox):
            self.click(f"q:{ref}")
        elif entry.type == "geoshape":
            self._outline(ref, value)
        elif entry.control in ("select1", "select"):
            for choice in [value] if entry.control == "select1" else value.split():
                self._search(ref, field, choice)
        else:
            self._type_into(field, _typed(entry.type, value))
            QTest.keyClick(field, Qt.Key.Key_Tab)

    def _outline(self, ref: str, value: str) -> None:
        self.click(f"type:{ref}")
        corners = self.find(f"coords:{ref}", QPlainTextEdit)
        lines = [", ".join(point.split()[:2]) for point in value.split(";")[:-1]]
        self._type_into(corners, "\n".join(lines))
        QTest.keyClick(corners, Qt.Key.Key_Tab)

    def _search(self, ref: str, field: QWidget, value: str) -> None:
        label = next(choice.label for choice in self.filling.choices(ref) if choice.value == value)
        self._type_into(field, label)
        found = self.find(f"list:{ref}", QListWidget)
        item = next(found.item(n) for n in range(found.count()) if found.item(n).text() == label)
        QTest.mouseClick(found.viewport(), _MOUSE, pos=found.visualItemRect(item).center())

    def _type_into(self, field: QWidget, words: str) -> None:
        field.setFocus()
        if isinstance(field, QLineEdit | QPlainTextEdit):
            field.selectAll()
        QTest.keyClick(field, Qt.Key.Key_Delete)
        if words.isascii() and "\n" not in words:
            QTest.keyClicks(field, words)
        else:
            typed = QInputMethodEvent()
            typed.setCommitString(words)
            QApplication.sendEvent(field, typed)
        self.app.processEvents()

    def _settled(self, ref: str, value: str) -> None:
        kept = self.filling.entry(ref)
        same = sorted(kept.value.split()) == sorted(value.split()) or _equal(kept.type, kept.value, value)
        assert same, f"{ref}: wrote {value!r}, the form holds {kept.value!r} ({kept.problem})"


def _typed(kind: str, value: str) -> str:
    """How a person types an answer."""
    if kind == "date":
        return value.replace("-", "")
    if kind == "geopoint":
        return ", ".join(value.split()[:2])
    return value


def _equal(kind: str, kept: str, value: str) -> bool:
    if kind in ("decimal", "int"):
        return bool(kept) and float(kept) == float(value)
    if kind == "geopoint":
        return [round(float(x), 6) for x in kept.split()[:2]] == [
            round(float(x), 6) for x in value.split()[:2]
        ]
    if kind == "geoshape":
        return len(kept.split(";")) == len(value.split(";"))
    return False
