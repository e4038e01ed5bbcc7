"""Making, opening and closing a vault; what is in it is told by the rooms it is put together from.

A vault is a folder: `vault.db` (SQLCipher), `vault.json` and its copy (header), `vault.lock`.

Rules: a vault is there when `vault.db` is there: that rename is the last step of making one. Opening takes
the lock, finds the data key through one slot, proves the header with it, opens the file through the gates
of `connection`, and only then heals or changes anything. No way of opening ever makes a new vault.
"""

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from xincai import clock
from xincai.errors import Problem
from xincai.vault import anchor, head, keychain, keys, memory, people, rekey
from xincai.vault import header as headers
from xincai.vault.backup import Backups
from xincai.vault.connection import Database, file_salt
from xincai.vault.cursor import Value
from xincai.vault.doors import Doors
from xincai.vault.dossiers import Dossiers
from xincai.vault.drafts import Drafts
from xincai.vault.entities import Entities
from xincai.vault.events import Events, add_event, add_fact
from xincai.vault.forms import Forms
from xincai.vault.header import Header
from xincai.vault.keys import KdfParams
from xincai.vault.letters import Letters
from xincai.vault.lock import FolderLock
from xincai.vault.migrations import migrate, only_for_reading, schema
from xincai.vault.outbox import Outbox
from xincai.vault.published import Published
from xincai.vault.retention import Retention
from xincai.vault.rotation import Rotation
from xincai.vault.scrub import Scrub

FILE: Final = f"{headers.STEM}.db"
_UNFINISHED: Final = f"{headers.STEM}.db.new"


class Vault(
    Scrub,
    Drafts,
    Forms,
    Dossiers,
    Entities,
    Outbox,
    Letters,
    Published,
    Backups,
    Retention,
    Doors,
    Rotation,
    Events,
):
    """An open vault. All methods may be called from any thread; each is one short transaction."""

    def __init__(self, folder: Path, lock: FolderLock, database: Database, header: Header) -> None:
        """Not called from outside: `create` and `open` do."""
        self.folder = folder
        self.vault_id = header.vault_id
        self._lock = lock
        self._database = database
        self._header = header
        self.person = people.FIRST

    @staticmethod
    def is_there(folder: Path) -> bool:
        """Whether the folder holds a vault, be it damaged; a half-made one does not count."""
        if (folder / FILE).exists():
            return True
        header = (folder / headers.NAME).exists() or (folder / headers.COPY).exists()
        return header and not (folder / _UNFINISHED).exists()

    @staticmethod
    def may_be_in_keychain(folder: Path) -> bool:
        """Whether somebody has let the system's keychain open the vault in a folder."""
        return headers.tells_of(folder, "keychain")

    @classmethod
    def create(
        cls,
        folder: Path,
        passphrase: str,
        *,
        name: str,
        params: KdfParams | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> tuple["Vault", str]:
        """Make a vault in a folder; the open vault and its recovery code, shown once and kept nowhere.

        `name` is the person's, kept inside with the first `settings`: a vault that is there has them. Raises
        Problem `vault.already_there` when there is one.
        """
        if not passphrase:
            raise Problem("vault.empty_passphrase")
        params = params or KdfParams()
        with _locked(folder, make=True) as lock:
            if cls.is_there(folder):
                raise Problem("vault.already_there")
            data_key, code = keys.new_data_key(), keys.new_recovery()
            header = _new_header(data_key, passphrase, code, params)
            _clear_unfinished(folder)
            _make_file(folder / _UNFINISHED, data_key, header, name, settings or {})
            headers.write(folder, header)
            try:
                headers.replace(folder / _UNFINISHED, folder / FILE)
            except OSError as error:
                raise headers.disk_problem(error) from error
            with contextlib.suppress(OSError):  # it is there now: no reason to keep its recovery code back
                headers.sync_folder(folder)
            try:
                vault = cls(folder, lock, _open_file(folder, data_key, header), header)
                return vault._moved_in(people.FIRST), code
            except BaseException:  # nothing is in it yet, and nobody has its recovery code: it never was
                with contextlib.suppress(OSError):
                    headers.replace(folder / FILE, folder / _UNFINISHED)
                raise

    @classmethod
    def open(
        cls,
        folder: Path,
        passphrase: str | None = None,
        *,
        recovery: str | None = None,
        escrow: bytes | None = None,
        by_keychain: bool = False,
    ) -> "Vault":
        """Open a vault, one way of these; raises a Problem that says what is wrong.

        `recovery` is the code as typed, `escrow` the data key that a county decrypted, `by_keychain` asks the
        system's keychain. With the first two nobody in particular comes in: the first administrator then.
        """
        if not cls.is_there(folder):
            raise Problem("vault.not_here")
        way = _way(passphrase or "", recovery, escrow, by_keychain=by_keychain)
        with _locked(folder) as lock:
            if not (folder / FILE).exists():
                raise Problem("vault.file_missing")
            found = headers.read(folder, file_salt(folder / FILE))
            header, data_key, person = _unlock(folder, found, way)
            database = _open_file(folder, data_key, header, read_only=lock.read_only or _shut_off(folder))
            try:
                _refuse_empty(database)
                if not database.read_only and only_for_reading(database):
                    database.close()
                    database = _open_file(folder, data_key, header, read_only=True)
                migrate(database)
                _refuse_other(database, header)
                header, person = _latest(folder, database, (header, data_key, person), way)
            except BaseException:
                database.close()
                raise
            if not database.read_only:
                headers.heal(folder, header)
                rekey.clear(folder)
            vault = cls(folder, lock, database, header)
            return vault._moved_in(person)

    @property
    def name(self) -> str:
        """The person's name, as it was given when the vault was made."""
        with self._database.reading() as cursor:
            return cursor.one("SELECT name FROM identity").text("name")

    @property
    def read_only(self) -> bool:
        """Whether it can be looked at and no more: its place, or a newer schema, forbids writing."""
        return self._database.read_only

    @property
    def writable(self) -> bool:
        """Whether anything can be written: its place allows it, and nothing found in its history holds it."""
        return self._database.writable

    @property
    def for_tests(self) -> bool:
        """Whether the passphrase is guarded by less than the floor: only tests make such vaults."""
        return self._header.slot("passphrase").params.testing

    def close(self) -> None:
        """Close the file and let others in; closing again does nothing."""
        self._database.close()
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _moved_in(self, person: str | None) -> Self:
        """The vault with somebody in it and its history looked at; closed again when that cannot be."""
        try:
            self._enter(person)
            self._watch()
        except BaseException:
            self._database.close()
            raise
        return self

    def _enter(self, person: str | None) -> None:
        """Somebody comes in; None: with a key that is nobody's in particular."""
        if person is None:
            heads = [each.person_id for each in self.people() if "administrator" in each.roles]
            person = heads[0] if heads else people.FIRST
        self.person = self._database.actor = person


@contextlib.contextmanager
def _locked(folder: Path, *, make: bool = False) -> Iterator[FolderLock]:
    """Hold the folder's lock; let it go when what follows fails."""
    if make:
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise headers.disk_problem(error) from error
    memory.keep_in()  # before there is a key
    lock = FolderLock(folder)
    try:
        yield lock
    except BaseException:
        lock.release()
        raise


def _clear_unfinished(folder: Path) -> None:
    """Take a half-made vault away, its file last: while that is there nobody takes the rest for a vault."""
    try:
        for name in (head.NAME, headers.NAME, headers.COPY, f"{_UNFINISHED}-journal"):
            (folder / name).unlink(missing_ok=True)
        if (folder / _UNFINISHED).exists():
            headers.sync_folder(folder)  # a power cut must not bring the rest back without it
            (folder / _UNFINISHED).unlink()
    except OSError as error:
        raise headers.disk_problem(error) from error


def _new_header(data_key: bytes, passphrase: str, code: str, params: KdfParams) -> Header:
    vault_id = clock.new_id()
    slots = (
        keys.wrap(data_key, passphrase, "passphrase", vault_id, params),
        keys.wrap(data_key, keys.read_recovery(code), "recovery", vault_id, params),
    )
    salt = clock.random_bytes(keys.SALT_SIZE)
    return Header(vault_id, clock.stamp(clock.now()), salt, 1, slots).sealed(data_key)


def _make_file(path: Path, data_key: bytes, header: Header, name: str, settings: Mapping[str, str]) -> None:
    database = Database(path, keys.database_key(data_key), header.file_salt)
    try:
        migrate(database)
        database.compact()
        values: dict[str, Value] = {
            "only_one": 1,
            "vault_id": header.vault_id,
            "name": name,
            "created": header.created,
        }
        with database.writing() as cursor:
            add_fact(cursor, header.vault_id, "created", "identity", values, vault=header.vault_id)
            anchor.remember(cursor, header)
            for key, value in settings.items():
                cursor.insert("settings", key=key, value=value)
    finally:
        database.close()


@dataclass(frozen=True)
class _Way:
    """A way in: what it finds in a header (whose slot, None for nobody's, and the data key), and what is said
    when it finds nothing.
    """

    find: Callable[[Header], tuple[str | None, bytes] | None]
    wrong: str


def _way(passphrase: str, recovery: str | None, escrow: bytes | None, *, by_keychain: bool) -> _Way:
    def with_passphrase(header: Header) -> tuple[str | None, bytes] | None:
        found = keys.unwrap_any(header.all("passphrase"), passphrase, header.vault_id)
        return found and (found[0].holder, found[1])

    def with_keychain(header: Header) -> tuple[str | None, bytes] | None:
        found = [
            (slot.holder, data_key)
            for slot in header.all("keychain")
            if (secret := keychain.fetch(header.vault_id, slot.holder)) is not None
            and (data_key := keys.unwrap(slot, secret, header.vault_id)) is not None
        ]
        if len(found) > 1:  # one system account, several people: it cannot tell who sits there
            raise Problem("vault.keychain_shared")
        return found[0] if found else None

    if escrow is not None:
        return _Way(lambda header: (None, escrow) if header.genuine(escrow) else None, "vault.wrong_escrow")
    if recovery is not None:
        code = keys.read_recovery(recovery)

        def with_code(header: Header) -> tuple[str | None, bytes] | None:
            data_key = keys.unwrap(header.slot("recovery"), code, header.vault_id)
            return None if data_key is None else (None, data_key)

        return _Way(with_code, "vault.wrong_recovery")
    return (
        _Way(with_keychain, "vault.not_in_keychain")
        if by_keychain
        else _Way(with_passphrase, "vault.wrong_passphrase")
    )


def _unlock(folder: Path, found: list[Header], way: _Way) -> tuple[Header, bytes, str | None]:
    """The first header that the way opens and that proves genuine, with the data key, and whose slot it was.

    An older revision is not tried: it may still know a passphrase that has been changed.
    """
    salt = file_salt(folder / FILE)
    candidates = [header for header in found if (header.file_salt, header.revision) == _rank(found[0])]
    forged = False
    for header in dict.fromkeys(candidates):
        opened = way.find(header)
        if opened is not None and header.genuine(opened[1]):
            return header, opened[1], opened[0]
        forged = forged or opened is not None
    if forged:
        raise Problem("vault.header_altered")
    if found[0].file_salt != salt:
        raise Problem("vault.header_of_another")
    raise Problem(way.wrong)


def _latest(
    folder: Path, database: Database, opened: tuple[Header, bytes, str | None], way: _Way
) -> tuple[Header, str | None]:
    """The header that counts and whose slot it was: the vault may remember a later one than stands there."""
    header, data_key, person = opened
    with database.reading() as cursor:
        kept = anchor.remembered(cursor, data_key)
    if kept == header:
        return header, person
    if kept is None or kept.revision < header.revision:
        if not database.read_only:
            with contextlib.suppress(Problem), database.writing() as cursor:  # a full disk: the next time
                anchor.remember(cursor, header)
        return header, person
    found = way.find(kept)
    if not database.read_only:
        headers.heal(folder, kept)
        with contextlib.suppress(Problem), database.writing() as cursor:
            facts = {"revision": header.revision, "kept": kept.revision}
            add_event(cursor, header.vault_id, anchor.PUT_BACK, facts)
    if found is None:
        raise Problem("vault.header_put_back")
    return kept, found[0]


def _rank(header: Header) -> tuple[bytes, int]:
    return header.file_salt, header.revision


def _shut_off(folder: Path) -> bool:
    """Whether the folder, or the file in it, forbids writing."""
    return not (os.access(folder, os.W_OK) and os.access(folder / FILE, os.W_OK))


def _open_file(folder: Path, data_key: bytes, header: Header, *, read_only: bool = False) -> Database:
    path = folder / FILE
    try:
        return Database(path, keys.database_key(data_key), header.file_salt, read_only=read_only)
    except Problem as problem:
        if problem.code == "vault.unreadable" and file_salt(path) != header.file_salt:
            raise Problem("vault.header_of_another") from problem
        raise


def _refuse_empty(database: Database) -> None:
    """A file cut to nothing would open as a new one: it is a damaged vault, not the beginning of one."""
    with database.reading() as cursor:
        if schema(cursor) == 0:
            raise Problem("vault.unreadable")


def _refuse_other(database: Database, header: Header) -> None:
    with database.reading() as cursor:
        if cursor.one("SELECT vault_id FROM identity").text("vault_id") != header.vault_id:
            raise Problem("vault.header_of_another")
