"""Dossiers: every sealed record, searched and paged at the desk."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy

from xincai.desk import RecordCard
from xincai.desk.views import Status
from xincai.ui import language, messages
from xincai.ui.parts import Cell, EmptyState, Page, PagingTable, Row, SearchField, text

STATUSES: tuple[Status | None, ...] = (
    None,
    "sealed",
    "waiting",
    "unknown",
    "received",
    "accepted",
    "returned",
    "practised",
)


class DossiersPage(Page):
    """A search, a status, a table."""

    searched = Signal(str, object)
    """Query and status; None is any."""
    more_wanted = Signal(int)
    record_opened = Signal(object)
    new_wanted = Signal()

    def __init__(self) -> None:
        super().__init__("dossiers", self.tr("档案"))
        bar = QHBoxLayout()
        bar.setSpacing(12)
        self.search = SearchField("dossiers.search", self.tr("按主体名称、代码或表单查找"))
        self.search.searched.connect(self._ask)
        self.status = QComboBox()
        self.status.setObjectName("dossiers.status")
        self.status.setAccessibleName(self.tr("状态"))
        for status in STATUSES:
            self.status.addItem(messages.status(status) if status else self.tr("全部状态"))
        self.status.currentIndexChanged.connect(self._ask)
        bar.addWidget(self.search, 1)
        bar.addWidget(self.status)
        self.column.addLayout(bar)
        columns = (self.tr("信息主体"), self.tr("代码"), self.tr("表单"), self.tr("封存于"), self.tr("状态"))
        self.table = PagingTable("dossiers.table", columns, stretch=2)
        self.table.setAccessibleName(self.tr("填报件"))
        self.table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.table.setMinimumHeight(320)
        self.table.opened.connect(self.record_opened)
        self.table.wanted.connect(self.more_wanted)
        self.column.addWidget(self.table, 1)
        self._count = text("", "muted", name="dossiers.count")
        self.column.addWidget(self._count)
        self._none = EmptyState(
            "folder",
            self.tr("还没有封存的填报件"),
            self.tr("填完一份表单并封存后，会出现在这里。"),
            action=self.tr("新建填报(&N)"),
            name="dossiers.none",
        )
        self._none.acted.connect(self.new_wanted)
        self._nowhere = EmptyState(
            "search",
            self.tr("没有找到"),
            self.tr("换一个词，或把状态改为“全部状态”。"),
            name="dossiers.nowhere",
        )
        for empty in (self._none, self._nowhere):
            empty.hide()
            self.column.addWidget(empty, 1, Qt.AlignmentFlag.AlignTop)

    def query(self) -> tuple[str, Status | None]:
        """What is looked for: words and status."""
        return self.search.text().strip(), STATUSES[self.status.currentIndex()]

    def show_records(self, records: tuple[RecordCard, ...], total: int) -> None:
        """Show the first records found."""
        self.table.show_rows(tuple(map(record_row, records)), total)
        sought = any(self.query())
        self.table.setVisible(bool(records))
        self._none.setVisible(not records and not sought)
        self._nowhere.setVisible(not records and sought)
        self._count.setVisible(bool(records))
        self._count.setText(self.tr("共 %n 件，回车或双击打开", "", total))

    def add_records(self, records: tuple[RecordCard, ...]) -> None:
        """Append the next ones."""
        self.table.add_rows(tuple(map(record_row, records)))

    def start_focus(self) -> None:
        """At the search."""
        self.search.setFocus()

    def _ask(self) -> None:
        self.searched.emit(*self.query())


def record_row(card: RecordCard) -> Row:
    """A record as a row."""
    status = "erased" if card.erased else card.status
    return Row(
        card,
        (
            Cell(messages.status("erased") if card.erased else card.subject_name),
            Cell(card.subject_code),
            Cell(language.pick(card.form_title)),
            Cell(messages.when(card.sealed_at)),
            Cell(messages.status(status), messages.status_tone(status), messages.status_next(status)),
        ),
    )
