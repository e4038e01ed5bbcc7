"""Several choices out of many: a line to search in, over a list of check boxes."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidgetItem

from xincai.desk import Entry
from xincai.ui.filling.search import SearchField

_NAMED = 12
"""Chosen ones that are named under the field."""


class ManyField(SearchField):
    """Choices found by words or initials; Enter or a click ticks one, Enter on an empty line goes on."""

    def settle(self) -> None:
        """What stands in the line is a search, never an answer."""

    def show_entry(self, entry: Entry) -> None:
        super().show_entry(entry)
        self._show()

    def retranslate(self) -> None:
        self.line.setPlaceholderText(self.tr("输入文字或拼音首字母查找，可选多项"))
        self._tell()

    def _label(self) -> str:
        return ""

    def _show(self) -> None:
        self._tick()
        self._tell()

    def _is_chosen(self, value: str) -> bool:
        return value in self.entry.value.split()

    def _list(self, query: str) -> None:
        super()._list(query)
        if not query:
            self.list.setCurrentRow(-1)
        self._tick()

    def _tick(self) -> None:
        for row in range(self.list.count()):
            item = self.list.item(row)
            chosen = self._is_chosen(str(item.data(Qt.ItemDataRole.UserRole)))
            item.setCheckState(Qt.CheckState.Checked if chosen else Qt.CheckState.Unchecked)

    def _tell(self) -> None:
        """Name the chosen ones under the field."""
        chosen = self.entry.value.split()
        labels = {choice.value: choice.label for choice in self._choices if choice.value in chosen}
        named = [labels.get(value, value) for value in chosen[:_NAMED]]
        if not chosen:
            self.remarked.emit("")
            return
        words = self.tr("已选 {count} 项：{names}").format(count=len(chosen), names=self.tr("、").join(named))
        self.remarked.emit(words + ("……" if len(chosen) > _NAMED else ""))

    def _on_enter(self) -> None:
        item = self.list.currentItem()
        if self.list.isVisible() and item is not None and self._is_picking():
            self._take(item)
            return
        self.list.hide()
        self.onward.emit()

    def _is_picking(self) -> bool:
        """Whether the person searched or moved in the list, so that Enter means the row."""
        return bool(self.line.text().strip()) or self._moved

    def _on_clicked(self, item: QListWidgetItem) -> None:
        self._take(item)

    def _take(self, item: QListWidgetItem) -> None:
        value = str(item.data(Qt.ItemDataRole.UserRole))
        chosen = set(self.entry.value.split()) ^ {value}
        searched = bool(self.line.text().strip())
        self.line.clear()
        self._moved = False
        self.given.emit(" ".join(c.value for c in self._choices if c.value in chosen))
        if searched:
            self._list("")

    def _move(self, step: int) -> None:
        super()._move(step)
        self._moved = True

    _moved = False

    def _on_departed(self) -> None:
        self.line.clear()
        self._moved = False
        super()._on_departed()
