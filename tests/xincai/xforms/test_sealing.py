"""Encrypted submissions: what the holder of the private key gets back, by the server's own steps."""

import base64

import pytest
from scenario import xform

from holder import Holder, inside
from xincai.errors import Problem
from xincai.xforms import Form, Session, read_form
from xincai.xforms.filling.sealing import encrypt_submission, wants_encryption

PHOTO, SOUND = b"\x89PNG" + bytes(range(256)) * 5, b""


@pytest.fixture(scope="module")
def holder() -> Holder:
    return Holder()


def _form(key: str) -> Form:
    extra = f'<submission base64RsaPublicKey="{key}" method="post"/>' if key else ""
    return read_form(
        xform('<data id="f&amp;1" version="7"><a/></data>', "", '<input ref="/data/a"/>', extra).encode()
    )


def test_the_holder_of_the_key_reads_everything_and_the_signature_holds(holder: Holder) -> None:
    form = _form(holder.public)
    session = Session.new(form)
    session.answer("/data/a", "王测")
    xml = session.finalize()
    sealed = encrypt_submission(form, session.instance_id, xml, [("p.png", PHOTO), ("s.wav", SOUND)])
    manifest = sealed.manifest.decode()
    assert len(holder.unwrap(inside(manifest, "base64EncryptedKey"))) == 32
    assert list(sealed.files) == ["p.png.enc", "s.wav.enc", "submission.xml.enc"]
    read = holder.open(manifest, sealed.files)
    assert read == {"p.png": PHOTO, "s.wav": SOUND, "submission.xml": xml}


def test_the_manifest_names_form_instance_and_files_and_no_answer(holder: Holder) -> None:
    form = _form(holder.public)
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


def test_each_submission_has_a_key_of_its_own(holder: Holder) -> None:
    form = _form(holder.public)
    first, second = (encrypt_submission(form, "uuid:1", b"<data/>") for _ in range(2))
    assert first.files != second.files


def test_more_files_than_a_vector_has_bytes_are_read_back(holder: Holder) -> None:
    form = _form(holder.public)
    media = [(f"{at}.bin", bytes([at]) * at) for at in range(20)]
    sealed = encrypt_submission(form, "uuid:1", b"<data/>", media)
    read = holder.open(sealed.manifest.decode(), sealed.files)
    assert read == {**dict(media), "submission.xml": b"<data/>"}


@pytest.mark.parametrize("key", ["%%%", "AAAA", base64.b64encode(b"no key").decode()])
def test_a_key_that_is_none_is_refused(key: str) -> None:
    form = _form(key)
    assert wants_encryption(form)
    with pytest.raises(Problem) as caught:
        encrypt_submission(form, "uuid:1", b"<data/>")
    assert caught.value.code == "xforms.bad_public_key"


def test_a_form_without_a_key_asks_for_nothing() -> None:
    assert not wants_encryption(_form(""))
