"""The holder of a form's private key: opens encrypted submissions by the server's own steps, done by hand."""

import base64
import hashlib
import re
from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


class Holder:
    """Someone with a key of their own."""

    def __init__(self) -> None:
        self.private: RSAPrivateKey = generate_private_key(65537, 2048)

    @property
    def public(self) -> str:
        """The public key, as a form holds it."""
        der = self.private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(der).decode()

    def open(self, manifest: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
        """What was encrypted, by its own name; the signature is held against it."""
        wrapped, instance = inside(manifest, "base64EncryptedKey"), inside(manifest, "orx:instanceID")
        names = re.findall(r"<media><file>([^<]*)</file></media>", manifest)
        names.append(inside(manifest, "encryptedXmlFile"))
        key = self.unwrap(wrapped)
        vectors = _vectors(instance, key, len(names))
        read = {
            name.removesuffix(".enc"): _decrypt(key, vector, files[name])
            for name, vector in zip(names, vectors, strict=True)
        }
        head = [_attribute(manifest, "id"), *filter(None, [_attribute(manifest, "version")])]
        lines = [f"{name}::{hashlib.md5(data).hexdigest()}" for name, data in read.items()]
        source = "\n".join([*head, wrapped, instance, *lines, ""])
        signature = self.unwrap(inside(manifest, "base64EncryptedElementSignature"))
        assert signature == hashlib.md5(source.encode()).digest()
        return read

    def unwrap(self, text: str) -> bytes:
        """Raw RSA, then OAEP with SHA-256 for both digests."""
        numbers = self.private.private_numbers()
        block = pow(int.from_bytes(base64.b64decode(text)), numbers.d, numbers.public_numbers.n).to_bytes(256)
        seed, rest = block[1:33], block[33:]
        seed = _xor(seed, _mask(rest, 32))
        rest = _xor(rest, _mask(seed, len(rest)))
        assert rest[:32] == hashlib.sha256().digest()
        return rest[32:].lstrip(b"\0")[1:]


def inside(manifest: str, name: str) -> str:
    """The text of an element."""
    found = re.search(f"<{name}>([^<]*)</{name}>", manifest)
    assert found
    return found[1]


def _attribute(manifest: str, name: str) -> str:
    found = re.search(f' {name}="([^"]*)"', manifest.partition("?>")[2])
    return found[1].replace("&amp;", "&") if found else ""


def _mask(seed: bytes, length: int) -> bytes:
    blocks = (hashlib.sha256(seed + at.to_bytes(4)).digest() for at in range(-(-length // 32)))
    return b"".join(blocks)[:length]


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def _decrypt(key: bytes, vector: bytes, data: bytes) -> bytes:
    """CFB with whole blocks, one block after the other; PKCS#7 taken off."""
    box, plain, before = Cipher(AES(key), ECB()).encryptor(), b"", vector
    for at in range(0, len(data), 16):
        block = data[at : at + 16]
        plain += _xor(block, box.update(before))
        before = block
    assert plain[-plain[-1] :] == bytes([plain[-1]]) * plain[-1]
    return plain[: -plain[-1]]


def _vectors(instance: str, key: bytes, count: int) -> list[bytes]:
    running, found = bytearray(hashlib.md5(instance.encode() + key).digest()), []
    for at in range(count):
        running[at % 16] = (running[at % 16] + 1) & 0xFF
        found.append(bytes(running))
    return found
