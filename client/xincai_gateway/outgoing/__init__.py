"""Accepted records sent on to where they are used: a folder, a platform's interface.

A destination has a name and takes a consignment. What goes into one is fixed in one transaction before
anything leaves, and the tables let a record version go to a destination once; a withdrawal follows the
records that went there. A consignment is of one office, of at most `MOST` record versions and `BULK` bytes of
submissions. After a crash, or when the destination was away, the open consignment goes again
under the same number; only then the next one is made. One run at a time: another one of the same data folder
waits.

Status of a delivery: 待上报 (made) -> 已放妥 (all of it stands there, not yet announced) -> 成功 or 失败
(refused for good: the destination's code and words stand beside it). What was refused goes again when
somebody orders it: `again.py`.
"""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, cast

import sqlalchemy as sa

from xincai import clock
from xincai.wire import codes
from xincai.wire.canonical import Json, canonical
from xincai.wire.digest import sm3
from xincai_gateway.database import Row, Taken
from xincai_gateway.files import alone
from xincai_gateway.gateway import Gateway
from xincai_gateway.schema import answers, attachments, delivered, deliveries, objections, records, withdrawn

FORMAT = "xincai/delivery/1"
MADE = "待上报"
PLACED = "已放妥"
DONE = "成功"
FAILED = "失败"
PUT = "put"
WITHDRAW = "withdraw"
MOST = 500
BULK = 2 * 1024 * 1024
"""How many bytes of submissions go into one consignment; a larger one goes alone."""
_LARGEST = 1024 * 1024 * 1024
_LOCK = "delivering.lock"
_LONGEST = 100
_KEY = ("office", "record", "version")


@dataclass(frozen=True)
class Consignment:
    """What goes to a destination at once; `placed` when all of it stood there before a crash."""

    delivery: str
    office: str
    made_at: str
    placed: bool
    records: tuple[Mapping[str, Json], ...]
    withdrawn: tuple[Mapping[str, Json], ...]

    def document(self, gateway: str) -> bytes:
        """The consignment as canonical JSON: what is signed."""
        return canonical({
            "format": FORMAT,
            "delivery": self.delivery,
            "office": self.office,
            "gateway": gateway,
            "made_at": self.made_at,
            "records": [dict(record) for record in self.records],
            "withdrawn": [dict(record) for record in self.withdrawn],
        }, limit=_LARGEST)  # fmt: skip


@dataclass(frozen=True)
class Result:
    """What the destination made of a consignment; `each` by record and version, where it says so."""

    code: str = codes.OK
    message: str = ""
    each: Mapping[tuple[str, int], tuple[str, str]] = field(default_factory=dict)


class Destination(Protocol):
    """Where consignments go. `send` may be called again for the same one, and raises Problem while the
    destination is away.
    """

    name: str

    def send(self, consignment: Consignment, placed: Callable[[], None]) -> Result:
        """Hand it over; `placed` says that all of it stands there and only the announcement is left."""
        ...


def deliver(gateway: Gateway, destination: Destination) -> int:
    """Send everything that has not gone to a destination yet; how many record versions went."""
    with (gateway.settings.folder / _LOCK).open("wb") as lock, alone(lock.fileno()):
        return _deliver(gateway, destination)


def _deliver(gateway: Gateway, destination: Destination) -> int:
    count = 0
    while row := _open(gateway, destination.name) or _make(gateway, destination.name):
        office, delivery = row["office"], row["delivery"]
        _mark(gateway, office, delivery, tries=row["tries"] + 1)
        consignment = _consignment(gateway, row)
        result = destination.send(
            consignment, functools.partial(_mark, gateway, office, delivery, status=PLACED)
        )
        _settle(gateway, row, _told(consignment, result))
        count += row["records"] if result.code == codes.OK else 0
    return count


def name_of(place: str) -> str:
    """A destination's name in the tables: the place, and of a long one the beginning with its digest."""
    return place if len(place) <= _LONGEST else f"{place[: _LONGEST - 33]}#{sm3(place.encode())[:32]}"


def _told(consignment: Consignment, result: Result) -> Result:
    """What the destination said, of these records and in characters that can be kept."""
    mine = {(each["record"], each["version"]) for each in (*consignment.records, *consignment.withdrawn)}
    return Result(
        _kept(result.code),
        _kept(result.message),
        {key: (_kept(code), _kept(words)) for key, (code, words) in result.each.items() if key in mine},
    )


def _kept(words: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in words)


def _open(gateway: Gateway, destination: str) -> Row | None:
    query = sa.select(deliveries).where(
        deliveries.c.destination == destination, deliveries.c.status.in_([MADE, PLACED])
    )
    return gateway.database.row(query.order_by(deliveries.c.made_at, deliveries.c.delivery))


def _make(gateway: Gateway, destination: str) -> Row | None:
    """Fix what goes next; None when all has gone."""
    delivery = clock.new_id()
    while True:
        try:
            made = gateway.database.write(functools.partial(_fix, destination=destination, delivery=delivery))
        except Taken:
            continue
        return _open(gateway, destination) if made else None


def _fix(connection: sa.Connection, destination: str, delivery: str) -> bool:
    rows = [
        *_waiting(connection, records, destination, PUT),
        *_waiting(connection, withdrawn, destination, WITHDRAW),
    ]
    if not rows:
        return False
    office = min(str(row["office"]) for row in rows)
    mine: list[dict[str, object]] = []
    bulk = 0
    for row in (row for row in rows if row["office"] == office):
        bulk += cast("int", row.pop("size"))
        if mine and (len(mine) == MOST or bulk > BULK):
            break
        mine.append(row)
    connection.execute(
        deliveries.insert().values(
            office=office,
            delivery=delivery,
            destination=destination,
            records=len(mine),
            status=MADE,
            made_at=clock.stamp(clock.now()),
            tries=0,
        )
    )
    facts = {"destination": destination, "delivery": delivery}
    connection.execute(delivered.insert(), [{**row, **facts} for row in mine])
    return True


def _waiting(
    connection: sa.Connection, table: sa.Table, destination: str, action: str
) -> list[dict[str, object]]:
    """Record versions that wait to go, or to be called back from where they went."""
    gone = delivered.alias()

    def went(what: str) -> "sa.ColumnElement[bool]":
        same = [gone.c[name] == table.c[name] for name in _KEY]
        return sa.exists().where(*same, gone.c.destination == destination, gone.c.action == what)

    size = (records.c.submission_size if table is records else sa.literal(0)).label("size")
    query = sa.select(*(table.c[name] for name in _KEY), size).where(~went(action))
    if action == WITHDRAW:
        query = query.where(went(PUT))
    found = connection.execute(query.order_by(*(table.c[name] for name in _KEY)).limit(MOST))
    return [{**row, "action": action} for row in found.mappings()]


def _mark(gateway: Gateway, office: str, delivery: str, **values: object) -> None:
    mine = sa.and_(deliveries.c.office == office, deliveries.c.delivery == delivery)
    change = sa.update(deliveries).where(mine).values(**values)
    gateway.database.write(lambda connection: connection.execute(change))


def _settle(gateway: Gateway, row: Row, result: Result) -> None:
    office, delivery = row["office"], row["delivery"]
    mine = sa.and_(delivered.c.office == office, delivered.c.delivery == delivery)

    def work(connection: sa.Connection) -> None:
        whole = {"code": result.code, "message": result.message[:1000]}
        status = DONE if result.code == codes.OK else FAILED
        connection.execute(
            sa.update(deliveries)
            .where(deliveries.c.office == office, deliveries.c.delivery == delivery)
            .values(status=status, done_at=clock.stamp(clock.now()), **whole)
        )
        connection.execute(sa.update(delivered).where(mine).values(**whole))
        for (record, version), (code, message) in result.each.items():
            this = sa.and_(mine, delivered.c.record == record, delivered.c.version == version)
            connection.execute(sa.update(delivered).where(this).values(code=code, message=message[:1000]))

    gateway.database.write(work)


def _consignment(gateway: Gateway, row: Row) -> Consignment:
    """The records of a delivery as they are now: one that was withdrawn meanwhile is left out."""

    def work(connection: sa.Connection) -> Consignment:
        def members(table: sa.Table, action: str) -> "sa.Select[tuple[object, ...]]":
            same = sa.and_(*(delivered.c[name] == table.c[name] for name in _KEY))
            chosen = (delivered.c.office == row["office"], delivered.c.delivery == row["delivery"])
            return sa.select(table).join(delivered, same).where(*chosen, delivered.c.action == action)

        def grouped(table: sa.Table) -> dict[tuple[str, int], list[Row]]:
            found: dict[tuple[str, int], list[Row]] = {}
            for line in connection.execute(members(table, PUT)).mappings():
                found.setdefault((line["record"], line["version"]), []).append(line)
            return found

        given, files = grouped(answers), grouped(attachments)
        marked = set(
            connection.execute(
                sa.select(objections.c.record).where(
                    objections.c.office == row["office"], objections.c.closed_at.is_(None)
                )
            ).scalars()
        )
        put = connection.execute(members(records, PUT).order_by(records.c.record, records.c.version))
        gone = connection.execute(members(withdrawn, WITHDRAW).order_by(withdrawn.c.record))
        return Consignment(
            row["delivery"],
            row["office"],
            row["made_at"],
            row["status"] == PLACED,
            tuple(_record(line, given, files, marked) for line in put.mappings()),
            tuple(
                {key: line[key] for key in ("record", "version", "form", "withdrawn_at")}
                for line in gone.mappings()
            ),
        )

    return gateway.database.read(work)


def _record(
    row: Row,
    given: Mapping[tuple[str, int], list[Row]],
    files: Mapping[tuple[str, int], list[Row]],
    marked: set[str],
) -> dict[str, Json]:
    key = (row["record"], row["version"])
    names = ("record", "version", "form", "form_version", "subject_kind", "subject_code", "subject_name")
    return {
        **{name: row[name] for name in names},
        "region": row["region"] or "",
        "accepted_at": row["accepted_at"],
        "authorisation": row["authorisation"] or "",
        "objection": row["record"] in marked,
        "answers": [
            {name: line[name] or "" for name in ("ref", "value", "origin", "level", "item", "kind")}
            for line in given.get(key, ())
        ],
        "attachments": [
            {name: line[name] for name in ("name", "sm3", "size")} for line in files.get(key, ())
        ],
    }
