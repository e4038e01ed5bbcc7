"""Schema steps: whole or not at all, a copy before, never backwards."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from xincai.errors import Problem
from xincai.vault import Vault, migrations
from xincai.vault.connection import Database, run_script


@pytest.fixture
def steps(tmp_path: Path) -> Path:
    folder = tmp_path / "steps"
    shutil.copytree(migrations.FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return folder


NEXT = max(migrations.steps()) + 1


def schema(database: Database) -> int:
    with database.reading() as cursor:
        return migrations.schema(cursor)


def test_steps_are_numbered_without_gaps() -> None:
    assert list(migrations.steps()) == list(range(1, len(migrations.steps()) + 1))


def test_each_step_leaves_its_record(vault: Vault) -> None:
    with vault._database.reading() as cursor:
        rows = cursor.all("SELECT number, name FROM migrations ORDER BY number")
    assert [(row.whole("number"), row.text("name")) for row in rows] == [
        (number, path.stem) for number, path in migrations.steps().items()
    ]


def test_an_older_vault_is_brought_up_with_a_copy_beside_it(vault: Vault, steps: Path, folder: Path) -> None:
    vault.set_setting("kept", "yes")
    copies: list[set[str]] = []
    (steps / f"{NEXT:04d}_second.sql").write_text("CREATE TABLE second (a TEXT) STRICT;\n", "utf-8")
    prove = migrations._prove

    def look(database: Database) -> None:
        copies.append({path.name for path in folder.glob("vault.db.before-*")})
        prove(database)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrations, "_prove", look)
        migrations.migrate(vault._database, steps)
    assert copies == [{f"vault.db.before-{NEXT:04d}"}]
    assert not list(folder.glob("vault.db.before-*"))
    assert schema(vault._database) == NEXT
    assert vault.setting("kept") == "yes"


def test_a_step_that_fails_leaves_the_old_schema_and_the_copy(
    vault: Vault, steps: Path, folder: Path
) -> None:
    (steps / f"{NEXT:04d}_second.sql").write_text(
        "CREATE TABLE second (a TEXT) STRICT;\nSELECT nonsense;\n", "utf-8"
    )
    with pytest.raises(Exception, match="nonsense"):
        migrations.migrate(vault._database, steps)
    assert schema(vault._database) == NEXT - 1
    with vault._database.reading() as cursor:
        assert cursor.first("SELECT 1 AS one FROM sqlite_schema WHERE name = 'second'") is None
    assert (folder / f"vault.db.before-{NEXT:04d}").exists()


def test_the_copy_is_a_vault_that_opens(vault: Vault, folder: Path, reopen: Callable[[], Vault]) -> None:
    vault.set_setting("kept", "yes")
    migrations._copy(folder / "vault.db", NEXT)
    copy = folder / f"vault.db.before-{NEXT:04d}"
    vault.set_setting("kept", "no")
    vault.close()
    copy.replace(folder / "vault.db")
    assert reopen().setting("kept") == "yes"


def test_a_newer_vault_is_refused_untouched(vault: Vault, folder: Path, passphrase: str) -> None:
    with vault._database.writing() as cursor:
        cursor.run("PRAGMA user_version = 99")
    vault.close()
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "vault.lock"}
    with pytest.raises(Problem, match=r"vault\.newer"):
        Vault.open(folder, passphrase)
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "vault.lock"} == before


def test_a_script_that_ends_inside_a_statement_is_our_bug(vault: Vault) -> None:
    with pytest.raises(ValueError, match="inside"), vault._database.writing() as cursor:
        run_script(cursor, "CREATE TABLE half (")
