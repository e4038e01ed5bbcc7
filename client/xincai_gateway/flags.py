"""Signs that data may have been made up, as flags for a reviewer; never a reason to return anything.

Looked for in the newest accepted versions of an office's records:

- photo: one photo (by its digest) stands with two subjects or more.
- point: five subjects or more of one area have one point, to the fifth decimal (about a metre): two readings
  at one spot differ by more.
- haste: a device filled three records or more of one form, each of ten answers or more, in less than a second
  an answer.
- chance: fifty figures or more for one question from one device lie evenly between the least and the greatest
  (Kolmogorov-Smirnov distance below 1.22/sqrt(n)), hardly any twice, with no more round last digits than
  chance gives. What people own is spread unevenly, and what they tell is rounded.

A flag is known by what it says, so looking again raises nothing twice; when more records come under a flag
that was reviewed, it is open again. A point is not written into its flag.
"""

import functools
import itertools
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import sqlalchemy as sa

from xincai import clock
from xincai.errors import Problem
from xincai.records import mask_code, mask_name
from xincai.wire.digest import sm3
from xincai_gateway.database import Among, Database, Row, fill
from xincai_gateway.quality import Seconds, current
from xincai_gateway.schema import answers, attachments, flagged, flags, records

OPEN = "待核查"
CLEARED = "无问题"
CONFIRMED = "有问题"
VERDICTS = (CLEARED, CONFIRMED)
SUBJECTS_AT_A_POINT = 5
HASTY_RECORDS = 3
HASTY_ANSWERS = 10
FIGURES = 50
MOST_FIGURES = 100_000
"""Read at once, to be looked at one by one."""
_FIGURES = ("int", "decimal")
_ENDLESS = ("nan", "infinity", "-infinity")
_ROUND = ("0", "5")
_LONGEST = 1000
_KEY = ("office", "record", "version")
Key = tuple[str, int]


@dataclass(frozen=True)
class Found:
    """One suspicion."""

    signal: str
    records: frozenset[Key]
    device: str = ""
    region: str = ""
    form: str = ""
    about: str = ""
    secret: str = ""
    """What tells it from others and is not written down."""

    def name(self, office: str) -> str:
        parts = (office, self.signal, self.device, self.region, self.form, self.about, self.secret)
        return sm3("\n".join(parts).encode())


def look(database: Database, office: str) -> int:
    """Look for signs in an office's records; how many flags are new or open again.

    Each flag is kept when it is found: what was interrupted goes on from there when it is done again.
    """
    found = itertools.chain(
        _photos(database, office),
        _points(database, office),
        _haste(database, office),
        _chance(database, office),
    )
    return sum(database.write(functools.partial(_raise, office=office, found=each)) for each in found)


@dataclass(frozen=True)
class Verdict:
    """What a reviewer found."""

    status: str
    note: str
    who: str


def review(database: Database, office: str, flag: str, verdict: Verdict) -> None:
    """Note what a reviewer found."""
    note = verdict.note.strip()
    if verdict.status not in VERDICTS or not 2 <= len(note) <= _LONGEST:
        raise Problem("gateway.no_reason", longest=_LONGEST)
    query = (
        sa.update(flags)
        .where(flags.c.office == office, flags.c.flag == flag)
        .values(
            status=verdict.status, reviewed_at=clock.stamp(clock.now()), reviewed_by=verdict.who, note=note
        )
    )
    if database.write(lambda connection: connection.execute(query).rowcount) == 0:
        raise Problem("gateway.flag_unknown")


def look_up(database: Database, office: str, flag: str) -> Row:
    """A flag; raise Problem when there is none."""
    row = database.row(sa.select(flags).where(flags.c.office == office, flags.c.flag == flag))
    if row is None:
        raise Problem("gateway.flag_unknown")
    return row


def flagged_records(database: Database, office: str, flag: str) -> list[dict[str, object]]:
    """The accepted records under a flag, without saying whom they are about."""
    same = sa.and_(*(flagged.c[name] == records.c[name] for name in _KEY))
    query = sa.select(records).join(flagged, same).where(flagged.c.office == office, flagged.c.flag == flag)
    return [
        {
            **row,
            "subject_name": mask_name(row["subject_name"]),
            "subject_code": mask_code(row["subject_code"]),
        }
        for row in database.rows(query.order_by(records.c.started_at, records.c.record))
    ]


def _photos(database: Database, office: str) -> Iterator[Found]:
    newest = current(office)
    whom = sa.func.coalesce(sa.func.nullif(newest.c.subject_code, ""), newest.c.subject_name)
    mine = sa.and_(*(attachments.c[name] == newest.c[name] for name in _KEY))
    shared = (
        sa.select(attachments.c.sm3)
        .join(newest, mine)
        .where(whom != "")
        .group_by(attachments.c.sm3)
        .having(sa.func.count(whom.distinct()) > 1)
    )
    again = current(office)
    its = sa.and_(*(attachments.c[name] == again.c[name] for name in _KEY))
    query = sa.select(attachments.c.sm3, again.c.record, again.c.version).join(again, its)
    groups: dict[str, set[Key]] = defaultdict(set)
    for row in database.rows(query.where(attachments.c.sm3.in_(shared))):
        groups[row["sm3"]].add((row["record"], row["version"]))
    for photo, keys in groups.items():
        yield Found("photo", frozenset(keys), about=photo)


def _points(database: Database, office: str) -> Iterator[Found]:
    newest = current(office)
    mine = sa.and_(*(answers.c[name] == newest.c[name] for name in _KEY))
    query = (
        sa.select(
            newest.c.region,
            newest.c.record,
            newest.c.version,
            newest.c.subject_code,
            newest.c.subject_name,
            answers.c.value,
        )
        .join(answers, mine)
        .where(answers.c.kind == "geopoint")
    )
    groups: dict[tuple[str, str], dict[Key, str]] = defaultdict(dict)
    for row in database.rows(query):
        spot = _spot(row["value"])
        whom = row["subject_code"] or row["subject_name"] or row["record"]
        if spot:
            groups[row["region"] or "", spot][row["record"], row["version"]] = whom
    for (region, spot), subjects in groups.items():
        if len(set(subjects.values())) >= SUBJECTS_AT_A_POINT:
            yield Found("point", frozenset(subjects), region=region, secret=spot)


def _spot(value: str) -> str:
    try:
        latitude, longitude = (round(float(part), 5) for part in value.split()[:2])
    except ValueError:
        return ""
    return f"{latitude:.5f} {longitude:.5f}"


def _haste(database: Database, office: str) -> Iterator[Found]:
    newest = current(office)
    mine = sa.and_(*(answers.c[name] == newest.c[name] for name in _KEY))
    taken = Seconds(newest.c.ended_at) - Seconds(newest.c.started_at)
    columns = [newest.c[name] for name in ("device", "form", "record", "version", "started_at", "ended_at")]
    query = (
        sa.select(*columns)
        .join(answers, mine)
        .where(newest.c.started_at.is_not(None), newest.c.ended_at.is_not(None), answers.c.origin != "")
        .group_by(*columns)
        .having(sa.func.count() >= HASTY_ANSWERS, taken >= 0, taken < sa.func.count())
    )
    groups: dict[tuple[str, str], set[Key]] = defaultdict(set)
    for row in database.rows(query):
        groups[row["device"], row["form"]].add((row["record"], row["version"]))
    for (device, form), keys in groups.items():
        if len(keys) >= HASTY_RECORDS:
            yield Found("haste", frozenset(keys), device=device, form=form)


def _chance(database: Database, office: str) -> Iterator[Found]:
    """The database counts, and says of which questions alone the figures are to be looked at one by one."""
    asked: dict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
    for row in database.rows(_figures_counted(office)):
        count, unlike, round_ones = (int(row[name]) for name in ("n", "unlike", "round_ones"))
        if _may_be_random(count, unlike, round_ones):
            asked[row["device"], row["form"]].append((row["ref"], count))
    for (device, form), counted in asked.items():
        for refs in _together(counted):
            figures: dict[str, dict[Key, Decimal]] = defaultdict(dict)
            for row in database.rows(_figures(office, device, form, refs)):
                if _is_figure(row["value"]):
                    figures[row["ref"]][row["record"], row["version"]] = Decimal(row["value"])
            for ref, found in figures.items():
                if looks_random(list(found.values())):
                    yield Found("chance", frozenset(found), device=device, form=form, about=ref)


def _together(counted: Iterable[tuple[str, int]]) -> Iterator[list[str]]:
    """Questions whose figures are few enough to be read at once."""
    refs: list[str] = []
    held = 0
    for ref, count in counted:
        if refs and held + count > MOST_FIGURES:
            yield refs
            refs, held = [], 0
        refs.append(ref)
        held += count
    if refs:
        yield refs


def _figures_counted(office: str) -> "sa.Select[Any]":
    """How many figures there are for each question from each device, how many unlike ones and round ones."""
    newest = current(office)
    mine = sa.and_(*(answers.c[name] == newest.c[name] for name in _KEY))
    group = [newest.c.device, newest.c.form, answers.c.ref]
    count = sa.func.count().label("n")
    each = (
        sa.select(*group, answers.c.value, count)
        .join(answers, mine)
        .where(answers.c.kind.in_(_FIGURES), sa.func.lower(answers.c.value).not_in(_ENDLESS))
        .group_by(*group, answers.c.value)
        .subquery("each")
    )
    digit = sa.func.substr(each.c.value, sa.func.length(each.c.value))
    whole = sa.func.sum(each.c.n)
    return (
        sa.select(
            each.c.device,
            each.c.form,
            each.c.ref,
            whole.label("n"),
            sa.func.count().label("unlike"),
            sa.func.sum(sa.case((digit.in_(_ROUND), each.c.n), else_=0)).label("round_ones"),
        )
        .group_by(each.c.device, each.c.form, each.c.ref)
        .having(whole >= FIGURES)
    )


def _figures(office: str, device: str, form: str, refs: Sequence[str]) -> "sa.Select[Any]":
    newest = current(office)
    mine = sa.and_(*(answers.c[name] == newest.c[name] for name in _KEY))
    return (
        sa.select(newest.c.record, newest.c.version, answers.c.ref, answers.c.value)
        .join(answers, mine)
        .where(newest.c.device == device, newest.c.form == form)
        .where(Among(answers.c.ref, refs), answers.c.kind.in_(_FIGURES))
    )


def _is_figure(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def _may_be_random(count: int, unlike: int, round_ones: int) -> bool:
    """Whether figures are enough, unrepeated and unrounded."""
    unrounded = round_ones / count < 0.2 + 2 * math.sqrt(0.16 / count)
    return count >= FIGURES and unlike * 10 >= count * 7 and unrounded


def looks_random(values: Sequence[Decimal]) -> bool:
    """Whether figures lie as a random generator lays them: evenly, unrepeated and unrounded."""
    count = len(values)
    round_ones = sum(format(value, "f")[-1] in _ROUND for value in values)
    if not count or not _may_be_random(count, len(set(values)), round_ones):
        return False
    least, greatest = min(values), max(values)
    ordered = [float((value - least) / (greatest - least)) for value in sorted(values)]
    distance = max(
        max(place - index / count, (index + 1) / count - place) for index, place in enumerate(ordered)
    )
    return distance < 1.22 / math.sqrt(count)


def _raise(connection: sa.Connection, office: str, found: Found) -> bool:
    """Write a flag; whether it is new or has grown."""
    name = found.name(office)
    mine = sa.and_(flags.c.office == office, flags.c.flag == name)
    under = sa.and_(flagged.c.office == office, flagged.c.flag == name)
    is_new = connection.execute(sa.select(flags.c.flag).where(mine)).first() is None
    fresh = found.records if is_new else found.records - _known(connection, under, found)
    if not fresh:
        return False
    if is_new:
        connection.execute(flags.insert().values(_row(office, found)))
    fill(
        connection,
        flagged,
        [
            {"office": office, "record": record, "version": version, "flag": name}
            for record, version in sorted(fresh)
        ],
    )
    if not is_new:
        count = sa.select(sa.func.count()).select_from(flagged).where(under).scalar_subquery()
        connection.execute(sa.update(flags).where(mine).values(status=OPEN, records=count))
    return True


def _known(connection: sa.Connection, under: "sa.ColumnElement[bool]", found: Found) -> set[Key]:
    """Those of the records found that are under the flag already."""
    theirs = Among(flagged.c.record, {record for record, _ in found.records})
    query = sa.select(flagged.c.record, flagged.c.version).where(under, theirs)
    return {(row.record, row.version) for row in connection.execute(query)}


def _row(office: str, found: Found) -> dict[str, object]:
    return {
        "office": office,
        "flag": found.name(office),
        "signal": found.signal,
        "device": found.device,
        "region": found.region,
        "form": found.form,
        "about": found.about,
        "records": len(found.records),
        "raised_at": clock.stamp(clock.now()),
        "status": OPEN,
    }
