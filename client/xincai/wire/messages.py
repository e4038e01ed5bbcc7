"""The messages between client and gateway: pydantic models, the one place where JSON becomes values.

The API, all JSON unless said otherwise, every reply with `Content-Length`, never compressed:

    GET   /.well-known/xincai            -> Wellknown                                        no token
    POST  /v1/enrol       EnrolRequest   -> EnrolReply | 403 ErrorReply(1005)                no token
    GET   /v1/keys                       -> KeysModel of wire.keys lists                     no token
    GET   /v1/time?nonce=N               -> SignedModel of {"format","nonce","time"}         no token
    GET   /v1/index                      -> SignedModel of a wire.index                      token
    GET   /v1/documents/{sm3}            -> octets of a file the index names; Range bytes=N-M token
    GET   /v1/head                       -> Head: what the gateway holds of this device      token
    POST  /v1/key         KeyRequest     -> KeyReply, again for the same key | 403 (1005)    token
    HEAD  /v1/blobs/{sm3}                -> 200 with Upload-Offset, Upload-Length, Upload-Complete | 404
    POST  /v1/blobs/{sm3}  octets        -> 201 with Upload-Offset
    PATCH /v1/blobs/{sm3}  octets        -> 204 with Upload-Offset | 409 with Upload-Offset | 422 (2007)
    POST  /v1/packs/{sm3}                -> 204: the small blobs of an uploaded `wire.pack` are here | 404
    PUT   /v1/batches/{manifest_sm3}     -> 201 (first), 200 (again) CommitReply | 409 (2007), `missing`
    GET   /v1/batches/{manifest_sm3}/receipts  -> CommitReply | 404
    GET   /v1/receipts?after=CURSOR      -> ReceiptPage

Upload-Complete is ?0 or ?1. POST creates a blob or restarts it at 0, with request headers Upload-Length (of
the whole) and Upload-Complete (?1 when the body is all of it). PATCH goes on at the request header
Upload-Offset, which must equal the stored one (else 409 tells the stored one). A whole whose SM3 differs from
its name is dropped with 422. The body of PUT is the manifest's exact bytes, or nothing when the manifest was
sent as a blob, and the header Xincai-Signature is `<key id>:<base64 signature>`.

A token travels as `Authorization: Bearer`. A proxy that strips PATCH or HEAD is met with POST and
`X-HTTP-Method-Override`. Requests refuse unknown members; replies ignore them, so a newer gateway can say
more. The signature of a manifest, not the token, is the authority for what it holds.
"""

import base64
import binascii
from collections.abc import Iterable
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator, WithJsonSchema

from xincai.wire.keys import SignedDocument
from xincai.wire.receipt import SignedReceipt

API = "v1"
WELL_KNOWN = "/.well-known/xincai"
SERVICE = "xincai-gateway"
SIGNATURE_HEADER = "Xincai-Signature"
TIME_FORMAT = "xincai-time-1"
MAX_REPLY = 8 * 1024 * 1024

_TEXT = 1000


def _from_base64(value: object) -> bytes:
    if isinstance(value, bytes):
        return value
    if not isinstance(value, str):
        raise ValueError("base64 text expected")  # noqa: TRY004 - pydantic turns ValueError into a finding
    try:
        return base64.b64decode(value, validate=True)
    except binascii.Error as error:
        raise ValueError("base64 text expected") from error


Octets = Annotated[
    bytes,
    PlainValidator(_from_base64),
    PlainSerializer(lambda value: base64.b64encode(value).decode(), return_type=str),
    WithJsonSchema({"type": "string", "contentEncoding": "base64"}),
]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
KeyId = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]


class Request(BaseModel):
    """What a client sends: unknown members are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Reply(BaseModel):
    """What a gateway answers: unknown members are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)


class Limits(Reply):
    """What the gateway takes at most, in bytes or counts, and whether it opens packs and series."""

    manifest_bytes: int = 8 * 1024 * 1024
    blob_bytes: int = 64 * 1024 * 1024
    chunk_bytes: int = 4 * 1024 * 1024
    batch_records: int = 1000
    packs: bool = False
    series: bool = False


class Wellknown(Reply):
    """Who answers here, and in which versions of the API."""

    service: str = SERVICE
    versions: list[str] = Field(default_factory=lambda: [API])
    gateway: str
    name: str = ""
    practice: bool = False
    time: str
    limits: Limits = Limits()


class SignedModel(Reply):
    """Exact bytes and detached signatures over them, by key name."""

    data: Octets
    signatures: dict[str, Octets]

    def document(self) -> SignedDocument:
        return SignedDocument(self.data, dict(self.signatures))

    @classmethod
    def of(cls, signed: SignedDocument) -> "SignedModel":
        return cls.model_construct(data=signed.data, signatures=dict(signed.signatures))


class KeysModel(SignedModel):
    """The list of keys; and the earlier ones that revoked a key, oldest first, for who missed one."""

    earlier: list[SignedModel] = Field(default_factory=list, max_length=100)

    @classmethod
    def of_lists(cls, signed: SignedDocument, earlier: Iterable[SignedDocument]) -> "KeysModel":
        lists = [SignedModel.of(each) for each in earlier]
        return cls.model_construct(data=signed.data, signatures=dict(signed.signatures), earlier=lists)


class EnrolRequest(Request):
    """A one-time code and a key, with proof that the sender holds the key.

    `proof` is the signature of `enrolment_message(code, device, public_key)` by the key itself.
    """

    code: str = Field(min_length=4, max_length=200)
    device: str = Field(min_length=8, max_length=64)
    public_key: str = Field(max_length=1000)
    proof: Octets


class KeyRequest(Request):
    """A device's key to be. `former` signs today; both keys sign `key_message` of it.

    `proof` is the new key's signature, `consent` that of the former.
    """

    former: KeyId
    public_key: str = Field(max_length=1000)
    proof: Octets
    consent: Octets


class KeyReply(Reply):
    """The id of the key that the device has from now on."""

    key_id: KeyId


class EnrolReply(Reply):
    """The device's standing: its office, its token, and whom to trust and address."""

    device: str
    office: str
    office_name: str = ""
    token: str = Field(min_length=16, max_length=200)
    gateway: str
    practice: bool = False
    keys: SignedModel


class Head(Reply):
    """What the gateway holds of this device: the last sequence and its manifest, 0 and None when nothing."""

    sequence: int
    manifest: str | None
    batches: int


class ReceiptModel(Reply):
    """One stored receipt, byte for byte, and its signature."""

    data: Octets
    signature: Octets

    def receipt(self) -> SignedReceipt:
        return SignedReceipt(self.data, self.signature)

    @classmethod
    def of(cls, signed: SignedReceipt) -> "ReceiptModel":
        return cls.model_construct(data=signed.data, signature=signed.signature)


class CommitReply(Reply):
    """The receipts of one batch: A always, B once the outcome is known."""

    receipts: list[ReceiptModel]


class ReturnReply(CommitReply):
    """What a stick brings back: the receipts of its batch, the list of keys, and the time, signed with the
    batch's name for a nonce.
    """

    keys: KeysModel
    time: SignedModel


class ReceiptPage(Reply):
    """Receipts of this device after a cursor, oldest first, and the cursor to ask with next."""

    receipts: list[ReceiptModel]
    cursor: str = Field(max_length=200)
    more: bool = False


class ErrorReply(Reply):
    """A refusal: one of `wire.codes`, words for a person, and which blobs are missing where that is the
    reason.
    """

    code: str = Field(max_length=8)
    text: str = Field(default="", max_length=_TEXT)
    missing: list[Digest] = Field(default_factory=list)


def enrolment_message(code: str, device: str, public_key: str) -> bytes:
    """What the enrolling key signs to prove that its holder asks."""
    return f"xincai-enrol-1\n{code}\n{device}\n{public_key}".encode()


def key_message(gateway: str, device: str, former: str, public_key: str) -> bytes:
    """What a device's former key and its new one sign to change places at a gateway."""
    return f"xincai-key-1\n{gateway}\n{device}\n{former}\n{public_key}".encode()


def split_code(code: str) -> tuple[str, str | None]:
    """An enrolment code's secret and, after a dot, the name of the gateway key to trust first (or None)."""
    secret, _, key_id = code.strip().partition(".")
    return secret, key_id or None


def signature_header(key_id: str, signature: bytes) -> str:
    """The value of the Xincai-Signature header."""
    return f"{key_id}:{base64.b64encode(signature).decode()}"


def read_signature_header(value: str) -> tuple[str, bytes]:
    """Key name and signature of a Xincai-Signature header; ValueError when it is not one."""
    key_id, colon, text = value.partition(":")
    if not colon or len(value) > 400:
        raise ValueError("not a signature header")
    return key_id, _from_base64(text)
