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

import sqlalchemy as sa

from xincai import clock
from xincai.errors import Problem
from xincai.records import mask_code, mask_name
from xincai.wire.digest import sm3
from xincai_gateway.database import Database, Row
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
    """Look for signs in an office's records; how many flags are new or open again."""
    found = list(itertools.chain(
        _photos(database, office),
        _points(database, office),
        _haste(database, office),
        _chance(database, office),
    ))  # fmt: skip
    return database.write(functools.partial(_raise, office=office, found=found))


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
    newest = current(office)
    mine = sa.and_(*(answers.c[name] == newest.c[name] for name in _KEY))
    columns = [newest.c[name] for name in ("device", "form", "record", "version")]
    query = (
        sa.select(*columns, answers.c.ref, answers.c.value)
        .join(answers, mine)
        .where(answers.c.kind.in_(["int", "decimal"]))
    )
    groups: dict[tuple[str, str, str], list[tuple[Key, Decimal]]] = defaultdict(list)
    for row in database.rows(query):
        try:
            value = Decimal(row["value"])
        except InvalidOperation:
            continue
        if value.is_finite():
            key = (row["record"], row["version"])
            groups[row["device"], row["form"], row["ref"]].append((key, value))
    for (device, form, ref), figures in groups.items():
        if looks_random([value for _, value in figures]):
            keys = frozenset(key for key, _ in figures)
            yield Found("chance", keys, device=device, form=form, about=ref)


def looks_random(values: Sequence[Decimal]) -> bool:
    """Whether figures lie as a random generator lays them: evenly, unrepeated and unrounded."""
    count = len(values)
    if count < FIGURES or len(set(values)) * 10 < count * 7:
        return False
    least, greatest = min(values), max(values)
    ordered = [float((value - least) / (greatest - least)) for value in sorted(values)]
    distance = max(
        max(place - index / count, (index + 1) / count - place) for index, place in enumerate(ordered)
    )
    round_ones = sum(format(value, "f")[-1] in "05" for value in values) / count
    return distance < 1.22 / math.sqrt(count) and round_ones < 0.2 + 2 * math.sqrt(0.16 / count)


def _raise(connection: sa.Connection, office: str, found: Iterable[Found]) -> int:
    """Write the flags; how many are new or have grown."""
    now, raised = clock.stamp(clock.now()), 0
    for each in found:
        name = each.name(office)
        mine = sa.and_(flags.c.office == office, flags.c.flag == name)
        there = sa.select(flagged.c.record, flagged.c.version)
        known = {
            (row.record, row.version)
            for row in connection.execute(there.where(flagged.c.office == office, flagged.c.flag == name))
        }
        fresh = each.records - known
        if not fresh:
            continue
        raised += 1
        if known:
            opened = {"status": OPEN, "records": len(known | each.records)}
            connection.execute(sa.update(flags).where(mine).values(opened))
        else:
            connection.execute(
                flags.insert().values(
                    office=office,
                    flag=name,
                    signal=each.signal,
                    device=each.device,
                    region=each.region,
                    form=each.form,
                    about=each.about,
                    records=len(each.records),
                    raised_at=now,
                    status=OPEN,
                )
            )
        connection.execute(
            flagged.insert(),
            [
                {"office": office, "record": record, "version": version, "flag": name}
                for record, version in sorted(fresh)
            ],
        )
    return raised
