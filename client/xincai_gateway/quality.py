"""How good what an office delivers is: five figures, each a share of 0 to 1, from the plain tables.

They count the newest accepted version of each record; a figure is None where nothing can be said.

- completeness 完整性: of the questions that at least half of an office's records of a form version answer,
  the share that is answered, over all records.
- accuracy 准确性: of the record versions judged, the share that was not returned for what it says (2001-2006:
  missing, malformed, wrong check digit, unknown choice, too long, impossible date; 3001, 3002, 3004: not as
  the register has it).
- consistency 一致性: of the subjects with two records or more, the share that has one name and one kind in
  all of them.
- timeliness 及时性: of the records that say when they ended, the share that was received within 7 days.
- uniqueness 唯一性: of the records with a subject's code, the share left when those of one form about one
  subject on one day count once.

A version that was returned and never accepted has no area: it counts where no area is said.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from xincai.wire import codes
from xincai_gateway.database import Database, Row
from xincai_gateway.schema import answers, batches, outcomes, records

Group = Literal["region", "form"]
FIGURES = ("completeness", "accuracy", "consistency", "timeliness", "uniqueness")
IN_TIME = 7 * 24 * 3600
WRONG = (
    codes.REQUIRED_MISSING,
    codes.BAD_FORMAT,
    codes.BAD_CHECK_DIGIT,
    codes.UNKNOWN_CHOICE,
    codes.TOO_LONG,
    codes.BAD_DATE,
    codes.UNKNOWN_SUBJECT,
    codes.SUBJECT_MISMATCH,
    codes.REGISTER_MISMATCH,
)


@dataclass
class Quality:
    """The figures of one group of an office's records."""

    office: str
    group: str
    records: int = 0
    figures: dict[str, float | None] = field(default_factory=lambda: dict.fromkeys(FIGURES))


class Seconds(GenericFunction[float]):
    """The seconds of a stamp's instant."""

    inherit_cache = True
    type = sa.Float()


@compiles(Seconds, "sqlite")
def _sqlite(element: Seconds, compiler: SQLCompiler, **more: object) -> str:
    return f"unixepoch({compiler.process(element.clauses, **more)})"


@compiles(Seconds, "postgresql")
def _postgresql(element: Seconds, compiler: SQLCompiler, **more: object) -> str:
    return f"extract(epoch from ({compiler.process(element.clauses, **more)})::timestamptz)"


def measure(database: Database, office: str = "", by: Group | None = None) -> list[Quality]:
    """The figures of one office or all, each as a whole or by area or form."""
    newest = current(office)
    found: dict[tuple[str, str], Quality] = {}

    def of(row: Mapping[Any, Any]) -> Quality:
        key = (row["office"], row["at"] or "")
        return found.setdefault(key, Quality(*key))

    for row in database.rows(_counted(newest, by)):
        of(row).records = row["n"]
    shares: tuple[tuple[str, Sequence[Mapping[Any, Any]]], ...] = (
        ("completeness", _completeness(database, newest, by)),
        ("accuracy", database.rows(_accuracy(office, newest, by))),
        ("consistency", database.rows(_consistency(newest, by))),
        ("timeliness", database.rows(_timeliness(newest, by))),
        ("uniqueness", database.rows(_uniqueness(newest, by))),
    )
    for name, rows in shares:
        for share in rows:
            if share["whole"]:
                of(share).figures[name] = round(float(share["part"]) / float(share["whole"]), 4)
    return [found[key] for key in sorted(found)]


def current(office: str = "") -> sa.Subquery:
    """The newest accepted version of each record."""
    later = records.alias("later")
    same = sa.and_(*(later.c[key] == records.c[key] for key in ("office", "record")))
    newest = sa.select(records).where(~sa.exists().where(same, later.c.version > records.c.version))
    return (newest.where(records.c.office == office) if office else newest).subquery("newest")


def _at(table: "sa.FromClause", by: Group | None) -> "list[sa.ColumnElement[Any]]":
    """The office and the group, as the first columns of each query."""
    at = sa.func.coalesce(table.c[by], "") if by else sa.literal("")
    return [table.c.office.label("office"), at.label("at")]


def _grouped(query: "sa.Select[Any]", table: "sa.FromClause", by: Group | None) -> "sa.Select[Any]":
    keys: Sequence[sa.ColumnElement[Any]] = [table.c.office, *([table.c[by]] if by else [])]
    return query.group_by(*keys)


def _counted(newest: sa.Subquery, by: Group | None) -> "sa.Select[Any]":
    return _grouped(sa.select(*_at(newest, by), sa.func.count().label("n")), newest, by)


def _completeness(database: Database, newest: sa.Subquery, by: Group | None) -> list[dict[str, Any]]:
    """Answers are counted by kind of form, group and question; that says which questions are usual."""
    kind = [newest.c.office, newest.c.form, newest.c.form_version]
    keys = [*kind, *([newest.c[by]] if by else [])]
    at, count = _at(newest, by)[1], sa.func.count().label("n")
    mine = sa.and_(*(answers.c[name] == newest.c[name] for name in ("office", "record", "version")))
    held = database.rows(sa.select(*kind, at, count).group_by(*keys))
    given = database.rows(
        sa.select(*kind, at, answers.c.ref, count).join(newest, mine).group_by(*keys, answers.c.ref)
    )
    totals: Counter[tuple[str, ...]] = Counter()
    asked: Counter[tuple[str, ...]] = Counter()
    for row in held:
        totals[_kind(row)] += row["n"]
    for row in given:
        asked[(*_kind(row), row["ref"])] += row["n"]
    usual = {key for key, n in asked.items() if n * 2 >= totals[key[:3]]}
    wanted = Counter(key[:3] for key in usual)
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in held:
        key = (row["office"], row["at"])
        line = found.setdefault(key, {"office": key[0], "at": key[1], "part": 0, "whole": 0})
        line["whole"] += row["n"] * wanted[_kind(row)]
    for row in given:
        if (*_kind(row), row["ref"]) in usual:
            found[row["office"], row["at"]]["part"] += row["n"]
    return list(found.values())


def _kind(row: Row) -> tuple[str, ...]:
    return (row["office"], row["form"], row["form_version"])


def _accuracy(office: str, newest: sa.Subquery, by: Group | None) -> "sa.Select[Any]":
    same = sa.and_(newest.c.office == outcomes.c.office, newest.c.record == outcomes.c.record)
    judged = sa.select(outcomes.c.office, outcomes.c.form, newest.c.region, outcomes.c.code).select_from(
        outcomes.outerjoin(newest, same)
    )
    if office:
        judged = judged.where(outcomes.c.office == office)
    each = judged.subquery("judged")
    right = sa.case((each.c.code.in_(WRONG), 0), else_=1)
    query = sa.select(*_at(each, by), sa.func.sum(right).label("part"), sa.func.count().label("whole"))
    return _grouped(query, each, by)


def _consistency(newest: sa.Subquery, by: Group | None) -> "sa.Select[Any]":
    whole = [newest.c.office, newest.c.subject_code]
    agrees = sa.and_(
        sa.func.count(newest.c.subject_name.distinct()) == 1,
        sa.func.count(sa.func.nullif(newest.c.subject_kind, "").distinct()) <= 1,
    )
    subjects = (
        sa.select(*whole, sa.case((agrees, 1), else_=0).label("agrees"))
        .where(newest.c.subject_code != "")
        .group_by(*whole)
        .having(sa.func.count() > 1)
        .subquery("subjects")
    )
    same = sa.and_(newest.c.office == subjects.c.office, newest.c.subject_code == subjects.c.subject_code)
    inside = [newest.c.office, *([newest.c[by]] if by else [])]
    each = (
        sa.select(*inside, subjects.c.subject_code, subjects.c.agrees)
        .join(subjects, same)
        .distinct()
        .subquery("each")
    )
    query = sa.select(
        *_at(each, by), sa.func.sum(each.c.agrees).label("part"), sa.func.count().label("whole")
    )
    return _grouped(query, each, by)


def _timeliness(newest: sa.Subquery, by: Group | None) -> "sa.Select[Any]":
    batch = sa.and_(batches.c.office == newest.c.office, batches.c.manifest_sm3 == newest.c.manifest_sm3)
    late = Seconds(batches.c.received_at) - Seconds(newest.c.ended_at)
    query = (
        sa.select(
            *_at(newest, by),
            sa.func.sum(sa.case((late <= IN_TIME, 1), else_=0)).label("part"),
            sa.func.count().label("whole"),
        )
        .select_from(newest)
        .join(batches, batch)
        .where(newest.c.ended_at.is_not(None))
    )
    return _grouped(query, newest, by)


def _uniqueness(newest: sa.Subquery, by: Group | None) -> "sa.Select[Any]":
    day = sa.func.substr(sa.func.coalesce(newest.c.ended_at, newest.c.accepted_at), 1, 10)
    inside = [newest.c.office, *([newest.c.region] if by == "region" else [])]
    keys = [*inside, newest.c.form, newest.c.subject_code, day]
    each = (
        sa.select(*inside, newest.c.form, sa.func.count().label("n"))
        .where(newest.c.subject_code != "")
        .group_by(*keys)
        .subquery("each")
    )
    query = sa.select(*_at(each, by), sa.func.count().label("part"), sa.func.sum(each.c.n).label("whole"))
    return _grouped(query, each, by)
