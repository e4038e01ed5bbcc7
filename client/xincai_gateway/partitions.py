"""Spreading the tables that grow over partitions by office, on PostgreSQL, once a county asks for it.

Rules: every key begins with the office, so a partition holds all that an office delivered, and a question
about one office reads one partition. One transaction: the tables are made anew with partitions (by hash of
the office), their rows moved over, the old ones dropped; what fails leaves all as it was. It needs as much
free disk again as the tables have; who was granted what on them has it afterwards, and where a view or the
like depends on them it is refused. Steps of later releases work on partitioned tables as on whole ones.

Nobody else may use the database: a reader whose view is older than the new tables would find them empty. So
it is refused while there are other sessions, and a gateway that is started meanwhile waits for its end.
"""

import functools

import sqlalchemy as sa

from xincai.errors import Problem
from xincai_gateway import migrations
from xincai_gateway.database import Database
from xincai_gateway.schema import answers, attachments, batches, metadata, outcomes, packed, receipts, records

SPREAD = (batches, outcomes, receipts, records, answers, attachments, packed)
"""What grows with every record; those that others refer to come first."""
_OLD = "_whole"
_GRANTED = sa.text(
    "SELECT given.attname, acl.privilege_type, acl.is_grantable, r.rolname FROM ("
    "SELECT NULL AS attname, relacl AS acl, relowner FROM pg_class WHERE oid = CAST(:name AS regclass) "
    "UNION ALL "
    "SELECT a.attname, a.attacl, c.relowner FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
    "WHERE a.attrelid = CAST(:name AS regclass)) AS given CROSS JOIN LATERAL aclexplode(given.acl) AS acl "
    "LEFT JOIN pg_roles r ON r.oid = acl.grantee WHERE acl.grantee <> given.relowner"
)
_OTHERS = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
)


def spread(database: Database, parts: int) -> dict[str, int]:
    """Spread the tables; how many rows each has.

    Raises Problem `gateway.no_partitions` (another database than PostgreSQL), `gateway.bad_partitions`,
    `gateway.partitioned` (done before), `gateway.database_in_use`.
    """
    if not 2 <= parts <= 256:
        raise Problem("gateway.bad_partitions", least=2, most=256)
    return database.write(functools.partial(_spread, parts=parts))


def partitions(connection: sa.Connection) -> list[str]:
    """The names of all partitions there are."""
    query = sa.text("SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
                    "WHERE c.relkind = 'r' ORDER BY c.relname")  # fmt: skip
    return [str(name) for name in connection.execute(query).scalars()]


def _spread(connection: sa.Connection, parts: int) -> dict[str, int]:
    if connection.dialect.name != "postgresql":
        raise Problem("gateway.no_partitions")
    # so that what was written until the lock is had is seen
    connection.execute(sa.text("SET TRANSACTION ISOLATION LEVEL READ COMMITTED"))
    connection.execute(sa.text("SET LOCAL statement_timeout = 0"))
    migrations.hold(connection)
    if partitions(connection):
        raise Problem("gateway.partitioned")
    others = connection.execute(_OTHERS).scalar_one()
    if others:
        raise Problem("gateway.database_in_use", count=others)
    for table in SPREAD:
        connection.execute(sa.text(f"LOCK TABLE {table.name} IN ACCESS EXCLUSIVE MODE"))
    granted = [statement for table in SPREAD for statement in _grants(connection, table)]
    for table in SPREAD:
        _put_aside(connection, table)
    divided = _divided()
    for table in divided:
        _make(connection, table, parts)
    counts = {table.name: _move(connection, table) for table in SPREAD}
    for table in reversed(SPREAD):
        connection.execute(sa.text(f"DROP TABLE {table.name}{_OLD}"))
    for table in divided:
        _finish(connection, table)
    for statement in granted:
        connection.execute(sa.text(statement))
    migrations.describe(connection)
    return counts


def _grants(connection: sa.Connection, table: sa.Table) -> list[str]:
    """What others may do with a table and its columns, as the statements that allow it."""
    quote = connection.dialect.identifier_preparer.quote_identifier
    found = []
    for row in connection.execute(_GRANTED, {"name": table.name}).mappings():
        column = f" ({quote(row['attname'])})" if row["attname"] else ""
        grantee = quote(row["rolname"]) if row["rolname"] else "PUBLIC"
        option = " WITH GRANT OPTION" if row["is_grantable"] else ""
        found.append(f"GRANT {row['privilege_type']}{column} ON {table.name} TO {grantee}{option}")
    return found


def _divided() -> list[sa.Table]:
    """The tables as they are, but for their partitions."""
    fresh = sa.MetaData()
    for table in metadata.sorted_tables:
        table.to_metadata(fresh)
    found = [fresh.tables[table.name] for table in SPREAD]
    for table in found:
        table.dialect_options["postgresql"]["partition_by"] = "HASH (office)"
    return found


def _put_aside(connection: sa.Connection, table: sa.Table) -> None:
    """Give a table and all that is named after it other names."""
    inspector = sa.inspect(connection)
    for index in inspector.get_indexes(table.name):
        if not index.get("duplicates_constraint"):
            connection.execute(sa.text(f'ALTER INDEX "{index["name"]}" RENAME TO "{index["name"]}{_OLD}"'))
    constraints = sa.text("SELECT conname FROM pg_constraint WHERE conrelid = CAST(:name AS regclass)")
    for name in connection.execute(constraints, {"name": table.name}).scalars().all():
        change = f'ALTER TABLE {table.name} RENAME CONSTRAINT "{name}" TO "{name}{_OLD}"'
        connection.execute(sa.text(change))
    connection.execute(sa.text(f"ALTER TABLE {table.name} RENAME TO {table.name}{_OLD}"))


def _make(connection: sa.Connection, table: sa.Table, parts: int) -> None:
    """Make a table and its partitions, without indexes and references: those come when its rows are there."""
    connection.execute(sa.schema.CreateTable(table, include_foreign_key_constraints=[]))
    for part in range(parts):
        connection.execute(sa.text(
            f"CREATE TABLE {table.name}_p{part:03} PARTITION OF {table.name} "
            f"FOR VALUES WITH (MODULUS {parts}, REMAINDER {part})"
        ))  # fmt: skip


def _finish(connection: sa.Connection, table: sa.Table) -> None:
    for index in table.indexes:
        index.create(connection)
    for reference in table.foreign_key_constraints:
        connection.execute(sa.schema.AddConstraint(reference))


def _move(connection: sa.Connection, table: sa.Table) -> int:
    names = [column.name for column in table.columns]
    whole = sa.table(f"{table.name}{_OLD}", *(sa.column(name) for name in names))
    connection.execute(table.insert().from_select(names, sa.select(whole)))
    connection.execute(sa.text(f"ANALYZE {table.name}"))
    return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
