"""Form sources as they stood when they were filled: a draft reopens, and a record is read, with its own
form.
"""

from collections.abc import Mapping

from xincai.errors import Problem
from xincai.vault import blobs
from xincai.vault.connection import Database
from xincai.vault.events import add_fact
from xincai.vault.rows import FormSource


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
