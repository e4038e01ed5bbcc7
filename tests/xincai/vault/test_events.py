"""The chain, and what it shows."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from xincai.errors import Problem
from xincai.vault import Vault
from xincai.vault.cursor import Cursor, Value

FACTS = (
    *("identity", "migrations", "events", "form_sources", "form_files", "records", "record_attachments"),
    *("batches", "batch_records", "sendings", "receipts", "outcomes", "quarantines", "letters"),
)
PROVEN = tuple(table for table in FACTS if table != "migrations")


@pytest.fixture
def full(vault: Vault, office: Any) -> Vault:
    office.everything()
    return vault


def broken(vault: Vault) -> bool:
    try:
        vault.verify_chain()
    except Problem as problem:
        return problem.code == "vault.history_broken"
    return False


def insider(vault: Vault, act: Callable[[Cursor], object]) -> bool:
    """Whether the chain shows what somebody with the key does once triggers and keys are out of the way."""
    database = vault._database
    with database.reading() as cursor:
        cursor.run("PRAGMA foreign_keys = OFF")
    seen = False
    try:
        with database.writing() as cursor:
            for row in cursor.all("SELECT name FROM sqlite_schema WHERE type = 'trigger'"):
                cursor.run(f"DROP TRIGGER {row.text('name')}")
            act(cursor)
            seen = broken(vault)
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        return seen


def columns(vault: Vault, tables: tuple[str, ...]) -> Iterator[tuple[str, str, Value]]:
    with vault._database.reading() as cursor:
        for table in tables:
            row = cursor.first(f"SELECT * FROM {table} ORDER BY rowid DESC LIMIT 1")
            assert row is not None, f"the office leaves {table} empty"
            for name, value in row.items():
                yield table, name, value


def other(column: str, value: Value) -> Value:
    known: dict[str, Value] = {"way": "stick", "status": "rejected" if value == "accepted" else "accepted"}
    if column in known:
        return known[column]
    if column == "kind" and value in {"A", "B"}:
        return "A" if value == "B" else "B"
    if isinstance(value, int):
        return value + 7
    if isinstance(value, bytes):
        return value + b"x"
    return f"{value or ''}x"


def test_an_untouched_history_holds(full: Vault) -> None:
    assert full.verify_chain() == full.audit_head()


def test_the_head_moves_with_every_event(vault: Vault) -> None:
    before = vault.audit_head()
    vault.add_event("revealed", record="record", level="L3")
    assert vault.audit_head() != before
    assert vault.events()[-1].facts == {"record": "record", "level": "L3"}
    assert vault.events(after=1)[0].prev == before


@pytest.mark.parametrize("table", FACTS)
def test_facts_are_neither_updated_nor_deleted_nor_replaced(full: Vault, table: str) -> None:
    database = full._database
    with database.reading() as cursor:
        first = next(name for name, _ in cursor.one(f"SELECT * FROM {table} LIMIT 1").items())
    for statement in (
        f"UPDATE {table} SET {first} = {first}",
        f"DELETE FROM {table}",
        f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
    ):
        with pytest.raises(Exception, match="append-only"), database.writing() as cursor:
            cursor.run(statement)
    assert not broken(full)


def test_every_altered_value_of_every_fact_breaks_the_chain(full: Vault) -> None:
    tried = 0
    for table, column, value in list(columns(full, PROVEN)):
        if table == "identity" and column == "only_one":
            continue  # the schema allows no other value
        with full._database.reading() as cursor:
            rowid = cursor.one(f"SELECT max(rowid) AS r FROM {table}").whole("r")

        def act(
            cursor: Cursor, table: str = table, column: str = column, value: Value = value, rowid: int = rowid
        ) -> None:
            changed = cursor.run(
                f"UPDATE {table} SET {column} = ? WHERE rowid = ?", other(column, value), rowid
            )
            assert changed == 1

        assert insider(full, act), (table, column)
        tried += 1
    assert tried > 80


@pytest.mark.parametrize("table", PROVEN)
def test_a_fact_taken_away_breaks_the_chain(full: Vault, table: str) -> None:
    last = f"DELETE FROM {table} WHERE rowid = (SELECT max(rowid) FROM {table})"
    assert insider(full, lambda cursor: cursor.run(last))


def test_dropping_the_triggers_alone_is_no_change_of_history(full: Vault) -> None:
    assert not insider(full, lambda cursor: None)


def test_an_event_taken_out_of_the_middle_breaks_the_chain(full: Vault) -> None:
    assert insider(full, lambda cursor: cursor.run("DELETE FROM events WHERE seq = 3"))


def test_a_record_slipped_in_breaks_the_chain(full: Vault) -> None:
    def act(cursor: Cursor) -> None:
        row = dict(cursor.one("SELECT * FROM records LIMIT 1").items())
        cursor.insert("records", **{**row, "seq": 99, "record_id": "slipped"})

    assert insider(full, act)


def test_an_altered_list_is_shown(full: Vault) -> None:
    for column in ("title", "subject_name", "subject_code", "version", "sealed_at"):
        change = f"UPDATE record_list SET {column} = {column} || '1'"
        assert insider(full, lambda cursor: cursor.run(change)), column  # noqa: B023 - called at once
    assert insider(full, lambda cursor: cursor.run("DELETE FROM record_list WHERE record_id = 'other'"))


def test_an_old_page_put_back_breaks_the_chain(
    vault: Vault, office: Any, folder: Path, reopen: Callable[[], Vault]
) -> None:
    """Splicing a page of an earlier file passes SQLCipher's own check; history does not add up."""
    path = folder / "vault.db"
    vault.seal(office.record("a"), None)
    old = path.read_bytes()
    vault.seal(office.record("b"), None)
    vault.add_event("later")
    vault.close()
    new = path.read_bytes()
    changed = [n for n in range(len(old) // 4096) if old[n * 4096 :][:4096] != new[n * 4096 :][:4096]]
    assert len(changed) > 3
    shown = 0
    for number in changed:
        start = number * 4096
        path.write_bytes(new[:start] + old[start : start + 4096] + new[start + 4096 :])
        try:
            spliced = reopen()
            listed = [row.record_id for row in spliced.records()]
            spliced.verify_chain()
        except Problem:
            shown += 1
            continue
        assert listed == ["b", "a"], number
    assert (
        shown >= len(changed) - 2
    )  # the first page counts changes, and an index may hold the same either way
