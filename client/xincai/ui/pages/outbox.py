"""The outbox: what waits, what is signed, what became of it."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from xincai.desk import BatchCard, Connection, Delivery, Outlook, RecordCard, Step
from xincai.ui import language, messages
from xincai.ui.pages.dossiers import record_row
from xincai.ui.parts import (
    Card,
    Cell,
    DropPage,
    EmptyState,
    Notice,
    PagingTable,
    PassphraseField,
    ProgressRow,
    Row,
    button,
    field,
    labelled,
    row,
    text,
)
from xincai.ui.parts.button import plain
from xincai.ui.theme import Tone


class OutboxPage(DropPage):
    """Two steps: sign what waits, deliver what is signed."""

    sign_wanted = Signal()
    deliver_wanted = Signal()
    cancel_wanted = Signal()
    pause_wanted = Signal()
    resume_wanted = Signal()
    signed_in = Signal(str, str)
    """User and password for the proxy."""
    export_wanted = Signal(object)
    slip_wanted = Signal(object)
    return_wanted = Signal()
    return_dropped = Signal(object)
    record_opened = Signal(object)
    settings_wanted = Signal()
    review_wanted = Signal()

    def __init__(self) -> None:
        invitation = Notice(self.tr("松开鼠标，收下回执"), "info", name="outbox.drop")
        super().__init__("outbox", self.tr("待发箱"), invitation)
        self._busy = False
        self._waiting = 0
        self._open = 0
        self._connected = False
        self._told_of: set[str] | None = None
        self._link = Notice(
            self.tr("还没有登记到平台。登记或进入演练模式后，才能签名和投递。"),
            "warn",
            action=self.tr("去设置(&S)"),
            name="outbox.link",
        )
        self._link.acted.connect(self.settings_wanted)
        self.column.addWidget(self._link)
        self._reviews = Notice("", "info", action=self.tr("去复核(&W)"), name="outbox.reviews")
        self._reviews.acted.connect(self.review_wanted)
        self.column.addWidget(self._reviews)
        self.result = Notice("", "good", name="outbox.result")
        self.column.addWidget(self.result)
        self.progress = ProgressRow("outbox.progress", pauses=True)
        self.progress.cancelled.connect(self.cancel_wanted)
        self.progress.paused.connect(self.pause_wanted)
        self.progress.resumed.connect(self.resume_wanted)
        self.column.addWidget(self.progress)
        self.column.addWidget(self._proxy_card())
        self.outlook = Notice("", "info", name="outbox.outlook")
        self.column.addWidget(self.outlook)
        self._clock = Notice(
            self.tr(
                "这台电脑的时钟和平台相差 5 分钟以上。投递照常，但封存和签名的时间会不准；"
                "请在系统设置里校准日期和时间。"
            ),
            "warn",
            name="outbox.clock",
        )
        self.column.addWidget(self._clock)
        self.column.addWidget(self._waiting_card())
        self.column.addWidget(self._batches_card())
        self.column.addStretch(1)
        for widget in (self._link, self._reviews, self.result, self._proxy, self.outlook, self._clock):
            widget.hide()
        self.files_dropped.connect(self._dropped)

    def render_state(
        self,
        waiting: tuple[RecordCard, ...],
        batches: tuple[BatchCard, ...],
        connection: Connection | None,
    ) -> None:
        """Show how things stand."""
        self._forget_result({card.record_id for card in waiting} | {batch.manifest_id for batch in batches})
        self._link.setVisible(connection is None)
        self._connected = connection is not None
        self._waiting = len(waiting)
        self._open = sum(batch.state in ("batched", "unknown", "custody") for batch in batches)
        self.records.show_rows(tuple(map(record_row, waiting)))
        self.records.setVisible(bool(waiting))
        self.records.fit()
        self._none.setVisible(not waiting)
        words = self.tr("签名装批（%n 件）(&S)", "", len(waiting)) if waiting else self.tr("签名装批(&S)")
        self.sign.setText(words)
        self.sign.setAccessibleName(plain(words))
        self.batches.show_rows(tuple(map(self._row, batches)))
        self.batches.setVisible(bool(batches))
        self.batches.fit()
        self._no_batch.setVisible(not batches)
        self.export.setVisible(bool(batches))
        self.slip.setVisible(bool(batches))
        self.bring_back.setVisible(bool(batches))
        self._fit()

    def show_reviews(self, count: int) -> None:
        """How many records wait for this person's second look."""
        self._reviews.show_words(self.tr("有 %n 件别人封存的填报件等您复核。", "", count), "info")
        self._reviews.setVisible(bool(count))

    def show_clock(self, is_wrong: bool) -> None:
        """Whether this computer's clock was found wrong."""
        self._clock.setVisible(is_wrong)

    def show_outlook(self, outlook: Outlook) -> None:
        """What happens next by itself, and what it waits for."""
        words = self._foreseen(outlook)
        if words:
            self.outlook.show_words(words, "info" if outlook.problem is None else "warn")
        self.outlook.setVisible(bool(words))

    def show_sign_in(self) -> None:
        """The proxy wants a user and a password."""
        self._proxy.show()
        self.proxy_user.setFocus()

    def show_busy(self, busy: bool) -> None:
        """A delivery or a signing is under way."""
        self._busy = busy
        self._fit()

    def show_start(self) -> None:
        """A delivery began."""
        self.result.hide()
        self._proxy.hide()
        self.proxy_password.clear()
        self.progress.start(messages.step("connect"))
        self.show_busy(True)

    def show_paused(self) -> None:
        """A delivery stands still."""
        self.progress.show_paused(self.tr("已暂停。已经送到的不会重送，什么时候继续都可以。"))
        self.show_busy(True)

    def show_step(self, step: Step) -> None:
        """A delivery goes on."""
        self.progress.step(messages.step(step.name), step.done, step.total, step.bytes_per_second)

    def show_end(self, delivery: Delivery | None, *, by_itself: bool = False) -> None:
        """A delivery ended; None when it ended in trouble. One that began by itself is told of only when
        something came of it, and leaves the keyboard where it is.
        """
        self.progress.finish()
        self.show_busy(False)
        if delivery is None or (by_itself and not (delivery.settled or delivery.unknown)):
            return
        self._told_of = None
        self.result.show_words(*self._told(delivery))
        self.result.show()
        if not by_itself:
            self.batches.setFocus()

    def start_focus(self) -> None:
        """At the next step."""
        for step in (self.sign, self.deliver):
            if step.isEnabled():
                step.setFocus()
                return
        self.area.setFocus()

    def takes_files(self) -> bool:
        """When no delivery is under way."""
        return self.bring_back.isEnabled()

    def _dropped(self, files: tuple[Path, ...]) -> None:
        if len(files) == 1:
            self.return_dropped.emit(files[0])

    def _waiting_card(self) -> QWidget:
        card = Card("outbox.waiting")
        head = QHBoxLayout()
        head.addWidget(text(self.tr("第一步：签名装批"), "heading"), 1)
        self.sign = button(self.tr("签名装批(&S)"), "outbox.sign", "primary", "sign")
        self.sign.clicked.connect(self.sign_wanted)
        head.addWidget(self.sign)
        card.body.addLayout(head)
        card.body.addWidget(text(self.tr("已封存、还没装批的填报件；签名后内容不可更改。"), "muted"))
        columns = (self.tr("信息主体"), self.tr("代码"), self.tr("表单"), self.tr("封存于"), self.tr("状态"))
        self.records = PagingTable("outbox.records", columns, stretch=2)
        self.records.setAccessibleName(self.tr("待装批的填报件"))
        self.records.opened.connect(self.record_opened)
        card.body.addWidget(self.records)
        self._none = text(self.tr("没有待装批的填报件。"), "muted")
        card.body.addWidget(self._none)
        return card

    def _batches_card(self) -> QWidget:
        card = Card("outbox.batches_card")
        head = QHBoxLayout()
        head.addWidget(text(self.tr("第二步：投递"), "heading"), 1)
        self.export = button(self.tr("导出到U盘(&E)"), "outbox.export", "secondary", "export")
        self.export.setToolTip(self.tr("没有网络时，把选中的批次写到U盘交给平台。"))
        self.export.clicked.connect(self._export)
        self.deliver = button(self.tr("投递(&D)"), "outbox.deliver", "primary", "send")
        self.deliver.clicked.connect(self.deliver_wanted)
        self.slip = button(self.tr("交接单(&L)"), "outbox.slip", "secondary", "letter")
        self.slip.setToolTip(self.tr("为选中的批次出具交接单，随U盘或者纸质材料一并移交。"))
        self.slip.clicked.connect(self._slip)
        self.bring_back = button(self.tr("收回执(&R)"), "outbox.return", "secondary", "receipt")
        self.bring_back.setToolTip(self.tr("收下平台用U盘交回的回执文件；也可以把文件拖到这里。"))
        self.bring_back.clicked.connect(self.return_wanted)
        head.addWidget(self.bring_back)
        head.addWidget(self.slip)
        head.addWidget(self.export)
        head.addWidget(self.deliver)
        card.body.addLayout(head)
        card.body.addWidget(
            text(self.tr("随时可以停止；中断后再投递一次即可，平台认得同一批，不会重复。"), "muted")
        )
        columns = (
            self.tr("批次"),
            self.tr("签名于"),
            self.tr("件数"),
            self.tr("结果"),
            self.tr("状态"),
        )
        self.batches = PagingTable("outbox.batches", columns, stretch=3)
        self.batches.setAccessibleName(self.tr("批次"))
        card.body.addWidget(self.batches)
        self._no_batch = EmptyState(
            "outbox",
            self.tr("还没有批次"),
            self.tr("先封存填报件，再签名装批，就可以投递了。"),
            name="outbox.no_batch",
        )
        card.body.addWidget(self._no_batch)
        return card

    def _proxy_card(self) -> QWidget:
        self._proxy = Card("outbox.proxy")
        self._proxy.body.addWidget(text(self.tr("上网代理要求登录"), "heading"))
        words = self.tr("填一次就记住，只存在加密库里；登录后接着投递。")
        self._proxy.body.addWidget(text(words, "muted"))
        self.proxy_user = field("outbox.proxy.user")
        self.proxy_password = PassphraseField("outbox.proxy.password")
        self._proxy.body.addWidget(labelled(self.tr("代理用户名"), self.proxy_user))
        self._proxy.body.addWidget(labelled(self.tr("代理密码"), self.proxy_password))
        sign_in = button(self.tr("登录并投递"), "outbox.proxy.sign_in", "primary")
        sign_in.clicked.connect(self._sign_in)
        self.proxy_password.returnPressed.connect(self._sign_in)
        self._proxy.body.addWidget(row(sign_in, None))
        return self._proxy

    def _sign_in(self) -> None:
        if self.proxy_user.text().strip():
            self.signed_in.emit(self.proxy_user.text().strip(), self.proxy_password.text())
        else:
            self.proxy_user.setFocus()

    def _foreseen(self, outlook: Outlook) -> str:
        """What happens next, in words."""
        if outlook.state in {"off", "running", "paused"}:
            return ""
        facts = [messages.told(outlook.problem)] if outlook.problem else []
        if outlook.state == "offline":
            facts.append(self.tr("正在等待网络：连上网后自动签名装批并投递。"))
        elif outlook.state == "metered":
            facts.append(self.tr("当前网络按流量计费，不自动投递；现在就要送，请点“投递”。"))
        elif outlook.problem:
            facts.append(self.tr("%1后自动再试一次。").replace("%1", messages.about(outlook.seconds)))
        else:
            facts.append(
                self.tr("%1后自动签名装批、投递，并取回回执和表单。").replace(
                    "%1", messages.about(outlook.seconds)
                )
            )
        return "".join(facts) if language.current() == "zh" else " ".join(facts)

    def _row(self, batch: BatchCard) -> Row:
        result = messages.aside(batch.reason)
        if batch.state == "settled":
            result = messages.outcome(batch.accepted, batch.rejected)
        return Row(
            batch,
            (
                Cell(self.tr("第 %1 批").replace("%1", str(batch.sequence)), tip=batch.manifest_id),
                Cell(messages.when(batch.created)),
                Cell(messages.count_of_records(batch.records)),
                Cell(result or messages.batch_next(batch.state)),
                Cell(
                    messages.batch_state(batch.state),
                    messages.batch_tone(batch.state),
                    messages.batch_next(batch.state),
                ),
            ),
        )

    def _told(self, delivery: Delivery) -> tuple[str, Tone]:
        """What a delivery came to, in words and tone."""
        facts = []
        if delivery.cancelled:
            facts.append(self.tr("已停止，没送完的下次接着送。"))
        if delivery.settled:
            facts.append(
                self.tr("平台已答复：%1。").replace(
                    "%1", messages.outcome(delivery.accepted, delivery.rejected)
                )
            )
        if delivery.unknown:
            facts.append(self.tr("还有 %n 批没有收到结果，稍后再投递一次。", "", delivery.unknown))
        if not facts:
            facts.append(self.tr("没有需要投递的批次。"))
        unfinished = delivery.unknown or delivery.cancelled or delivery.rejected
        return " ".join(facts), "warn" if unfinished else "good"

    def _forget_result(self, things: set[str]) -> None:
        """What the last delivery came to is past when something else waits or is signed."""
        if self._told_of is None:
            self._told_of = things
        elif things != self._told_of:
            self.result.hide()

    def _fit(self) -> None:
        free = self._connected and not self._busy
        self.sign.setEnabled(free and self._waiting > 0)
        self.deliver.setEnabled(free and self._open > 0)
        self.export.setEnabled(not self._busy)
        self.bring_back.setEnabled(free)

    def _slip(self) -> None:
        batch = self.batches.current()
        if batch is not None:
            self.slip_wanted.emit(batch)

    def _export(self) -> None:
        batch = self.batches.current()
        if batch is not None:
            self.export_wanted.emit(batch)
