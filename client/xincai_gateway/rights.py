"""What a subject may ask of those who hold its records: to be told all of it, to object, to withdraw.

Rules: everything is found by the subject's code, over all offices; a code of 18 characters is one subject's
in the whole country, any other may be used in several villages, and then the region says whose. An objection
marks a record until it is closed, and changes nothing in it. A withdrawal deletes every version of a record
from the tables and its submission and attachments from the store, returned versions too; what stays is a row
of `withdrawn`, by which the platform deletes its copy and a later delivery of the same record is refused.
Deleting files is intent before it is action (`erasing`): what a crash left is erased by the next withdrawal
or `sweep`. A file that another record needs stays. Receipts, manifests and outcomes stay: they are facts
without answers.
"""

import functools
import re
from dataclasses import asdict

import sqlalchemy as sa

from xincai import clock
from xincai.errors import Language, Problem
from xincai.records import mask_code, mask_name
from xincai.wire.manifest import decode
from xincai_gateway import accesses, dossier, ledger
from xincai_gateway.accesses import Asking
from xincai_gateway.database import Among, Database, Row
from xincai_gateway.dossier import NO_WORDS
from xincai_gateway.files import alone
from xincai_gateway.gateway import Gateway
from xincai_gateway.schema import (
    UNREAD,
    answers,
    attachments,
    batches,
    delivered,
    deliveries,
    devices,
    erasing,
    flagged,
    objections,
    outcomes,
    records,
    withdrawn,
)
from xincai_gateway.store import want_erased

Line = dict[str, object]
_LONGEST = 1000
_TOLD = 5
_NATIONAL = re.compile(r"[0-9A-Z]{18}")
_LEFT_OUT = {"created", "manifest_sm3", "content_sm3", "submission_sha256", "form_sm3"}


def report(
    gateway: Gateway, code: str, asking: Asking, language: Language = "zh", *, region: str = ""
) -> list[Line]:
    """Everything that is held on a subject, one entry for each record version; the looking is noted.

    Answers stand in the order they were asked, each with its question and value in the form's words.
    Raises Problem `gateway.subject_unknown` when nothing is held, `gateway.several_subjects` when the code is
    shared and the region (or how it begins) does not say whose.
    """
    database = gateway.database
    found = database.read(lambda connection: _held(connection, _one_subject(connection, code, region)))
    if not found:
        raise Problem("gateway.subject_unknown")
    held = [_worded(gateway, row, entry, language) for row, entry in found]
    offices = sorted({str(entry["office"]) for entry in held})
    accesses.note(
        database,
        [
            accesses.row(
                asking,
                office,
                accesses.REPORT,
                mask_code(code),
                level="L4",
                count=sum(entry["office"] == office for entry in held),
            )
            for office in offices
        ],
    )
    return held


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

    Raises Problem as `report` does; a record that is named needs no region.
    """
    withdrawing = functools.partial(_withdraw, code=code, asking=asking, record=record, region=region)
    count = gateway.database.write_by_locks(withdrawing)
    if count == 0:
        raise Problem("gateway.subject_unknown")
    erase(gateway)
    return count


def erase(gateway: Gateway) -> int:
    """Erase the files of withdrawn records that no other record needs, one worker at a time; how many."""
    with (gateway.settings.folder / "erasing.lock").open("ab") as file, alone(file.fileno()):
        return _erase(gateway)


def _erase(gateway: Gateway) -> int:
    erased = 0
    for office in [row["office"] for row in gateway.database.rows(sa.select(erasing.c.office).distinct())]:
        query = sa.select(erasing.c.sm3).where(erasing.c.office == office)
        asked = {row["sm3"] for row in gateway.database.rows(query)}
        unneeded = functools.partial(_unneeded, office=office, asked=asked)
        gone = gateway.database.write_by_locks(unneeded)
        gateway.store.erase(office, gone)
        done = functools.partial(_erased, office=office, gone=gone, asked=asked)
        gateway.database.write_by_locks(done)
        erased += len(gone)
    return erased


def _one_subject(connection: sa.Connection, code: str, region: str) -> "sa.ColumnElement[bool]":
    """What finds the records of one subject."""
    theirs = sa.and_(records.c.subject_code == code, records.c.subject_code != "")
    if region:
        theirs = sa.and_(theirs, records.c.region.startswith(region, autoescape=True))
    if not _NATIONAL.fullmatch(code):
        query = sa.select(records.c.region, records.c.subject_name).where(theirs).distinct()
        found = sorted((row.region or "", row.subject_name) for row in connection.execute(query))
        if len(found) > 1:
            told = "、".join(f"{place} {mask_name(name)}" for place, name in found[:_TOLD])
            raise Problem("gateway.several_subjects", count=len(found), told=told)
    return theirs


def _held(connection: sa.Connection, theirs: "sa.ColumnElement[bool]") -> list[tuple[Row, Line]]:
    batch = sa.and_(batches.c.office == records.c.office, batches.c.manifest_sm3 == records.c.manifest_sm3)
    query = sa.select(records, batches.c.created).join(batches, batch).where(theirs)
    found = connection.execute(query.order_by(records.c.accepted_at, records.c.version)).mappings().all()
    held: list[tuple[Row, Line]] = []
    for row in found:
        entry: Line = {key: value for key, value in row.items() if key not in _LEFT_OUT}
        for name, table in (("answers", answers), ("attachments", attachments), ("objections", objections)):
            entry[name] = _lines(connection, table, row)
        entry["delivered_to"] = _sent(connection, row)
        held.append((row, entry))
    return held


def _worded(gateway: Gateway, row: Row, entry: Line, language: Language) -> Line:
    """An entry with the words of its form: what no question asked comes last and has none."""
    read = dossier.read(gateway, row, language)
    given: dict[str, Line] = {str(line["ref"]): line for line in entry["answers"]}  # type: ignore[attr-defined]
    asked = [ref for ref in read.answers if ref in given]
    order = [*asked, *sorted(given.keys() - set(asked))]
    told = [{**given[ref], **asdict(read.answers.get(ref, NO_WORDS))} for ref in order]
    labels = {line["value"]: line["label"] for line in told if line["kind"] == "binary"}
    files = [{**file, "label": labels.get(file["name"], "")} for file in entry["attachments"]]  # type: ignore[attr-defined]
    return {**entry, "title": read.title, "answers": told, "attachments": files}


def _lines(connection: sa.Connection, table: sa.Table, row: Row) -> list[Line]:
    keys = [key for key in ("office", "record", "version") if key in table.c]
    query = sa.select(table).where(*(table.c[key] == row[key] for key in keys))
    return [
        {key: value for key, value in line.items() if key not in keys}
        for line in connection.execute(query).mappings()
    ]


def _sent(connection: sa.Connection, row: Row) -> list[Line]:
    joined = sa.and_(deliveries.c.office == delivered.c.office, deliveries.c.delivery == delivered.c.delivery)
    query = (
        sa.select(deliveries.c.destination, deliveries.c.status, deliveries.c.done_at)
        .join(delivered, joined)
        .where(*(delivered.c[key] == row[key] for key in ("office", "record", "version")))
    )
    return [dict(line) for line in connection.execute(query).mappings()]


def _withdraw(connection: sa.Connection, code: str, asking: Asking, record: str, region: str) -> int:
    chosen = sa.select(records.c.office, records.c.record)
    if record:
        chosen = chosen.where(records.c.subject_code == code, records.c.record == record)
    else:
        chosen = chosen.where(_one_subject(connection, code, region))
    offices = sorted(set(connection.execute(chosen.with_only_columns(records.c.office)).scalars()))
    _alone(connection, offices)
    count = 0
    by_office: dict[str, set[str]] = {}
    for row in connection.execute(chosen.distinct()):
        by_office.setdefault(row.office, set()).add(row.record)
    for office, ids in by_office.items():
        held = sum(_delete(connection, office, each, asking) for each in sorted(ids))
        line = accesses.row(asking, office, accesses.WITHDRAW, mask_code(code), count=held)
        connection.execute(accesses.entries.insert().values(line))
        count += held
    return count


def _alone(connection: sa.Connection, offices: list[str]) -> None:
    """Let nobody settle or withdraw anything of these offices beside this (`ledger`)."""
    theirs = sa.select(devices.c.device).where(devices.c.office.in_(offices))
    connection.execute(theirs.order_by(devices.c.office, devices.c.device).with_for_update())


def _delete(connection: sa.Connection, office: str, record: str, asking: Asking) -> int:
    """Delete all versions of one record; how many."""
    mine = sa.and_(records.c.office == office, records.c.record == record)
    versions = connection.execute(sa.select(records).where(mine)).mappings().all()
    want_erased(connection, office, _files(connection, office, record))
    now, withdrawal = clock.stamp(clock.now()), clock.new_id()
    connection.execute(
        withdrawn.insert(),
        [
            {
                "office": office,
                "record": record,
                "version": row["version"],
                "form": row["form"],
                "withdrawal": withdrawal,
                "withdrawn_at": now,
                "withdrawn_by": asking.who,
                "reason": asking.purpose.strip(),
                "read_status": UNREAD,
            }
            for row in versions
        ],
    )
    for table in (answers, attachments, flagged, objections, records):
        connection.execute(sa.delete(table).where(table.c.office == office, table.c.record == record))
    return len(versions)


def _files(connection: sa.Connection, office: str, record: str) -> set[str]:
    """The digests of all files that ever came for a record, also for versions that were returned."""
    query = (
        sa.select(batches.c.manifest)
        .join(
            outcomes,
            sa.and_(outcomes.c.office == batches.c.office, outcomes.c.manifest_sm3 == batches.c.manifest_sm3),
        )
        .where(outcomes.c.office == office, outcomes.c.record == record)
        .distinct()
    )
    found: set[str] = set()
    for manifest in connection.execute(query).scalars():
        for each in decode(bytes(manifest)).records:
            if each.record == record:
                found |= ledger.files(each)
    return found


def _needed(connection: sa.Connection, office: str, digests: set[str]) -> set[str]:
    """Those that a record still has, or a batch that is not judged yet."""
    needed: set[str] = set()
    for column in (records.c.submission_sm3, attachments.c.sm3):
        query = sa.select(column).where(column.table.c.office == office, Among(column, digests))
        needed.update(connection.execute(query).scalars())
    query = sa.select(batches.c.manifest).where(batches.c.office == office, batches.c.settled_at.is_(None))
    for manifest in connection.execute(query).scalars():
        needed |= decode(bytes(manifest)).blobs().keys() & digests
    return needed


def _unneeded(connection: sa.Connection, office: str, asked: set[str]) -> set[str]:
    """Those that nothing needs: no batch that is being kept at this moment either, and later ones see that
    they are to be erased.
    """
    _alone(connection, [office])
    return asked - _needed(connection, office, asked)


def _erased(connection: sa.Connection, office: str, gone: set[str], asked: set[str]) -> None:
    """Let go of what is erased, and of what another record needs now."""
    _alone(connection, [office])
    done = gone | _needed(connection, office, asked - gone)
    connection.execute(sa.delete(erasing).where(erasing.c.office == office, Among(erasing.c.sm3, done)))
