"""Where the blobs of a batch are found: each in a file of its own, or many in the body of a pack.

Rules: a pack is kept as it came, compressed, and each small blob in it is a row that says where in its body
it stands, so that a thousand records cost the disk what one photo does. What came in a series, or is left of
a pack out of which something was erased, stands in a body as it is. A blob is known by its own digest alone,
whichever way it came.
"""

import functools
import itertools
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import sqlalchemy as sa

from xincai.errors import Problem
from xincai.wire.digest import sm3
from xincai.wire.pack import open_pack
from xincai.wire.series import Listed
from xincai_gateway.blobs import Arriving, Blobs, Standing
from xincai_gateway.database import Among, Database, Taken, fill
from xincai_gateway.schema import erasing, packed

_TRIES = 10
_NOTHING = ("", "", b"")


class Store:
    """All blobs of all offices."""

    def __init__(self, database: Database, blobs: Blobs) -> None:
        self._database = database
        self.blobs = blobs
        self._opened = _NOTHING
        """The pack opened last: its office, its name and what was in it; its batch is taken next."""

    def sizes(
        self, office: str, digests: Collection[str], connection: sa.Connection | None = None
    ) -> Mapping[str, int]:
        """The sizes of those that are here, as an open transaction sees it where there is one."""
        query = sa.select(packed.c.sm3, packed.c.size).where(
            packed.c.office == office, Among(packed.c.sm3, digests)
        )
        rows = self._database.rows(query) if connection is None else connection.execute(query).mappings()
        found = {row["sm3"]: int(row["size"]) for row in rows}
        for digest in digests:
            if digest not in found and (size := self.blobs.size(office, digest)) is not None:
                found[digest] = size
        return found

    def standing(self, office: str, digest: str) -> Standing | None:
        """How far a blob is that comes by itself; one that came with others is here as a whole."""
        size = self.sizes(office, [digest]).get(digest)
        if size is None:
            return self.blobs.standing(office, digest)
        return Standing(size, size, complete=True)

    def read(self, office: str, digests: Collection[str]) -> Mapping[str, bytes]:
        """The bytes of some blobs; raise Problem when one is not here or the disk changed it."""
        rows = self._rows(office, digests)
        together: dict[str, list[sa.RowMapping]] = defaultdict(list)
        for row in rows:
            together[row["body"]].append(row)
        found: dict[str, bytes] = {}
        for members in together.values():
            found.update(self._members(office, members))
        for digest in digests:
            if digest not in found:
                found[digest] = self.blobs.read(office, digest)
        return found

    def unpack(self, office: str, pack: str, data: bytes = b"") -> None:
        """Open a pack, whose bytes are here or arrived as a blob; nothing happens when that was done before.

        Raises Problem `gateway.blob_unknown`, `gateway.wrong_digest` or `wire.bad_pack`.
        """
        known = sa.select(packed.c.sm3).where(packed.c.office == office, packed.c.pack == pack).limit(1)
        if self._database.row(known) is not None:
            return
        body, places = open_pack(data or self.blobs.read(office, pack))
        view = memoryview(body)
        rows = {
            digest: {
                "office": office, "sm3": digest, "pack": pack, "body": pack, "start": start, "size": size,
            }
            for digest, start, size in ((sm3(bytes(view[at : at + size])), at, size) for at, size in places)
        }  # fmt: skip
        if data:
            self.blobs.put(office, pack, data)
        self._add(office, pack, rows)
        self._opened = (office, pack, body)

    def keep(self, office: str, series: str, arrived: Arriving, blobs: Sequence[Listed]) -> None:
        """Keep blobs that came in a series and stand one after another in a file; the rest of it goes."""
        if not blobs:
            arrived.drop()
            return
        body = sm3(f"{series} {len(blobs)}".encode())
        starts = list(itertools.accumulate((size for _, size in blobs), initial=0))
        self.blobs.keep(office, body, arrived, starts[-1])
        rows = {
            digest: {"office": office, "sm3": digest, "pack": "", "body": body, "start": start, "size": size}
            for (digest, size), start in zip(blobs, starts, strict=False)
        }
        self._add(office, body, rows)

    def _add(self, office: str, body: str, rows: dict[str, dict[str, object]]) -> None:
        """Say where blobs stand in a body, those that stand nowhere yet; drop it when all do."""
        for _ in range(_TRIES):
            try:
                self._database.write(functools.partial(fill, table=packed, rows=list(rows.values())))
            except Taken:
                there = self._rows(office, rows)
                if any(row["body"] == body for row in there):  # a neighbour has done it meanwhile
                    return
                for row in there:
                    del rows[row["sm3"]]
            else:
                if not rows:
                    self.blobs.drop(office, body)
                return
        raise Problem("gateway.database_busy")

    def erase(self, office: str, digests: Collection[str]) -> None:
        """Erase blobs for good: a file goes, a body in which others stand is written anew without them."""
        self._opened = _NOTHING
        for body in sorted({row["body"] for row in self._rows(office, digests)}):
            self._thin(office, body, frozenset(digests))
        for digest in digests:
            self.blobs.drop(office, digest)

    def _thin(self, office: str, body: str, gone: frozenset[str]) -> None:
        """Write a body anew without some of its blobs, and let go of the old one: that is to be erased from
        the moment on when nothing stands in it.
        """
        query = sa.select(packed).where(packed.c.office == office, packed.c.body == body)
        rows = self._database.rows(query.order_by(packed.c.start))
        kept, places = bytearray(), {}
        for digest, data in self._members(office, [row for row in rows if row["sm3"] not in gone]).items():
            places[digest] = len(kept)
            kept += data
        whole = sm3(bytes(kept))
        if places:
            self.blobs.put(office, whole, bytes(kept))

        def work(connection: sa.Connection) -> None:
            if whole != body:
                want_erased(connection, office, [body])
            for row in rows:
                mine = sa.and_(packed.c.office == office, packed.c.sm3 == row["sm3"], packed.c.body == body)
                start = places.get(row["sm3"])
                change = packed.update().where(mine).values(body=whole, start=start)
                connection.execute(packed.delete().where(mine) if start is None else change)

        self._database.write(work)
        if whole != body:
            self.blobs.drop(office, body)
            done = erasing.delete().where(erasing.c.office == office, erasing.c.sm3 == body)
            self._database.write(lambda connection: connection.execute(done))

    def _members(self, office: str, rows: list[sa.RowMapping]) -> dict[str, bytes]:
        """The bytes of blobs that stand in one body."""
        if not rows:
            return {}
        read = self._stretches(office, rows[0])
        found: dict[str, bytes] = {}
        for row in rows:
            found[row["sm3"]] = read(row["start"], row["size"])
            if sm3(found[row["sm3"]]) != row["sm3"]:
                raise Problem("gateway.blob_damaged", sm3=row["sm3"])
        return found

    def _stretches(self, office: str, row: sa.RowMapping) -> Callable[[int, int], bytes]:
        """How to read the body in which a blob stands."""
        if row["body"] != row["pack"]:
            return functools.partial(self.blobs.stretch, office, row["body"])
        whose, name, body = self._opened
        if (whose, name) != (office, row["pack"]):
            body, _ = open_pack(self.blobs.read(office, row["pack"]))
        return lambda start, size: body[start : start + size]

    def _rows(self, office: str, digests: Collection[str]) -> list[sa.RowMapping]:
        query = sa.select(packed).where(packed.c.office == office, Among(packed.c.sm3, digests))
        return self._database.rows(query.order_by(packed.c.body, packed.c.start))


def being_erased(connection: sa.Connection, office: str, digests: Iterable[str]) -> set[str]:
    """Those of the files that are to be erased."""
    wanted = set(digests)
    there = sa.select(erasing.c.sm3).where(erasing.c.office == office, Among(erasing.c.sm3, wanted))
    return set(connection.execute(there).scalars())


def want_erased(connection: sa.Connection, office: str, digests: Iterable[str]) -> None:
    """Say that files are to be erased, those apart of which that is said already."""
    wanted = set(digests)
    wanted -= being_erased(connection, office, wanted)
    if wanted:
        connection.execute(erasing.insert(), [{"office": office, "sm3": sm3} for sm3 in sorted(wanted)])
