"""A table that asks for the next rows when it needs them; searching and sorting happen at the desk."""

from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from xincai.ui import theme
from xincai.ui.guard import guarded
from xincai.ui.theme import Tone

Index = QModelIndex | QPersistentModelIndex
_TONE = Qt.ItemDataRole.UserRole
_INK = {"muted": "muted", "info": "info", "warn": "amber_ink", "bad": "red", "good": "primary"}
_GROUND = {
    "muted": "neutral_soft",
    "info": "info_soft",
    "warn": "amber_soft",
    "bad": "red_soft",
    "good": "primary_soft",
}
_TOP = QModelIndex()
_INSET = 11
"""From the edge of a cell to what it shows: the padding of the sheet and Qt's own focus margin."""
_PADDING = 8
"""From the edge of a badge to its words."""


@dataclass(frozen=True)
class Cell:
    """What one cell shows; with a tone it is a badge."""

    words: str
    tone: Tone = ""
    tip: str = ""


@dataclass(frozen=True)
class Row:
    """One row: the thing it stands for, and its cells."""

    thing: object
    cells: tuple[Cell, ...]


class RowsModel(QAbstractTableModel):
    """Rows fetched so far, of `total`."""

    wanted = Signal(int)
    """More rows are needed, from this offset."""

    def __init__(self, columns: tuple[str, ...], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = columns
        self._rows: list[Row] = []
        self._total = 0
        self._asked = 0

    def show_rows(self, rows: tuple[Row, ...], total: int) -> None:
        """Start afresh with the first rows."""
        self.beginResetModel()
        self._rows = list(rows)
        self._total = total
        self._asked = len(rows)
        self.endResetModel()

    def add_rows(self, rows: tuple[Row, ...]) -> None:
        """Append the rows that were wanted."""
        if rows:
            first = len(self._rows)
            self.beginInsertRows(_TOP, first, first + len(rows) - 1)
            self._rows.extend(rows)
            self.endInsertRows()
        self._asked = len(self._rows)
        if not rows:
            self._total = len(self._rows)

    def row(self, number: int) -> Row:
        """One row fetched."""
        return self._rows[number]

    @guarded(0)
    def rowCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @guarded(0)
    def columnCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self._columns)

    @guarded(None)
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        cell = self._rows[index.row()].cells[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return cell.words
        if role == Qt.ItemDataRole.ToolTipRole:
            return cell.tip or cell.words
        if role == _TONE:
            return cell.tone
        return None

    @guarded(None)
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section]
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    @guarded(False)
    def canFetchMore(self, parent: Index = _TOP) -> bool:
        return not parent.isValid() and self._asked == len(self._rows) < self._total

    @guarded(None)
    def fetchMore(self, parent: Index = _TOP) -> None:
        if not parent.isValid() and self._asked == len(self._rows):
            self._asked += 1
            self.wanted.emit(len(self._rows))


class BadgeDelegate(QStyledItemDelegate):
    """Draws cells with a tone as badges."""

    @guarded(QSize())
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        size = super().sizeHint(option, index)
        if index.data(_TONE):
            wide = QFontMetrics(theme.font(12, bold=True)).horizontalAdvance(_words(index))
            size.setWidth(wide + 2 * (_INSET + _PADDING) + 4)
        return size

    @guarded(None)
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        tone = index.data(_TONE)
        if not tone:
            super().paint(painter, option, index)
            return
        words = _words(index)
        self.initStyleOption(option, index)
        option.text = ""  # type: ignore[attr-defined]  # the stubs leave the option's fields out
        style = option.widget.style()  # type: ignore[attr-defined]
        style.drawControl(style.ControlElement.CE_ItemViewItem, option, painter, option.widget)  # type: ignore[attr-defined]
        letters = theme.font(12, bold=True)
        metrics = QFontMetrics(letters)
        area = option.rect  # type: ignore[attr-defined]
        height = metrics.height() + 6
        pill = QRect(
            area.left() + _INSET,
            area.center().y() - height // 2,
            min(metrics.horizontalAdvance(words) + 2 * _PADDING, area.width() - 2 * _INSET),
            height,
        )
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        selected = option.state & QStyle.StateFlag.State_Selected  # type: ignore[attr-defined]
        painter.setPen(theme.colour(_INK[tone]) if selected else QPen(Qt.PenStyle.NoPen))
        painter.setBrush(theme.colour(_GROUND[tone]))
        painter.drawRoundedRect(pill, 4, 4)
        painter.setPen(theme.colour(_INK[tone]))
        painter.setFont(letters)
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, words)
        painter.restore()


def _words(index: Index) -> str:
    return str(index.data(Qt.ItemDataRole.DisplayRole))


class PagingTable(QTableView):
    """Rows to choose from: arrows move, Enter or a double click opens."""

    opened = Signal(object)
    """The thing of the row opened."""
    chosen = Signal(object)
    """The thing of the row the cursor is on."""
    wanted = Signal(int)
    """More rows are needed, from this offset."""

    def __init__(
        self, name: str, columns: tuple[str, ...], *, stretch: int = 0, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._rows = RowsModel(columns, self)
        self._rows.wanted.connect(self.wanted)
        self.setModel(self._rows)
        self.setItemDelegate(BadgeDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.px(40))
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(stretch, QHeaderView.ResizeMode.Stretch)
        header.setFixedHeight(theme.px(40))
        self.doubleClicked.connect(self._open)
        self.selectionModel().currentRowChanged.connect(self._choose)

    def show_rows(self, rows: tuple[Row, ...], total: int | None = None) -> None:
        """Start afresh; `total` may be more than the rows given."""
        self._rows.show_rows(rows, len(rows) if total is None else total)
        if rows:
            self.setCurrentIndex(self._rows.index(0, 0))

    def add_rows(self, rows: tuple[Row, ...]) -> None:
        """Append the rows that were wanted."""
        self._rows.add_rows(rows)

    def current(self) -> object:
        """The thing of the row the cursor is on; None without rows."""
        index = self.currentIndex()
        return self._rows.row(index.row()).thing if index.isValid() else None

    def fit(self) -> None:
        """Be as tall as the rows, for short tables inside a page that scrolls."""
        height = self.horizontalHeader().height() + self._rows.rowCount() * theme.px(40) + 6
        self.setFixedHeight(height)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(self._rows.row(index.row()).thing)

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(self._rows.row(index.row()).thing)
