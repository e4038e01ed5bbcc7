"""Where the blobs of a batch are found: each in a file of its own, or many in the body of a pack.

Rules: a pack arrives as a blob. Opened, its body becomes one blob and each small blob a row that says where
in the body it stands, so that a thousand records cost the disk what one photo does. A blob is known by its
own digest alone, whichever way it came.
"""

import functools
from collections.abc import Collection, Mapping

import sqlalchemy as sa

from xincai.errors import Problem
from xincai.wire.digest import sm3
from xincai.wire.pack import open_pack
from xincai_gateway.blobs import Blobs
from xincai_gateway.database import Database, Taken
from xincai_gateway.schema import packed

_PIECE = 400
_TRIES = 10


class Store:
    """All blobs of all offices."""

    def __init__(self, database: Database, blobs: Blobs) -> None:
        self._database = database
        self._blobs = blobs

    def sizes(self, office: str, digests: Collection[str]) -> Mapping[str, int]:
        """The sizes of those that are here."""
        rows = self._rows(office, digests)
        found = {digest: int(row["size"]) for digest, row in rows.items()}
        for digest in digests:
            if digest not in found and (size := self._blobs.size(office, digest)) is not None:
                found[digest] = size
        return found

    def read(self, office: str, digests: Collection[str]) -> Mapping[str, bytes]:
        """The bytes of some blobs; raise Problem when one is not here or the disk changed it."""
        rows = self._rows(office, digests)
        found: dict[str, bytes] = {}
        for digest in digests:
            row = rows.get(digest)
            if row is None:
                found[digest] = self._blobs.read(office, digest)
                continue
            found[digest] = self._blobs.stretch(office, row["body"], row["start"], row["size"])
            if sm3(found[digest]) != digest:
                raise Problem("gateway.blob_damaged", sm3=digest)
        return found

    def unpack(self, office: str, pack: str) -> None:
        """Open a pack that has arrived; nothing happens when that was done before.

        Raises Problem `gateway.blob_unknown` or `wire.bad_pack`.
        """
        known = sa.select(packed.c.sm3).where(packed.c.office == office, packed.c.pack == pack).limit(1)
        if self._database.row(known) is not None:
            self._blobs.drop(office, pack)
            return
        body, places = open_pack(self._blobs.read(office, pack))
        view = memoryview(body)
        digests = [sm3(bytes(view[start : start + size])) for start, size in places]
        whole = sm3(body)
        self._blobs.put(office, whole, body)
        rows = {
            digest: {
                "office": office, "sm3": digest, "pack": pack, "body": whole, "start": start, "size": size,
            }
            for digest, (start, size) in zip(digests, places, strict=True)
        }  # fmt: skip
        for _ in range(_TRIES):
            there = self._rows(office, rows)
            fresh = [row for digest, row in rows.items() if digest not in there]
            try:
                self._database.write(functools.partial(_add, rows=fresh))
            except Taken:
                continue
            self._blobs.drop(office, pack)
            return
        raise Problem("gateway.database_busy")

    def erase(self, office: str, digests: Collection[str]) -> None:
        """Erase blobs for good: a file goes, a body in which others stand is written anew without them."""
        for body in sorted({row["body"] for row in self._rows(office, digests).values()}):
            self._thin(office, body, frozenset(digests))
        for digest in digests:
            self._blobs.drop(office, digest)

    def _thin(self, office: str, body: str, gone: frozenset[str]) -> None:
        """Write a body anew without some of its blobs, and let go of the old one."""
        query = sa.select(packed).where(packed.c.office == office, packed.c.body == body)
        rows = self._database.rows(query.order_by(packed.c.start))
        kept, places = bytearray(), {}
        for row in rows:
            if row["sm3"] not in gone:
                places[row["sm3"]] = len(kept)
                kept += self._blobs.stretch(office, body, row["start"], row["size"])
        whole = sm3(bytes(kept))
        if places:
            self._blobs.put(office, whole, bytes(kept))

        def work(connection: sa.Connection) -> None:
            for row in rows:
                mine = sa.and_(packed.c.office == office, packed.c.sm3 == row["sm3"], packed.c.body == body)
                start = places.get(row["sm3"])
                change = packed.update().where(mine).values(body=whole, start=start)
                connection.execute(packed.delete().where(mine) if start is None else change)

        self._database.write(work)
        if whole != body:
            self._blobs.drop(office, body)

    def _rows(self, office: str, digests: Collection[str]) -> dict[str, sa.RowMapping]:
        wanted = sorted(digests)
        found: dict[str, sa.RowMapping] = {}
        for start in range(0, len(wanted), _PIECE):
            query = sa.select(packed).where(
                packed.c.office == office, packed.c.sm3.in_(wanted[start : start + _PIECE])
            )
            found.update({row["sm3"]: row for row in self._database.rows(query)})
        return found


def _add(connection: sa.Connection, rows: list[dict[str, object]]) -> None:
    if rows:
        connection.execute(packed.insert(), rows)
