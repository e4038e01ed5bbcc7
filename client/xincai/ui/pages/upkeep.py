"""Looking after the vault: backups, what will be erased, and where the vault stands."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from xincai import errors
from xincai.desk import Leaving, Saving, Upkeep
from xincai.ui import language, theme
from xincai.ui.pages.saving import Days, backup_words, moving_words, show_saving
from xincai.ui.parts import Card, Notice, Page, ProgressRow, button, clear, labelled, row, text

REMIND = (0, 3, 7, 14, 30)
ERASE = (0, 30, 60, 90, 180, 365)
_SHOWN = 20
"""Records shown on the list; the rest is counted."""


class UpkeepPage(Page):
    """Three cards: backup, another computer, erasing."""

    backup_wanted = Signal()
    cancel_wanted = Signal()
    remind_chosen = Signal(int)
    erase_chosen = Signal(int)
    kept = Signal(str, bool)
    erase_wanted = Signal(str)
    record_opened = Signal(str)

    def __init__(self) -> None:
        super().__init__("upkeep", self.tr("备份与恢复"), wide=820)
        self._place = Notice("", "warn", name="upkeep.place")
        self._place.hide()
        self.column.addWidget(self._place)
        self.progress = ProgressRow("upkeep.progress")
        self.progress.cancelled.connect(self.cancel_wanted)
        self.column.addWidget(self.progress)
        self.column.addWidget(self._backup_card())
        self.column.addWidget(self._moving_card())
        self.column.addWidget(self._erasing_card())
        self.column.addStretch(1)

    def render_state(self, upkeep: Upkeep) -> None:
        """Show how the vault is looked after."""
        self._place.setVisible(upkeep.place is not None)
        if upkeep.place is not None:
            told = errors.explain(upkeep.place, language.current())
            self._place.show_words(f"{told.what}\n{told.next}", "warn")
        self._last.setText(backup_words(upkeep))
        for box, value in ((self.remind, upkeep.remind_after), (self.erase, upkeep.erase_after)):
            if box.findData(value) < 0:
                box.addItem(Days().after(value), value)
            box.setCurrentIndex(box.findData(value))
            box.setEnabled(not upkeep.read_only)
        self._show_leaving(upkeep)

    def show_start(self) -> None:
        """A backup began."""
        self.save.setEnabled(False)
        self.progress.start(self.tr("正在备份"))

    def show_step(self, saving: Saving) -> None:
        """How far it is."""
        show_saving(self.progress, saving)

    def show_end(self) -> None:
        """It ended, one way or another."""
        self.save.setEnabled(True)
        self.progress.finish()

    def start_focus(self) -> None:
        """At the backup."""
        self.save.setFocus()

    def _backup_card(self) -> QWidget:
        card = Card("upkeep.backup")
        card.body.addWidget(text(self.tr("备份到U盘或另一块盘"), "heading"))
        self._last = text("", name="upkeep.last")
        card.body.addWidget(self._last)
        hint = self.tr(
            "备份是一个加密文件，用今天的口令或恢复码才能打开。写完会重新打开核对，核对不上不算备份。"
            "请与电脑分开存放。"
        )
        card.body.addWidget(text(hint, "muted"))
        self.save = button(self.tr("立即备份(&B)"), "upkeep.save", "primary", "export")
        self.save.clicked.connect(self.backup_wanted)
        card.body.addWidget(row(self.save, None))
        self.remind = QComboBox()
        self.remind.setObjectName("upkeep.remind")
        for days in REMIND:
            self.remind.addItem(Days().after(days) if days else self.tr("不提醒"), days)
        self.remind.activated.connect(self._choose_remind)
        card.body.addWidget(labelled(self.tr("多久没有备份时在首页提醒(&R)"), self.remind))
        return card

    def _moving_card(self) -> QWidget:
        card = Card("upkeep.moving")
        card.body.addWidget(text(self.tr("换一台电脑，或从备份恢复"), "heading"))
        for words in moving_words():
            card.body.addWidget(text(words))
        return card

    def _erasing_card(self) -> QWidget:
        card = Card("upkeep.erasing")
        card.body.addWidget(text(self.tr("受理后清除内容"), "heading"))
        hint = self.tr(
            "平台回执确认受理并满期限后，本机清除填报内容、文书和附件，只留编号、核对码和回执。"
            "清除前 7 天列在下面；清除后不能恢复，以前的备份里仍然有。"
        )
        card.body.addWidget(text(hint, "muted"))
        self.erase = QComboBox()
        self.erase.setObjectName("upkeep.erase")
        for days in ERASE:
            self.erase.addItem(Days().after(days) if days else self.tr("不清除，一直保留"), days)
        self.erase.activated.connect(self._choose_erase)
        card.body.addWidget(labelled(self.tr("受理多久后清除(&E)"), self.erase))
        self._leaving = QVBoxLayout()
        self._leaving.setSpacing(8)
        card.body.addLayout(self._leaving)
        return card

    def _show_leaving(self, upkeep: Upkeep) -> None:
        clear(self._leaving)
        if not upkeep.leaving:
            words = self.tr("近期没有要清除的填报件。") if upkeep.erase_after else ""
            self._leaving.addWidget(text(words, "muted"))
            return
        for number, each in enumerate(upkeep.leaving[:_SHOWN]):
            self._leaving.addWidget(self._leaving_row(number, each))
        rest = len(upkeep.leaving) - _SHOWN
        if rest > 0:
            self._leaving.addWidget(text(self.tr("还有 %n 件。", "", rest), "muted"))

    def _leaving_row(self, number: int, each: Leaving) -> QWidget:
        words = (
            self.tr("已选择保留")
            if each.kept
            else self.tr("%1 起清除").replace("%1", each.erased_on.astimezone().strftime("%Y-%m-%d"))
        )
        facts = f"{each.subject_name}  ·  {language.pick(each.form_title)}  ·  {words}"
        keep = button(
            self.tr("取消保留") if each.kept else self.tr("保留内容"), f"upkeep.leaving.{number}.keep"
        )
        keep.setProperty("record", each.record_id)
        keep.setProperty("kept", each.kept)
        keep.clicked.connect(self._keep)
        now = button(self.tr("现在清除"), f"upkeep.leaving.{number}.erase", "quiet")
        now.setProperty("record", each.record_id)
        now.clicked.connect(self._erase)
        for act in (keep, now):
            act.setAccessibleName(f"{act.text()} {each.subject_name}")
        box = QWidget()
        theme.dress(box, "clear")
        across = QHBoxLayout(box)
        across.setContentsMargins(0, 0, 0, 0)
        across.addWidget(text(facts, name=f"upkeep.leaving.{number}"), 1)
        across.addWidget(keep)
        across.addWidget(now)
        return box

    def _choose_remind(self, _index: int) -> None:
        self.remind_chosen.emit(int(self.remind.currentData()))

    def _choose_erase(self, _index: int) -> None:
        self.erase_chosen.emit(int(self.erase.currentData()))

    def _keep(self) -> None:
        chosen = self.sender()
        self.kept.emit(str(chosen.property("record")), not chosen.property("kept"))

    def _erase(self) -> None:
        self.erase_wanted.emit(str(self.sender().property("record")))
