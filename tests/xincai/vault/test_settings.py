"""Settings and the device."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from xincai.vault import KdfParams, Vault


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


def test_what_goes_with_a_device_is_remembered_in_the_same_stroke(vault: Vault, office: Any) -> None:
    device = office.enrol("one")
    vault.set_setting("old", "1")
    events = vault.audit_head()
    vault.save_device(device, {"new": "2", "old": None})
    assert (vault.setting("new"), vault.setting("old")) == ("2", None)
    assert vault.audit_head() != events


def test_a_new_vault_has_its_first_settings_and_is_its_owners_only(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "vault"
    vault, _ = Vault.create(
        folder, "柳河村-2026-cashew", name="李", params=KdfParams.for_tests(), settings={"profile": "{}"}
    )
    assert vault.setting("profile") == "{}"
    vault.close()
    if os.name == "posix":
        assert folder.stat().st_mode & 0o077 == 0
