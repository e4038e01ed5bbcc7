"""The platform's register of subjects: which name stands behind a code.

Rules: the register is the platform's, imported as a CSV file with the columns `code` and `name` (UTF-8,
with or without a byte order mark, or GB 18030); an import replaces the names of the codes it brings and
leaves the others. A file is taken whole or not at all. Names are compared without regard to width and
spaces, so that a full-width bracket is no mismatch.
"""

import csv
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import sqlalchemy as sa

from xincai import clock
from xincai.errors import Problem
from xincai.shelf.beside import decoded
from xincai_gateway.database import Among, Database
from xincai_gateway.schema import register

_MAX_FILE = 256 * 1024 * 1024
_PIECE = 500


def import_file(database: Database, path: Path) -> int:
    """Take the register's CSV file; how many subjects. Raise Problem naming the line that is wrong."""
    if path.stat().st_size > _MAX_FILE:
        raise Problem("gateway.register_too_large", limit=_MAX_FILE)
    subjects = _subjects(decoded(path.read_bytes(), path.name))
    now = clock.stamp(clock.now())
    rows = [{"code": code, "name": name, "imported_at": now} for code, name in subjects.items()]

    def work(connection: sa.Connection) -> None:
        for start in range(0, len(rows), _PIECE):
            piece = rows[start : start + _PIECE]
            connection.execute(register.delete().where(register.c.code.in_([row["code"] for row in piece])))
            connection.execute(register.insert(), piece)

    database.write(work)
    return len(rows)


def registered_names(database: Database, codes: Iterable[str]) -> dict[str, str]:
    """The names the register has for these codes; a code it does not know is left out."""
    query = sa.select(register).where(Among(register.c.code, set(codes)))
    return {row["code"]: row["name"] for row in database.rows(query)}


def same_name(left: str, right: str) -> bool:
    """Whether two names are one, whatever their width and spaces."""
    return _plain(left) == _plain(right)


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split())


def _subjects(text: str) -> dict[str, str]:
    reader = csv.DictReader(text.splitlines())
    if not {"code", "name"} <= set(reader.fieldnames or ()):
        raise Problem("gateway.register_bad_columns")
    subjects: dict[str, str] = {}
    for row in reader:
        code, name = (row["code"] or "").strip(), unicodedata.normalize("NFC", (row["name"] or "").strip())
        if not 1 <= len(code) <= 40 or not 1 <= len(name) <= 200:
            raise Problem("gateway.register_bad_line", line=reader.line_num)
        subjects[code] = name
    return subjects
