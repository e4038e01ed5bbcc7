"""The forms of a desk: those that ship with the program, and those that the person brought in.

Rules: a filling, a draft and a record each hold the digest of their form and open that very form, whatever
is offered since. Of a form brought in several times the greatest version is offered, and of equal versions
the last; the others stay kept for their drafts and records. A form of others that tells no levels is taken
for L3: its answers are masked in lists.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from itertools import zip_longest
from pathlib import Path

from xincai.desk.views import ImportedForm
from xincai.errors import Problem
from xincai.records import Subject, binds
from xincai.shelf import FormCard, FormSource, Shelf
from xincai.shelf.apart import card_text, inspect_apart, read_card
from xincai.shelf.reading import Inspection
from xincai.sync import index_in_use
from xincai.vault import ImportedRow, Vault
from xincai.wire.digest import sm3
from xincai.wire.index import FORM, Document
from xincai.wire.published import FORM_CARD, FORM_SOURCE, LIST
from xincai.xforms import Form, Session, read_form

IMPORTED = "imported"
"""The category of forms brought in."""


class Library:
    """Forms by id, by digest, and their names."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._open: dict[str, Form] = {}
        self._titles: dict[str, Mapping[str, str]] | None = None

    def cards(self) -> tuple[FormCard, ...]:
        """The forms that ship with the program."""
        return self._shelf.cards()

    def use(self, shelf: Shelf) -> None:
        """Offer the forms of another shelf from now on."""
        self._shelf, self._titles = shelf, None

    def source(self, form_id: str) -> tuple[bytes, Mapping[str, bytes]]:
        """A form of the shelf as built, and the code lists it reads."""
        return self._shelf.source(form_id), self._shelf.files(form_id)

    def published(self, vault: Vault) -> tuple[FormCard, ...]:
        """The forms that the platform publishes to this office."""
        return tuple(
            read_card(vault.published_file(each.file(FORM_CARD).sm3).decode()) for each in _forms(vault)
        )

    def on_offer(self, vault: Vault) -> tuple[FormCard, ...]:
        """The forms of the shelf, each as the platform publishes it where it does, and those it adds."""
        fresh = {card.form_id: card for card in self.published(vault)}
        return (*(fresh.pop(card.form_id, card) for card in self.cards()), *fresh.values())

    def _of_platform(self, vault: Vault, form_id: str) -> tuple[FormCard, Form] | None:
        """A published form, kept in the vault from now on; None when the platform publishes none."""
        document = next((each for each in _forms(vault) if each.id == form_id), None)
        if document is None:
            return None
        card, source, files = published_source(vault, document)
        vault.keep_form(card.sm3, form_id, card.version, source, files)
        return card, self.by_digest(vault, card.sm3)

    def of_shelf(self, vault: Vault, form_id: str) -> tuple[FormCard, Form]:
        """A form on offer, kept in the vault from now on."""
        if (found := self._of_platform(vault, form_id)) is not None:
            return found
        card, source, files = (
            self._shelf.card(form_id),
            self._shelf.source(form_id),
            self._shelf.files(form_id),
        )
        if sm3(source) != card.sm3:
            raise Problem("desk.form_replaced")
        form = self._shelf.open(form_id)
        vault.keep_form(card.sm3, form_id, card.version, source, files)
        return card, form

    def by_digest(self, vault: Vault, form_sm3: str) -> Form:
        """The form with a digest, as the vault keeps it; read once."""
        if form_sm3 not in self._open:
            source = vault.form_source(form_sm3)
            self._open[form_sm3] = read_form(source.xml, source.files)
        return self._open[form_sm3]

    def card(self, vault: Vault, form_id: str, form_sm3: str) -> FormCard:
        """The card of a form, also of one that is offered no longer or moved on to a newer version."""
        brought = next((row for row in vault.imported_forms() if row.form_sm3 == form_sm3), None)
        if brought is not None:
            return read_card(brought.card)
        form = self.by_digest(vault, form_sm3)
        for card in (*self.published(vault), *self._shelf.cards()):
            if card.sm3 == form_sm3 or (card.form_id, card.version) == (form_id, form.version):
                return card
        title = {"zh": form.title, "en": form.title}
        return FormCard(form_id, form.version, title, {"zh": "", "en": ""}, (), 0, "", form_sm3)

    def title(self, vault: Vault, form_id: str) -> Mapping[str, str]:
        """What a form is called."""
        if self._titles is None:
            self._titles = {row.form_id: read_card(row.card).title for row in vault.imported_forms()}
            self._titles |= {card.form_id: card.title for card in self._shelf.cards()}
        if form_id in self._titles:
            return self._titles[form_id]
        published = (card.title for card in self.published(vault) if card.form_id == form_id)
        return next(published, {"zh": form_id, "en": form_id})

    # --- forms brought in
    def inspect(self, files: Iterable[Path], cancelled: Callable[[], bool]) -> Inspection | None:
        """Look a form through in a process apart; None when cancelled. Nothing is kept."""
        return inspect_apart(files, cancelled)

    def keep(self, vault: Vault, source: FormSource) -> ImportedForm:
        """Keep a form that was looked through, and offer it."""
        card = source.card
        vault.keep_form(card.sm3, card.form_id, card.version, source.xml, source.files)
        vault.offer_form(card.sm3, card_text(card))
        self._titles = None
        return next(form for form in self.imported(vault) if form.card.form_id == card.form_id)

    def imported(self, vault: Vault) -> tuple[ImportedForm, ...]:
        """The forms brought in that are offered, each in its greatest version, the last one first."""
        newest: dict[str, ImportedRow] = {}
        for row in vault.imported_forms():
            known = newest.get(row.form_id)
            if row.offered and (known is None or not _greater(known.form_version, row.form_version)):
                newest[row.form_id] = row
        rows = sorted(newest.values(), key=lambda row: row.imported_at, reverse=True)
        return tuple(ImportedForm(row.form_sm3, read_card(row.card), row.imported_at) for row in rows)

    def withdraw(self, vault: Vault, form_id: str) -> None:
        """Offer a form that was brought in no longer, in none of its versions."""
        for row in vault.imported_forms():
            if row.form_id == form_id and row.offered:
                vault.withdraw_form(row.form_sm3)


def published_source(vault: Vault, document: Document) -> tuple[FormCard, bytes, Mapping[str, bytes]]:
    """A published form's card, source and files; raises Problem when they do not belong together."""
    files = {
        file.name: vault.published_file(file.sm3) for file in document.files if file.name.startswith(LIST)
    }
    source = document.file(FORM_SOURCE).sm3
    try:
        card = read_card(vault.published_file(document.file(FORM_CARD).sm3).decode())
    except (ValueError, TypeError, KeyError) as error:
        raise Problem("wire.bad_document", id=document.id[:60]) from error
    lists = {name.removeprefix(LIST): data for name, data in files.items()}
    if (card.form_id, card.sm3, set(card.files)) != (document.id, source, set(lists)):
        raise Problem("wire.bad_document", id=document.id[:60])
    return card, vault.published_file(source), lists


def _forms(vault: Vault) -> tuple[Document, ...]:
    index = index_in_use(vault)
    return index.of(FORM) if index is not None else ()


def subject_of(session: Session) -> Subject | None:
    """Whom a record of a form is about that has no questions for it: what the filling calls itself.

    None where the form asks for it.
    """
    if any("subject" in bind.attributes for bind in binds(session.form)):
        return None
    return Subject("", "", session.instance_name)


def _greater(one: str, other: str) -> bool:
    """Whether one version is greater: numbers in it count as numbers, 2026.10 after 2026.9."""
    for a, b in zip_longest(_parts(one), _parts(other), fillvalue=(0, 0, "")):
        if a != b:
            return a > b
    return False


def _parts(version: str) -> list[tuple[int, int, str]]:
    return [
        (1, int(part), "") if part.isdigit() else (0, 0, part)
        for part in re.findall(r"[0-9]+|[^0-9.\-_ ]+", version)
    ]
