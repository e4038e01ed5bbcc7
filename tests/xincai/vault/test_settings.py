"""Settings and the device."""

from collections.abc import Callable
from typing import Any

from xincai.vault import Vault


def test_a_setting_is_remembered_and_forgotten(vault: Vault, reopen: Callable[[], Vault]) -> None:
    assert vault.setting("language") is None
    vault.set_setting("language", "zh")
    vault.set_setting("language", "en")
    vault.close()
    again = reopen()
    assert again.setting("language") == "en"
    again.set_setting("language", None)
    assert again.setting("language") is None


def test_the_device_is_remembered_whole(vault: Vault, office: Any, reopen: Callable[[], Vault]) -> None:
    assert vault.device() is None
    first, second = office.enrol("one"), office.enrol("two")
    assert first != second
    vault.close()
    assert reopen().device() == second


def test_a_device_does_not_print_its_key(office: Any) -> None:
    assert repr(office.enrol()) == "Device(device-1)"
