"""What the vault hands out and takes in: plain frozen values. Instants are aware and UTC; names are
unmasked.
"""

import dataclasses
import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from xincai import clock

BatchState = Literal["batched", "unknown", "custody", "settled", "quarantined"]
Status = Literal["sealed", "waiting", "unknown", "received", "accepted", "returned", "practised"]
Way = Literal["http", "stick"]
PersonRole = Literal["filer", "officer", "clerk", "reviewer", "administrator", "auditor"]
RecordKey = tuple[str, int]
"""A record's id and version."""


@dataclass(frozen=True)
class Device:
    """This computer as the gateway knows it; `private_key` is `PrivateKey.dump()`, `gateway_keys` are PEM."""

    device_id: str
    office: str
    suite: str
    private_key: bytes
    gateway_url: str
    token: str
    gateway_keys: tuple[str, ...]
    recipient: str
    practice: bool = False

    def __repr__(self) -> str:
        return f"Device({self.device_id})"


@dataclass(frozen=True)
class EntityRow:
    """A row of a list as a record left it; `name` among its cells is the entity's id. A `delicate` one may
    hold answers of level L4.
    """

    dataset: str
    cells: Mapping[str, str] = dataclasses.field(repr=False)
    delicate: bool = False


@dataclass(frozen=True)
class PersonRow:
    """Somebody who has a key to the vault; the id of the first person is "", and stays."""

    person_id: str
    name: str
    roles: tuple[PersonRole, ...]


@dataclass(frozen=True)
class Draft:
    """A filling that is not sealed yet. `record_id` and `version` > 1 when it corrects a record."""

    draft_id: str
    form_id: str
    form_version: str
    form_sm3: str
    subject_name: str = dataclasses.field(repr=False)
    xml: bytes = dataclasses.field(repr=False)
    record_id: str | None = None
    version: int = 1
    answered: int = 0
    required: int = 0
    saved_at: datetime.datetime = dataclasses.field(default_factory=clock.now)
    copied: str = dataclasses.field(default="", repr=False)
    """What was taken over from an earlier record, as the desk writes it."""
    copied_from: str = ""
    """The id of that record."""
    delicate: frozenset[str] = frozenset()
    """Paths of the answers of level L4, which the vault enciphers once more; not kept."""


@dataclass(frozen=True)
class DraftRow:
    """A draft in a list, without its answers."""

    draft_id: str
    form_id: str
    form_version: str
    subject_name: str
    record_id: str | None
    version: int
    answered: int
    required: int
    saved_at: datetime.datetime


@dataclass(frozen=True)
class FormSource:
    """A form as it stood when it was filled, with the files it asks for."""

    form_sm3: str
    form_id: str
    form_version: str
    xml: bytes
    files: Mapping[str, bytes]


@dataclass(frozen=True)
class ImportedRow:
    """A form that the person brought in; `card` is the shelf's text, `offered` false once withdrawn."""

    form_sm3: str
    form_id: str
    form_version: str
    card: str
    imported_at: datetime.datetime
    offered: bool


@dataclass(frozen=True)
class RecordRow:
    """The latest version of a record in a list, without its answers."""

    record_id: str
    version: int
    form_id: str
    form_version: str
    title: str
    subject_kind: str
    subject_code: str
    subject_name: str
    sealed_at: datetime.datetime
    status: Status
    erased: bool = False
    """Its content was erased after its receipt: only the tombstone is left."""


@dataclass(frozen=True)
class Correction:
    """A returned record: what is said of it and where, by the platform or, with the code `refused`, by the
    second look. `draft_id` is set once the correction is begun.
    """

    record_id: str
    version: int
    form_id: str
    subject_name: str
    code: str
    path: str
    text: str
    fixable: bool
    draft_id: str = ""


@dataclass(frozen=True)
class BatchRow:
    """A batch in the outbox; `state` follows from the facts."""

    manifest_id: str
    device: str
    sequence: int
    created: datetime.datetime
    records: int
    state: BatchState
    accepted: int = 0
    rejected: int = 0
    receipt: str = ""
    """Id of the latest receipt."""
    reason: str = ""
    """Why it is quarantined."""


@dataclass(frozen=True)
class StoredBatch:
    """The bytes of a batch, made once and sent as they are."""

    manifest_id: str
    manifest: bytes
    signature: bytes
    signer: str
    """Key id."""
    records: tuple[RecordKey, ...]


@dataclass(frozen=True)
class ReceiptRow:
    """A verified receipt as it came: `body` and `signature` byte for byte."""

    receipt_id: str
    manifest_id: str
    kind: Literal["A", "B"]
    platform_time: str
    gateway: str
    signer: str
    accepted: int
    rejected: int
    body: bytes
    signature: bytes


@dataclass(frozen=True)
class LetterRow:
    """A letter made from a record; its bytes come from `Vault.letter`."""

    letter_id: str
    record_id: str
    version: int
    kind: str
    number: str
    pages: int
    sm3: str
    made_at: datetime.datetime


@dataclass(frozen=True)
class Event:
    """One link of the chain; `facts` hold ids, counts and digests, never an answer."""

    seq: int
    at: datetime.datetime
    kind: str
    facts: Mapping[str, str | int]
    prev: str
    sm3: str
