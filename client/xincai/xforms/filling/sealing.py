"""Submissions of forms that want encryption (`base64RsaPublicKey`), as Collect makes and Central opens them.

Each submission has an AES key of its own, which only the holder of the form's RSA key can read. Media come
first, the submission last; each is encrypted under the next initialisation vector. What stays readable is a
manifest: the form, the instance, the names, and a signature over the digests of what was encrypted.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import load_der_public_key

from xincai import clock
from xincai.errors import Problem
from xincai.xforms.filling.submission import escape
from xincai.xforms.form import Form

SUBMISSION = "submission.xml"
_KEY = "submission-base64RsaPublicKey"
_KEY_BYTES = 32


@dataclass(frozen=True)
class Encrypted:
    """What is sent: the manifest in the place of the submission, and the encrypted files by name."""

    manifest: bytes
    files: Mapping[str, bytes]


def wants_encryption(form: Form) -> bool:
    """Whether the form asks that its submissions be readable by the holder of a key alone."""
    return bool(form.attributes.get(_KEY))


def check_key(form: Form) -> None:
    """Refuse a form that asks for encryption with a key that cannot be used.

    Raises:
        Problem: `xforms.bad_public_key`.
    """
    if wants_encryption(form):
        _public_key(form.attributes[_KEY])


def encrypt_submission(
    form: Form, instance_id: str, submission: bytes, media: Iterable[tuple[str, bytes]] = ()
) -> Encrypted:
    """Encrypt a submission and its media, named as the submission names them.

    Raises:
        Problem: `xforms.bad_public_key` when the form's key is none.
    """
    public, key = _public_key(form.attributes.get(_KEY, "")), clock.random_bytes(_KEY_BYTES)
    wrapped = _wrap(public, key)
    signed = [form.form_id, *filter(None, [form.version]), wrapped, instance_id]
    vector, files = _Vector(instance_id, key), {}
    names: list[str] = []
    for name, data in (*media, (SUBMISSION, submission)):
        names.append(f"{name}.enc")
        files[names[-1]] = _encrypt(key, vector.next(), data)
        signed.append(f"{name}::{hashlib.md5(data, usedforsecurity=False).hexdigest()}")
    source = "".join(f"{line}\n" for line in signed).encode()
    signature = _wrap(public, hashlib.md5(source, usedforsecurity=False).digest())
    return Encrypted(_manifest(form, instance_id, wrapped, names, signature), files)


class _Vector:
    """Initialisation vectors: a digest of instance and key, of which one byte grows with each file."""

    def __init__(self, instance_id: str, key: bytes) -> None:
        self._bytes = bytearray(hashlib.md5(instance_id.encode() + key, usedforsecurity=False).digest())
        self._count = 0

    def next(self) -> bytes:
        at = self._count % len(self._bytes)
        self._bytes[at] = (self._bytes[at] + 1) % 256
        self._count += 1
        return bytes(self._bytes)


def _encrypt(key: bytes, vector: bytes, data: bytes) -> bytes:
    padder = PKCS7(AES.block_size).padder()
    cipher = Cipher(AES(key), CFB(vector)).encryptor()
    return cipher.update(padder.update(data) + padder.finalize()) + cipher.finalize()


def _wrap(public: RSAPublicKey, data: bytes) -> str:
    padding = OAEP(mgf=MGF1(SHA256()), algorithm=SHA256(), label=None)
    return base64.b64encode(public.encrypt(data, padding)).decode()


def _public_key(text: str) -> RSAPublicKey:
    try:
        key = load_der_public_key(base64.b64decode("".join(text.split()), validate=True))
    except (ValueError, binascii.Error, UnsupportedAlgorithm) as error:
        raise Problem("xforms.bad_public_key") from error
    if not isinstance(key, RSAPublicKey):
        raise Problem("xforms.bad_public_key")
    return key


def _manifest(form: Form, instance_id: str, wrapped: str, names: list[str], signature: str) -> bytes:
    version = f' version="{escape(form.version)}"' if form.version else ""
    media = "".join(f"<media><file>{escape(name)}</file></media>\n" for name in names[:-1])
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<data xmlns="http://www.opendatakit.org/xforms/encrypted" id="{escape(form.form_id)}"{version}'
        f' encrypted="yes"><base64EncryptedKey>{wrapped}</base64EncryptedKey>'
        '<orx:meta xmlns:orx="http://openrosa.org/xforms">'
        f"<orx:instanceID>{escape(instance_id)}</orx:instanceID></orx:meta>\n{media}"
        f"<encryptedXmlFile>{names[-1]}</encryptedXmlFile>"
        f"<base64EncryptedElementSignature>{signature}</base64EncryptedElementSignature></data>"
    ).encode()
