"""Who comes in, and how: passphrases, recovery code, people and roles, escrow, keychain, second looks."""

import contextlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from xincai import clock
from xincai.desk import door, dossier, passphrase, words
from xincai.desk.keeping import VAULT
from xincai.desk.part import Part
from xincai.desk.rights import Right, rights_of
from xincai.desk.views import Access, PersonCard, PersonRole, Profile, RecordCard, Role, Strength
from xincai.errors import Problem
from xincai.vault import Vault
from xincai.vault.restore import finish

_OPENED_ESCROW: Final = re.compile(r"[0-9a-f]{64}")
_LONGEST_KEY: Final = 10_000
_PRINTED: Final = 1654
"""Pixels across A4 at 200 to the inch."""


class Admitting(Part):
    """The part of the desk that knows who is who."""

    # --- coming in
    def unlock(self, secret: str) -> None:
        self._come_in(lambda folder: Vault.open(folder, secret))

    def unlock_with_recovery(self, code: str) -> None:
        """Open with the recovery code, or with the 64 hex digits that a county got from its escrow."""
        key = _escrow_key(code)
        if key is not None:
            self._come_in(lambda folder: Vault.open(folder, escrow=key))
        else:
            self._come_in(lambda folder: Vault.open(folder, recovery=code))

    def _come_in(self, way: Callable[[Path], Vault]) -> None:
        """Open with a secret that somebody has typed; wrong ones are counted and written down."""
        door.hold(self.folder)
        finish(self.folder / VAULT)
        try:
            vault = way(self.folder / VAULT)
        except Problem as problem:
            if problem.code in door.WRONG:
                door.guessed(self.folder)
            raise
        guesses = door.entered(self.folder)
        self._opened(vault)
        if guesses:
            with contextlib.suppress(Problem):  # what cannot be written to is there to be read
                vault.add_event("guesses", count=guesses)

    def offers_keychain(self) -> bool:
        """Whether it is worth asking the system's keychain."""
        return Vault.may_be_in_keychain(self.folder / VAULT)

    def unlock_with_keychain(self) -> None:
        """Open with what the system's keychain holds."""
        self._opened(Vault.open(self.folder / VAULT, by_keychain=True))

    def check_recovery(self, code: str) -> bool:
        """Whether the code typed back opens the vault just made."""
        return self._vault.opens_with_recovery(code)

    def recovery_sheet(self, code: str) -> bytes:
        """The sheet for a recovery code, as a PDF to print; kept nowhere."""
        from xincai.letters import recovery_sheet

        return recovery_sheet(
            code,
            name=self.profile().name,
            vault_id=self._vault.vault_id,
            made=clock.now(),
            language=self.preferences().language,
        )

    def recovery_images(self, code: str) -> tuple[bytes, ...]:
        """The same sheet as pictures, for a printer."""
        from xincai.letters import page_count, preview

        pdf = self.recovery_sheet(code)
        return tuple(preview(pdf, page=page, width=_PRINTED) for page in range(page_count(pdf)))

    # --- passphrases
    def passphrase_weakness(self, chosen: str, profile: Profile) -> str:
        """Why a passphrase is too weak, as a Problem's code; "" when it is good. In memory."""
        return passphrase.weakness(chosen, profile)

    def passphrase_strength(self, chosen: str, profile: Profile) -> Strength:
        """How strong a passphrase is, and what is wrong with it. In memory."""
        return passphrase.strength(chosen, profile)

    def offer_passphrase(self) -> Strength:
        """A passphrase of words drawn by lot. In memory."""
        return words.offer()

    def set_passphrase(self, recovery: str, new: str) -> None:
        """Set a new passphrase with what opened the vault, for a person who forgot the old one."""
        passphrase.refuse_weak(new, self.profile())
        key = _escrow_key(recovery)
        if key is not None:
            self._vault.set_passphrase_with_key(key, new)
        else:
            self._vault.set_passphrase(recovery, new)

    def change_passphrase(self, old: str, new: str) -> None:
        passphrase.refuse_weak(new, self.profile())
        self._vault.change_passphrase(old, new)

    # --- people
    def may(self, right: Right) -> bool:
        """Whether whoever is in has a right."""
        return right in rights_of(self._vault.me().roles)

    def profile_of_me(self, first: Profile) -> Profile:
        """Who works here, when it is not the first person, whose profile is given."""
        me = self._vault.me()
        kinds: tuple[Role, ...] = ("filer", "officer", "clerk")
        role = next((each for each in kinds if each in me.roles), me.roles[0])
        return Profile(role, me.name, first.office, first.subject_kind if role == "filer" else "")

    def access(self) -> Access:
        """How the vault is opened, and by how many; who manages people sees them."""
        vault = self._vault
        me = vault.me()
        people = vault.people() if "manage" in rights_of(me.roles) else (me,)
        return Access(
            people=tuple(
                PersonCard(each.person_id, each.name, each.roles, each.person_id == me.person_id)
                for each in people
            ),
            manages="manage" in rights_of(me.roles),
            four_eyes=vault.four_eyes(),
            escrow=vault.escrow(),
            keychain=vault.in_keychain(),
        )

    def add_person(self, secret: str, name: str, roles: tuple[PersonRole, ...], new: str) -> Access:
        """Give somebody a key of their own; `secret` is one's own passphrase."""
        passphrase.refuse_weak(new, Profile("officer", name, self.profile().office))
        self._vault.add_person(secret, name, roles, new)
        return self.access()

    def remove_person(self, secret: str, person_id: str) -> str:
        """Take somebody's key away, and all old ones with it; the new recovery code to print."""
        return self._vault.remove_person(secret, person_id)

    def set_roles(self, person_id: str, roles: tuple[PersonRole, ...]) -> Access:
        """Change what somebody may do."""
        self._vault.set_roles(person_id, roles)
        return self.access()

    def reset_passphrase(self, secret: str, person_id: str, new: str) -> None:
        """Set a new passphrase for somebody who forgot theirs; `secret` is one's own."""
        name = self._vault.person_name(person_id)
        passphrase.refuse_weak(new, Profile("officer", name, self.profile().office))
        self._vault.reset_passphrase(secret, person_id, new)

    def renew_recovery(self, secret: str) -> str:
        """A new recovery code to print; the one before opens nothing any more."""
        return self._vault.renew_recovery(secret)

    # --- other ways in
    def set_escrow(self, secret: str, file: Path | None) -> Access:
        """Let the county whose public key is in a file open this vault, or no longer (None)."""
        self._vault.set_escrow(secret, None if file is None else _pem(file))
        return self.access()

    def escrow_envelope(self, folder: Path) -> Path:
        """Write what the county decrypts to open this vault; the file's path."""
        path = folder / f"escrow-{self._vault.vault_id[:8]}.bin"
        try:
            path.write_bytes(self._vault.escrow_envelope())
        except OSError as error:
            raise Problem("desk.cannot_write", folder=folder.name) from error
        return path

    def keep_in_keychain(self, secret: str, wanted: bool) -> Access:
        """Let the system's keychain open the vault for this person too, or no longer."""
        if wanted:
            self._vault.keep_in_keychain(secret)
        else:
            self._vault.forget_keychain(secret)
        return self.access()

    # --- the second look
    def set_four_eyes(self, wanted: bool) -> Access:
        """Let records wait for a second person's approval before a batch takes them, or no longer."""
        self._vault.set_four_eyes(wanted)
        return self.access()

    def to_approve(self) -> tuple[RecordCard, ...]:
        """Records that others sealed and that wait for this person's look."""
        return tuple(
            dossier.card(record, self._title(record.form_id), self._vault.status(*key))
            for key in self._vault.to_approve()
            for record in [self._vault.record(*key)]
        )

    def reviews(self) -> int:
        """How many records wait for this person's look; none for who is no reviewer."""
        return len(self._vault.to_approve()) if self.may("approve") else 0

    def approve(self, record_id: str, version: int) -> None:
        """Approve a record that somebody else sealed."""
        self._vault.approve(record_id, version)

    def refuse(self, record_id: str, version: int, reason: str) -> None:
        """Give a record that somebody else sealed back to be corrected, with the reason."""
        self._vault.refuse(record_id, version, reason)


def _escrow_key(typed: str) -> bytes | None:
    plain = "".join(typed.split()).casefold()
    return bytes.fromhex(plain) if _OPENED_ESCROW.fullmatch(plain) else None


def _pem(file: Path) -> str:
    try:
        with file.open("rb") as source:
            return source.read(_LONGEST_KEY).decode("ascii")
    except (OSError, ValueError) as error:
        raise Problem("wire.bad_key") from error
