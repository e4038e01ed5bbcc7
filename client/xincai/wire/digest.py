"""SM3 (GB/T 32905) and HMAC-SM3, as lower-case hex.

Whole values go through GmSSL; streams through OpenSSL's SM3, because GmSSL's Python door has no streaming
one. Both give the same digest; a test holds them together.
"""

import hashlib
import re
from collections.abc import Iterable

import gmssl_pyx
from cryptography.hazmat.primitives import hashes

_HEX = re.compile(r"[0-9a-f]{64}")


def sm3(data: bytes) -> str:
    """The SM3 digest of the data: 64 hex digits."""
    return gmssl_pyx.sm3_hash(data).hex()  # type: ignore[no-any-return]  # GmSSL's module has no types


def sm3_stream(pieces: Iterable[bytes]) -> str:
    """The SM3 digest of all pieces joined, without holding them."""
    digest = Sm3()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


def hmac_sm3(key: bytes, data: bytes) -> str:
    """HMAC-SM3 of the data: 64 hex digits."""
    return gmssl_pyx.sm3_hmac(key, data).hex()  # type: ignore[no-any-return]  # GmSSL's module has no types


def sha256(data: bytes) -> str:
    """The SHA-256 digest of the data, for readers without SM3."""
    return hashlib.sha256(data).hexdigest()


def is_digest(text: str) -> bool:
    """Whether the text is 64 lower-case hex digits."""
    return _HEX.fullmatch(text) is not None


class Sm3:
    """A running SM3 digest."""

    def __init__(self) -> None:
        self._state = hashes.Hash(hashes.SM3())

    def update(self, data: bytes) -> None:
        self._state.update(data)

    def hexdigest(self) -> str:
        return self._state.copy().finalize().hex()
