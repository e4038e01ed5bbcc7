"""Answers of level L4 as the vault stores them: each enciphered once more, with SM4 and HMAC-SM3.

    xincai-sm4-1
    {"cuts": [[offset, iv, ciphertext, mac], …], "of": "record/version"}
    the submission without those bytes

Rules: the submission comes back byte for byte: what was cut is exactly the bytes between a leaf's tags, put
back where they stood. Each value has its own counter block and its own MAC over its place, so that two values
cannot change places; the MAC is checked before anything is deciphered. The keys are random, made once, kept
in the vault and used for nothing else. What is stored plain stays readable: a submission begins with `<`.
What cannot be taken apart is enclosed whole.
"""

import hmac
import json
from collections.abc import Collection, Sequence
from typing import Final
from xml.parsers import expat

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from xincai import clock
from xincai.errors import Problem
from xincai.vault.cursor import Cursor
from xincai.wire.digest import hmac_sm3

MAGIC: Final = b"xincai-sm4-1\n"
_NAME: Final = "levels"
_KEY, _IV = 16, 16
_SIZE: Final = _KEY + 32


def enclosed(cursor: Cursor, submission: bytes, paths: Collection[str], of: str) -> bytes:
    """A submission as it is stored, the leaves at these paths enclosed; `of` names what it belongs to."""
    return _cut(cursor, submission, _spans(submission, paths) if paths else [], of)


def enclosed_text(cursor: Cursor, text: str, of: str) -> str:
    """A text as it is stored, enclosed whole; an empty one stays empty."""
    data = text.encode()
    return _cut(cursor, data, [(0, len(data))] if data else [], of).decode()


def opened(cursor: Cursor, stored: bytes) -> bytes:
    """The submission as it was sealed.

    Raises Problem `vault.record_damaged` when what is enclosed was changed, `vault.level_key_missing` when
    the vault has lost the keys it was enclosed with.
    """
    if not stored.startswith(MAGIC):
        return stored
    secret = _kept(cursor)
    if secret is None:
        raise Problem("vault.level_key_missing")
    head, _, rest = stored[len(MAGIC) :].partition(b"\n")
    try:
        return _joined(secret, json.loads(head), rest)
    except (ValueError, KeyError, TypeError) as error:
        raise Problem("vault.record_damaged") from error


def opened_text(cursor: Cursor, stored: str) -> str:
    """The text as it was; raises as `opened` does."""
    return opened(cursor, stored.encode()).decode()


def is_enclosed(stored: bytes) -> bool:
    """Whether anything in a stored submission is enclosed."""
    return stored.startswith(MAGIC)


def _cut(cursor: Cursor, data: bytes, spans: Sequence[tuple[int, int]], of: str) -> bytes:
    """The data with these spans enclosed; as they are where there are none."""
    if not spans:
        return data
    secret = _kept(cursor) or _made(cursor)
    rest, cuts, done = bytearray(), [], 0
    for start, end in spans:
        rest += data[done:start]
        iv = clock.random_bytes(_IV)
        hidden = _sm4(secret, iv, data[start:end])
        cuts.append([start, iv.hex(), hidden.hex(), _mac(secret, of, start, iv + hidden)])
        done = end
    rest += data[done:]
    head = json.dumps({"cuts": cuts, "of": of}, separators=(",", ":"), sort_keys=True)
    return MAGIC + head.encode() + b"\n" + bytes(rest)


def _joined(secret: bytes, head: dict[str, object], rest: bytes) -> bytes:
    cuts, of = head["cuts"], str(head["of"])
    if not isinstance(cuts, list):
        raise TypeError("no list of cuts")
    whole, taken = bytearray(), 0
    for start, iv, hidden, mac in cuts:
        block, content = bytes.fromhex(iv), bytes.fromhex(hidden)
        if not hmac.compare_digest(_mac(secret, of, start, block + content), str(mac)):
            raise ValueError("not what was enclosed")
        plain = start - len(whole)
        whole += rest[taken : taken + plain]
        taken += plain
        if plain < 0 or len(whole) != start:
            raise ValueError("a cut out of place")
        whole += _sm4(secret, block, content)
    return bytes(whole + rest[taken:])


def _spans(submission: bytes, paths: Collection[str]) -> list[tuple[int, int]]:
    """Where the text of each leaf at one of these paths begins and ends, in bytes; empty ones not."""
    found: list[tuple[int, int]] = []
    way: list[str] = []
    begun = [-1]
    parser = expat.ParserCreate("UTF-8")

    def start(name: str, _attributes: object) -> None:
        way.append(name)
        begun[0] = -1

    def text(_words: str) -> None:
        if begun[0] < 0:
            begun[0] = parser.CurrentByteIndex

    def end(_name: str) -> None:
        if begun[0] >= 0 and "/" + "/".join(way) in paths:
            found.append((begun[0], parser.CurrentByteIndex))
        way.pop()
        begun[0] = -1

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = text
    try:
        parser.Parse(submission, True)
    except expat.ExpatError:
        return [(0, len(submission))] if submission else []
    return found


def _kept(cursor: Cursor) -> bytes | None:
    """The keys; None before they were first needed."""
    row = cursor.first("SELECT secret FROM secrets WHERE name = ?", _NAME)
    secret = row.blob("secret") if row else None
    return secret if secret is None or len(secret) == _SIZE else None


def _made(cursor: Cursor) -> bytes:
    """New keys; IntegrityError where there are some, so that those are never lost."""
    secret = clock.random_bytes(_SIZE)
    cursor.insert("secrets", name=_NAME, secret=secret)
    return secret


def _sm4(secret: bytes, iv: bytes, data: bytes) -> bytes:
    """SM4-CTR, the same way in and out."""
    cipher = Cipher(algorithms.SM4(secret[:_KEY]), modes.CTR(iv)).encryptor()
    return cipher.update(data) + cipher.finalize()


def _mac(secret: bytes, of: str, start: int, data: bytes) -> str:
    return hmac_sm3(secret[_KEY:], f"{of}@{start:d}:".encode() + data)
