"""What a destination refused, and sending that again.

Rules: nothing refused goes again by itself. Somebody orders it and says why; then the record versions that
were refused, and only these, stand in a delivery of their own with a fresh number, which the next run sends.
The refused delivery stays as it ended.
"""

import functools

import sqlalchemy as sa

from xincai import clock
from xincai.errors import Problem
from xincai.wire import codes
from xincai_gateway.database import Database, Row
from xincai_gateway.outgoing import DONE, FAILED, MADE
from xincai_gateway.schema import delivered, deliveries

_SHOWN = 200
_LONGEST = 1000


def latest(database: Database, office: str = "") -> list[Row]:
    """The newest deliveries, those with something refused first; `refused` counts it."""
    refused = _refused().group_by(delivered.c.office, delivered.c.delivery).subquery()
    same = sa.and_(refused.c.office == deliveries.c.office, refused.c.delivery == deliveries.c.delivery)
    count = sa.func.coalesce(refused.c.n, 0).label("refused")
    query = sa.select(deliveries, count).outerjoin(refused, same)
    if office:
        query = query.where(deliveries.c.office == office)
    return database.rows(query.order_by((count > 0).desc(), deliveries.c.made_at.desc()).limit(_SHOWN))


def lines(database: Database, office: str, delivery: str) -> list[Row]:
    """What stood in a delivery, what was refused first; what was sent again stands in the later one."""
    query = sa.select(delivered).where(delivered.c.office == office, delivered.c.delivery == delivery)
    waits = sa.func.coalesce(delivered.c.code, codes.OK) == codes.OK
    return database.rows(query.order_by(waits, delivered.c.record, delivered.c.version))


def send_again(database: Database, office: str, delivery: str, who: str, reason: str) -> str:
    """Order that what was refused in a delivery goes again; the fresh delivery's number.

    Raises Problem `gateway.no_reason`, `gateway.delivery_unknown`, `gateway.nothing_refused`.
    """
    reason = reason.strip()
    if not 2 <= len(reason) <= _LONGEST:
        raise Problem("gateway.no_reason", longest=_LONGEST)
    facts = {"delivery": clock.new_id(), "follows": delivery, "ordered_by": who[:40], "reason": reason}
    database.write(functools.partial(_order, office=office, facts=facts))
    return facts["delivery"]


def _order(connection: sa.Connection, office: str, facts: dict[str, str]) -> None:
    mine = sa.and_(deliveries.c.office == office, deliveries.c.delivery == facts["follows"])
    row = connection.execute(sa.select(deliveries).where(mine)).mappings().first()
    if row is None:
        raise Problem("gateway.delivery_unknown")
    theirs = sa.and_(delivered.c.office == office, delivered.c.delivery == facts["follows"])
    count = connection.execute(_refused().where(theirs).with_only_columns(sa.func.count())).scalar_one()
    if row["status"] not in {DONE, FAILED} or not count:
        raise Problem("gateway.nothing_refused")
    fresh = {
        "office": office,
        "destination": row["destination"],
        "records": count,
        "status": MADE,
        "made_at": clock.stamp(clock.now()),
        "tries": 0,
    }
    connection.execute(deliveries.insert().values({**fresh, **facts}))
    moved = sa.update(delivered).where(theirs, delivered.c.code != codes.OK)
    connection.execute(moved.values(delivery=facts["delivery"], code=None, message=None))


def _refused() -> "sa.Select[tuple[str, str, int]]":
    """The lines that a destination refused, counted by delivery where they are grouped."""
    count = sa.func.count().label("n")
    query = sa.select(delivered.c.office, delivered.c.delivery, count)
    return query.where(delivered.c.code != codes.OK)
