"""Practice: what was sealed or batched while this device was enrolled at a practice platform.

Rules: a record that was practice once stays practice, in every version, and goes to no other platform. Until
the device is enrolled for work it stands where practice has brought it; then it says `practised`. Who meant
it fills it in anew. Open practice batches are set aside when the device enrols for work. The events of seals
and batches tell that they were practice, so that a mark taken back is found.
"""

from typing import Final

from xincai import clock
from xincai.vault.cursor import Cursor
from xincai.vault.events import add_fact
from xincai.vault.rows import RecordKey

REASON: Final = "practice"
"""Why a batch of practice is set aside."""
APPLIES: Final = """
(EXISTS (SELECT 1 FROM device WHERE practice = 1) OR EXISTS (SELECT 1 FROM practised WHERE record_id = ?1))
"""
"""Whether what is sealed or batched now is practice: for the device's sake, or the record's, which is ?1."""
_OPEN: Final = """
SELECT manifest_id FROM batches JOIN batch_states USING (manifest_id)
WHERE state IN ('batched', 'unknown', 'custody')
      AND +device IN (SELECT json_extract(facts, '$.device') FROM events
                      WHERE kind = 'device' AND json_extract(facts, '$.practice') = 1)
ORDER BY seq
"""


def applies(cursor: Cursor) -> bool:
    """Whether what is batched now is practice."""
    return cursor.one(f"SELECT {APPLIES} AS n", "").whole("n") == 1


def mark(cursor: Cursor, key: RecordKey) -> None:
    """Mark a record version, inside the transaction that seals or batches it."""
    cursor.run("INSERT OR IGNORE INTO practised (record_id, version) VALUES (?, ?)", *key)


def may_go(cursor: Cursor, record_id: str) -> bool:
    """Whether a record may go to the platform that this device is enrolled at."""
    return not _device(cursor, practice=0) or not is_practice(cursor, record_id)


def is_practice(cursor: Cursor, record_id: str) -> bool:
    return cursor.first("SELECT 1 AS n FROM practised WHERE record_id = ? LIMIT 1", record_id) is not None


def set_aside(cursor: Cursor, vault_id: str) -> None:
    """Set open practice batches aside, now that this device is enrolled for work."""
    if not _device(cursor, practice=0):
        return
    for row in cursor.all(_OPEN):
        manifest = row.text("manifest_id")
        values = {"manifest_id": manifest, "reason": REASON, "at": clock.stamp(clock.now())}
        add_fact(cursor, vault_id, "quarantine", "quarantines", values, manifest=manifest)


def _device(cursor: Cursor, *, practice: int) -> bool:
    """Whether this device is enrolled for practice (1), or for work (0)."""
    return cursor.first("SELECT 1 AS n FROM device WHERE practice = ?", practice) is not None
