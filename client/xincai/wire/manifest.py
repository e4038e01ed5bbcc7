"""A manifest: the signed list of what one batch holds.

Rules: a manifest is bytes, made once; its name is SM3 over exactly those bytes; the signature is detached and
covers them. `decode` accepts only what `encode` writes: canonical JSON, every member known, every digest
64 lower-case hex digits, record keys and attachment names unique. It names the suite, the signer's key and,
for SM2, the user id that the signature used, so that anyone can check it with stock tools:

    openssl dgst -sm3 -verify pub.pem -sigopt distid:1234567812345678 -signature manifest.sm2 manifest.json
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from xincai.errors import Problem
from xincai.wire.canonical import Json, canonical, read_canonical
from xincai.wire.digest import sm3
from xincai.wire.fields import Fields
from xincai.wire.suites import SM2_SM3, SUITES, USER_ID, PublicKey

FORMAT = "xincai-manifest-1"
MAX_RECORDS = 5_000
MAX_ATTACHMENTS = 1_000
CLOCK_STATES = ("unverified", "verified", "wrong")
_NAME = re.compile(r"[^/\\\x00-\x1f\x7f]{1,200}")


@dataclass(frozen=True)
class Blob:
    """Bytes that travel beside the manifest."""

    sm3: str
    sha256: str
    size: int


@dataclass(frozen=True)
class NamedBlob:
    """An attachment: the name the submission knows it by, and its bytes' digest."""

    name: str
    sm3: str
    size: int


@dataclass(frozen=True)
class ManifestRecord:
    """One sealed record version as it travels."""

    record: str
    version: int
    form: str
    form_version: str
    form_sm3: str
    submission: Blob
    attachments: tuple[NamedBlob, ...] = ()
    authorisation: str | None = None

    @property
    def key(self) -> tuple[str, int]:
        """The record and its version, which name it within an office."""
        return self.record, self.version


@dataclass(frozen=True)
class Manifest:
    """What one batch holds, who signs it, and where it stands in the device's chain.

    `previous` is the name of the device's manifest before this one, None for the first; `audit_head` is the
    head of the vault's event chain; `recipient` is the gateway's id; `clock_state` is one of `CLOCK_STATES`.
    """

    suite: str
    signer: str
    device: str
    office: str
    sequence: int
    previous: str | None
    audit_head: str
    recipient: str
    created: str
    clock_state: str
    records: tuple[ManifestRecord, ...]

    def blobs(self) -> Mapping[str, int]:
        """SM3 -> size of everything that must travel with it, each once, in order of first mention."""
        sizes: dict[str, int] = {}
        for record in self.records:
            sizes.setdefault(record.submission.sm3, record.submission.size)
            for attachment in record.attachments:
                sizes.setdefault(attachment.sm3, attachment.size)
        return sizes


def manifest_id(data: bytes) -> str:
    """The name of a manifest: SM3 over its exact bytes."""
    return sm3(data)


def encode(manifest: Manifest) -> bytes:
    """The bytes to sign, store and send; raise Problem when they would not be accepted back."""
    data = canonical(_document(manifest))
    decode(data)
    return data


def decode(data: bytes) -> Manifest:
    """Read manifest bytes strictly; raise Problem on anything that `encode` would not write."""
    fields = Fields(read_canonical(data))
    if (name := fields.text("format")) != FORMAT:
        raise Problem("wire.unknown_format", format=name[:40])
    suite = fields.text("suite")
    if suite not in SUITES:
        raise Problem("wire.unknown_suite", suite=suite[:40])
    if suite == SM2_SM3:
        fields.one_of("user_id", (USER_ID,))
    manifest = Manifest(
        suite=suite,
        signer=fields.text("signer", 16),
        device=fields.text("device", 64),
        office=fields.text("office", 32),
        sequence=fields.integer("sequence", 1),
        previous=fields.optional_digest("previous"),
        audit_head=fields.digest("audit_head"),
        recipient=fields.text("recipient", 64),
        created=fields.stamp("created"),
        clock_state=fields.one_of("clock_state", CLOCK_STATES),
        records=tuple(_record(record) for record in fields.objects("records", MAX_RECORDS)),
    )
    fields.finish()
    _check_whole(manifest)
    return manifest


def listed_size(record: ManifestRecord) -> int:
    """The bytes that a record takes in a manifest; raise Problem when no manifest can list it."""
    data = canonical(_record_document(record))
    _record(Fields(read_canonical(data)))
    return len(data) + 1


def verify_manifest(data: bytes, signature: bytes, key: PublicKey) -> Manifest:
    """The manifest, once the key it names has signed these bytes; else raise Problem."""
    manifest = decode(data)
    check_signed(manifest, data, signature, key)
    return manifest


def check_signed(manifest: Manifest, data: bytes, signature: bytes, key: PublicKey) -> None:
    """Raise Problem unless the key that a manifest names has signed the bytes it was read from."""
    if manifest.signer != key.key_id or manifest.suite != key.suite:
        raise Problem("wire.unknown_key", key=manifest.signer[:16])
    key.verify(data, signature)


def _check_whole(manifest: Manifest) -> None:
    if not manifest.records:
        raise Problem("wire.bad_field", path="$.records")
    keys = {record.key for record in manifest.records}
    if len(keys) != len(manifest.records):
        raise Problem("wire.bad_field", path="$.records")
    sizes: dict[str, int] = {}
    for record in manifest.records:
        blobs = ((blob.sm3, blob.size) for blob in record.attachments)
        for digest, size in ((record.submission.sm3, record.submission.size), *blobs):
            if sizes.setdefault(digest, size) != size:
                raise Problem("wire.bad_field", path="$.records.size")


def _record(fields: Fields) -> ManifestRecord:
    submission = fields.object("submission")
    record = ManifestRecord(
        record=fields.text("record", 64),
        version=fields.integer("version", 1),
        form=fields.text("form", 100),
        form_version=fields.text("form_version", 100),
        form_sm3=fields.digest("form_sm3"),
        submission=Blob(submission.digest("sm3"), submission.digest("sha256"), submission.integer("size", 1)),
        attachments=tuple(_attachment(item) for item in fields.objects("attachments", MAX_ATTACHMENTS)),
        authorisation=fields.optional_text("authorisation"),
    )
    submission.finish()
    fields.finish()
    if len({attachment.name for attachment in record.attachments}) != len(record.attachments):
        raise Problem("wire.bad_field", path="$.records.attachments")
    return record


def _attachment(fields: Fields) -> NamedBlob:
    blob = NamedBlob(fields.text("name"), fields.digest("sm3"), fields.integer("size"))
    if not _NAME.fullmatch(blob.name) or blob.name in {".", ".."}:
        raise Problem("wire.bad_field", path="$.records.attachments.name")
    fields.finish()
    return blob


def _document(manifest: Manifest) -> Json:
    document: dict[str, Json] = {
        "format": FORMAT,
        "suite": manifest.suite,
        "signer": manifest.signer,
        "device": manifest.device,
        "office": manifest.office,
        "sequence": manifest.sequence,
        "previous": manifest.previous,
        "audit_head": manifest.audit_head,
        "recipient": manifest.recipient,
        "created": manifest.created,
        "clock_state": manifest.clock_state,
        "records": [_record_document(record) for record in manifest.records],
    }
    if manifest.suite == SM2_SM3:
        document["user_id"] = USER_ID
    return document


def _record_document(record: ManifestRecord) -> Json:
    submission = record.submission
    return {
        "record": record.record,
        "version": record.version,
        "form": record.form,
        "form_version": record.form_version,
        "form_sm3": record.form_sm3,
        "submission": {"sm3": submission.sm3, "sha256": submission.sha256, "size": submission.size},
        "attachments": [
            {"name": item.name, "sm3": item.sm3, "size": item.size} for item in record.attachments
        ],
        "authorisation": record.authorisation,
    }
