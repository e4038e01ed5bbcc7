"""Letters that were made from records, kept as they were printed."""

from xincai import clock
from xincai.errors import Problem
from xincai.vault.connection import Database
from xincai.vault.cursor import Row
from xincai.vault.events import add_fact
from xincai.vault.rows import LetterRow
from xincai.wire.digest import sm3 as digest_of

_COLUMNS = "SELECT letter_id, record_id, version, kind, number, pages, sm3, made_at FROM letters"
_LIST = f"{_COLUMNS} WHERE ? IS NULL OR record_id = ? ORDER BY seq DESC"


class Letters:
    """Letters."""

    _database: Database
    vault_id: str

    def save_letter(  # noqa: PLR0917 - the facts of a letter
        self,
        letter_id: str,
        record_id: str,
        version: int,
        kind: str,
        number: str,
        pdf: bytes,
        sm3: str,
        pages: int = 0,
    ) -> LetterRow:
        """Keep a letter for good; `sm3` is the digest that its seal carries."""
        made_at = clock.stamp(clock.now())
        with self._database.writing() as cursor:
            if cursor.first("SELECT 1 AS kept FROM letters WHERE letter_id = ?", letter_id):
                raise Problem("vault.already_sealed", version=version)
            query = "SELECT 1 AS kept FROM records WHERE record_id = ? AND version = ?"
            if cursor.first(query, record_id, version) is None:
                raise Problem("vault.no_record")
            add_fact(
                cursor,
                self.vault_id,
                "letter",
                "letters",
                {
                    "letter_id": letter_id,
                    "record_id": record_id,
                    "version": version,
                    "kind": kind,
                    "number": number,
                    "pages": pages,
                    "made_at": made_at,
                    "sm3": sm3,
                    "pdf": pdf,
                },
                letter=letter_id,
                pdf=digest_of(pdf),
            )
        return LetterRow(letter_id, record_id, version, kind, number, pages, sm3, clock.parse_stamp(made_at))

    def letters(self, record_id: str | None = None) -> tuple[LetterRow, ...]:
        """Letters, the latest first; those of one record when it is named."""
        with self._database.reading() as cursor:
            rows = cursor.all(_LIST, record_id, record_id)
        return tuple(map(_letter_row, rows))

    def letters_of_number(self, number: str) -> tuple[LetterRow, ...]:
        """Letters that bear a number, the latest first: the letter itself, and scans of it."""
        with self._database.reading() as cursor:
            rows = cursor.all(f"{_COLUMNS} WHERE number = ? ORDER BY seq DESC", number)
        return tuple(map(_letter_row, rows))

    def letter_row(self, letter_id: str) -> LetterRow:
        """One letter without its bytes."""
        with self._database.reading() as cursor:
            row = cursor.first(f"{_COLUMNS} WHERE letter_id = ?", letter_id)
        if row is None:
            raise Problem("vault.no_letter")
        return _letter_row(row)

    def count_letters(self, numbers_from: str) -> int:
        """How many letters have a number that begins so."""
        query = "SELECT count(*) AS n FROM letters WHERE substr(number, 1, ?) = ?"
        with self._database.reading() as cursor:
            return cursor.one(query, len(numbers_from), numbers_from).whole("n")

    def letter(self, letter_id: str) -> bytes:
        """The PDF of a letter."""
        with self._database.reading() as cursor:
            row = cursor.first("SELECT pdf FROM letters WHERE letter_id = ?", letter_id)
        if row is None:
            raise Problem("vault.no_letter")
        if not row.blob("pdf"):
            raise Problem("vault.erased")
        return row.blob("pdf")


def _letter_row(row: Row) -> LetterRow:
    return LetterRow(
        letter_id=row.text("letter_id"),
        record_id=row.text("record_id"),
        version=row.whole("version"),
        kind=row.text("kind"),
        number=row.text("number"),
        pages=row.whole("pages"),
        sm3=row.text("sm3"),
        made_at=row.instant("made_at"),
    )
