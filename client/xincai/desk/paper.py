"""Letters of a record: numbered, signed by this device, kept in the vault.

A letter's number has 20 digits, as the national record of commitments asks (commitment code: region 6,
date 8, serial 6); the serial counts this device's letters of the day.
"""

import datetime
from pathlib import Path

from xincai import clock, letters
from xincai.desk.views import Language, LetterCard, LetterKind, Profile
from xincai.errors import Problem
from xincai.records import Record
from xincai.vault import LetterRow, Vault
from xincai.wire.suites import PrivateKey
from xincai.xforms import Form, Session

_OF_FORM: dict[str, tuple[LetterKind, ...]] = {
    "commitment": ("commitment", "receipt"),
    "authorisation": ("authorisation", "receipt"),
}
_REGION_LENGTH = 6


def kinds(form_id: str) -> tuple[LetterKind, ...]:
    """The letters that can be made from a record of a form; a collection receipt always can."""
    return _OF_FORM.get(form_id, ("receipt",))


def write(
    vault: Vault, record: Record, form: Form, kind: LetterKind, *, profile: Profile, language: Language
) -> LetterCard:
    """Compose, draw and keep a letter."""
    device = vault.device()
    if device is None:
        raise Problem("desk.not_enrolled")
    if kind not in kinds(record.form_id):
        raise Problem("desk.no_such_letter")
    key = PrivateKey.load(device.suite, device.private_key)
    issued = clock.now()
    letter = letters.compose(
        kind,
        record,
        form,
        number=_number(vault, device.office, issued),
        office=profile.office or device.office,
        issued=issued,
        sign=key.sign,
        suite=key.suite,
        key_id=key.public.key_id,
        practice=device.practice,
        language=language,
        extra={"officer": profile.name} | _handwriting(vault, record, form),
    )
    pdf = letters.render(letter)
    row = vault.save_letter(
        clock.new_id(),
        record.record_id,
        record.version,
        kind,
        letter.number,
        pdf,
        record.submission_sm3,
        letters.page_count(pdf),
    )
    return card(row)


def card(row: LetterRow) -> LetterCard:
    """A kept letter as a list shows it."""
    return LetterCard(
        letter_id=row.letter_id,
        record_id=row.record_id,
        kind=_kind(row.kind),
        number=row.number,
        made_at=row.made_at,
        pages=row.pages,
        sm3=row.sm3,
    )


def page(pdf: bytes, number: int, width: int) -> bytes:
    """One page of a letter (from 0) as a PNG of the given width in pixels."""
    return letters.preview(pdf, page=number, width=width)


def export(vault: Vault, letter_id: str, folder: Path) -> Path:
    """Write a letter's PDF under a name that tells kind and number and no one's name."""
    row = next((row for row in vault.letters() if row.letter_id == letter_id), None)
    if row is None:
        raise Problem("vault.no_letter")
    path = folder / f"{row.kind}-{row.number}.pdf"
    try:
        path.write_bytes(vault.letter(letter_id))
    except OSError as error:
        raise Problem("desk.cannot_write", folder=folder.name) from error
    return path


def _kind(kind: str) -> LetterKind:
    return next(known for known in ("commitment", "authorisation", "receipt") if known == kind)


def _number(vault: Vault, office: str, issued: datetime.datetime) -> str:
    day = issued.astimezone().strftime("%Y%m%d")
    region = office[:_REGION_LENGTH].ljust(_REGION_LENGTH, "0")
    taken = sum(row.number.startswith(f"{region}{day}") for row in vault.letters())
    return f"{region}{day}{taken + 1:06d}"


def _handwriting(vault: Vault, record: Record, form: Form) -> dict[str, str | bytes]:
    """The subject's strokes, where the record holds some."""
    session = Session.resume(form, record.submission, now=lambda: record.sealed_at)
    drawn = {
        value
        for ref, value, _ in session.leaves()
        if value and "signature" in session.entry(ref).appearance.split()
    }
    found = next((item for item in record.attachments if item.name in drawn), None)
    return {"signature": vault.attachment(found.sm3)} if found else {}
