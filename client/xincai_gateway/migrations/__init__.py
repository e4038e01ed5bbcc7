"""The tables' way from one release to the next: one numbered step each, forward only.

Rules: a gateway brings its database forward when it opens it, in one transaction under a lock, so that of
several workers that start at once one does it and the others find it done; what is kept stays. A database
newer than the program is left alone. Who changes `schema.py` adds `versions/NNNN_words.py` with the next
number: `tests/xincai_gateway/test_migrations.py` tells what is missing. Words about tables and columns
(comments) are laid anew after every step, from `schema.py` alone.
"""

from pathlib import Path

import sqlalchemy as sa

from xincai.errors import Problem
from xincai_gateway import schema

FOLDER = Path(__file__).parent
NEWEST = max(path.name[:4] for path in (FOLDER / "versions").glob("[0-9]*.py"))
_LOCK = 0x58494E43
_version = sa.table("alembic_version", sa.column("version_num", sa.String))


def bring_forward(connection: sa.Connection) -> None:
    """Make the tables, or bring those of an older release forward, in the connection's transaction.

    Raises Problem `gateway.newer_database` when they are newer than the program.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SET LOCAL lock_timeout = 0"))
        connection.execute(sa.text("SET LOCAL statement_timeout = 0"))
        hold(connection)
    found = standing(connection)
    if found > NEWEST:
        raise Problem("gateway.newer_database", found=int(found), known=int(NEWEST))
    if found < NEWEST:
        _upgrade(connection, found)
        describe(connection)


def hold(connection: sa.Connection) -> None:
    """Hold the lock on PostgreSQL, to the transaction's end: no gateway opens the database meanwhile."""
    connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def standing(connection: sa.Connection) -> str:
    """The number of the step at which the tables are, "0000" when there are none.

    The first two releases wrote down no number.
    """
    inspector = sa.inspect(connection)
    if inspector.has_table(_version.name):
        return str(connection.execute(sa.select(_version.c.version_num)).scalar_one())
    if not inspector.has_table("about"):
        return "0000"
    columns = {column["name"] for column in inspector.get_columns("batches")}
    return "0002" if "settled_at" in columns else "0001"


def _upgrade(connection: sa.Connection, found: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    if found != "0000":
        command.stamp(config, found)
    command.upgrade(config, NEWEST)


def describe(connection: sa.Connection) -> None:
    """Lay the words about tables and columns anew."""
    if connection.dialect.supports_comments:
        for table in schema.metadata.sorted_tables:
            connection.execute(sa.schema.SetTableComment(table))
            for column in table.columns:
                if column.comment:
                    connection.execute(sa.schema.SetColumnComment(column))
