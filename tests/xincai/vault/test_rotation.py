"""Keys of the device: two providers of one shape, and a new key that waits until it is acknowledged."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from xincai.errors import Problem, explain
from xincai.vault import Device, Vault
from xincai.vault.pkcs11 import TokenKeys
from xincai.vault.providers import KeyProvider, SoftwareKeys
from xincai.wire.suites import ED25519, SM2_SM3, PrivateKey

MODULES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
)
PIN = "428913"


def refused(code: str, action: Callable[[], object]) -> None:
    with pytest.raises(Problem) as caught:
        action()
    assert caught.value.code == f"vault.{code}"
    assert explain(caught.value, "zh").next


@pytest.fixture
def token(tmp_path: Path) -> Iterator[TokenKeys]:
    """A fresh token of SoftHSM's."""
    module = next((path for path in MODULES if Path(path).exists()), None)
    if module is None or shutil.which("softhsm2-util") is None:
        pytest.skip("needs SoftHSM2 (apt-get install softhsm2) and python-pkcs11")
    pytest.importorskip("pkcs11")
    tokens = tmp_path / "tokens"
    tokens.mkdir()
    settings = tmp_path / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {tokens}\nobjectstore.backend = file\n")
    before = os.environ.get("SOFTHSM2_CONF")
    os.environ["SOFTHSM2_CONF"] = str(settings)
    make = [
        "softhsm2-util",
        "--init-token",
        "--free",
        "--label",
        tmp_path.name,
        "--pin",
        PIN,
        "--so-pin",
        "00000000",
    ]
    subprocess.run(make, check=True, capture_output=True, timeout=60)
    import pkcs11

    pkcs11.lib(module).reinitialize()
    yield TokenKeys(module, tmp_path.name, PIN)
    if before is None:
        del os.environ["SOFTHSM2_CONF"]
    else:
        os.environ["SOFTHSM2_CONF"] = before


def sign_and_verify(provider: KeyProvider) -> None:
    for suite in provider.suites:
        handle = provider.generate(suite)
        key = provider.open(suite, handle)
        assert key.suite == suite
        key.public.verify(b"manifest", key.sign(b"manifest"))
        with pytest.raises(Problem):
            key.public.verify(b"another", key.sign(b"manifest"))
        assert provider.open(suite, handle).public == key.public


def test_keys_in_software_sign_in_every_suite() -> None:
    sign_and_verify(SoftwareKeys())


def test_keys_in_a_token_sign_where_they_are(token: TokenKeys, tmp_path: Path) -> None:
    sign_and_verify(token)
    handle = token.generate()
    assert PIN.encode() not in handle
    with token._session() as session:
        import pkcs11

        keys = list(session.get_objects({pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PRIVATE_KEY}))
        assert keys
        for key in keys:
            with pytest.raises(pkcs11.exceptions.AttributeSensitive):
                _ = key[pkcs11.Attribute.VALUE]


def test_a_token_that_is_not_there_is_told_and_makes_no_fresh_key(token: TokenKeys) -> None:
    handle = token.generate()
    refused("token_missing", lambda: SoftwareKeys().open(ED25519, handle))
    refused("token_missing", lambda: TokenKeys(token._module, "another", PIN).open(ED25519, handle))
    refused("token_missing", lambda: TokenKeys("/nowhere.so", token._token, PIN).open(ED25519, handle))
    refused("token_missing", lambda: token.open(ED25519, b"pkcs11:{}"))
    refused("token_pin", lambda: TokenKeys(token._module, token._token, "000000").open(ED25519, handle))


@pytest.fixture
def enrolled(vault: Vault) -> Vault:
    key = PrivateKey.generate(SM2_SM3).dump()
    vault.save_device(Device("device-1", "410499", SM2_SM3, key, "http://127.0.0.1:9", "t", (), "gw"))
    return vault


def test_the_old_key_signs_until_the_new_one_is_acknowledged(
    enrolled: Vault, folder: Path, passphrase: str
) -> None:
    old = enrolled.device_signer().public
    pending = enrolled.begin_key_rotation(SM2_SM3)
    new = SoftwareKeys().open(SM2_SM3, pending.handle).public
    assert new != old
    assert enrolled.device_signer().public == old
    assert enrolled.begin_key_rotation(SM2_SM3) == pending  # asked again after a cut: the very same key
    enrolled.close()
    with Vault.open(folder, passphrase) as again:
        assert again.next_device_key() == pending
        refused("no_next_key", lambda: again.finish_key_rotation(old.key_id))
        again.finish_key_rotation(new.key_id)
        assert again.device_signer().public == new
        assert again.next_device_key() is None
        refused("no_next_key", lambda: again.finish_key_rotation(new.key_id))
        kinds = [event.kind for event in again.events(limit=1000)]
        assert kinds[-2:] == ["key_made", "key_changed"]
        again.verify_chain()


def test_a_refused_key_is_dropped(enrolled: Vault) -> None:
    old = enrolled.device_signer().public
    enrolled.begin_key_rotation(SM2_SM3)
    enrolled.drop_key_rotation()
    assert enrolled.next_device_key() is None
    assert enrolled.device_signer().public == old


def test_a_device_that_enrolled_anew_meanwhile_keeps_its_key(enrolled: Vault) -> None:
    pending = enrolled.begin_key_rotation(SM2_SM3)
    key = SoftwareKeys().open(SM2_SM3, pending.handle).public.key_id
    fresh = PrivateKey.generate(SM2_SM3).dump()
    enrolled.save_device(Device("device-2", "410499", SM2_SM3, fresh, "http://127.0.0.1:9", "t", (), "gw"))
    refused("no_next_key", lambda: enrolled.finish_key_rotation(key))


def test_before_enrolment_there_is_no_key(vault: Vault) -> None:
    refused("no_device", vault.device_signer)
    refused("no_device", lambda: vault.begin_key_rotation(SM2_SM3))


def test_a_device_moves_its_key_into_a_token(enrolled: Vault, token: TokenKeys) -> None:
    pending = enrolled.begin_key_rotation(ED25519, token)
    key = token.open(ED25519, pending.handle).public
    enrolled.finish_key_rotation(key.key_id, token)
    signer = enrolled.device_signer(token)
    key.verify(b"manifest", signer.sign(b"manifest"))
    refused("token_missing", enrolled.device_signer)
