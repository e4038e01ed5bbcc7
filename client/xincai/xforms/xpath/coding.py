"""Digests, base64 and signatures as ODK's functions write them. What is malformed becomes no text."""

import base64
import binascii

ALGORITHMS = {
    "MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512",
}  # fmt: skip
ENCODINGS = ("BASE64", "HEX")
_SIGNATURE = 64


def digest(data: str, algorithm: str, encoding: str = "base64") -> str:
    """`digest(text, 'SHA-256', 'hex')`; "" when the algorithm is none of ODK's."""
    name = ALGORITHMS.get(algorithm.upper())
    if name is None:
        return ""
    import hashlib

    raw = hashlib.new(name, data.encode(), usedforsecurity=False).digest()
    return raw.hex() if encoding.upper() == "HEX" else base64.b64encode(raw).decode()


def decode(text: str) -> str:
    """`base64-decode(text)`: the UTF-8 text behind it."""
    raw = _bytes(text)
    return "" if raw is None else raw.decode("utf-8", "replace")


def extract_signed(text: str, public_key: str) -> str:
    """`extract-signed(text, key)`: what follows a valid Ed25519 signature, "" when it is not valid."""
    signed, key = _bytes(text), _bytes(public_key)
    if signed is None or key is None or len(signed) < _SIGNATURE:
        return ""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    message = signed[_SIGNATURE:]
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signed[:_SIGNATURE], message)
    except (InvalidSignature, ValueError):
        return ""
    return message.decode("utf-8", "replace")


def _bytes(text: str) -> bytes | None:
    try:
        return base64.b64decode(text.encode(), validate=False)
    except (binascii.Error, ValueError):
        return None
