"""Where a subject stands besides accepted records: in versions that were returned or are not judged yet, in
rosters that are published, and in the platform's register.

Rules: a returned version says whose it is where its form could tell (`returned`). What is not judged yet is
looked into, and what was returned unread: a submission in which no answer is the code is not the subject's;
of the others the form says so, and where that cannot be read, they count as the subject's.
"""

import functools
import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from xml.sax.saxutils import escape

import sqlalchemy as sa

from xincai import clock
from xincai.errors import Problem
from xincai.records import mask_name
from xincai.wire.index import ASSIGNMENT
from xincai.wire.manifest import ManifestRecord, decode
from xincai.wire.published import BODY, decode_assignment
from xincai.xforms import Form
from xincai_gateway.database import Row
from xincai_gateway.gateway import Gateway
from xincai_gateway.ledger import withdrawn_keys
from xincai_gateway.schema import batches, outcomes, published, published_files, records, returned
from xincai_gateway.validate import Contents, read_contents

Batch = tuple[str, str]
"""An office and the name of a batch."""
Line = dict[str, object]
CUSTODY = "custody"
"""Besides the outcomes' words: a version that is not judged yet."""
_AT_ONCE = 100
_TOLD = 5
_NATIONAL = re.compile(r"[0-9A-Z]{18}")
_LOST = {"gateway.blob_unknown", "gateway.blob_damaged"}


@dataclass(frozen=True)
class Version:
    """A record version of a subject that is here, not accepted; `state` and `why` say what became of it."""

    office: str
    batch: str
    device: str
    created: str
    received_at: str
    record: ManifestRecord
    state: str
    why: Mapping[str, object]
    submission: bytes | None
    contents: Contents | None

    @property
    def region(self) -> str:
        return self.contents.village if self.contents else ""

    @property
    def name(self) -> str:
        return self.contents.subject.name if self.contents else ""


@dataclass(frozen=True)
class Looked:
    """What was found, and in which batches that are not judged yet was looked."""

    versions: tuple[Version, ...] = ()
    batches: frozenset[Batch] = frozenset()

    def more(self, gateway: Gateway, code: str) -> "Looked":
        """This, and what is found in batches that came since."""
        waiting = [row for row in _waiting(gateway) if _batch(row) not in self.batches]
        found = _of_batches(gateway, code, waiting, {})
        return Looked((*self.versions, *found), self.batches | {_batch(row) for row in waiting})


@dataclass(frozen=True)
class Whose:
    """What finds a subject's records, or one of them. A number that several villages may use is the subject's
    where its region is; where nothing says a region, it may be anybody's (`one`).

    Raises:
        Problem: `gateway.subject_unknown` when there is no code to go by.

    """

    code: str
    region: str = ""
    record: str = ""
    placed: bool = True
    """Whether a shared number is looked for where a region is told; else where none is."""

    def __post_init__(self) -> None:
        if not self.code.strip() or not self.code.isprintable():
            raise Problem("gateway.subject_unknown")

    @property
    def shared(self) -> bool:
        """Whether several villages may use the code."""
        return not _NATIONAL.fullmatch(self.code)

    def may_be_at(self, region: str) -> bool:
        """Whether the subject with this code may be the one that stands in a region, or in none."""
        return not self.shared or not region or region.startswith(self.region)

    def holds(self, region: str, *, read: bool = True) -> bool:
        """Whether what has this code is the subject's; what cannot be `read` tells no region."""
        if not self.shared or self.record:
            return True
        return read and bool(region) is self.placed and region.startswith(self.region)

    def among(self, table: sa.Table) -> "sa.ColumnElement[bool]":
        """What finds them in a table."""
        theirs = self._coded(table)
        if self.record:
            return sa.and_(theirs, table.c.record == self.record)
        if not self.shared:
            return theirs
        if not self.placed:
            return sa.and_(theirs, _nowhere(table))
        return sa.and_(theirs, sa.not_(_nowhere(table)), self._here(table))

    def perhaps_among(self, table: sa.Table) -> "sa.ColumnElement[bool]":
        """What finds them, and what tells no region."""
        if not self.shared:
            return self._coded(table)
        return sa.and_(self._coded(table), sa.or_(_nowhere(table), self._here(table)))

    def one(self, connection: sa.Connection, others: Iterable[tuple[str, str]]) -> "Whose":
        """The one subject this is, by the regions and names of its records and of `others`; raise Problem
        when these are several. What was not accepted may have been returned for its name: it is another
        subject's where its region is another. What tells no region is the subject's when nothing tells one,
        and all tell the same name.
        """
        if self.record or not self.shared:
            return self
        query = sa.select(records.c.region, records.c.subject_name).where(self._coded(records)).distinct()
        found = {(row.region or "", row.subject_name) for row in connection.execute(query)}
        known = {region for region, _ in found}
        found |= {(region, name) for region, name in others if region not in known}
        placed = {(region, name) for region, name in found if region and region.startswith(self.region)}
        if len(placed) > 1:
            told = "、".join(f"{place} {mask_name(name)}" for place, name in sorted(placed)[:_TOLD])
            raise Problem("gateway.several_subjects", count=len(placed), told=told)
        nowhere = not self.region and len(found) == 1 and not placed
        return replace(self, placed=not nowhere)

    def _coded(self, table: sa.Table) -> "sa.ColumnElement[bool]":
        return table.c.subject_code == self.code

    def _here(self, table: sa.Table) -> "sa.ColumnElement[bool]":
        return table.c.region.startswith(self.region, autoescape=True)


def _nowhere(table: sa.Table) -> "sa.ColumnElement[bool]":
    return sa.func.coalesce(table.c.region, "") == ""


def unaccepted(gateway: Gateway, code: str) -> Looked:
    """A subject's versions that were returned or are not judged yet."""
    waiting = _waiting(gateway)
    were: dict[Batch, dict[tuple[str, int], Row]] = defaultdict(dict)
    for row in _returned(gateway, code):
        were[_batch(row)][row["record"], row["version"]] = row
    settled = [next(iter(rows.values())) for rows in were.values()]
    found = (*_of_batches(gateway, code, settled, were), *_of_batches(gateway, code, waiting, {}))
    return Looked(found, frozenset(map(_batch, waiting)))


def rosters(gateway: Gateway, whose: Whose) -> list[Line]:
    """The visits to a subject that are published to offices, with what the platform has given them of it."""
    query = sa.select(published).where(published.c.kind == ASSIGNMENT)
    found: list[Line] = []
    for row in gateway.database.rows(query.order_by(published.c.office, published.c.document)):
        (digest,) = (sm3 for name, sm3, _ in json.loads(row["files"]) if name == BODY)
        data = gateway.database.row(
            sa.select(published_files.c.data).where(
                published_files.c.office == row["office"], published_files.c.sm3 == digest
            )
        )
        if data is None or whose.code.encode() not in bytes(data["data"]):
            continue  # published anew meanwhile, or of others
        assignment = decode_assignment(bytes(data["data"]))
        told = {"title": assignment.title, "due": assignment.due, "officer": assignment.officer}
        place = {key: row[key] for key in ("office", "document", "device", "published_at")}
        found += [
            {**place, **told, **asdict(visit)}
            for visit in assignment.visits
            if visit.code == whose.code and whose.may_be_at(visit.region)
        ]
    return found


def unplaced(gateway: Gateway, whose: Whose) -> list[Line]:
    """Record versions with a number that villages share and no region: a withdrawal leaves them, for they may
    be another's, but where each is named.
    """
    if not whose.shared:
        return []
    columns = [records.c[name] for name in ("office", "record", "version", "form")]
    found = [
        dict(row)
        for row in gateway.database.rows(
            sa.select(*columns).where(records.c.subject_code == whose.code, _nowhere(records))
        )
    ]
    return found + [
        {
            "office": each.office,
            "record": each.record.record,
            "version": each.record.version,
            "form": each.record.form,
        }
        for each in unaccepted(gateway, whose.code).versions
        if not each.region
    ]


def _waiting(gateway: Gateway) -> list[Row]:
    columns = [batches.c[name] for name in ("office", "manifest_sm3", "device", "created", "received_at")]
    query = sa.select(*columns).where(batches.c.settled_at.is_(None))
    return gateway.database.rows(query.order_by(batches.c.received_at))


def _returned(gateway: Gateway, code: str) -> list[Row]:
    """The versions that were returned and are the subject's, or may be."""
    keys = ("office", "manifest_sm3")
    batch = sa.and_(*(batches.c[key] == returned.c[key] for key in keys))
    outcome = sa.and_(*(outcomes.c[key] == returned.c[key] for key in (*keys, "record", "version")))
    query = (
        sa.select(
            returned,
            *(batches.c[name] for name in ("device", "created", "received_at")),
            *(outcomes.c[name] for name in ("status", "code", "path", "text")),
        )
        .join(batches, batch)
        .join(outcomes, outcome)
        .where(sa.or_(returned.c.subject_code == code, returned.c.subject_code.is_(None)))
    )
    return gateway.database.rows(query.order_by(returned.c.returned_at))


def _of_batches(
    gateway: Gateway, code: str, rows: Sequence[Row], were: Mapping[Batch, Mapping[tuple[str, int], Row]]
) -> tuple[Version, ...]:
    """The subject's versions in some batches: all that each holds, or those of it that were returned."""
    found: list[Version] = []
    for row in rows:
        asked = were.get(_batch(row))
        listed = [
            record
            for record in gateway.database.read(functools.partial(_listed, batch=row))
            if asked is None or record.key in asked
        ]
        for start in range(0, len(listed), _AT_ONCE):
            some = listed[start : start + _AT_ONCE]
            found += _of_records(gateway, code, row, some, asked or {})
    return tuple(found)


def _listed(connection: sa.Connection, batch: Row) -> list[ManifestRecord]:
    """The records of a batch, those apart of which nothing is to be held any more."""
    office = batch["office"]
    mine = sa.and_(batches.c.office == office, batches.c.manifest_sm3 == batch["manifest_sm3"])
    listed = decode(bytes(connection.execute(sa.select(batches.c.manifest).where(mine)).scalar_one())).records
    gone = withdrawn_keys(connection, office, listed)
    return [each for each in listed if each.key not in gone]


def _of_records(
    gateway: Gateway,
    code: str,
    batch: Row,
    listed: Sequence[ManifestRecord],
    were: Mapping[tuple[str, int], Row],
) -> Iterator[Version]:
    said = re.compile(rb">\s*" + re.escape(escape(code).encode()) + rb"\s*<")
    submissions = read_some(gateway, batch["office"], {record.submission.sm3 for record in listed})
    for record in listed:
        was = were.get(record.key)
        known = was is not None and was["subject_code"] is not None
        submission = submissions.get(record.submission.sm3)
        if not known and (submission is None or not said.search(submission)):
            continue
        created = clock.parse_stamp(batch["created"])
        form = form_of(gateway, record.form_sm3)
        contents = read_contents(form, submission, created) if form and submission is not None else None
        if not known and contents is not None and contents.subject.code != code:
            continue
        why = {} if was is None else {key: was[key] for key in ("code", "path", "text", "returned_at")}
        state = CUSTODY if was is None else was["status"]
        facts = {key: batch[key] for key in ("office", "device", "created", "received_at")}
        yield Version(
            batch=batch["manifest_sm3"],
            record=record,
            state=state,
            why=why,
            submission=submission,
            contents=contents,
            **facts,
        )


def read_some(gateway: Gateway, office: str, digests: Collection[str]) -> Mapping[str, bytes]:
    """The bytes of those that can be read; raise Problem when the store cannot be asked."""
    try:
        return gateway.store.read(office, digests)
    except Problem as problem:
        if problem.code not in _LOST:
            raise
        if len(digests) == 1:
            return {}
    return {sm3: data for each in digests for sm3, data in read_some(gateway, office, [each]).items()}


def form_of(gateway: Gateway, digest: str) -> Form | None:
    """A form; None when it was never taken or cannot be read any more."""
    try:
        return gateway.library.find(digest)
    except Problem as problem:
        if problem.code.removeprefix("gateway.").startswith("database"):
            raise
        return None


def _batch(row: Row) -> Batch:
    return row["office"], row["manifest_sm3"]
