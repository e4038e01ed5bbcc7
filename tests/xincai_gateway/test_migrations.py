"""A database of an earlier release is brought forward with all that it holds; steps and tables agree."""

import importlib.util
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from postgres import Postgres
from xincai.errors import Problem
from xincai_gateway import database as database_module
from xincai_gateway import migrations, schema
from xincai_gateway.database import Database

RELEASED = Path(__file__).parent / "released" / "first.py"
STAMP = "2026-10-01T00:00:00Z"
AFTERWARDS = {"about": {"value": "3"}, "packed": {"pack": ""}}
"""What the steps change: a body that was not the pack's own is not compressed."""


def released(*, packs: bool) -> sa.MetaData:
    """The tables as the first release made them, or the second."""
    spec = importlib.util.spec_from_file_location("first", RELEASED)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    metadata: sa.MetaData = module.metadata
    if packs:
        metadata.tables["batches"].append_column(sa.Column("settled_at", sa.String(20)))
        schema.packed.to_metadata(metadata).indexes.clear()
        sa.Index("packed_by_pack", metadata.tables["packed"].c.office, metadata.tables["packed"].c.pack)
    return metadata


def engine_of(folder: Path, url: str) -> sa.Engine:
    return database_module._server(url) if url else database_module._embedded(folder)


def row_of(table: sa.Table) -> dict[str, object]:
    """A row with something in every column, the same in columns of the same name and kind."""

    def value(column: "sa.Column[object]") -> object:
        if isinstance(column.type, sa.LargeBinary):
            return b"\x00\xff bytes"
        if isinstance(column.type, sa.Boolean):
            return True
        if isinstance(column.type, sa.Integer):
            return 7
        return (
            STAMP if column.name.endswith("_at") else f"{column.name}甲"[: getattr(column.type, "length", 0)]
        )

    return {column.name: value(column) for column in table.columns}


def filled(folder: Path, url: str, metadata: sa.MetaData) -> dict[str, dict[str, object]]:
    """A database as that release left it, with a row in each table."""
    rows = {table.name: row_of(table) for table in metadata.sorted_tables}
    rows["about"] = {"name": "schema", "value": "1"}
    rows["outcomes"]["status"] = "rejected"
    engine = engine_of(folder, url)
    with engine.begin() as connection:
        metadata.create_all(connection)
        for table in metadata.sorted_tables:
            connection.execute(table.insert().values(rows[table.name]))
    engine.dispose()
    return rows


def differences(database: Database, metadata: sa.MetaData) -> list[object]:
    def compare(connection: sa.Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))

    return database.read(compare)


@pytest.mark.parametrize("packs", [False, True], ids=["first", "second"])
def test_what_an_earlier_release_kept_is_there_after_the_steps(
    tmp_path: Path, db_url: str, packs: bool
) -> None:
    rows = filled(tmp_path, db_url, released(packs=packs))
    database = Database.open(tmp_path, db_url)
    for name, row in rows.items():
        found = database.row(sa.select(schema.metadata.tables[name]))
        assert found is not None
        expected = {**row, **AFTERWARDS.get(name, {})}
        assert {column: found[column] for column in row} == expected, name
    batch = database.row(sa.select(schema.batches))
    assert batch is not None
    assert batch["settled_at"] == STAMP, "what came before custody was judged when it came"
    returned = database.row(sa.select(schema.returned))
    assert returned is not None
    assert (returned["record"], returned["subject_code"]) == (rows["outcomes"]["record"], None)
    assert differences(database, schema.metadata) == []
    database.close()
    Database.open(tmp_path, db_url).close()


def test_steps_and_tables_agree(tmp_path: Path, db_url: str) -> None:
    database = Database.open(tmp_path, db_url)
    missing = differences(database, schema.metadata)
    database.close()
    assert missing == [], f"add a step to migrations/versions for: {missing}"


def test_a_table_or_column_without_a_step_is_named(tmp_path: Path, db_url: str) -> None:
    wanted = sa.MetaData()
    for table in schema.metadata.sorted_tables:
        table.to_metadata(wanted)
    sa.Table("fields", wanted, sa.Column("field", sa.String(40), primary_key=True))
    wanted.tables["devices"].append_column(sa.Column("colour", sa.String(20)))
    database = Database.open(tmp_path, db_url)
    found = str(differences(database, wanted))
    database.close()
    assert "fields" in found
    assert "colour" in found


def test_of_workers_that_open_an_old_database_at_once_all_find_it_new(pg: Postgres, tmp_path: Path) -> None:
    url = pg.database()
    filled(tmp_path, url, released(packs=False))
    with ThreadPoolExecutor(6) as lane:
        opened = list(lane.map(lambda _: Database.open(tmp_path, url), range(6)))
    assert {database.read(migrations.standing) for database in opened} == {migrations.NEWEST}
    for database in opened:
        database.close()


def test_of_workers_that_make_a_database_at_once_all_have_it(tmp_path: Path, db_url: str) -> None:
    with ThreadPoolExecutor(4) as lane:
        opened = list(lane.map(lambda _: Database.open(tmp_path, db_url), range(4)))
    assert {database.read(migrations.standing) for database in opened} == {migrations.NEWEST}
    for database in opened:
        database.close()


def test_a_step_that_fails_leaves_the_database_as_it_was(
    tmp_path: Path, db_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = filled(tmp_path, db_url, released(packs=False))

    def full(_: sa.Connection) -> None:
        raise Problem("gateway.storage_full")

    with monkeypatch.context() as disk:
        disk.setattr(migrations, "describe", full)
        with pytest.raises(Problem, match="storage_full"):
            Database.open(tmp_path, db_url)
    engine = engine_of(tmp_path, db_url)
    assert sorted(sa.inspect(engine).get_table_names()) == sorted(rows)
    engine.dispose()
    Database.open(tmp_path, db_url).close()
