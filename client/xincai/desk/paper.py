"""Letters of a record: numbered, signed by this device, kept in the vault.

A letter's number has 20 digits, as the national record of commitments asks (commitment code: region 6,
date 8, serial 6). The serial begins at a place of the device's own among a thousand, and counts its letters
of the day, so that two laptops of one county hardly ever give the same number; what tells letters apart for
good is their digest.
"""

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path

from xincai import clock, letters
from xincai.desk.views import Language, LetterCard, LetterKind, Profile
from xincai.errors import Problem
from xincai.records import Record
from xincai.vault import Device, LetterRow, Vault
from xincai.wire.digest import sm3
from xincai.wire.suites import PrivateKey
from xincai.xforms import Form, Session

_OF_FORM: dict[str, tuple[LetterKind, ...]] = {
    "commitment": ("commitment", "receipt"),
    "authorisation": ("authorisation", "receipt"),
}
_REGION_LENGTH = 6
_SERIALS = 1_000_000
_STRIDE = 1_000
_COVERS = "/tr_modules"
"""The question of a commitment that names the forms it covers."""


def kinds(form_id: str) -> tuple[LetterKind, ...]:
    """The letters that can be made from a record of a form; a collection receipt always can."""
    return _OF_FORM.get(form_id, ("receipt",))


def write(
    vault: Vault,
    record: Record,
    kind: LetterKind,
    read: Callable[[str], Form],
    *,
    profile: Profile,
    language: Language,
) -> LetterCard:
    """Compose, draw and keep a letter; `read` opens a form by its digest."""
    device = vault.device()
    if device is None:
        raise Problem("desk.not_enrolled")
    if kind not in kinds(record.form_id):
        raise Problem("desk.no_such_letter")
    key = PrivateKey.load(device.suite, device.private_key)
    issued, form = clock.now(), read(record.form_sm3)
    session = Session.resume(form, record.submission, now=lambda: record.sealed_at)
    covered = _covered(vault, record, session) if kind == "commitment" else ()
    letter = letters.compose(
        kind,
        record,
        form,
        number=_number(vault, device, issued),
        office=profile.office or device.office,
        issued=issued,
        sign=key.sign,
        suite=key.suite,
        key_id=key.public.key_id,
        practice=device.practice or vault.status(record.record_id, record.version) == "practised",
        language=language,
        extra={"officer": profile.name} | _handwriting(vault, record, session),
        enclosed=[letters.enclose(each, read(each.form_sm3), language) for each in covered],
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
    row = vault.letter_row(letter_id)
    path = folder / f"{row.kind}-{row.number}.pdf"
    try:
        path.write_bytes(vault.letter(letter_id))
    except OSError as error:
        raise Problem("desk.cannot_write", folder=folder.name) from error
    return path


def _kind(kind: str) -> LetterKind:
    return next(known for known in ("commitment", "authorisation", "receipt") if known == kind)


def _number(vault: Vault, device: Device, issued: datetime.datetime) -> str:
    region = device.office[:_REGION_LENGTH].ljust(_REGION_LENGTH, "0")
    day = f"{region}{issued.astimezone():%Y%m%d}"
    own = int(sm3(device.device_id.encode())[:8], 16) * _STRIDE
    return f"{day}{(own + vault.count_letters(day) + 1) % _SERIALS:06d}"


def _covered(vault: Vault, record: Record, session: Session) -> Iterator[Record]:
    """The subject's sealed records of the forms that a commitment names, the oldest first."""
    named = next((value.split() for ref, value, _ in session.leaves() if ref.endswith(_COVERS)), [])
    for row in reversed(vault.records(record.subject.code)):
        if row.subject_code == record.subject.code and row.form_id in named and not row.erased:
            yield vault.record(row.record_id, row.version)


def _handwriting(vault: Vault, record: Record, session: Session) -> dict[str, str | bytes]:
    """The subject's strokes, where the record holds some."""
    drawn = {
        value
        for ref, value, _ in session.leaves()
        if value and "signature" in session.entry(ref).appearance.split()
    }
    found = next((item for item in record.attachments if item.name in drawn), None)
    return {"signature": vault.attachment(found.sm3)} if found else {}
