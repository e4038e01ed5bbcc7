"""Home: what waits for me."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from xincai.desk import CorrectionCard, DraftCard, NoticeCard, Overview, Upkeep
from xincai.ui import language, messages, theme
from xincai.ui.pages.saving import Days
from xincai.ui.parts import Badge, Card, EmptyState, Notice, Page, button, clear, text
from xincai.ui.theme import Tone

_NOTICES = 3
"""Notices shown, the latest ones."""
_SHOWN = 8
"""Drafts shown before «all»."""
_CARE: tuple[tuple[str, Tone], ...] = (
    ("shut", "bad"),
    ("scarce", "bad"),
    ("place", "warn"),
    ("backup", "warn"),
    ("leaving", "info"),
)
"""What the vault may need, and in which tone it is said."""


class HomePage(Page):
    """Figures, corrections, drafts; the next thing to do is one click away."""

    new_wanted = Signal()
    draft_opened = Signal(str)
    draft_discarded = Signal(str)
    correction_opened = Signal(object)
    place_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__("home", " ")
        start = button(self.tr("新建填报(&N)"), "home.new", "primary", "plus")
        start.clicked.connect(self.new_wanted)
        self.buttons.addWidget(start)
        self._start = start
        self._link = Notice(
            self.tr("还没有登记到平台：可以照常填报和封存，投递前请先登记或进入演练模式。"),
            "info",
            action=self.tr("去设置(&S)"),
            name="home.link",
        )
        self._link.acted.connect(self._settings)
        self._care = {
            name: Notice(
                "",
                tone,
                action=self.tr("查看(&V)") if name not in {"shut", "scarce"} else "",
                name=f"home.{name}",
            )
            for name, tone in _CARE
        }
        self._care["backup"].action.setText(self.tr("去备份(&B)"))
        for notice in self._care.values():
            notice.hide()
            notice.acted.connect(self._upkeep)
            self.column.addWidget(notice)
        self.column.addWidget(self._link)
        self._notices = QVBoxLayout()
        self._notices.setSpacing(8)
        self.column.addLayout(self._notices)
        self._figures = QGridLayout()
        self._figures.setSpacing(12)
        self.column.addLayout(self._figures)
        self._lists = QVBoxLayout()
        self._lists.setSpacing(12)
        self.column.addLayout(self._lists)
        self.column.addStretch(1)
        self._drafts: dict[str, str] = {}
        self._corrections: dict[str, CorrectionCard] = {}

    def render_state(self, overview: Overview) -> None:
        """Show what waits."""
        profile = overview.profile
        who = messages.role(profile.role)
        self.title.setText(self.tr("%1，您好").replace("%1", profile.name))
        self.title.setAccessibleDescription(who)
        self._link.setVisible(overview.connection is None)
        self._show_figures(overview)
        clear(self._lists)
        self._drafts.clear()
        self._corrections.clear()
        if overview.corrections:
            self._lists.addWidget(text(messages.status("returned"), "heading"))
            for number, correction in enumerate(overview.corrections):
                self._lists.addWidget(self._correction(number, correction))
        if overview.drafts:
            self._lists.addWidget(text(self.tr("继续填报"), "heading"))
            for number, draft in enumerate(overview.drafts[:_SHOWN]):
                self._lists.addWidget(self._draft(number, draft))
        if not overview.drafts and not overview.corrections:
            self._lists.addWidget(self._empty(overview))

    def render_upkeep(self, upkeep: Upkeep) -> None:
        """Say what the vault needs: a backup, another place, a look at what will be erased."""
        leaving = sum(not each.kept for each in upkeep.leaving)
        told: dict[str, str] = {
            "shut": self.tr("保险库所在的位置不能写入：现在只能查看和导出，不能填报。")
            if upkeep.read_only
            else "",
            "scarce": self.tr("磁盘快满了，应急的预留空间已用掉：请尽快清理磁盘，再继续填报。")
            if upkeep.scarce
            else "",
            "place": messages.told(upkeep.place) if upkeep.place is not None else "",
            "backup": Days().without(upkeep.days_since_backup) if upkeep.backup_due else "",
            "leaving": Days().leaving(leaving) if leaving else "",
        }
        if upkeep.backup_due:
            told["backup"] += " " + self.tr("电脑丢失或损坏时，只有备份能找回资料。")
        for name, tone in _CARE:
            self._care[name].setVisible(bool(told[name]))
            self._care[name].show_words(told[name], tone)

    def render_notices(self, notices: tuple[NoticeCard, ...]) -> None:
        """Say what the platform tells this office."""
        clear(self._notices)
        for number, told in enumerate(notices[:_NOTICES]):
            words = f"{messages.when(told.issued)}  {language.pick(told.words)}"
            self._notices.addWidget(Notice(words, "info", name=f"home.notice.{number}"))

    def start_focus(self) -> None:
        """At the next thing to begin."""
        self._start.setFocus()

    def _show_figures(self, overview: Overview) -> None:
        clear(self._figures)
        waiting = overview.waiting + overview.undelivered
        corrections, accepted = len(overview.corrections), overview.accepted
        facts: tuple[tuple[str, int, str, Tone, str], ...] = (
            ("drafts", len(overview.drafts), self.tr("未完成的填报"), "", "choose"),
            ("waiting", waiting, messages.status("waiting"), "warn" if waiting else "", "outbox"),
            (
                "corrections",
                corrections,
                messages.status("returned"),
                "bad" if corrections else "",
                "receipts",
            ),
            ("accepted", accepted, messages.status("accepted"), "good" if accepted else "", "dossiers"),
        )
        for column, (name, count, words, tone, place) in enumerate(facts):
            card = Card(f"home.figure.{name}")
            card.body.setContentsMargins(20, 14, 16, 12)
            card.body.setSpacing(2)
            card.body.addWidget(text(str(count), "figure", tone))
            foot = QHBoxLayout()
            foot.addWidget(text(words, "muted"), 1)
            see = button(self.tr("查看"), f"home.see.{name}", "quiet")
            see.setAccessibleName(words)
            see.setProperty("place", place)
            see.clicked.connect(self._see)
            foot.addWidget(see)
            card.body.addLayout(foot)
            self._figures.addWidget(card, 0, column)
            see.setVisible(name != "drafts")

    def _draft(self, number: int, draft: DraftCard) -> QWidget:
        card, lines, buttons = _strip(f"home.draft.{number}")
        self._drafts[card.objectName()] = draft.draft_id
        name = draft.subject_name or self.tr("（还没有填主体名称）")
        lines.addWidget(text(name, "label"))
        saved = self.tr("保存于 %1").replace("%1", messages.when(draft.saved_at))
        lines.addWidget(text(f"{language.pick(draft.form_title)}  ·  {saved}", "muted"))
        progress = QProgressBar()
        progress.setRange(0, max(draft.required, 1))
        progress.setValue(min(draft.answered, draft.required))
        progress.setTextVisible(False)
        progress.setFixedWidth(theme.px(120))
        done = self.tr("必答 %1/%2").replace("%1", str(draft.answered)).replace("%2", str(draft.required))
        progress.setAccessibleName(done)
        far = QVBoxLayout()
        far.addStretch(1)
        far.addWidget(text(done, "muted"))
        far.addWidget(progress)
        far.addStretch(1)
        buttons.addLayout(far)
        if draft.returned:
            buttons.addWidget(Badge(messages.status("returned"), "bad", draft.returned))
        go_on = button(self.tr("继续"), f"home.draft.{number}.open", "secondary", "forward")
        go_on.setAccessibleName(f"{self.tr('继续')} {name}")
        go_on.setProperty("card", card.objectName())
        go_on.clicked.connect(self._open_draft)
        drop = button("", f"home.draft.{number}.discard", "quiet", "trash")
        drop.setToolTip(self.tr("删除这份草稿"))
        drop.setAccessibleName(f"{self.tr('删除这份草稿')} {name}")
        drop.setProperty("card", card.objectName())
        drop.clicked.connect(self._discard)
        buttons.addWidget(go_on)
        buttons.addWidget(drop)
        return card

    def _correction(self, number: int, correction: CorrectionCard) -> QWidget:
        card, lines, buttons = _strip(f"home.correction.{number}")
        card.set_tone("bad")
        self._corrections[card.objectName()] = correction
        lines.addWidget(text(correction.subject_name, "label"))
        lines.addWidget(text(correction.text, "message", "bad"))
        lines.addWidget(text(language.pick(correction.form_title), "muted"))
        act = button(self.tr("去更正"), f"home.correction.{number}.open", "primary", "correction")
        act.setProperty("card", card.objectName())
        act.clicked.connect(self._open_correction)
        buttons.addWidget(act)
        return card

    def _empty(self, overview: Overview) -> QWidget:
        words = self.tr("没有未完成的填报") if overview.records else self.tr("从第一份填报开始")
        hint = self.tr("选一张表单，按题填写；每答一题自动保存，随时可以停下。")
        empty = EmptyState("new", words, hint, action=self.tr("选择表单(&F)"), name="home.empty")
        empty.acted.connect(self.new_wanted)
        return empty

    def _open_draft(self) -> None:
        self.draft_opened.emit(self._drafts[self._card()])

    def _discard(self) -> None:
        self.draft_discarded.emit(self._drafts[self._card()])

    def _open_correction(self) -> None:
        self.correction_opened.emit(self._corrections[self._card()])

    def _card(self) -> str:
        return str(self.sender().property("card"))

    def _see(self) -> None:
        self.place_wanted.emit(str(self.sender().property("place")))

    def _upkeep(self) -> None:
        self.place_wanted.emit("upkeep")

    def _settings(self) -> None:
        self.place_wanted.emit("settings")


def _strip(name: str) -> tuple[Card, QVBoxLayout, QHBoxLayout]:
    """A flat card: lines at the left, buttons at the right."""
    card = Card(name)
    card.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    card.body.setContentsMargins(20, 12, 12, 12)
    across = QHBoxLayout()
    across.setSpacing(12)
    lines = QVBoxLayout()
    lines.setSpacing(2)
    buttons = QHBoxLayout()
    across.addLayout(lines, 1)
    across.addLayout(buttons)
    card.body.addLayout(across)
    return card, lines, buttons
