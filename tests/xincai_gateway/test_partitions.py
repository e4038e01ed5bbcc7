"""Tables spread by office on PostgreSQL hold what they held, and all goes on as before."""

import re
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import gateways
from gateways import OFFICE
from offices import Office, opened, person
from postgres import Postgres
from xincai import clock
from xincai.errors import Problem
from xincai_gateway import migrations, partitions, quality, rights, schema
from xincai_gateway.__main__ import main
from xincai_gateway.accesses import Asking
from xincai_gateway.database import Database, Taken

PART = re.compile(r"_p\d{3}$")


def held(office: Office) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables that are spread."""
    found = {}
    for table in partitions.SPREAD:
        rows = office.gateway.database.rows(sa.select(table))
        found[table.name] = sorted(tuple(map(repr, row.values())) for row in rows)
    return found  # type: ignore[return-value]


def test_what_was_there_is_there_and_more_comes_in(tmp_path: Path, pg: Postgres) -> None:
    with opened(tmp_path, pg.database()) as office:
        database = office.gateway.database
        office.files = {"a.jpg": b"field"}
        ((first, _, _), _, _) = office.deliver(person(1, photo="a.jpg"), person(2), person(3, area="-1"))
        before, figures = held(office), quality.measure(database)
        counts = partitions.spread(database, 4)
        assert counts == {name: len(rows) for name, rows in before.items()}
        assert held(office) == before
        assert quality.measure(database) == figures
        office.deliver(person(1, note="更正"), record=first, version=2)
        assert len(held(office)["records"]) == 3
        assert rights.withdraw(office.gateway, person(1)["code"], Asking("admin", "主体来函")) == 2
        assert len(held(office)["records"]) == 1


def test_a_question_about_one_office_reads_one_partition(tmp_path: Path, pg: Postgres) -> None:
    with opened(tmp_path, pg.database()) as office:
        office.deliver(person(1))
        partitions.spread(office.gateway.database, 8)

        def read(connection: sa.Connection) -> set[str]:
            plan = connection.execute(sa.text(f"EXPLAIN SELECT * FROM records WHERE office = '{OFFICE}'"))
            return set(re.findall(r"records_p\d{3}", "\n".join(plan.scalars())))

        assert len(office.gateway.database.read(read)) == 1


def test_who_was_granted_what_has_it_afterwards(tmp_path: Path, pg: Postgres) -> None:
    with opened(tmp_path, pg.database()) as office:
        office.deliver(person(1))
        database = office.gateway.database

        def allow(connection: sa.Connection) -> None:
            for statement in (
                'CREATE ROLE "平台 reader"',
                'GRANT SELECT ON records, answers TO "平台 reader"',
                'GRANT UPDATE (read_status, read_at) ON records TO "平台 reader" WITH GRANT OPTION',
                "GRANT SELECT ON outcomes TO PUBLIC",
            ):
                connection.execute(sa.text(statement))

        def granted(connection: sa.Connection) -> list[tuple[object, ...]]:
            named = "SELECT grantee, table_name, {} privilege_type, is_grantable FROM information_schema.{} "
            others = "WHERE table_schema = 'public' AND grantee <> current_user AND table_name !~ '_p[0-9]+$'"
            asked = [
                named.format("'',", "role_table_grants"),
                named.format("column_name,", "column_privileges"),
            ]
            return sorted(
                tuple(map(str, row)) for query in asked for row in connection.execute(sa.text(query + others))
            )

        database.write(allow)
        before = database.read(granted)
        assert ("平台 reader", "records", "read_at", "UPDATE", "YES") in before
        partitions.spread(database, 4)
        assert database.read(granted) == before
        database.write(lambda connection: connection.execute(sa.text('DROP OWNED BY "平台 reader"')))
        database.write(lambda connection: connection.execute(sa.text('DROP ROLE "平台 reader"')))


def test_a_view_that_stands_on_the_tables_is_told_of(tmp_path: Path, pg: Postgres) -> None:
    with opened(tmp_path, pg.database()) as office:
        office.deliver(person(1))
        database, before = office.gateway.database, held(office)
        view = sa.text("CREATE VIEW seen AS SELECT record FROM records")
        database.write(lambda connection: connection.execute(view))
        with pytest.raises(Problem, match="tables_depended_on"):
            partitions.spread(database, 4)
        assert held(office) == before


def test_keys_and_references_hold_as_before(tmp_path: Path, pg: Postgres) -> None:
    with opened(tmp_path, pg.database()) as office:
        office.deliver(person(1))
        database = office.gateway.database
        partitions.spread(database, 4)
        for table, changes in ((schema.records, {}), (schema.answers, {"record": "nothing"})):
            (row, *_) = database.rows(sa.select(table))
            again = table.insert().values({**row, **changes})
            with pytest.raises(Taken):
                database.write(lambda connection, again=again: connection.execute(again))  # type: ignore[misc]


def is_whole(
    item: "sa.Table | sa.Column[object] | sa.ForeignKeyConstraint", name: str, kind: str, *_: object
) -> bool:
    """Whether alembic speaks of a table of ours, not of a partition or a reference to one."""
    if kind == "foreign_key_constraint":
        assert isinstance(item, sa.ForeignKeyConstraint)
        return not PART.search(item.referred_table.name)
    if isinstance(item, sa.Table):
        return not PART.search(name)
    return not PART.search(item.table.name)


def test_the_tables_agree_with_the_steps_but_for_their_partitions(tmp_path: Path, pg: Postgres) -> None:
    with opened(tmp_path, pg.database()) as office:
        database = office.gateway.database
        partitions.spread(database, 4)
        assert len(database.read(partitions.partitions)) == 4 * len(partitions.SPREAD)

        def compare(connection: sa.Connection) -> list[object]:
            options = {"compare_type": True, "include_object": is_whole}
            context = MigrationContext.configure(connection, opts=options)
            return list(compare_metadata(context, schema.metadata))

        assert database.read(compare) == []
        assert database.read(migrations.standing) == migrations.NEWEST


def test_it_is_done_once_and_only_where_there_are_partitions(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url) as office:
        database = office.gateway.database
        with pytest.raises(Problem, match="bad_partitions"):
            partitions.spread(database, 1)
        if not db_url:
            with pytest.raises(Problem, match="no_partitions"):
                partitions.spread(database, 4)
            return
        partitions.spread(database, 4)
        with pytest.raises(Problem, match=r"gateway\.partitioned"):
            partitions.spread(database, 4)
        common = ["--data", str(tmp_path / "data"), "--forms", str(tmp_path / "forms"), "--practice"]
        assert main(["partition", *common, "--db-url", db_url]) == 1


def test_it_is_refused_while_others_use_the_database(
    tmp_path: Path, pg: Postgres, capsys: pytest.CaptureFixture[str]
) -> None:
    url = pg.database()
    with opened(tmp_path, url) as office:
        office.deliver(person(1))
        before = held(office)
        with gateways.running(tmp_path / "data", tmp_path / "forms", url):
            with pytest.raises(Problem, match="database_in_use") as told:
                partitions.spread(office.gateway.database, 4)
            assert told.value.facts["count"] >= 1
            common = ["--data", str(tmp_path / "data"), "--forms", str(tmp_path / "forms"), "--practice"]
            assert main(["partition", *common, "--db-url", url]) == 1
            assert "个连接正在使用数据库" in capsys.readouterr().err
        assert office.gateway.database.read(partitions.partitions) == []
        partitions.spread(office.gateway.database, 4)
        assert held(office) == before


def test_a_gateway_that_starts_meanwhile_waits_for_the_end(
    tmp_path: Path, pg: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = pg.database()
    with opened(tmp_path, url) as office, ThreadPoolExecutor(1) as lane:
        office.deliver(person(1), person(2))
        starting: list[Future[int]] = []

        def count(folder: Path) -> int:
            database = Database.open(folder, url)
            try:
                return len(database.rows(sa.select(schema.records)))
            finally:
                database.close()

        def move(connection: sa.Connection, table: sa.Table) -> int:
            if not starting:
                starting.append(lane.submit(count, tmp_path / "other"))
                waiting = sa.text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
                while not connection.execute(waiting).scalar_one():
                    clock.pause(0.01)
            return moved(connection, table)

        moved = partitions._move
        monkeypatch.setattr(partitions, "_move", move)
        partitions.spread(office.gateway.database, 4)
        assert starting[0].result(30) == 2


def test_what_fails_half_way_leaves_all_as_it_was(
    tmp_path: Path, pg: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path, pg.database()) as office:
        office.deliver(person(1), person(2))
        before = held(office)

        def full(_: sa.Connection, table: sa.Table) -> int:
            if table is schema.answers:
                raise Problem("gateway.storage_full")
            return 0

        with monkeypatch.context() as disk:
            disk.setattr(partitions, "_move", full)
            with pytest.raises(Problem, match="storage_full"):
                partitions.spread(office.gateway.database, 4)
        assert held(office) == before
        assert office.gateway.database.read(partitions.partitions) == []
        partitions.spread(office.gateway.database, 4)
        assert held(office) == before
