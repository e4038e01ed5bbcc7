"""Where it is kept: the encrypted database of one person or one counter.

`Vault` is the only door. Drafts may change; sealed records, batches, receipts, letters and events never do.
Names and answers leave this room only through its methods: no file beside `vault.db` holds any of them.
"""

from xincai.vault.keys import KdfParams
from xincai.vault.rows import (
    BatchRow,
    BatchState,
    Correction,
    Device,
    Draft,
    DraftRow,
    EntityRow,
    Event,
    FormSource,
    ImportedRow,
    LetterRow,
    PersonRole,
    PersonRow,
    ReceiptRow,
    RecordKey,
    RecordRow,
    Status,
    StoredBatch,
    Way,
)
from xincai.vault.vault import Vault

__all__ = [
    "BatchRow",
    "BatchState",
    "Correction",
    "Device",
    "Draft",
    "DraftRow",
    "EntityRow",
    "Event",
    "FormSource",
    "ImportedRow",
    "KdfParams",
    "LetterRow",
    "PersonRole",
    "PersonRow",
    "ReceiptRow",
    "RecordKey",
    "RecordRow",
    "Status",
    "StoredBatch",
    "Vault",
    "Way",
]
