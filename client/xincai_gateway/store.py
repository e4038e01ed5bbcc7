"""Where the blobs of a batch are found: each in a file of its own, or many in the body of a pack.

Rules: a pack is kept as it came, compressed, and each small blob in it is a row that says where in its body
it stands, so that a thousand records cost the disk what one photo does. What came in a series stands in a
body as it is. A blob is known by its own digest alone, whichever way it came, and of those that came with
others each stands in one body, so that it is gone when it is erased there: what is left of a pack or a series
of which some stood elsewhere, or was erased, gets a body of its own. A body is written before a row names it,
and goes after none does; until then `erasing` names it.
"""

import functools
import itertools
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import sqlalchemy as sa

from xincai import clock
from xincai.errors import Problem
from xincai.wire.digest import sm3
from xincai.wire.pack import make_packs, open_pack
from xincai.wire.series import Listed
from xincai_gateway.blobs import Arriving, Blobs, Standing
from xincai_gateway.database import Among, Database, Taken, Values, fill
from xincai_gateway.schema import devices, erasing, packed

_TRIES = 10
_NOTHING = ("", "", b"")
Stretch = Callable[[int, int], bytes]
"""So many bytes of a body from a place on."""


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
        while True:
            try:
                return self._read(office, digests, rows)
            except Problem as problem:
                before, rows = rows, self._rows(office, digests)
                if problem.code != "gateway.blob_unknown" or rows == before:
                    raise  # else the body was written anew meanwhile

    def _read(self, office: str, digests: Collection[str], rows: list[sa.RowMapping]) -> Mapping[str, bytes]:
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
        known = sa.select(packed.c.sm3).where(packed.c.office == office, packed.c.body == pack).limit(1)
        if self._database.row(known) is not None:
            return
        data = data or self.blobs.read(office, pack)
        body, members = open_pack(data)
        view = memoryview(body)
        places = {sm3(bytes(view[start : start + size])): (start, size) for start, size in members}
        self.blobs.put(office, pack, data)
        if self._add(office, pack, places, pack, lambda start, size: body[start : start + size]):
            self.blobs.put(office, pack, data)  # where a withdrawal has just let go of the one before
            self._opened = (office, pack, body)

    def keep(self, office: str, arrived: Arriving, blobs: Sequence[Listed]) -> None:
        """Keep blobs that came in a series and stand one after another in a file; the rest of it goes."""
        if not blobs:
            arrived.drop()
            return
        body = _new_name()
        starts = itertools.accumulate((size for _, size in blobs), initial=0)
        places = {digest: (start, size) for start, (digest, size) in zip(starts, blobs, strict=False)}
        self.blobs.keep(office, body, arrived, sum(size for _, size in blobs))
        self._add(office, body, places, "", functools.partial(self.blobs.stretch, office, body))

    def _add(
        self, office: str, body: str, places: Mapping[str, tuple[int, int]], pack: str, read: Stretch
    ) -> bool:
        """Say where blobs stand in a body. Where some stand elsewhere already, the others get a body of their
        own, and False is told: an erasure must find each blob in one place.
        """
        row = {"office": office, "pack": pack, "body": body}
        rows = [{**row, "sm3": sm3, "start": start, "size": size} for sm3, (start, size) in places.items()]
        for _ in range(_TRIES):
            try:
                self._database.write_by_locks(functools.partial(_stand, office=office, body=body, rows=rows))
            except Taken:
                there = self._rows(office, places)
                if any(found["body"] == body for found in there):
                    return True  # a neighbour has done it meanwhile
                fresh = places.keys() - {found["sm3"] for found in there}
                if there and self._add_rest(office, body, pack, {sm3: read(*places[sm3]) for sm3 in fresh}):
                    return False
            else:
                return True
        raise Problem("gateway.database_busy")

    def _add_rest(self, office: str, body: str, pack: str, blobs: Mapping[str, bytes]) -> bool:
        """Keep some blobs of a body apart and let go of it; False when a neighbour brought one meanwhile."""
        apart = _new_name()
        pack, places = self._write(office, apart, pack, blobs)
        row = {"office": office, "pack": pack, "body": apart}
        rows = [{**row, "sm3": sm3, "start": places[sm3], "size": len(data)} for sm3, data in blobs.items()]

        def work(connection: sa.Connection) -> None:
            _stand(connection, office, apart, rows)
            want_erased(connection, office, [body])

        try:
            self._database.write_by_locks(work)
        except Taken:
            self.blobs.drop(office, apart)
            return False
        self._let_go(office, body)
        return True

    def _write(
        self, office: str, body: str, pack: str, blobs: Mapping[str, bytes]
    ) -> tuple[str, Mapping[str, int]]:
        """Write blobs one after another into a new body, compressed where they came in a pack (and are no
        more than one holds); that pack, or "", and where each begins.
        """
        starts = itertools.accumulate(map(len, blobs.values()), initial=0)
        pieces = [data for data, _ in make_packs(blobs.values())] if pack else []
        if len(pieces) != 1:
            pack, pieces = "", list(blobs.values())
        if blobs:
            arriving = self.blobs.arriving(office, body)
            for data in pieces:
                arriving.write(data)
            self.blobs.keep(office, body, arriving, sum(map(len, pieces)))
        return pack, dict(zip(blobs, starts, strict=False))

    def _let_go(self, office: str, body: str) -> None:
        """Drop a body that is to be erased."""
        self.blobs.drop(office, body)
        self._database.write(lambda connection: connection.execute(_wanted(office, [body])))

    def erase(self, office: str, digests: Collection[str]) -> None:
        """Erase blobs for good: a file goes, a body in which others stand is written anew without them."""
        self._opened = _NOTHING
        for body in sorted({row["body"] for row in self._rows(office, digests)}):
            self._thin(office, body, frozenset(digests))
        for digest in digests:
            self.blobs.drop(office, digest)

    def _thin(self, office: str, body: str, gone: frozenset[str]) -> None:
        """Write a body anew without some of its blobs, and let go of the old one. Whichever of the two has
        nothing standing in it is to be erased, should this be cut short.
        """
        here = sa.and_(packed.c.office == office, packed.c.body == body)
        rows = self._database.rows(sa.select(packed).where(here).order_by(packed.c.start))
        kept, anew = self._members(office, [row for row in rows if row["sm3"] not in gone]), _new_name()
        self._database.write(lambda connection: want_erased(connection, office, [anew]))
        pack, places = self._write(office, anew, rows[0]["pack"] if rows else "", kept)

        stands = [
            {**row, "pack": pack, "body": anew, "start": places[row["sm3"]]}
            for row in rows
            if row["sm3"] in places
        ]

        def work(connection: sa.Connection) -> None:
            lock_out(connection, [office])
            connection.execute(_wanted(office, [anew]))
            want_erased(connection, office, [body])
            if connection.execute(packed.delete().where(here)).rowcount != len(rows):
                raise Problem("gateway.database_busy")
            fill(connection, packed, stands)

        self._database.write_by_locks(work)
        self._let_go(office, body)

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

    def _stretches(self, office: str, row: sa.RowMapping) -> Stretch:
        """How to read the body in which a blob stands."""
        if not row["pack"]:
            return functools.partial(self.blobs.stretch, office, row["body"])
        whose, name, body = self._opened
        if (whose, name) != (office, row["body"]):
            try:
                body, _ = open_pack(self.blobs.stretch(office, row["body"], 0, None))
            except Problem as problem:
                if not problem.code.startswith("wire."):
                    raise
                raise Problem("gateway.blob_damaged", sm3=row["sm3"]) from problem
        return lambda start, size: body[start : start + size]

    def _rows(self, office: str, digests: Collection[str]) -> list[sa.RowMapping]:
        """Where blobs stand, in the order in which they stand there."""
        query = sa.select(packed).where(packed.c.office == office, Among(packed.c.sm3, digests))
        return sorted(self._database.rows(query), key=lambda row: (row["body"], row["start"]))


def lock_out(connection: sa.Connection, offices: Collection[str]) -> None:
    """Let nobody keep, settle, withdraw or add anything of these offices beside this (`ledger`)."""
    theirs = sa.select(devices.c.device).where(devices.c.office.in_(offices))
    connection.execute(theirs.order_by(devices.c.office, devices.c.device).with_for_update())


def _stand(connection: sa.Connection, office: str, body: str, rows: Sequence[Values]) -> None:
    """Say where blobs stand in a body, while nobody can begin to erase it; raise Taken when one of them
    stands somewhere already.
    """
    sharing = sa.select(devices.c.device).where(devices.c.office == office).limit(1)
    connection.execute(sharing.with_for_update(read=True, key_share=True))
    if being_erased(connection, office, [body]):
        raise Problem("gateway.database_busy")
    fill(connection, packed, rows)


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


def _wanted(office: str, digests: Collection[str]) -> sa.Delete:
    """That files are to be erased, to be said no longer."""
    return erasing.delete().where(erasing.c.office == office, Among(erasing.c.sm3, digests))


def _new_name() -> str:
    """A body's name that never comes again."""
    return sm3(clock.new_id().encode())
