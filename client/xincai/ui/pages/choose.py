"""New filling: the forms on the shelf, as cards by subject."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from xincai.ui import language, messages, theme
from xincai.ui.guard import guarded
from xincai.ui.parts import Badge, Card, EmptyState, Page, SearchField, button, clear, row, text

if TYPE_CHECKING:
    from xincai.desk import FormCard


class ChoosePage(Page):
    """Cards with the time needed; those that concern this profile come first."""

    form_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__("choose", self.tr("选择表单"))
        self._forms: tuple[FormCard, ...] = ()
        self._columns = 0
        bar = QHBoxLayout()
        bar.setSpacing(12)
        self.search = SearchField("choose.search", self.tr("按名称查找表单"))
        self.search.searched.connect(self._render)
        self.subject = QComboBox()
        self.subject.setObjectName("choose.subject")
        self.subject.setAccessibleName(self.tr("适用主体"))
        self.subject.addItem(self.tr("全部主体"), "")
        for kind in ("ENT", "SOLE", "COOP", "COLL", "FARM", "HH"):
            self.subject.addItem(messages.subject_kind(kind), kind)
        self.subject.currentIndexChanged.connect(self._render)
        bar.addWidget(self.search, 1)
        bar.addWidget(self.subject)
        self.column.addLayout(bar)
        self._cards = QVBoxLayout()
        self._cards.setSpacing(12)
        self.column.addLayout(self._cards)
        self.column.addStretch(1)

    def render_state(self, forms: tuple["FormCard", ...]) -> None:
        """Show these forms."""
        self._forms = forms
        self._render()

    def start_focus(self) -> None:
        """At the search."""
        self.search.setFocus()

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._forms and self._room() != self._columns:
            self._render()

    def _room(self) -> int:
        """How many cards stand side by side."""
        return 2 if self.width() >= theme.px(820) else 1

    def _render(self) -> None:
        clear(self._cards)
        query = self.search.text().strip().casefold()
        kind = self.subject.currentData()
        columns = self._columns = self._room()
        shown = [form for form in self._forms if _fits(form, query, kind)]
        for category in dict.fromkeys(form.category for form in shown):
            self._cards.addWidget(text(messages.category(category), "heading"))
            grid = QGridLayout()
            grid.setSpacing(12)
            cards = [self._card(form) for form in shown if form.category == category]
            if len(cards) % columns:
                cards.append(row())  # an empty place keeps a lone card as wide as the others
            for number, card in enumerate(cards):
                grid.addWidget(card, number // columns, number % columns)
            for column in range(columns):
                grid.setColumnStretch(column, 1)
            self._cards.addLayout(grid)
        if self._forms and not shown:
            hint = self.tr("换一个词，或把适用主体改为“全部主体”。")
            self._cards.addWidget(
                EmptyState("search", self.tr("没有找到合适的表单"), hint, name="choose.empty")
            )

    def _card(self, form: "FormCard") -> QWidget:
        card = Card(f"choose.card.{form.form_id}")
        card.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        card.body.setContentsMargins(20, 16, 16, 14)
        name = language.pick(form.title)
        card.body.addWidget(text(name, "label"))
        card.body.addWidget(text(language.pick(form.summary), "muted"))
        card.body.addStretch(1)
        foot = QHBoxLayout()
        foot.addWidget(Badge(self.tr("约 %n 分钟", "", form.minutes), "info"))
        kinds = "、" if language.current() == "zh" else ", "
        foot.addWidget(text(kinds.join(messages.subject_kind(kind) for kind in form.subjects), "muted"), 1)
        start = button(self.tr("填报"), f"choose.start.{form.form_id}", "secondary", "forward")
        start.setAccessibleName(f"{self.tr('填报')} {name}")
        start.setProperty("form", form.form_id)
        start.clicked.connect(self._start)
        foot.addWidget(start)
        card.body.addLayout(foot)
        card.setMinimumHeight(theme.px(128))
        return card

    def _start(self) -> None:
        self.form_chosen.emit(str(self.sender().property("form")))


def _fits(form: "FormCard", query: str, kind: str) -> bool:
    words = " ".join([*form.title.values(), *form.summary.values(), form.form_id]).casefold()
    return query in words and (not kind or kind in form.subjects)
