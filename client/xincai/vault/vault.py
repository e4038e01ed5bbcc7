"""Making, opening and closing a vault; what is in it is told by the rooms it is put together from.

A vault is a folder: `vault.db` (SQLCipher), `vault.json` and its copy (header), `vault.lock`.

Rules: a vault is there when `vault.db` is there: that rename is the last step of making one. Opening takes
the lock, finds the data key through one slot, proves the header with it, opens the file through the gates
of `connection`, and only then heals or changes anything. No way of opening ever makes a new vault.
"""

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, Self

from xincai import clock
from xincai.errors import Problem
from xincai.vault import header as headers
from xincai.vault import keys
from xincai.vault.blobs import Blobs
from xincai.vault.connection import Database, Value, file_salt
from xincai.vault.dossiers import Dossiers
from xincai.vault.drafts import Drafts
from xincai.vault.events import Events, add_fact
from xincai.vault.forms import Forms
from xincai.vault.header import Header
from xincai.vault.keys import KdfParams
from xincai.vault.letters import Letters
from xincai.vault.lock import FolderLock
from xincai.vault.migrations import migrate, schema
from xincai.vault.outbox import Outbox
from xincai.vault.settings import Settings

FILE: Final = f"{headers.STEM}.db"
_UNFINISHED: Final = f"{headers.STEM}.db.new"


class Vault(Settings, Drafts, Blobs, Forms, Dossiers, Outbox, Letters, Events):
    """An open vault. All methods may be called from any thread; each is one short transaction."""

    def __init__(self, folder: Path, lock: FolderLock, database: Database, header: Header) -> None:
        """Not called from outside: `create` and `open` do."""
        self.folder = folder
        self.vault_id = header.vault_id
        self._lock = lock
        self._database = database
        self._header = header

    @staticmethod
    def is_there(folder: Path) -> bool:
        """Whether the folder holds a vault, be it damaged; a half-made one does not count."""
        if (folder / FILE).exists():
            return True
        header = (folder / headers.NAME).exists() or (folder / headers.COPY).exists()
        return header and not (folder / _UNFINISHED).exists()

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
            return cls(folder, lock, _open_file(folder, data_key, header), header), code

    @classmethod
    def open(cls, folder: Path, passphrase: str | None = None, *, recovery: str | None = None) -> "Vault":
        """Open a vault with a passphrase or its recovery code; raises a Problem that says what is wrong."""
        if not cls.is_there(folder):
            raise Problem("vault.not_here")
        secret = keys.read_recovery(recovery) if recovery is not None else passphrase or ""
        kind: keys.SlotKind = "passphrase" if recovery is None else "recovery"
        with _locked(folder) as lock:
            if not (folder / FILE).exists():
                raise Problem("vault.file_missing")
            found = headers.read(folder, file_salt(folder / FILE))
            header, data_key = _unlock(folder, found, secret, kind)
            database = _open_file(folder, data_key, header)
            try:
                _refuse_empty(database)
                migrate(database)
                _refuse_other(database, header)
            except BaseException:
                database.close()
                raise
            headers.heal(folder, header)
            return cls(folder, lock, database, header)

    @property
    def name(self) -> str:
        """The person's name, as it was given when the vault was made."""
        with self._database.reading() as cursor:
            return cursor.one("SELECT name FROM identity").text("name")

    @property
    def for_tests(self) -> bool:
        """Whether the passphrase is guarded by less than the floor: only tests make such vaults."""
        return self._header.slot("passphrase").params.testing

    def change_passphrase(self, old: str, new: str) -> None:
        """Put a new passphrase in place of the old one; data and recovery code stay as they are."""
        self._change(old, "passphrase", new)

    def set_passphrase(self, recovery: str, new: str) -> None:
        """Set a new passphrase with the recovery code, for a person who forgot the old one."""
        self._change(keys.read_recovery(recovery), "recovery", new)

    def opens_with_recovery(self, code: str) -> bool:
        """Whether a recovery code as typed is this vault's; raises Problem when it is miswritten."""
        return keys.unwrap(self._header.slot("recovery"), keys.read_recovery(code), self.vault_id) is not None

    def close(self) -> None:
        """Close the file and let others in; closing again does nothing."""
        self._database.close()
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _change(self, secret: str, kind: keys.SlotKind, new: str) -> None:
        if not new:
            raise Problem("vault.empty_passphrase")
        with self._database.reading():  # the lane: no two changes at once, none on a closed vault
            data_key = keys.unwrap(self._header.slot(kind), secret, self.vault_id)
            if data_key is None:
                raise _wrong(kind)
            params = self._header.slot("passphrase").params
            slot = keys.wrap(data_key, new, "passphrase", self.vault_id, params)
            header = self._header.with_slot(slot).sealed(data_key)
            headers.write(self.folder, header)
            self._header = header
        self.add_event("passphrase", revision=header.revision)


@contextlib.contextmanager
def _locked(folder: Path, *, make: bool = False) -> Iterator[FolderLock]:
    """Hold the folder's lock; let it go when what follows fails."""
    if make:
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise headers.disk_problem(error) from error
    lock = FolderLock(folder)
    try:
        yield lock
    except BaseException:
        lock.release()
        raise


def _clear_unfinished(folder: Path) -> None:
    """Take a half-made vault away, its file last: while that is there nobody takes the rest for a vault."""
    leftovers = (headers.NAME, headers.COPY, f"{_UNFINISHED}-journal", _UNFINISHED)
    try:
        for name in leftovers:
            (folder / name).unlink(missing_ok=True)
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
        values: dict[str, Value] = {
            "only_one": 1,
            "vault_id": header.vault_id,
            "name": name,
            "created": header.created,
        }
        with database.writing() as cursor:
            add_fact(cursor, header.vault_id, "created", "identity", values, vault=header.vault_id)
            for key, value in settings.items():
                cursor.insert("settings", key=key, value=value)
    finally:
        database.close()


def _unlock(folder: Path, found: list[Header], secret: str, kind: keys.SlotKind) -> tuple[Header, bytes]:
    """The first header that the secret opens and that proves genuine, with the data key.

    An older revision is not tried: it may still know a passphrase that has been changed.
    """
    salt = file_salt(folder / FILE)
    candidates = [header for header in found if (header.file_salt, header.revision) == _rank(found[0])]
    forged = False
    for header in dict.fromkeys(candidates):
        data_key = keys.unwrap(header.slot(kind), secret, header.vault_id)
        if data_key is not None and header.genuine(data_key):
            return header, data_key
        forged = forged or data_key is not None
    if forged:
        raise Problem("vault.header_altered")
    if found[0].file_salt != salt:
        raise Problem("vault.header_of_another")
    raise _wrong(kind)


def _rank(header: Header) -> tuple[bytes, int]:
    return header.file_salt, header.revision


def _open_file(folder: Path, data_key: bytes, header: Header) -> Database:
    path = folder / FILE
    try:
        return Database(path, keys.database_key(data_key), header.file_salt)
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


def _wrong(kind: keys.SlotKind) -> Problem:
    return Problem("vault.wrong_passphrase") if kind == "passphrase" else Problem("vault.wrong_recovery")
