"""From a backup to this computer's vault: choose the file, prove who one is, wait."""

import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox

from xincai.desk import Saving
from xincai.errors import Problem
from xincai.ui import messages
from xincai.ui.pages.saving import show_saving
from xincai.ui.parts import (
    Card,
    Notice,
    Page,
    PassphraseField,
    ProgressRow,
    button,
    field,
    labelled,
    row,
    text,
)


class RestorePage(Page):
    """A file, a secret, a button."""

    choose_wanted = Signal()
    restore_wanted = Signal(str, bool)
    """The secret, and whether it is the recovery code."""
    cancel_wanted = Signal()

    def __init__(self) -> None:
        super().__init__("restore", wide=720)
        self.column.addWidget(text(self.tr("从备份恢复"), "title"))
        self.column.addWidget(
            text(
                self.tr(
                    "把备份里的全部填报件、草稿、文书和回执放到这台电脑。这台电脑成为一台新设备，"
                    "恢复后请用新的登记码登记；以前已送出的不会重复送。"
                ),
                "muted",
            )
        )
        card = Card("restore.card")
        card.body.setContentsMargins(28, 24, 28, 24)
        self.column.removeWidget(self.trouble)
        card.body.addWidget(self.trouble)
        self._place = Notice("", "warn", name="restore.place")
        self._place.hide()
        card.body.addWidget(self._place)
        self._old = text(
            self.tr(
                "原来的保险库文件夹里剩下的东西不会删除：恢复时整个文件夹改名留在旁边，名字带有当天的日期。"
            ),
            "muted",
            name="restore.old",
        )
        self._old.hide()
        card.body.addWidget(self._old)
        self.file = field("restore.file")
        self.file.setReadOnly(True)
        self.choose = button(self.tr("选择备份文件(&F)"), "restore.choose", "secondary", "folder")
        self.choose.clicked.connect(self.choose_wanted)
        card.body.addWidget(labelled(self.tr("备份文件（.xcbackup）"), self.file))
        card.body.addWidget(row(self.choose, None))
        self._made = text("", "message", "good", name="restore.made")
        self._made.hide()
        card.body.addWidget(self._made)
        self.secret = PassphraseField("restore.secret")
        card.body.addWidget(
            labelled(
                self.tr("备份那天的口令(&P)"),
                self.secret,
                self.tr("后来改过口令的，这里要用备份时的那一个。"),
            )
        )
        self.by_code = QCheckBox(self.tr("忘记口令，用恢复码打开(&C)"))
        self.by_code.setObjectName("restore.by_code")
        card.body.addWidget(self.by_code)
        self.go = button(self.tr("恢复(&R)"), "restore.go", "primary", "unlock")
        self.go.clicked.connect(self._restore)
        self.secret.returnPressed.connect(self.go.click)
        self.secret.textChanged.connect(self._fit)
        card.body.addWidget(row(None, self.go))
        self.progress = ProgressRow("restore.progress")
        self.progress.cancelled.connect(self.cancel_wanted)
        card.body.addWidget(self.progress)
        self.column.addWidget(card)
        self.column.addStretch(1)
        self._card_parts = (self.choose, self.secret, self.by_code)
        self._good = False
        self._busy = False
        self._fit()

    def show_place(self, problem: Problem | None) -> None:
        """What speaks against the place where the vault will stand."""
        self._place.setVisible(problem is not None)
        if problem is not None:
            self._place.show_words(messages.told(problem), "warn")

    def show_old(self, there: bool) -> None:
        """What becomes of the folder of a vault whose file is gone."""
        self._old.setVisible(there)

    def show_file(self, path: str, made_at: datetime.datetime) -> None:
        """A backup was chosen, and it is one."""
        self.trouble.clear()
        self.file.setText(path)
        self._made.setText(self.tr("备份于 %1").replace("%1", messages.when(made_at)))
        self._made.show()
        self._good = True
        self._fit()
        self.secret.setFocus()

    def show_start(self) -> None:
        """Restoring began."""
        self.trouble.clear()
        self._turn(busy=True)
        self.progress.start(self.tr("正在恢复"))

    def show_step(self, saving: Saving) -> None:
        """How far it is."""
        show_saving(self.progress, saving)

    def show_end(self) -> None:
        """It ended without a vault."""
        self._turn(busy=False)
        self.progress.finish()

    def start_focus(self) -> None:
        """At what is asked first."""
        (self.secret if self._good else self.choose).setFocus()

    def _turn(self, *, busy: bool) -> None:
        self._busy = busy
        for part in self._card_parts:
            part.setEnabled(not busy)
        self._fit()

    def _fit(self) -> None:
        self.go.setEnabled(self._good and bool(self.secret.text()) and not self._busy)

    def _restore(self) -> None:
        self.restore_wanted.emit(self.secret.text(), self.by_code.isChecked())
