"""The first start: making the vault and, if wanted, the connection."""

from dataclasses import replace

from xincai.desk import Beginning, Connection, Profile
from xincai.errors import Problem
from xincai.ui.frame import Frame
from xincai.ui.pages.firstrun import FirstRunPage, FirstRunState
from xincai.ui.work.enrolling import EnrollingErrand


class FirstRunErrand(EnrollingErrand[FirstRunPage]):
    """Carries each step to the desk."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, FirstRunPage())
        page = self.page
        page.passphrase_typed.connect(self._weigh)
        page.passphrase.offer_wanted.connect(self._offer)
        page.began.connect(self._begin)
        page.recovery_typed.connect(self._check)
        page.print_wanted.connect(self._print)
        page.finished.connect(frame.open_vault)
        page.restore_wanted.connect(self._restore)

    def enter(self, argument: object) -> None:
        """Go on where one was."""
        self.page.show_place(self.desk.place_warning())
        self.page.render_state(argument if isinstance(argument, FirstRunState) else FirstRunState())

    def keep(self, argument: object) -> object:
        """The step, not the passphrase."""
        del argument
        return self.page.state

    def _restore(self) -> None:
        self.frame.go("restore")

    def _weigh(self, passphrase: str, profile: Profile) -> None:
        code = self.desk.passphrase_weakness(passphrase, profile)
        self.page.show_weakness(Problem(code) if code else None)

    def _offer(self) -> None:
        self.page.passphrase.show_offer(self.desk.offer_passphrase())

    def _begin(self, beginning: Beginning) -> None:
        self.page.show_busy(True)
        self.ask(lambda: self.desk.begin(beginning), self._began, self.refused)

    def _began(self, code: str) -> None:
        self.page.show_busy(False)
        self.page.render_state(replace(self.page.state, step=2, recovery_code=code))

    def _check(self, typed: str) -> None:
        self.page.show_busy(True)
        self.ask(lambda: self.desk.check_recovery(typed), self._checked, self.refused)

    def _checked(self, good: bool) -> None:
        self.page.show_busy(False)
        if good:
            self.page.render_state(replace(self.page.state, step=3, recovery_code=""))
        else:
            self.page.show_problem(Problem("ui.recovery_differs"))

    def _print(self, code: str) -> None:
        self.ask(lambda: self.desk.recovery_images(code), self._draw)

    def _draw(self, pages: tuple[bytes, ...]) -> None:
        from xincai.ui.paper import print_images

        print_images(self.page, self.tr("信采恢复码"), pages)

    def connected(self, connection: Connection) -> None:
        """Done with the first start."""
        del connection
        self.frame.open_vault()


def begin(frame: Frame) -> FirstRunErrand:
    """The errand with its page."""
    return FirstRunErrand(frame)
