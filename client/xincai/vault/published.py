"""What the platform published: files in pieces as they came, the index that names them, and the visits begun.

Rules: pieces count for nothing until an index that names their file is in use; putting one in use and
dropping what it does not name is one transaction. Whether an index may be used is for others to say.
"""

from collections.abc import Collection, Mapping

from xincai.errors import Problem
from xincai.vault.connection import Database
from xincai.vault.events import add_event
from xincai.vault.settings import set_value
from xincai.wire.digest import sm3

_INDEX = "published-index"
_BEGUN = """
SELECT visits.ref, visits.form_id, visits.draft_id,
       (SELECT MAX(version) FROM records WHERE record_id = visits.draft_id) AS version,
       EXISTS (SELECT 1 FROM drafts WHERE drafts.draft_id = visits.draft_id) AS draft
FROM visits WHERE assignment = ?
"""
_BEGIN = """
INSERT INTO visits (assignment, ref, form_id, draft_id) VALUES (?, ?, ?, ?)
ON CONFLICT (assignment, ref, form_id) DO UPDATE SET draft_id = excluded.draft_id
"""


class Published:
    """Published files, the index in use, and visits."""

    _database: Database
    vault_id: str

    def arrived(self, digest: str) -> int:
        """How many bytes of a file are here."""
        with self._database.reading() as cursor:
            return cursor.one(
                "SELECT coalesce(SUM(length(data)), 0) AS size FROM published_pieces WHERE sm3 = ?", digest
            ).whole("size")

    def add_piece(self, digest: str, start: int, data: bytes) -> None:
        """Keep the next piece of a file."""
        with self._database.writing() as cursor:
            cursor.insert("published_pieces", sm3=digest, start=start, data=data)

    def drop_pieces(self, digest: str) -> None:
        """Forget what came of a file."""
        with self._database.writing() as cursor:
            cursor.run("DELETE FROM published_pieces WHERE sm3 = ?", digest)

    def published_file(self, digest: str) -> bytes:
        """A file, its bytes proven; raises Problem when it is not here whole."""
        with self._database.reading() as cursor:
            rows = cursor.all("SELECT data FROM published_pieces WHERE sm3 = ? ORDER BY start", digest)
        data = b"".join(row.blob("data") for row in rows)
        if sm3(data) != digest:
            raise Problem("vault.no_document")
        return data

    def index(self) -> str | None:
        """The index in use, as it was put in use."""
        with self._database.reading() as cursor:
            row = cursor.first("SELECT value FROM settings WHERE key = ?", _INDEX)
        return row.text("value") if row else None

    def use_index(self, value: str, version: int, digests: Collection[str]) -> None:
        """Use an index whose files are all here; other files go."""
        with self._database.writing() as cursor:
            set_value(cursor, _INDEX, value)
            kept = [row.text("sm3") for row in cursor.all("SELECT DISTINCT sm3 FROM published_pieces")]
            for digest in set(kept) - set(digests):
                cursor.run("DELETE FROM published_pieces WHERE sm3 = ?", digest)
            add_event(cursor, self.vault_id, "published", {"version": version, "files": len(digests)})

    def begin_visit(self, assignment: str, ref: str, form_id: str, draft_id: str) -> None:
        """A visit is begun with this draft."""
        with self._database.writing() as cursor:
            cursor.run(_BEGIN, assignment, ref, form_id, draft_id)

    def visits(self, assignment: str) -> Mapping[tuple[str, str], tuple[str, int]]:
        """By subject and form: the draft or record begun for it, and its sealed version (0: a draft alone);
        a draft that was deleted is as if never begun.
        """
        with self._database.reading() as cursor:
            rows = cursor.all(_BEGUN, assignment)
        return {
            (row.text("ref"), row.text("form_id")): (row.text("draft_id"), row.whole_or_none("version") or 0)
            for row in rows
            if row.whole("draft") or row.whole_or_none("version")
        }
