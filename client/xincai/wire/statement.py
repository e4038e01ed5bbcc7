"""The statement of a signature by hand: what was drawn, on which letter, under the device's key.

Rules: canonical JSON in ASCII-safe UTF-8; it holds digests and counts, never the strokes themselves. It binds
the picture of each drawing and the course of its strokes (places, times, pressure) to the letter's number and
to the digest that the letter stands for. The key is the device's, not the signer's: a statement shows that
nothing was changed since, and where and when it was drawn. It is no reliable electronic signature in the
sense of 电子签名法 article 13, and no letter says so.
"""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, get_args

from xincai.errors import Problem
from xincai.wire.canonical import Json, canonical, read_canonical
from xincai.wire.digest import sm3
from xincai.wire.fields import Fields
from xincai.wire.suites import PublicKey

FORMAT: Final = "xincai-signature-1"
Signer = Literal["subject", "agent", "witness"]
"""Who drew: the subject, somebody the subject sent, or a witness of a subject who cannot write."""
_MOST: Final = 16


@dataclass(frozen=True)
class Drawing:
    """One drawing: the question it answers, the digests of its picture and of its strokes, and its points.

    `strokes` is empty where the picture came without the course of its strokes (a file, an older program).
    """

    ref: str
    picture: str
    strokes: str
    points: int


@dataclass(frozen=True)
class Statement:
    """What a key says of the drawings on a letter; `signature` is as the key gave it."""

    letter: str
    record: str
    version: int
    sm3: str
    signer: Signer
    drawings: tuple[Drawing, ...]
    time: str
    key_id: str
    signature: bytes = b""

    @property
    def digest(self) -> str:
        """What the letter prints: the SM3 of all that is signed."""
        return sm3(statement_message(self))

    @property
    def points(self) -> int:
        """How many points all drawings have."""
        return sum(each.points for each in self.drawings)


def statement_message(statement: Statement) -> bytes:
    """The bytes that the signature covers."""
    return canonical(_document(statement))


def sign_statement(statement: Statement, sign: Callable[[bytes], bytes]) -> Statement:
    """The statement with its signature; `sign` is `PrivateKey.sign` of the key that `key_id` names."""
    return replace(statement, signature=sign(statement_message(statement)))


def encode_statement(statement: Statement) -> str:
    """The text that is kept; raise Problem when it would not be accepted back."""
    signature = base64.b64encode(statement.signature).decode()
    text = canonical({**_document(statement), "signature": signature}).decode()
    decode_statement(text)
    return text


def decode_statement(text: str) -> Statement:
    """Read a statement strictly, without asking who signed it: `verify_statement` does."""
    fields = Fields(read_canonical(text.encode("utf-8", "surrogatepass")))
    fields.one_of("format", (FORMAT,))
    drawings = tuple(
        Drawing(
            ref=each.text("ref", 500),
            picture=each.digest("picture"),
            strokes=each.optional_digest("strokes") or "",
            points=each.integer("points"),
        )
        for each in fields.objects("drawings", _MOST)
    )
    said = fields.one_of("signer", get_args(Signer))
    signer: Signer = next(name for name in get_args(Signer) if name == said)
    found = Statement(
        letter=fields.text("letter", 60),
        record=fields.text("record", 60),
        version=fields.integer("version"),
        sm3=fields.digest("sm3"),
        signer=signer,
        drawings=drawings,
        time=fields.stamp("time"),
        key_id=fields.text("key", 16),
        signature=_bytes(fields.text("signature", 200)),
    )
    fields.finish()
    return found


def verify_statement(text: str, keys: Mapping[str, PublicKey]) -> Statement:
    """The statement, once a known key has signed it; else raise Problem."""
    statement = decode_statement(text)
    key = keys.get(statement.key_id)
    if key is None:
        raise Problem("wire.unknown_key", key=statement.key_id)
    key.verify(statement_message(statement), statement.signature)
    return statement


def _document(statement: Statement) -> dict[str, Json]:
    return {
        "format": FORMAT,
        "letter": statement.letter,
        "record": statement.record,
        "version": statement.version,
        "sm3": statement.sm3,
        "signer": statement.signer,
        "drawings": [
            {
                "ref": each.ref,
                "picture": each.picture,
                "strokes": each.strokes or None,
                "points": each.points,
            }
            for each in statement.drawings
        ],
        "time": statement.time,
        "key": statement.key_id,
    }


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Problem("wire.bad_field", path="$.signature") from error
