r"""An envelope: a container on its way by stick, readable only for the gateway it is addressed to.

A ZIP, everything STORED: `envelope.json` and `content.sm4`. The content is a random 16-byte counter block and
the container under SM4-CTR; a fresh SM4 key and a fresh MAC key travel wrapped to the gateway's SM2 key.
Rules: the MAC (HMAC-SM3 over the whole content) is checked before a byte is decrypted; the envelope keeps a
secret and says nothing of who wrote it: the manifest inside is signed.

The openssl command line opens one alone:

    openssl pkeyutl -decrypt -inkey gateway.pem -in wrapped.bin -out keys.bin          # 16 + 32 bytes
    openssl dgst -sm3 -mac HMAC -macopt hexkey:$(tail -c 32 keys.bin | xxd -p -c 64) content.sm4
    tail -c +17 content.sm4 | openssl enc -d -sm4-ctr -K $(head -c 16 keys.bin | xxd -p) \
        -iv $(head -c 16 content.sm4 | xxd -p) > container.zip
"""

import base64
import binascii
import hmac
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, BinaryIO

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hmac import HMAC

from xincai import clock
from xincai.errors import Problem
from xincai.wire.canonical import canonical, read_canonical
from xincai.wire.fields import Fields
from xincai.wire.suites import PrivateKey, PublicKey

FORMAT = "xincai-envelope-1"
_LETTER = "envelope.json"
_CONTENT = "content.sm4"
_PIECE = 1 << 20
_MAX_LETTER = 4096
_EPOCH = (1980, 1, 1, 0, 0, 0)


def is_envelope(path: Path) -> bool:
    """Whether a file looks like an envelope; whether it opens is `open_envelope`'s to say."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _LETTER in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


def seal_envelope(container: BinaryIO, file: BinaryIO, recipient: str, key: PublicKey) -> None:
    """Write an envelope around a container, readable with the private half of the gateway's key only."""
    secret, start = clock.random_bytes(48), clock.random_bytes(16)
    mac = HMAC(secret[16:], hashes.SM3())
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        with archive.open(zipfile.ZipInfo(_CONTENT, _EPOCH), "w", force_zip64=True) as content:
            for piece in (start, *_ciphered(container, secret[:16], start)):
                mac.update(piece)
                content.write(piece)
        letter = {
            "format": FORMAT,
            "recipient": recipient,
            "key": key.key_id,
            "wrapped": base64.b64encode(key.wrap(secret)).decode(),
            "mac": mac.finalize().hex(),
        }
        archive.writestr(zipfile.ZipInfo(_LETTER, _EPOCH), canonical(dict(letter)))


def open_envelope(path: Path, file: BinaryIO, key: PrivateKey) -> None:
    """Write the container inside to `file`; raise Problem, and write nothing, when it was changed or is not
    ours.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _open(archive, file, key)
    except (zipfile.BadZipFile, KeyError, EOFError, OSError, ValueError, RuntimeError) as error:
        raise Problem("wire.bad_envelope") from error


def _open(archive: zipfile.ZipFile, file: BinaryIO, key: PrivateKey) -> None:
    infos = archive.infolist()
    stored = all(info.compress_type == zipfile.ZIP_STORED for info in infos)
    if sorted(info.filename for info in infos) != [_CONTENT, _LETTER] or not stored:
        raise Problem("wire.bad_envelope")
    if archive.getinfo(_LETTER).file_size > _MAX_LETTER:
        raise Problem("wire.bad_envelope")
    fields = Fields(read_canonical(archive.read(_LETTER)))
    fields.one_of("format", (FORMAT,))
    fields.text("recipient", 64)
    wrapped, expected = fields.text("wrapped", 1000), fields.digest("mac")
    if fields.text("key", 16) != key.public.key_id:
        raise Problem("wire.bad_envelope")
    fields.finish()
    secret = key.unwrap(_bytes(wrapped))
    if len(secret) != 48 or not hmac.compare_digest(_mac(archive, secret[16:]), expected):
        raise Problem("wire.bad_envelope")
    with archive.open(_CONTENT) as content:
        start = content.read(16)
        file.writelines(_ciphered(content, secret[:16], start))


def _mac(archive: zipfile.ZipFile, key: bytes) -> str:
    mac = HMAC(key, hashes.SM3())
    with archive.open(_CONTENT) as content:
        while piece := content.read(_PIECE):
            mac.update(piece)
    return mac.finalize().hex()


def _ciphered(source: IO[bytes], key: bytes, start: bytes) -> Iterator[bytes]:
    """SM4-CTR over a stream; the same way in and out."""
    cipher = Cipher(algorithms.SM4(key), modes.CTR(start)).encryptor()
    while piece := source.read(_PIECE):
        yield cipher.update(piece)
    yield cipher.finalize()


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise Problem("wire.bad_envelope") from error
