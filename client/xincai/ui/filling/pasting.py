"""Putting rows copied in Excel into a repeat, as one step that can be taken back at once."""

from contextlib import ExitStack
from functools import partial

from PySide6.QtCore import QCoreApplication

from xincai import clock
from xincai.desk import Changes, Entry, Filling
from xincai.ui.filling.field import local_offset, local_today
from xincai.ui.filling.paste import Sheet, read_cell, read_sheet
from xincai.ui.filling.scribe import Scribe
from xincai.ui.filling.text import LISTED, mask

translate = QCoreApplication.translate


def leaves(filling: Filling, ref: str) -> list[Entry]:
    """The questions of a row, groups opened, rows inside it left out."""
    found: list[Entry] = []
    for entry in filling.children(ref):
        if entry.kind == "group":
            found.extend(leaves(filling, entry.ref))
        elif entry.kind == "question":
            found.append(entry)
    return found


class Pasting:
    """One paste into one repeat: `read` the text, `take_some` of its rows until all are in, or `drop` it."""

    def __init__(self, repeat: str, scribe: Scribe) -> None:
        self.repeat = repeat
        self.first = 1
        """The row (from 1) that pasting begins with: an only row that is empty, or one past the end."""
        self.done = 0
        """Rows taken so far."""
        self.trouble: list[str] = []
        """What could not be read, as sentences."""
        self._scribe = scribe
        self._filling = scribe.filling
        self._sheet = Sheet((), ())
        self._questions: dict[str, Entry] = {}
        self._step = ExitStack()
        self._changes: list[Changes] = []

    @property
    def count(self) -> int:
        """Rows read."""
        return len(self._sheet.rows)

    def read(self, text: str) -> bool:
        """Read tab-separated text and begin; whether it holds rows."""
        if not text.strip():
            return False
        self._changes = self._step.enter_context(self._scribe.bundle())
        if not self._filling.entry(self.repeat).count:
            self._scribe.add_row(self.repeat)
        asked = [entry for entry in self._row(1) if _can_take(entry)]
        self._sheet = read_sheet(text, tuple(asked))
        self._questions = {entry.name: entry for entry in asked}
        rows = self._filling.entry(self.repeat).count
        typed = [entry for entry in asked if entry.control not in ("select1", "select")]
        is_free = rows == 1 and not any(entry.value for entry in typed)  # choices may stand by default
        self.first = 1 if is_free else rows + 1
        if not self._sheet.rows:
            self.drop()
        return bool(self._sheet.rows)

    def take_some(self, seconds: float) -> bool:
        """Answer row by row for about so long; whether there is more."""
        until = clock.monotonic() + seconds
        while self.done < self.count:
            self.done += 1
            if not self._take_row(self.done):
                break
            if clock.monotonic() >= until and self.done < self.count:
                return True
        self._step.close()
        return False

    def drop(self) -> None:
        """Take everything pasted back."""
        changed = bool(self._changes)
        self._step.close()
        if changed:
            self._scribe.undo()

    def _take_row(self, line: int) -> bool:
        """Answer one row; False when no more rows may be added."""
        number = self.first + line - 1
        if number > self._filling.entry(self.repeat).count and self._scribe.add_row(self.repeat):
            words = translate("RepeatCard", "第 {row} 行起没有加上：行数已到上限。")
            self.trouble.append(words.format(row=line))
            self.done = line - 1
            return False
        self.trouble.extend(self._take_cells(number, line, self._sheet.rows[line - 1]))
        return True

    def _take_cells(self, number: int, line: int, cells: tuple[str, ...]) -> list[str]:
        trouble: list[str] = []
        inside = {entry.name: entry.ref for entry in self._row(number)}
        for name, cell in zip(self._sheet.columns, cells, strict=False):
            if cell and name in inside and not self._answer(inside[name], cell):
                words = translate("RepeatCard", "第 {row} 行“{question}”没有读懂：{cell}")
                entry = self._questions[name]
                shown = mask(cell) if entry.attributes.get("level") in LISTED else cell
                trouble.append(words.format(row=line, question=entry.label, cell=shown))
        return trouble

    def _answer(self, ref: str, cell: str) -> bool:
        """Answer one question from its cell; whether that went well."""
        entry = self._filling.entry(ref)
        choices = partial(self._filling.choices, ref)
        value = read_cell(cell, entry, choices, local_today(), local_offset())
        return value is not None and entry.relevant and self._scribe.answer(ref, value) is None

    def _row(self, number: int) -> list[Entry]:
        return leaves(self._filling, f"{self.repeat}[{number}]")


def _can_take(entry: Entry) -> bool:
    return not entry.readonly and entry.control not in ("note", "upload", "trigger", "rank")
