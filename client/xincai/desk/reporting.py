"""Papers that are made from no one record: all that is held on a subject, and the slip of a batch.

They are shown, printed and saved like letters, but never kept in the vault: a report would outlive the
records that it repeats. That a report was made is written down.
"""

import datetime
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from xincai import clock, letters
from xincai.desk import told
from xincai.desk.part import Part
from xincai.desk.views import Answer, Language, LetterCard, PaperKind
from xincai.errors import Problem
from xincai.letters import values
from xincai.letters.template import Fields, letter_text
from xincai.records import Record
from xincai.vault import RecordRow, Vault
from xincai.wire import manifest
from xincai.wire.suites import PrivateKey

_PIECE = 200
_HEAD = 16
_UNITS = ((1 << 20, "MB"), (1 << 10, "KB"))
_Paper = tuple[LetterCard, bytes]


class Reporting(Part):
    """The part of the desk that answers a subject who asks what is held, and sends batches on their way."""

    _papers: dict[str, _Paper]
    """Papers made since the vault was opened; the last of each kind."""

    def write_report(
        self, record_id: str, language: Language | None = None, *, in_full: bool = False
    ) -> LetterCard:
        """All that this device holds on a record's subject; in full only for the subject in person."""
        vault, speak = self._vault, language or self.preferences().language
        record = vault.record(record_id)
        issue = self._issue("BG", speak)
        hides = told.nothing if in_full else told.masked
        held = [each for row in _rows_of(vault, record) for each in self._held(row, speak, hides)]
        letter = letters.report(
            record.subject,
            held,
            issue,
            officer=self.profile().name,
            in_full=in_full,
            drafts=self._begun(record, speak),
        )
        extent = "full" if in_full else "masked"
        vault.add_event("report", record=record_id, number=issue.number, extent=extent)
        return self._put("report", issue, letters.render(letter), record_id)

    def write_slip(self, manifest_id: str, language: Language | None = None) -> LetterCard:
        """The slip of a batch, to go with it from hand to hand."""
        vault, speak = self._vault, language or self.preferences().language
        batch = manifest.decode(vault.batch(manifest_id).manifest)
        issue = self._issue("JJ", speak)
        row = next(each for each in vault.batches() if each.manifest_id == manifest_id)
        counts = Counter(each.form for each in batch.records)
        forms = [
            {"no": str(n), "label": self._title(form)[speak], "count": str(count)}
            for n, (form, count) in enumerate(counts.most_common(), 1)
        ]
        outcome = (
            f"{row.accepted} {told.words(speak, 'accepted')}, {row.rejected} {told.words(speak, 'rejected')}"
        )
        facts = {
            "sequence": str(batch.sequence),
            "created": values.moment(clock.parse_stamp(batch.created), speak),
            "device": batch.device,
            "recipient": batch.recipient,
            "key": batch.signer,
            "count": str(len(batch.records)),
            "files": str(sum(len(each.attachments) for each in batch.records)),
            "receipt_no": row.receipt,
            "outcome": outcome if row.accepted or row.rejected else told.words(speak, "received"),
        }
        pdf = letters.render(letters.batch_slip(manifest_id, facts, forms, issue))
        return self._put("batch", issue, pdf, "")

    # --- within
    def _issue(self, prefix: str, language: Language) -> letters.Issue:
        device = self._vault.device()
        if device is None:
            raise Problem("desk.not_enrolled")
        key, now = PrivateKey.load(device.suite, device.private_key), clock.now()
        local = now.astimezone(values.BEIJING)
        return letters.Issue(
            number=f"{prefix}-{device.office[:6]}-{local:%Y%m%d-%H%M%S}",
            office=self.profile().office or device.office,
            issued=now,
            sign=key.sign,
            key_id=key.public.key_id,
            suite=key.suite,
            practice=device.practice,
            language=language,
        )

    def _put(self, kind: PaperKind, issue: letters.Issue, pdf: bytes, record_id: str) -> LetterCard:
        card = LetterCard(
            letter_id=kind,
            record_id=record_id,
            kind=kind,
            number=issue.number,
            made_at=issue.issued,
            pages=letters.page_count(pdf),
            sm3="",
        )
        self._papers[kind] = (card, pdf)
        return card

    def _paper(self, letter_id: str) -> bytes:
        """The PDF of a letter that is kept, or of a paper that is not."""
        found = self._papers.get(letter_id)
        return found[1] if found else self._vault.letter(letter_id)

    def _paper_to(self, letter_id: str, folder: Path) -> Path | None:
        """Write a paper that is not kept; None when the letter is a kept one."""
        found = self._papers.get(letter_id)
        if found is None:
            return None
        path = folder / f"{found[0].kind}-{found[0].number}.pdf"
        try:
            path.write_bytes(found[1])
        except OSError as error:
            raise Problem("desk.cannot_write", folder=folder.name) from error
        return path

    def _held(
        self, row: RecordRow, language: Language, hides: Callable[[Answer], bool]
    ) -> Iterator[letters.Held]:
        vault, title = self._vault, self._title(row.form_id)[language]
        for version in vault.versions(row.record_id):
            status = told.words(language, vault.status(row.record_id, version))
            receipts = list(told.deliveries(vault, row.record_id, version, language))
            made = [
                _made(each.kind, each.number, each.made_at, language)
                for each in vault.letters(row.record_id)
                if each.version == version
            ]
            erased = vault.erasure(row.record_id, version)
            if erased is not None:
                yield letters.Held(
                    title, row.record_id, version, erased.sealed_at, status, erased.submission_sm3,
                    (), (), made, receipts, erased.at,
                )  # fmt: skip
                continue
            record = vault.record(row.record_id, version)
            session = letters.read(record, self._form(record.form_sm3), language)
            yield letters.Held(
                title=title,
                record_id=row.record_id,
                version=version,
                sealed_at=record.sealed_at,
                status=status,
                sm3=record.submission_sm3,
                sections=told.sections(session, record.origins, hides),
                files=[
                    {"name": each.name, "size": _size(each.size), "head": values.groups(each.sm3[:_HEAD], 8)}
                    for each in record.attachments
                ],
                letters=made,
                receipts=receipts,
            )

    def _begun(self, record: Record, language: Language) -> Sequence[Fields]:
        """Fillings of the subject that are not sealed yet."""
        return [
            {"label": self._title(row.form_id)[language], "saved": values.moment(row.saved_at, language)}
            for row in self._vault.drafts()
            if row.subject_name == record.subject.name
        ]


def _rows_of(vault: Vault, record: Record) -> Iterator[RecordRow]:
    """The subject's records, the oldest first."""
    subject, found, offset = record.subject, list[RecordRow](), 0
    while rows := vault.records(subject.code or subject.name, None, _PIECE, offset):
        found += [
            row
            for row in rows
            if (row.subject_kind, row.subject_code) == (subject.kind, subject.code)
            and (subject.code or row.subject_name == subject.name)
        ]
        offset += _PIECE
    yield from reversed(found)


def _made(kind: str, number: str, at: datetime.datetime, language: Language) -> Fields:
    title = number if kind == "scan" else letter_text(kind, language).title
    return {"kind": title, "letter_no": number, "made": values.moment(at, language)}


def _size(count: int) -> str:
    for unit, name in _UNITS:
        if count >= unit:
            return f"{count / unit:.1f} {name}"
    return f"{count} B"
