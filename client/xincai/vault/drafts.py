"""Drafts: fillings under the pen, saved after each answer, gone when they are sealed or thrown away.

A filling that is no correction is sealed under its draft's own id, so that it is never sealed twice. A draft
tells whose hands it went through: none of them gives it the second look. Its answers of level L4 are enclosed
as a record's are (`enclosure`), and with them all that was taken over.
"""

import datetime
from collections.abc import Iterable
from pathlib import Path

from xincai import clock
from xincai.errors import Problem
from xincai.records import Attachment
from xincai.vault import ballast, enclosure
from xincai.vault.blobs import let_go, link
from xincai.vault.connection import Database
from xincai.vault.cursor import Cursor
from xincai.vault.rows import Draft, DraftRow

_SAVE = """
INSERT INTO drafts (draft_id, form_id, form_version, form_sm3, subject_name, record_id, version, answered,
                    required, saved_at, hands, copied_from, copied, xml)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, json_array(?), ?, ?, ?)
ON CONFLICT (draft_id) DO UPDATE SET
    form_id = excluded.form_id, form_version = excluded.form_version, form_sm3 = excluded.form_sm3,
    subject_name = excluded.subject_name, record_id = excluded.record_id, version = excluded.version,
    answered = excluded.answered, required = excluded.required, saved_at = excluded.saved_at,
    hands = iif(EXISTS (SELECT 1 FROM json_each(drafts.hands) WHERE value = excluded.hands ->> 0),
                drafts.hands, json_insert(drafts.hands, '$[#]', excluded.hands ->> 0)),
    copied_from = excluded.copied_from, copied = excluded.copied, xml = excluded.xml
"""
_LIST = (
    "SELECT draft_id, form_id, form_version, subject_name, record_id, version, answered, required, saved_at"
    " FROM drafts ORDER BY saved_at DESC, draft_id"
)


class Drafts:
    """Drafts."""

    _database: Database
    folder: Path

    def save_draft(self, draft: Draft, attachments: Iterable[Attachment] = ()) -> datetime.datetime:
        """Write a draft durably, over what was saved before, with attachments it takes over; the instant.

        A draft is no fact: it is saved also while the vault is held for a person's decision. On a full disk
        the ballast goes first. Raises Problem `vault.already_sealed` for a draft that has become a record: it
        does not come back.
        """
        taken = tuple(attachments)
        try:
            return self._save_draft(draft, taken)
        except Problem as problem:
            if problem.code != "vault.disk_full" or not ballast.throw_off(self.folder):
                raise
        return self._save_draft(draft, taken)

    def _save_draft(self, draft: Draft, attachments: tuple[Attachment, ...]) -> datetime.datetime:
        saved_at, of = clock.now(), f"draft/{draft.draft_id}"
        with self._database.in_spite_of_doubt(), self._database.writing() as cursor:
            _refuse_sealed(cursor, draft)
            cursor.run(
                _SAVE,
                draft.draft_id,
                draft.form_id,
                draft.form_version,
                draft.form_sm3,
                draft.subject_name,
                draft.record_id,
                draft.version,
                draft.answered,
                draft.required,
                saved_at.isoformat(),
                cursor.actor,
                draft.copied_from,
                enclosure.enclosed_text(cursor, draft.copied, of) if draft.delicate else draft.copied,
                enclosure.enclosed(cursor, draft.xml, draft.delicate, of),
            )
            for item in attachments:
                link(cursor, draft.draft_id, item)
        return saved_at

    def draft(self, draft_id: str) -> Draft:
        """A draft as it was saved last; raises Problem when there is none."""
        with self._database.reading() as cursor:
            row = cursor.first("SELECT * FROM drafts WHERE draft_id = ?", draft_id)
            if row is None:
                raise Problem("vault.no_draft")
            xml = enclosure.opened(cursor, row.blob("xml"))
            copied = enclosure.opened_text(cursor, row.text("copied"))
        return Draft(
            draft_id=row.text("draft_id"),
            form_id=row.text("form_id"),
            form_version=row.text("form_version"),
            form_sm3=row.text("form_sm3"),
            subject_name=row.text("subject_name"),
            xml=xml,
            record_id=row.text_or_none("record_id"),
            version=row.whole("version"),
            answered=row.whole("answered"),
            required=row.whole("required"),
            saved_at=row.instant("saved_at"),
            copied=copied,
            copied_from=row.text("copied_from"),
        )

    def drafts(self) -> tuple[DraftRow, ...]:
        """All drafts, the latest first."""
        with self._database.reading() as cursor:
            rows = cursor.all(_LIST)
        return tuple(
            DraftRow(
                draft_id=row.text("draft_id"),
                form_id=row.text("form_id"),
                form_version=row.text("form_version"),
                subject_name=row.text("subject_name"),
                record_id=row.text_or_none("record_id"),
                version=row.whole("version"),
                answered=row.whole("answered"),
                required=row.whole("required"),
                saved_at=row.instant("saved_at"),
            )
            for row in rows
        )

    def delete_draft(self, draft_id: str) -> None:
        """Throw a draft away; its attachments go with the next sweep."""
        with self._database.writing() as cursor:
            let_go(cursor, draft_id)
            cursor.run("DELETE FROM drafts WHERE draft_id = ?", draft_id)


def _refuse_sealed(cursor: Cursor, draft: Draft) -> None:
    query = "SELECT 1 AS sealed FROM records WHERE record_id = ? AND version = ?"
    if cursor.first(query, draft.record_id or draft.draft_id, draft.version) is not None:
        raise Problem("vault.already_sealed", version=draft.version)
