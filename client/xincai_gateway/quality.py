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

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from xincai.wire import codes
from xincai_gateway.database import Database
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

    def of(row: sa.RowMapping) -> Quality:
        key = (row["office"], row["at"] or "")
        return found.setdefault(key, Quality(*key))

    for row in database.rows(_counted(newest, by)):
        of(row).records = row["n"]
    for name, query in (
        ("completeness", _completeness(newest, by)),
        ("accuracy", _accuracy(office, newest, by)),
        ("consistency", _consistency(newest, by)),
        ("timeliness", _timeliness(newest, by)),
        ("uniqueness", _uniqueness(newest, by)),
    ):
        for row in database.rows(query):
            if row["whole"]:
                of(row).figures[name] = round(float(row["part"]) / float(row["whole"]), 4)
    return [found[key] for key in sorted(found)]


def current(office: str = "") -> sa.Subquery:
    """The newest accepted version of each record."""
    last = sa.select(records.c.office, records.c.record, sa.func.max(records.c.version).label("version"))
    if office:
        last = last.where(records.c.office == office)
    newest = last.group_by(records.c.office, records.c.record).subquery()
    same = sa.and_(*(records.c[key] == newest.c[key] for key in ("office", "record", "version")))
    return sa.select(records).join(newest, same).subquery("newest")


def _at(table: "sa.FromClause", by: Group | None) -> "list[sa.ColumnElement[Any]]":
    """The office and the group, as the first columns of each query."""
    at = sa.func.coalesce(table.c[by], "") if by else sa.literal("")
    return [table.c.office.label("office"), at.label("at")]


def _grouped(query: "sa.Select[Any]", table: "sa.FromClause", by: Group | None) -> "sa.Select[Any]":
    keys: Sequence[sa.ColumnElement[Any]] = [table.c.office, *([table.c[by]] if by else [])]
    return query.group_by(*keys)


def _counted(newest: sa.Subquery, by: Group | None) -> "sa.Select[Any]":
    return _grouped(sa.select(*_at(newest, by), sa.func.count().label("n")), newest, by)


def _completeness(newest: sa.Subquery, by: Group | None) -> "sa.Select[Any]":
    kind = ("office", "form", "form_version")
    key = ("office", "record", "version")
    mine = sa.and_(*(answers.c[name] == newest.c[name] for name in key))
    kinds = [newest.c[name] for name in kind]
    totals = sa.select(*kinds, sa.func.count().label("n")).group_by(*kinds).subquery("totals")
    asked = (
        sa.select(*kinds, answers.c.ref, sa.func.count().label("n"))
        .join(newest, mine)
        .group_by(*kinds, answers.c.ref)
        .subquery("asked")
    )
    usual = (
        sa.select(*(asked.c[name] for name in kind), asked.c.ref)
        .join(totals, sa.and_(*(asked.c[name] == totals.c[name] for name in kind)))
        .where(asked.c.n * 2 >= totals.c.n)
        .subquery("usual")
    )
    wanted = sa.select(*(usual.c[name] for name in kind), sa.func.count().label("n"))
    wanted_of = wanted.group_by(*(usual.c[name] for name in kind)).subquery("wanted")
    given = (
        sa.select(*(newest.c[name] for name in key), sa.func.count().label("n"))
        .join(answers, mine)
        .join(
            usual,
            sa.and_(*(usual.c[name] == newest.c[name] for name in kind), usual.c.ref == answers.c.ref),
        )
        .group_by(*(newest.c[name] for name in key))
        .subquery("given")
    )
    query = (
        sa.select(
            *_at(newest, by),
            sa.func.sum(sa.func.coalesce(given.c.n, 0)).label("part"),
            sa.func.sum(wanted_of.c.n).label("whole"),
        )
        .select_from(newest)
        .join(wanted_of, sa.and_(*(wanted_of.c[name] == newest.c[name] for name in kind)))
        .outerjoin(given, sa.and_(*(given.c[name] == newest.c[name] for name in key)))
    )
    return _grouped(query, newest, by)


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
