"""Encrypted submissions: what the holder of the private key gets back, by the server's own steps."""

import base64
import hashlib
import re

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from scenario import xform

from xincai.errors import Problem
from xincai.xforms import Form, Session, read_form
from xincai.xforms.filling.sealing import encrypt_submission, wants_encryption

PHOTO, SOUND = b"\x89PNG" + bytes(range(256)) * 5, b""


@pytest.fixture(scope="module")
def private() -> RSAPrivateKey:
    return generate_private_key(65537, 2048)


def _form(key: str) -> Form:
    extra = f'<submission base64RsaPublicKey="{key}" method="post"/>' if key else ""
    return read_form(
        xform('<data id="f&amp;1" version="7"><a/></data>', "", '<input ref="/data/a"/>', extra).encode()
    )


def _public(private: RSAPrivateKey) -> str:
    der = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


def _unwrap(private: RSAPrivateKey, text: str) -> bytes:
    """Raw RSA, then OAEP with SHA-256 for both digests, undone by hand."""
    numbers = private.private_numbers()
    block = pow(int.from_bytes(base64.b64decode(text)), numbers.d, numbers.public_numbers.n).to_bytes(256)
    seed, rest = block[1:33], block[33:]
    seed = _xor(seed, _mask(rest, 32))
    rest = _xor(rest, _mask(seed, len(rest)))
    assert rest[:32] == hashlib.sha256().digest()
    return rest[32:].lstrip(b"\0")[1:]


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


def test_the_holder_of_the_key_reads_everything_and_the_signature_holds(private: RSAPrivateKey) -> None:
    form = _form(_public(private))
    session = Session.new(form)
    session.answer("/data/a", "王测")
    xml = session.finalize()
    sealed = encrypt_submission(form, session.instance_id, xml, [("p.png", PHOTO), ("s.wav", SOUND)])
    manifest = sealed.manifest.decode()
    wrapped = _inside(manifest, "base64EncryptedKey")
    key = _unwrap(private, wrapped)
    assert len(key) == 32
    assert list(sealed.files) == ["p.png.enc", "s.wav.enc", "submission.xml.enc"]
    vectors = _vectors(session.instance_id, key, 3)
    read = [_decrypt(key, vector, data) for vector, data in zip(vectors, sealed.files.values(), strict=True)]
    assert read == [PHOTO, SOUND, xml]
    lines = ["f&1", "7", wrapped, session.instance_id]
    names = ["p.png", "s.wav", "submission.xml"]
    lines += [f"{name}::{hashlib.md5(data).hexdigest()}" for name, data in zip(names, read, strict=True)]
    signature = _unwrap(private, _inside(manifest, "base64EncryptedElementSignature"))
    assert signature == hashlib.md5(("\n".join(lines) + "\n").encode()).digest()


def test_the_manifest_names_form_instance_and_files_and_no_answer(private: RSAPrivateKey) -> None:
    form = _form(_public(private))
    session = Session.new(form)
    session.answer("/data/a", "secret")
    sealed = encrypt_submission(form, session.instance_id, session.finalize(), [("p.png", PHOTO)])
    manifest = sealed.manifest.decode()
    assert '<data xmlns="http://www.opendatakit.org/xforms/encrypted" id="f&amp;1" version="7"' in manifest
    assert 'encrypted="yes"' in manifest
    assert f"<orx:instanceID>{session.instance_id}</orx:instanceID>" in manifest
    assert "<media><file>p.png.enc</file></media>" in manifest
    assert "<encryptedXmlFile>submission.xml.enc</encryptedXmlFile>" in manifest
    assert "secret" not in manifest
    assert not any(b"secret" in data for data in sealed.files.values())


def test_each_submission_has_a_key_of_its_own(private: RSAPrivateKey) -> None:
    form = _form(_public(private))
    first, second = (encrypt_submission(form, "uuid:1", b"<data/>") for _ in range(2))
    assert first.files != second.files


def test_more_files_than_a_vector_has_bytes_are_read_back(private: RSAPrivateKey) -> None:
    form = _form(_public(private))
    media = [(f"{at}.bin", bytes([at]) * at) for at in range(20)]
    sealed = encrypt_submission(form, "uuid:1", b"<data/>", media)
    key = _unwrap(private, _inside(sealed.manifest.decode(), "base64EncryptedKey"))
    read = [
        _decrypt(key, vector, data)
        for vector, data in zip(_vectors("uuid:1", key, 21), sealed.files.values(), strict=True)
    ]
    assert read == [*(data for _, data in media), b"<data/>"]


@pytest.mark.parametrize("key", ["%%%", "AAAA", base64.b64encode(b"no key").decode()])
def test_a_key_that_is_none_is_refused(key: str) -> None:
    form = _form(key)
    assert wants_encryption(form)
    with pytest.raises(Problem) as caught:
        encrypt_submission(form, "uuid:1", b"<data/>")
    assert caught.value.code == "xforms.bad_public_key"


def test_a_form_without_a_key_asks_for_nothing() -> None:
    assert not wants_encryption(_form(""))


def _inside(manifest: str, name: str) -> str:
    found = re.search(f"<{name}>([^<]*)</{name}>", manifest)
    assert found
    return found[1]
