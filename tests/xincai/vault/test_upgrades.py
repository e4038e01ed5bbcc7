"""Vaults that earlier programs made: each opens here, whole or as it was, and newer ones are left alone.

Each of `fixtures` was made by a program that was given out with that schema, and holds one of every fact it
knew: those of schema 6 on two people, a second look, an enclosed answer and an erased record. The schemas
between are made of the first by their own released steps.
"""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from xincai import paths
from xincai.errors import Problem
from xincai.vault import Vault, migrations
from xincai.vault.connection import Database

EVERY = sorted(migrations.steps())


def bring_to(folder: Path, schema: int, tmp_path: Path, passphrase: str) -> None:
    """Take the steps up to a number, with the files of those steps alone."""
    steps = tmp_path / f"steps-{schema}"
    steps.mkdir()
    for number, path in migrations.steps().items():
        if number <= schema:
            shutil.copy(path, steps)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrations, "FOLDER", steps)
        database = raw(folder, passphrase)
        migrations.migrate(database, steps)
        database.close()


def raw(folder: Path, passphrase: str) -> Database:
    """The file behind the door, without bringing it up."""
    from xincai.vault import keys
    from xincai.vault.header import decode

    header = decode((folder / "vault.json").read_bytes())
    assert header is not None
    data_key = keys.unwrap(header.slot("passphrase"), passphrase, header.vault_id)
    assert data_key is not None
    return Database(folder / "vault.db", keys.database_key(data_key), header.file_salt)


def schema(folder: Path, passphrase: str) -> int:
    database = raw(folder, passphrase)
    try:
        with database.reading() as cursor:
            return migrations.schema(cursor)
    finally:
        database.close()


def whole(vault: Vault) -> None:
    """Everything that the program of schema 1 put in."""
    assert [row.record_id for row in vault.records()] == ["third", "other", "record"]
    assert vault.record("record").subject.name == "王测䶮"
    assert vault.attachment(vault.record("record").attachments[0].sm3) == b"photo" * 100
    assert vault.letter("letter") == b"%PDF-1.7"
    assert [row.draft_id for row in vault.drafts()] == ["open"]
    assert [row.state for row in vault.batches()] == ["settled", "quarantined"]
    assert len(vault.corrections()) == 1
    assert vault.device() is not None
    assert not any(row.erased for row in vault.records())
    vault.verify_chain()


@pytest.mark.parametrize("step", EVERY)
def test_a_vault_of_every_earlier_schema_opens(
    upgraded: Callable[[str], Path], tmp_path: Path, passphrase: str, step: int
) -> None:
    folder = upgraded("0001")
    bring_to(folder, step, tmp_path, passphrase)
    assert schema(folder, passphrase) == step
    with Vault.open(folder, passphrase) as vault:
        whole(vault)
        vault.set_setting("a", "b")
    assert schema(folder, passphrase) == EVERY[-1]
    assert not list(folder.glob("vault.db.before-*"))
    recovery = (folder / "recovery.txt").read_text("ascii").strip()
    Vault.open(folder, recovery=recovery).close()


SECOND = "second-口令-2026-maple"


@pytest.mark.parametrize("made", ["0006", "0008", "0009", "0010"])
def test_all_that_a_vault_of_an_earlier_program_held_is_there(
    upgraded: Callable[[str], Path], passphrase: str, made: str
) -> None:
    folder = upgraded(made)
    assert schema(folder, passphrase) == int(made)
    with Vault.open(folder, passphrase) as vault:
        vault.verify_chain()
        held = {row.record_id: row for row in vault.records()}
        practised = {"trial"} if made > "0006" else set()
        assert set(held) == {"record", "other", "third", "delicate", "listed", "shared"} | practised
        assert [row.record_id for row in vault.records("410499199003070003")] == ["shared"]
        assert held["record"].erased
        with pytest.raises(Problem, match=r"vault\.erased"):
            vault.record("record")
        tombstone = vault.erasure("record")
        assert tombstone is not None
        assert b"<name>\xe7\x8e\x8b" in vault.record("delicate").submission
        assert [person.name for person in vault.people()] == ["李采集", "孙"]
        begun = {"open", "open-shared"} | ({"open-copied"} if made > "0009" else set())
        assert {row.draft_id for row in vault.drafts()} == begun
        assert [row.state for row in vault.batches()] == ["settled", "quarantined"]
        assert vault.next_device_key() is not None
        assert vault.opens_with_recovery((folder / "recovery.txt").read_text("ascii"))
        if made > "0006":
            assert held["delicate"].status == "returned"
            assert held["trial"].status == "practised"
            assert {row["name"] for row in vault.entities()["farms"]} == {"f1"}
        if made > "0008":
            assert vault.arrived("a" * 64) == len(b"piece")
            assert set(vault.visits("assignment")) == {("place-1", "ff_collect")}
        if made > "0009":
            assert vault.draft("open-copied").copied_from == "shared"
        assert vault.to_approve() == (() if made > "0006" else (("shared", 1),))
        with pytest.raises(Problem, match=r"vault\.own_record"):
            vault.approve("third", 1)
        vault.save_draft(vault.draft("open-shared"))
    with Vault.open(folder, SECOND) as theirs:
        assert theirs.person != ""
        assert ("third", 1) in theirs.to_approve()
        theirs.verify_chain()


OPEN = """
import pathlib, resource, signal, sys
from xincai.vault import Vault
if sys.argv[4] == "kill":
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
Vault.open(pathlib.Path(sys.argv[1]), sys.argv[2]).close()
print("opened")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs RLIMIT_FSIZE")
@pytest.mark.parametrize("way", ["error", "kill"])
def test_an_upgrade_cut_off_in_the_middle_opens_afterwards(
    upgraded: Callable[[str], Path], passphrase: str, way: str
) -> None:
    """The file may grow to so many bytes and no further: the copy, then one step after another is cut off."""
    template = upgraded("0001")
    size = (template / "vault.db").stat().st_size
    limits = [1000, size // 2, *range(size, size + 260_000, 12_288)]
    environment = {**os.environ, "PYTHONPATH": str(Path(paths.__file__).parents[1])}
    cut, between = 0, set()
    for number, limit in enumerate(limits):
        folder = template.with_name(f"{way}-{number}")
        shutil.copytree(template, folder)
        told = subprocess.run(
            [sys.executable, "-c", OPEN, folder, passphrase, str(limit), way],
            env=environment, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        if told.stdout == "opened\n":
            break
        cut += 1
        between.add(schema(folder, passphrase))
        with Vault.open(folder, passphrase) as vault:
            whole(vault)
        shutil.rmtree(folder)
    else:
        pytest.fail("it never came to its end")
    assert cut >= 4
    assert between <= set(EVERY)
    assert 1 in between


def test_a_newer_vault_may_be_read_where_its_program_left_word(
    vault: Vault, folder: Path, passphrase: str
) -> None:
    vault.set_setting("kept", "yes")
    vault.set_setting(migrations.OLDEST_READER, str(EVERY[-1]))
    with vault._database.writing() as cursor:
        cursor.run("PRAGMA user_version = 99")
    vault.close()
    before = (folder / "vault.db").read_bytes()
    with Vault.open(folder, passphrase) as again:
        assert again.read_only
        assert again.setting("kept") == "yes"
        with pytest.raises(Problem, match=r"vault\.read_only"):
            again.set_setting("kept", "no")
    assert (folder / "vault.db").read_bytes() == before


def test_a_newer_vault_without_that_word_is_refused(vault: Vault, folder: Path, passphrase: str) -> None:
    vault.set_setting(migrations.OLDEST_READER, str(EVERY[-1] + 1))
    with vault._database.writing() as cursor:
        cursor.run("PRAGMA user_version = 99")
    vault.close()
    with pytest.raises(Problem, match=r"vault\.newer"):
        Vault.open(folder, passphrase)


def test_a_copy_that_a_cut_upgrade_left_goes_at_the_next_opening(
    vault: Vault, folder: Path, passphrase: str
) -> None:
    vault.close()
    for name in ("vault.db.before-0005", "vault.db.before-0006.new"):
        shutil.copy(folder / "vault.db", folder / name)
    with Vault.open(folder, passphrase):
        assert not list(folder.glob("vault.db.before-*"))


def test_the_copy_of_a_vault_that_is_damaged_stays(
    vault: Vault, office: Any, folder: Path, passphrase: str
) -> None:
    office.everything()
    vault.close()
    copy = folder / "vault.db.before-0005"
    shutil.copy(folder / "vault.db", copy)
    with (folder / "vault.db").open("r+b") as file:
        for page in range(60, 70):
            file.seek(page * 4096 + 99)
            file.write(b"gone")
    with contextlib.suppress(Problem):
        Vault.open(folder, passphrase).close()
    assert copy.exists()
