"""The second look: records that somebody else sealed and that wait to be approved."""

from PySide6.QtCore import Signal

from xincai.desk import RecordCard
from xincai.ui.pages.dossiers import record_row
from xincai.ui.parts import Card, EmptyState, Page, PagingTable, button, row, text


class ReviewPage(Page):
    """A list, to read and to approve."""

    record_opened = Signal(object)
    approved = Signal(object)
    """RecordCard"""

    def __init__(self) -> None:
        super().__init__("review", self.tr("待复核"))
        card = Card("review.card")
        words = self.tr("别人封存、等您复核的填报件。先看内容，再点“复核通过”。")
        card.body.addWidget(text(words, "muted"))
        columns = (self.tr("信息主体"), self.tr("代码"), self.tr("表单"), self.tr("封存于"), self.tr("状态"))
        self.records = PagingTable("review.records", columns, stretch=2)
        self.records.setAccessibleName(self.tr("待复核"))
        self.records.opened.connect(self.record_opened)
        card.body.addWidget(self.records)
        self.view = button(self.tr("查看(&V)"), "review.view", "secondary", "eye")
        self.approve = button(self.tr("复核通过(&Y)"), "review.approve", "primary", "check")
        self._acts = row(self.view, self.approve, None)
        card.body.addWidget(self._acts)
        self._none = EmptyState(
            "check",
            self.tr("没有等您复核的填报件"),
            self.tr("双人复核打开后，别人封存的填报件会列在这里。"),
            name="review.none",
        )
        card.body.addWidget(self._none)
        self.column.addWidget(card)
        self.column.addStretch(1)
        self.view.clicked.connect(self._view)
        self.approve.clicked.connect(self._approve)

    def show_records(self, cards: tuple[RecordCard, ...]) -> None:
        """What waits."""
        self.records.show_rows(tuple(map(record_row, cards)))
        self.records.fit()
        for part in (self.records, self._acts):
            part.setVisible(bool(cards))
        self._none.setVisible(not cards)

    def show_busy(self, busy: bool) -> None:
        """Work is under way."""
        self._acts.setEnabled(not busy)

    def start_focus(self) -> None:
        """In the list."""
        (self.records if self.records.isVisibleTo(self) else self.title).setFocus()

    def _view(self) -> None:
        if isinstance(self.records.current(), RecordCard):
            self.record_opened.emit(self.records.current())

    def _approve(self) -> None:
        if isinstance(self.records.current(), RecordCard):
            self.approved.emit(self.records.current())
