"""Bytes named by their digest: attachments, forms and their lists, in chunks inside the vault's own file.

Rules: a stream is hashed as it is copied, so what is named is what is kept; bytes are kept once; what is
read back is hashed again, and damaged bytes are never handed out as whole. A blob that neither a draft nor
a fact names may be swept; foreign keys hold all others.
"""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from xincai.errors import Problem
from xincai.records import Attachment
from xincai.vault.connection import Database
from xincai.vault.cursor import Cursor
from xincai.wire.digest import Sm3, sm3

CHUNK: Final = 256 * 1024
LARGEST: Final = 256 * 1024 * 1024
_LINK: Final = (
    "INSERT OR REPLACE INTO draft_attachments (draft_id, name, sm3, media_type) VALUES (?, ?, ?, ?)"
)
_SWEPT: Final = "blobs-swept-to"
_SWEEP: Final = """
DELETE FROM blobs WHERE blob_id > ?
AND NOT EXISTS (SELECT 1 FROM draft_attachments WHERE draft_attachments.sm3 = blobs.sm3)
AND NOT EXISTS (SELECT 1 FROM record_attachments WHERE record_attachments.sm3 = blobs.sm3)
AND NOT EXISTS (SELECT 1 FROM form_files WHERE form_files.sm3 = blobs.sm3)
AND NOT EXISTS (SELECT 1 FROM form_sources WHERE form_sources.xml_sm3 = blobs.sm3)
"""
_ERASED: Final = """
WITH naming AS (SELECT EXISTS (SELECT 1 FROM erasures WHERE erased_table = 'records'
                               AND erasures.record_id = record_attachments.record_id
                               AND erasures.version = record_attachments.version) AS gone
                FROM record_attachments WHERE sm3 = ?1)
SELECT coalesce((SELECT min(gone) FROM naming), 0)
       AND NOT EXISTS (SELECT 1 FROM draft_attachments WHERE sm3 = ?1)
       AND NOT EXISTS (SELECT 1 FROM form_files WHERE sm3 = ?1)
       AND NOT EXISTS (SELECT 1 FROM form_sources WHERE xml_sm3 = ?1) AS gone
"""
_SUFFIX: Final = re.compile(r"[a-z0-9]{1,5}")


class Blobs:
    """Attachments."""

    _database: Database

    def add_attachment(
        self, source: bytes | Path | BinaryIO, media_type: str, *, name: str = "", draft_id: str | None = None
    ) -> Attachment:
        """Keep bytes, a file or a stream (256 MiB at most); name them by their digest when no name is given.

        With a draft the attachment is linked to it at once and outlives every sweep until the draft is gone.
        """
        with self._database.writing() as cursor:
            try:
                if isinstance(source, Path):
                    with source.open("rb") as file:
                        digest, size = put_stream(cursor, file)
                else:
                    digest, size = put_stream(
                        cursor, io.BytesIO(source) if isinstance(source, bytes) else source
                    )
            except OSError as error:
                raise Problem("vault.attachment_unreadable") from error
            attachment = Attachment(name or f"{digest[:16]}{_suffix(media_type)}", digest, size, media_type)
            if draft_id is not None:
                link(cursor, draft_id, attachment)
        return attachment

    def attachment(self, sm3: str) -> bytes:
        """All bytes of a digest, proven."""
        return b"".join(self.attachment_reader(sm3))

    def attachment_reader(self, sm3: str) -> Iterator[bytes]:
        """The bytes of a digest in chunks of 256 KiB; the last comes only when the whole has proven good."""
        running, number = Sm3(), 0
        with self._database.reading() as cursor:
            found = cursor.first("SELECT blob_id, size FROM blobs WHERE sm3 = ?", sm3)
        if found is None:
            raise Problem("vault.no_attachment")
        count = -(-found.whole("size") // CHUNK)
        for number in range(count):
            with self._database.reading() as cursor:
                query = "SELECT data FROM chunks WHERE blob_id = ? AND number = ?"
                row = cursor.first(query, found.whole("blob_id"), number)
            if row is None:
                gone = number == 0 and self._was_erased(sm3)
                raise Problem("vault.erased" if gone else "vault.attachment_damaged")
            running.update(row.blob("data"))
            if number == count - 1 and running.hexdigest() != sm3:
                raise Problem("vault.attachment_damaged")
            yield row.blob("data")
        if not count and running.hexdigest() != sm3:
            raise Problem("vault.attachment_damaged")

    def _was_erased(self, sm3: str) -> bool:
        """Whether the records that name these bytes were all erased, and nothing else names them."""
        with self._database.reading() as cursor:
            return cursor.one(_ERASED, sm3).whole("gone") == 1

    def draft_attachments(self, draft_id: str) -> tuple[Attachment, ...]:
        """What has been attached to a draft."""
        query = (
            "SELECT name, sm3, size, media_type FROM draft_attachments JOIN blobs USING (sm3)"
            " WHERE draft_id = ? ORDER BY draft_attachments.rowid"
        )
        with self._database.reading() as cursor:
            rows = cursor.all(query, draft_id)
        return tuple(
            Attachment(row.text("name"), row.text("sm3"), row.whole("size"), row.text("media_type"))
            for row in rows
        )

    def sweep_attachments(self) -> int:
        """Delete bytes that nothing names, and links of drafts that were never saved; how many went.

        Called when no filling is open: right after unlocking. What stood at the last sweep is not looked at
        again unless something let go of it since, so that a vault of many years opens as fast as a new one.
        """
        with self._database.reading() as cursor:
            left = cursor.all(
                "SELECT DISTINCT draft_id FROM draft_attachments"
                " WHERE draft_id NOT IN (SELECT draft_id FROM drafts)"
            )
            last = cursor.one("SELECT coalesce(max(blob_id), 0) AS n FROM blobs").whole("n")
            if not left and _swept_to(cursor) >= last:
                return 0
        with self._database.writing() as cursor:
            for row in left:
                let_go(cursor, row.text("draft_id"))
            gone = cursor.run(_SWEEP, _swept_to(cursor))
            last = cursor.one("SELECT coalesce(max(blob_id), 0) AS n FROM blobs").whole("n")
            cursor.run("INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)", _SWEPT, str(last))
            return gone


def let_go(cursor: Cursor, draft_id: str) -> None:
    """Drop a draft's hold on its attachments; the next sweep looks whether anything else names them."""
    let = cursor.all("DELETE FROM draft_attachments WHERE draft_id = ? RETURNING sm3", draft_id)
    query = "SELECT blob_id FROM blobs WHERE sm3 = ?"
    held = [row for one in let if (row := cursor.first(query, one.text("sm3"))) is not None]
    if held:
        _look_again(cursor, min(row.whole("blob_id") for row in held))


def _look_again(cursor: Cursor, blob_id: int) -> None:
    """Let the next sweep begin at this blob at the latest."""
    if _swept_to(cursor) >= blob_id:
        cursor.run("UPDATE settings SET value = ? WHERE key = ?", str(blob_id - 1), _SWEPT)


def _swept_to(cursor: Cursor) -> int:
    """The last blob that was looked at and found named; 0 before the first sweep."""
    row = cursor.first("SELECT value FROM settings WHERE key = ?", _SWEPT)
    return int(row.text("value")) if row else 0


def link(cursor: Cursor, draft_id: str, item: Attachment) -> None:
    """Let a draft hold an attachment whose bytes are kept."""
    query = "SELECT blob_id FROM draft_attachments JOIN blobs USING (sm3) WHERE draft_id = ? AND name = ?"
    before = cursor.first(query, draft_id, item.name)
    if before is not None:
        _look_again(cursor, before.whole("blob_id"))
    cursor.run(_LINK, draft_id, item.name, item.sm3, item.media_type)


def put(cursor: Cursor, data: bytes) -> str:
    """Keep bytes inside an open transaction; their digest."""
    return put_stream(cursor, io.BytesIO(data))[0]


def put_stream(cursor: Cursor, stream: BinaryIO) -> tuple[str, int]:
    """Keep a stream inside an open transaction; digest and size."""
    # the digest is known only at the end: keep under a name no digest has, then give the true one
    blob_id = cursor.insert("blobs", sm3="", size=0)
    running, size, number = Sm3(), 0, 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > LARGEST:
            raise Problem("vault.attachment_too_large", limit=LARGEST // 1024 // 1024)
        running.update(chunk)
        cursor.insert("chunks", blob_id=blob_id, number=number, data=chunk)
        number += 1
    digest = running.hexdigest()
    kept = cursor.first("SELECT blob_id FROM blobs WHERE sm3 = ?", digest)
    if kept is not None:
        if not _has_bytes(cursor, kept.whole("blob_id")):  # erased once, and now here again
            cursor.run("UPDATE chunks SET blob_id = ? WHERE blob_id = ?", kept.whole("blob_id"), blob_id)
        cursor.run("DELETE FROM blobs WHERE blob_id = ?", blob_id)
    else:
        cursor.run("UPDATE blobs SET sm3 = ?, size = ? WHERE blob_id = ?", digest, size, blob_id)
    return digest, size


def _has_bytes(cursor: Cursor, blob_id: int) -> bool:
    return cursor.first("SELECT 1 AS there FROM chunks WHERE blob_id = ? LIMIT 1", blob_id) is not None


def get(cursor: Cursor, digest: str) -> bytes:
    """All bytes of a digest inside a reading; proven."""
    query = "SELECT data FROM blobs JOIN chunks USING (blob_id) WHERE sm3 = ? ORDER BY number"
    data = b"".join(row.blob("data") for row in cursor.each(query, digest))
    if sm3(data) != digest:
        raise Problem("vault.attachment_damaged")
    return data


def _suffix(media_type: str) -> str:
    known = {"image/jpeg": "jpg", "audio/mpeg": "mp3", "text/plain": "txt", "image/svg+xml": "svg"}
    ending = known.get(media_type, media_type.rpartition("/")[2])
    return f".{ending}" if _SUFFIX.fullmatch(ending) else ""
