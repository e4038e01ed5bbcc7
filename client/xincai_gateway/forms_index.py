"""The signed index of forms: what this gateway takes, with a version that only grows."""

import sqlalchemy as sa

from xincai import clock
from xincai.wire.canonical import Json, canonical
from xincai.wire.digest import sm3
from xincai.wire.messages import FormIndex
from xincai_gateway.gateway import Gateway
from xincai_gateway.schema import about


def form_index(gateway: Gateway) -> FormIndex:
    """The index of the forms on the shelf; its version grows when they differ from those named before."""
    entries = list(gateway.library.entries)
    listed: Json = [[entry.form_id, entry.version, entry.sm3] for entry in entries]
    version = gateway.database.write(lambda connection: _version(connection, sm3(canonical(listed))))
    return FormIndex(
        gateway=gateway.identity.gateway, version=version, issued=clock.stamp(clock.now()), forms=entries
    )


def _version(connection: sa.Connection, digest: str) -> int:
    query = sa.select(about.c.value).where(about.c.name == "forms")
    known: str = connection.execute(query).scalar() or "0 "
    number, _, last = known.partition(" ")
    if last == digest:
        return int(number)
    connection.execute(about.delete().where(about.c.name == "forms"))
    connection.execute(about.insert().values(name="forms", value=f"{int(number) + 1} {digest}"))
    return int(number) + 1
