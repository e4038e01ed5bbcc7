"""The first start, in four steps: who, passphrase, recovery code, connection."""

from dataclasses import dataclass, replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from xincai.desk import Beginning, Profile
from xincai.errors import Problem
from xincai.ui import messages, theme
from xincai.ui.pages.firstrun_steps import ConnectStep, PassphraseStep, RecoveryStep, WhoStep
from xincai.ui.parts import Card, Notice, Page, row, text
from xincai.ui.theme import Tone


@dataclass(frozen=True)
class FirstRunState:
    """How far one has come."""

    step: int = 0
    profile: Profile | None = None
    recovery_code: str = ""


class FirstRunPage(Page):
    """Renders the step; what is typed is handed on when it is complete."""

    passphrase_typed = Signal(str, object)
    """The passphrase so far, and whose it is (Profile)."""
    began = Signal(object)
    """Beginning"""
    recovery_typed = Signal(str)
    print_wanted = Signal(str)
    enrolled = Signal(str, str)
    practice_wanted = Signal()
    restore_wanted = Signal()
    finished = Signal()

    def __init__(self) -> None:
        super().__init__("firstrun", wide=720)
        self.state = FirstRunState()
        self.column.addWidget(text(self.tr("欢迎使用信采"), "title"))
        self.column.addWidget(
            text(
                self.tr("四步即可开始。资料加密保存在本机，不联网也能填报；只有您主动投递时才会送出。"),
                "muted",
            )
        )
        self._marks = [
            text(words, "muted")
            for words in (self.tr("1 身份"), self.tr("2 口令"), self.tr("3 恢复码"), self.tr("4 联网"))
        ]
        for mark in self._marks:
            mark.setWordWrap(False)
        self.column.addWidget(row(*self._marks, None, gap=28))
        card = Card("firstrun.card")
        card.body.setContentsMargins(28, 24, 28, 24)
        card.body.addWidget(self.trouble)
        self._place = Notice("", "warn", name="firstrun.place")
        self._place.hide()
        card.body.addWidget(self._place)
        self._steps = QWidget()
        theme.dress(self._steps, "clear")
        inside = QVBoxLayout(self._steps)
        inside.setContentsMargins(0, 0, 0, 0)
        card.body.addWidget(self._steps)
        self.column.addWidget(card)
        self.column.addStretch(1)
        self.who, self.passphrase = WhoStep(), PassphraseStep()
        self.recovery, self.connect_step = RecoveryStep(), ConnectStep()
        self._all = (self.who, self.passphrase, self.recovery, self.connect_step)
        for step in self._all:
            inside.addWidget(step)
        self.enrol_fields = self.connect_step.fields
        self._wire()

    def render_state(self, state: FirstRunState) -> None:
        """Show this step."""
        self.state = state
        if state.profile is not None:
            self.who.show_profile(state.profile)
        self.recovery.show_code(state.recovery_code)
        self.trouble.clear()
        for number, mark in enumerate(self._marks):
            tone: Tone = "good" if number <= state.step else "muted"
            theme.dress(mark, "label" if number == state.step else "muted", tone)
        for number, step in enumerate(self._all):
            step.setVisible(number == state.step)
        self.start_focus()

    def show_place(self, problem: Problem | None) -> None:
        """What speaks against the place where the vault will stand."""
        self._place.setVisible(problem is not None)
        if problem is not None:
            self._place.show_words(messages.told(problem), "warn")

    def show_weakness(self, problem: Problem | None) -> None:
        """Say in words how strong the passphrase is; None when it is good."""
        self.passphrase.show_weakness(problem)

    def show_busy(self, busy: bool) -> None:
        """Work is under way: nothing can be pressed twice."""
        self._steps.setEnabled(not busy)
        if not busy:
            self.start_focus()

    def start_focus(self) -> None:
        """The cursor waits where this step begins."""
        self._all[self.state.step].start_focus()

    def _wire(self) -> None:
        self.who.told.connect(self._take_profile)
        self.who.restore_wanted.connect(self.restore_wanted)
        self.passphrase.typed.connect(self._weigh)
        self.passphrase.chosen.connect(self._begin)
        self.passphrase.went_back.connect(self._who_again)
        self.recovery.typed_back.connect(self.recovery_typed)
        self.recovery.print_wanted.connect(self.print_wanted)
        self.connect_step.enrolled.connect(self.enrolled)
        self.connect_step.practice_wanted.connect(self.practice_wanted)
        self.connect_step.finished.connect(self.finished)

    def _take_profile(self, profile: Profile) -> None:
        self.render_state(replace(self.state, step=1, profile=profile))

    def _who_again(self) -> None:
        self.render_state(replace(self.state, step=0))

    def _weigh(self, passphrase: str) -> None:
        self.passphrase_typed.emit(passphrase, self.state.profile)

    def _begin(self, passphrase: str) -> None:
        if self.state.profile is not None:
            self.began.emit(Beginning(self.state.profile, passphrase))
