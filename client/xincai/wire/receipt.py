"""A receipt: the gateway's signed word about one batch. Only a verified receipt settles anything.

Rules: kind A means custody (the bytes are kept, and which audit head was countersigned), kind B the outcome
of every record. A receipt names the manifest it answers, the key that signs it and its own id; it is bytes,
made once, stored and replayed byte for byte. `verify_receipt` demands a known key, that key's signature over
the exact bytes, canonical JSON and the manifest that was asked about: someone else's receipt is refused even
when it is genuine. Outcomes must name exactly the manifest's records: `check_outcomes`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from xincai.errors import Problem
from xincai.wire.canonical import Json, canonical, read_canonical
from xincai.wire.fields import Fields
from xincai.wire.manifest import MAX_RECORDS, Manifest
from xincai.wire.suites import SUITES, PrivateKey, PublicKey

FORMAT = "xincai-receipt-1"
CUSTODY = "A"
OUTCOME = "B"
ACCEPTED = "accepted"
REJECTED = "rejected"


@dataclass(frozen=True)
class Outcome:
    """What became of one record version; `path` is the question's ref, `fixable` says a person can correct
    it.
    """

    record: str
    version: int
    status: str
    code: str = "0"
    path: str = ""
    text: str = ""
    fixable: bool = False

    @property
    def key(self) -> tuple[str, int]:
        """The record and its version."""
        return self.record, self.version


@dataclass(frozen=True)
class Receipt:
    """What the gateway says about the batch of one manifest."""

    kind: str
    receipt_id: str
    manifest: str
    device: str
    office: str
    sequence: int
    records: int
    blobs: int
    size: int
    platform_time: str
    audit_head: str
    gateway: str
    signer: str
    suite: str
    practice: bool = False
    outcomes: tuple[Outcome, ...] = ()


@dataclass(frozen=True)
class SignedReceipt:
    """A receipt's exact bytes and the detached signature over them."""

    data: bytes
    signature: bytes


def encode_receipt(receipt: Receipt) -> bytes:
    """The bytes to sign, store and replay; raise Problem when they would not be accepted back."""
    data = canonical(_document(receipt))
    decode_receipt(data)
    return data


def sign_receipt(receipt: Receipt, key: PrivateKey) -> SignedReceipt:
    """Encode and sign; the receipt must name the key that signs it."""
    if receipt.signer != key.public.key_id or receipt.suite != key.suite:
        raise Problem("wire.unknown_key", key=receipt.signer[:16])
    data = encode_receipt(receipt)
    return SignedReceipt(data, key.sign(data))


def decode_receipt(data: bytes) -> Receipt:
    """Read receipt bytes strictly, without asking who signed them: `verify_receipt` does."""
    fields = Fields(read_canonical(data))
    if (name := fields.text("format")) != FORMAT:
        raise Problem("wire.unknown_format", format=name[:40])
    receipt = Receipt(
        kind=fields.one_of("kind", (CUSTODY, OUTCOME)),
        receipt_id=fields.text("receipt_id", 64),
        manifest=fields.digest("manifest"),
        device=fields.text("device", 64),
        office=fields.text("office", 32),
        sequence=fields.integer("sequence", 1),
        records=fields.integer("records", 1, MAX_RECORDS),
        blobs=fields.integer("blobs"),
        size=fields.integer("size"),
        platform_time=fields.stamp("platform_time"),
        audit_head=fields.digest("audit_head"),
        gateway=fields.text("gateway", 64),
        signer=fields.text("signer", 16),
        suite=fields.one_of("suite", SUITES),
        practice=fields.truth("practice"),
        outcomes=tuple(_outcome(item) for item in fields.objects("outcomes", MAX_RECORDS)),
    )
    fields.finish()
    if len(receipt.outcomes) != (receipt.records if receipt.kind == OUTCOME else 0):
        raise Problem("wire.bad_field", path="$.outcomes")
    return receipt


def verify_receipt(signed: SignedReceipt, keys: Mapping[str, PublicKey], manifest_id: str) -> Receipt:
    """The receipt, once a known key has signed these bytes for this manifest; else raise Problem."""
    receipt = decode_receipt(signed.data)
    key = keys.get(receipt.signer)
    if key is None or key.suite != receipt.suite or key.key_id != receipt.signer:
        raise Problem("wire.unknown_key", key=receipt.signer[:16])
    key.verify(signed.data, signed.signature)
    if receipt.manifest != manifest_id:
        raise Problem("wire.other_manifest")
    return receipt


def check_outcomes(receipt: Receipt, manifest: Manifest) -> None:
    """Raise Problem unless the receipt speaks of this manifest's device, counts, audit head and records."""
    facts = (
        receipt.device,
        receipt.office,
        receipt.sequence,
        receipt.records,
        receipt.audit_head,
        receipt.gateway,
    )
    if facts != (
        manifest.device,
        manifest.office,
        manifest.sequence,
        len(manifest.records),
        manifest.audit_head,
        manifest.recipient,
    ):
        raise Problem("wire.other_manifest")
    if receipt.kind == OUTCOME:
        answered = {outcome.key for outcome in receipt.outcomes}
        if answered != {record.key for record in manifest.records}:
            raise Problem("wire.other_manifest")


def _outcome(fields: Fields) -> Outcome:
    outcome = Outcome(
        record=fields.text("record", 64),
        version=fields.integer("version", 1),
        status=fields.one_of("status", (ACCEPTED, REJECTED)),
        code=fields.text("code", 8),
        path=fields.text("path", 1000),
        text=fields.text("text", 1000),
        fixable=fields.truth("fixable"),
    )
    fields.finish()
    return outcome


def _document(receipt: Receipt) -> Json:
    return {
        "format": FORMAT,
        "kind": receipt.kind,
        "receipt_id": receipt.receipt_id,
        "manifest": receipt.manifest,
        "device": receipt.device,
        "office": receipt.office,
        "sequence": receipt.sequence,
        "records": receipt.records,
        "blobs": receipt.blobs,
        "size": receipt.size,
        "platform_time": receipt.platform_time,
        "audit_head": receipt.audit_head,
        "gateway": receipt.gateway,
        "signer": receipt.signer,
        "suite": receipt.suite,
        "practice": receipt.practice,
        "outcomes": [
            {
                "record": outcome.record,
                "version": outcome.version,
                "status": outcome.status,
                "code": outcome.code,
                "path": outcome.path,
                "text": outcome.text,
                "fixable": outcome.fixable,
            }
            for outcome in receipt.outcomes
        ],
    }
