"""Assignments: whom to visit, village by village, and how far it is."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QProgressBar

from xincai import clock
from xincai.desk import AssignmentCard, Assignments, VisitCard
from xincai.ui import language, messages
from xincai.ui.parts import Card, Cell, EmptyState, Notice, Page, PagingTable, ProgressRow, Row, button, text
from xincai.ui.theme import Tone


class AssignmentsPage(Page):
    """One assignment and village at a time; Enter opens the visit under the cursor."""

    visit_opened = Signal(object)
    pull_wanted = Signal()
    cancel_wanted = Signal()
    settings_wanted = Signal()

    def __init__(self) -> None:
        super().__init__("assignments", self.tr("采集任务"))
        self.pull = button(self.tr("从平台更新(&U)"), "assignments.pull", "secondary", "online")
        self.pull.clicked.connect(self.pull_wanted)
        self.buttons.addWidget(self.pull)
        self._cards: tuple[AssignmentCard, ...] = ()
        self._link = Notice(
            self.tr("还没有登记到平台，收不到采集任务。"),
            "info",
            action=self.tr("去设置(&S)"),
            name="assignments.link",
        )
        self._link.acted.connect(self.settings_wanted)
        self.progress = ProgressRow("assignments.progress")
        self.progress.cancelled.connect(self.cancel_wanted)
        self._age = Notice("", "info", name="assignments.age")
        self.column.addWidget(self._link)
        self.column.addWidget(self.progress)
        self.column.addWidget(self._age)
        self._choice = Card("assignments.choice")
        self._choice.body.setContentsMargins(20, 12, 20, 12)
        self._which = QComboBox()
        self._which.setObjectName("assignments.which")
        self._which.setAccessibleName(self.tr("采集任务"))
        self._village = QComboBox()
        self._village.setObjectName("assignments.village")
        self._village.setAccessibleName(self.tr("村"))
        self._due = text("", "muted")
        self._due.setObjectName("assignments.due")
        self._far = text("", "label")
        self._far.setObjectName("assignments.far")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        across = QHBoxLayout()
        across.setSpacing(16)
        across.addWidget(self._which, 2)
        across.addWidget(self._village, 1)
        across.addWidget(self._due)
        across.addStretch(1)
        across.addWidget(self._far)
        across.addWidget(self._bar, 1)
        self._choice.body.addLayout(across)
        self.column.addWidget(self._choice)
        columns = (
            self.tr("主体"),
            self.tr("代码"),
            self.tr("村"),
            self.tr("表单"),
            self.tr("平台已有"),
            self.tr("状态"),
        )
        self.table = PagingTable("assignments.table", columns, stretch=3)
        self.table.setAccessibleName(self.tr("要走访的主体"))
        self.column.addWidget(self.table, 1)
        self._none = EmptyState(
            "calendar",
            self.tr("还没有采集任务"),
            self.tr("平台派发的任务会列在这里：走访谁、填哪张表、何时截止。联网后点“从平台更新”。"),
            name="assignments.none",
        )
        self.column.addWidget(self._none, 1, Qt.AlignmentFlag.AlignTop)
        self._which.activated.connect(self._on_which)
        self._village.activated.connect(self._on_village)
        self.table.opened.connect(self.visit_opened)
        for widget in (self._link, self._age, self._choice, self.table, self._none):
            widget.hide()

    def render_state(self, assignments: Assignments) -> None:
        """Show what there is, at the assignment, village and visit shown before."""
        which, village, visit = self._which.currentData(), self._village.currentData(), self.table.current()
        self._cards = assignments.cards
        self._link.setVisible(not assignments.enrolled)
        self.pull.setEnabled(assignments.enrolled)
        words, tone = self._age_words(assignments)
        self._age.show_words(words, tone)
        self._age.setVisible(bool(words))
        self._choice.setVisible(bool(self._cards))
        self.table.setVisible(bool(self._cards))
        self._none.setVisible(not self._cards)
        self._which.clear()
        for card in self._cards:
            self._which.addItem(self._title(card), card.assignment_id)
        self._which.setCurrentIndex(max(self._which.findData(which), 0))
        if self._cards:
            self._fill_villages(village)
            self._show(visit.visit_id if isinstance(visit, VisitCard) else "")

    def show_busy(self, busy: bool) -> None:
        """The platform is being asked."""
        self.pull.setEnabled(not busy)
        self.pull.setText(self.tr("正在更新……") if busy else self.tr("从平台更新(&U)"))

    def start_focus(self) -> None:
        """On the visits, or where they come from."""
        (self.table if self._cards else self.pull).setFocus()

    def _card(self) -> AssignmentCard:
        return self._cards[max(self._which.currentIndex(), 0)]

    def _on_which(self) -> None:
        self._fill_villages(None)
        self._show("")

    def _on_village(self) -> None:
        self._show("")

    def _title(self, card: AssignmentCard) -> str:
        """An assignment's name, and to whom it is given."""
        if not card.officer:
            return card.title
        words = self.tr("%1（派给我）") if card.mine else self.tr("%1（派给%2）")
        return words.replace("%2", card.officer).replace("%1", card.title)

    def _fill_villages(self, shown: object) -> None:
        visits = self._card().visits
        self._village.clear()
        self._village.addItem(self.tr("所有村"), "")
        for village in dict.fromkeys(visit.village for visit in visits):
            mine = [visit for visit in visits if visit.village == village]
            done = sum(visit.is_done for visit in mine)
            self._village.addItem(f"{village}  {done}/{len(mine)}", village)
        self._village.setCurrentIndex(max(self._village.findData(shown), 0))

    def _show(self, visit_id: str) -> None:
        card, village = self._card(), self._village.currentData()
        visits = [visit for visit in card.visits if not village or visit.village == village]
        done = sum(visit.is_done for visit in visits)
        far = self.tr("已封存 %1/%2").replace("%1", str(done)).replace("%2", str(len(visits)))
        self._far.setText(far)
        self._bar.setRange(0, max(len(visits), 1))
        self._bar.setValue(done)
        self._bar.setAccessibleName(far)
        late = card.due < clock.now().astimezone().date() and card.done < len(card.visits)
        words = self.tr("%1 已到期") if late else self.tr("%1 前完成")
        self._due.setText(words.replace("%1", card.due.isoformat()))
        self.table.show_rows(tuple(map(self._row, visits)))
        for number, visit in enumerate(visits):
            if visit.visit_id == visit_id:
                self.table.setCurrentIndex(self.table.model().index(number, 0))

    def _row(self, visit: VisitCard) -> Row:
        state = visit.status or ("draft" if visit.record_id else "")
        known = Cell(
            messages.status(state) if state else self.tr("未开始"),
            messages.status_tone(state) if state else "muted",
            messages.status_next(state) if state else self.tr("按 Enter 开始填报"),
        )
        held = self.tr("%n 类信息", "", visit.held) if visit.held else ""
        return Row(
            visit,
            (
                Cell(visit.subject_name),
                Cell(visit.subject_code),
                Cell(visit.village),
                Cell(language.pick(visit.form_title)),
                Cell(held, tip=self.tr("平台已有的信息不再重复询问") if held else ""),
                known,
            ),
        )

    def _age_words(self, assignments: Assignments) -> tuple[str, Tone]:
        """How old this is, and what stood in the way of newer."""
        if assignments.as_of is None:
            return (
                (messages.told(assignments.problem), "warn") if assignments.problem is not None else ("", "")
            )
        when = self.tr("任务是 %1 从平台取得的。").replace("%1", messages.when(assignments.as_of))
        if assignments.problem is not None:
            return f"{messages.told(assignments.problem)} {when}", "warn"
        if assignments.stale:
            return when + self.tr(
                "已超过有效期，可能有新的安排，请联网后更新；现有任务可以继续填报。"
            ), "warn"
        return when + self.tr("断网时可以照常填报。"), "info"
