"""The database: one door for short transactions, embedded or PostgreSQL.

Rules: without a URL the data folder holds an encrypted SQLite file whose key lies beside it in
`database.key`; a lost key is reported, never replaced. A write takes the write lock at once (SQLite) or
runs serializable (PostgreSQL, where reading takes one snapshot and stands in no writer's way). What many
devices do at once is written by locks instead: read committed, every row that decides is locked as it is
read, and what is not there yet is guarded by a unique key; so devices that share no row never stand in each
other's way. What the database refuses only because of a neighbour is tried again, after a while that chance
has a part in, so `work` may run more than once and must do nothing but talk to the database. Foreign
exceptions become `Problem` here.
"""

import contextlib
import errno
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
import sqlalchemy.exc
import sqlcipher3.dbapi2
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.pool import QueuePool
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from xincai import clock
from xincai.errors import Problem
from xincai_gateway import migrations
from xincai_gateway.files import create_once

Result = TypeVar("Result")
Row = sa.RowMapping
Values = Mapping[str, object]

_TRIES = 10
_GLANCE = 0.05
_NEIGHBOUR = {"40001", "40P01", "55P03"}
_SERVER_AWAY = "08", "57"
_TOLD = {
    "2BP01": "gateway.tables_depended_on",
    "25006": "gateway.database_refuses",
    "42501": "gateway.database_refuses",
    "53": "gateway.storage_full",
    "SQLITE_FULL": "gateway.storage_full",
    "SQLITE_BUSY": "gateway.database_busy",
    "SQLITE_LOCKED": "gateway.database_busy",
    "SQLITE_NOTADB": "gateway.database_damaged",
    "SQLITE_CORRUPT": "gateway.database_damaged",
}
_READING = {"postgresql": {"isolation_level": "REPEATABLE READ"}}
_LOCKING = {"postgresql": {"isolation_level": "READ COMMITTED"}}
_PRAGMAS = (
    "PRAGMA journal_mode = DELETE",
    "PRAGMA synchronous = EXTRA",
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
)


class Taken(Exception):  # noqa: N818 - a fact, not a failure
    """Another writer put the same key there first."""


class _Texts(sa.types.TypeDecorator[Collection[str]]):
    """Texts that travel as one value: an array where the server has such, else JSON."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> "sa.types.TypeEngine[Any]":
        return dialect.type_descriptor(sa.ARRAY(sa.Text) if dialect.name == "postgresql" else sa.Text())

    def process_bind_param(self, value: Collection[str] | None, dialect: sa.Dialect) -> object:
        texts = sorted(value or ())
        return texts if dialect.name == "postgresql" else json.dumps(texts)


class Among(GenericFunction[bool]):
    """Whether a text column holds one of some texts, however many: they travel as one."""

    inherit_cache = True
    type = sa.Boolean()

    def __init__(self, column: "sa.ColumnElement[str]", texts: Collection[str]) -> None:
        super().__init__(column, sa.literal(texts, _Texts()))

    def self_group(self, against: object = None) -> "Among":  # noqa: ARG002 - as SQLAlchemy calls it
        """Stand as it is: `(... IN ...) = 1`, as functions are asked on SQLite, is answered by no index."""
        return self


@compiles(Among, "sqlite")
def _among_sqlite(element: Among, compiler: SQLCompiler, **more: object) -> str:
    column, texts = (compiler.process(clause, **more) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({texts}))"  # noqa: S608 - clauses, not values


@compiles(Among, "postgresql")
def _among_postgresql(element: Among, compiler: SQLCompiler, **more: object) -> str:
    column, texts = (compiler.process(clause, **more) for clause in element.clauses)
    return f"{column} = ANY ({texts})"


def fill(connection: sa.Connection, table: sa.Table, rows: Sequence[Values]) -> None:
    """Put many rows, all of the same columns, into a table: by COPY where the server has it."""
    if not rows:
        return
    if connection.dialect.name != "postgresql":
        connection.execute(table.insert(), list(rows))
        return
    import psycopg

    names = list(rows[0])
    marks = psycopg.sql.SQL(", ").join(map(psycopg.sql.Identifier, names))
    statement = psycopg.sql.SQL("COPY {} ({}) FROM STDIN").format(psycopg.sql.Identifier(table.name), marks)
    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row([row[name] for name in names])
    except psycopg.Error as error:
        raise sqlalchemy.exc.DBAPIError.instance(
            "COPY", None, error, psycopg.Error, hide_parameters=True, dialect=connection.dialect
        ) from error


class Database:
    """The gateway's tables behind reads and writes."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._reading = engine.execution_options(**_READING.get(engine.dialect.name, {}))
        self._locking = engine.execution_options(**_LOCKING.get(engine.dialect.name, {}))

    @classmethod
    def open(cls, folder: Path, url: str = "") -> "Database":
        """Open or create the tables; without a URL, in the folder. Raise Problem when they cannot be used."""
        database = cls(_server(url) if url else _embedded(folder))
        try:
            database._prepare()
        except BaseException:
            database.close()
            raise
        return database

    def read(self, work: Callable[[sa.Connection], Result]) -> Result:
        """Run `work` on one consistent view of the tables."""
        return self._run(self._reading, work, write=False)

    def write(self, work: Callable[[sa.Connection], Result]) -> Result:
        """Run `work` in one transaction and commit it; raise Taken when a key is there already."""
        return self._run(self._engine, work, write=True)

    def write_by_locks(self, work: Callable[[sa.Connection], Result]) -> Result:
        """As `write`, for work that locks each row it decides by; what it only reads may change meanwhile."""
        return self._run(self._locking, work, write=True)

    def rows(self, query: "sa.Select[Any]") -> list[Row]:
        """All rows of a query."""
        return self.read(lambda connection: list(connection.execute(query).mappings()))

    def row(self, query: "sa.Select[Any]") -> Row | None:
        """The first row of a query, or None."""
        return self.read(lambda connection: connection.execute(query).mappings().first())

    @contextlib.contextmanager
    def alone(self, number: int) -> Iterator[None]:
        """Have some work for oneself among the workers of all machines; an embedded database has one machine.

        Nothing else is held meanwhile, and the line to the server is not used for it.
        """
        if self._engine.dialect.name != "postgresql":
            yield
            return
        held = sa.select(sa.func.pg_try_advisory_xact_lock(number))
        with contextlib.ExitStack() as stack:
            try:
                connection = stack.enter_context(self._locking.connect())
                while not connection.execute(held).scalar_one():
                    clock.pause(_GLANCE)
            except sqlalchemy.exc.DBAPIError as error:
                raise _trouble(error) from error
            except sqlalchemy.exc.TimeoutError as error:
                raise Problem("gateway.database_busy") from error
            yield

    def close(self) -> None:
        self._engine.dispose()

    def _run(self, engine: sa.Engine, work: Callable[[sa.Connection], Result], *, write: bool) -> Result:
        for attempt in range(_TRIES):
            try:
                with engine.connect() as connection:
                    return _transact(connection, work, write=write)
            except sqlalchemy.exc.IntegrityError as error:
                if _state(error) not in _NEIGHBOUR:
                    raise Taken from error
            except sqlalchemy.exc.DBAPIError as error:
                if _state(error) not in _NEIGHBOUR:
                    raise _trouble(error) from error
            except sqlalchemy.exc.TimeoutError as error:
                raise Problem("gateway.database_busy") from error
            clock.pause(0.005 * 2**attempt * (0.5 + clock.random_bytes(1)[0] / 255))
        raise Problem("gateway.database_busy")

    def _prepare(self) -> None:
        # the view of a serializable transaction is older than the lock that it waits for
        self.write_by_locks(migrations.bring_forward)


def _transact(connection: sa.Connection, work: Callable[[sa.Connection], Result], *, write: bool) -> Result:
    if connection.dialect.name == "sqlite":
        connection.info["begin"] = "BEGIN IMMEDIATE" if write else "BEGIN"
    with connection.begin():
        return work(connection)


def _server(url: str) -> sa.Engine:
    import psycopg

    try:
        address = sa.make_url(url)
        psycopg.conninfo.make_conninfo("", **{name: str(value) for name, value in address.query.items()})
    except (sqlalchemy.exc.ArgumentError, psycopg.ProgrammingError, ValueError, TypeError) as error:
        raise Problem("gateway.bad_database_url") from error
    if address.get_backend_name() != "postgresql":
        raise Problem("gateway.bad_database_url")
    return sa.create_engine(
        address.set(drivername="postgresql+psycopg"),
        isolation_level="SERIALIZABLE",
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=10,
        pool_timeout=10,
        connect_args={"connect_timeout": 10, "options": "-c lock_timeout=10s -c statement_timeout=60s"},
    )


def _embedded(folder: Path) -> sa.Engine:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path, key_path = folder / "platform.db", folder / "database.key"
    if path.exists() and not key_path.exists():
        raise Problem("gateway.key_lost", file=key_path.name)
    key = create_once(key_path, clock.random_bytes(32).hex().encode()).decode()

    def connect() -> sqlcipher3.dbapi2.Connection:
        return _unlocked(path, key)

    engine = sa.create_engine(
        "sqlite://",
        module=sqlcipher3.dbapi2,
        creator=connect,
        hide_parameters=True,
        poolclass=QueuePool,
        pool_size=4,
        max_overflow=0,
        pool_timeout=20,
    )
    sa.event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql(connection.info.get("begin", "BEGIN"))


def _unlocked(path: Path, key: str) -> sqlcipher3.dbapi2.Connection:
    connection = sqlcipher3.dbapi2.connect(
        str(path), timeout=15, isolation_level=None, check_same_thread=False
    )
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key}'\"")
        if not connection.execute("PRAGMA cipher_version").fetchone():
            raise Problem("gateway.no_encryption")  # noqa: TRY301 - the connection is closed below
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        for pragma in _PRAGMAS:
            connection.execute(pragma)
    except BaseException:
        connection.close()
        raise
    return connection


def _state(error: sqlalchemy.exc.DBAPIError) -> str:
    """The SQLSTATE that PostgreSQL gave, or ""."""
    return getattr(error.orig, "sqlstate", None) or ""


def _trouble(error: sqlalchemy.exc.DBAPIError) -> Exception:
    """What a database error means to a person; an error that is our own comes back as it is."""
    state, name = _state(error), getattr(error.orig, "sqlite_errorname", "")
    if state.startswith(_SERVER_AWAY) or error.connection_invalidated or _unreachable(error):
        return Problem("gateway.database_away")
    if name.startswith(("SQLITE_IOERR", "SQLITE_CANTOPEN", "SQLITE_READONLY")):
        return Problem("gateway.storage_fault", errno=errno.EIO)
    code = next((code for start, code in _TOLD.items() if (state or name).startswith(start)), "")
    return Problem(code) if code else error


def _unreachable(error: sqlalchemy.exc.DBAPIError) -> bool:
    return isinstance(error, sqlalchemy.exc.OperationalError) and not (
        _state(error) or hasattr(error.orig, "sqlite_errorname")
    )
