"""Whether a paper is what it says: a PDF, a scan or a photograph, told without a network.

Rules: each thing that can be checked is told by itself, and so is what cannot be: a code proves the seal, the
vault proves letter, record and signature where this device holds them, and only a PDF has words to compare.
A scan that belongs to a letter of this device is kept with it, never with another one.
"""

import io
from collections.abc import Iterator, Mapping, Sequence

from xincai import clock, letters
from xincai.desk import paper, signing
from xincai.desk.part import Part
from xincai.desk.views import LetterCard, PaperCheck, PaperFinding
from xincai.errors import Problem
from xincai.letters import values
from xincai.vault import LetterRow, Vault
from xincai.wire.digest import sm3
from xincai.wire.qr import LetterSeal
from xincai.wire.statement import verify_statement
from xincai.wire.suites import PublicKey

_SCAN = "scan"
_CODE = 16
_DPI = 150
_MOST_DIFFERENCES = 50


class Checking(Part):
    """The part of the desk that looks at papers."""

    def check_paper(self, data: bytes) -> PaperCheck:
        """Whether a letter, its record and its signature agree; `data` is a PDF, a PNG or a JPEG."""
        return check(data, signing.known_keys(self._vault), self._vault)

    def keep_scan(self, files: Sequence[bytes], letter_id: str = "") -> LetterCard:
        """Keep a letter that was signed on paper and scanned: one PDF, or its pages as pictures.

        `letter_id` is the letter it must be; without it, the one whose code it bears.

        Raises:
            Problem: `desk.scan_other` when it is another letter's, `desk.scan_unknown` when this device has
                none of its number, `letters.no_code`, `letters.codes_differ`, or what its seal fails by.
        """
        vault = self._vault
        seal = _one_seal(files, signing.known_keys(vault))
        wanted = vault.letter_row(letter_id) if letter_id else _letter(vault, seal)
        if wanted is None:
            raise Problem("desk.scan_unknown", number=seal.number)
        if (wanted.number, wanted.sm3) != (seal.number, seal.sm3):
            raise Problem("desk.scan_other", number=seal.number, wanted=wanted.number)
        pdf = _as_pdf(files)
        row = vault.save_letter(
            clock.new_id(),
            wanted.record_id,
            wanted.version,
            _SCAN,
            wanted.number,
            pdf,
            wanted.sm3,
            letters.page_count(pdf),
        )
        return paper.card(row)


def check(data: bytes, keys: Mapping[str, PublicKey], vault: Vault | None = None) -> PaperCheck:
    """What can be said of a paper; without a vault, of its seal alone."""
    verdict = letters.verify_letter(data, keys)
    seal = verdict.seal
    if seal is None:
        return PaperCheck(None, (PaperFinding("seal", "bad", verdict.problem),))
    found = letters.wording_of(seal.typ, seal.text)
    told = [PaperFinding("seal", "good"), *_of_wording(seal, found)]
    row = _letter(vault, seal) if vault is not None else None
    if vault is None or row is None:
        told.append(PaperFinding("letter", "unknown"))
        foot = _of_foot(data, seal)
        told += [PaperFinding("words", "bad", Problem("letters.foot_differs"))] if foot else []
        return PaperCheck(seal, tuple(told), foot, wording=found)
    differing: tuple[letters.Difference, ...] = ()
    words = PaperFinding("words", "unknown")
    try:
        made = vault.letter(row.letter_id)
        if data[:5] == b"%PDF-" and letters.has_words(data):
            differing = letters.differences(made, data)
            problem = Problem("letters.words_differ", count=len(differing))
            words = PaperFinding("words", "bad", problem) if differing else PaperFinding("words", "good")
    except Problem as problem:
        words = PaperFinding("words", "unknown", problem)
    told += [PaperFinding("letter", "good"), words, *_of_record(vault, row, seal)]
    told.append(_of_signature(vault, seal, keys))
    return PaperCheck(seal, tuple(told), differing[:_MOST_DIFFERENCES], paper.card(row), found)


def _of_wording(seal: LetterSeal, found: letters.Wording | None) -> Iterator[PaperFinding]:
    """Which wording the letter was made with; letters of early versions do not say."""
    if found is not None:
        yield PaperFinding("wording", "good")
    elif seal.text:
        yield PaperFinding("wording", "unknown", Problem("letters.other_wording", digest=seal.text))


def _of_foot(data: bytes, seal: LetterSeal) -> tuple[letters.Difference, ...]:
    """Where the foot of a page tells another number or check code than the seal; a scan has no words."""
    if data[:5] != b"%PDF-" or not letters.has_words(data):
        return ()
    return letters.foot_differences(data, seal.number, values.groups(seal.sm3[:_CODE].upper()))


def _of_record(vault: Vault, row: LetterRow, seal: LetterSeal) -> Iterator[PaperFinding]:
    """Whether the record still is what the seal stands for, and whether it is the latest."""
    try:
        record = vault.record(row.record_id, row.version)
    except Problem as problem:
        yield PaperFinding("record", "unknown", problem)
        return
    if sm3(record.submission) != seal.sm3:
        yield PaperFinding("record", "bad", Problem("letters.other_record"))
        return
    yield PaperFinding("record", "good")
    latest = max(vault.versions(row.record_id))
    if latest > row.version:
        yield PaperFinding("version", "warn", Problem("letters.superseded", was=row.version, now=latest))


def _of_signature(vault: Vault, seal: LetterSeal, keys: Mapping[str, PublicKey]) -> PaperFinding:
    """Whether what was drawn on the screen is bound to this letter and is still there."""
    text = signing.kept(vault, seal.number)
    if not text:
        return PaperFinding("signature", "unknown")
    try:
        statement = verify_statement(text, keys)
    except Problem as problem:
        return PaperFinding("signature", "bad", problem)
    if (statement.letter, statement.sm3) != (seal.number, seal.sm3) or not signing.still_there(vault, text):
        return PaperFinding("signature", "bad", Problem("letters.drawing_differs"))
    return PaperFinding("signature", "good")


def _letter(vault: Vault, seal: LetterSeal) -> LetterRow | None:
    """The letter of this device that a seal speaks of: as it was made, not a scan of it."""
    found = (row for row in vault.letters_of_number(seal.number) if row.kind != _SCAN)
    return next((row for row in found if row.sm3 == seal.sm3), None)


def _one_seal(files: Sequence[bytes], keys: Mapping[str, PublicKey]) -> LetterSeal:
    seals = set()
    for data in files:
        verdict = letters.verify_letter(data, keys)
        if verdict.problem is not None:
            raise verdict.problem
        seals.add(verdict.seal)
    found = seals.pop() if len(seals) == 1 else None
    if found is None:
        raise Problem("letters.codes_differ")
    return found


def _as_pdf(files: Sequence[bytes]) -> bytes:
    """The scan as one PDF: as it came when it is one, else one page for each picture."""
    from PIL import Image, ImageOps

    if len(files) == 1 and files[0][:5] == b"%PDF-":
        return files[0]
    pages = []
    for data in files:
        with Image.open(io.BytesIO(data)) as picture:
            upright = ImageOps.exif_transpose(picture)
            pages.append(upright if upright.mode in {"L", "RGB"} else upright.convert("RGB"))
    target = io.BytesIO()
    at = clock.now().timetuple()
    pages[0].save(
        target,
        "PDF",
        save_all=True,
        append_images=pages[1:],
        resolution=_DPI,
        creationDate=at,
        modDate=at,
        title="",
    )
    return target.getvalue()
