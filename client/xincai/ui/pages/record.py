"""A record: what was answered, how it stands, its versions and letters."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QVBoxLayout, QWidget

from xincai.desk import LetterCard, RecordDetail, Section
from xincai.ui import language, messages, theme
from xincai.ui.guard import guarded
from xincai.ui.pages.answers import AnswerRow
from xincai.ui.parts import Badge, Card, Notice, Page, button, clear, row, text

_ROOMY = 880
"""Pixels from which there are two columns."""
_ANY = 16_777_215
"""Qt's word for: as wide as you like."""


class RecordPage(Page):
    """Sections at the left, letters and facts at the right."""

    version_wanted = Signal(int)
    correction_wanted = Signal()
    letter_wanted = Signal(str)
    letter_opened = Signal(object)
    image_wanted = Signal(str, str, str)
    """Name, and for a masked one reason and a few words."""
    reveal_wanted = Signal(str, str, str)
    """Reference, reason, a few words."""
    outbox_wanted = Signal()
    report_wanted = Signal(bool)
    """All that is held on the subject; whether in full."""
    earnest_wanted = Signal()
    export_wanted = Signal()

    def __init__(self) -> None:
        super().__init__("record", " ")
        self._images: dict[str, AnswerRow] = {}
        self._lines: dict[str, AnswerRow] = {}
        self._letters: dict[str, LetterCard] = {}
        self.badge = Badge()
        self.badge.setObjectName("record.status")
        self.buttons.addWidget(self.badge)
        self._facts = text("", "muted", name="record.facts")
        self.column.addWidget(self._facts)
        self._returned = Notice("", "bad", action=self.tr("更正(&C)"), name="record.returned")
        self._returned.acted.connect(self.correction_wanted)
        self._next = Notice("", "info", action=self.tr("去待发箱(&O)"), name="record.next")
        self._next.acted.connect(self.outbox_wanted)
        self.column.addWidget(self._returned)
        self.column.addWidget(self._next)
        self._encrypted = Notice("", "info", action=self.tr("导出加密件(&E)"), name="record.encrypted")
        self._encrypted.acted.connect(self.export_wanted)
        self._encrypted.hide()
        self.column.addWidget(self._encrypted)
        self._practised = Notice("", "warn", action=self.tr("正式填报(&F)"), name="record.practised")
        self._practised.acted.connect(self.earnest_wanted)
        self._practised.hide()
        self.column.addWidget(self._practised)
        self._erased = Notice("", "muted", name="record.erased")
        self._erased.hide()
        self.column.addWidget(self._erased)
        self._across = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._across.setSpacing(16)
        self._sections = QVBoxLayout()
        self._sections.setSpacing(12)
        self._side = QVBoxLayout()
        self._side.setSpacing(12)
        self._beside = QWidget()
        theme.dress(self._beside, "clear")
        self._beside.setLayout(self._side)
        self._side.setContentsMargins(0, 0, 0, 0)
        self._across.addLayout(self._sections, 1)
        self._across.addWidget(self._beside)
        self.column.addLayout(self._across)
        self._fit(self.width())
        self.column.addStretch(1)
        self._returned.hide()
        self._next.hide()

    def render_state(self, detail: RecordDetail) -> None:
        """Show this version."""
        card = detail.card
        status = "erased" if card.erased else card.status
        self.title.setText(card.subject_name or language.pick(card.form_title))
        self.badge.show_words(
            messages.status(status), messages.status_tone(status), messages.status_next(status)
        )
        sealed = self.tr("封存于 %1").replace("%1", messages.when(card.sealed_at))
        number = self.tr("第 %1 版").replace("%1", str(card.version))
        facts = [language.pick(card.form_title), card.subject_code, number, sealed]
        self._facts.setText("  ·  ".join(filter(None, facts)))
        self._returned.setVisible(card.status == "returned")
        self._returned.show_words(self.tr("退回原因：%1").replace("%1", detail.returned), "bad")
        self._next.setVisible(card.status in ("sealed", "waiting", "unknown") and not detail.encrypted)
        self._encrypted.setVisible(detail.encrypted)
        self._encrypted.show_words(
            self.tr("本表规定只有表单公钥的持有人能读，不经平台投递。请导出加密件，交给持有人。")
        )
        self._next.show_words(messages.status_next(card.status))
        self._practised.setVisible(card.status == "practised")
        self._practised.show_words(messages.status_next("practised"), "warn")
        self._erased.setVisible(detail.erased_at is not None)
        if detail.erased_at is not None:
            words = self.tr("内容已于 %1 清除。受理回执编号：%2。需要内容时，请凭编号向平台查询。")
            self._erased.show_words(
                words.replace("%1", messages.when(detail.erased_at)).replace("%2", detail.receipt), "muted"
            )
        self._show_sections(detail.sections)
        self._show_side(detail)

    def show_image(self, name: str, data: bytes) -> None:
        """Show a picture that was asked for."""
        picture = QPixmap()
        line = self._images.get(name)
        if line is not None and self.isVisible() and picture.loadFromData(data):
            wide = min(picture.width(), theme.px(420))
            line.show_picture(picture.scaledToWidth(wide))

    def show_revealed(self, ref: str, value: str) -> None:
        """Show an answer that was masked."""
        line = self._lines.get(ref)
        if line is not None and line.isVisible():
            line.show_value(value)

    def start_focus(self) -> None:
        """At what is to be done, if anything."""
        for notice in (self._returned, self._next, self._encrypted, self._practised):
            if not notice.isHidden():
                notice.action.setFocus()
                return
        self.area.setFocus()

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit(event.size().width())

    def _fit(self, width: int) -> None:
        """Letters and facts stand beside the answers, or below them when there is no room."""
        below = width < theme.px(_ROOMY)
        self._across.setDirection(
            QBoxLayout.Direction.TopToBottom if below else QBoxLayout.Direction.LeftToRight
        )
        self._beside.setFixedWidth(_ANY if below else theme.px(300))
        if below:
            self._beside.setMinimumWidth(0)

    def _show_sections(self, sections: tuple[Section, ...]) -> None:
        clear(self._sections)
        self._images.clear()
        self._lines.clear()
        for section in sections:
            card = Card()
            card.body.setSpacing(6)
            card.body.addWidget(text(section.title, "heading"))
            for answer in section.answers:
                line = AnswerRow(answer)
                self._lines[answer.ref] = line
                line.image_wanted.connect(self.image_wanted)
                line.reveal_wanted.connect(self.reveal_wanted)
                if answer.image:
                    self._images[answer.image] = line
                card.body.addWidget(line)
            self._sections.addWidget(card)
        self._sections.addStretch(1)

    def _show_side(self, detail: RecordDetail) -> None:
        clear(self._side)
        if not detail.card.erased:
            self._side.addWidget(self._letters_card(detail))
            self._side.addWidget(self._report_card())
        if len(detail.versions) > 1:
            card = Card()
            card.body.addWidget(text(self.tr("版本"), "heading"))
            versions = QComboBox()
            versions.setObjectName("record.version")
            versions.setAccessibleName(self.tr("版本"))
            for version in detail.versions:
                versions.addItem(self.tr("第 %1 版").replace("%1", str(version)), version)
            versions.setCurrentIndex(versions.findData(detail.card.version))
            versions.activated.connect(self._choose_version)
            card.body.addWidget(versions)
            self._side.addWidget(card)
        card = Card()
        card.body.addWidget(text(self.tr("核对码"), "heading"))
        digest = text(" ".join(detail.sm3[at : at + 8] for at in range(0, len(detail.sm3), 8)), "muted")
        digest.setToolTip(self.tr("封存内容的 SM3 摘要；内容改动一字，摘要就不同。"))
        card.body.addWidget(digest)
        self._side.addWidget(card)
        self._side.addStretch(1)

    def _letters_card(self, detail: RecordDetail) -> Card:
        card = Card("record.letters")
        card.body.addWidget(text(self.tr("文书"), "heading"))
        self._letters = {letter.letter_id: letter for letter in detail.letters}
        for number, letter in enumerate(detail.letters):
            see = button(messages.letter_kind(letter.kind), f"record.letter.{number}", "link", "letter")
            see.setProperty("letter", letter.letter_id)
            see.clicked.connect(self._open_letter)
            card.body.addWidget(row(see, None, gap=0))
            made = messages.when(letter.made_at)
            card.body.addWidget(text(f"{letter.number}\n{made}", "muted"))
        if not detail.letters:
            card.body.addWidget(text(self.tr("还没有出具文书。"), "muted"))
        for kind in detail.letter_kinds:
            words = self.tr("出具%1").replace("%1", messages.letter_kind(kind))
            write = button(words, f"record.write.{kind}", "secondary", "plus")
            write.setProperty("kind", kind)
            write.clicked.connect(self._write)
            card.body.addWidget(write)
        return card

    def _report_card(self) -> Card:
        card = Card("record.reports")
        card.body.addWidget(text(self.tr("主体信息报告"), "heading"))
        words = self.tr("本机保存的、与这个主体有关的全部填报件、文书和回执。本人要求查阅、复制时出具。")
        card.body.addWidget(text(words, "muted"))
        for full, label in ((False, self.tr("出具报告（遮盖）")), (True, self.tr("出具报告（完整）"))):
            name = f"record.report.{'full' if full else 'masked'}"
            write = button(label, name, "secondary", "plus")
            write.setProperty("full", full)
            write.clicked.connect(self._report)
            card.body.addWidget(write)
        return card

    def _choose_version(self, _index: int) -> None:
        box = self.sender()
        if isinstance(box, QComboBox):
            self.version_wanted.emit(int(box.currentData()))

    def _open_letter(self) -> None:
        self.letter_opened.emit(self._letters[str(self.sender().property("letter"))])

    def _report(self) -> None:
        self.report_wanted.emit(bool(self.sender().property("full")))

    def _write(self) -> None:
        self.letter_wanted.emit(str(self.sender().property("kind")))
