"""The seal of a letter: what the QR on each page says, so that it verifies offline.

Rules: compact canonical JSON in ASCII-safe UTF-8 with one-letter members, at most 700 characters; it holds no
identity number and no telephone number, only the masked subject. The signature covers the text without the
member `s`; SM2 signatures travel as r || s in base64url. A seal whose text is not exactly what `encode_seal`
writes is refused.
"""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from xincai.errors import Problem
from xincai.wire import suites
from xincai.wire.canonical import Json, canonical, read_canonical
from xincai.wire.fields import Fields
from xincai.wire.suites import PublicKey

VERSION = 1
MAX_TEXT = 700


@dataclass(frozen=True)
class LetterSeal:
    """What a letter says of itself; `signature` is raw: r || s for SM2, 64 bytes for Ed25519.

    `sm3` is the digest that the letter stands for, `time` a stamp, `typ` the letter's kind; `text` is the
    head of the digest of its wording, "" in letters made before wordings were told apart.
    """

    typ: str
    number: str
    form: str
    version: str
    subject_masked: str
    sm3: str
    time: str
    key_id: str
    signature: bytes = b""
    v: int = VERSION
    text: str = ""


def seal_message(seal: LetterSeal) -> bytes:
    """The bytes that the signature covers."""
    return canonical(_document(seal))


def sign_seal(seal: LetterSeal, sign: Callable[[bytes], bytes], suite: str = suites.SM2_SM3) -> LetterSeal:
    """The seal with its signature; `sign` is `PrivateKey.sign` of the key that `key_id` names."""
    signature = sign(seal_message(seal))
    return replace(seal, signature=suites.to_raw(signature) if suite == suites.SM2_SM3 else signature)


def encode_seal(seal: LetterSeal) -> str:
    """The text for the QR code; raise Problem when it would not be accepted back."""
    text = canonical({**_document(seal), "s": _base64(seal.signature)}).decode()
    decode_seal(text)
    return text


def decode_seal(text: str) -> LetterSeal:
    """Read a QR code's text strictly, without asking who signed it: `verify_seal` does."""
    if len(text) > MAX_TEXT:
        raise Problem("wire.too_large", size=len(text), limit=MAX_TEXT)
    fields = Fields(read_canonical(text.encode("utf-8", "surrogatepass")))
    if (version := fields.integer("v")) != VERSION:
        raise Problem("wire.unknown_format", format=version)
    seal = LetterSeal(
        typ=fields.text("t", 20),
        number=fields.text("n", 60),
        form=fields.text("f", 60),
        version=fields.text("w", 40),
        subject_masked=fields.text("m", 60),
        sm3=fields.digest("d"),
        time=fields.stamp("c"),
        key_id=fields.text("k", 16),
        signature=_bytes(fields.text("s", 100)),
        text=fields.added_text("x", 16),
    )
    fields.finish()
    return seal


def verify_seal(text: str, keys: Mapping[str, PublicKey]) -> LetterSeal:
    """The seal, once a known key has signed it; else raise Problem."""
    seal = decode_seal(text)
    key = keys.get(seal.key_id)
    if key is None:
        raise Problem("wire.unknown_key", key=seal.key_id)
    raw = seal.signature
    key.verify(seal_message(seal), suites.from_raw(raw) if key.suite == suites.SM2_SM3 else raw)
    return seal


def _document(seal: LetterSeal) -> dict[str, Json]:
    return {
        "v": seal.v,
        "t": seal.typ,
        "n": seal.number,
        "f": seal.form,
        "w": seal.version,
        "m": seal.subject_masked,
        "d": seal.sm3,
        "c": seal.time,
        "k": seal.key_id,
        **({"x": seal.text} if seal.text else {}),
    }


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise Problem("wire.bad_field", path="$.s") from error
    if _base64(data) != text:
        raise Problem("wire.not_canonical")
    return data
