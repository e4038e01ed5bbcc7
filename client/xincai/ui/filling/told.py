"""Entries that tell: notes, calculated values, and the box that says «I have read this»."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QLabel, QWidget

from xincai.desk import Entry
from xincai.desk.figures import capitals, is_grouped, thousands
from xincai.ui import theme
from xincai.ui.filling.field import Departure, Field
from xincai.ui.filling.scribe import Scribe
from xincai.ui.filling.text import MASKED, mask
from xincai.ui.filling.units import unit_of
from xincai.ui.guard import guarded
from xincai.ui.theme import Tone

_WARNS = ("提醒：", "提醒:", "Note:", "Note：")
"""How the forms begin a soft warning."""


def tone_of(entry: Entry) -> Tone:
    """How a note speaks: amber when it warns, blue when it explains."""
    warns = entry.attributes.get("tone") == "warn" or entry.label.startswith(_WARNS)
    return "warn" if warns else "info"


class CalculatedField(Field):
    """A value that follows from other answers; nobody types it."""

    def __init__(self, entry: Entry, scribe: Scribe, parent: QWidget | None = None) -> None:
        super().__init__(entry, scribe, parent)
        self.words = QLabel(self)
        self.words.setObjectName(f"q:{entry.ref}")
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.box.addWidget(self.words)
        self.show_entry(entry)

    def show_entry(self, entry: Entry) -> None:
        super().show_entry(entry)
        unit = entry.attributes.get("unit", "")
        shown = self.scribe.filling.display(entry.ref)
        if entry.attributes.get("level") == MASKED and shown:
            shown = mask(shown)
        if is_grouped(entry):
            shown = thousands(shown)
        self.words.setText(f"{shown} {unit_of(entry)}".strip() if shown else self.tr("由前面的回答自动得出"))
        theme.dress(self.words, "answer" if shown else "muted")
        said = capitals(entry.value) if unit == "元" and entry.value else ""
        self.remarked.emit(self.tr("大写：{amount}").format(amount=said) if said else "")

    def retranslate(self) -> None:
        self.show_entry(self.entry)


class NoteField(Field):
    """A note says all it has to say in its label."""


class Tick(QCheckBox):
    """A check box on which Enter goes on."""

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            self.click()
        else:
            event.ignore()


class AcknowledgeField(Field):
    """«I have read this»: stored as OK."""

    def __init__(self, entry: Entry, scribe: Scribe, parent: QWidget | None = None) -> None:
        super().__init__(entry, scribe, parent)
        self.tick = Tick(self)
        self.tick.setObjectName(f"q:{entry.ref}")
        self.tick.setAccessibleName(entry.label)
        self.tick.setChecked(entry.value == "OK")
        theme.dress(self.tick, "option")
        self.box.addWidget(self.tick)
        self.tick.clicked.connect(self._on_clicked)
        departure = Departure(self)
        departure.watch(self.tick)
        departure.departed.connect(self.departed)
        self.retranslate()

    def hand(self) -> QWidget:
        return self.tick

    def show_entry(self, entry: Entry) -> None:
        super().show_entry(entry)
        self.tick.setChecked(entry.value == "OK")

    def retranslate(self) -> None:
        self.tick.setText(self.tr("我已阅读并知晓"))

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.onward.emit()
        elif event.key() == Qt.Key.Key_1:
            self.tick.click()
        else:
            event.ignore()

    def _on_clicked(self, ticked: bool) -> None:
        self.given.emit("OK" if ticked else "")
