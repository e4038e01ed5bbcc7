"""The gates of opening, transactions, and a disk that fails."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3
from sqlcipher3 import dbapi2 as driver

from xincai.errors import Problem
from xincai.vault import Vault, connection
from xincai.vault.connection import Database

KEY, SALT = bytes(range(32)), bytes(range(16))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "file.db", KEY, SALT)
    with opened.writing() as cursor:
        cursor.run("CREATE TABLE words (word TEXT NOT NULL UNIQUE) STRICT")
    yield opened
    opened.close()


def words(database: Database) -> list[str]:
    with database.reading() as cursor:
        return [row.text("word") for row in cursor.each("SELECT word FROM words ORDER BY rowid")]


def test_stock_sqlite_is_refused_and_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "driver", sqlite3)
    with pytest.raises(Problem, match=r"vault\.stock_sqlite"):
        Database(tmp_path / "file.db", KEY, SALT)
    assert not (tmp_path / "file.db").exists() or (tmp_path / "file.db").read_bytes() == b""


def test_a_sqlite_with_the_wal_reset_bug_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlcipher3, "sqlite_version", "3.51.2")
    with pytest.raises(Problem, match=r"vault\.old_sqlite"):
        Database(tmp_path / "file.db", KEY, SALT)


def test_a_plaintext_file_is_refused_untouched(tmp_path: Path) -> None:
    plain = sqlite3.connect(tmp_path / "file.db")
    plain.execute("CREATE TABLE t (a)")
    plain.commit()
    plain.close()
    before = (tmp_path / "file.db").read_bytes()
    with pytest.raises(Problem, match=r"vault\.not_encrypted"):
        Database(tmp_path / "file.db", KEY, SALT)
    assert (tmp_path / "file.db").read_bytes() == before


def test_a_wrong_key_reads_nothing_and_says_nothing(
    database: Database, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(Problem, match=r"vault\.unreadable"):
        Database(tmp_path / "file.db", KEY[::-1], SALT)
    assert capfd.readouterr() == ("", "")


def test_every_pragma_of_the_design_holds(database: Database) -> None:
    expected: dict[str, str | int] = {
        "journal_mode": "delete",
        "synchronous": 3,
        "foreign_keys": 1,
        "trusted_schema": 0,
        "cell_size_check": 1,
        "secure_delete": 1,
        "temp_store": 2,
        "recursive_triggers": 1,
        "cipher_page_size": "4096",
    }
    with database.reading() as cursor:
        found = {name: next(iter(cursor.one(f"PRAGMA {name}").items()))[1] for name in expected}
    assert found == expected


def test_no_side_file_stays(database: Database, tmp_path: Path) -> None:
    with database.writing() as cursor:
        cursor.insert("words", word="one")
    assert {path.name for path in tmp_path.iterdir()} == {"file.db"}


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(KeyboardInterrupt), database.writing() as cursor:  # noqa: PT012 - raised on leaving
        cursor.insert("words", word="one")
        raise KeyboardInterrupt
    assert words(database) == []


def test_transactions_do_not_nest(database: Database) -> None:
    with database.writing(), pytest.raises(RuntimeError), database.writing():
        pass


def test_our_own_mistakes_rise_as_they_are(database: Database) -> None:
    with pytest.raises(driver.OperationalError), database.reading() as cursor:
        cursor.all("SELECT nonsense FROM nowhere")


def test_a_full_disk_is_a_problem_and_changes_nothing(database: Database) -> None:
    with database.writing() as cursor:
        cursor.insert("words", word="kept")
        cursor.all("PRAGMA max_page_count = 4")
    with pytest.raises(Problem, match=r"vault\.disk_full"), database.writing() as cursor:  # noqa: PT012 - raised on leaving
        for number in range(10_000):
            cursor.insert("words", word=f"{number}-" * 100)
    assert words(database) == ["kept"]
    with database.reading() as cursor:
        cursor.all("PRAGMA max_page_count = 100000")
    with database.writing() as cursor:
        cursor.insert("words", word="later")
    assert words(database) == ["kept", "later"]


class FailingCommit:
    """The driver's connection, whose next COMMIT fails before or after it has reached the file."""

    def __init__(self, real: Any, *, after: bool) -> None:
        self.real, self.after, self.armed = real, after, True

    def execute(self, statement: str, *values: object) -> object:
        if statement == "COMMIT" and self.armed:
            self.armed = False
            if self.after:
                self.real.execute(statement)
            error = driver.OperationalError("disk I/O error")
            error.sqlite_errorcode = 10
            raise error
        return self.real.execute(statement, *values)

    def __getattr__(self, name: str) -> object:
        return getattr(self.real, name)


def test_a_commit_that_failed_is_taken_back(database: Database) -> None:
    database._connection = FailingCommit(database._connection, after=False)
    with pytest.raises(Problem, match=r"vault\.disk_error"), database.writing() as cursor:
        cursor.insert("words", word="lost")
    assert words(database) == []


def test_a_commit_that_landed_in_spite_of_its_error_counts(database: Database) -> None:
    database._connection = FailingCommit(database._connection, after=True)
    with database.writing() as cursor:
        cursor.insert("words", word="landed")
    assert words(database) == ["landed"]


def test_a_commit_nobody_can_judge_is_called_unsure(database: Database, tmp_path: Path) -> None:
    database._connection = FailingCommit(database._connection, after=True)
    with pytest.raises(Problem, match=r"vault\.unsure"), database.writing() as cursor:  # noqa: PT012 - raised on leaving
        cursor.insert("words", word="who knows")
        (tmp_path / "file.db").rename(tmp_path / "away.db")
        (tmp_path / "file.db").write_bytes(b"SQLite format 3\0")
    (tmp_path / "away.db").replace(tmp_path / "file.db")
    assert words(database) == ["who knows"]


def test_a_damaged_page_does_not_poison_the_rest(database: Database, tmp_path: Path) -> None:
    """After damage the next question is asked on a fresh connection."""
    with database.writing() as cursor:
        cursor.insert("words", word="kept")
    good = (tmp_path / "file.db").read_bytes()
    (tmp_path / "file.db").write_bytes(good[:4096] + bytes(len(good) - 4096))
    database._discard()
    with pytest.raises(Problem, match=r"vault\.unreadable"):
        words(database)
    (tmp_path / "file.db").write_bytes(good)
    assert words(database) == ["kept"]


def test_a_folder_that_may_not_be_written_is_told(vault: Vault, folder: Path, passphrase: str) -> None:
    vault.close()
    (folder / "vault.lock").unlink()
    (folder / "vault.lock").mkdir()
    with pytest.raises(Problem, match=r"vault\.disk_error"):
        Vault.open(folder, passphrase)
