"""New filling: the forms on the shelf and those brought in, as cards; forms of others are dropped here."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from xincai.ui import language, messages, theme
from xincai.ui.guard import guarded
from xincai.ui.pages.imports import ImportedCard, RemarksCard
from xincai.ui.parts import (
    Badge,
    Card,
    DropPage,
    EmptyState,
    Notice,
    ProgressRow,
    SearchField,
    button,
    clear,
    row,
    text,
)

if TYPE_CHECKING:
    from xincai.desk import FormCard, ImportedForm


class ChoosePage(DropPage):
    """Cards with the time needed; those that concern this profile come first."""

    form_chosen = Signal(str)
    imported_chosen = Signal(str)
    """The digest of a form brought in."""
    import_wanted = Signal()
    withdraw_wanted = Signal(str)

    def __init__(self) -> None:
        invitation = Notice(self.tr("松开鼠标，导入表单"), "info", name="choose.drop")
        super().__init__("choose", self.tr("选择表单"), invitation)
        self._forms: tuple[FormCard, ...] = ()
        self._imported: tuple[ImportedForm, ...] = ()
        self._bringing()
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
        drop = self.tr(
            "别处下发的表单（XLSForm、XForm，或连同附带文件的 ZIP）和本县的乡镇村名单（CSV、Excel）"
            "可以直接拖到本页导入。"
        )
        self.column.addWidget(text(drop, "muted"))
        self.column.addStretch(1)

    def render_state(self, forms: tuple["FormCard", ...], imported: tuple["ImportedForm", ...] = ()) -> None:
        """Show these forms."""
        self._forms = forms
        self._imported = imported
        self._render()

    def show_importing(self, name: str) -> None:
        """A form is being looked through."""
        self.remarks.hide()
        self.bring.setEnabled(False)
        self.progress.start(self.tr("正在检查和转换“%1”……").replace("%1", name))

    def show_imported(self) -> None:
        """That came to an end."""
        self.progress.finish()
        self.bring.setEnabled(True)

    def start_focus(self) -> None:
        """At the search."""
        self.search.setFocus()

    def takes_files(self) -> bool:
        """Unless one form is being brought in."""
        return self.bring.isEnabled()

    def _bringing(self) -> None:
        """What shows a form being brought in."""
        self.bring = button(self.tr("导入表单(&I)…"), "choose.import", "secondary", "folder")
        self.bring.clicked.connect(self.import_wanted)
        self.buttons.addWidget(self.bring)
        self.progress = ProgressRow("choose.progress")
        self.remarks = RemarksCard()
        for widget in (self.progress, self.remarks):
            self.column.addWidget(widget)

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
        self._columns = self._room()
        shown = [form for form in self._forms if _fits(form, query, kind)]
        brought = [form for form in self._imported if _fits(form.card, query, kind)]
        for category in dict.fromkeys(form.category for form in shown):
            cards = [self._card(form) for form in shown if form.category == category]
            self._shelve(messages.category(category), cards)
        if brought:
            self._shelve(self.tr("导入的表单"), [self._imported_card(form) for form in brought])
        shown += [form.card for form in brought]
        if self._forms and not shown:
            hint = self.tr("换一个词，或把适用主体改为“全部主体”。")
            self._cards.addWidget(
                EmptyState("search", self.tr("没有找到合适的表单"), hint, name="choose.empty")
            )

    def _shelve(self, heading: str, cards: list[QWidget]) -> None:
        """Cards side by side under their heading."""
        self._cards.addWidget(text(heading, "heading"))
        grid = QGridLayout()
        grid.setSpacing(12)
        if len(cards) % self._columns:
            cards.append(row())  # an empty place keeps a lone card as wide as the others
        for number, card in enumerate(cards):
            grid.addWidget(card, number // self._columns, number % self._columns)
        for column in range(self._columns):
            grid.setColumnStretch(column, 1)
        self._cards.addLayout(grid)

    def _imported_card(self, form: "ImportedForm") -> QWidget:
        card = ImportedCard(form)
        card.started.connect(self.imported_chosen)
        card.withdrawn.connect(self.withdraw_wanted)
        return card

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
    return query in words and (not kind or not form.subjects or kind in form.subjects)
