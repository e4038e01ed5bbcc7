"""Form sources as they stood when they were filled: a draft reopens, and a record is read, with its own
form. Of the forms that the person brought in, it is also kept which are offered for new fillings.
"""

from collections.abc import Mapping

from xincai import clock
from xincai.errors import Problem
from xincai.vault import blobs
from xincai.vault.connection import Database
from xincai.vault.events import add_event, add_fact
from xincai.vault.rows import FormSource, ImportedRow

_IMPORTED = """
SELECT form_sm3, form_id, form_version, card, imported_at, offered
FROM imported_forms JOIN form_sources USING (form_sm3) ORDER BY imported_at, form_sources.seq
"""
_OFFER = """
INSERT INTO imported_forms (form_sm3, card, imported_at, offered) VALUES (?, ?, ?, 1)
ON CONFLICT (form_sm3) DO UPDATE SET card = excluded.card, imported_at = excluded.imported_at, offered = 1
"""


class Forms:
    """Kept forms."""

    _database: Database
    vault_id: str

    def keep_form(
        self, form_sm3: str, form_id: str, form_version: str, xml: bytes, files: Mapping[str, bytes]
    ) -> None:
        """Keep a form and its files under the form's digest; a form that is kept already stays as it is."""
        with self._database.writing() as cursor:
            if cursor.first("SELECT 1 AS kept FROM form_sources WHERE form_sm3 = ?", form_sm3):
                return
            values = {"form_sm3": form_sm3, "form_id": form_id, "form_version": form_version}
            rows = [
                ("form_files", {"form_sm3": form_sm3, "name": name, "sm3": blobs.put(cursor, data)})
                for name, data in files.items()
            ]
            add_fact(
                cursor,
                self.vault_id,
                "form",
                "form_sources",
                {**values, "xml_sm3": blobs.put(cursor, xml)},
                rows,
                form=form_id,
                version=form_version,
            )

    def form_source(self, form_sm3: str) -> FormSource:
        """The form with this digest, its bytes proven; raises Problem when it was never kept."""
        with self._database.reading() as cursor:
            row = cursor.first("SELECT * FROM form_sources WHERE form_sm3 = ?", form_sm3)
            if row is None:
                raise Problem("vault.no_form")
            files = cursor.all("SELECT name, sm3 FROM form_files WHERE form_sm3 = ?", form_sm3)
            return FormSource(
                form_sm3=form_sm3,
                form_id=row.text("form_id"),
                form_version=row.text("form_version"),
                xml=blobs.get(cursor, row.text("xml_sm3")),
                files={file.text("name"): blobs.get(cursor, file.text("sm3")) for file in files},
            )

    def form_file(self, form_sm3: str, name: str) -> bytes | None:
        """One file of a kept form, its bytes proven; None when the form came without it."""
        with self._database.reading() as cursor:
            row = cursor.first("SELECT sm3 FROM form_files WHERE form_sm3 = ? AND name = ?", form_sm3, name)
            return None if row is None else blobs.get(cursor, row.text("sm3"))

    def offer_form(self, form_sm3: str, card: str) -> None:
        """Offer a kept form that was brought in; `card` is what the shelf tells of it, as text."""
        with self._database.writing() as cursor:
            if cursor.first("SELECT 1 AS kept FROM form_sources WHERE form_sm3 = ?", form_sm3) is None:
                raise Problem("vault.no_form")
            cursor.run(_OFFER, form_sm3, card, clock.now().isoformat())
            add_event(cursor, self.vault_id, "form_offered", {"form": form_sm3})

    def withdraw_form(self, form_sm3: str) -> None:
        """Offer a form no longer; its drafts and records stay as they are."""
        with self._database.writing() as cursor:
            if cursor.run(
                "UPDATE imported_forms SET offered = 0 WHERE form_sm3 = ? AND offered = 1", form_sm3
            ):
                add_event(cursor, self.vault_id, "form_withdrawn", {"form": form_sm3})

    def imported_forms(self) -> tuple[ImportedRow, ...]:
        """All forms that were brought in, the last one last; those withdrawn too."""
        with self._database.reading() as cursor:
            rows = cursor.all(_IMPORTED)
        return tuple(
            ImportedRow(
                form_sm3=row.text("form_sm3"),
                form_id=row.text("form_id"),
                form_version=row.text("form_version"),
                card=row.text("card"),
                imported_at=row.instant("imported_at"),
                offered=bool(row.whole("offered")),
            )
            for row in rows
        )
