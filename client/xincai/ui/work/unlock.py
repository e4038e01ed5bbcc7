"""Opening the vault."""

from xincai.errors import Problem
from xincai.ui.frame import Frame
from xincai.ui.pages.unlock import UnlockPage
from xincai.ui.work.errand import Errand

_LACKING = "vault.file_missing"


class UnlockErrand(Errand[UnlockPage]):
    """Carries the passphrase to the desk, once."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, UnlockPage())
        self.page.opened.connect(self._open)
        self.page.recovered.connect(self._recover)
        self.page.renewed.connect(self._renew)
        self.page.kept.connect(frame.open_vault)
        self.page.keychain_wanted.connect(self._by_keychain)
        self.page.restore_wanted.connect(self._restore)
        self._code = ""

    def enter(self, argument: object) -> None:
        """Say what speaks against the place where the vault stands."""
        del argument
        self.page.show_place(self.desk.place_warning())
        self.page.show_keychain(self.desk.offers_keychain())
        if self.desk.lacks_file():
            self.page.show_lacking(Problem(_LACKING))

    def _by_keychain(self) -> None:
        self.page.show_busy(True)
        self.ask(self.desk.unlock_with_keychain, self._opened, self._refused)

    def _open(self, passphrase: str) -> None:
        self.page.show_busy(True)
        self.ask(lambda: self.desk.unlock(passphrase), self._opened, self._refused)

    def _recover(self, code: str) -> None:
        self.page.show_busy(True)
        self._code = code
        self.ask(lambda: self.desk.unlock_with_recovery(code), self._recovered, self._refused)

    def _recovered(self, _nothing: None) -> None:
        self.page.show_busy(False)
        self.page.show_renewal()

    def _renew(self, passphrase: str) -> None:
        self.page.show_busy(True)
        self.ask(lambda: self.desk.set_passphrase(self._code, passphrase), self._opened, self._refused)

    def _opened(self, _nothing: None) -> None:
        self.frame.open_vault()

    def _restore(self) -> None:
        self.frame.go("restore")

    def _refused(self, problem: Problem) -> None:
        self.page.show_busy(False)
        if problem.code == _LACKING:
            self.page.show_lacking(problem)
        else:
            self.page.show_problem(problem)
        self.page.show_refused()


def begin(frame: Frame) -> UnlockErrand:
    """The errand with its page."""
    return UnlockErrand(frame)
