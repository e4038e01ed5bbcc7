import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from wire_samples import DEVICE, ED_DEVICE, GATEWAY, manifest

from xincai.errors import Problem
from xincai.wire.canonical import Json, canonical, strict_json
from xincai.wire.digest import sm3
from xincai.wire.manifest import Blob, NamedBlob, decode, encode, manifest_id, verify_manifest
from xincai.wire.suites import PrivateKey

OPENSSL = (
    "openssl dgst -sm3 -verify pub.pem -sigopt distid:1234567812345678 -signature manifest.sm2 manifest.json"
)


def test_a_manifest_has_these_exact_bytes() -> None:
    assert encode(manifest()) == (Path(__file__).parent / "manifest.golden.json").read_bytes()


def test_openssl_alone_checks_a_batch(tmp_path: Path) -> None:
    data = (Path(__file__).parent / "manifest.golden.json").read_bytes()
    (tmp_path / "manifest.json").write_bytes(data)
    (tmp_path / "manifest.sm2").write_bytes(DEVICE.sign(data))
    (tmp_path / "pub.pem").write_text(DEVICE.public.pem)
    good = subprocess.run(OPENSSL.split(), cwd=tmp_path, check=True, capture_output=True)
    assert good.stdout == b"Verified OK\n"
    (tmp_path / "manifest.json").write_bytes(data.replace(b'"sequence":7', b'"sequence":8'))
    assert subprocess.run(OPENSSL.split(), cwd=tmp_path, check=False, capture_output=True).returncode == 1


@pytest.mark.parametrize("key", [DEVICE, ED_DEVICE], ids=["sm2", "ed25519"])
def test_a_manifest_comes_back_as_it_was(key: PrivateKey) -> None:
    sample = manifest(key)
    data = encode(sample)
    assert decode(data) == sample
    assert verify_manifest(data, key.sign(data), key.public) == sample
    assert manifest_id(data) == sm3(data)
    assert list(sample.blobs().values()) == [58, 28]


def test_a_manifest_is_its_signers_only() -> None:
    data = encode(manifest())
    with pytest.raises(Problem, match=r"wire\.unknown_key"):
        verify_manifest(data, GATEWAY.sign(data), GATEWAY.public)
    with pytest.raises(Problem, match=r"wire\.bad_signature"):
        verify_manifest(data, DEVICE.sign(data + b" "), DEVICE.public)


def _document() -> dict[str, Json]:
    document = strict_json(encode(manifest()))
    assert isinstance(document, dict)
    return document


@pytest.mark.parametrize("name", sorted(_document()))
def test_a_manifest_without_a_member_is_refused(name: str) -> None:
    document = _document()
    del document[name]
    with pytest.raises(Problem, match=r"wire\.bad_field"):
        decode(canonical(document))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"extra": 1}, "wire.bad_field"),
        ({"office": "4104\0"}, "wire.bad_field"),
        ({"format": "xincai-manifest-2"}, "wire.unknown_format"),
        ({"suite": "RSA"}, "wire.unknown_suite"),
        ({"user_id": "somebody"}, "wire.bad_field"),
        ({"sequence": 0}, "wire.bad_field"),
        ({"sequence": True}, "wire.bad_field"),
        ({"sequence": "7"}, "wire.bad_field"),
        ({"previous": "ABC"}, "wire.bad_field"),
        ({"created": "2026-11-22 03:04:05"}, "wire.bad_field"),
        ({"created": "2026-02-30T03:04:05Z"}, "wire.bad_field"),
        ({"clock_state": "fine"}, "wire.bad_field"),
        ({"records": []}, "wire.bad_field"),
        ({"records": {}}, "wire.bad_field"),
        ({"device": "x" * 65}, "wire.bad_field"),
    ],
    ids=str,
)
def test_a_manifest_with_a_wrong_member_is_refused(changes: dict[str, Json], code: str) -> None:
    with pytest.raises(Problem, match=code):
        decode(canonical({**_document(), **changes}))


def test_a_record_version_stands_in_a_manifest_once() -> None:
    record = manifest().records[0]
    with pytest.raises(Problem, match=r"wire\.bad_field"):
        encode(manifest(records=(record, record)))
    encode(manifest(records=(record, replace(record, version=2))))


def test_one_digest_has_one_size() -> None:
    record = manifest().records[0]
    blob = record.submission
    other = replace(record, version=2, submission=Blob(blob.sm3, blob.sha256, 1))
    with pytest.raises(Problem, match=r"wire\.bad_field"):
        encode(manifest(records=(record, other)))


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a\\b", "a\0b", "a\nb", "x" * 201], ids=ascii)
def test_attachment_names_that_could_be_paths_are_refused(name: str) -> None:
    record = replace(manifest().records[0], attachments=(NamedBlob(name, sm3(b""), 0),))
    with pytest.raises(Problem, match=r"wire\.bad_field"):
        encode(manifest(records=(record,)))
