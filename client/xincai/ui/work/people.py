"""People and rights: carrying each change to the desk, with one's own passphrase."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from xincai.desk import Access, PersonCard, PersonRole, Profile
from xincai.errors import Problem
from xincai.ui.ask import sure
from xincai.ui.frame import Frame
from xincai.ui.pages.people import PeoplePage
from xincai.ui.work.errand import Errand


class PeopleErrand(Errand[PeoplePage]):
    """Carries each change to the desk."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, PeoplePage())
        page = self.page
        page.form.added.connect(self._add)
        page.form.roles_set.connect(self._set_roles)
        page.form.reset.connect(self._reset)
        page.form.removed.connect(self._remove)
        page.form.offer_wanted.connect(self._offer)
        page.form.weighed.connect(self._weigh)
        page.recovery.wanted.connect(self._renew)
        page.recovery.print_wanted.connect(self._print)
        page.recovery.typed_back.connect(self._check)
        page.ways.four_eyes_set.connect(self._set_four_eyes)
        page.ways.keychain_set.connect(self._set_keychain)
        page.ways.escrow_wanted.connect(self._choose_key)
        page.ways.envelope_wanted.connect(self._choose_folder)
        page.ways.escrow_refused.connect(self._end_escrow)

    def enter(self, argument: object) -> None:
        """Show how things stand."""
        del argument
        self._look()

    def escrow_to(self, file: Path) -> None:
        """Let the county of this key file open the vault."""
        self._change(lambda secret: self.desk.set_escrow(secret, file), self.tr("已托管给县级公钥。"))

    def export_envelope(self, folder: Path) -> None:
        """Write the escrow's envelope into a folder."""
        self.ask(lambda: self.desk.escrow_envelope(folder), self._exported)

    def _look(self) -> None:
        self.frame.tasks.run(self.page, self.desk.access, self.page.show_access, self.page.show_problem)

    def _add(self, name: str, roles: tuple[PersonRole, ...], new: str) -> None:
        said = self.tr("已添加，请让本人用自己的口令登录一次。")
        self._change(lambda secret: self.desk.add_person(secret, name, roles, new), said)

    def _set_roles(self, person_id: str, roles: tuple[PersonRole, ...]) -> None:
        self._now(lambda: self.desk.set_roles(person_id, roles), self.tr("职责已更改。"))

    def _reset(self, person_id: str, new: str) -> None:
        def work(secret: str) -> Access:
            self.desk.reset_passphrase(secret, person_id, new)
            return self.desk.access()

        self._change(work, self.tr("口令已重设，请让本人登录后自己更换。"))

    def _remove(self, person: PersonCard) -> None:
        words = self.tr(
            "移除“%1”？他的口令和现在的恢复码都不能再打开保险库，会生成新的恢复码，请准备好打印。"
        ).replace("%1", person.name)
        if self.page.has_secret() and sure(self.page, words, self.tr("移除(&R)")):
            secret = self.page.secret.text()
            self._code(lambda: self.desk.remove_person(secret, person.person_id))

    def _renew(self) -> None:
        if self.page.has_secret():
            secret = self.page.secret.text()
            self._code(lambda: self.desk.renew_recovery(secret))

    def _code(self, work: Callable[[], str]) -> None:
        self.page.show_busy(True)
        self.ask(work, self._show_code, self._refused)

    def _show_code(self, code: str) -> None:
        self.page.show_busy(False)
        self.page.clear_secrets()
        self.page.recovery.show_code(code)
        self.page.area.ensureWidgetVisible(self.page.recovery)
        self.frame.say(self.tr("新的恢复码只显示这一次，请打印并核对。"), "warn")
        self._look()

    def _print(self, code: str) -> None:
        self.ask(lambda: self.desk.recovery_images(code), self._draw)

    def _draw(self, pages: tuple[bytes, ...]) -> None:
        from xincai.ui.paper import print_images

        print_images(self.page, self.tr("信采恢复码"), pages)

    def _check(self, typed: str) -> None:
        self.ask(lambda: self.desk.check_recovery(typed), self._checked)

    def _checked(self, good: bool) -> None:
        if good:
            self.page.recovery.show_code("")
            self.frame.say(self.tr("核对无误。请把恢复码与电脑分开存放。"))
        else:
            self.page.show_problem(Problem("ui.recovery_differs"))

    def _set_four_eyes(self, wanted: bool) -> None:
        said = self.tr("双人复核已打开。") if wanted else self.tr("双人复核已关闭。")
        self._now(lambda: self.desk.set_four_eyes(wanted), said)

    def _set_keychain(self, wanted: bool) -> None:
        said = self.tr("已存入系统钥匙串。") if wanted else self.tr("已从系统钥匙串取出。")
        self._change(lambda secret: self.desk.keep_in_keychain(secret, wanted), said)

    def _choose_key(self) -> None:
        if self.page.has_secret():
            chosen, _ = QFileDialog.getOpenFileName(
                self.page, self.tr("选择县级公钥文件"), "", "PEM (*.pem *.pub)"
            )
            if chosen:
                self.escrow_to(Path(chosen))

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self.page, self.tr("导出到哪个文件夹"))
        if chosen:
            self.export_envelope(Path(chosen))

    def _exported(self, path: Path) -> None:
        self.frame.say(self.tr("托管信封已导出：%1").replace("%1", path.name))

    def _end_escrow(self) -> None:
        self._change(lambda secret: self.desk.set_escrow(secret, None), self.tr("托管已取消。"))

    def _offer(self) -> None:
        self.page.form.show_offer(self.desk.offer_passphrase())

    def _weigh(self, passphrase: str, name: str) -> None:
        self.page.form.show_strength(self.desk.passphrase_strength(passphrase, Profile("officer", name)))

    def _change(self, work: Callable[[str], Access], said: str) -> None:
        """A change that asks for one's own passphrase."""
        if self.page.has_secret():
            secret = self.page.secret.text()
            self._now(lambda: work(secret), said)
        else:
            self._look()

    def _now(self, work: Callable[[], Access], said: str) -> None:
        self._said = said
        self.page.show_busy(True)
        self.ask(work, self._done, self._refused)

    def _done(self, access: Access) -> None:
        self.page.show_busy(False)
        self.page.clear_secrets()
        self.page.show_access(access)
        self.frame.say(self._said)

    def _refused(self, problem: Problem) -> None:
        self.page.show_busy(False)
        self.page.show_problem(problem)
        self._look()


def begin(frame: Frame) -> PeopleErrand:
    """The errand with its page."""
    return PeopleErrand(frame)
