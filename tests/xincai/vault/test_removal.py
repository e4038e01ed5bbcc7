"""Trouble while the ways in are changed: whatever came of it, the vault opens and says what to do."""

import errno
from pathlib import Path

import pytest

from xincai.errors import Problem
from xincai.vault import KdfParams, Vault
from xincai.vault import header as headers
from xincai.vault import vault as vaults

PASSPHRASE = "柳河村-2026-cashew"
NEW = "麦田-风车-铁桥-2026"
OTHER = "另一个人-长口令-9876"


def opens(folder: Path, passphrase: str | None = None, recovery: str | None = None) -> bool:
    try:
        Vault.open(folder, passphrase, recovery=recovery).close()
    except Problem as problem:
        if problem.code not in {"vault.wrong_passphrase", "vault.wrong_recovery"}:
            raise
        return False
    return True


@pytest.mark.parametrize(
    ("failing", "code"),
    [(1, "vault.disk_error"), (2, "vault.disk_error"), (3, "vault.rekey_unsure"), (4, "")],
)
def test_after_a_removal_that_the_disk_troubled_passphrases_may_be_changed(
    made: tuple[Vault, str], folder: Path, monkeypatch: pytest.MonkeyPatch, failing: int, code: str
) -> None:
    vault, recovery = made
    leaving = vault.add_person(PASSPHRASE, "乙", ("officer",), OTHER)
    calls, real = [0], headers.sync_folder

    def sync(place: Path) -> None:
        calls[0] += 1
        if calls[0] == failing:
            raise OSError(errno.EIO, "EIO")
        real(place)

    with monkeypatch.context() as bad:
        bad.setattr(headers, "sync_folder", sync)
        told = ""
        try:
            recovery = vault.remove_person(PASSPHRASE, leaving)
        except Problem as problem:
            told = problem.code
    assert told == code
    removed = leaving not in {person.person_id for person in vault.people()}
    assert removed == (code != "vault.disk_error")
    vault.change_passphrase(PASSPHRASE, NEW)
    if code == "vault.rekey_unsure":
        recovery = vault.renew_recovery(NEW)
    vault.close()
    assert opens(folder, NEW)
    assert not opens(folder, PASSPHRASE)
    assert opens(folder, OTHER) is not removed
    assert opens(folder, recovery=recovery)


def test_a_header_is_never_written_beside_a_file_that_is_not_its_own(vault: Vault, folder: Path) -> None:
    before = (folder / "vault.json").read_bytes()
    file = folder / "vault.db"
    data = file.read_bytes()
    file.write_bytes(bytes(16) + data[16:])
    with pytest.raises(Problem, match=r"vault\.unsure"):
        vault.change_passphrase(PASSPHRASE, NEW)
    file.write_bytes(data)
    assert (folder / "vault.json").read_bytes() == before


def test_a_vault_whose_recovery_code_nobody_was_told_never_was(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object, **__: object) -> None:
        raise Problem("vault.disk_error")

    with monkeypatch.context() as bad:
        bad.setattr(vaults, "_open_file", failing)
        with pytest.raises(Problem, match=r"vault\.disk_error"):
            Vault.create(folder, PASSPHRASE, name="李", params=KdfParams.for_tests())
    assert not Vault.is_there(folder)
    vault, recovery = Vault.create(folder, PASSPHRASE, name="李", params=KdfParams.for_tests())
    vault.close()
    assert opens(folder, recovery=recovery)


def test_where_the_second_look_is_asked_for_somebody_is_left_to_give_it(vault: Vault) -> None:
    second = vault.add_person(PASSPHRASE, "乙", ("clerk", "reviewer"), OTHER)
    vault.set_roles("", ("administrator", "officer"))
    vault.set_four_eyes(True)
    with pytest.raises(Problem, match=r"vault\.last_reviewer"):
        vault.set_roles(second, ("clerk",))
    with pytest.raises(Problem, match=r"vault\.last_reviewer"):
        vault.remove_person(PASSPHRASE, second)
    vault.set_four_eyes(False)
    vault.set_roles(second, ("clerk",))
