"""Fixed keys and documents for the wire's tests; the keys are public and protect nothing."""

from xincai.wire.digest import sha256, sm3
from xincai.wire.manifest import Blob, Manifest, ManifestRecord, NamedBlob, manifest_id
from xincai.wire.receipt import OUTCOME, Outcome, Receipt
from xincai.wire.suites import ED25519, SM2_SM3, PrivateKey

SUBMISSION = "<data id='visit' version='1'><name>王测䶮</name></data>".encode()
PHOTO = b"\xff\xd8\xff\xe0 not really a photograph"

DEVICE = PrivateKey.load(
    SM2_SM3,
    bytes.fromhex(
        "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8"
        "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
        "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
    ),
)
ED_DEVICE = PrivateKey.load(ED25519, bytes(range(32)))
GATEWAY = PrivateKey.load(ED25519, bytes(range(32, 64)))


def manifest(key: PrivateKey = DEVICE, **changes: object) -> Manifest:
    record = ManifestRecord(
        record="0d5f8c1e-5f3a-4a51-9b0b-2d9f6f2b7a10",
        version=1,
        form="visit",
        form_version="2026110101",
        form_sm3=sm3(b"form"),
        submission=Blob(sm3(SUBMISSION), sha256(SUBMISSION), len(SUBMISSION)),
        attachments=(NamedBlob("门头照.jpg", sm3(PHOTO), len(PHOTO)),),
        authorisation="授2026-0001",
    )
    facts: dict[str, object] = {
        "suite": key.suite,
        "signer": key.public.key_id,
        "device": "device-0001",
        "office": "410499101",
        "sequence": 7,
        "previous": sm3(b"previous"),
        "audit_head": sm3(b"head"),
        "recipient": "gateway-0001",
        "created": "2026-11-22T03:04:05Z",
        "clock_state": "unverified",
        "records": (record,),
    }
    return Manifest(**{**facts, **changes})  # type: ignore[arg-type]


def receipt(data: bytes, of: Manifest, kind: str = OUTCOME, key: PrivateKey = GATEWAY) -> Receipt:
    outcomes = tuple(
        Outcome(item.record, item.version, "rejected", "3002", "/data/name", "名称与代码不一致", fixable=True)
        for item in of.records
    )
    return Receipt(
        kind=kind,
        receipt_id="R-0001",
        manifest=manifest_id(data),
        device=of.device,
        office=of.office,
        sequence=of.sequence,
        records=len(of.records),
        blobs=len(of.blobs()),
        size=sum(of.blobs().values()),
        platform_time="2026-11-22T03:05:00Z",
        audit_head=of.audit_head,
        gateway=of.recipient,
        signer=key.public.key_id,
        suite=key.suite,
        outcomes=outcomes if kind == OUTCOME else (),
    )
