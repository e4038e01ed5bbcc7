"""Letters of a record: numbered, signed by this device, kept in the vault.

A letter's number has 20 digits, as the national record of commitments asks (commitment code: region 6,
date 8, serial 6). The serial begins at a place of the device's own among a thousand, and counts its letters
of the day, so that two laptops of one county hardly ever give the same number; what tells letters apart for
good is their digest.
"""

import datetime
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Literal, get_args

from xincai import clock, letters
from xincai.desk import signing, told
from xincai.desk.views import Language, LetterCard, LetterKind, Profile
from xincai.errors import Problem
from xincai.records import Record
from xincai.vault import Device, LetterRow, Vault
from xincai.wire.digest import sm3
from xincai.wire.suites import PrivateKey
from xincai.xforms import Form, Session

_ON_SITE = (
    "household",
    "ff_collect",
    "land_transfer",
    "agri_insurance",
    "subsidy",
    "large_grower",
    "site_verify",
)
_DECLARED = (
    "ent_basic",
    "ent_tax_finance",
    "ent_social_hf",
    "ent_utility",
    "ent_ip_tech",
    "ent_qualification",
    "ent_trade_env",
    "ent_property",
    "ent_public",
    "ent_marital",
    "sole_basic",
    "coop_basic",
    "coll_basic",
)
_OF_FORM: Mapping[str, tuple[LetterKind, ...]] = {
    "commitment": ("commitment", "truth", "consent"),
    "authorisation": ("authorisation", "consent"),
    "consent": ("consent",),
    "objection": ("objection",),
    "repair": ("repair",),
    "withdrawal": ("withdrawal",),
    "visit": ("whitelist", "consent", "summary"),
    **dict.fromkeys(_ON_SITE, ("consent", "summary")),
    **dict.fromkeys(_DECLARED, ("consent",)),
}
_OF_EVERY: tuple[LetterKind, ...] = ("proxy", "witness", "receipt")
_COVERING = frozenset({"commitment", "truth"})
_REGION_LENGTH = 6
_SERIALS = 1_000_000
_STRIDE = 1_000
_COVERS = "/tr_modules"
"""The question of a commitment that names the forms it covers."""


def kinds(form_id: str) -> tuple[LetterKind, ...]:
    """The letters that can be made from a record of a form; a collection receipt always can."""
    own = _OF_FORM.get(form_id)
    return (*own, *_OF_EVERY) if own else ("receipt",)


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
    session = letters.read(record, form, language)
    covered = _covered(vault, record, session) if kind in _COVERING else ()
    parts = told.sections(session, record.origins, told.numbers) if kind == "summary" else ()
    arrived = told.delivery(vault, record, language) if kind == "receipt" else {}
    number = _number(vault, device, issued)
    drawn, statement = signing.bind(vault, record, session, number=number, key=key, issued=issued)
    letter = letters.compose(
        kind,
        record,
        form,
        number=number,
        office=profile.office or device.office,
        issued=issued,
        sign=key.sign,
        suite=key.suite,
        key_id=key.public.key_id,
        practice=device.practice or vault.status(record.record_id, record.version) == "practised",
        language=language,
        extra={"officer": profile.name, **arrived, **drawn},
        enclosed=[letters.enclose(each, read(each.form_sm3), language) for each in covered],
        parts=parts,
        session=session,
    )
    pdf = letters.render(letter)
    signing.remember(vault, key.public)
    if statement is not None and signing.bears(letter):
        signing.keep(vault, statement)
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


def _kind(kind: str) -> LetterKind | Literal["scan"]:
    return "scan" if kind == "scan" else next(known for known in get_args(LetterKind) if known == kind)


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
