from dataclasses import replace

import pytest
from wire_samples import DEVICE, ED_DEVICE, GATEWAY

from xincai.errors import Problem
from xincai.wire.digest import sm3
from xincai.wire.qr import LetterSeal, decode_seal, encode_seal, sign_seal, verify_seal
from xincai.wire.suites import PrivateKey


def _seal(key: PrivateKey = DEVICE) -> LetterSeal:
    seal = LetterSeal(
        "commitment",
        "41049920261122000001",
        "commitment",
        "2026110101",
        "王**",
        sm3(b"record"),
        "2026-11-22T03:04:05Z",
        key.public.key_id,
    )
    return sign_seal(seal, key.sign, key.suite)


@pytest.mark.parametrize("key", [DEVICE, ED_DEVICE], ids=["sm2", "ed25519"])
def test_a_letters_seal_verifies_offline(key: PrivateKey) -> None:
    text = encode_seal(_seal(key))
    assert len(text) < 350
    assert verify_seal(text, {key.public.key_id: key.public}) == _seal_of(text)


def _seal_of(text: str) -> LetterSeal:
    return decode_seal(text)


def test_a_changed_seal_is_refused() -> None:
    text = encode_seal(_seal(ED_DEVICE))
    keys = {ED_DEVICE.public.key_id: ED_DEVICE.public}
    for place in range(len(text)):
        for character in ("0", "王", '"', "A"):
            changed = text[:place] + character + text[place + 1 :]
            if changed != text:
                with pytest.raises(Problem):
                    verify_seal(changed, keys)
    with pytest.raises(Problem, match=r"wire\.unknown_key"):
        verify_seal(text, {GATEWAY.public.key_id: GATEWAY.public})


@pytest.mark.parametrize("text", ["", "{}", "http://x", "x" * 701, '{"v":2}', "\ud800"])
def test_another_code_is_not_a_seal(text: str) -> None:
    with pytest.raises(Problem):
        decode_seal(text)


def test_a_seal_tells_its_wording_and_never_an_empty_one() -> None:
    bare = _seal()
    told = sign_seal(replace(bare, text="ab" * 8), DEVICE.sign, DEVICE.suite)
    keys = {DEVICE.public.key_id: DEVICE.public}
    assert verify_seal(encode_seal(told), keys).text == "ab" * 8
    assert verify_seal(encode_seal(bare), keys).text == ""
    for changed in (
        encode_seal(bare)[:-1] + ',"x":""}',
        encode_seal(told).replace(f',"x":"{"ab" * 8}"', ""),
        encode_seal(told).replace("ab" * 8, "ac" * 8),
    ):
        with pytest.raises(Problem):
            verify_seal(changed, keys)
