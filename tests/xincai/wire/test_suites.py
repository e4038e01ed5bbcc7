import subprocess
from pathlib import Path

import pytest
from wire_samples import DEVICE, ED_DEVICE

from xincai.errors import Problem
from xincai.wire.suites import ED25519, SM2_SM3, PrivateKey, PublicKey, from_raw, to_raw

ORDER = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123


def test_the_standards_example_signature_verifies() -> None:
    """GB/T 32918.5 A.2: message "message digest", the default user id."""
    raw = bytes.fromhex(
        "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
        "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
    )
    DEVICE.public.verify(b"message digest", from_raw(raw))


@pytest.mark.parametrize("suite", [SM2_SM3, ED25519])
def test_what_a_key_signs_verifies_and_nothing_else_does(suite: str) -> None:
    key, other = PrivateKey.generate(suite), PrivateKey.generate(suite)
    signature = key.sign(b"message")
    key.public.verify(b"message", signature)
    for public, message, value in (
        (other.public, b"message", signature),
        (key.public, b"massage", signature),
        (key.public, b"message", b""),
        (key.public, b"message", signature + b"\0"),
        (key.public, b"message", signature[:-1]),
    ):
        with pytest.raises(Problem, match=r"wire\.bad_signature"):
            public.verify(message, value)


@pytest.mark.parametrize("suite", [SM2_SM3, ED25519])
def test_a_key_survives_being_stored(suite: str) -> None:
    key = PrivateKey.load(suite, PrivateKey.generate(suite).dump())
    PublicKey.from_pem(key.public.pem).verify(b"x", key.sign(b"x"))
    assert key.public.key_id == PublicKey.from_pem(key.public.pem.replace("\n", "\r\n")).key_id
    assert key.dump().hex() not in repr(key)


def test_halves_of_two_keys_are_not_a_key() -> None:
    one, two = PrivateKey.generate().dump(), PrivateKey.generate().dump()
    for data in (one[:32] + two[32:], one[:-1], b"\0" * 32 + one[32:], ORDER.to_bytes(32) + one[32:]):
        with pytest.raises(Problem, match=r"wire\.bad_key"):
            PrivateKey.load(SM2_SM3, data)
    with pytest.raises(Problem, match=r"wire\.bad_key"):
        PrivateKey.load(ED25519, b"short")


def test_an_unknown_suite_is_refused() -> None:
    for make in (
        PrivateKey.generate,
        lambda suite: PrivateKey.load(suite, b""),
        lambda suite: PublicKey(suite, b""),
    ):
        with pytest.raises(Problem, match=r"wire\.unknown_suite"):
            make("RSA")


def test_a_point_off_the_curve_is_no_key() -> None:
    raw = bytearray(DEVICE.public.raw)
    raw[5] ^= 1
    for bad in (bytes(raw), b"\0" * 64, b"\xff" * 64):
        with pytest.raises(Problem, match=r"wire\.bad_key"):
            PublicKey(SM2_SM3, bad)


def test_one_signature_has_one_form() -> None:
    signature = from_raw(to_raw(DEVICE.sign(b"m")))
    r, s = to_raw(signature)[:32], to_raw(signature)[32:]
    long_form = b"\x30\x81" + signature[1:]
    shifted = (int.from_bytes(r) + ORDER).to_bytes(33)
    for value in (
        long_form,
        _der(b"\0\0" + r, b"\0" + s),
        _der(b"\0" + shifted, b"\0" + s),
        _der(b"\0", b"\0" + s),
        b"\x31" + signature[1:],
    ):
        with pytest.raises(Problem, match=r"wire\.bad_signature"):
            DEVICE.public.verify(b"m", value)
    with pytest.raises(Problem, match=r"wire\.bad_signature"):
        to_raw(long_form)
    with pytest.raises(Problem, match=r"wire\.bad_signature"):
        from_raw(r)


def _der(*parts: bytes) -> bytes:
    body = b"".join(b"\x02" + bytes([len(part)]) + part for part in parts)
    return b"\x30" + bytes([len(body)]) + body


def test_openssl_reads_our_keys_and_we_verify_what_it_signs(tmp_path: Path) -> None:
    for name, key in (("sm2", DEVICE), ("ed", ED_DEVICE)):
        (tmp_path / f"{name}.pem").write_text(key.public.pem)
        shown = _openssl("pkey", "-pubin", "-in", tmp_path / f"{name}.pem", "-outform", "DER")
        assert shown == key.public.der
    _openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2", "-out", tmp_path / "key.pem")
    public = PublicKey.from_pem(_openssl("pkey", "-in", tmp_path / "key.pem", "-pubout").decode())
    (tmp_path / "m").write_bytes(b"message")
    distid = "distid:1234567812345678"
    key_file, message = tmp_path / "key.pem", tmp_path / "m"
    signature = _openssl("dgst", "-sm3", "-sign", key_file, "-sigopt", distid, message)
    public.verify(b"message", signature)


def _openssl(*arguments: str | Path) -> bytes:
    return subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True).stdout
