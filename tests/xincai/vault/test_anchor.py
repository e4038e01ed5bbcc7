"""`vault.json` put back alone, from before a way in was changed: it opens nothing, and is put right."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from xincai.errors import Problem
from xincai.vault import Vault, anchor
from xincai.vault import header as headers

NEW = "新口令-柳河-2027"
NAMES = ("vault.json", "vault.json.bak")


@pytest.fixture
def put_back(folder: Path) -> Callable[[], None]:
    """Puts the header of this moment back into both copies, later."""
    kept: list[bytes] = []

    def put() -> None:
        if not kept:
            kept.append((folder / NAMES[0]).read_bytes())
            return
        for name in NAMES:
            (folder / name).write_bytes(kept[0])

    return put


def kinds(vault: Vault) -> list[str]:
    return [event.kind for event in vault.events(limit=1000)]


def test_an_old_passphrase_opens_nothing_through_an_old_header(
    vault: Vault, folder: Path, passphrase: str, put_back: Callable[[], None]
) -> None:
    put_back()
    vault.change_passphrase(passphrase, NEW)
    today = (folder / NAMES[0]).read_bytes()
    vault.close()
    put_back()
    with pytest.raises(Problem, match=r"vault\.header_put_back"):
        Vault.open(folder, passphrase)
    assert {(folder / name).read_bytes() for name in NAMES} == {today}
    with pytest.raises(Problem, match=r"vault\.wrong_passphrase"):
        Vault.open(folder, passphrase)
    with Vault.open(folder, NEW) as again:
        assert kinds(again)[-1] == anchor.PUT_BACK
        again.verify_chain()


def test_a_way_that_did_not_change_brings_today_s_header_back(
    made: tuple[Vault, str], folder: Path, passphrase: str, put_back: Callable[[], None]
) -> None:
    vault, code = made
    put_back()
    vault.change_passphrase(passphrase, NEW)
    today = (folder / NAMES[0]).read_bytes()
    vault.close()
    put_back()
    with Vault.open(folder, recovery=code) as again:
        assert kinds(again)[-1] == anchor.PUT_BACK
        assert again.is_mine(NEW)
        assert not again.is_mine(passphrase)
    assert {(folder / name).read_bytes() for name in NAMES} == {today}


def test_a_recovery_code_that_was_replaced_stays_so(
    made: tuple[Vault, str], folder: Path, passphrase: str, put_back: Callable[[], None]
) -> None:
    vault, code = made
    put_back()
    fresh = vault.renew_recovery(passphrase)
    vault.close()
    put_back()
    with pytest.raises(Problem, match=r"vault\.header_put_back"):
        Vault.open(folder, recovery=code)
    Vault.open(folder, recovery=fresh).close()


def test_a_cut_between_header_and_vault_is_no_putting_back(
    vault: Vault, folder: Path, passphrase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The header is ahead of what the vault remembers: it counts, and is remembered."""

    def cut(*_: object) -> None:
        raise Problem("vault.disk_error")

    with monkeypatch.context() as patch:
        patch.setattr(anchor, "remember", cut)
        vault.change_passphrase(passphrase, NEW)
    vault.close()
    with Vault.open(folder, NEW) as again:
        assert anchor.PUT_BACK not in kinds(again)
        with again._database.reading() as cursor:
            data_key = again._data_key(NEW)
            assert anchor.remembered(cursor, data_key) == headers.decode((folder / NAMES[0]).read_bytes())
    with pytest.raises(Problem, match=r"vault\.wrong_passphrase"):
        Vault.open(folder, passphrase)


def test_a_header_that_could_not_be_written_is_not_remembered(
    vault: Vault, folder: Path, passphrase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise Problem("vault.disk_full")

    with monkeypatch.context() as patch:
        patch.setattr(headers, "write_file", full)
        with pytest.raises(Problem, match=r"vault\.disk_full"):
            vault.change_passphrase(passphrase, NEW)
    vault.close()
    with Vault.open(folder, passphrase) as again:
        assert anchor.PUT_BACK not in kinds(again)
        again.change_passphrase(passphrase, NEW)
    Vault.open(folder, NEW).close()


def test_whoever_was_removed_does_not_come_back_with_an_old_header(
    vault: Vault, folder: Path, passphrase: str, put_back: Callable[[], None]
) -> None:
    person = vault.add_person(passphrase, "孙", ("filer",), NEW)
    put_back()
    vault.remove_person(passphrase, person)
    vault.close()
    Vault.open(folder, passphrase).close()
    put_back()
    with pytest.raises(Problem, match=r"vault\.header_of_another"):
        Vault.open(folder, NEW)


def test_a_vault_from_before_remembers_its_header_at_the_first_opening(
    upgraded: Callable[[str], Path], passphrase: str
) -> None:
    folder = upgraded("0001")
    old = (folder / NAMES[0]).read_bytes()
    with Vault.open(folder, passphrase) as vault:
        vault.change_passphrase(passphrase, NEW)
    for name in NAMES:
        (folder / name).write_bytes(old)
    with pytest.raises(Problem, match=r"vault\.header_put_back"):
        Vault.open(folder, passphrase)
    Vault.open(folder, NEW).close()


def test_where_nothing_can_be_written_an_old_header_opens_nothing_either(
    vault: Vault, office: Any, folder: Path, passphrase: str, put_back: Callable[[], None]
) -> None:
    office.everything()
    put_back()
    vault.change_passphrase(passphrase, NEW)
    vault.close()
    put_back()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("xincai.vault.vault._shut_off", lambda _: True)
        with pytest.raises(Problem, match=r"vault\.header_put_back"):
            Vault.open(folder, passphrase)
