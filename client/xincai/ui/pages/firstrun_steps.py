"""The four steps of the first start."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from xincai import errors
from xincai.desk import Profile, Strength
from xincai.errors import Problem
from xincai.ui import language, messages, theme
from xincai.ui.pages.enrolfields import EnrolFields
from xincai.ui.parts import PassphraseField, button, choice_button, field, labelled, line, row, text
from xincai.ui.theme import Tone

KINDS = ("ENT", "SOLE", "COOP", "COLL", "FARM")


class Step(QWidget):
    """One step: a heading, a hint, and what is asked."""

    def __init__(self, heading: str, hint: str) -> None:
        super().__init__()
        theme.dress(self, "clear")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(14)
        self.column.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.column.addWidget(text(heading, "heading"))
        self.column.addWidget(text(hint, "muted"))

    def start_focus(self) -> None:
        """The cursor waits where the step begins."""


class WhoStep(Step):
    """Who works here."""

    told = Signal(object)
    """Profile"""
    restore_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(self.tr("您是谁"), self.tr("决定首页先给您看什么；以后可以在别的电脑上另建。"))
        self._group = QButtonGroup(self)
        self._roles: dict[str, QPushButton] = {}
        for role, icon, words in (
            ("filer", "building", self.tr("填报人：为自己的企业、合作社、集体或农场申报")),
            ("officer", "field", self.tr("采集员：到村到户，现场采集农户、地块、保险资料")),
            ("clerk", "people", self.tr("窗口人员：在服务大厅帮助群众和企业填报")),
        ):
            choice = choice_button(words, f"firstrun.role.{role}", icon)
            self._group.addButton(choice)
            self._roles[role] = choice
            self.column.addWidget(choice)
        self.kind = QComboBox()
        self.kind.setObjectName("firstrun.kind")
        for code in KINDS:
            self.kind.addItem(messages.subject_kind(code), code)
        self._kind_box = labelled(self.tr("主体类型(&K)"), self.kind)
        self.name = field("firstrun.name")
        self.office = field("firstrun.office")
        self._name_box = labelled(self.tr("姓名或名称(&N)"), self.name)
        self._office_box = labelled(self.tr("所在机构(&I)"), self.office, self.tr("例如：柳河镇农业服务中心"))
        for box in (self._kind_box, self._name_box, self._office_box):
            self.column.addWidget(box)
        self.next = button(self.tr("下一步(&X)"), "firstrun.who.next", "primary")
        restore = button(self.tr("从备份恢复(&R)"), "firstrun.restore", "quiet")
        restore.setToolTip(self.tr("换了电脑，或重装了系统：用U盘上的备份文件接着用。"))
        restore.clicked.connect(self.restore_wanted)
        self.column.addWidget(row(restore, None, self.next))
        self._group.buttonToggled.connect(self._fit)
        self.name.textChanged.connect(self._fit)
        self.name.returnPressed.connect(self.next.click)
        self.office.returnPressed.connect(self.next.click)
        self.next.clicked.connect(self._tell)
        self._roles["filer"].setChecked(True)

    def show_profile(self, profile: Profile) -> None:
        """Show what was told before."""
        self._roles[profile.role].setChecked(True)
        self.name.setText(profile.name)
        self.office.setText(profile.office)
        self.kind.setCurrentIndex(max(self.kind.findData(profile.subject_kind), 0))

    def start_focus(self) -> None:
        """At the role chosen."""
        self._group.checkedButton().setFocus()

    def _role(self) -> str:
        return next(role for role, choice in self._roles.items() if choice.isChecked())

    def _fit(self) -> None:
        if self._group.checkedButton() is None:
            return
        filer = self._role() == "filer"
        self._kind_box.setVisible(filer)
        self._office_box.setVisible(not filer)
        self.next.setEnabled(bool(self.name.text().strip()))

    def _tell(self) -> None:
        name, role = self.name.text().strip(), self._role()
        if not name:
            return
        if role == "filer":
            self.told.emit(Profile("filer", name, subject_kind=str(self.kind.currentData())))
        else:
            office = self.office.text().strip()
            self.told.emit(Profile("officer" if role == "officer" else "clerk", name, office))


class PassphraseStep(Step):
    """A passphrase, twice, with a word on its strength."""

    typed = Signal(str)
    chosen = Signal(str)
    went_back = Signal()
    offer_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(
            self.tr("设一个口令"),
            self.tr(
                "口令保护本机的全部资料，没有人能替您找回。用一句自己记得住的话最好，例如四五个不相干的词。"
            ),
        )
        self.passphrase = PassphraseField("firstrun.passphrase")
        self.again = PassphraseField("firstrun.again")
        self.column.addWidget(labelled(self.tr("口令(&P)"), self.passphrase))
        self.strength = text("", "message", name="firstrun.strength")
        self.column.addWidget(self.strength)
        self.column.addWidget(labelled(self.tr("再输一遍(&A)"), self.again))
        self.same = text("", "message", name="firstrun.same")
        self.column.addWidget(self.same)
        self.offer = text("", "label", name="firstrun.offer")
        self.offer.setWordWrap(False)
        self.offer.hide()
        draw = button(self.tr("替我生成一个(&G)"), "firstrun.draw", "secondary", "shield")
        draw.clicked.connect(self.offer_wanted)
        self.column.addWidget(row(draw, self.offer, None))
        self.next = button(self.tr("创建保险库(&C)"), "firstrun.create", "primary", "lock")
        back = button(self.tr("上一步(&B)"), "firstrun.passphrase.back")
        self.column.addWidget(row(back, None, self.next))
        self._good = False
        self.passphrase.textChanged.connect(self._typed)
        self.again.textChanged.connect(self._compare)
        self.passphrase.returnPressed.connect(self.again.setFocus)
        self.again.returnPressed.connect(self.next.click)
        self.next.clicked.connect(self._choose)
        back.clicked.connect(self.went_back)
        self._say(self.strength, "", "")
        self._compare()

    def show_offer(self, offer: Strength) -> None:
        """Words by lot, put in and shown, to be written down."""
        for typed in (self.passphrase, self.again):
            typed.setText(offer.words)
        self.offer.setText(self.tr("%1（请抄下记熟）").replace("%1", offer.words))
        self.offer.show()

    def show_weakness(self, problem: Problem | None) -> None:
        """None: it is strong enough."""
        self._good = problem is None and bool(self.passphrase.text())
        if not self.passphrase.text():
            self._say(self.strength, "", "")
        elif problem is None:
            self._say(self.strength, self.tr("强度：足够"), "good")
        else:
            told = errors.explain(problem, language.current())
            self._say(
                self.strength, self.tr("强度：不够。%1").replace("%1", f"{told.what} {told.next}"), "warn"
            )
        self._compare()

    def start_focus(self) -> None:
        """At the first field."""
        self.passphrase.setFocus()

    def _typed(self, passphrase: str) -> None:
        self.typed.emit(passphrase)

    def _compare(self) -> None:
        same = self.passphrase.text() == self.again.text()
        if self.again.text() and not same:
            self._say(self.same, self.tr("两次输入不一样"), "bad")
        else:
            self._say(self.same, self.tr("两次一致") if self.again.text() else "", "good")
        self.next.setEnabled(self._good and same)

    def _say(self, label: QWidget, words: str, tone: Tone) -> None:
        label.setProperty("text", words)
        label.setVisible(bool(words))
        theme.dress(label, "message", tone)

    def _choose(self) -> None:
        self.chosen.emit(self.passphrase.text())


class RecoveryStep(Step):
    """The recovery code: print or copy it, then type it back."""

    typed_back = Signal(str)
    print_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__(
            self.tr("保管好恢复码"),
            self.tr("忘记口令时，只有它能打开保险库。请打印或抄在纸上，与电脑分开存放；它不会再显示第二次。"),
        )
        self.code = text("", "code", name="firstrun.code")
        self.code.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.code.setAccessibleName(self.tr("恢复码"))
        self.column.addWidget(self.code)
        printing = button(self.tr("打印恢复码(&P)"), "firstrun.print", "secondary", "print")
        printing.clicked.connect(self._print)
        self.column.addWidget(row(printing, None))
        self.typed = field("firstrun.typed")
        self.column.addWidget(labelled(self.tr("照着纸上的输一遍，确认抄对了(&T)"), self.typed))
        self.next = button(self.tr("核对(&X)"), "firstrun.check", "primary")
        self.column.addWidget(row(None, self.next))
        self.typed.textChanged.connect(self._fit)
        self.typed.returnPressed.connect(self.next.click)
        self.next.clicked.connect(self._check)
        self._fit()

    def show_code(self, code: str) -> None:
        """The code, once."""
        self.code.setText(code)

    def start_focus(self) -> None:
        """At the field to type it back."""
        self.typed.setFocus()

    def _fit(self) -> None:
        self.next.setEnabled(bool(self.typed.text().strip()))

    def _check(self) -> None:
        self.typed_back.emit(self.typed.text().strip())

    def _print(self) -> None:
        self.print_wanted.emit(self.code.text())


class ConnectStep(Step):
    """Enrol with a one-time code, practise, or later."""

    enrolled = Signal(str, str)
    practice_wanted = Signal()
    finished = Signal()

    def __init__(self) -> None:
        super().__init__(
            self.tr("联网设置"),
            self.tr("登记后才能把资料投递给平台。没有登记码也不要紧：先填报，以后在“设置”里登记。"),
        )
        self.fields = EnrolFields("firstrun")
        self.column.addWidget(self.fields)
        self.enrol = button(self.tr("登记(&E)"), "firstrun.enrol", "primary", "online")
        self.column.addWidget(row(None, self.enrol))
        self.column.addWidget(line())
        self.column.addWidget(
            text(self.tr("想先练练手？演练模式在本机起一个模拟平台，资料不会上报。"), "muted")
        )
        practice = button(self.tr("进入演练模式(&D)"), "firstrun.practice", "secondary", "practice")
        later = button(self.tr("以后再说(&L)"), "firstrun.later", "quiet")
        self.column.addWidget(row(practice, None, later))
        self.fields.changed.connect(self._fit)
        self.fields.one_time.returnPressed.connect(self.enrol.click)
        self.enrol.clicked.connect(self._enrol)
        practice.clicked.connect(self.practice_wanted)
        later.clicked.connect(self.finished)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._fit()

    def start_focus(self) -> None:
        """At the address."""
        self.fields.url.setFocus()

    def _fit(self) -> None:
        self.enrol.setEnabled(all(self.fields.typed()))

    def _enrol(self) -> None:
        self.enrolled.emit(*self.fields.typed())
