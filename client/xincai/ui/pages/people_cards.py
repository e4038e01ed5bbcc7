"""The cards of the people's page: one person, the recovery code, other ways in."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from xincai import errors
from xincai.desk import Access, PersonCard, PersonRole, Strength
from xincai.errors import Problem
from xincai.ui import language, messages, theme
from xincai.ui.parts import Card, PassphraseField, button, field, labelled, row, text

ROLES: tuple[PersonRole, ...] = ("filer", "officer", "clerk", "reviewer", "administrator", "auditor")
_ACROSS = 2


class PersonForm(Card):
    """Somebody new, or the person chosen in the list."""

    added = Signal(str, object, str)
    """Name, roles (tuple), passphrase."""
    roles_set = Signal(str, object)
    reset = Signal(str, str)
    removed = Signal(object)
    """PersonCard"""
    offer_wanted = Signal()
    weighed = Signal(str, str)
    """Passphrase so far, name."""

    def __init__(self) -> None:
        super().__init__("people.form")
        self._person: PersonCard | None = None
        self._heading = text("", "heading", name="people.form.heading")
        self.body.addWidget(self._heading)
        self.name = field("people.name")
        self._name_box = labelled(self.tr("姓名(&N)"), self.name)
        self.body.addWidget(self._name_box)
        self.body.addWidget(self._role_boxes())
        self._passphrase_box = self._passphrases()
        self.body.addWidget(self._passphrase_box)
        self.add = button(self.tr("添加(&A)"), "people.add", "primary", "plus")
        self.save = button(self.tr("保存职责(&S)"), "people.save", "primary", "check")
        self.renew = button(self.tr("重设他的口令(&H)"), "people.reset", "secondary", "key")
        self.remove = button(self.tr("移除此人(&R)"), "people.remove", "danger", "trash")
        self.body.addWidget(row(self.add, self.save, self.renew, None, self.remove))
        self.add.clicked.connect(self._add)
        self.save.clicked.connect(self._save)
        self.renew.clicked.connect(self._reset)
        self.remove.clicked.connect(self._remove)
        self.show_person(None)

    def show_person(self, person: PersonCard | None) -> None:
        """Somebody of the list; None to add one."""
        self._person = person
        self._heading.setText(person.name if person else self.tr("添加人员"))
        self.name.clear()
        for role, box in self._roles.items():
            box.setChecked(person is not None and role in person.roles)
        self.clear_secrets()
        others = person is not None and not person.me
        self._name_box.setVisible(person is None)
        self._passphrase_box.setVisible(person is None or others)
        self.add.setVisible(person is None)
        self.save.setVisible(person is not None)
        self.renew.setVisible(others)
        self.remove.setVisible(others)

    def show_strength(self, strength: Strength) -> None:
        """How strong the passphrase typed is."""
        typed = bool(self.new.text())
        if strength.weakness:
            told = errors.explain(Problem(strength.weakness), language.current())
            self._strength.setText(f"{told.what}{told.next}")
        else:
            self._strength.setText(self.tr("强度足够，约%1位").replace("%1", str(strength.bits)))
        theme.dress(self._strength, "message", "warn" if strength.weakness else "good")
        self._strength.setVisible(typed)

    def show_offer(self, offer: Strength) -> None:
        """Words by lot, put in and shown, to be written down."""
        for typed in (self.new, self.again):
            typed.setText(offer.words)
        self.offer.setText(
            self.tr("%1（抽签所得，%2位；请让本人记下）")
            .replace("%1", offer.words)
            .replace("%2", str(offer.bits))
        )
        self.offer.show()

    def clear_secrets(self) -> None:
        """Forget the passphrases typed."""
        for typed in (self.new, self.again):
            typed.clear()
        for told in (self.offer, self._strength, self._differ):
            told.clear()
            told.hide()

    def _role_boxes(self) -> QWidget:
        box = QWidget()
        theme.dress(box, "clear")
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        self._roles: dict[PersonRole, QCheckBox] = {}
        for number, role in enumerate(ROLES):
            choice = QCheckBox(
                self.tr("%1：%2").replace("%1", messages.role(role)).replace("%2", self._may(role))
            )
            choice.setObjectName(f"people.role.{role}")
            self._roles[role] = choice
            grid.addWidget(choice, number // _ACROSS, number % _ACROSS)
        return box

    def _may(self, role: PersonRole) -> str:
        return {
            "filer": self.tr("填报、打印、投递"),
            "officer": self.tr("填报、打印、投递"),
            "clerk": self.tr("填报、打印、投递"),
            "reviewer": self.tr("查看并复核，不能填报"),
            "administrator": self.tr("管人和设置，看不到答案"),
            "auditor": self.tr("看操作记录，看不到答案"),
        }[role]

    def _passphrases(self) -> QWidget:
        self.new, self.again = PassphraseField("people.new"), PassphraseField("people.again")
        self.offer = text("", "label", name="people.offer")
        self.offer.setWordWrap(False)
        self.offer.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._strength = text("", "message", name="people.strength")
        self._differ = text("", "message", "bad", "people.differ")
        draw = button(self.tr("生成口令(&G)"), "people.draw", "secondary", "shield")
        draw.clicked.connect(self.offer_wanted)
        self.new.textChanged.connect(self._typed)
        card = Card()
        theme.dress(card, "clear")
        card.body.setContentsMargins(0, 0, 0, 0)
        for part in (
            row(labelled(self.tr("本人的口令(&P)"), self.new), labelled(self.tr("再输一遍(&I)"), self.again)),
            self._strength,
            self._differ,
            row(draw, self.offer, None),
        ):
            card.body.addWidget(part)
        return card

    def _chosen(self) -> tuple[PersonRole, ...]:
        return tuple(role for role, box in self._roles.items() if box.isChecked())

    def _typed(self, passphrase: str) -> None:
        self.weighed.emit(passphrase, self._person.name if self._person else self.name.text())

    def _agree(self) -> bool:
        same = self.new.text() == self.again.text()
        self._differ.setText("" if same else self.tr("两次输入不一样"))
        self._differ.setVisible(not same)
        if same and not self.new.text():
            self.new.setFocus()
        return same and bool(self.new.text())

    def _add(self) -> None:
        if not self.name.text().strip():
            self.name.setFocus()
        elif self._agree():
            self.added.emit(self.name.text().strip(), self._chosen(), self.new.text())

    def _save(self) -> None:
        if self._person is not None:
            self.roles_set.emit(self._person.person_id, self._chosen())

    def _reset(self) -> None:
        if self._person is not None and self._agree():
            self.reset.emit(self._person.person_id, self.new.text())

    def _remove(self) -> None:
        if self._person is not None:
            self.removed.emit(self._person)


class RecoveryCard(Card):
    """The recovery code: a new one at any time, printed and typed back."""

    wanted = Signal()
    print_wanted = Signal(str)
    typed_back = Signal(str)

    def __init__(self) -> None:
        super().__init__("people.recovery")
        self.body.addWidget(text(self.tr("恢复码"), "heading"))
        words = self.tr("恢复码丢了、给别人看过，或者上次没来得及抄下，就生成新的；旧的随即作废。")
        self.body.addWidget(text(words, "muted"))
        self.code = text("", "code", name="people.code")
        self.code.setAccessibleName(self.tr("恢复码"))
        self.body.addWidget(self.code)
        self.make = button(self.tr("生成新的恢复码(&V)"), "people.recovery.make", "secondary", "key")
        self.print = button(self.tr("打印(&T)"), "people.recovery.print", "secondary", "print")
        self.body.addWidget(row(self.make, self.print, None))
        self.typed = field("people.typed")
        self.check = button(self.tr("核对(&X)"), "people.check", "primary")
        self._back = row(labelled(self.tr("照着纸上的输一遍，确认抄对了"), self.typed), self.check)
        self.body.addWidget(self._back)
        self.make.clicked.connect(self.wanted)
        self.print.clicked.connect(self._print)
        self.check.clicked.connect(self._check)
        self.typed.returnPressed.connect(self._check)
        self.show_code("")

    def show_code(self, code: str) -> None:
        """The code to print and type back; "" when that is done."""
        self.code.setText(code)
        self.typed.clear()
        for part in (self.code, self.print, self._back):
            part.setVisible(bool(code))

    def _print(self) -> None:
        self.print_wanted.emit(self.code.text())

    def _check(self) -> None:
        if self.typed.text().strip():
            self.typed_back.emit(self.typed.text().strip())


class WaysCard(Card):
    """Second looks, county escrow, keychain."""

    four_eyes_set = Signal(bool)
    keychain_set = Signal(bool)
    escrow_wanted = Signal()
    escrow_refused = Signal()
    envelope_wanted = Signal()

    def __init__(self) -> None:
        super().__init__("people.ways")
        self.body.addWidget(text(self.tr("复核和其他打开方式"), "heading"))
        self.four_eyes = QCheckBox(self.tr("双人复核：封存后要由另一位复核员复核，才能报送"))
        self.four_eyes.setObjectName("people.four_eyes")
        self.keychain = QCheckBox(self.tr("本系统账户登录后，可以用系统钥匙串打开（口令照常有效）"))
        self.keychain.setObjectName("people.keychain")
        self._escrow = text("", name="people.escrow")
        self.give = button(self.tr("导入县级公钥(&M)"), "people.escrow.import", "secondary", "shield")
        self.envelope = button(self.tr("导出托管信封(&F)"), "people.escrow.export", "secondary", "export")
        self.take = button(self.tr("取消托管(&Q)"), "people.escrow.off", "quiet")
        for part in (
            self.four_eyes,
            self.keychain,
            self._escrow,
            row(self.give, self.envelope, self.take, None),
        ):
            self.body.addWidget(part)
        self.four_eyes.clicked.connect(self.four_eyes_set)
        self.keychain.clicked.connect(self.keychain_set)
        self.give.clicked.connect(self.escrow_wanted)
        self.envelope.clicked.connect(self.envelope_wanted)
        self.take.clicked.connect(self.escrow_refused)

    def show_access(self, access: Access) -> None:
        """Show how things are set."""
        self.four_eyes.setChecked(access.four_eyes)
        self.keychain.setChecked(access.keychain)
        if access.escrow:
            words = self.tr("已托管：县级公钥编号 %1 可以打开本保险库。").replace("%1", access.escrow)
        else:
            words = self.tr("没有托管：口令和恢复码都丢失时，资料无法找回。")
        self._escrow.setText(words)
        for part in (self.four_eyes, self._escrow, self.give):
            part.setVisible(access.manages)
        for part in (self.envelope, self.take):
            part.setVisible(access.manages and bool(access.escrow))
