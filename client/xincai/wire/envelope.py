r"""An envelope: a container on its way by stick, readable only for the gateway it is addressed to.

An archive of `content.sm4` and `envelope.json`. The content is a random 16-byte counter block and the
container under SM4-CTR; a fresh SM4 key and a fresh MAC key travel wrapped to the gateway's SM2 key. It is
made while it is written, so that no part of it is ever whole in memory or readable on a disk.
Rules: the MAC (HMAC-SM3 over the whole content) is checked before a byte is decrypted; the envelope keeps a
secret and says nothing of who wrote it: the manifest inside is signed.

The openssl command line opens one alone (`xincai_gateway/verify-bundle.sh` does):

    openssl pkeyutl -decrypt -inkey gateway.pem -in wrapped.bin -out keys.bin          # 16 + 32 bytes
    openssl dgst -sm3 -mac HMAC -macopt hexkey:$(tail -c 32 keys.bin | xxd -p -c 64) content.sm4
    tail -c +17 content.sm4 | openssl enc -d -sm4-ctr -K $(head -c 16 keys.bin | xxd -p) \
        -iv $(head -c 16 content.sm4 | xxd -p) > container.zip
"""

import base64
import binascii
import hmac
import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hmac import HMAC

from xincai import clock
from xincai.errors import Problem
from xincai.wire.archive import Entry, first_name, read_archive, write_long
from xincai.wire.canonical import canonical, read_canonical
from xincai.wire.container import MAX_TOTAL
from xincai.wire.fields import Fields
from xincai.wire.suites import PrivateKey, PublicKey

FORMAT = "xincai-envelope-1"
_LETTER = "envelope.json"
_CONTENT = "content.sm4"
_MAX_LETTER = 4096
_START = 16


def is_envelope(path: Path) -> bool:
    """Whether a file looks like an envelope; whether it opens is `open_envelope`'s to say."""
    return first_name(path) == _CONTENT


def seal_envelope(
    container: Iterable[bytes], size: int, file: BinaryIO, recipient: str, key: PublicKey
) -> bytes:
    """Write an envelope around a container of so many bytes, readable with the private half of the gateway's
    key only; the key of its MAC, by which `check_seal` knows it again.
    """
    secret, start = clock.random_bytes(48), clock.random_bytes(_START)
    mac = HMAC(secret[16:], hashes.SM3())

    def content() -> Iterator[bytes]:
        for piece in itertools.chain([start], _ciphered(container, secret[:16], start)):
            mac.update(piece)
            yield piece

    def letter() -> tuple[str, bytes]:
        said = {
            "format": FORMAT,
            "recipient": recipient,
            "key": key.key_id,
            "wrapped": base64.b64encode(key.wrap(secret)).decode(),
            "mac": mac.finalize().hex(),
        }
        return _LETTER, canonical(dict(said))

    write_long(file, _CONTENT, len(start) + size, content(), letter)
    return secret[16:]


def check_seal(path: Path, mac_key: bytes) -> None:
    """Read an envelope back; raise Problem when it is not, byte for byte, the one that was sealed."""
    with path.open("rb") as file:
        content, _, _, expected = _parts(file)
        _check_mac(file, content, mac_key, expected)


def open_envelope(path: Path, file: BinaryIO, recipient: str, key: PrivateKey) -> None:
    """Write the container inside to `file`; raise Problem, and write nothing, when it was changed or is not
    for this recipient.
    """
    try:
        with path.open("rb") as source:
            content, fields, told, expected = _parts(source)
            wrapped = fields.text("wrapped", 1000)
            if (told, fields.text("key", 16)) != (recipient, key.public.key_id):
                raise Problem("wire.bad_envelope")
            fields.finish()
            secret = key.unwrap(_bytes(wrapped))
            if len(secret) != 48:
                raise Problem("wire.bad_envelope")
            _check_mac(source, content, secret[16:], expected)
            start = Entry("", content.start, _START, 0).read(source)
            inside = Entry("", content.start + _START, content.size - _START, 0)
            file.writelines(_ciphered(inside.pieces(source), secret[:16], start))
    except OSError as error:
        raise Problem("wire.bad_envelope") from error


def _parts(file: BinaryIO) -> tuple[Entry, Fields, str, str]:
    """The content, the letter, and the recipient and the MAC that it tells."""
    try:
        entries = read_archive(file, _cap, MAX_TOTAL + _MAX_LETTER)
    except Problem as problem:
        raise Problem("wire.bad_envelope") from problem
    if [entry.name for entry in entries] != [_CONTENT, _LETTER] or entries[0].size < _START:
        raise Problem("wire.bad_envelope")
    fields = Fields(read_canonical(entries[1].read(file)))
    fields.one_of("format", (FORMAT,))
    return entries[0], fields, fields.text("recipient", 64), fields.digest("mac")


def _cap(name: str) -> int:
    return {_CONTENT: MAX_TOTAL, _LETTER: _MAX_LETTER}.get(name, -1)


def _check_mac(file: BinaryIO, content: Entry, key: bytes, expected: str) -> None:
    mac = HMAC(key, hashes.SM3())
    for piece in content.pieces(file):
        mac.update(piece)
    if not hmac.compare_digest(mac.finalize().hex(), expected):
        raise Problem("wire.bad_envelope")


def _ciphered(source: Iterable[bytes], key: bytes, start: bytes) -> Iterator[bytes]:
    """SM4-CTR over a stream; the same way in and out."""
    cipher = Cipher(algorithms.SM4(key), modes.CTR(start)).encryptor()
    for piece in source:
        yield cipher.update(piece)
    yield cipher.finalize()


def _bytes(text: str) -> bytes:
    """What base64 says; one text for the same bytes."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Problem("wire.bad_envelope") from error
    if base64.b64encode(data).decode() != text:
        raise Problem("wire.bad_envelope")
    return data
