import pytest
from pydantic import ValidationError
from wire_samples import GATEWAY, manifest, receipt

from xincai.wire.codes import Help, what_helps
from xincai.wire.manifest import encode
from xincai.wire.messages import (
    CommitReply,
    EnrolRequest,
    ErrorReply,
    ReceiptModel,
    Wellknown,
    read_signature_header,
    signature_header,
    split_code,
)
from xincai.wire.receipt import sign_receipt


def test_a_receipt_crosses_the_wire_byte_for_byte() -> None:
    signed = sign_receipt(receipt(encode(manifest()), manifest()), GATEWAY)
    text = CommitReply(receipts=[ReceiptModel.of(signed)]).model_dump_json()
    assert CommitReply.model_validate_json(text).receipts[0].receipt() == signed


def test_a_newer_gateway_may_say_more_and_a_client_may_not() -> None:
    assert ErrorReply.model_validate({"code": "5000", "more": 1}).code == "5000"
    facts = {"code": "ABCD", "device": "device-1", "public_key": "pem", "proof": "AA=="}
    assert EnrolRequest.model_validate(facts).proof == b"\0"
    for wrong in ({**facts, "more": 1}, {**facts, "proof": "A"}, {**facts, "code": 1}):
        with pytest.raises(ValidationError):
            EnrolRequest.model_validate(wrong)


def test_defaults_are_not_shared() -> None:
    one = Wellknown(gateway="g", time="t")
    assert one.versions == ["v1"]
    assert one.versions is not Wellknown(gateway="g", time="t").versions


def test_a_signature_fits_a_header() -> None:
    key_id = "0123456789abcdef"
    assert read_signature_header(signature_header(key_id, b"\1\2")) == (key_id, b"\1\2")
    for wrong in ("", "abc", "a:*", "a:" + "A" * 400):
        with pytest.raises(ValueError, match=r"header|base64"):
            read_signature_header(wrong)


def test_an_enrolment_code_may_name_the_key_to_trust() -> None:
    assert split_code(" ABCD-EFGH ") == ("ABCD-EFGH", None)
    assert split_code("ABCD.0123456789abcdef") == ("ABCD", "0123456789abcdef")


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (500, "", Help.RETRY),
        (502, "", Help.RETRY),
        (429, "", Help.RETRY),
        (408, "", Help.RETRY),
        (409, "2007", Help.RETRY),
        (401, "", Help.AUTHENTICATE),
        (403, "1007", Help.AUTHENTICATE),
        (302, "", Help.PORTAL),
        (407, "", Help.PORTAL),
        (511, "", Help.PORTAL),
        (413, "", Help.SHRINK),
        (422, "4002", Help.SHRINK),
        (422, "2002", Help.CORRECT),
        (422, "3006", Help.CORRECT),
        (422, "1001", Help.QUARANTINE),
        (404, "", Help.QUARANTINE),
        (410, "", Help.QUARANTINE),
        (415, "", Help.QUARANTINE),
        (400, "", Help.QUARANTINE),
    ],
)
def test_each_refusal_knows_what_helps(status: int, code: str, expected: Help) -> None:
    assert what_helps(status, code) is expected
