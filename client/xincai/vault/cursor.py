"""Statements on an open connection, and rows with typed columns."""

import datetime
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from xincai.errors import Problem

Value = str | int | bytes | None


class Connection(Protocol):
    """What is asked of the driver's connection here."""

    def execute(self, statement: str, values: Sequence[Value] = (), /) -> Any: ...  # noqa: ANN401 - the driver's


class Row:
    """One row with typed columns; a column of another type means the file is damaged."""

    __slots__ = ("_values",)

    def __init__(self, names: Sequence[str], values: Sequence[Value]) -> None:
        self._values = dict(zip(names, values, strict=True))

    def text(self, name: str) -> str:
        value = self._values[name]
        if not isinstance(value, str):
            raise Problem("vault.unreadable")
        return value

    def text_or_none(self, name: str) -> str | None:
        return None if self._values[name] is None else self.text(name)

    def whole(self, name: str) -> int:
        value = self._values[name]
        if not isinstance(value, int):
            raise Problem("vault.unreadable")
        return value

    def whole_or_none(self, name: str) -> int | None:
        return None if self._values[name] is None else self.whole(name)

    def blob(self, name: str) -> bytes:
        value = self._values[name]
        if not isinstance(value, bytes):
            raise Problem("vault.unreadable")
        return value

    def instant(self, name: str) -> datetime.datetime:
        try:
            return datetime.datetime.fromisoformat(self.text(name)).astimezone(datetime.UTC)
        except ValueError as error:
            raise Problem("vault.unreadable") from error

    def items(self) -> Iterator[tuple[str, Value]]:
        yield from self._values.items()

    def changed(self, **values: Value) -> "Row":
        """The same row with some columns other."""
        whole = {**self._values, **values}
        return Row(tuple(whole), tuple(whole.values()))


class Cursor:
    """Runs statements on the open connection."""

    def __init__(self, connection: Connection, actor: str = "") -> None:
        self._connection = connection
        self.actor = actor
        self.tip: tuple[int, str] | None = None
        """The last event this transaction added to the chain: its number and digest."""

    def run(self, statement: str, *values: Value) -> int:
        """Run one statement; the number of rows it changed."""
        return int(self._connection.execute(statement, values).rowcount)

    def insert(self, table: str, **values: Value) -> int:
        """Insert one row; its rowid. Table and column names are ours, never a person's."""
        columns, marks = ", ".join(values), ", ".join("?" * len(values))
        statement = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608 - names from our own code
        return int(self._connection.execute(statement, tuple(values.values())).lastrowid)

    def inserted(self, table: str, **values: Value) -> Row:
        """Insert one row; the whole row as it now stands in the file, and its rowid as `seq_`."""
        columns, marks = ", ".join(values), ", ".join("?" * len(values))
        statement = f"INSERT INTO {table} ({columns}) VALUES ({marks}) RETURNING rowid AS seq_, *"  # noqa: S608 - names from our own code
        return self.one(statement, *values.values())

    def each(self, query: str, *values: Value) -> Iterator[Row]:
        answer = self._connection.execute(query, values)
        names = [column[0] for column in answer.description or ()]
        for found in answer:
            yield Row(names, found)

    def all(self, query: str, *values: Value) -> list[Row]:
        return list(self.each(query, *values))

    def first(self, query: str, *values: Value) -> Row | None:
        rows = self.all(query, *values)
        return rows[0] if rows else None

    def one(self, query: str, *values: Value) -> Row:
        """The row of a query that always has one; a missing row means the file is damaged."""
        row = self.first(query, *values)
        if row is None:
            raise Problem("vault.unreadable")
        return row
