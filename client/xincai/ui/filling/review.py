"""The last look before a filling is sealed: what is missing, what is unusual, and what sealing means."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from xincai.desk import Finding
from xincai.ui import parts, theme
from xincai.ui.filling.side import FindingList
from xincai.ui.guard import guarded
from xincai.ui.parts import Card, Notice


@dataclass(frozen=True)
class Summary:
    """What the review tells: facts as (label, words), problems, warnings of the form as findings."""

    subject: str
    facts: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]
    unusual: tuple[Finding, ...]
    unanswered: int


class Review(QWidget):
    """The review step."""

    back = Signal()
    confirmed = Signal()
    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.dress(self, "page")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer.addWidget(area)
        ground = QWidget()
        theme.dress(ground, "clear")
        sides = QHBoxLayout(ground)
        sides.setContentsMargins(24, 24, 24, 24)
        inner = QWidget()
        theme.dress(inner, "clear")
        inner.setMaximumWidth(theme.px(760))
        sides.addWidget(inner)
        area.setWidget(ground)
        self._box = QVBoxLayout(inner)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(16)
        self._title = parts.text("", "title")
        self._verdict = Notice("", "good")
        self._trouble = parts.Trouble("filling.trouble")
        self._missing = Card("filling.missing")
        self._unusual = Card("filling.unusual")
        self._facts = Card("filling.facts")
        self._lists = (FindingList("missing", theme.px(660)), FindingList("unusual", theme.px(660)))
        self._heads = (parts.text("", "heading"), parts.text("", "heading"), parts.text("", "heading"))
        self._hint = parts.text("", "muted")
        for card, head, body in (
            (self._missing, self._heads[0], self._lists[0]), (self._unusual, self._heads[1], self._lists[1])
        ):  # fmt: skip
            card.body.addWidget(head)
            card.body.addWidget(body)
            body.chosen.connect(self.chosen)
        self._unusual.body.insertWidget(1, self._hint)
        self._facts.body.addWidget(self._heads[2])
        self._grid = QGridLayout()
        self._grid.setColumnStretch(1, 1)
        self._grid.setHorizontalSpacing(24)
        self._facts.body.addLayout(self._grid)
        self._meaning = parts.text("", "muted")
        self.confirm = parts.button("", "filling.confirm", "primary", icon="lock")
        self.cancel = parts.button("", "filling.back")
        self.confirm.clicked.connect(self.confirmed)
        self.cancel.clicked.connect(self.back)
        for widget in (
            self._title, self._verdict, self._trouble, self._missing, self._unusual, self._facts,
            self._meaning,
        ):  # fmt: skip
            self._box.addWidget(widget)
        self._box.addStretch(1)
        foot = parts.row(self.confirm, self.cancel, None)
        foot.setMaximumWidth(theme.px(760) + 48)
        foot.setContentsMargins(24, 12, 24, 12)
        outer.addWidget(foot)  # under the scroll area: always in view

    def show_summary(self, summary: Summary) -> None:
        """Show this summary."""
        self._trouble.clear()
        self._title.setText(self.tr("封存前再看一遍"))
        self._heads[0].setText(self.tr("还不能封存的原因（{count}）").format(count=len(summary.findings)))
        self._heads[1].setText(self.tr("不寻常的地方（{count}）").format(count=len(summary.unusual)))
        self._heads[2].setText(self.tr("这份填报"))
        self._hint.setText(self.tr("不影响封存，但请再核对一次。点一下可回到那一题。"))
        self._lists[0].show_findings(summary.findings)
        self._lists[1].show_findings(summary.unusual)
        self._missing.setVisible(bool(summary.findings))
        self._unusual.setVisible(bool(summary.unusual))
        self._show_facts(summary)
        ready = not summary.findings
        if ready:
            self._verdict.show_words(self.tr("必填的都已答，没有查出错误，可以封存。"), "good")
        else:
            words = self.tr("还有 {count} 处要处理。点一下就到那一题；已填的都已保存。")
            self._verdict.show_words(words.format(count=len(summary.findings)), "bad")
        self._meaning.setText(
            self.tr("封存后内容不再改变，装批签名后投递；要改就另出更正版，原来的仍然保留。")
        )
        self.confirm.setText(self.tr("确认封存"))
        self.confirm.setEnabled(ready)
        self.confirm.setVisible(ready)
        self.cancel.setText(self.tr("返回填写"))

    def take_pen(self) -> None:
        """Put the pen where the person goes on."""
        (self.cancel if self.confirm.isHidden() else self.confirm).setFocus()

    @property
    def is_busy(self) -> bool:
        """Whether the sealing is under way."""
        return not self.confirm.isHidden() and not self.confirm.isEnabled()

    def show_busy(self) -> None:
        """The sealing is under way."""
        self.confirm.setEnabled(False)
        self.confirm.setText(self.tr("正在封存……"))

    def trouble(self) -> parts.Trouble:
        """Where a Problem of the sealing is told."""
        return self._trouble

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.back.emit()
        else:
            event.ignore()

    def _show_facts(self, summary: Summary) -> None:
        parts.clear(self._grid)
        facts = [(self.tr("填报对象"), summary.subject or self.tr("没有填写")), *summary.facts]
        if summary.unanswered:
            words = self.tr("{count} 个可不答的题没有回答").format(count=summary.unanswered)
            facts.append((self.tr("选填"), words))
        for row, (label, words) in enumerate(facts):
            self._grid.addWidget(parts.text(label, "muted"), row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(parts.text(words), row, 1)
