"""Settings: wearing preferences, changing the passphrase, enrolling."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from xincai.desk import Connection, Preferences, Profile
from xincai.errors import Problem
from xincai.ui.ask import sure
from xincai.ui.frame import Frame
from xincai.ui.pages.settings import SettingsPage
from xincai.ui.work.enrolling import EnrollingErrand

if TYPE_CHECKING:
    from xincai.desk import Desk


class SettingsErrand(EnrollingErrand[SettingsPage]):
    """Carries each change to the desk."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, SettingsPage())
        page = self.page
        page.preferred.connect(self._prefer)
        page.passphrase_changed.connect(self._change)
        page.upkeep_wanted.connect(self._upkeep)
        page.people_wanted.connect(self._people)
        page.history_wanted.connect(self._history)
        page.key_change_wanted.connect(self._change_key)
        page.proxy_set.connect(self._set_proxy)
        page.paced.connect(self._pace)
        page.authorities_wanted.connect(self._authorities)
        page.certificate_wanted.connect(self._certificate)

    def enter(self, argument: object) -> None:
        """Show how things are set."""
        del argument
        self.page.show_preferences(self.frame.preferences)
        self.frame.tasks.run(
            self.page,
            lambda: (self.desk.connection(), self.desk.profile()),
            self._show,
            self.page.show_problem,
        )
        self.frame.tasks.run(self.page, self.desk.line, self.page.show_line, self.page.show_problem)
        self.frame.tasks.run(self.page, self.desk.upkeep, self.page.show_upkeep, self.page.show_problem)

    def _show(self, standing: tuple[Connection | None, Profile]) -> None:
        self.page.show_connection(*standing)

    def _pace(self, automatic: bool, metered: bool, limit: int) -> None:
        self.ask(lambda: self.desk.set_pace(automatic=automatic, metered=metered, limit=limit), self._paced)

    def _paced(self, _nothing: None) -> None:
        self.frame.delivering.move_in()

    def _set_proxy(self, address: str, user: str, password: str) -> None:
        self.ask(lambda: self.desk.set_proxy(address, user, password), self._line_kept)

    def _authorities(self, own: bool) -> None:
        file = self._pem() if own else None
        if file or not own:
            self.ask(lambda: self.desk.set_authorities(file), self._line_kept)

    def _certificate(self, own: bool) -> None:
        file = self._pem() if own else None
        if file or not own:
            self.ask(lambda: self.desk.set_certificate(file), self._line_kept)

    def _pem(self) -> Path | None:
        kinds = self.tr("证书 (*.pem *.crt *.cer)")
        file, _ = QFileDialog.getOpenFileName(self.page, self.tr("选择证书文件"), "", kinds)
        return Path(file) if file else None

    def _line_kept(self, _nothing: None) -> None:
        self.page.trouble.clear()
        self.frame.say(self.tr("网络设置已保存，下次投递时使用。"))
        self.ask(self.desk.line, self.page.show_line)

    def _change_key(self) -> None:
        words = self.tr(
            "更换后，这台设备今后的批次和文书都用新密钥签名；此前送达的批次和已出的文书仍可核验。需要联网。现在更换吗？"
        )
        if sure(self.page, words, self.tr("更换设备密钥(&C)")):
            self.page.show_busy(True)
            self.ask(self.desk.change_key, self._key_changed, self.refused, lane="wire")

    def _key_changed(self, _connection: Connection | None) -> None:
        self.page.show_busy(False)
        self.page.trouble.clear()
        self.frame.say(self.tr("设备密钥已更换。"))
        self.enter(None)

    def _history(self) -> None:
        self.frame.go("history")

    def _upkeep(self) -> None:
        self.frame.go("upkeep")

    def _people(self) -> None:
        self.frame.go("people")

    def _prefer(self, preferences: Preferences) -> None:
        self.desk.prefer(preferences)
        self.frame.prefer(preferences)

    def _change(self, old: str, new: str) -> None:
        self.page.show_busy(True)
        self.ask(lambda: _change_passphrase(self.desk, old, new), self._changed, self.refused)

    def _changed(self, _nothing: None) -> None:
        self.page.show_busy(False)
        self.page.clear_secrets()
        self.frame.say(self.tr("口令已更换。恢复码不变，仍然有效。"))

    def connected(self, connection: Connection) -> None:
        """Say so, and show how things are set now."""
        self.page.show_busy(False)
        self.page.clear_secrets()
        self.frame.say(
            self.tr("演练平台已就绪，资料不会上报。")
            if connection.practice
            else self.tr("登记成功，可以投递了。")
        )
        self.enter(None)
        self.frame.refresh()


def _change_passphrase(desk: "Desk", old: str, new: str) -> None:
    """On the lane: change it if it is strong enough."""
    code = desk.passphrase_weakness(new, desk.profile())
    if code:
        raise Problem(code)
    desk.change_passphrase(old, new)


def begin(frame: Frame) -> SettingsErrand:
    """The errand with its page."""
    return SettingsErrand(frame)
