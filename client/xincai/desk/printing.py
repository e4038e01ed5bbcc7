"""Many letters at once: a village's, made in one go, to be printed as one job or saved.

Rules: a record that has its letter keeps it, so a run that was stopped goes on where it stopped; a record
whose letter cannot be made is told and does not stop the others. Files are named by kind and number, never by
a name.
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from xincai import letters
from xincai.desk import paper
from xincai.desk.part import Part
from xincai.desk.views import Language, LetterCard, LetterKind, LettersMade, Village
from xincai.desk.villages import Villages, subject_of
from xincai.errors import Problem
from xincai.vault import RecordRow

_PIECE = 200


class Printing(Part):
    """The part of the desk that prints a village."""

    _villages: Villages

    def villages(self) -> tuple[Village, ...]:
        """The towns of this office's county and their villages, as the registry's list has them."""
        device = self._vault.device()
        return self._villages.all(device.office if device else "")

    def count_for_letters(self, kind: LetterKind, query: str, village: str = "") -> tuple[int, int]:
        """How many records found by these words, and of a village or town when its code is given, can have a
        letter of a kind, and how many have it.
        """
        found = list(self._for_letters(kind, query, village))
        return len(found), sum(self._made(row, kind) is not None for row in found)

    def make_letters(
        self,
        kind: LetterKind,
        query: str,
        progress: Callable[[tuple[int, int]], None],
        cancelled: Callable[[], bool],
        *,
        language: Language | None = None,
        village: str = "",
    ) -> LettersMade:
        """Make the letters that are not made yet, the last sealed first; may be cancelled and repeated."""
        found = list(self._for_letters(kind, query, village))
        cards: list[LetterCard] = []
        failed: list[tuple[str, Problem]] = []
        for number, row in enumerate(found):
            if cancelled():
                return LettersMade(tuple(cards), tuple(failed), len(found), cancelled=True)
            progress((number, len(found)))
            try:
                cards.append(self._made(row, kind) or self.write_letter(row.record_id, kind, language))
            except Problem as problem:
                failed.append((row.record_id, problem))
        return LettersMade(tuple(cards), tuple(failed), len(found))

    def write_letter(self, record_id: str, kind: LetterKind, language: Language | None = None) -> LetterCard:
        """Make one letter."""
        raise NotImplementedError

    def export_letters(
        self, letter_ids: Sequence[str], folder: Path, *, as_one: bool = False
    ) -> tuple[Path, ...]:
        """Write letters into a folder: a file for each, or all in one to be printed elsewhere."""
        if not as_one:
            return tuple(paper.export(self._vault, letter_id, folder) for letter_id in letter_ids)
        rows = [self._vault.letter_row(letter_id) for letter_id in letter_ids]
        path = folder / f"{rows[0].kind}-{rows[0].number}-{len(rows)}.pdf"
        try:
            with path.open("wb") as target:
                letters.join((self._vault.letter(letter_id) for letter_id in letter_ids), target)
        except OSError as error:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
            raise Problem("desk.cannot_write", folder=folder.name) from error
        return (path,)

    def export_stamped(self, letter_id: str, folder: Path, pkcs12: bytes, passphrase: str) -> Path:
        """Write a letter with a signature of the office's certificate inside the file; what is kept stays."""
        stamped = letters.stamp(
            self._vault.letter(letter_id), pkcs12, passphrase, office=self.profile().office
        )
        row = self._vault.letter_row(letter_id)
        path = folder / f"{row.kind}-{row.number}-signed.pdf"
        try:
            path.write_bytes(stamped)
        except OSError as error:
            raise Problem("desk.cannot_write", folder=folder.name) from error
        return path

    def _for_letters(self, kind: LetterKind, query: str, village: str) -> Iterator[RecordRow]:
        living = self._villages.of(self._vault, self._rows(""), village) if village else None
        for row in self._rows(query):
            of_kind = not row.erased and kind in paper.kinds(row.form_id)
            if of_kind and (living is None or subject_of(row) in living):
                yield row

    def _rows(self, query: str) -> Iterator[RecordRow]:
        offset = 0
        while rows := self._vault.records(query, None, _PIECE, offset):
            yield from rows
            offset += _PIECE

    def _made(self, row: RecordRow, kind: LetterKind) -> LetterCard | None:
        """The letter of a kind that a record's latest version has already."""
        found = self._vault.letters(row.record_id)
        made = next((each for each in found if (each.version, each.kind) == (row.version, kind)), None)
        return paper.card(made) if made else None
