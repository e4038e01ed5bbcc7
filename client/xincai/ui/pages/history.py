"""The activity log: what happened in this vault, for whoever looks on; no answers."""

import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy

from xincai import errors
from xincai.desk import EventCard, EventFilter, HistoryState
from xincai.errors import Problem
from xincai.ui import language, messages
from xincai.ui.parts import Cell, Notice, Page, PagingTable, ProgressRow, Row, button, text

_DAYS = (0, 1, 7, 30, 365)


class HistoryPage(Page):
    """How the history stands, a filter, a table, an export."""

    filtered = Signal()
    more_wanted = Signal(int)
    export_wanted = Signal()
    verify_wanted = Signal()
    cancel_wanted = Signal()
    accept_wanted = Signal()

    def __init__(self) -> None:
        super().__init__("history", self.tr("操作记录"))
        self.export = button(self.tr("导出(&E)"), "history.export", "secondary", "export")
        self.export.setToolTip(self.tr("写出表格（CSV）和带签名的逐行记录（JSON），都不含填报内容。"))
        self.export.clicked.connect(self.export_wanted)
        self.verify = button(self.tr("核验全部(&V)"), "history.verify", "secondary", "shield")
        self.verify.clicked.connect(self.verify_wanted)
        self.buttons.addWidget(self.verify)
        self.buttons.addWidget(self.export)
        self._held = Notice("", "bad", action=self.tr("按现状继续(&G)"), name="history.held")
        self._held.acted.connect(self.accept_wanted)
        self._state = Notice("", "info", name="history.state")
        self.progress = ProgressRow("history.progress")
        self.progress.cancelled.connect(self.cancel_wanted)
        for widget in (self._held, self._state, self.progress):
            self.column.addWidget(widget)
        self._held.hide()
        bar = QHBoxLayout()
        bar.setSpacing(12)
        self.kind = QComboBox()
        self.kind.setObjectName("history.kind")
        self.kind.setAccessibleName(self.tr("事项"))
        self.kind.addItem(self.tr("全部事项"), "")
        self.period = QComboBox()
        self.period.setObjectName("history.period")
        self.period.setAccessibleName(self.tr("时间"))
        periods = (
            self.tr("全部时间"), self.tr("最近一天"), self.tr("最近 7 天"), self.tr("最近 30 天"),
            self.tr("最近一年"),
        )  # fmt: skip
        for days, words in zip(_DAYS, periods, strict=True):
            self.period.addItem(words, days)
        for box in (self.kind, self.period):
            box.activated.connect(self._changed)
            bar.addWidget(box)
        bar.addStretch(1)
        self._count = text("", "muted", name="history.count")
        self._count.setWordWrap(False)
        bar.addWidget(self._count)
        self.column.addLayout(bar)
        columns = (self.tr("序号"), self.tr("时间"), self.tr("事项"), self.tr("说明"), self.tr("操作人"))
        self.table = PagingTable("history.table", columns, stretch=3)
        self.table.setAccessibleName(self.tr("操作记录"))
        self.table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.table.setMinimumHeight(320)
        self.table.wanted.connect(self.more_wanted)
        self.column.addWidget(self.table, 1)
        note = self.tr(
            "这里只有编号、数量和摘要，没有填报内容。每一条都含前一条的摘要，改动任何一条都会被发现。"
        )
        self.column.addWidget(text(note, "muted"), 0, Qt.AlignmentFlag.AlignTop)

    def chosen(self, now: datetime.datetime) -> EventFilter:
        """The filter as it stands."""
        days = int(self.period.currentData())
        since = now - datetime.timedelta(days=days) if days else None
        return EventFilter(str(self.kind.currentData()), since)

    def show_kinds(self, kinds: tuple[str, ...]) -> None:
        """What may be filtered by; the choice stays."""
        kept = self.kind.currentData()
        while self.kind.count() > 1:
            self.kind.removeItem(1)
        for words, kind in sorted((messages.event_kind(kind), kind) for kind in kinds):
            self.kind.addItem(words, kind)
        self.kind.setCurrentIndex(max(0, self.kind.findData(kept)))

    def show_state(self, state: HistoryState) -> None:
        """Say how the history stands."""
        self._held.setVisible(bool(state.code))
        self._state.setVisible(not state.code)
        self.verify.setEnabled(not state.code)
        if state.code:
            told = errors.explain(Problem(state.code, place="、".join(state.places)), language.current())
            self._held.show_words(f"{told.what}\n{told.next}", "bad")
        elif state.verified_at is not None:
            words = self.tr("全部历史已核验，没有发现问题（%1）。")
            self._state.show_words(words.replace("%1", messages.when(state.verified_at)), "good")
        elif state.head_missing:
            words = self.tr(
                "核对文件 head.json 不见了，已重新生成并记下。如果不是您移动过保险库，请告诉管理员。"
            )
            self._state.show_words(words, "warn")
        else:
            self._state.show_words(self.tr("打开时已核验最近 200 条；全部历史在后台核验。"), "info")

    def show_events(self, events: tuple[EventCard, ...], total: int) -> None:
        """Show the first ones found."""
        self.table.show_rows(tuple(map(_row, events)), total)
        self._count.setText(self.tr("共 %n 条", "", total))

    def add_events(self, events: tuple[EventCard, ...]) -> None:
        """Append the next ones."""
        self.table.add_rows(tuple(map(_row, events)))

    def heads(self) -> tuple[str, ...]:
        """What the columns of the exported table are called."""
        return (
            self.tr("序号"), self.tr("时间（UTC）"), self.tr("事项"), self.tr("说明"), self.tr("操作人"),
            self.tr("摘要（SM3）"),
        )  # fmt: skip

    def start_focus(self) -> None:
        """At what is to be decided, or at the filter."""
        (self.kind if self._held.isHidden() else self._held.action).setFocus()

    def _changed(self) -> None:
        self.filtered.emit()


def _row(event: EventCard) -> Row:
    return Row(
        event,
        (
            Cell(str(event.seq)),
            Cell(messages.when(event.at)),
            Cell(messages.event_kind(event.kind), tip=event.kind),
            Cell(messages.event_facts(event.facts, event.note)),
            Cell(event.person),
        ),
    )
