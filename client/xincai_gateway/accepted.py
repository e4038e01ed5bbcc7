"""Accepted data to take away: one form's records as a table, one row for each record, one column a question.

Rules: the newest version of each record; what stands above the level that was asked for is masked (a name
keeps its first character, a code its first six and last four, all else nothing; where a subject is counts as
L2), wherever an answer says it; an answer without a level counts as L3. The access is noted with its purpose
before the first row leaves. Rows are read a few hundred at a time. In CSV (UTF-8 with a byte order mark) a
cell that a spreadsheet would take for a formula begins with an apostrophe; Parquet holds the texts as they
are.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from xincai.errors import Problem
from xincai.records import mask_code, mask_name
from xincai_gateway import accesses
from xincai_gateway.accesses import Asking
from xincai_gateway.database import Database, Row
from xincai_gateway.enrol import check_office
from xincai_gateway.quality import current
from xincai_gateway.schema import answers, attachments, objections, records
from xincai_gateway.store import Store

LEVELS = ("L1", "L2", "L3", "L4")
MASK = "***"
_PIECE = 400
_DIGEST = re.compile(r"[0-9a-f]{64}")
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_UNSEEN = " \t\r\n\u00a0\u200b\u2060\u3000\ufeff"
_BREAKS = ("\t", "\r", "\n")
_PEOPLE = {"HH", ""}
_FACTS = (
    "office",
    "record",
    "version",
    "form_version",
    "subject_kind",
    "subject_code",
    "subject_name",
    "region",
    "accepted_at",
    "authorisation",
)
_KEY = ("office", "record", "version")


@dataclass
class Accepted:
    """The accepted records of one form, as far as one may see them."""

    columns: tuple[str, ...]
    rows: Iterator[list[str]] = field(repr=False)


def take_away(database: Database, office: str, form: str, level: str, asking: Asking) -> Accepted:
    """The table of a form's records, of one office or all; the access is noted.

    Raises Problem `gateway.nothing_accepted` when there are none.
    """
    if level not in LEVELS:
        raise Problem("gateway.bad_request")
    newest = current(office)
    counted = sa.select(newest.c.office, sa.func.count().label("n")).where(newest.c.form == form)
    counts = database.rows(counted.group_by(newest.c.office))
    if not counts:
        raise Problem("gateway.nothing_accepted")
    accesses.note(
        database,
        [
            accesses.row(asking, row["office"], accesses.DOWNLOAD, form, level=level, count=row["n"])
            for row in counts
        ],
    )
    again = current(office)
    mine = sa.and_(*(answers.c[name] == again.c[name] for name in _KEY))
    asked = sa.select(answers.c.ref).join(again, mine).where(again.c.form == form).distinct()
    refs = tuple(sorted(row["ref"] for row in database.rows(asked)))
    rows = _rows(database, office, form, level, refs)
    return Accepted((*_FACTS, "objection", *refs), rows)


def take_file(database: Database, store: Store, office: str, digest: str, asking: Asking) -> bytes:
    """A submission or attachment as it came; the access is noted, with how many accepted records hold it.

    Raises Problem `gateway.file_unknown` when the office has none of this digest.
    """
    check_office(office)
    if not _DIGEST.fullmatch(digest) or digest not in store.sizes(office, [digest]):
        raise Problem("gateway.file_unknown", office=office[:32])
    holding = sa.union(
        sa.select(records.c.record).where(records.c.office == office, records.c.submission_sm3 == digest),
        sa.select(attachments.c.record).where(attachments.c.office == office, attachments.c.sm3 == digest),
    )
    count = len(database.rows(sa.select(holding.subquery())))
    line = accesses.row(asking, office, accesses.BLOB, digest[:16], level=LEVELS[-1], count=count)
    accesses.note(database, [line])
    return store.read(office, [digest])[digest]


def as_csv(accepted: Accepted) -> Iterator[bytes]:
    """The table as CSV, piece by piece."""
    yield b"\xef\xbb\xbf"
    page = io.StringIO()
    writer = csv.writer(page)
    writer.writerow([plain(name) for name in accepted.columns])
    for row in accepted.rows:
        writer.writerow([plain(cell) for cell in row])
        if page.tell() > 1 << 16:
            yield page.getvalue().encode()
            page.seek(0)
            page.truncate()
    yield page.getvalue().encode()


def as_parquet(accepted: Accepted) -> bytes:
    """The table as Parquet, all columns text; raise Problem when pyarrow is not installed."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise Problem("gateway.no_parquet") from error
    shape = pyarrow.schema([(name, pyarrow.string()) for name in accepted.columns])
    file = io.BytesIO()
    with pyarrow.parquet.ParquetWriter(file, shape, compression="zstd") as writer:
        piece: list[list[str]] = []
        for row in accepted.rows:
            piece.append(row)
            if len(piece) == 5000:
                writer.write_table(_table(piece, shape))
                piece = []
        if piece:
            writer.write_table(_table(piece, shape))
    return file.getvalue()


def _table(rows: list[list[str]], shape: "object") -> "object":
    import pyarrow

    columns = [pyarrow.array(column, pyarrow.string()) for column in zip(*rows, strict=True)]
    return pyarrow.Table.from_arrays(columns, schema=shape)


def plain(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; numbers stay numbers."""
    bare = cell.lstrip(_UNSEEN)
    if not cell.startswith(_BREAKS) and not bare.startswith(_FORMULA):
        return cell
    digits = bare[1:].replace(".", "", 1)
    number = bare == cell and bare[:1] in "+-" and digits.isascii() and digits.isdigit()
    return cell if number else f"'{cell}"


def _rows(database: Database, office: str, form: str, level: str, refs: Sequence[str]) -> Iterator[list[str]]:
    after: tuple[str, str] = ("", "")
    while True:
        newest = current(office)
        query = (
            sa.select(newest)
            .where(newest.c.form == form, sa.tuple_(newest.c.office, newest.c.record) > sa.tuple_(*after))
            .order_by(newest.c.office, newest.c.record)
            .limit(_PIECE)
        )
        page = database.rows(query)
        if not page:
            return
        given, marked = _answers(database, page), _marked(database, page)
        for row in page:
            key = (row["office"], row["record"], row["version"])
            yield _row(row, given.get(key, {}), key[:2] in marked, level, refs)
        after = (page[-1]["office"], page[-1]["record"])


def _answers(database: Database, page: list[Row]) -> dict[tuple[str, str, int], dict[str, Row]]:
    query = sa.select(answers).where(
        answers.c.office.in_(sorted({row["office"] for row in page})),
        answers.c.record.in_([row["record"] for row in page]),
    )
    found: dict[tuple[str, str, int], dict[str, Row]] = {}
    for row in database.rows(query):
        found.setdefault((row["office"], row["record"], row["version"]), {})[row["ref"]] = row
    return found


def _marked(database: Database, page: list[Row]) -> set[tuple[str, ...]]:
    query = sa.select(objections.c.office, objections.c.record).where(
        objections.c.record.in_([row["record"] for row in page]), objections.c.closed_at.is_(None)
    )
    return {(row["office"], row["record"]) for row in database.rows(query)}


def _row(row: Row, given: dict[str, Row], marked: bool, level: str, refs: Sequence[str]) -> list[str]:
    facts = {name: str(row[name] if row[name] is not None else "") for name in _FACTS}
    person = row["subject_kind"] in _PEOPLE
    if person and level < "L3":
        facts["subject_name"] = mask_name(facts["subject_name"])
    if person and level < "L4":
        facts["subject_code"] = mask_code(facts["subject_code"])
    if facts["region"] and level < "L2":
        facts["region"] = MASK
    known = {str(row[name] or ""): facts[name] for name in ("region", "subject_name", "subject_code")}
    cells = []
    for ref in refs:
        answer = given.get(ref)
        value = "" if answer is None else answer["value"]
        open_to = answer is None or (answer["level"] or "L3") <= level
        cells.append(_without(value, known) if open_to else _masked(value, known))
    return [*facts.values(), "1" if marked else "", *cells]


def _without(value: str, known: dict[str, str]) -> str:
    """An answer in which what is masked elsewhere is masked too, wherever it is said."""
    for real, told in sorted(known.items(), key=lambda pair: -len(pair[0])):
        if real != told and len(real) > 1:
            value = value.replace(real, told)
    return value


def _masked(value: str, known: dict[str, str]) -> str:
    masked = known.get(value, value)
    return masked if masked != value else MASK
