"""What a subject may ask of those who hold its records: to be told all of it, to object, to withdraw.

Rules: everything is found by the subject's code, over all offices, what was returned and what is not judged
yet too (`subjects`); a code of 18 characters is one subject's in the whole country, any other may be used in
several villages, and then the region says whose. An objection marks a record until it is closed, and changes
nothing in it. A withdrawal deletes every version of a record from the tables and its submission and
attachments from the store (`clearing`); of a record that was accepted for another subject, or that nobody
could read, only the versions that are the subject's, or may be. What stays is a row of `withdrawn`, by which
the platform deletes its copy, what is not judged yet is refused when it is, and so is a later delivery of the
same record. A file that another record needs stays. Receipts, manifests and outcomes stay: they are facts
without answers.
"""

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

import sqlalchemy as sa

from xincai import clock
from xincai.errors import Language, Problem
from xincai.records import mask_code
from xincai.wire.receipt import ACCEPTED
from xincai_gateway import accesses, clearing, dossier, ledger, subjects
from xincai_gateway.accesses import Asking
from xincai_gateway.database import Among, Database, Row, fill
from xincai_gateway.dossier import NO_WORDS, Dossier
from xincai_gateway.gateway import Gateway
from xincai_gateway.register import registered_names
from xincai_gateway.schema import (
    UNREAD,
    answers,
    attachments,
    batches,
    delivered,
    deliveries,
    flagged,
    objections,
    records,
    returned,
    withdrawn,
)
from xincai_gateway.store import lock_out, want_erased
from xincai_gateway.subjects import CUSTODY, Line, Looked, Version, Whose
from xincai_gateway.validate import Subject

_LONGEST = 1000
_TRIES = 10
_AT_ONCE = 200
_RECORD = ("office", "record")
_VERSION = ("office", "record", "version")
_LEFT_OUT = {"created", "manifest_sm3", "content_sm3", "submission_sha256", "form_sm3"}


@dataclass(frozen=True)
class Report:
    """Everything that is held on a subject: an entry for each record version and for each visit of a roster,
    and the name that the platform's register has.
    """

    held: list[Line]
    rosters: list[Line]
    registered: str


def report(
    gateway: Gateway, code: str, asking: Asking, language: Language = "zh", *, region: str = ""
) -> Report:
    """Everything that is held on a subject; the looking is noted.

    Answers stand in the order they were asked, each with its question and value in the form's words.
    Raises Problem `gateway.subject_unknown` when nothing is held, `gateway.several_subjects` when the code is
    shared and the region (or how it begins) does not say whose; what may be another's of that number, for it
    tells no region, is `unplaced`.
    """
    sought = Whose(code, region)
    looked = subjects.unaccepted(gateway, code).versions
    visits = subjects.rosters(gateway, sought)
    places = _places(looked, visits)
    whose, accepted = gateway.database.read(lambda connection: _accepted(connection, sought, places))
    there = {(row["office"], row["record"], row["version"]) for row, _ in accepted}
    others = [
        each
        for each in looked
        if whose.may_be_at(each.region)
        and not (
            each.state == CUSTODY and (each.office, each.record.record, each.record.version) in there
        )  # judged meanwhile
    ]
    registered = registered_names(gateway.database, {code}).get(code, "")
    if not (accepted or others or visits or registered):
        raise Problem("gateway.subject_unknown")
    told = (_told_other(gateway, each, whose, language) for each in others)
    held = [*_told(gateway, accepted, language), *told]
    lines = [*held, *visits]
    accesses.note(
        gateway.database,
        [
            accesses.row(
                asking,
                office,
                accesses.REPORT,
                mask_code(code),
                level="L4",
                count=sum(entry["office"] == office for entry in lines),
            )
            for office in sorted({str(entry["office"]) for entry in lines}) or [""]
        ],
    )
    return Report(held, visits, registered)


def object_to(database: Database, office: str, record: str, reason: str, who: str) -> str:
    """Mark a record with a subject's objection; the objection's id."""
    if not 2 <= len(reason.strip()) <= _LONGEST:
        raise Problem("gateway.no_reason", longest=_LONGEST)
    known = sa.select(records.c.record).where(records.c.office == office, records.c.record == record)
    if database.row(known) is None:
        raise Problem("gateway.record_unknown")
    line = {
        "office": office,
        "objection": clock.new_id(),
        "record": record,
        "reason": reason.strip(),
        "raised_at": clock.stamp(clock.now()),
        "raised_by": who,
    }
    database.write(lambda connection: connection.execute(objections.insert().values(line)))
    return str(line["objection"])


def close_objection(database: Database, office: str, objection: str, result: str, who: str) -> None:
    """Say what came of an objection, once."""
    if not 2 <= len(result.strip()) <= _LONGEST:
        raise Problem("gateway.no_reason", longest=_LONGEST)
    query = (
        sa.update(objections)
        .where(
            objections.c.office == office,
            objections.c.objection == objection,
            objections.c.closed_at.is_(None),
        )
        .values(closed_at=clock.stamp(clock.now()), closed_by=who, result=result.strip())
    )
    if database.write(lambda connection: connection.execute(query).rowcount) == 0:
        raise Problem("gateway.objection_closed")


def withdraw(gateway: Gateway, code: str, asking: Asking, record: str = "", *, region: str = "") -> int:
    """Delete what is held on a subject, or one record of it; how many record versions that were.

    Rosters that name the subject stay (`subjects.rosters` tells which), and so do the register and what may
    be another's (`subjects.unplaced`). Raises Problem as `report` does; a record that is named needs no
    region.
    """
    whose = Whose(code, region, record)
    looked, visits = subjects.unaccepted(gateway, code), subjects.rosters(gateway, whose)
    for _ in range(_TRIES):
        withdrawing = functools.partial(_withdraw, whose=whose, asking=asking, looked=looked, visits=visits)
        try:
            count = gateway.database.write_by_locks(withdrawing)
        except _Unseen:
            looked = looked.more(gateway, code)
            continue
        if not count and (record or not (visits or subjects.unplaced(gateway, whose))):
            raise Problem("gateway.subject_unknown")
        clearing.erase(gateway)
        return count
    raise Problem("gateway.database_busy")


class _Unseen(Exception):  # noqa: N818 - a fact, not a failure
    """A batch came meanwhile, in which nobody has looked for the subject."""


def _accepted(
    connection: sa.Connection, whose: Whose, others: Iterable[tuple[str, str]]
) -> tuple[Whose, list[tuple[Row, Line]]]:
    """Whose they are, and the accepted versions that may be, each with its entry."""
    one = whose.one(connection, others)
    batch = sa.and_(batches.c.office == records.c.office, batches.c.manifest_sm3 == records.c.manifest_sm3)
    query = sa.select(records, batches.c.created, batches.c.received_at).join(batches, batch)
    found = connection.execute(
        query.where(one.perhaps_among(records)).order_by(records.c.accepted_at, records.c.version)
    )
    rows = list(found.mappings())
    held: list[tuple[Row, Line]] = []
    for start in range(0, len(rows), _AT_ONCE):
        held += _entries(connection, rows[start : start + _AT_ONCE], one)
    return one, held


def _entries(connection: sa.Connection, rows: Sequence[Row], whose: Whose) -> list[tuple[Row, Line]]:
    """Rows of `records` with all that hangs on them."""
    lines = {
        name: _lines(connection, table, keys, rows)
        for name, table, keys in (
            ("answers", answers, _VERSION),
            ("attachments", attachments, _VERSION),
            ("objections", objections, _RECORD),
        )
    }
    lines["delivered_to"] = _sent(connection, rows)
    found: list[tuple[Row, Line]] = []
    for row in rows:
        entry: Line = {key: value for key, value in row.items() if key not in _LEFT_OUT}
        entry |= {"state": ACCEPTED, "unplaced": not whose.holds(row["region"] or "")}
        for name, by_key in lines.items():
            keys = _RECORD if name == "objections" else _VERSION
            entry[name] = by_key.get(tuple(row[key] for key in keys), [])
        found.append((row, entry))
    return found


def _lines(
    connection: sa.Connection, table: sa.Table, keys: Sequence[str], rows: Sequence[Row]
) -> dict[tuple[object, ...], list[Line]]:
    """The rows of a table that belong to some records, by their keys."""
    found: dict[tuple[object, ...], list[Line]] = {}
    for office in {row["office"] for row in rows}:
        ids = {row["record"] for row in rows if row["office"] == office}
        query = sa.select(table).where(table.c.office == office, Among(table.c.record, ids))
        for line in connection.execute(query).mappings():
            rest = {key: value for key, value in line.items() if key not in keys}
            found.setdefault(tuple(line[key] for key in keys), []).append(rest)
    return found


def _sent(connection: sa.Connection, rows: Sequence[Row]) -> dict[tuple[object, ...], list[Line]]:
    """Where versions were sent on to, by their keys."""
    joined = sa.and_(deliveries.c.office == delivered.c.office, deliveries.c.delivery == delivered.c.delivery)
    found: dict[tuple[object, ...], list[Line]] = {}
    for office in {row["office"] for row in rows}:
        ids = {row["record"] for row in rows if row["office"] == office}
        query = (
            sa.select(delivered, deliveries.c.status, deliveries.c.done_at)
            .join(deliveries, joined)
            .where(delivered.c.office == office, Among(delivered.c.record, ids))
        )
        for line in connection.execute(query).mappings():
            told = {key: line[key] for key in ("destination", "status", "done_at")}
            found.setdefault(tuple(line[key] for key in _VERSION), []).append(told)
    return found


def _told(gateway: Gateway, held: Sequence[tuple[Row, Line]], language: Language) -> Iterator[Line]:
    """The entries of accepted versions in the words of their forms."""
    for start in range(0, len(held), _AT_ONCE):
        some = held[start : start + _AT_ONCE]
        submissions = {
            (office, sm3): data
            for office in {row["office"] for row, _ in some}
            for sm3, data in subjects.read_some(
                gateway, office, {row["submission_sm3"] for row, _ in some if row["office"] == office}
            ).items()
        }
        for row, entry in some:
            submission = submissions.get((row["office"], row["submission_sm3"]))
            form = subjects.form_of(gateway, row["form_sm3"])
            yield _worded(dossier.read(form, submission, row["created"], language), entry)


def _told_other(gateway: Gateway, version: Version, whose: Whose, language: Language) -> Line:
    """The entry of a version that is not accepted, in the words of its form."""
    record, contents = version.record, version.contents
    subject = contents.subject if contents else Subject()
    entry: Line = {
        "office": version.office,
        "record": record.record,
        "version": record.version,
        "device": version.device,
        "form": record.form,
        "form_version": record.form_version,
        "subject_kind": subject.kind,
        "subject_code": subject.code,
        "subject_name": subject.name,
        "region": version.region,
        "submission_sm3": record.submission.sm3,
        "submission_size": record.submission.size,
        "authorisation": record.authorisation,
        "received_at": version.received_at,
        "state": version.state,
        "unplaced": not whose.holds(version.region, read=contents is not None),
        **version.why,
        "answers": [asdict(answer) for answer in contents.answers] if contents else [],
        "attachments": [asdict(item) for item in record.attachments],
        "objections": [],
        "delivered_to": [],
    }
    form = subjects.form_of(gateway, record.form_sm3)
    return _worded(dossier.read(form, version.submission, version.created, language), entry)


def _worded(read: Dossier, entry: Line) -> Line:
    """An entry with the words of its form: what no question asked comes last and has none."""
    given: dict[str, Line] = {str(line["ref"]): line for line in entry["answers"]}  # type: ignore[attr-defined]
    asked = [ref for ref in read.answers if ref in given]
    order = [*asked, *sorted(given.keys() - set(asked))]
    told = [{**given[ref], **asdict(read.answers.get(ref, NO_WORDS))} for ref in order]
    labels = {line["value"]: line["label"] for line in told if line["kind"] == "binary"}
    files = [{**file, "label": labels.get(file["name"], "")} for file in entry["attachments"]]  # type: ignore[attr-defined]
    return {**entry, "title": read.title, "answers": told, "attachments": files}


def _places(looked: Iterable[Version], visits: Iterable[Line]) -> list[tuple[str, str]]:
    """The regions and names that versions and rosters tell."""
    told = [(each.region, each.name) for each in looked if each.contents is not None]
    return told + [(str(visit["region"]), str(visit["name"])) for visit in visits]


def _withdraw(
    connection: sa.Connection, whose: Whose, asking: Asking, looked: Looked, visits: Iterable[Line]
) -> int:
    whose = whose.one(connection, _places(looked.versions, visits))
    others = [
        each
        for each in looked.versions
        if whose.holds(each.region, read=each.contents is not None)
        and whose.record in {"", each.record.record}
    ]
    offices = sorted(_theirs(connection, whose, others))
    lock_out(connection, offices)
    _check_seen(connection, offices, looked)
    count = 0
    for office, ids in _theirs(connection, whose, others).items():
        if office not in offices:
            raise _Unseen
        held = _delete(
            connection, office, ids, [each for each in others if each.office == office], whose, asking
        )
        line = accesses.row(asking, office, accesses.WITHDRAW, mask_code(whose.code), count=held)
        connection.execute(accesses.entries.insert().values(line))
        count += held
    return count


def _theirs(connection: sa.Connection, whose: Whose, others: Iterable[Version]) -> dict[str, set[str]]:
    """The records of a subject, by office; an office with unread versions alone has none."""
    found: dict[str, set[str]] = {}
    for table in (records, returned):
        for row in connection.execute(sa.select(table.c.office, table.c.record).where(whose.among(table))):
            found.setdefault(row.office, set()).add(row.record)
    for each in others:
        found.setdefault(each.office, set()).update([each.record.record] if each.contents else [])
    return found


def _check_seen(connection: sa.Connection, offices: Sequence[str], looked: Looked) -> None:
    """Raise _Unseen when a batch waits to be judged in which nobody has looked."""
    query = sa.select(batches.c.office, batches.c.manifest_sm3).where(
        batches.c.office.in_(offices), batches.c.settled_at.is_(None)
    )
    if {(row.office, row.manifest_sm3) for row in connection.execute(query)} - looked.batches:
        raise _Unseen


def _delete(  # noqa: PLR0917 - what, of whom, for whom
    connection: sa.Connection,
    office: str,
    ids: set[str],
    others: Sequence[Version],
    whose: Whose,
    asking: Asking,
) -> int:
    """Delete all versions of some records, and say of those that are not judged yet that they are withdrawn;
    how many versions. Of a record that was accepted for another subject, or that nobody could read, only the
    versions go that are the subject's, or may be.
    """
    shared = _accepted_for_others(connection, office, ids, whose)
    keys = {each.record.key for each in others if each.contents is None}
    unread = {
        each.record.key for each in others if each.record.key in keys and each.state != subjects.CUSTODY
    }
    keys |= {each.record.key for each in others if each.record.record in shared}
    for table in (records, returned):
        theirs = sa.and_(table.c.office == office, Among(table.c.record, shared), whose.among(table))
        keys |= {
            tuple(row) for row in connection.execute(sa.select(table.c.record, table.c.version).where(theirs))
        }

    def mine(table: sa.Table) -> "sa.ColumnElement[bool]":
        whole = Among(table.c.record, ids - shared)
        if "version" not in table.c:
            return sa.and_(table.c.office == office, whole)
        some = sa.tuple_(table.c.record, table.c.version).in_(keys)
        return sa.and_(table.c.office == office, sa.or_(whole, some))

    versions = {each.record.key: each.record.form for each in others}
    for row in connection.execute(sa.select(records).where(mine(records))).mappings():
        versions[row["record"], row["version"]] = row["form"]
    files: set[str] = set()
    for record in clearing.returned_versions(connection, mine(returned)):
        versions.setdefault(record.key, record.form)
        files |= ledger.files(record)
    for column in (records.c.submission_sm3, attachments.c.sm3):
        files.update(connection.execute(sa.select(column).where(mine(column.table))).scalars())
    want_erased(connection, office, files)
    _note(connection, office, {key: form for key, form in versions.items() if key not in unread}, asking)
    for table in (answers, attachments, flagged, objections, returned, records):
        connection.execute(sa.delete(table).where(mine(table)))
    return len(versions)


def _accepted_for_others(connection: sa.Connection, office: str, ids: set[str], whose: Whose) -> set[str]:
    """Those of the records of which a version was accepted for another subject."""
    there = sa.and_(records.c.office == office, Among(records.c.record, ids), sa.not_(whose.among(records)))
    return set(connection.execute(sa.select(records.c.record).where(there)).scalars())


def _note(
    connection: sa.Connection, office: str, versions: Mapping[tuple[str, int], str], asking: Asking
) -> None:
    """Say which record versions are withdrawn, those apart of which that is said already."""
    now, withdrawal = clock.stamp(clock.now()), clock.new_id()
    ids = {record for record, _ in versions}
    there = connection.execute(
        sa.select(withdrawn.c.record, withdrawn.c.version).where(
            withdrawn.c.office == office, Among(withdrawn.c.record, ids)
        )
    )
    fresh = versions.keys() - {(row.record, row.version) for row in there}
    rows = [
        {
            "office": office,
            "record": record,
            "version": version,
            "form": versions[record, version],
            "withdrawal": withdrawal,
            "withdrawn_at": now,
            "withdrawn_by": asking.who,
            "reason": asking.purpose.strip(),
            "read_status": UNREAD,
        }
        for record, version in sorted(fresh)
    ]
    fill(connection, withdrawn, rows)
