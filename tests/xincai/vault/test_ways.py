"""Other ways into a vault: the county's escrow, opened with openssl alone, and the system's keychain."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest
import sqlcipher3
from keyring.backends.fail import Keyring as NoKeyring
from keyrings.alt.file import EncryptedKeyring

from xincai.errors import Problem, explain
from xincai.vault import Vault, keys
from xincai.vault.connection import Database, file_salt
from xincai.wire.suites import ED25519, PrivateKey

SECOND = "第二个人的口令"
WEAK = pytest.mark.filterwarnings("ignore:PBKDF2 without:DeprecationWarning")  # keyrings.alt's own


def refused(code: str, action: Callable[[], object]) -> None:
    with pytest.raises(Problem) as caught:
        action()
    assert caught.value.code == code
    assert explain(caught.value, "zh").next


def openssl(folder: Path, *words: str) -> bytes:
    told = subprocess.run(["openssl", *words], cwd=folder, capture_output=True, check=True, timeout=60)
    return told.stdout


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """A county's key, made with the openssl command line."""
    if shutil.which("openssl") is None:
        pytest.skip("needs the openssl command line")
    folder = tmp_path / "county"
    folder.mkdir()
    openssl(folder, "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2", "-out", "county.pem")
    openssl(folder, "pkey", "-in", "county.pem", "-pubout", "-out", "county.pub")
    return folder


def opened(folder: Path, vault: Vault) -> bytes:
    """The data key, as a county gets it from the envelope."""
    (folder / "escrow.bin").write_bytes(vault.escrow_envelope())
    return openssl(folder, "pkeyutl", "-decrypt", "-inkey", "county.pem", "-in", "escrow.bin")


def test_a_county_opens_the_vault_with_openssl_alone(
    vault: Vault, folder: Path, passphrase: str, county: Path
) -> None:
    vault.set_setting("kept", "yes")
    name = vault.set_escrow(passphrase, (county / "county.pub").read_text())
    assert vault.escrow() == name
    data_key = opened(county, vault)
    vault.close()
    derived = openssl(
        county, "kdf", "-keylen", "32", "-kdfopt", "digest:SHA256", "-kdfopt", f"hexkey:{data_key.hex()}",
        "-kdfopt", "info:xincai vault 1: database", "-binary", "HKDF",
    )  # fmt: skip
    file = Database(folder / "vault.db", derived, file_salt(folder / "vault.db"))
    with file.reading() as cursor:
        assert cursor.one("SELECT value FROM settings WHERE key = 'kept'").text("value") == "yes"
    file.close()
    with Vault.open(folder, escrow=data_key) as again:
        again.set_passphrase_with_key(data_key, "新的口令")
        refused("vault.wrong_escrow", lambda: again.set_passphrase_with_key(bytes(32), "x"))
    Vault.open(folder, "新的口令").close()
    refused("vault.wrong_escrow", lambda: Vault.open(folder, escrow=bytes(32)))


def test_the_escrow_goes_along_when_somebody_is_removed(
    vault: Vault, folder: Path, passphrase: str, county: Path
) -> None:
    vault.set_escrow(passphrase, (county / "county.pub").read_text())
    old = opened(county, vault)
    vault.remove_person(passphrase, vault.add_person(passphrase, "孙", ("clerk",), SECOND))
    new = opened(county, vault)
    vault.close()
    refused("vault.wrong_escrow", lambda: Vault.open(folder, escrow=old))
    Vault.open(folder, escrow=new).close()


def test_an_escrow_is_taken_away_again(vault: Vault, folder: Path, passphrase: str, county: Path) -> None:
    pem = (county / "county.pub").read_text()
    refused("vault.wrong_passphrase", lambda: vault.set_escrow("不对", pem))
    refused("wire.bad_key", lambda: vault.set_escrow(passphrase, "no key"))
    ed25519 = PrivateKey.generate(ED25519).public.pem
    refused("vault.escrow_suite", lambda: vault.set_escrow(passphrase, ed25519))
    vault.set_escrow(passphrase, pem)
    vault.set_escrow(passphrase, None)
    assert vault.escrow() == ""
    assert vault.escrow_envelope() == b""
    vault.close()
    Vault.open(folder, passphrase).close()


@pytest.fixture
def keychain(tmp_path: Path) -> Iterator[EncryptedKeyring]:
    """keyrings.alt's encrypted file in place of the system's keychain."""
    before = keyring.get_keyring()
    kept = EncryptedKeyring()
    kept.file_path = str(tmp_path / "keychain.cfg")
    kept.keyring_key = "the system account's"
    keyring.set_keyring(kept)
    yield kept
    keyring.set_keyring(before)


@WEAK
@pytest.mark.usefixtures("keychain")
def test_the_keychain_is_one_more_way_and_never_the_only_one(
    vault: Vault, folder: Path, passphrase: str, tmp_path: Path
) -> None:
    refused("vault.wrong_passphrase", lambda: vault.keep_in_keychain("不对"))
    vault.keep_in_keychain(passphrase)
    assert vault.in_keychain()
    vault.close()
    Vault.open(folder, by_keychain=True).close()
    (tmp_path / "keychain.cfg").unlink()
    refused("vault.not_in_keychain", lambda: Vault.open(folder, by_keychain=True))
    with Vault.open(folder, passphrase) as again:
        again.keep_in_keychain(passphrase)
        again.forget_keychain(passphrase)
        assert not again.in_keychain()
    refused("vault.not_in_keychain", lambda: Vault.open(folder, by_keychain=True))


@WEAK
@pytest.mark.usefixtures("keychain")
def test_each_person_has_their_own_place_in_the_keychain(vault: Vault, folder: Path, passphrase: str) -> None:
    second = vault.add_person(passphrase, "孙", ("clerk",), SECOND)
    third = vault.add_person(passphrase, "周", ("clerk",), "第三个人的口令")
    vault.close()
    with Vault.open(folder, SECOND) as theirs:
        theirs.keep_in_keychain(SECOND)
    with Vault.open(folder, by_keychain=True) as again:
        assert again.person == second
    with Vault.open(folder, passphrase) as ours:
        ours.remove_person(passphrase, third)
    with Vault.open(folder, by_keychain=True) as again:
        assert again.person == second
    with Vault.open(folder, passphrase) as ours:
        ours.remove_person(passphrase, second)
    refused("vault.not_in_keychain", lambda: Vault.open(folder, by_keychain=True))


@WEAK
@pytest.mark.usefixtures("keychain")
def test_one_system_account_opens_for_one_person_only(vault: Vault, folder: Path, passphrase: str) -> None:
    vault.add_person(passphrase, "孙", ("clerk",), SECOND)
    vault.keep_in_keychain(passphrase)
    vault.close()
    with Vault.open(folder, SECOND) as theirs:
        refused("vault.keychain_shared", lambda: theirs.keep_in_keychain(SECOND))
        assert not theirs.in_keychain()
    with Vault.open(folder, by_keychain=True) as ours:
        assert ours.person == ""
        ours.forget_keychain(passphrase)
    with Vault.open(folder, SECOND) as theirs:
        theirs.keep_in_keychain(SECOND)
        second = theirs.person
    with Vault.open(folder, by_keychain=True) as again:
        assert again.person == second


@WEAK
def test_two_people_in_one_keychain_are_not_taken_for_each_other(
    vault: Vault, folder: Path, passphrase: str, keychain: EncryptedKeyring
) -> None:
    """As when two accounts' keychains were brought together: the passphrase tells who it is."""
    vault.add_person(passphrase, "孙", ("clerk",), SECOND)
    vault.keep_in_keychain(passphrase)
    place = ("xincai vault", f"{vault.vault_id}/first")
    kept = keychain.get_password(*place)
    keychain.delete_password(*place)
    vault.close()
    with Vault.open(folder, SECOND) as theirs:
        theirs.keep_in_keychain(SECOND)
    Vault.open(folder, by_keychain=True).close()
    keychain.set_password(*place, kept)
    refused("vault.keychain_shared", lambda: Vault.open(folder, by_keychain=True))
    Vault.open(folder, SECOND).close()


def test_a_keychain_that_fails_leaves_the_vault_as_it_is(vault: Vault, folder: Path, passphrase: str) -> None:
    before, header = keyring.get_keyring(), vault._header
    keyring.set_keyring(NoKeyring())
    try:
        refused("vault.no_keychain", lambda: vault.keep_in_keychain(passphrase))
        assert vault._header == header
        vault.close()
        Vault.open(folder, passphrase).close()
    finally:
        keyring.set_keyring(before)


def test_the_escrow_envelope_is_the_data_key_and_nothing_else(
    vault: Vault, passphrase: str, county: Path
) -> None:
    vault.set_escrow(passphrase, (county / "county.pub").read_text())
    assert len(opened(county, vault)) == keys.KEY_SIZE


@pytest.mark.parametrize("change", ["change_passphrase", "renew_recovery"])
def test_what_cannot_be_written_down_is_not_changed(
    change: str, made: tuple[Vault, str], folder: Path, passphrase: str
) -> None:
    vault, recovery = made
    with vault._database.writing() as cursor:
        cursor.run("CREATE TRIGGER full BEFORE INSERT ON events BEGIN SELECT raise(ABORT, 'no room'); END")
    before = (folder / "vault.json").read_bytes()
    given = (passphrase, SECOND) if change == "change_passphrase" else (passphrase,)
    with pytest.raises(sqlcipher3.dbapi2.Error, match="no room"):
        getattr(vault, change)(*given)
    assert (folder / "vault.json").read_bytes() == before
    assert vault.is_mine(passphrase)
    assert vault.opens_with_recovery(recovery)


def test_no_copy_under_the_old_key_stays_beside_the_vault(
    vault: Vault, folder: Path, passphrase: str
) -> None:
    left = folder / "vault.db.before-0005"
    shutil.copy(folder / "vault.db", left)
    vault.remove_person(passphrase, vault.add_person(passphrase, "李", ("clerk",), SECOND))
    assert not left.exists()


@WEAK
@pytest.mark.usefixtures("keychain")
def test_a_keychain_that_could_not_be_renewed_opens_as_before(
    vault: Vault, folder: Path, passphrase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault.keep_in_keychain(passphrase)

    def full(*_: object) -> None:
        raise Problem("vault.disk_full")

    with monkeypatch.context() as bad:
        bad.setattr("xincai.vault.header.write_file", full)
        refused("vault.disk_full", lambda: vault.keep_in_keychain(passphrase))
    vault.close()
    Vault.open(folder, by_keychain=True).close()
