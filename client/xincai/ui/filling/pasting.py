"""Putting rows copied in Excel into a repeat, as one step that can be taken back at once."""

from functools import partial

from PySide6.QtCore import QCoreApplication

from xincai.desk import Entry, Filling
from xincai.ui.filling.field import local_offset, local_today
from xincai.ui.filling.paste import Sheet, read_cell, read_sheet
from xincai.ui.filling.scribe import Scribe
from xincai.ui.filling.text import MASKED, mask

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
    """One paste into one repeat: `read` the text, then `take` its rows."""

    def __init__(self, repeat: str, scribe: Scribe) -> None:
        self.repeat = repeat
        self.first = 1
        """The row (from 1) that pasting begins with: an only row that is empty, or one past the end."""
        self._scribe = scribe
        self._filling = scribe.filling
        self._sheet = Sheet((), ())
        self._questions: dict[str, Entry] = {}

    @property
    def count(self) -> int:
        """Rows read."""
        return len(self._sheet.rows)

    def read(self, text: str) -> bool:
        """Read tab-separated text; whether it holds rows."""
        if not text.strip():
            return False
        if not self._filling.entry(self.repeat).count:
            self._scribe.add_row(self.repeat)
        asked = [entry for entry in self._row(1) if _can_take(entry)]
        self._sheet = read_sheet(text, tuple(asked))
        self._questions = {entry.name: entry for entry in asked}
        rows = self._filling.entry(self.repeat).count
        typed = [entry for entry in asked if entry.control not in ("select1", "select")]
        is_free = rows == 1 and not any(entry.value for entry in typed)  # choices may stand by default
        self.first = 1 if is_free else rows + 1
        return bool(self._sheet.rows)

    def take(self) -> list[str]:
        """Answer row by row; what could not be read, as sentences."""
        trouble: list[str] = []
        with self._scribe.bundle():
            for line, cells in enumerate(self._sheet.rows, start=1):
                number = self.first + line - 1
                if number > self._filling.entry(self.repeat).count and self._scribe.add_row(self.repeat):
                    words = translate("RepeatCard", "第 {row} 行起没有加上：行数已到上限。")
                    trouble.append(words.format(row=line))
                    break
                trouble.extend(self._take_cells(number, line, cells))
        return trouble

    def _take_cells(self, number: int, line: int, cells: tuple[str, ...]) -> list[str]:
        trouble: list[str] = []
        inside = {entry.name: entry.ref for entry in self._row(number)}
        for name, cell in zip(self._sheet.columns, cells, strict=False):
            if cell and name in inside and not self._answer(inside[name], cell):
                words = translate("RepeatCard", "第 {row} 行“{question}”没有读懂：{cell}")
                entry = self._questions[name]
                shown = mask(cell) if entry.attributes.get("level") == MASKED else cell
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
