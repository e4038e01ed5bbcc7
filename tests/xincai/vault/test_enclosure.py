"""Answers of level L4 in a stored submission: not to be read there, back byte for byte, never exchanged."""

import contextlib
import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3
from hypothesis import given
from hypothesis import strategies as st

from xincai.errors import Problem
from xincai.records import Record
from xincai.vault import EntityRow, Vault, enclosure
from xincai.vault.cursor import Cursor
from xincai.wire.digest import sha256, sm3

SECRETS = frozenset({"/data/name", "/data/member/id"})
BODY = (
    "<member><id>金丝雀&amp;一</id><age>4</age></member><member><id>金丝雀二</id></member>"
    "<member><id/></member>"
)


class Keys:
    """A cursor over a table of secrets, for bytes alone."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def first(self, _query: str, name: str) -> Any:
        from xincai.vault.cursor import Row

        return Row(("secret",), (self.kept[name],)) if name in self.kept else None

    def insert(self, _table: str, name: str, secret: bytes) -> int:
        self.kept[name] = secret
        return 1


def sealed(record: Record, xml: str | None = None) -> Record:
    data = record.submission if xml is None else xml.encode()
    return dataclasses.replace(
        record, submission=data, submission_sm3=sm3(data), submission_sha256=sha256(data), delicate=SECRETS
    )


def stored(vault: Vault, record_id: str = "record") -> bytes:
    with vault._database.reading() as cursor:
        return cursor.one("SELECT submission FROM records WHERE record_id = ?", record_id).blob("submission")


def test_what_is_stored_does_not_tell_and_what_is_read_is_what_was_sealed(
    vault: Vault, office: Any, reopen: Callable[[], Vault]
) -> None:
    record = sealed(office.record(body=BODY))
    vault.seal(record, None)
    kept = stored(vault)
    assert enclosure.is_enclosed(kept)
    for canary in ("金丝雀", "王测䶮"):
        assert canary.encode() not in kept
    assert b"<age>4</age>" in kept
    assert vault.record("record").submission == record.submission
    assert vault.last_submission("ff_collect") == record.submission
    vault.verify_chain()
    vault.close()
    assert reopen().record("record").submission == record.submission


def test_a_form_without_l4_is_stored_as_it_is(vault: Vault, office: Any) -> None:
    vault.seal(office.record(), None)
    assert stored(vault) == office.record().submission


@given(st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20), max_size=6))
def test_any_submission_comes_back_byte_for_byte(values: list[str]) -> None:
    from xml.sax.saxutils import escape

    cursor: Any = Keys()
    members = "".join(f"<member><id>{escape(value)}</id></member>" for value in values)
    xml = f"<data><name>{escape(''.join(values))}</name>{members}</data>"
    kept = enclosure.enclosed(cursor, xml.encode(), SECRETS, "r/1")
    assert enclosure.opened(cursor, kept) == xml.encode()


def test_the_same_value_is_enclosed_differently_each_time(vault: Vault, office: Any) -> None:
    vault.seal(sealed(office.record(body=BODY)), None)
    vault.seal(sealed(office.record("other", body=BODY)), None)
    assert stored(vault) != stored(vault, "other")


def test_every_byte_of_what_is_enclosed_counts(vault: Vault, office: Any) -> None:
    record = sealed(office.record(body=BODY))
    vault.seal(record, None)
    kept = stored(vault)
    with vault._database.reading() as cursor:
        for place in range(len(kept)):
            altered = kept[:place] + bytes([kept[place] ^ 1]) + kept[place + 1 :]
            with contextlib.suppress(Problem):
                assert enclosure.opened(cursor, altered) != record.submission


def test_two_values_cannot_change_places(vault: Vault, office: Any) -> None:
    vault.seal(sealed(office.record(body=BODY)), None)
    magic, head, rest = stored(vault).split(b"\n", 2)
    told = json.loads(head)
    first, second = told["cuts"][1], told["cuts"][2]
    first[1:], second[1:] = second[1:], first[1:]
    with vault._database.reading() as cursor, pytest.raises(Problem, match="record_damaged"):
        enclosure.opened(cursor, b"\n".join([magic, json.dumps(told).encode(), rest]))


def test_records_from_before_are_enclosed_and_history_stays_as_it_was(
    vault: Vault, office: Any, reopen: Callable[[], Vault]
) -> None:
    """As after the migration: stored plain, named in `plain_records`."""
    record = sealed(office.record(body=BODY))
    vault.seal(dataclasses.replace(record, delicate=frozenset()), None)
    assert stored(vault) == record.submission
    with vault._database.writing() as cursor:
        cursor.run("INSERT INTO plain_records (seq) SELECT seq FROM records")
    head = vault.verify_chain()
    assert [key for key, _ in vault.unseen_records()] == [("record", 1)]
    vault.enclose(("record", 1), SECRETS)
    assert enclosure.is_enclosed(stored(vault))
    assert vault.unseen_records() == ()
    assert vault.verify_chain() == head
    assert vault.record("record").submission == record.submission
    vault.close()
    assert reopen().verify_chain() == head


def test_a_record_that_was_seen_to_never_changes(vault: Vault, office: Any) -> None:
    vault.seal(sealed(office.record(body=BODY)), None)

    def change(cursor: Cursor, column: str, value: str) -> None:
        cursor.run(f"UPDATE records SET {column} = {value}")

    for column, value in (("submission", "x'00'"), ("title", "'x'"), ("submission_sm3", "'x'")):
        with pytest.raises(Exception, match="append-only"), vault._database.writing() as cursor:
            change(cursor, column, value)


def test_without_its_keys_what_is_enclosed_stays_shut_and_no_new_keys_are_made(
    vault: Vault, office: Any
) -> None:
    vault.seal(sealed(office.record(body=BODY)), None)
    with vault._database.writing() as cursor:
        cursor.run("DELETE FROM secrets WHERE name = 'levels'")
    for read in (lambda: vault.record("record"), lambda: vault.last_submission("ff_collect")):
        with pytest.raises(Problem, match=r"vault\.level_key_missing"):
            read()
    with vault._database.reading() as cursor:
        assert cursor.all("SELECT 1 AS n FROM secrets WHERE name = 'levels'") == []


def test_keys_that_are_damaged_are_not_written_over(vault: Vault, office: Any) -> None:
    vault.seal(sealed(office.record(body=BODY)), None)
    with vault._database.writing() as cursor:
        cursor.run("UPDATE secrets SET secret = x'00' WHERE name = 'levels'")
    with pytest.raises(Problem, match=r"vault\.level_key_missing"):
        vault.record("record")
    with pytest.raises(sqlcipher3.dbapi2.IntegrityError):
        vault.seal(sealed(office.record("other", body=BODY)), None)
    with pytest.raises(Problem, match=r"vault\.no_record"):
        vault.record("other")


def test_an_earlier_schema_is_brought_up_and_its_records_are_named(tmp_path: Path) -> None:
    """A vault of the schema before, as a fixture made from its own steps."""
    import shutil

    from xincai.vault import migrations
    from xincai.vault.connection import Database

    steps = tmp_path / "steps"
    shutil.copytree(migrations.FOLDER, steps, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    for number, path in migrations.steps(steps).items():
        if number > 5:
            path.unlink()
    database = Database(tmp_path / "old.db", b"k" * 32, b"s" * 16)
    migrations.migrate(database, steps)
    with database.writing() as cursor:
        cursor.insert(
            "records", record_id="r", version=1, form_id="f", form_version="1", form_sm3="0" * 64,
            instance_id="i", subject_kind="HH", subject_code="c", subject_name="n", title="t",
            sealed_at="2026-01-01T00:00:00+00:00", origins="{}", submission_sm3=sm3(b"<d/>"),
            submission_sha256=sha256(b"<d/>"), submission=b"<d/>",
        )  # fmt: skip
    migrations.migrate(database)
    with database.reading() as cursor:
        assert cursor.one("SELECT seq FROM plain_records").whole("seq") == 1
        assert cursor.one("SELECT submission FROM records").blob("submission") == b"<d/>"
        assert cursor.all("SELECT name FROM secrets") == []
    database.close()


def raw(vault: Vault, table: str, column: str) -> bytes:
    with vault._database.reading() as cursor:
        value = dict(cursor.one(f"SELECT {column} FROM {table}").items())[column]
    return value if isinstance(value, bytes) else str(value).encode()


def test_a_draft_does_not_tell_either_nor_what_it_took_over(
    vault: Vault, office: Any, reopen: Callable[[], Vault]
) -> None:
    draft = office.draft(
        xml=f"<data>{BODY}</data>".encode(),
        copied='{"record": "first", "values": ["金丝雀三"]}',
        copied_from="first",
        delicate=SECRETS,
    )
    vault.save_draft(draft)
    kept = raw(vault, "drafts", "xml") + raw(vault, "drafts", "copied")
    assert "金丝雀".encode() not in kept
    assert b"<age>4</age>" in kept
    vault.close()
    again = reopen().draft("draft")
    assert (again.xml, again.copied, again.copied_from) == (draft.xml, draft.copied, "first")


def test_a_draft_without_l4_or_from_before_is_read_as_it_stands(vault: Vault, office: Any) -> None:
    draft = office.draft(xml=f"<data>{BODY}</data>".encode(), copied='{"record": "first"}')
    vault.save_draft(draft)
    assert raw(vault, "drafts", "xml") == draft.xml
    assert (vault.draft("draft").xml, vault.draft("draft").copied) == (draft.xml, draft.copied)


def test_what_cannot_be_taken_apart_is_enclosed_whole(vault: Vault, office: Any) -> None:
    vault.save_draft(office.draft(xml="<data><金丝雀".encode(), delicate=SECRETS))
    assert "金丝雀".encode() not in raw(vault, "drafts", "xml")
    assert vault.draft("draft").xml == "<data><金丝雀".encode()


def test_a_delicate_row_of_a_list_does_not_tell(vault: Vault, office: Any) -> None:
    cells = {"name": "uuid:1", "label": "金丝雀"}
    vault.seal(sealed(office.record(body=BODY)), None, [EntityRow("people", cells, delicate=True)])
    assert "金丝雀".encode() not in raw(vault, "entities", "cells")
    assert vault.entities() == {"people": (cells,)}
