"""A repeat: a table of its rows in short, and below it the row under the pen with all its questions.

Rows are added, copied and removed at once, and every removal can be taken back. Rows copied in Excel are
pasted; what could not be read is listed by row.
"""

import math

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFrame, QHeaderView, QTableWidgetItem, QVBoxLayout, QWidget

from xincai.desk import Entry
from xincai.desk.figures import is_grouped, thousands
from xincai.ui import parts, theme
from xincai.ui.filling import markup
from xincai.ui.filling.board import Board
from xincai.ui.filling.card import QuestionCard
from xincai.ui.filling.column import Column
from xincai.ui.filling.pasting import Pasting, leaves
from xincai.ui.filling.rowtable import RowTable
from xincai.ui.filling.text import MASKED, mask
from xincai.ui.filling.units import headed

_COLUMNS = 4
"""Questions whose answers stand in the table."""
_NUMBER, _MARK = 52, 64
"""Pixels, at the standard text size, of the columns with a row's number and its mark."""
_SLICE = 30
"""Rows filled in one go."""
_PASTE = 0.015
"""Seconds of pasting in one go."""
_TALL = 7
"""Rows seen without scrolling."""
_TOLD = 8
"""Row errors listed after pasting."""


class RepeatCard(QFrame):
    """A repeat with its table and the editor of one row."""

    def __init__(self, entry: Entry, board: Board, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entry = entry
        self.board = board
        self.open_row = 0
        """The row (from 1) whose questions are shown; 0 when none is."""
        self._keys: list[str] = []
        self._filled = 0
        self._want_pen = False
        self._editor: Column | None = None
        ref = entry.ref
        self._head = parts.text("", "label")
        self._empty = parts.text("", "muted")
        self._told = parts.Notice("", "warn", name=f"told:{ref}")
        self._told.hide()
        self._told.acted.connect(self._told.hide)
        self._undone = parts.Notice("", "info", action="-", name=f"undo:{ref}")
        self._undone.hide()
        self._undone.acted.connect(self._on_undo)
        self.table = RowTable(self)
        self.table.setObjectName(f"rows:{ref}")
        self.add = parts.button("", f"add:{ref}", icon="plus")
        self.copy = parts.button("", f"duplicate:{ref}", "quiet")
        self.remove = parts.button("", f"remove:{ref}", "quiet")
        self.paste = parts.button("", f"paste:{ref}", "quiet")
        self._lay_out()
        self.add.clicked.connect(self.add_row)
        self.copy.clicked.connect(self.duplicate_row)
        self.remove.clicked.connect(self.remove_row)
        self.paste.clicked.connect(self.paste_rows)
        self.table.opened.connect(self._on_opened)
        self.table.pasted.connect(self.paste_rows)
        self.table.moved.connect(self._open)
        self.table.removed.connect(self._on_removed)
        self._rest = QTimer(self)
        self._rest.setInterval(0)
        self._rest.timeout.connect(self._fill_some)
        self._pasting: Pasting | None = None
        self._slices = QTimer(self)
        self._slices.setInterval(0)
        self._slices.timeout.connect(self._paste_some)
        board.stopped.connect(self._stop_paste)
        self._say_words()
        self.rebuild()

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 12, 24, 16)
        box.setSpacing(10)
        self._sheet = QFrame(self)
        theme.dress(self._sheet, "well")
        sheet_box = QVBoxLayout(self._sheet)
        sheet_box.setContentsMargins(0, 10, 0, 8)
        self._row_head = parts.text("", "label")
        self._row_head.setContentsMargins(24, 4, 24, 0)
        sheet_box.addWidget(self._row_head)
        self._sheet_box = sheet_box
        for widget in (
            self._head, self._empty, self.table, self._undone,
            parts.row(self.add, self.copy, self.remove, None, self.paste), self._told, self._sheet,
        ):  # fmt: skip
            box.addWidget(widget)

    # --- what the board and the column ask
    def refresh(self) -> None:
        """Show the repeat's own words and limits as they stand now."""
        self.entry = self.board.filling.entry(self.entry.ref)
        self._say_words()
        self._show_state()

    def refresh_choices(self) -> None:
        """A repeat has none."""

    def rebuild(self) -> None:
        """Show the rows as they stand now."""
        before = self.entry.count
        held = self._holds_pen()
        self.entry = self.board.filling.entry(self.entry.ref)
        count = self.entry.count
        if count > before and before:
            self.open_row = min(self.open_row, count)
        self.open_row = min(max(self.open_row, 1), count) if count else 0
        self._keys = self._choose_columns()
        self.table.clear()
        self.table.setColumnCount(len(self._keys) + 2)  # the row's number first, its mark last
        self.table.setRowCount(count)
        self._filled = 0
        self._show_headers()
        self._fill_some()
        if self._filled < count:
            self._rest.start()
        self._show_state()
        self._open(self.open_row)
        if held and not self._holds_pen():
            (self.table if count else self.add).setFocus()

    def _holds_pen(self) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and self.isAncestorOf(focus)

    def refresh_row(self, number: int) -> None:
        """Show the summary of one row anew."""
        if 1 <= number <= self._filled:
            self._fill(number)
            if number == self.open_row:
                self._show_row_head()

    def reveal(self, ref: str) -> QuestionCard | None:
        """Open the row a reference points into and return the question's card."""
        start = len(self.entry.ref) + 1
        if "]" not in ref[start:]:
            return None
        number = int(ref[start : ref.index("]", start)])
        if number != self.open_row and 1 <= number <= self.entry.count:
            self._open(number)
        return self._editor.reveal(ref) if self._editor is not None else None

    def stops(self) -> list[tuple[str, QWidget]]:
        """What takes the pen: the questions of the open row, then the button that adds one."""
        inner = self._editor.stops() if self._editor is not None else []
        return [*inner, (f"add:{self.entry.ref}", self.add)] if self.entry.can_add else inner

    def settle(self) -> None:
        """Give everything that is typed or pasted but not yet given."""
        self._paste_for(math.inf)
        if self._editor is not None:
            self._editor.settle()

    def unread(self) -> str:
        """The first question of the open row that holds what could not be taken in."""
        return self._editor.unread() if self._editor is not None else ""

    def close_down(self) -> None:
        """Leave the board; the card is about to go."""
        self._rest.stop()
        self._slices.stop()
        if self._editor is not None:
            self._editor.close_down()

    def retranslate(self) -> None:
        """Say everything in the screen's language."""
        self.refresh()
        self._show_headers()
        for number in range(1, self._filled + 1):
            self._fill(number)
        if self._editor is not None:
            self._editor.retranslate()
        self._show_row_head()

    # --- what the person does
    def add_row(self) -> None:
        """Add a row at the end and put the pen into it."""
        self._told.hide()
        self._undone.hide()
        self.settle()
        self.open_row = self.entry.count + 1
        if self.board.scribe.add_row(self.entry.ref) is None:
            self._pen_into_row()

    def duplicate_row(self) -> None:
        """Copy the open row and open the copy."""
        if self.open_row and self.entry.can_add:
            self.settle()
            number = self.open_row
            self.open_row = number + 1
            if self.board.scribe.duplicate_row(f"{self.entry.ref}[{number}]") is None:
                self._pen_into_row()

    def remove_row(self) -> None:
        """Remove the open row; the line that appears brings it back."""
        if not self.open_row or (not self.entry.can_remove and not self._may_remove()):
            return
        number = self.open_row
        self._close_editor()
        if self.board.scribe.remove_row(f"{self.entry.ref}[{number}]") is None:
            self._undone.show_words(self.tr("第 {number} 行已删除。").format(number=number), "info")
            self._undone.show()
            (self.table if self.entry.count else self.add).setFocus()

    def paste_rows(self) -> None:
        """Add the rows on the clipboard."""
        self.settle()
        pasting = Pasting(self.entry.ref, self.board.scribe)
        if not pasting.read(QGuiApplication.clipboard().text()):
            self._told.show_words(self.tr("剪贴板里没有表格行，请先在 Excel 里选中几行复制。"), "warn")
            self._told.show()
            return
        self._told.hide()
        self._undone.hide()
        self.open_row = pasting.first
        self._pasting = pasting
        self._slices.start()
        self._paste_some()

    def _paste_some(self) -> None:
        self._paste_for(_PASTE)

    def _paste_for(self, seconds: float) -> None:
        pasting = self._pasting
        if pasting is None:
            return
        if pasting.take_some(seconds):
            self.board.working.emit(self.tr("正在粘贴"), pasting.done, pasting.count)
            return
        self._end_paste()
        self._tell_pasted(pasting.done, pasting.trouble)

    def _stop_paste(self) -> None:
        """Take back what is pasted so far."""
        pasting, self._pasting = self._pasting, None  # first: what follows must not go on with it
        if pasting is not None:
            pasting.drop()
            self._end_paste()
            self._told.show_words(self.tr("已停止粘贴，表格和粘贴前一样。"), "info")
            self._told.show()

    def _end_paste(self) -> None:
        self._slices.stop()
        self._pasting = None
        self.board.working.emit("", 1, 1)
        (self.table if self.entry.count else self.add).setFocus()

    def _tell_pasted(self, count: int, trouble: list[str]) -> None:
        done = self.tr("已粘贴 {count} 行。").format(count=count)
        if trouble:
            shown = trouble[:_TOLD]
            if len(trouble) > _TOLD:
                shown.append(self.tr("……另有 {count} 处").format(count=len(trouble) - _TOLD))
            self._told.show_words("\n".join([done, *shown]), "warn")
        else:
            self._told.show_words(done, "good")
        self._told.show()

    # --- inside
    def _say_words(self) -> None:
        self._head.setText(markup.plain(self.entry.label))
        self.table.setAccessibleName(self.entry.label)
        self._head.setVisible(bool(self.entry.label))
        self._empty.setText(self.tr("还没有内容，点“添加一行”开始，或从 Excel 粘贴。"))
        self.add.setText(self.tr("添加一行"))
        self.add.setAccessibleName(self.tr("添加一行：{label}").format(label=self.entry.label))
        self.copy.setText(self.tr("复制这一行"))
        self.copy.setToolTip("Ctrl+D")
        self.remove.setText(self.tr("删除这一行"))
        self.paste.setText(self.tr("从 Excel 粘贴"))
        self._undone.action.setText(self.tr("撤销"))

    def _show_state(self) -> None:
        count = self.entry.count
        self.add.setVisible(self.entry.can_add)
        self.paste.setVisible(self.entry.can_add)
        self.copy.setVisible(self.entry.can_add and count > 0)
        self.remove.setVisible(count > 0 and self._may_remove())
        self.table.setVisible(count > 0)
        self._empty.setVisible(count == 0)
        tall = min(count, _TALL) * theme.px(40) + theme.px(38) + 4
        self.table.setFixedHeight(tall)

    def _may_remove(self) -> bool:
        if not self.open_row:
            return False
        return (
            self.board.filling.entry(f"{self.entry.ref}[{self.open_row}]").can_remove or self.entry.can_remove
        )

    def _choose_columns(self) -> list[str]:
        if not self.entry.count:
            return []
        start = len(f"{self.entry.ref}[1]")
        row = leaves(self.board.filling, f"{self.entry.ref}[1]")
        fit = [entry for entry in row if entry.control not in ("note", "upload", "trigger")]
        fit = [
            entry for entry in fit if entry.type not in ("geoshape", "geotrace", "geopoint") and entry.label
        ]
        shown = [entry for entry in fit if entry.relevant] or fit
        return [entry.ref[start:] for entry in shown[:_COLUMNS]]

    def _show_headers(self) -> None:
        labels = [""]
        for key in self._keys:
            entry = self.board.filling.entry(f"{self.entry.ref}[1]{key}")
            labels.append(headed(markup.plain(entry.label), entry))
        self.table.setHorizontalHeaderLabels([*labels, ""])
        header, mark = self.table.horizontalHeader(), self.table.columnCount() - 1
        for column, words in enumerate(labels):
            self.table.model().setHeaderData(
                column, Qt.Orientation.Horizontal, words, Qt.ItemDataRole.ToolTipRole
            )
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        for column, width in ((0, _NUMBER), (mark, _MARK)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            self.table.setColumnWidth(column, theme.px(width))
        self.table.setColumnHidden(mark, self.board.filling.copied is None)

    def _fill_some(self) -> None:
        for _ in range(_SLICE):
            if self._filled >= self.entry.count:
                self._rest.stop()
                return
            self._filled += 1
            self._fill(self._filled)

    def _fill(self, number: int) -> None:
        row = number - 1
        if self.table.cellWidget(row, 0) is None:
            opener = parts.button(str(number), f"row:{self.entry.ref}[{number}]", "link")
            opener.setAutoDefault(False)
            opener.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            opener.setAccessibleName(self.tr("第 {number} 行").format(number=number))
            opener.clicked.connect(self._on_row_button)
            self.table.setCellWidget(row, 0, opener)
        for column, key in enumerate(self._keys, start=1):
            words = self._short(f"{self.entry.ref}[{number}]{key}")
            item = self.table.item(row, column)
            if item is None:
                item = QTableWidgetItem()
                self.table.setItem(row, column, item)
            if item.text() != words:
                item.setText(words)
                item.setToolTip(words)
        self._mark(number)

    def _mark(self, number: int) -> None:
        """Mark a row some of whose answers were taken over and not looked at since."""
        filling, column = self.board.filling, self.table.columnCount() - 1
        inside = f"{self.entry.ref}[{number}]/"
        copied = filling.copied is not None and any(ref.startswith(inside) for ref in filling.copied.marks)
        item = self.table.item(number - 1, column)
        if item is None and copied:
            item = QTableWidgetItem()
            item.setForeground(theme.colour("info"))
            self.table.setItem(number - 1, column, item)
            self.table.setColumnHidden(column, False)
        if item is not None:
            item.setText(self.tr("沿用") if copied else "")
            item.setToolTip(self.tr("这一行有照上次填的内容，请打开核对。") if copied else "")

    def _short(self, ref: str) -> str:
        entry = self.board.filling.entry(ref)
        if not entry.relevant:
            return "—"
        shown = self.board.filling.display(ref)
        if entry.attributes.get("level") == MASKED:
            return mask(shown)
        return thousands(shown) if is_grouped(entry) else shown

    def _on_row_button(self) -> None:
        sender = self.sender()
        if sender is not None:
            self._on_opened(int(sender.objectName().rsplit("[", 1)[1].rstrip("]")))

    def _on_opened(self, number: int) -> None:
        self._open(number)
        self._pen_into_row()

    def _on_removed(self, number: int) -> None:
        self._open(number)
        self.remove_row()

    def _pen_into_row(self) -> None:
        stop = self._editor.first_stop() if self._editor is not None else None
        if stop is not None:
            stop.setFocus(Qt.FocusReason.TabFocusReason)

    def _open(self, number: int) -> None:
        self.settle()
        self._close_editor()
        self.open_row = number
        self._sheet.setVisible(number > 0)
        if not number:
            return
        self.table.setCurrentCell(number - 1, 0)
        self.table.selectRow(number - 1)
        entries = self.board.filling.children(f"{self.entry.ref}[{number}]")
        self._editor = Column(entries, self.board, parent=self._sheet)
        self._sheet_box.addWidget(self._editor)
        self._editor.show()
        self._show_row_head()
        self.remove.setVisible(self._may_remove())

    def _close_editor(self) -> None:
        if self._editor is not None:
            self._editor.close_down()
            self._sheet_box.removeWidget(self._editor)
            self._editor.hide()
            self._editor.deleteLater()
            self._editor = None

    def _show_row_head(self) -> None:
        if self.open_row:
            label = self.board.filling.entry(f"{self.entry.ref}[{self.open_row}]").label
            words = self.tr("第 {number} 行，共 {count} 行").format(
                number=self.open_row, count=self.entry.count
            )
            distinct = label and label != self.entry.label
            self._row_head.setText(f"{words}　{label}" if distinct else words)

    def _on_undo(self) -> None:
        self._undone.hide()
        self.board.scribe.undo()


def repeat_around(widget: QWidget | None) -> RepeatCard | None:
    """The innermost repeat that a widget stands in."""
    while widget is not None and not isinstance(widget, RepeatCard):
        widget = widget.parentWidget()
    return widget
