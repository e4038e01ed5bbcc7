"""What leaves the store for good: what was withdrawn, and what nobody has needed for a time.

Rules: intent before action (`erasing`): what is to be erased is said first, and from then on no batch is
taken that needs it; what a crash left is erased by whoever erases next. One worker at a time erases, of all
machines. A file that an accepted record has stays, and one of a batch that is not judged yet. Anything else
goes after `KEPT`: what was sent ahead of a batch that never came or was refused, and what was returned.
"""

import datetime
import functools
import itertools
import operator
from collections.abc import Collection, Iterator

import sqlalchemy as sa

from xincai import clock
from xincai.wire.manifest import ManifestRecord, decode
from xincai_gateway import ledger
from xincai_gateway.database import Among
from xincai_gateway.files import alone
from xincai_gateway.gateway import Gateway
from xincai_gateway.schema import attachments, batches, erasing, packed, records, returned
from xincai_gateway.store import lock_out, want_erased

KEPT = datetime.timedelta(days=30)
_LOCK = 0x58494E44
_AT_ONCE = 200
"""Files whose contents are looked up together."""


def erase(gateway: Gateway) -> int:
    """Erase what is to be erased and is not needed, one worker at a time; how many files."""
    with (
        (gateway.settings.folder / "erasing.lock").open("ab") as file,
        alone(file.fileno()),
        gateway.database.alone(_LOCK),
    ):
        return _erase(gateway)


def sweep(gateway: Gateway) -> int:
    """Erase what has lain here for long and nobody needs; how many files."""
    before = clock.now() - KEPT
    gateway.database.write_by_locks(functools.partial(_let_returned_go, before=clock.stamp(before)))
    for office, found in itertools.groupby(gateway.blobs.older(before), operator.itemgetter(0)):
        while names := {name for _, name in itertools.islice(found, _AT_ONCE)}:
            let_go = functools.partial(_let_go, office=office, names=names)
            if gateway.database.read(functools.partial(_free, office=office, names=names)):
                gateway.database.write_by_locks(let_go)
    return erase(gateway)


def returned_versions(connection: sa.Connection, mine: "sa.ColumnElement[bool]") -> Iterator[ManifestRecord]:
    """Record versions that were returned, as their manifests list them."""
    query = sa.select(returned.c.office, returned.c.manifest_sm3, returned.c.record, returned.c.version)
    by_batch: dict[tuple[str, str], set[tuple[str, int]]] = {}
    for row in connection.execute(query.where(mine)):
        by_batch.setdefault((row.office, row.manifest_sm3), set()).add((row.record, row.version))
    for (office, name), asked in by_batch.items():
        this = sa.and_(batches.c.office == office, batches.c.manifest_sm3 == name)
        manifest = connection.execute(sa.select(batches.c.manifest).where(this)).scalar_one()
        yield from (each for each in decode(bytes(manifest)).records if each.key in asked)


def _erase(gateway: Gateway) -> int:
    erased = 0
    for office in [row["office"] for row in gateway.database.rows(sa.select(erasing.c.office).distinct())]:
        query = sa.select(erasing.c.sm3).where(erasing.c.office == office)
        asked = {row["sm3"] for row in gateway.database.rows(query)}
        gone = gateway.database.write_by_locks(functools.partial(_unneeded, office=office, asked=asked))
        gateway.store.erase(office, gone)
        done = functools.partial(_erased, office=office, gone=gone, asked=asked)
        gateway.database.write_by_locks(done)
        erased += len(gone)
    return erased


def _needed(connection: sa.Connection, office: str, digests: Collection[str]) -> set[str]:
    """Those that a record has, or a batch that is not judged yet; manifests, and bodies of other blobs."""
    needed: set[str] = set()
    for column in (records.c.submission_sm3, attachments.c.sm3, batches.c.manifest_sm3):
        query = sa.select(column).where(column.table.c.office == office, Among(column, digests))
        needed.update(connection.execute(query).scalars())
    query = sa.select(packed.c.body).where(
        packed.c.office == office, Among(packed.c.body, digests), ~Among(packed.c.sm3, digests)
    )
    needed.update(connection.execute(query.distinct()).scalars())
    waiting = sa.select(batches.c.manifest).where(batches.c.office == office, batches.c.settled_at.is_(None))
    for manifest in connection.execute(waiting).scalars():
        needed |= decode(bytes(manifest)).blobs().keys() & set(digests)
    return needed


def _unneeded(connection: sa.Connection, office: str, asked: set[str]) -> set[str]:
    """Those that nothing needs: no batch that is being kept at this moment either, and later ones see that
    they are to be erased.
    """
    lock_out(connection, [office])
    return asked - _needed(connection, office, asked)


def _erased(connection: sa.Connection, office: str, gone: set[str], asked: set[str]) -> None:
    """Let go of what is erased, and of what another record needs now."""
    lock_out(connection, [office])
    done = gone | _needed(connection, office, asked - gone)
    connection.execute(sa.delete(erasing).where(erasing.c.office == office, Among(erasing.c.sm3, done)))


def _free(connection: sa.Connection, office: str, names: set[str]) -> set[str]:
    """What stands in these files and nobody needs; a file that is no body is itself a blob, or nothing."""
    inside = sa.select(packed.c.sm3, packed.c.body).where(
        packed.c.office == office, Among(packed.c.body, names)
    )
    rows = connection.execute(inside).all()
    came = (names - {row.body for row in rows}) | {row.sm3 for row in rows}
    return came - _needed(connection, office, came)


def _let_returned_go(connection: sa.Connection, before: str) -> None:
    """Forget whose the versions are that were returned so long ago, and say that they are to be erased."""
    old = returned.c.returned_at < before
    offices = connection.execute(sa.select(returned.c.office).where(old).distinct()).scalars().all()
    for office in sorted(offices):
        mine = sa.and_(returned.c.office == office, old)
        lock_out(connection, [office])
        files = {digest for each in returned_versions(connection, mine) for digest in ledger.files(each)}
        want_erased(connection, office, files)
        connection.execute(returned.delete().where(mine))


def _let_go(connection: sa.Connection, office: str, names: set[str]) -> None:
    """Say that what nobody needs is to be erased, while no batch that needs it can be kept."""
    lock_out(connection, [office])
    want_erased(connection, office, _free(connection, office, names))
