"""The one door to SQLCipher: opening with its gates, short transactions, and disk trouble turned into
Problems.

Rules: the raw key is 256 bits and never derived by SQLCipher; a library without encryption, a plaintext
file, a SQLite with the WAL-reset bug are refused before the first read. One connection, one lock, one
transaction at a time, `BEGIN IMMEDIATE`; nothing slow happens inside. After an I/O error the connection is
thrown away and made anew (a second fsync would lie about the first), so that what is then read is what the
disk holds.
"""

import contextlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import sqlcipher3
from sqlcipher3 import dbapi2 as driver

from xincai import clock
from xincai.errors import Problem
from xincai.vault.cursor import Cursor

OLDEST_SQLITE: Final = (3, 51, 3)
_PLAINTEXT_MAGIC: Final = b"SQLite format 3\0"
_SALT_SIZE: Final = 16
_PAGE: Final = 4096
_ZEROS: Final = 1024
"""Pages of zeros written in one transaction: 4 MiB, so that others soon have their turn."""
_TURN: Final = 0.002
"""Seconds between two transactions of one going-over: a lock alone wakes nobody who waits for it in time."""
_TURNS: Final = 10
_LULL: Final = 0.5
"""So often a check gives way to who waits for the lane, and so many seconds it then waits itself."""
_PRAGMAS: Final = (
    "journal_mode = DELETE",
    "synchronous = EXTRA",
    "foreign_keys = ON",
    "trusted_schema = OFF",
    "cell_size_check = ON",
    "mmap_size = 0",
    "secure_delete = ON",
    "temp_store = MEMORY",
    "cache_size = -32768",  # KiB: the narrow list of 100,000 records is searched without deciphering it anew
    "recursive_triggers = ON",  # so that INSERT OR REPLACE meets the append-only triggers
)
# primary result codes of SQLite
_BUSY, _LOCKED, _READONLY, _INTERRUPT, _IOERR, _CORRUPT = 5, 6, 8, 9, 10, 11
_FULL, _CANTOPEN, _NOTADB = 13, 14, 26
_COPY_STEP: Final = 1024  # pages of 4 KiB: some 30 ms
_POISONED: Final = frozenset({_FULL, _READONLY, _IOERR, _CORRUPT, _NOTADB, _CANTOPEN})


class _Lane:
    """A lock that its holder may take again, and that knows whether letting it go would help another."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._waiting: set[int] = set()
        self._depth = 0

    def __enter__(self) -> None:
        who = threading.get_ident()
        self._waiting.add(who)
        try:
            self._lock.acquire()
        finally:
            self._waiting.discard(who)
        self._depth += 1

    def __exit__(self, *_trouble: object) -> None:
        self._depth -= 1
        self._lock.release()

    @property
    def is_wanted(self) -> bool:
        """Asked by the holder: whether another waits, and has it as soon as the holder leaves."""
        return self._depth == 1 and bool(self._waiting)


class Database:
    """One SQLCipher file: open, read, write in short transactions, close."""

    def __init__(self, path: Path, key: bytes, salt: bytes, *, read_only: bool = False) -> None:
        """Open (or create, when the file is missing) with a raw key; raises Problem at each gate."""
        self.path = path
        self.read_only = read_only
        self._specification = f"{key.hex()}{salt.hex()}"
        self._lock = _Lane()
        self._connection: driver.Connection | None = None
        self._closed = False
        self.actor = ""
        """Who works in it; "" is the first person. Events tell it."""
        self.held: Problem | None = None
        """Why nothing is written at present; None when writing is allowed."""
        self.told: Callable[[tuple[int, str] | None, int], None] | None = None
        """Called after a commit: number and digest of the last event it added, if any, and the ticket."""
        with self._lock, self._trouble():
            self._connect()

    @contextlib.contextmanager
    def reading(self) -> Iterator[Cursor]:
        """Hold the lane and read."""
        with self._lock, self._trouble():
            yield Cursor(self._alive(), self.actor)

    @contextlib.contextmanager
    def writing(self) -> Iterator[Cursor]:
        """Hold the lane for one transaction: all of it is durable on leaving, or none of it happened.

        Raises Problem `vault.unsure` when the disk fails so late that neither can be told.
        """
        with self._lock, self._trouble():
            connection = self._alive()
            if not self.writable:
                raise self.refusal()
            if connection.in_transaction:
                raise RuntimeError("a transaction is open already")
            connection.execute("BEGIN IMMEDIATE")
            cursor = Cursor(connection, self.actor)
            try:
                yield cursor
                ticket = _draw_ticket(connection)
            except BaseException:
                _roll_back(connection)
                raise
            try:
                connection.execute("COMMIT")
            except driver.Error:
                _roll_back(connection)
                if not self._landed(ticket):
                    raise
            if self.told is not None:
                self.told(cursor.tip, ticket)

    @contextlib.contextmanager
    def in_spite_of_doubt(self) -> Iterator[None]:
        """Let what is written within through although writing is held: the person's decision."""
        with self._lock:
            held, self.held = self.held, None
            try:
                yield
            finally:
                self.held = self.held or held

    def ticket(self) -> int:
        """The number of the last transaction in the file."""
        with self._lock, self._trouble():
            return _ticket(self._alive())

    def copy(self, path: Path, key: bytes, salt: bytes) -> None:
        """Write all there is into a new file under another key; it is not yet durable."""
        with self._lock, self._trouble():
            source = self._alive()
            try:
                with contextlib.closing(driver.connect(str(path), isolation_level=None)) as target:
                    target.execute("PRAGMA cipher_log_level = NONE")
                    target.execute(f"PRAGMA key = \"x'{key.hex()}{salt.hex()}'\"")
                    _refuse_library(target)
                    source.backup(target)
            except driver.OperationalError as error:  # the driver gives these no number
                full = "full" in str(error)
                raise Problem("vault.disk_full" if full else "vault.disk_error") from error
            finally:
                self._discard()  # one damaged page that was copied makes a connection misread all others

    def take_over(self, key: bytes, salt: bytes, switch: Callable[[], None]) -> None:
        """Go on with the file that `switch` puts in the place of this one, which is under another key.

        When `switch` raises, this goes on with the old file.
        """
        with self._lock, self._trouble():
            self._alive()
            self._discard()
            switch()
            self._specification = f"{key.hex()}{salt.hex()}"
            self._connect()

    def renew_free_pages(self, cancelled: Callable[[], bool] = lambda: False) -> bool:
        """Write the pages anew that hold nothing, where writing is allowed; whether there were any.

        A write to one that a cut tore is not taken back, since nothing stands there; but whoever copies the
        file page by page reads it, and takes it for damage: then this is tried before that is believed.
        """
        renewed = False
        with contextlib.suppress(Problem):
            while not cancelled() and self._fill_free_pages():
                renewed = True
                clock.pause(_TURN)
        with contextlib.suppress(Problem):
            while renewed and self._let_free_pages_go():
                clock.pause(_TURN)
        return renewed

    def _fill_free_pages(self) -> bool:
        """Fill some of the pages that hold nothing with zeros; False when there are none left."""
        with self.writing() as cursor:
            free = cursor.one("PRAGMA freelist_count").whole("freelist_count")
            if free:
                cursor.run("CREATE TABLE IF NOT EXISTS free_pages (zeros BLOB)")
                cursor.run("INSERT INTO free_pages VALUES (zeroblob(?))", min(_ZEROS, free) * _PAGE)
        return free > 0

    def _let_free_pages_go(self) -> bool:
        """Free some of the pages that were filled; False when it was the last of them."""
        with self.writing() as cursor:
            cursor.run("DELETE FROM free_pages WHERE rowid = (SELECT max(rowid) FROM free_pages)")
            left = cursor.first("SELECT 1 AS left FROM free_pages LIMIT 1") is not None
            if not left:
                cursor.run("DROP TABLE free_pages")
        return left

    def compact(self) -> None:
        """Write the file anew without the pages that hold nothing."""
        with self._lock, self._trouble():
            self._alive().execute("VACUUM")

    @property
    def writable(self) -> bool:
        """Whether a transaction may be begun."""
        return not self.read_only and self.held is None

    def refusal(self) -> Problem:
        """Why it is not writable."""
        return Problem(self.held.code, **self.held.facts) if self.held else Problem("vault.read_only")

    def copy_to(self, path: Path, step: Callable[[int, int], None]) -> None:
        """Copy the whole file as it stands, encrypted under the same key, while others go on writing.

        `step` is told pages done and in all, and may raise to stop. What is written meanwhile is in the copy.
        The copy is not synced; a disk that is full raises `vault.backup_no_room`, others `vault.backup_disk`.
        """
        with self._lock, self._trouble():
            source, specification = self._alive(), self._specification
        try:
            with contextlib.closing(
                driver.connect(str(path), isolation_level=None, check_same_thread=False)
            ) as target:
                target.execute("PRAGMA cipher_log_level = NONE")
                target.execute(f"PRAGMA key = \"x'{specification}'\"")
                target.execute("PRAGMA journal_mode = OFF")
                target.execute("PRAGMA synchronous = OFF")
                source.backup(
                    target,
                    pages=_COPY_STEP,
                    progress=lambda _, left, total: step(total - left, total),
                    sleep=0.02,
                )
        except driver.Error as error:
            code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
            if code in {_CORRUPT, _NOTADB}:
                raise Problem("vault.unreadable") from error
            raise Problem("vault.backup_no_room" if code == _FULL else "vault.backup_disk") from error
        finally:
            with self._lock:
                self._discard()  # one damaged page that was copied makes a connection misread all others

    def twin(self, path: Path) -> "Database":
        """Another file under this one's key, to be read alone."""
        with self._lock:
            key, salt = bytes.fromhex(self._specification[:64]), bytes.fromhex(self._specification[64:])
        return Database(path, key, salt, read_only=True)

    def sound(self, go_on: Callable[[], bool], table: str = "") -> bool:
        """Whether every page proves genuine and in its place, or a table and its indexes fit together;
        `go_on` is asked now and then.

        Who waits for the lane meanwhile has it soon, and this begins anew; after some times it goes on.
        """
        for turn in range(_TURNS + 1):
            told = self._checked(go_on, table, gives_way=turn < _TURNS)
            if told is not None or not go_on():
                return told == "ok"
            clock.pause(_LULL)
        return False

    def _checked(self, go_on: Callable[[], bool], table: str, *, gives_way: bool) -> str | None:
        """The first that a check finds, or "ok"; None when it was stopped."""
        with self.reading():
            connection = self._alive()
            connection.set_progress_handler(
                lambda: not go_on() or (gives_way and self._lock.is_wanted), 1_000
            )
            try:
                check = f"PRAGMA integrity_check({table})" if table else "PRAGMA quick_check"
                told = connection.execute(check).fetchone()
            except driver.OperationalError as error:
                if (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF == _INTERRUPT:
                    return None
                raise
            finally:
                connection.set_progress_handler(None, 0)
            return str(told[0]) if told else ""

    def close(self) -> None:
        with self._lock:
            self._closed = True
            self._specification = ""
            self._discard()

    def _alive(self) -> driver.Connection:
        if self._closed:
            raise Problem("vault.locked")
        return self._connection or self._connect()

    def _connect(self) -> driver.Connection:
        _refuse_plaintext(self.path)
        name = f"{self.path.absolute().as_uri()}?mode=ro" if self.read_only else str(self.path)
        connection = driver.connect(
            name,
            uri=self.read_only,
            isolation_level=None,
            check_same_thread=False,
            timeout=5.0,
            cached_statements=256,
        )
        try:
            connection.execute("PRAGMA cipher_log_level = NONE")
            connection.execute(f"PRAGMA key = \"x'{self._specification}'\"")
            _refuse_library(connection)
            for pragma in _PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        except BaseException:
            connection.close()
            raise
        self._connection = connection
        return connection

    def _landed(self, ticket: int) -> bool:
        """Whether a commit that reported an error is in the file all the same, and then make it durable."""
        self._discard()
        try:
            connection = self._connect()
            if _ticket(connection) != ticket:
                return False
            connection.execute("BEGIN IMMEDIATE")
            _draw_ticket(connection)
            connection.execute("COMMIT")
        except (driver.Error, Problem) as error:
            self._discard()
            raise Problem("vault.unsure") from error
        return True

    def _discard(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(driver.Error):
                connection.close()

    @contextlib.contextmanager
    def _trouble(self) -> Iterator[None]:
        """Turn the disk's trouble into Problems; let mistakes of ours rise."""
        try:
            yield
        except driver.Error as error:
            code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
            if code in _POISONED:
                self._discard()
            problem = _problem(code)
            if problem is None:
                raise
            raise problem from error


def run_script(cursor: Cursor, text: str) -> None:
    """Run statements one by one inside the open transaction (triggers hold semicolons)."""
    statement = ""
    for line in text.splitlines(keepends=True):
        statement += line
        if driver.complete_statement(statement):
            cursor.run(statement)
            statement = ""
    if any(line and not line.startswith("--") for line in map(str.strip, statement.splitlines())):
        raise ValueError("the script ends inside a statement")


def file_salt(path: Path) -> bytes:
    """The first bytes of a vault file: its salt, in the clear; empty when there is no file."""
    try:
        with path.open("rb") as file:
            return file.read(_SALT_SIZE)
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise Problem("vault.disk_error") from error


def _ticket(connection: driver.Connection) -> int:
    """The number of the last transaction; it stands in the first page, which each commit writes anyway."""
    return int(connection.execute("PRAGMA application_id").fetchone()[0])


def _draw_ticket(connection: driver.Connection) -> int:
    """Number the open transaction."""
    ticket = (_ticket(connection) + 1) & 0x7FFFFFFF
    connection.execute(f"PRAGMA application_id = {ticket:d}")
    return ticket


def _roll_back(connection: driver.Connection) -> None:
    with contextlib.suppress(driver.Error):
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _refuse_plaintext(path: Path) -> None:
    if file_salt(path) == _PLAINTEXT_MAGIC:
        raise Problem("vault.not_encrypted")


def _refuse_library(connection: driver.Connection) -> None:
    found = connection.execute("PRAGMA cipher_version").fetchone()
    if not found or not found[0]:
        raise Problem("vault.stock_sqlite")
    version: str = sqlcipher3.sqlite_version
    if tuple(int(part) for part in version.split(".")) < OLDEST_SQLITE:
        raise Problem("vault.old_sqlite", version=version)


def _problem(code: int) -> Problem | None:
    if code == _FULL:
        return Problem("vault.disk_full")
    if code in {_IOERR, _CANTOPEN}:
        return Problem("vault.disk_error")
    if code == _READONLY:
        return Problem("vault.read_only")
    if code in {_BUSY, _LOCKED}:
        return Problem("vault.busy")
    if code in {_CORRUPT, _NOTADB}:
        return Problem("vault.unreadable")
    return None
