"""The door: a passphrase opens the vault; the recovery code does when it is forgotten."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from xincai.errors import Problem
from xincai.ui import icons, messages, theme
from xincai.ui.parts import Card, Notice, Page, PassphraseField, button, field, labelled, row, text


class UnlockPage(Page):
    """One field, one button."""

    opened = Signal(str)
    recovered = Signal(str)
    renewed = Signal(str)
    """A new passphrase, after the recovery code opened the vault."""
    keychain_wanted = Signal()
    kept = Signal()
    """The old passphrase is to stay."""
    restore_wanted = Signal()

    def __init__(self) -> None:
        super().__init__("unlock", wide=520)
        self.column.addStretch(1)
        sign = QLabel()
        sign.setPixmap(icons.pixmap("shield", "primary", theme.px(44), self.devicePixelRatioF()))
        self.column.addWidget(sign)
        self.column.addWidget(text(self.tr("打开保险库"), "title"))
        self.column.addWidget(text(self.tr("填报资料加密保存在本机，输入口令后可见。"), "muted"))
        card = Card("unlock.card")
        self.restore = button(self.tr("从备份恢复(&V)"), "unlock.restore", "secondary", "folder")
        self.restore.clicked.connect(self.restore_wanted)
        self.restore.hide()
        self._ways = (self._by_passphrase(), self._by_recovery(), self._renewal())
        for way in self._ways:
            card.body.addWidget(way)
        self._turn(0)
        self.column.addWidget(card)
        self.column.addStretch(2)
        self.column.removeWidget(self.trouble)
        card.body.insertWidget(0, self.trouble)
        card.body.insertWidget(1, self.restore)
        self._place = Notice("", "warn", name="unlock.place")
        self._place.hide()
        card.body.insertWidget(2, self._place)

    def show_place(self, problem: Problem | None) -> None:
        """What speaks against the place where the vault stands."""
        self._place.setVisible(problem is not None)
        if problem is not None:
            self._place.show_words(messages.told(problem), "warn")

    def show_lacking(self, problem: Problem) -> None:
        """The vault's file is gone: offer what brings it back."""
        self.show_problem(problem)
        self.restore.show()

    def show_busy(self, busy: bool) -> None:
        """Opening takes a moment, on purpose."""
        for way in self._ways:
            way.setEnabled(not busy)
        words = self.tr("正在打开……") if busy else self.tr("打开(&O)")
        self.open.setText(words)
        self.open_by_code.setText(words)

    def show_keychain(self, offered: bool) -> None:
        """Offer the system's keychain, where somebody has put a key there."""
        self._keychain.setVisible(offered)

    def show_refused(self) -> None:
        """Wrong: let it be typed again."""
        self.passphrase.selectAll()
        self.start_focus()

    def show_renewal(self) -> None:
        """The recovery code opened it: offer a new passphrase."""
        self._turn(2)

    def start_focus(self) -> None:
        """The cursor waits in the field, or at what brings the vault back."""
        field = (self.passphrase, self.code, self.new)[self._way]
        (field if self.restore.isHidden() else self.restore).setFocus()

    def _by_passphrase(self) -> QWidget:
        box, layout = _box()
        self.passphrase = PassphraseField("unlock.passphrase")
        self.passphrase.returnPressed.connect(self._open)
        self.open = button(self.tr("打开(&O)"), "unlock.open", "primary", "unlock")
        self.open.clicked.connect(self._open)
        forgot = button(self.tr("忘记口令，用恢复码打开(&F)"), "unlock.forgot", "quiet")
        forgot.clicked.connect(self._forgot)
        layout.addWidget(labelled(self.tr("口令(&P)"), self.passphrase))
        layout.addSpacing(theme.UNIT)
        layout.addWidget(self.open)
        self._keychain = button(self.tr("用系统钥匙串打开(&Y)"), "unlock.keychain", "secondary", "key")
        self._keychain.clicked.connect(self.keychain_wanted)
        self._keychain.hide()
        layout.addWidget(self._keychain)
        layout.addWidget(forgot)
        layout.addStretch(1)
        return box

    def _by_recovery(self) -> QWidget:
        box, layout = _box()
        self.code = field("unlock.recovery")
        self.code.returnPressed.connect(self._recover)
        self.open_by_code = button(self.tr("打开(&O)"), "unlock.open_by_code", "primary", "key")
        self.open_by_code.clicked.connect(self._recover)
        again = button(self.tr("改用口令(&B)"), "unlock.by_passphrase", "quiet")
        again.clicked.connect(self._remembered)
        hint = self.tr("首次使用时打印或抄下的那一串；大小写和连字符都不要紧。")
        layout.addWidget(labelled(self.tr("恢复码(&R)"), self.code, hint))
        layout.addSpacing(theme.UNIT)
        layout.addWidget(row(self.open_by_code, again, None))
        layout.addStretch(1)
        return box

    def _renewal(self) -> QWidget:
        box, layout = _box()
        self.new = PassphraseField("unlock.new")
        self.again = PassphraseField("unlock.again")
        self.again.returnPressed.connect(self._renew)
        self._differ = text(self.tr("两次输入不一样"), "message", "bad", "unlock.differ")
        self._differ.hide()
        layout.addWidget(text(self.tr("保险库已打开，请设一个新口令"), "label"))
        layout.addWidget(labelled(self.tr("新口令(&N)"), self.new))
        layout.addWidget(labelled(self.tr("再输一遍(&A)"), self.again))
        layout.addWidget(self._differ)
        renew = button(self.tr("设为新口令(&S)"), "unlock.renew", "primary", "key")
        keep = button(self.tr("暂不更换(&K)"), "unlock.keep", "quiet")
        renew.clicked.connect(self._renew)
        keep.clicked.connect(self.kept)
        layout.addSpacing(theme.UNIT)
        layout.addWidget(row(renew, keep, None))
        return box

    def _turn(self, way: int) -> None:
        self._way = way
        for number, box in enumerate(self._ways):
            box.setVisible(number == way)
        self.trouble.clear()
        self.start_focus()

    def _forgot(self) -> None:
        self._turn(1)

    def _remembered(self) -> None:
        self._turn(0)

    def _renew(self) -> None:
        same = self.new.text() == self.again.text()
        self._differ.setVisible(not same)
        if same and self.new.text():
            self.renewed.emit(self.new.text())

    def _open(self) -> None:
        if self.passphrase.text():
            self.opened.emit(self.passphrase.text())

    def _recover(self) -> None:
        if self.code.text().strip():
            self.recovered.emit(self.code.text().strip())


def _box() -> tuple[QWidget, QVBoxLayout]:
    box = QWidget()
    theme.dress(box, "clear")
    layout = QVBoxLayout(box)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setAlignment(Qt.AlignmentFlag.AlignTop)
    return box, layout
