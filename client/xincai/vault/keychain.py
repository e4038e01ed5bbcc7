"""The system's keychain (Windows Credential Manager, macOS Keychain, Secret Service): a secret for one slot.

Rules: the keychain holds a random secret, never a passphrase and never the data key; a vault has a passphrase
and a recovery code beside it, always, because a keychain goes with its system account. A keychain that fails
is a Problem, and the passphrase still opens.
"""

import contextlib
from typing import Final

from xincai.errors import Problem

SERVICE: Final = "xincai vault"


def keep(vault_id: str, holder: str, secret: str) -> None:
    """Put a secret in, and read it back: a keychain that forgets is none."""
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(SERVICE, _name(vault_id, holder), secret)
        kept = keyring.get_password(SERVICE, _name(vault_id, holder))
    except (KeyringError, RuntimeError, OSError) as error:
        raise Problem("vault.no_keychain") from error
    if kept != secret:
        raise Problem("vault.no_keychain")


def fetch(vault_id: str, holder: str) -> str | None:
    """The secret kept; None when there is none. Problem when the keychain does not answer."""
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(SERVICE, _name(vault_id, holder))
    except (KeyringError, RuntimeError, OSError) as error:
        raise Problem("vault.no_keychain") from error


def forget(vault_id: str, holder: str) -> None:
    """Take the secret out; without its slot it opens nothing anyway."""
    import keyring
    from keyring.errors import KeyringError

    with contextlib.suppress(KeyringError, RuntimeError, OSError):
        keyring.delete_password(SERVICE, _name(vault_id, holder))


def _name(vault_id: str, holder: str) -> str:
    return f"{vault_id}/{holder or 'first'}"
