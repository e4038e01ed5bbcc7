"""The offices that collect, by name, and the officers who work on their devices.

Rules: an office needs no entry here to collect; a name and a contact are for people to read. Closing an
office shuts out all of its devices and makes its open codes worthless; what it delivered stays, and who
closed it and when is noted. Opening it again lets it have new codes; a device that was shut out stays out.
"""

import functools

import sqlalchemy as sa

from xincai import clock
from xincai.errors import Problem
from xincai_gateway.database import Database, Row
from xincai_gateway.enrol import check_office
from xincai_gateway.schema import batches, devices, enrolment_codes, offices, records

_LONGEST = 100
_LONGEST_OFFICER = 40


def describe(database: Database, office: str, name: str, contact: str = "") -> None:
    """Note an office's name and contact, or change them."""
    check_office(office)
    values = {"name": name.strip(), "contact": contact.strip(), "noted_at": clock.stamp(clock.now())}
    shown = values["name"].isprintable() and values["contact"].isprintable()
    if not shown or not 0 < len(values["name"]) <= _LONGEST or len(values["contact"]) > _LONGEST:
        raise Problem("gateway.bad_words", longest=_LONGEST)
    database.write(lambda connection: _put(connection, office, values))


def close(database: Database, office: str, who: str) -> None:
    """Shut an office out with all of its devices; raise Problem when there is no such office."""
    check_office(office)
    close = functools.partial(_close, office=office, who=who[:_LONGEST_OFFICER], now=clock.stamp(clock.now()))
    database.write(close)


def reopen(database: Database, office: str) -> None:
    """Let an office have codes again; raise Problem when it is not closed."""
    mine = sa.and_(offices.c.office == office, offices.c.closed_at.is_not(None))
    change = sa.update(offices).where(mine).values(closed_at=None, closed_by=None)
    if database.write(lambda connection: connection.execute(change).rowcount) == 0:
        raise Problem("gateway.office_not_closed")


def names(database: Database) -> dict[str, str]:
    """The offices that have a name, by their codes."""
    query = sa.select(offices.c.office, offices.c.name).where(offices.c.name != offices.c.office)
    return {row["office"]: row["name"] for row in database.rows(query.order_by(offices.c.office))}


def name_of(database: Database, office: str) -> str:
    """An office's name, "" when none was noted."""
    row = database.row(sa.select(offices.c.name).where(offices.c.office == office))
    return "" if row is None else str(row["name"])


def is_known(database: Database, office: str) -> bool:
    """Whether an office has a name, a code or a device here."""
    return database.read(lambda connection: _is_known(connection, office))


def set_officer(database: Database, office: str, device: str, officer: str) -> None:
    """Note who works on a device; nobody when `officer` is empty."""
    officer = officer.strip()
    if len(officer) > _LONGEST_OFFICER or not officer.isprintable():
        raise Problem("gateway.bad_words", longest=_LONGEST_OFFICER)
    mine = sa.and_(devices.c.office == office, devices.c.device == device)
    change = sa.update(devices).where(mine).values(officer=officer or None)
    if database.write(lambda connection: connection.execute(change).rowcount) == 0:
        raise Problem("gateway.no_such_device")


def standing(database: Database) -> list[Row]:
    """All offices that have a name, a code or a device: what they have and when they last delivered."""
    known = sa.union(*(sa.select(table.c.office) for table in (offices, devices, enrolment_codes))).subquery()

    def counted(table: sa.Table, label: str, *where: "sa.ColumnElement[bool]") -> "sa.ScalarSelect[int]":
        count = sa.select(sa.func.count()).select_from(table)
        return count.where(table.c.office == known.c.office, *where).scalar_subquery().label(label)  # type: ignore[return-value]  # as a column

    last = sa.select(sa.func.max(batches.c.received_at)).where(batches.c.office == known.c.office)
    query = (
        sa.select(
            known.c.office,
            sa.func.coalesce(offices.c.name, "").label("name"),
            sa.func.coalesce(offices.c.contact, "").label("contact"),
            offices.c.closed_at,
            offices.c.closed_by,
            counted(devices, "devices", devices.c.revoked_at.is_(None)),
            counted(records, "records"),
            last.scalar_subquery().label("last"),
        )
        .select_from(known.outerjoin(offices, offices.c.office == known.c.office))
        .order_by(known.c.office)
    )
    return database.rows(query)


def _put(connection: sa.Connection, office: str, values: dict[str, str]) -> None:
    change = sa.update(offices).where(offices.c.office == office).values(values)
    if connection.execute(change).rowcount == 0:
        connection.execute(offices.insert().values(office=office, **values))


def _is_known(connection: sa.Connection, office: str) -> bool:
    return any(
        connection.execute(sa.select(table.c.office).where(table.c.office == office).limit(1)).first()
        for table in (offices, devices, enrolment_codes)
    )


def _close(connection: sa.Connection, office: str, who: str, now: str) -> None:
    if not _is_known(connection, office):
        raise Problem("gateway.office_unknown", office=office)
    open_one = sa.and_(offices.c.office == office, offices.c.closed_at.is_(None))
    change = sa.update(offices).where(open_one).values(closed_at=now, closed_by=who)
    if connection.execute(change).rowcount == 0:
        if connection.execute(sa.select(offices.c.office).where(offices.c.office == office)).first():
            raise Problem("gateway.office_closed_before")
        row = {"office": office, "name": office, "contact": "", "noted_at": now}
        connection.execute(offices.insert().values({**row, "closed_at": now, "closed_by": who}))
    working = sa.and_(devices.c.office == office, devices.c.revoked_at.is_(None))
    connection.execute(sa.update(devices).where(working).values(revoked_at=now, revoked_by=who))
    unused = sa.and_(enrolment_codes.c.office == office, enrolment_codes.c.used_at.is_(None))
    connection.execute(sa.delete(enrolment_codes).where(unused))
