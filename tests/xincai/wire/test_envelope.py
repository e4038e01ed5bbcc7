import io
import json
import subprocess
import zipfile
from pathlib import Path

import pytest
from wire_samples import DEVICE, ED_DEVICE, GATEWAY

from xincai.errors import Problem
from xincai.wire.envelope import is_envelope, open_envelope, seal_envelope
from xincai.wire.suites import PrivateKey

CONTENT = b"PK not really a container " * 100_000


def _sealed(tmp_path: Path, content: bytes = CONTENT) -> Path:
    path = tmp_path / "bundle.zip"
    with path.open("wb") as file:
        seal_envelope([content], len(content), file, "gateway-1", DEVICE.public)
    return path


def _opened(path: Path, key: PrivateKey = DEVICE) -> bytes:
    out = io.BytesIO()
    open_envelope(path, out, "gateway-1", key)
    return out.getvalue()


@pytest.mark.parametrize("content", [CONTENT, b"", b"x" * (1 << 20), b"x" * 17], ids=len)
def test_an_envelope_gives_back_what_was_put_in(tmp_path: Path, content: bytes) -> None:
    path = _sealed(tmp_path, content)
    assert is_envelope(path)
    assert _opened(path) == content


def test_an_envelope_hides_its_content_and_is_new_each_time(tmp_path: Path) -> None:
    first = _sealed(tmp_path).read_bytes()
    assert b"container" not in first
    assert _sealed(tmp_path).read_bytes() != first


def test_only_the_addressee_opens_it(tmp_path: Path) -> None:
    for key in (PrivateKey.generate(), GATEWAY):
        with pytest.raises(Problem, match=r"wire\.bad_envelope"):
            _opened(_sealed(tmp_path), key)
    with pytest.raises(Problem, match=r"wire\.unknown_suite"):
        seal_envelope([b""], 0, io.BytesIO(), "g", ED_DEVICE.public)


def test_not_one_flipped_byte_opens(tmp_path: Path) -> None:
    path = _sealed(tmp_path, b"small content")
    whole = path.read_bytes()
    for place in range(len(whole)):
        data = bytearray(whole)
        data[place] ^= 1
        path.write_bytes(data)
        out = io.BytesIO()
        with pytest.raises(Problem, match=r"wire\."):
            open_envelope(path, out, "gateway-1", DEVICE)
        assert out.getvalue() == b""


def test_what_is_no_envelope_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    for data in (b"", b"PK\x05\x06" + bytes(18)):
        path.write_bytes(data)
        assert not is_envelope(path)
        with pytest.raises(Problem, match=r"wire\.bad_envelope"):
            _opened(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("envelope.json", b"{}")
        archive.writestr("content.sm4", b"")
        archive.writestr("more", b"")
    with pytest.raises(Problem, match=r"wire\.bad_envelope"):
        _opened(path)


def test_openssl_alone_opens_an_envelope(tmp_path: Path) -> None:
    with zipfile.ZipFile(_sealed(tmp_path)) as archive:
        letter = json.loads(archive.read("envelope.json"))
        content = archive.read("content.sm4")
    import base64

    secret, public = DEVICE.dump()[:32], DEVICE.public.raw
    der = (
        bytes.fromhex("30770201010420")
        + secret
        + bytes.fromhex("a00a06082a811ccf5501822da14403420004")
        + public
    )
    (tmp_path / "key.der").write_bytes(der)
    (tmp_path / "wrapped.bin").write_bytes(base64.b64decode(letter["wrapped"]))
    (tmp_path / "content.sm4").write_bytes(content)
    (tmp_path / "body").write_bytes(content[16:])
    _openssl(tmp_path, "ec -inform DER -in key.der -out key.pem")
    keys = _openssl(tmp_path, "pkeyutl -decrypt -inkey key.pem -in wrapped.bin")
    mac = _openssl(tmp_path, f"dgst -sm3 -mac HMAC -macopt hexkey:{keys[16:].hex()} content.sm4")
    assert mac.decode().split()[-1] == letter["mac"]
    plain = _openssl(tmp_path, f"enc -d -sm4-ctr -K {keys[:16].hex()} -iv {content[:16].hex()} -in body")
    assert plain == CONTENT


def _openssl(folder: Path, arguments: str) -> bytes:
    return subprocess.run(["openssl", *arguments.split()], cwd=folder, check=True, capture_output=True).stdout
