"""The second look: records that somebody else sealed and that wait to be approved."""

from PySide6.QtCore import Signal

from xincai.desk import RecordCard
from xincai.ui.pages.dossiers import record_row
from xincai.ui.parts import Card, EmptyState, Page, PagingTable, button, field, row, text

_LONGEST = 500


class ReviewPage(Page):
    """A list, to read, to approve and to give back."""

    record_opened = Signal(object)
    approved = Signal(object)
    """RecordCard"""
    refused = Signal(object, str)
    """RecordCard, reason."""

    def __init__(self) -> None:
        super().__init__("review", self.tr("待复核"))
        card = Card("review.card")
        words = self.tr("别人封存、等您复核的填报件。先看内容，再点“复核通过”；有问题的写明原因退回。")
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
        self.reason = field("review.reason", self.tr("哪里要改（填报人会看到）"))
        self.reason.setAccessibleName(self.tr("退回的原因"))
        self.reason.setMaxLength(_LONGEST)
        self.refuse = button(self.tr("退回更正(&B)"), "review.refuse", "secondary", "back")
        self._back = row(self.reason, self.refuse)
        card.body.addWidget(self._back)
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
        self.refuse.clicked.connect(self._refuse)
        self.reason.returnPressed.connect(self._refuse)

    def show_records(self, cards: tuple[RecordCard, ...]) -> None:
        """What waits."""
        self.records.show_rows(tuple(map(record_row, cards)))
        self.records.fit()
        for part in (self.records, self._acts, self._back):
            part.setVisible(bool(cards))
        self._none.setVisible(not cards)

    def show_busy(self, busy: bool) -> None:
        """Work is under way."""
        for part in (self._acts, self._back):
            part.setEnabled(not busy)

    def start_focus(self) -> None:
        """In the list."""
        (self.records if self.records.isVisibleTo(self) else self.title).setFocus()

    def _view(self) -> None:
        if isinstance(self.records.current(), RecordCard):
            self.record_opened.emit(self.records.current())

    def _approve(self) -> None:
        if isinstance(self.records.current(), RecordCard):
            self.approved.emit(self.records.current())

    def _refuse(self) -> None:
        if not self.reason.text().strip():
            self.reason.setFocus()
        elif isinstance(self.records.current(), RecordCard):
            self.refused.emit(self.records.current(), self.reason.text().strip())
