"""The ways into an open vault, changed from inside: passphrases, recovery code, county escrow, keychain.

Rules: whoever changes a way in gives their own passphrase again, because an open vault does not keep its data
key. One slot is rewritten, the data stays as it is; only taking somebody's slot away makes a new data key,
so that what they knew opens nothing from then on, and then the recovery code is a new one too. Two people
never share a passphrase. The history tells a change before it is made, and a person is written down before
their slot is: what cannot be written down is not changed, and a cut between leaves nobody in.
"""

import contextlib
import dataclasses
from pathlib import Path
from typing import Final

from xincai import clock
from xincai.errors import Problem
from xincai.vault import anchor, keychain, keys, people, rekey
from xincai.vault import header as headers
from xincai.vault.connection import Database
from xincai.vault.cursor import Cursor
from xincai.vault.events import Facts, add_event
from xincai.vault.header import Header
from xincai.vault.keys import Slot
from xincai.vault.people import People
from xincai.vault.rows import PersonRole
from xincai.wire.suites import SM2_SM3, PublicKey

MOST: Final = 40
"""So many people at most: the header stays small enough to be read whole."""


class Doors(People):
    """Slots and what becomes of them."""

    folder: Path
    _database: Database
    _header: Header

    def change_passphrase(self, old: str, new: str) -> None:
        """Put a new passphrase in place of one's own; data and recovery code stay as they are."""
        with self._database.reading():  # the lane: no two changes at once, none on a closed vault
            self._renew(self._data_key(old), self.person, new)

    def set_passphrase(self, recovery: str, new: str) -> None:
        """Set a new passphrase with the recovery code, for a person who forgot the old one."""
        with self._database.reading():
            code = keys.read_recovery(recovery)
            data_key = keys.unwrap(self._header.slot("recovery"), code, self.vault_id)
            if data_key is None:
                raise Problem("vault.wrong_recovery")
            self._renew(data_key, self.person, new)

    def set_passphrase_with_key(self, data_key: bytes, new: str) -> None:
        """Set a new passphrase with the data key that a county opened its escrow for."""
        with self._database.reading():
            if not self._header.genuine(data_key):
                raise Problem("vault.wrong_escrow")
            self._renew(data_key, self.person, new)

    def reset_passphrase(self, secret: str, person_id: str, new: str) -> None:
        """Set a new passphrase for somebody who forgot theirs; `secret` is one's own."""
        with self._database.reading():
            if all(person.person_id != person_id for person in self.people()):
                raise Problem("vault.no_person")
            self._renew(self._data_key(secret), person_id, new, {"whom": person_id})

    def is_mine(self, secret: str) -> bool:
        """Whether a passphrase is that of who opened the vault."""
        slot = self._header.find("passphrase", self.person)
        return slot is not None and keys.unwrap(slot, secret, self.vault_id) is not None

    def opens_with_recovery(self, code: str) -> bool:
        """Whether a recovery code as typed is this vault's; raises Problem when it is miswritten."""
        return keys.unwrap(self._header.slot("recovery"), keys.read_recovery(code), self.vault_id) is not None

    def renew_recovery(self, secret: str) -> str:
        """A new recovery code, shown once; the one before opens nothing from now on."""
        with self._database.reading():
            data_key, code = self._data_key(secret), keys.new_recovery()
            self._save(self._header.with_slot(self._recovery_slot(data_key, code)), data_key, "recovery")
        return code

    def add_person(self, secret: str, name: str, roles: tuple[PersonRole, ...], passphrase: str) -> str:
        """Give somebody a slot of their own; their id. `secret` is one's own passphrase."""
        if not roles:
            raise Problem("vault.no_role")
        if not name.strip():
            raise Problem("vault.no_name")
        person_id = clock.new_id()
        with self._database.reading():
            data_key = self._data_key(secret)
            if len(self._header.all("passphrase")) >= MOST:
                raise Problem("vault.too_many_people", most=MOST)
            self._refuse_taken(passphrase, person_id)
            with self._database.writing() as cursor:
                people.add_person(cursor, self.vault_id, person_id, name.strip(), roles)
            header = self._paired(data_key, secret)
            slot = self._slot(header, data_key, passphrase, person_id)
            self._save(header.with_slot(slot), data_key, "slot", {"whom": person_id})
        return person_id

    def remove_person(self, secret: str, person_id: str) -> str:
        """Take somebody's slots away under a new data key; the new recovery code, shown once.

        `secret` is one's own passphrase. Raises Problem `vault.own_slot`, `vault.last_administrator`.
        """
        if person_id == self.person:
            raise Problem("vault.own_slot")
        with self._database.reading():
            found = self.people()
            leaving = next((person for person in found if person.person_id == person_id), None)
            if leaving is None:
                raise Problem("vault.no_person")
            stayers = [person for person in found if person.person_id != person_id]
            people.refuse_headless(stayers, four_eyes=self.four_eyes())
            if not self._database.writable:
                raise self._database.refusal()
            self._data_key(secret)
            old, data_key, code = self._header, keys.new_data_key(), keys.new_recovery()
            stay = tuple(slot for slot in old.slots if slot.kind != "recovery" and not _of(slot, person_id))
            slots = [keys.rewrap(slot, data_key) for slot in stay]
            slots.append(self._recovery_slot(data_key, code))
            salt = clock.random_bytes(keys.SALT_SIZE)
            new = dataclasses.replace(old.with_slots(tuple(slots)), file_salt=salt).sealed(data_key)

            def last(cursor: Cursor) -> None:
                cursor.actor = self.person
                people.add_person(cursor, self.vault_id, person_id, leaving.name, leaving.roles, active=False)
                anchor.remember(cursor, new)

            try:
                rekey.rekey(self.folder, self._database, old, new, data_key, last)
            finally:
                if rekey.switched(self._database, new):
                    self._header = new
        return code

    def escrow(self) -> str:
        """The id of the county's key that can open this vault; "" when none can."""
        slot = self._header.find("escrow")
        return PublicKey(SM2_SM3, slot.public).key_id if slot else ""

    def escrow_envelope(self) -> bytes:
        """What a county decrypts with its private key to get the data key; empty without an escrow."""
        slot = self._header.find("escrow")
        return slot.wrapped if slot else b""

    def set_escrow(self, secret: str, pem: str | None) -> str:
        """Let a county's SM2 key open this vault, or no longer (None); the key's id.

        Taking it away does not make a new data key: a county that has opened the envelope keeps what it saw.
        """
        county = PublicKey.from_pem(pem) if pem is not None else None
        if county is not None and county.suite != SM2_SM3:
            raise Problem("vault.escrow_suite", suite=county.suite)
        with self._database.reading():
            data_key = self._data_key(secret)
            rest = tuple(slot for slot in self._header.slots if slot.kind != "escrow")
            added = (keys.wrap_escrow(data_key, county),) if county else ()
            key_id = county.key_id if county else ""
            self._save(self._header.with_slots((*rest, *added)), data_key, "escrow", {"key": key_id})
        return key_id

    def in_keychain(self) -> bool:
        """Whether the system's keychain opens this vault for whoever has it open."""
        return self._header.find("keychain", self.person) is not None

    def keep_in_keychain(self, secret: str) -> None:
        """Let the system's keychain open the vault for this person, beside the passphrase.

        Raises Problem `vault.keychain_shared` when the keychain of this system account opens it for somebody
        else: it cannot tell who sits there.
        """
        with self._database.reading():
            data_key, kept = self._data_key(secret), clock.random_bytes(keys.KEY_SIZE).hex()
            others = [slot for slot in self._header.all("keychain") if slot.holder != self.person]
            if any(keychain.fetch(self.vault_id, slot.holder) is not None for slot in others):
                raise Problem("vault.keychain_shared")
            before = keychain.fetch(self.vault_id, self.person)
            keychain.keep(self.vault_id, self.person, kept)
            header = self._header
            params, salt = header.slot("passphrase").params, clock.random_bytes(keys.SALT_SIZE)
            slot = keys.wrap_paired(data_key, kept, "keychain", self.vault_id, params, self.person, salt)
            try:
                self._save(self._paired(data_key, secret).with_slot(slot), data_key, "keychain")
            except Problem as problem:
                if problem.code != "vault.unsure" and before is not None:
                    keychain.keep(self.vault_id, self.person, before)
                raise

    def forget_keychain(self, secret: str) -> None:
        """Let the keychain open the vault no longer."""
        with self._database.reading():
            data_key, header = self._data_key(secret), self._header
            rest = tuple(
                slot for slot in header.slots if (slot.kind, slot.holder) != ("keychain", self.person)
            )
            self._save(header.with_slots(rest), data_key, "keychain_off")
            keychain.forget(self.vault_id, self.person)

    def _data_key(self, secret: str) -> bytes:
        """The data key, for one's own passphrase."""
        slot = self._header.find("passphrase", self.person)
        data_key = None if slot is None else keys.unwrap(slot, secret, self.vault_id)
        if data_key is None:
            raise Problem("vault.wrong_passphrase")
        return data_key

    def _renew(self, data_key: bytes, holder: str, new: str, facts: Facts | None = None) -> None:
        if not new:
            raise Problem("vault.empty_passphrase")
        self._refuse_taken(new, holder)
        slot = self._slot(self._header, data_key, new, holder)
        self._save(self._header.with_slot(slot), data_key, "passphrase", facts)

    def _refuse_taken(self, passphrase: str, holder: str) -> None:
        """Two people with one passphrase could not be told apart."""
        if not passphrase:
            raise Problem("vault.empty_passphrase")
        others = [slot for slot in self._header.all("passphrase") if slot.holder != holder]
        if keys.unwrap_any(others, passphrase, self.vault_id) is not None:
            raise Problem("vault.passphrase_taken")

    def _slot(self, header: Header, data_key: bytes, secret: str, holder: str) -> Slot:
        """A passphrase slot as the vault makes them now: plain for one person, else with a pair."""
        params = header.slot("passphrase").params
        others = [slot for slot in header.all("passphrase") if slot.holder != holder]
        old = header.find("passphrase", holder)
        if not others and not holder and (old is None or not old.public):
            return keys.wrap(data_key, secret, "passphrase", self.vault_id, params)
        salt = others[0].salt if others else clock.random_bytes(keys.SALT_SIZE)
        return keys.wrap_paired(data_key, secret, "passphrase", self.vault_id, params, holder, salt)

    def _paired(self, data_key: bytes, secret: str) -> Header:
        """The header with a pair in one's own slot, which the slot of a vault of one lacks."""
        slot = self._header.find("passphrase", self.person)
        if slot is None or slot.public:
            return self._header
        return self._header.with_slot(
            keys.wrap_paired(
                data_key, secret, "passphrase", self.vault_id, slot.params, self.person, slot.salt
            )
        )

    def _recovery_slot(self, data_key: bytes, code: str) -> Slot:
        params = self._header.slot("passphrase").params
        return keys.wrap(data_key, keys.read_recovery(code), "recovery", self.vault_id, params)

    def _save(self, header: Header, data_key: bytes, kind: str, facts: Facts | None = None) -> None:
        """Write down what is changed, then change it: a Problem means that the old ways in still open.

        A header is never written beside a file that is not its own.
        """
        if not rekey.switched(self._database, header):
            raise Problem("vault.unsure")
        sealed = header.sealed(data_key)
        with self._database.writing() as cursor:  # not on a vault that is held, read-only or full
            add_event(cursor, self.vault_id, kind, {"revision": sealed.revision, **(facts or {})})
        try:
            headers.write(self.folder, sealed)
        except Problem as problem:
            if problem.code == "vault.unsure":
                self._header = sealed
            raise
        self._header = sealed
        # where that fails, the next opening does it
        with contextlib.suppress(Problem), self._database.writing() as cursor:
            anchor.remember(cursor, sealed)


def _of(slot: Slot, person_id: str) -> bool:
    """Whether a slot is a person's, and not the vault's own."""
    return slot.kind in {"passphrase", "keychain"} and slot.holder == person_id
