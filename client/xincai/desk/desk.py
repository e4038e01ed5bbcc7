"""The desk itself: one method for each thing a person does."""

import contextlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path

from xincai import clock, paths, sync
from xincai.desk import dossier, encrypted, journal, lists, outbox, paper, passphrase, preferences, prefill
from xincai.desk.admitting import Admitting
from xincai.desk.assigning import Assigning
from xincai.desk.auditing import Auditing
from xincai.desk.bringing import Bringing
from xincai.desk.checking import Checking
from xincai.desk.copying import Copied
from xincai.desk.filling import Correction, Filling, form_language
from xincai.desk.keeping import VAULT as _VAULT
from xincai.desk.keeping import Keeping
from xincai.desk.library import Library, subject_of
from xincai.desk.printing import Printing
from xincai.desk.reaching import Reaching
from xincai.desk.rights import by_rights
from xincai.desk.sending import Sending
from xincai.desk.views import (
    Beginning,
    Connection,
    CorrectionCard,
    Door,
    DraftCard,
    Language,
    Overview,
    Preferences,
    Profile,
    RecordCard,
    RecordDetail,
    Status,
)
from xincai.desk.villages import Villages
from xincai.errors import Problem
from xincai.records import delicate_paths, mask_name, seal_record
from xincai.shelf import FormCard, Shelf
from xincai.shelf.county import shelf_of
from xincai.sync.platform import SystemProxy
from xincai.vault import Draft, KdfParams, Vault, restore
from xincai.wire.suites import PrivateKey
from xincai.xforms import Form, Session
from xincai.xforms.filling.sealing import wants_encryption

_PRACTICE = "practice"
_PROFILE = "profile"


@by_rights
class Desk(Assigning, Bringing, Keeping, Sending, Admitting, Auditing, Checking, Printing, Reaching):
    """One person's desk over one folder."""

    def __init__(
        self,
        folder: Path | None = None,
        *,
        shelf: Shelf | None = None,
        kdf: KdfParams | None = None,
        system_proxy: SystemProxy | None = None,
    ) -> None:
        """`system_proxy` says through which proxy the system reaches an address; `kdf` is given by tests
        alone, everyone else gets the vault's own.
        """
        self.folder = folder or paths.data()
        self._shipped = shelf or Shelf()
        self._library = Library(shelf_of(self.folder, self._shipped))
        self._villages = Villages(self._library)
        self._kdf = kdf
        self._system_proxy = system_proxy
        self._open: Vault | None = None
        self._papers = {}
        self._practice: sync.PracticeGateway | None = None
        self._pull_trouble: Problem | None = None

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
        folder = self.folder / _VAULT
        with contextlib.suppress(Problem):  # opening tries again, and says why
            restore.finish(folder)
        return "locked" if Vault.is_there(folder) or restore.is_waiting(folder) else "first_run"

    def preferences(self) -> Preferences:
        return preferences.load(self.folder)

    def prefer(self, chosen: Preferences) -> None:
        preferences.save(self.folder, chosen)

    def begin(self, beginning: Beginning) -> str:
        """Create the vault; the recovery code to print and to type back."""
        profile = beginning.profile
        passphrase.refuse_weak(beginning.passphrase, profile)
        self._open, code = Vault.create(
            self.folder / _VAULT,
            beginning.passphrase,
            name=profile.name,
            params=self._kdf,
            settings={_PROFILE: json.dumps(asdict(profile))},
        )
        return code

    def close(self) -> None:
        """Close the vault and stop the practice gateway, if any."""
        if self._open is not None:
            self._open.close()
            self._open = None
            self._papers.clear()
        if self._practice is not None:
            self._practice.stop()
            self._practice = None

    # --- home and settings
    def overview(self) -> Overview:
        if not self.may("read"):
            return Overview((), (), 0, 0, 0, 0, self.connection(), self.profile())
        counts = self._vault.status_counts()
        return Overview(
            drafts=self.drafts(),
            corrections=self.corrections(),
            waiting=len(encrypted.for_the_platform(self._vault, self._library)),
            undelivered=sum(batch.state not in {"settled", "quarantined"} for batch in self._vault.batches()),
            accepted=counts["accepted"],
            records=sum(counts.values()),
            connection=self.connection(),
            profile=self.profile(),
        )

    def profile(self) -> Profile:
        kept = self._vault.setting(_PROFILE)
        first = Profile(**json.loads(kept)) if kept else Profile(role="officer", name=self._vault.name)
        return first if self._vault.person == "" else self.profile_of_me(first)

    def connection(self) -> Connection | None:
        device = self._vault.device()
        return outbox.connection(self._vault, device) if device else None

    def enrol(self, url: str, code: str) -> Connection:
        """Enrol this device with a one-time code."""
        return outbox.connection(
            self._vault, sync.enrol(self._vault, url, code, system_proxy=self._system_proxy)
        )

    def change_key(self) -> Connection | None:
        """Give this device a new signing key, agreed with the platform."""
        outbox.change_key(self._vault, self._system_proxy)
        return self.connection()

    def device_pem(self) -> str:
        """This device's public key, with which anyone checks its letters and batches; "" before enrolment."""
        device = self._vault.device()
        return PrivateKey.load(device.suite, device.private_key).public.pem if device else ""

    def start_practice(self) -> Connection:
        """Start the practice gateway on this computer and enrol at it, once; later only start it."""
        if self._practice is None or not self._practice.running:
            self._practice = sync.PracticeGateway.start(self.folder / _PRACTICE)
        device = outbox.practise(self._vault, self._practice)
        self._teach()
        return outbox.connection(self._vault, device)

    # --- fillings
    def forms(self) -> tuple[FormCard, ...]:
        """Forms on the shelf; for a filer those that concern them."""
        kind = self.profile().subject_kind
        cards = self._library.cards() if self._open is None else self._library.on_offer(self._open)
        return tuple(card for card in cards if not kind or kind in card.subjects)

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

    def start(self, form_id: str, held: Iterable[str] = ()) -> Filling:
        """Begin a filling, kept from its first answer on; `held`: catalogue items that a prefill, its
        signature verified, says the platform has.
        """
        return self._begin(*self._library.of_shelf(self._vault, form_id), held=held)

    def start_imported(self, form_sm3: str) -> Filling:
        """Begin a filling of a form that was brought in."""
        form = self._library.by_digest(self._vault, form_sm3)
        return self._begin(self._library.card(self._vault, form.form_id, form_sm3), form)

    def start_in_earnest(self, record_id: str) -> Filling:
        """Begin a filling anew that takes over from a record of practice what may be taken over."""
        record = self._vault.record(record_id)
        form = self._form(record.form_sm3)
        filling = self._begin(self._library.card(self._vault, record.form_id, record.form_sm3), form)
        filling.copy_record(record)
        return filling

    def _begin(self, card: FormCard, form: Form, held: Iterable[str] = ()) -> Filling:
        properties, form = self._properties(), lists.up_to_date(self._vault, form)
        session = Session.new(
            form,
            properties=properties,
            language=self._language(form),
            last_saved=journal.last_saved(self._vault, form),
        )
        prefill.offer_handler(session, prefill.handler(self._vault, self.profile().office))
        prefill.tell_held(session, held)
        return Filling(
            self._vault,
            card,
            session,
            form_sm3=card.sm3,
            draft_id=clock.new_id(),
            properties=properties,
            log=journal.begin(self._vault, form, properties),
        )

    def resume(self, draft_id: str) -> Filling:
        """Go on with a draft, with the very form it was begun with."""
        draft = self._vault.draft(draft_id)
        form, properties = self._form(draft.form_sm3), self._properties()
        session = Session.resume(
            form,
            draft.xml,
            properties=properties,
            language=self._language(form),
            last_saved=journal.last_saved(self._vault, form),
        )
        for request in session.requests():
            if request.ref in journal.withheld(self._vault, draft_id):
                session.fulfil(request.ref, "")
        attachments = self._vault.draft_attachments(draft_id)
        return Filling(
            self._vault,
            self._library.card(self._vault, draft.form_id, draft.form_sm3),
            session,
            form_sm3=draft.form_sm3,
            draft_id=draft_id,
            properties=properties,
            attachments=attachments,
            correction=self._correction(draft),
            log=journal.begin(self._vault, form, properties, attachments),
            copied=Copied.load(draft.copied),
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
            delicate=delicate_paths(form),
        )
        self._vault.save_draft(draft, record.attachments)
        return self.resume(draft.draft_id)

    def discard(self, draft_id: str) -> None:
        self._vault.delete_draft(draft_id)

    def seal(self, filling: Filling) -> RecordCard:
        """Seal a finished filling into a record that never changes.

        The record bears its draft's id, so that sealing again is refused and not a second record.
        """
        filling.close_log()
        filling.snapshot().save()
        try:
            record = seal_record(
                filling.session.form,
                filling.session,
                record_id=filling.record_id or filling.draft_id,
                version=filling.version,
                form_sm3=filling.form_sm3,
                attachments=filling.attachments,
                subject=subject_of(filling.session),
                origins=filling.copied_origins(),
            )
            form = self._library.by_digest(self._vault, filling.form_sm3)
            left = tuple(lists.left_by(self._vault, form, filling.session))
            self._vault.seal(record, filling.draft_id, left)
        except Problem:
            filling.unsealed()
            raise
        with contextlib.suppress(Problem):  # sealed it is; who handles it is asked again next time
            prefill.keep_handler(self._vault, filling.session)
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
        erasure = self._vault.erasure(record_id, version)
        if erasure is not None:
            return self._tombstone(erasure)
        record = self._vault.record(record_id, version)
        form = self._form(record.form_sm3)
        speak = form_language(form, language or self.preferences().language)
        session = Session.resume(
            form, record.submission, now=lambda: record.sealed_at, language=speak, opened=False
        )
        returned = next((each for each in self._vault.corrections() if each.record_id == record_id), None)
        if returned is not None and returned.version != record.version:
            returned = None
        return RecordDetail(
            card=dossier.card(
                record,
                self._title(record.form_id),
                self._vault.status(record_id, record.version),
            ),
            sections=dossier.sections(session, record.origins),
            versions=self._vault.versions(record_id),
            letters=tuple(
                paper.card(row) for row in self._vault.letters(record_id) if row.version == record.version
            ),
            letter_kinds=paper.kinds(record.form_id),
            sm3=record.submission_sm3,
            returned=returned.text if returned else "",
            returned_ref=returned.path if returned else "",
            encrypted=wants_encryption(form),
        )

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

    def _form(self, form_sm3: str) -> Form:
        return lists.up_to_date(self._vault, self._library.by_digest(self._vault, form_sm3))

    def _title(self, form_id: str) -> Mapping[str, str]:
        return self._library.title(self._vault, form_id)

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
