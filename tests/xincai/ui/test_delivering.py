"""Deliveries that begin by themselves, are paused and go on: a real window, a real gateway, real sockets."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QCheckBox, QComboBox, QDialog

from desk_office import Office
from gateway_here import OFFICE, GatewayHere, running
from gateway_here import Office as Sealing
from hand import Hand
from proxy_here import proxy_to
from xincai import clock
from xincai.desk import Network, Schedule
from xincai.shelf import Shelf
from xincai.ui.pages.outbox import OutboxPage
from xincai.ui.parts import Notice
from xincai.vault import Device, Vault
from xincai.wire.digest import sm3
from xincai.wire.suites import SM2_SM3, PrivateKey

PATIENCE = 20_000


class Turned:
    """A clock turned by hand."""

    def __init__(self) -> None:
        self.at = 1000.0

    def now(self) -> float:
        return self.at


class Officer(Hand):
    """A hand on the window of an officer, whose schedule keeps to a clock turned by hand."""

    def settle_in(self) -> None:
        self.turned = Turned()
        self.office = Office(self.desk, "", Shelf())
        delivering = self.window.delivering
        delivering.schedule = Schedule(self.turned.now, lambda count: b"\x7f" * count)
        delivering.watch(Network())
        delivering.move_in()
        self.rest()
        delivering.watch(Network())

    def seal(self) -> None:
        self.office.seal()
        self.window.refresh()
        self.rest()

    def until(self, stands: Callable[[], bool]) -> None:
        """Let the window live until this is so."""
        alarm = QTimer()
        alarm.setSingleShot(True)
        alarm.start(PATIENCE)
        while not stands():
            self.app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            assert alarm.isActive(), "it does not come to that"
        alarm.stop()

    def until_idle(self) -> None:
        """Let the delivery end."""
        self.until(lambda: not self.window.delivering.is_running)
        self.rest()

    def pass_time(self, seconds: float) -> None:
        self.turned.at += seconds
        self.window.delivering.look()

    def outbox(self) -> OutboxPage:
        self.window.go("outbox")
        self.rest()
        page = self.window.page
        assert isinstance(page, OutboxPage)
        return page

    def idle(self) -> bool:
        return not self.window.delivering.is_running

    def states(self) -> set[str]:
        return {batch.state for batch in self.desk.outbox()}


def photographed(vault: Vault, here: GatewayHere, photo: bytes) -> None:
    """Seal a record with a photo of so many bytes."""
    Sealing(vault, here).seal(photo=photo)


def pressed(officer: Officer, name: str) -> None:
    """Press a button and do not wait."""
    officer.find(name, QAbstractButton).click()


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatewayHere]:
    with running(tmp_path_factory.mktemp("gateway")) as found:
        yield found


@pytest.fixture
def stranger(qapp: QApplication, tmp_path: Path) -> Iterator[Officer]:
    result = Officer(qapp, tmp_path / "home", inside=True)
    yield result
    result.leave()


@pytest.fixture
def officer(stranger: Officer, here: GatewayHere) -> Officer:
    """Enrolled for work, at a gateway that takes in the records of a region that does not exist."""
    stranger.desk.enrol(here.url, here.code())
    device = stranger.desk._vault.device()
    assert device is not None
    stranger.desk._vault.save_device(replace(device, practice=False))
    stranger.settle_in()
    return stranger


def test_what_is_sealed_is_signed_and_delivered_after_a_while(officer: Officer) -> None:
    officer.pass_time(0)
    officer.seal()
    page = officer.outbox()
    assert "约 5 分钟后自动签名装批、投递" in page.outlook.words()
    assert officer.desk.outbox() == ()
    officer.pass_time(299)
    assert officer.idle()
    officer.pass_time(2)
    assert officer.window.delivering.is_running
    officer.until_idle()
    assert officer.states() == {"settled"}
    assert officer.desk.waiting() == ()
    assert "受理 1 件" in page.result.words()
    assert "约 60 分钟后" in page.outlook.words()


def test_without_a_network_it_waits_in_plain_words_and_goes_when_it_is_back(officer: Officer) -> None:
    officer.seal()
    officer.window.delivering.watch(Network(online=False))
    page = officer.outbox()
    assert page.outlook.words().startswith("正在等待网络")
    officer.pass_time(10_000)
    assert officer.idle()
    officer.window.delivering.watch(Network())
    officer.pass_time(11)
    officer.until_idle()
    assert officer.states() == {"settled"}


def test_where_it_is_paid_for_by_volume_a_person_decides(officer: Officer) -> None:
    officer.seal()
    officer.window.delivering.watch(Network(metered=True))
    officer.pass_time(10_000)
    page = officer.outbox()
    assert "按流量计费" in page.outlook.words()
    assert officer.idle()
    officer.window.go("settings")
    officer.rest()
    metered = officer.find("settings.metered", QCheckBox)
    assert not metered.isChecked()
    metered.click()
    officer.until(lambda: officer.window.delivering.is_running)
    officer.until_idle()
    assert officer.states() == {"settled"}
    assert officer.desk.line().metered


def test_switched_off_it_stays_off_over_a_restart(officer: Officer) -> None:
    officer.window.go("settings")
    officer.rest()
    officer.find("settings.automatic", QCheckBox).click()
    limit = officer.find("settings.limit", QComboBox)
    officer.pick("settings.limit", limit.findData(256))
    assert not officer.desk.line().automatic
    assert officer.desk.line().limit == 256
    officer.settle_in()
    officer.seal()
    officer.pass_time(10_000)
    assert officer.idle()
    assert officer.outbox().outlook.isHidden()


def test_trouble_of_one_that_began_by_itself_interrupts_nobody(stranger: Officer) -> None:
    stranger.office = Office(stranger.desk, "", Shelf())
    stranger.office.enrol(practice=False)
    stranger.settle_in()
    stranger.seal()
    stranger.window.go("home")
    stranger.rest()
    focus = stranger.app.focusWidget()
    stranger.pass_time(301)
    assert not stranger.tasks.is_busy
    stranger.until_idle()
    assert stranger.app.focusWidget() is focus
    assert stranger.window.page is not None
    assert stranger.window.page.trouble.isHidden()
    assert not [widget for widget in stranger.app.topLevelWidgets() if isinstance(widget, QDialog)]
    page = stranger.outbox()
    assert page.trouble.isHidden()
    assert "现在连不上平台" in page.outlook.words()
    assert "约 60 秒后自动再试一次" in page.outlook.words() or "1 分钟后" in page.outlook.words()
    assert stranger.states() == {"batched"}


def test_practice_never_delivers_by_itself(stranger: Officer) -> None:
    stranger.office = Office(stranger.desk, "", Shelf())
    stranger.office.enrol(practice=True)
    stranger.settle_in()
    stranger.seal()
    stranger.pass_time(10_000)
    assert stranger.idle()
    assert stranger.outbox().outlook.isHidden()


def test_what_was_set_aside_is_not_signed_again_by_itself(officer: Officer) -> None:
    officer.seal()
    batch = officer.desk.sign_batch()
    officer.office.vault.quarantine(batch.manifest_id, "gateway.bad_record")
    assert len(officer.desk.waiting()) == 1
    for _ in range(2):
        officer.pass_time(4000)
        assert officer.window.delivering.is_running
        officer.until_idle()
    assert [each.manifest_id for each in officer.desk.outbox()] == [batch.manifest_id]


def test_a_clock_that_is_wrong_is_explained(officer: Officer) -> None:
    assert not [each for each in officer.outbox().findChildren(Notice, "outbox.clock") if each.isVisible()]
    officer.office.vault.set_setting("sync-clock", "wrong")
    officer.outbox()
    notice = officer.find("outbox.clock", Notice)
    assert "时钟和平台相差" in notice.words()
    officer.window.delivering.deliver()
    officer.until_idle()
    assert notice.isHidden()


def test_a_locked_vault_delivers_nothing(qapp: QApplication, tmp_path: Path) -> None:
    first = Officer(qapp, tmp_path / "home", inside=True)
    Office(first.desk, "", Shelf()).enrol(practice=False)
    first.leave()
    again = Officer(qapp, tmp_path / "home")
    assert again.window.place == "unlock"
    again.turned = Turned()
    again.window.delivering.schedule = Schedule(again.turned.now)
    again.window.delivering.watch(Network(online=False))
    again.window.delivering.watch(Network())
    again.pass_time(10_000)
    assert again.idle()
    assert again.window.delivering.schedule.outlook().state == "off"
    again.leave()


def test_a_delivery_is_paused_goes_on_and_is_left_and_come_back_to(
    officer: Officer, here: GatewayHere
) -> None:
    officer.desk.set_pace(automatic=True, metered=False, limit=64)
    photo = clock.random_bytes(400_000)
    photographed(officer.office.vault, here, photo)
    officer.desk.sign_batch()
    officer.outbox()
    delivering = officer.window.delivering
    delivering.deliver()
    officer.until(lambda: delivering.step is not None and delivering.step.done > 100_000)
    pressed(officer, "outbox.progress.pause")
    officer.until_idle()
    assert delivering.is_paused
    with Sealing(officer.office.vault, here).platform() as platform:
        there = platform.stored(sm3(photo)).offset
    assert 100_000 < there < 400_000
    assert officer.states() == {"unknown"}
    officer.pass_time(10_000)
    assert officer.idle()
    officer.click("topbar.language")
    assert officer.find("outbox.progress.resume").isVisible()
    assert not officer.find("outbox.deliver").isEnabled()
    officer.click("outbox.progress.resume")
    officer.until_idle()
    assert officer.states() == {"settled"}
    assert not delivering.is_paused


def test_a_delivery_that_is_paused_can_be_given_up(officer: Officer, here: GatewayHere) -> None:
    officer.desk.set_pace(automatic=True, metered=False, limit=64)
    photographed(officer.office.vault, here, clock.random_bytes(400_000))
    officer.desk.sign_batch()
    page, delivering = officer.outbox(), officer.window.delivering
    delivering.deliver()
    officer.until(lambda: delivering.step is not None and delivering.step.name == "blobs")
    pressed(officer, "outbox.progress.pause")
    officer.until_idle()
    officer.click("outbox.progress.cancel")
    assert page.progress.isHidden()
    assert "已停止" in page.result.words()
    assert page.deliver.isEnabled()
    officer.pass_time(3000)
    assert officer.idle()


def test_a_proxy_that_asks_is_answered_once_and_the_password_stays_in_the_vault(
    stranger: Officer, here: GatewayHere, tmp_path: Path
) -> None:
    with proxy_to(here.port, "officer", "geheim-7") as proxy:
        key = PrivateKey.generate(SM2_SM3).dump()
        stranger.desk._vault.save_device(
            Device("d1", OFFICE, SM2_SM3, key, "https://gateway.test", "t" * 20, (), "gw", practice=False)
        )
        stranger.desk._system_proxy = lambda _address: proxy.url
        stranger.settle_in()
        stranger.seal()
        stranger.desk.sign_batch()
        stranger.outbox()
        stranger.click("outbox.deliver")
        assert stranger.find("outbox.proxy").isVisible()
        stranger.type("outbox.proxy.user", "officer")
        stranger.type("outbox.proxy.password", "geheim-7")
        page = stranger.outbox()
        stranger.click("outbox.proxy.sign_in")
        assert page.proxy_password.text() == ""
        assert not page.proxy_user.isVisible()  # what stands behind speaks no TLS: other trouble
        assert page.trouble.isVisible()
        kept = json.loads(stranger.desk._vault.setting("sync-line") or "")
        assert (kept["user"], kept["password"], kept["login_at"]) == ("officer", "geheim-7", proxy.url)
    for file in (tmp_path / "home").rglob("*"):
        if file.is_file():
            assert b"geheim-7" not in file.read_bytes()
