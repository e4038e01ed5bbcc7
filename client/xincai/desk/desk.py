"""The desk itself: one method for each thing a person does."""

import contextlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path

from xincai import clock, paths, sync
from xincai.desk import dossier, outbox, paper, passphrase, preferences
from xincai.desk.filling import Correction, Filling, form_language
from xincai.desk.views import (
    BatchCard,
    Beginning,
    Connection,
    CorrectionCard,
    Delivery,
    Door,
    DraftCard,
    Language,
    LetterCard,
    LetterKind,
    Overview,
    Preferences,
    Profile,
    ReceiptCard,
    RecordCard,
    RecordDetail,
    Status,
    Step,
)
from xincai.errors import Problem
from xincai.records import mask_name, seal_record
from xincai.shelf import FormCard, Shelf
from xincai.vault import Draft, KdfParams, Vault
from xincai.wire.digest import sm3
from xincai.wire.suites import PrivateKey
from xincai.xforms import Form, Session, read_form

_VAULT, _PRACTICE = "vault", "practice"
_PROFILE = "profile"


class Desk:
    """One person's desk over one folder."""

    def __init__(
        self, folder: Path | None = None, *, shelf: Shelf | None = None, kdf: KdfParams | None = None
    ) -> None:
        """`kdf` is given by tests alone; everyone else gets the vault's own."""
        self.folder = folder or paths.data()
        self._shelf = shelf or Shelf()
        self._kdf = kdf
        self._open: Vault | None = None
        self._practice: sync.PracticeGateway | None = None
        self._forms: dict[str, Form] = {}

    @property
    def _vault(self) -> Vault:
        if self._open is None:
            raise Problem("vault.locked")
        return self._open

    # --- the door
    def door(self) -> Door:
        """Where the person stands: nothing here yet, before a locked vault, or inside."""
        if self._open is not None:
            return "open"
        return "locked" if Vault.is_there(self.folder / _VAULT) else "first_run"

    def preferences(self) -> Preferences:
        return preferences.load(self.folder)

    def prefer(self, chosen: Preferences) -> None:
        preferences.save(self.folder, chosen)

    def passphrase_weakness(self, chosen: str, profile: Profile) -> str:
        """Why a passphrase is too weak, as a Problem's code; "" when it is good. In memory."""
        return passphrase.weakness(chosen, profile)

    def begin(self, beginning: Beginning) -> str:
        """Create the vault; the recovery code to print and to type back."""
        weakness = passphrase.weakness(beginning.passphrase, beginning.profile)
        if weakness:
            raise Problem(weakness)
        profile = beginning.profile
        self._open, code = Vault.create(
            self.folder / _VAULT,
            beginning.passphrase,
            name=profile.name,
            params=self._kdf,
            settings={_PROFILE: json.dumps(asdict(profile))},
        )
        return code

    def check_recovery(self, code: str) -> bool:
        """Whether the code typed back opens the vault just made."""
        return self._vault.opens_with_recovery(code)

    def unlock(self, secret: str) -> None:
        self._opened(Vault.open(self.folder / _VAULT, secret))

    def unlock_with_recovery(self, code: str) -> None:
        self._opened(Vault.open(self.folder / _VAULT, recovery=code))

    def set_passphrase(self, recovery: str, new: str) -> None:
        """Set a new passphrase with the recovery code, for a person who forgot the old one."""
        self._refuse_weak(new)
        self._vault.set_passphrase(recovery, new)

    def change_passphrase(self, old: str, new: str) -> None:
        self._refuse_weak(new)
        self._vault.change_passphrase(old, new)

    def close(self) -> None:
        """Close the vault and stop the practice gateway, if any."""
        if self._open is not None:
            self._open.close()
            self._open = None
        if self._practice is not None:
            self._practice.stop()
            self._practice = None

    # --- home and settings
    def overview(self) -> Overview:
        counts = self._vault.status_counts()
        return Overview(
            drafts=self.drafts(),
            corrections=self.corrections(),
            waiting=len(self._vault.waiting_records()),
            undelivered=sum(batch.state not in {"settled", "quarantined"} for batch in self._vault.batches()),
            accepted=counts["accepted"],
            records=sum(counts.values()),
            connection=self.connection(),
            profile=self.profile(),
        )

    def profile(self) -> Profile:
        kept = self._vault.setting(_PROFILE)
        return Profile(**json.loads(kept)) if kept else Profile(role="officer", name=self._vault.name)

    def connection(self) -> Connection | None:
        device = self._vault.device()
        return outbox.connection(self._vault, device) if device else None

    def enrol(self, url: str, code: str) -> Connection:
        """Enrol this device with a one-time code."""
        return outbox.connection(self._vault, sync.enrol(self._vault, url, code))

    def device_pem(self) -> str:
        """This device's public key, with which anyone checks its letters and batches; "" before enrolment."""
        device = self._vault.device()
        return PrivateKey.load(device.suite, device.private_key).public.pem if device else ""

    def start_practice(self) -> Connection:
        """Start the practice gateway on this computer and enrol at it, once; later only start it."""
        if self._practice is None or not self._practice.running:
            self._practice = sync.PracticeGateway.start(self.folder / _PRACTICE)
        device = outbox.practise(self._vault, self._practice)
        return outbox.connection(self._vault, device)

    # --- fillings
    def forms(self) -> tuple[FormCard, ...]:
        """Forms on the shelf; for a filer those that concern them."""
        kind = self.profile().subject_kind
        return tuple(card for card in self._shelf.cards() if not kind or kind in card.subjects)

    def drafts(self) -> tuple[DraftCard, ...]:
        returned = {each.record_id: each.text for each in self._vault.corrections()}
        return tuple(
            DraftCard(
                draft_id=row.draft_id,
                form_id=row.form_id,
                form_title=self._title(row.form_id),
                subject_name=mask_name(row.subject_name),
                saved_at=row.saved_at,
                answered=row.answered,
                required=row.required,
                version=row.version,
                returned=returned.get(row.record_id or "", ""),
            )
            for row in self._vault.drafts()
        )

    def start(self, form_id: str) -> Filling:
        """Begin a filling. Nothing is kept before the first answer is saved."""
        card, source, files = (
            self._shelf.card(form_id),
            self._shelf.source(form_id),
            self._shelf.files(form_id),
        )
        if sm3(source) != card.sm3:
            raise Problem("desk.form_replaced")
        form, properties = self._shelf.open(form_id), self._properties()
        self._vault.keep_form(card.sm3, form_id, card.version, source, files)
        session = Session.new(form, properties=properties, language=self._language(form))
        return Filling(
            self._vault,
            card,
            session,
            form_sm3=card.sm3,
            draft_id=clock.new_id(),
            properties=properties,
        )

    def resume(self, draft_id: str) -> Filling:
        """Go on with a draft, with the very form it was begun with."""
        draft = self._vault.draft(draft_id)
        form, properties = self._form(draft.form_sm3), self._properties()
        session = Session.resume(form, draft.xml, properties=properties, language=self._language(form))
        return Filling(
            self._vault,
            self._card(draft.form_id, form),
            session,
            form_sm3=draft.form_sm3,
            draft_id=draft_id,
            properties=properties,
            attachments=self._vault.draft_attachments(draft_id),
            correction=self._correction(draft),
        )

    def correct(self, record_id: str) -> Filling:
        """Open a returned record as the draft of its next version; the one already begun, if there is one."""
        begun = next((row for row in self._vault.drafts() if row.record_id == record_id), None)
        if begun is not None:
            return self.resume(begun.draft_id)
        record = self._vault.record(record_id)
        form = self._form(record.form_sm3)
        session = Session.edit(
            form, record.submission, properties=self._properties(), language=self._language(form)
        )
        draft = Draft(
            draft_id=clock.new_id(),
            form_id=record.form_id,
            form_version=record.form_version,
            form_sm3=record.form_sm3,
            subject_name=record.subject.name,
            xml=session.draft_xml(),
            record_id=record_id,
            version=record.version + 1,
        )
        self._vault.save_draft(draft, record.attachments)
        return self.resume(draft.draft_id)

    def discard(self, draft_id: str) -> None:
        self._vault.delete_draft(draft_id)

    def seal(self, filling: Filling) -> RecordCard:
        """Seal a finished filling into a record that never changes.

        The record bears its draft's id, so that sealing again is refused and not a second record.
        """
        filling.snapshot().save()
        record = seal_record(
            filling.session.form,
            filling.session,
            record_id=filling.record_id or filling.draft_id,
            version=filling.version,
            form_sm3=filling.form_sm3,
            attachments=filling.attachments,
        )
        self._vault.seal(record, filling.draft_id)
        status = self._vault.status(record.record_id, record.version)
        return dossier.card(record, self._title(record.form_id), status)

    # --- dossiers
    def records(
        self, query: str = "", status: Status | None = None, *, limit: int = 100, offset: int = 0
    ) -> tuple[RecordCard, ...]:
        """Latest versions of the records that hold every word of the query, the last sealed first."""
        rows = self._vault.records(query, status, limit, offset)
        return tuple(dossier.row_card(row, self._title(row.form_id)) for row in rows)

    def count_records(self, query: str = "", status: Status | None = None) -> int:
        return self._vault.count_records(query, status)

    def record(
        self, record_id: str, version: int | None = None, language: Language | None = None
    ) -> RecordDetail:
        """One version of a record, read with the form it was filled with, as of the day it was sealed."""
        record = self._vault.record(record_id, version)
        form = self._form(record.form_sm3)
        speak = form_language(form, language or self.preferences().language)
        session = Session.resume(form, record.submission, now=lambda: record.sealed_at, language=speak)
        returned = next((each for each in self._vault.corrections() if each.record_id == record_id), None)
        if returned is not None and returned.version != record.version:
            returned = None
        return RecordDetail(
            card=dossier.card(
                record,
                self._title(record.form_id),
                self._vault.status(record_id, record.version),
            ),
            sections=dossier.sections(session),
            versions=self._vault.versions(record_id),
            letters=tuple(
                paper.card(row) for row in self._vault.letters(record_id) if row.version == record.version
            ),
            letter_kinds=paper.kinds(record.form_id),
            sm3=record.submission_sm3,
            returned=returned.text if returned else "",
            returned_ref=returned.path if returned else "",
        )

    def record_image(self, record_id: str, version: int, name: str) -> bytes:
        """The bytes of a picture that a record holds."""
        record = self._vault.record(record_id, version)
        digest = next((item.sm3 for item in record.attachments if item.name == name), None)
        if digest is None:
            raise Problem("vault.no_attachment")
        return self._vault.attachment(digest)

    # --- letters
    def write_letter(self, record_id: str, kind: LetterKind, language: Language | None = None) -> LetterCard:
        """Make a letter of the latest version, signed by this device, and keep it."""
        record = self._vault.record(record_id)
        return paper.write(
            self._vault,
            record,
            kind,
            self._form,
            profile=self.profile(),
            language=language or self.preferences().language,
        )

    def letter_pdf(self, letter_id: str) -> bytes:
        return self._vault.letter(letter_id)

    def letter_page(self, letter_id: str, page: int, width: int) -> bytes:
        """One page (from 0) as a PNG of the given width in pixels."""
        return paper.page(self._vault.letter(letter_id), page, width)

    def export_letter(self, letter_id: str, folder: Path) -> Path:
        """Write the PDF under a safe, masked file name."""
        return paper.export(self._vault, letter_id, folder)

    # --- outbox
    def waiting(self) -> tuple[RecordCard, ...]:
        """Sealed records that are in no batch yet."""
        keys = self._vault.waiting_records()
        return tuple(
            dossier.card(record, self._title(record.form_id), self._vault.status(*key))
            for key in keys
            for record in [self._vault.record(*key)]
        )

    def outbox(self) -> tuple[BatchCard, ...]:
        """All batches, the latest first."""
        return tuple(outbox.batch_card(row) for row in reversed(self._vault.batches()))

    def sign_batch(self) -> BatchCard:
        """Put all waiting records into one signed batch."""
        return outbox.batch_card(sync.make_batch(self._vault))

    def deliver(self, progress: Callable[[Step], None], cancelled: Callable[[], bool]) -> Delivery:
        """Wire lane: send every open batch until its receipts are here; may be cancelled, may be repeated."""
        return outbox.deliver(self._vault, progress, cancelled)

    def export_batch(self, manifest_id: str, folder: Path) -> Path:
        """Write the batch container and the signer's public key into a folder; the container's path."""
        return sync.export_container(self._vault, manifest_id, folder)

    def receipts(self) -> tuple[ReceiptCard, ...]:
        """Verified receipts, the latest first."""
        return tuple(outbox.receipt_card(row) for row in self._vault.receipts())

    def export_receipts(self, folder: Path) -> tuple[Path, ...]:
        """Write every receipt as it came, byte for byte, with its signature beside it."""
        return outbox.export_receipts(self._vault, folder)

    def corrections(self) -> tuple[CorrectionCard, ...]:
        """Returned records that have no newer version yet."""
        return tuple(
            CorrectionCard(
                record_id=each.record_id,
                version=each.version,
                form_id=each.form_id,
                form_title=self._title(each.form_id),
                subject_name=self._vault.record(each.record_id, each.version).subject.shown_name,
                code=each.code,
                ref=each.path,
                text=each.text,
                draft_id=each.draft_id,
            )
            for each in self._vault.corrections()
        )

    # --- within
    def _opened(self, vault: Vault) -> None:
        self._open = vault
        with contextlib.suppress(Problem):  # on a full disk the vault is still there to be read
            vault.sweep_attachments()

    def _refuse_weak(self, new: str) -> None:
        weakness = passphrase.weakness(new, self.profile())
        if weakness:
            raise Problem(weakness)

    def _form(self, form_sm3: str) -> Form:
        """The form with a digest, as the vault keeps it; read once."""
        if form_sm3 not in self._forms:
            source = self._vault.form_source(form_sm3)
            self._forms[form_sm3] = read_form(source.xml, source.files)
        return self._forms[form_sm3]

    def _card(self, form_id: str, form: Form) -> FormCard:
        """The card of a form, also of one that has left the shelf or moved on to a newer version."""
        card = next((card for card in self._shelf.cards() if card.form_id == form_id), None)
        if card is not None and card.version == form.version:
            return card
        title = {"zh": form.title, "en": form.title}
        return FormCard(form_id, form.version, title, {"zh": "", "en": ""}, (), 0, "", "")

    def _title(self, form_id: str) -> Mapping[str, str]:
        card = next((card for card in self._shelf.cards() if card.form_id == form_id), None)
        return card.title if card else {"zh": form_id, "en": form_id}

    def _correction(self, draft: Draft) -> Correction | None:
        if draft.record_id is None:
            return None
        returned = next(
            (each for each in self._vault.corrections() if each.record_id == draft.record_id), None
        )
        text, ref = (returned.text, returned.path) if returned else ("", "")
        return Correction(draft.record_id, draft.version, text, ref)

    def _language(self, form: Form) -> str:
        return form_language(form, self.preferences().language)

    def _properties(self) -> Mapping[str, str]:
        """What a form may ask of this device and its person."""
        device = self._vault.device()
        return {
            "username": self.profile().name,
            "deviceid": device.device_id if device else self._vault.vault_id,
        }
