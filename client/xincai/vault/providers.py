"""Where the device's signing key is: in this program, or in a token that never gives it away.

A provider makes keys and signs with them; what it hands out is a handle, which the vault keeps in place of a
key. `SoftwareKeys` keeps the key itself in the handle (and so in the encrypted file); `pkcs11.TokenKeys`
keeps only the key's name. Both sign in suites of the wire, so that nobody who verifies sees a difference.

Rules: a handle says itself which provider it needs; a handle without a token is a Problem, never a fresh key.
Software keys are no certified module: see client/decisions.
"""

from typing import Final, Protocol

from xincai.errors import Problem
from xincai.wire.suites import SM2_SM3, SUITES, PrivateKey, PublicKey

TOKEN: Final = b"pkcs11:"


class Signer(Protocol):
    """A key that signs; what is secret of it stays where it is."""

    @property
    def suite(self) -> str: ...

    @property
    def public(self) -> PublicKey: ...

    def sign(self, message: bytes) -> bytes:
        """Sign the message as the suite says."""
        ...


class KeyProvider(Protocol):
    """Makes keys and opens them again by their handle."""

    @property
    def suites(self) -> tuple[str, ...]:
        """What it can sign with, the best first."""
        ...

    def generate(self, suite: str) -> bytes:
        """A fresh key's handle; Problem when the suite is not one of its own."""
        ...

    def open(self, suite: str, handle: bytes) -> Signer:
        """The key of a handle."""
        ...


class SoftwareKeys:
    """Keys in the vault: SM2 by GmSSL, Ed25519 by OpenSSL."""

    suites: Final = SUITES

    def generate(self, suite: str = SM2_SM3) -> bytes:
        """A fresh key; the handle is the key."""
        return PrivateKey.generate(suite).dump()

    def open(self, suite: str, handle: bytes) -> Signer:
        """The key of a handle; Problem for one that lies in a token."""
        if handle.startswith(TOKEN):
            raise Problem("vault.token_missing")
        return PrivateKey.load(suite, handle)
