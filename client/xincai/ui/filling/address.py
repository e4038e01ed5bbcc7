"""A web address as an answer: typed or given by the form, opened only after asking."""

from PySide6.QtWidgets import QWidget

from xincai.desk import Entry
from xincai.ui import parts
from xincai.ui.filling import outside
from xincai.ui.filling.field import TypedField
from xincai.ui.filling.scribe import Scribe


class AddressField(TypedField):
    """An address with a button that opens it."""

    def __init__(self, entry: Entry, scribe: Scribe, parent: QWidget | None = None) -> None:
        self.open = parts.button("", f"open:{entry.ref}", "quiet", "forward")
        super().__init__(entry, scribe, parent)
        self.box.removeWidget(self.line)
        self.box.addWidget(parts.row(self.line, self.open))
        self.open.clicked.connect(self._on_open)

    def show_entry(self, entry: Entry) -> None:
        super().show_entry(entry)
        self.line.setReadOnly(entry.readonly)
        self.open.setEnabled(outside.address(entry.value) is not None)

    def retranslate(self) -> None:
        self.open.setText(self.tr("打开网址"))
        self.line.setPlaceholderText(self.tr("如 https://example.org"))

    def _on_open(self) -> None:
        outside.open_address(self, self.entry.value)
