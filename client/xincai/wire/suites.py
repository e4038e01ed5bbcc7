"""Signatures: SM2 with SM3 (GB/T 32918), and Ed25519 (RFC 8032). A suite that is not named here is refused.

Rules:
- An SM2 signature covers SM3(Z || message) with the user id `1234567812345678` and is canonical DER; other
  encodings of the same numbers are refused, so one signature has one form. Z and the digest are computed here
  and the digest is signed: GmSSL's own `sm2_sign` takes ten times as long, and a signature without Z
  interoperates with nobody.
- A public key travels as the PEM that `openssl pkey -pubin` reads; it must be a point of the curve, in the
  one canonical DER form. Its name is the first 16 hex digits of SM3 over that DER.
- `verify` returns or raises; it never answers with a value that a caller may forget to look at.

GmSSL prints C source lines to stderr when a signature is well formed and wrong. They hold no data. Everything
that can be refused before GmSSL is asked (encoding, range, curve) is refused silently here.
"""

import base64
import binascii
import functools
import re

import gmssl_pyx
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ed25519

from xincai.errors import Problem
from xincai.wire.digest import sm3

SM2_SM3 = "SM2-SM3"
ED25519 = "Ed25519"
SUITES = (SM2_SM3, ED25519)
USER_ID = "1234567812345678"

_SM2_HEAD = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d03420004")
_ED_HEAD = bytes.fromhex("302a300506032b6570032100")
_P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
_A = _P - 3
_B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
_N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
_G = bytes.fromhex(
    "32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7"
    "bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0"
)
_PEM = re.compile(r"-----BEGIN PUBLIC KEY-----\s+([A-Za-z0-9+/=\s]{1,400})-----END PUBLIC KEY-----")


class PublicKey:
    """A key that checks signatures."""

    def __init__(self, suite: str, raw: bytes) -> None:
        """Take the raw key: X || Y (64 bytes) for SM2, 32 bytes for Ed25519."""
        _known(suite)
        if len(raw) != (64 if suite == SM2_SM3 else 32) or (suite == SM2_SM3 and not _on_curve(raw)):
            raise Problem("wire.bad_key")
        self.suite = suite
        self.raw = raw

    @classmethod
    def from_pem(cls, pem: str) -> "PublicKey":
        """Read a SubjectPublicKeyInfo PEM; the suite is the key's own."""
        match = _PEM.fullmatch(pem.strip())
        if match is None:
            raise Problem("wire.bad_key")
        try:
            der = base64.b64decode("".join(match[1].split()), validate=True)
        except binascii.Error as error:
            raise Problem("wire.bad_key") from error
        for suite, head in ((SM2_SM3, _SM2_HEAD), (ED25519, _ED_HEAD)):
            if der.startswith(head):
                return cls(suite, der[len(head) :])
        raise Problem("wire.bad_key")

    @property
    def der(self) -> bytes:
        return (_SM2_HEAD if self.suite == SM2_SM3 else _ED_HEAD) + self.raw

    @property
    def pem(self) -> str:
        text = base64.b64encode(self.der).decode()
        lines = "\n".join(text[start : start + 64] for start in range(0, len(text), 64))
        return f"-----BEGIN PUBLIC KEY-----\n{lines}\n-----END PUBLIC KEY-----\n"

    @functools.cached_property
    def key_id(self) -> str:
        """The key's name: 16 hex digits of SM3 over its DER."""
        return sm3(self.der)[:16]

    def verify(self, message: bytes, signature: bytes) -> None:
        """Return when the signature is this key's over the message; else raise Problem."""
        good = _verify_ed if self.suite == ED25519 else _verify_sm2
        if not good(self.raw, message, signature):
            raise Problem("wire.bad_signature")

    def wrap(self, secret: bytes) -> bytes:
        """Encrypt a short secret (at most 255 bytes) to this key: SM2, DER, C1C3C2, as OpenSSL reads it."""
        if self.suite != SM2_SM3:
            raise Problem("wire.unknown_suite", suite=self.suite)
        return gmssl_pyx.sm2_encrypt(self.raw, secret)  # type: ignore[no-any-return]  # untyped

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PublicKey) and self.der == other.der

    def __hash__(self) -> int:
        return hash(self.der)

    def __repr__(self) -> str:
        return f"PublicKey({self.suite} {self.key_id})"


class PrivateKey:
    """A key that signs. Its bytes are a secret: kept in the vault only."""

    def __init__(self, suite: str, secret: bytes, public: PublicKey) -> None:
        self.suite = suite
        self.public = public
        self._secret = secret

    @classmethod
    def generate(cls, suite: str = SM2_SM3) -> "PrivateKey":
        """A fresh key; the randomness is the library's own, from the operating system."""
        _known(suite)
        if suite == ED25519:
            return cls.load(suite, ed25519.Ed25519PrivateKey.generate().private_bytes_raw())
        raw, secret = gmssl_pyx.sm2_key_generate()
        return cls(suite, secret, PublicKey(suite, raw))

    @classmethod
    def load(cls, suite: str, data: bytes) -> "PrivateKey":
        """Read what `dump` gave; raise Problem when it is damaged or the halves do not belong together."""
        _known(suite)
        if suite == ED25519:
            if len(data) != 32:
                raise Problem("wire.bad_key")
            public = ed25519.Ed25519PrivateKey.from_private_bytes(data).public_key().public_bytes_raw()
            return cls(suite, data, PublicKey(suite, public))
        if len(data) != 96 or not 1 <= int.from_bytes(data[:32]) < _N - 1:
            raise Problem("wire.bad_key")
        key = cls(suite, data[:32], PublicKey(suite, data[32:]))
        try:
            key.public.verify(b"", key.sign(b""))
        except Problem as problem:
            raise Problem("wire.bad_key") from problem
        return key

    def dump(self) -> bytes:
        """The secret bytes: scalar || X || Y for SM2, the seed for Ed25519."""
        return self._secret + self.public.raw if self.suite == SM2_SM3 else self._secret

    def sign(self, message: bytes) -> bytes:
        """Sign the message: DER for SM2, 64 bytes for Ed25519."""
        if self.suite == ED25519:
            return ed25519.Ed25519PrivateKey.from_private_bytes(self._secret).sign(message)
        digest = _digest(self.public.raw, message)
        return gmssl_pyx.sm2_sign_sm3_digest(self._secret, digest)  # type: ignore[no-any-return]  # untyped

    def unwrap(self, wrapped: bytes) -> bytes:
        """The secret that was wrapped to this key; raise Problem when it was not, or was changed."""
        if self.suite != SM2_SM3:
            raise Problem("wire.unknown_suite", suite=self.suite)
        try:
            return gmssl_pyx.sm2_decrypt(self._secret, wrapped)  # type: ignore[no-any-return]  # untyped
        except gmssl_pyx.GmsslInnerError as error:
            raise Problem("wire.bad_envelope") from error

    def __repr__(self) -> str:
        return f"PrivateKey({self.suite} {self.public.key_id})"


def to_raw(signature: bytes) -> bytes:
    """The 64 bytes r || s of an SM2 signature in DER; raise Problem when it is not canonical DER."""
    numbers = _numbers(signature)
    if numbers is None:
        raise Problem("wire.bad_signature")
    return b"".join(number.to_bytes(32) for number in numbers)


def from_raw(signature: bytes) -> bytes:
    """The canonical DER of r || s."""
    if len(signature) != 64:
        raise Problem("wire.bad_signature")
    return _der(int.from_bytes(signature[:32]), int.from_bytes(signature[32:]))


def _known(suite: str) -> None:
    if suite not in SUITES:
        raise Problem("wire.unknown_suite", suite=suite[:40])


def _on_curve(raw: bytes) -> bool:
    x, y = int.from_bytes(raw[:32]), int.from_bytes(raw[32:])
    return x < _P and y < _P and (y * y - (x * x * x + _A * x + _B)) % _P == 0


def _digest(raw: bytes, message: bytes) -> bytes:
    return bytes.fromhex(sm3(_z(raw) + message))


@functools.lru_cache(maxsize=64)
def _z(raw: bytes) -> bytes:
    user = USER_ID.encode()
    head = (len(user) * 8).to_bytes(2) + user
    return bytes.fromhex(sm3(head + _A.to_bytes(32) + _B.to_bytes(32) + _G + raw))


def _verify_sm2(raw: bytes, message: bytes, signature: bytes) -> bool:
    if _numbers(signature) is None:
        return False
    digest = _digest(raw, message)
    try:
        return gmssl_pyx.sm2_verify_sm3_digest(raw, digest, signature) is True
    except gmssl_pyx.GmsslInnerError:
        return False


def _verify_ed(raw: bytes, message: bytes, signature: bytes) -> bool:
    try:
        ed25519.Ed25519PublicKey.from_public_bytes(raw).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _numbers(signature: bytes) -> tuple[int, int] | None:
    """The numbers r and s of canonical DER with both in 1..n-1, else None."""
    if not 8 <= len(signature) <= 72 or signature[0] != 0x30 or signature[2] != 0x02:
        return None
    cut = 4 + signature[3]
    if cut + 2 > len(signature):
        return None
    r, s = int.from_bytes(signature[4:cut]), int.from_bytes(signature[cut + 2 :])
    if not (1 <= r < _N and 1 <= s < _N):
        return None
    return (r, s) if _der(r, s) == signature else None


def _der(r: int, s: int) -> bytes:
    parts = [number.to_bytes(number.bit_length() // 8 + 1) for number in (r, s)]
    body = b"".join(b"\x02" + bytes([len(part)]) + part for part in parts)
    return b"\x30" + bytes([len(body)]) + body
