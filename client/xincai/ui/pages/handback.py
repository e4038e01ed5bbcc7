"""Giving the computer back: the subject is done, and the passphrase leads back to everything else."""

from PySide6.QtCore import Signal

from xincai.ui.parts import Card, Page, PassphraseField, button, labelled, row, text


class HandBackPage(Page):
    """One field; nothing of what was filled."""

    taken = Signal(str)
    going_on = Signal()

    def __init__(self) -> None:
        super().__init__("handback", wide=520)
        self.column.addStretch(1)
        self.column.addWidget(text(self.tr("请把电脑交还工作人员"), "title"))
        said = self.tr("填写的内容已经保存。输入工作人员的口令，才能回到别的页面。")
        self.column.addWidget(text(said, "muted"))
        card = Card("handback.card")
        self.passphrase = PassphraseField("handback.passphrase")
        self.passphrase.returnPressed.connect(self._take)
        card.body.addWidget(labelled(self.tr("工作人员口令(&P)"), self.passphrase))
        self.take = button(self.tr("收回电脑(&T)"), "handback.take", "primary", "unlock")
        self.take.clicked.connect(self._take)
        self.on = button(self.tr("继续填写(&B)"), "handback.on", "quiet")
        self.on.clicked.connect(self.going_on)
        card.body.addWidget(row(self.take, self.on, None))
        self.column.addWidget(card)
        self.column.addStretch(2)
        self.column.removeWidget(self.trouble)
        card.body.insertWidget(0, self.trouble)

    def show_busy(self, busy: bool) -> None:
        """The passphrase is being tried, which takes a moment on purpose."""
        self.take.setEnabled(not busy)
        self.passphrase.setEnabled(not busy)

    def show_refused(self) -> None:
        """Wrong: let it be typed again."""
        self.passphrase.clear()
        self.passphrase.setFocus()

    def start_focus(self) -> None:
        """The cursor waits in the field."""
        self.passphrase.setFocus()

    def _take(self) -> None:
        if self.passphrase.text():
            self.taken.emit(self.passphrase.text())
