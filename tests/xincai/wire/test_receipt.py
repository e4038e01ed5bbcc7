from dataclasses import replace

import pytest
from wire_samples import DEVICE, GATEWAY, manifest, receipt

from xincai.errors import Problem
from xincai.wire.manifest import encode, manifest_id
from xincai.wire.receipt import CUSTODY, SignedReceipt, check_outcomes, sign_receipt, verify_receipt
from xincai.wire.suites import PrivateKey

MANIFEST = manifest()
DATA = encode(MANIFEST)
KEYS = {GATEWAY.public.key_id: GATEWAY.public}


@pytest.mark.parametrize("kind", ["A", "B"])
def test_a_genuine_receipt_verifies(kind: str) -> None:
    signed = sign_receipt(receipt(DATA, MANIFEST, kind), GATEWAY)
    verified = verify_receipt(signed, KEYS, manifest_id(DATA))
    check_outcomes(verified, MANIFEST)
    assert verified == receipt(DATA, MANIFEST, kind)


def test_a_forged_receipt_is_refused() -> None:
    stranger = PrivateKey.generate("Ed25519")
    claimed = receipt(DATA, MANIFEST)
    forged = SignedReceipt(sign_receipt(claimed, GATEWAY).data, stranger.sign(b""))
    with pytest.raises(Problem, match=r"wire\.bad_signature"):
        verify_receipt(forged, KEYS, manifest_id(DATA))
    own = sign_receipt(receipt(DATA, MANIFEST, key=stranger), stranger)
    with pytest.raises(Problem, match=r"wire\.unknown_key"):
        verify_receipt(own, KEYS, manifest_id(DATA))
    with pytest.raises(Problem, match=r"wire\.unknown_key"):
        verify_receipt(own, {stranger.public.key_id: GATEWAY.public}, manifest_id(DATA))
    with pytest.raises(Problem, match=r"wire\.unknown_key"):
        sign_receipt(claimed, stranger)


def test_a_genuine_receipt_for_another_batch_is_refused() -> None:
    other = encode(manifest(sequence=8))
    signed = sign_receipt(receipt(other, manifest(sequence=8)), GATEWAY)
    with pytest.raises(Problem, match=r"wire\.other_manifest"):
        verify_receipt(signed, KEYS, manifest_id(DATA))


@pytest.mark.parametrize(
    "changes",
    [
        {"device": "device-0002"},
        {"office": "110101"},
        {"sequence": 8},
        {"audit_head": "0" * 64},
        {"gateway": "gateway-0002"},
        {"outcomes": (replace(receipt(DATA, MANIFEST).outcomes[0], version=2),)},
    ],
    ids=str,
)
def test_a_receipt_that_speaks_of_other_facts_settles_nothing(changes: dict[str, str]) -> None:
    with pytest.raises(Problem, match=r"wire\.other_manifest"):
        check_outcomes(replace(receipt(DATA, MANIFEST), **changes), MANIFEST)  # type: ignore[arg-type]


def test_outcomes_belong_to_kind_b_and_are_complete() -> None:
    whole = receipt(DATA, MANIFEST)
    for wrong in (replace(whole, outcomes=()), replace(whole, kind=CUSTODY), replace(whole, kind="C")):
        with pytest.raises(Problem, match=r"wire\.bad_field"):
            sign_receipt(wrong, GATEWAY)


def test_not_one_flipped_bit_is_accepted() -> None:
    """Manifest, its signature, the receipt and its signature: each bit on its own."""
    signature = DEVICE.sign(DATA)
    signed = sign_receipt(receipt(DATA, MANIFEST), GATEWAY)
    accepted = tried = 0
    for parts in ((DATA, signature), (signed.data, signed.signature)):
        for which in (0, 1):
            for bit in range(len(parts[which]) * 8):
                changed = list(parts)
                value = bytearray(parts[which])
                value[bit // 8] ^= 1 << bit % 8
                changed[which] = bytes(value)
                tried += 1
                accepted += _accepted(*changed, is_manifest=parts[0] is DATA)
    assert accepted == 0
    assert tried == 8 * (len(DATA) + len(signature) + len(signed.data) + len(signed.signature))


def _accepted(data: bytes, signature: bytes, *, is_manifest: bool) -> bool:
    from xincai.wire.manifest import verify_manifest

    try:
        if is_manifest:
            verify_manifest(data, signature, DEVICE.public)
        else:
            verify_receipt(SignedReceipt(data, signature), KEYS, manifest_id(DATA))
    except Problem:
        return False
    return True
