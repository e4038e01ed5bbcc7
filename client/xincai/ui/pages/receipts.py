"""Receipts and corrections: what the platform answered, and what is to be put right."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from xincai.desk import CorrectionCard, ReceiptCard
from xincai.ui import language, messages
from xincai.ui.parts import Card, Cell, EmptyState, Page, PagingTable, Row, button, clear, row, text


class ReceiptsPage(Page):
    """Corrections first: they are work; receipts below: they are proof."""

    correction_opened = Signal(object)
    record_opened = Signal(str)
    export_wanted = Signal()

    def __init__(self) -> None:
        super().__init__("receipts", self.tr("回执与更正"))
        self._corrections: tuple[CorrectionCard, ...] = ()
        self.column.addWidget(text(self.tr("更正任务"), "heading"))
        self._tasks = QVBoxLayout()
        self._tasks.setSpacing(12)
        self.column.addLayout(self._tasks)
        self.export = button(self.tr("导出回执(&E)"), "receipts.export", "secondary", "export")
        self.export.setToolTip(self.tr("回执和签名按平台发来的原样写出，可供核验。"))
        self.export.clicked.connect(self.export_wanted)
        self.column.addWidget(row(text(self.tr("回执"), "heading"), None, self.export))
        columns = (self.tr("平台时间"), self.tr("内容"), self.tr("批次"), self.tr("前置机"), self.tr("种类"))
        self.table = PagingTable("receipts.table", columns, stretch=1)
        self.table.setAccessibleName(self.tr("回执"))
        self.column.addWidget(self.table)
        self._none = EmptyState(
            "receipt",
            self.tr("还没有回执"),
            self.tr("投递后，平台签名的回执会存到这里，断网也能查看。"),
            name="receipts.none",
        )
        self.column.addWidget(self._none)
        self.column.addStretch(1)
        self.table.hide()
        self.export.hide()

    def render_state(
        self, corrections: tuple[CorrectionCard, ...], receipts: tuple[ReceiptCard, ...]
    ) -> None:
        """Show both."""
        self._corrections = corrections
        clear(self._tasks)
        for number, correction in enumerate(corrections):
            self._tasks.addWidget(self._task(number, correction))
        if not corrections:
            self._tasks.addWidget(text(self.tr("没有要更正的填报件。"), "muted"))
        self.table.show_rows(tuple(map(self._row, receipts)))
        self.table.fit()
        self.table.setVisible(bool(receipts))
        self.export.setVisible(bool(receipts))
        self._none.setVisible(not receipts)

    def _task(self, number: int, correction: CorrectionCard) -> QWidget:
        card = Card(f"receipts.correction.{number}")
        card.set_tone("bad")
        card.body.setContentsMargins(20, 14, 16, 14)
        across = QHBoxLayout()
        lines = QVBoxLayout()
        lines.setSpacing(2)
        lines.addWidget(text(correction.subject_name, "label"))
        lines.addWidget(text(correction.text, "", "bad"))
        facts = [language.pick(correction.form_title)]
        facts.append(self.tr("第 %1 版").replace("%1", str(correction.version)))
        lines.addWidget(text("  ·  ".join(facts), "muted"))
        across.addLayout(lines, 1)
        see = button(self.tr("看原件"), f"receipts.see.{number}", "quiet")
        see.setProperty("number", number)
        see.clicked.connect(self._see)
        words = self.tr("继续更正") if correction.draft_id else self.tr("去更正")
        act = button(words, f"receipts.correct.{number}", "primary", "correction")
        act.setProperty("number", number)
        act.clicked.connect(self._correct)
        across.addWidget(see)
        across.addWidget(act)
        card.body.addLayout(across)
        return card

    def _row(self, receipt: ReceiptCard) -> Row:
        if receipt.kind == "A":
            words = self.tr("平台已收讫本批，负责保管并逐件审核")
            kind = Cell(self.tr("收讫"), "info", self.tr("证明平台收到了这一批"))
        else:
            words = messages.outcome(receipt.accepted, receipt.rejected)
            kind = Cell(self.tr("结果"), "bad" if receipt.rejected else "good", self.tr("平台对每一件的答复"))
        return Row(
            receipt,
            (
                Cell(messages.when(receipt.platform_time)),
                Cell(words),
                Cell(receipt.manifest_id[:12], tip=receipt.manifest_id),
                Cell(receipt.gateway, tip=receipt.signer),
                kind,
            ),
        )

    def _correct(self) -> None:
        self.correction_opened.emit(self._corrections[int(self.sender().property("number"))])

    def _see(self) -> None:
        self.record_opened.emit(self._corrections[int(self.sender().property("number"))].record_id)
