"""更换设备密钥: the button in the settings, the question, and a real gateway that takes the new key."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractButton

from gateway_here import GatewayHere
from hand import Hand


def answer(hand: Hand, name: str) -> None:
    """Press a button of the question that comes up next."""

    def press() -> None:
        box = hand.app.activeModalWidget()
        assert box is not None
        button = box.findChild(QAbstractButton, name)
        assert button is not None
        button.click()

    QTimer.singleShot(0, press)


def key_id(hand: Hand) -> str:
    connection = hand.desk.connection()
    assert connection is not None
    return connection.key_id


def test_a_device_without_a_platform_has_no_key_to_change(inside: Hand) -> None:
    inside.window.go("settings")
    inside.rest()
    assert not inside.window.findChild(QAbstractButton, "settings.change_key").isVisible()


def test_the_key_is_changed_after_a_question(inside: Hand, here: GatewayHere) -> None:
    inside.desk.enrol(here.url, here.code())
    pem, before = inside.desk.device_pem(), key_id(inside)
    inside.window.go("settings")
    inside.rest()
    answer(inside, "sure.keep")
    inside.click("settings.change_key")
    assert key_id(inside) == before
    answer(inside, "sure.go")
    inside.click("settings.change_key")
    assert key_id(inside) != before
    assert inside.desk.device_pem() != pem
    assert inside.find("settings.change_key").isEnabled()
