"""Device keys in a PKCS#11 token: a UKey, an HSM, or SoftHSM for trying it out.

The key is made in the token, is not extractable, and signs there; the handle names module, token and key, and
never the PIN, which is given when the provider is made. Suite: Ed25519, the one of ours that PKCS#11 3.0 has
a mechanism for. SM2 has none in the standard; makers of SM2 tokens ship their own interface (SKF, GM/T 0016),
which would be another provider of the same shape.

Needs the optional `pkcs11` extra (python-pkcs11) and the token maker's module.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from xincai import clock
from xincai.errors import Problem
from xincai.vault.providers import TOKEN
from xincai.wire.suites import ED25519, PublicKey

if TYPE_CHECKING:
    from pkcs11 import Session

_ED25519_OID: Final = bytes.fromhex("06032b6570")
_POINT: Final = 32


class TokenKeys:
    """Keys in one token."""

    suites: Final = (ED25519,)

    def __init__(self, module: str, token: str, pin: str) -> None:
        """`module` is the path of the maker's library, `token` the token's label."""
        self._module, self._token, self._pin = module, token, pin

    def generate(self, suite: str = ED25519) -> bytes:
        """Make a key in the token; its handle."""
        from pkcs11 import Attribute, KeyType, Mechanism

        if suite != ED25519:
            raise Problem("wire.unknown_suite", suite=suite[:40])
        name = clock.random_bytes(16)
        with self._session() as session:
            curve = session.create_domain_parameters(
                KeyType.EC_EDWARDS, {Attribute.EC_PARAMS: _ED25519_OID}, local=True
            )
            secret = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False}
            public, _ = curve.generate_keypair(
                mechanism=Mechanism.EC_EDWARDS_KEY_PAIR_GEN,
                store=True,
                id=name,
                label="xincai",
                private_template=secret,
            )
            point = bytes(public[Attribute.EC_POINT])[-_POINT:]
        facts = {"module": self._module, "token": self._token, "id": name.hex(), "public": point.hex()}
        return TOKEN + json.dumps(facts, sort_keys=True).encode()

    def open(self, suite: str, handle: bytes) -> "TokenKey":
        """The key of a handle that this token made; Problem when it is not in the token."""
        if suite != ED25519 or not handle.startswith(TOKEN):
            raise Problem("vault.token_missing")
        try:
            facts = json.loads(handle[len(TOKEN) :])
            name, public = bytes.fromhex(facts["id"]), PublicKey(suite, bytes.fromhex(facts["public"]))
        except (ValueError, KeyError, TypeError) as error:
            raise Problem("vault.token_missing") from error
        key = TokenKey(self, name, public)
        public.verify(b"", key.sign(b""))
        return key

    @contextmanager
    def _session(self) -> Iterator["Session"]:
        """The token, unlocked with the PIN, for one operation."""
        try:
            import pkcs11
            from pkcs11 import exceptions
        except ImportError as error:
            raise Problem("vault.token_missing") from error
        try:
            token = pkcs11.lib(self._module).get_token(token_label=self._token)
            with token.open(rw=True, user_pin=self._pin) as session:
                yield session
        except (exceptions.PinIncorrect, exceptions.PinLocked, exceptions.PinLenRange) as error:
            raise Problem("vault.token_pin") from error
        except (exceptions.PKCS11Error, RuntimeError, OSError) as error:
            raise Problem("vault.token_missing") from error


class TokenKey:
    """One key in a token."""

    suite: Final = ED25519

    def __init__(self, keys: TokenKeys, name: bytes, public: PublicKey) -> None:
        self._keys, self._name = keys, name
        self.public = public

    def sign(self, message: bytes) -> bytes:
        """Sign in the token: 64 bytes."""
        from pkcs11 import KeyType, Mechanism, ObjectClass

        with self._keys._session() as session:  # noqa: SLF001 - the other half of this class
            key = session.get_key(
                object_class=ObjectClass.PRIVATE_KEY, key_type=KeyType.EC_EDWARDS, id=self._name
            )
            return bytes(key.sign(message, mechanism=Mechanism.EDDSA))
