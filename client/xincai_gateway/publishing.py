"""What the gateway publishes to its offices: forms, assignments and notices, named by a signed index.

Rules: a document is for one office, for one device of it, or for all offices (a form or notice without an
office); publishing one of the same kind and id again takes its place, but what one device has or all have
goes to another device alone only where that is asked for (`move`). What no document names any more is gone
from here at once. Nothing is published that would make the index of any office or device that it reaches
larger than a device takes. The index is made and signed anew for each device that asks, and expires after a
week. Its version grows whenever its documents differ from those named before; it follows the clock, so that a
database put back from a copy does not send devices back. A device gets the files that its own index names,
and no others. Documents stand in the database, where every worker finds them.
"""

import datetime
import functools
import json
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import sqlalchemy as sa

from xincai import clock
from xincai.errors import Problem
from xincai.shelf.apart import card_text
from xincai.shelf.reading import read_any
from xincai.wire.canonical import MAX_BYTES, canonical
from xincai.wire.digest import sm3
from xincai.wire.index import (
    ASSIGNMENT,
    FORM,
    KINDS,
    MAX_DOCUMENTS,
    MAX_FILE,
    MAX_WHOLE,
    NOTICE,
    Document,
    File,
    Index,
    encode_index,
    listed,
)
from xincai.wire.keys import SignedDocument, sign_document
from xincai.wire.published import (
    BODY,
    FORM_CARD,
    FORM_SOURCE,
    LIST,
    Assignment,
    NoticeText,
    encode_assignment,
    encode_notice,
)
from xincai.xforms import Form, read_form
from xincai_gateway.database import Row
from xincai_gateway.enrol import check_office, find_device
from xincai_gateway.gateway import Gateway
from xincai_gateway.library import FORMS, keep, share
from xincai_gateway.quality import FIGURES, Quality
from xincai_gateway.schema import about, published, published_files

EVERYONE = ""
_FIGURES = dict(zip(FIGURES, ("完整性", "准确性", "一致性", "及时性", "唯一性"), strict=True))
_LONGEST_ID = 100
VALID = datetime.timedelta(days=7)


def publish_form(gateway: Gateway, path: Path, office: str = EVERYONE) -> Document:
    """Publish a form with its code lists and media, and take what is filled in with it from now on."""
    source = read_any(path)
    read_form(source.xml, source.files)
    files = {FORM_SOURCE: source.xml, FORM_CARD: card_text(source.card).encode()}
    lists = {f"{LIST}{name}": data for name, data in source.files.items()}
    taken = functools.partial(share, source=source.xml, files=source.files)
    document = _publish(gateway, office, FORM, source.card.form_id, {**files, **lists}, taken=taken)
    keep(gateway.settings.folder / FORMS, source.xml, source.files)
    return document


def publish_assignment(
    gateway: Gateway, assignment: Assignment, office: str, device: str | None = None, *, move: bool = False
) -> Document:
    """Publish an assignment to the one office it is for, to all of its devices or to one."""
    _check_device(gateway, office, device)
    _check_id(assignment.id)
    try:
        files = {BODY: encode_assignment(assignment)}
    except Problem as problem:
        if problem.code == "wire.too_large":
            raise Problem("gateway.roster_too_large", most=MAX_BYTES // 1024 // 1024) from problem
        raise
    return _publish(gateway, office, ASSIGNMENT, assignment.id, files, device, move=move)


def publish_notice(
    gateway: Gateway,
    notice: NoticeText,
    office: str = EVERYONE,
    device: str | None = None,
    *,
    move: bool = False,
) -> Document:
    """Publish a notice to all offices, to one, or to one device."""
    _check_device(gateway, office, device)
    _check_id(notice.id)
    return _publish(gateway, office, NOTICE, notice.id, {BODY: encode_notice(notice)}, device, move=move)


def tell_quality(gateway: Gateway, found: Iterable[Quality]) -> None:
    """Tell each office how good its data are, by a notice that takes the place of the last one."""
    now = clock.stamp(clock.now())
    for each in found:
        said = {name: "—" if share is None else f"{share:.1%}" for name, share in each.figures.items()}
        zh = "，".join(f"{words}{said[name]}" for name, words in _FIGURES.items())
        en = ", ".join(f"{name} {share}" for name, share in said.items())
        notice = NoticeText(
            "quality",
            now,
            f"数据质量（已受理 {each.records} 件）：{zh}。退回的件见更正任务。",
            f"Data quality ({each.records} records accepted): {en}. What was returned is under corrections.",
        )
        publish_notice(gateway, notice, each.office)


def _check_device(gateway: Gateway, office: str, device: str | None) -> None:
    """Raise Problem unless a device that is named may fetch what is published to it."""
    if device is None:
        return
    found = find_device(gateway.database, office, device)
    if found is None:
        raise Problem("gateway.no_such_device")
    if found.revoked:
        raise Problem("gateway.device_revoked")


def _check_id(name: str) -> None:
    """Raise Problem when no device would take a document of this id."""
    if not 1 <= len(name) <= _LONGEST_ID or not unicodedata.is_normalized("NFC", name) or "\0" in name:
        raise Problem("gateway.bad_document", id=name[:60])


def withdraw(gateway: Gateway, kind: str, name: str, office: str = EVERYONE) -> None:
    """Publish a document no longer; raise Problem when it is not published."""
    place = sa.and_(published.c.office == office, published.c.kind == kind, published.c.document == name)

    def work(connection: sa.Connection) -> int:
        gone = connection.execute(published.delete().where(place)).rowcount
        _drop_unnamed(connection, office)
        return gone

    if not gateway.database.write(work):
        raise Problem("gateway.not_published", id=name[:60])


def standing(gateway: Gateway) -> list[Mapping[str, object]]:
    """All that is published, office by office."""
    rows = gateway.database.rows(
        sa.select(published).order_by(published.c.office, published.c.kind, published.c.document)
    )
    return [
        {
            "office": row["office"],
            "kind": row["kind"],
            "id": row["document"],
            "device": row["device"] or "",
            "published_at": row["published_at"],
            "bytes": sum(size for _, _, size in json.loads(row["files"])),
        }
        for row in rows
    ]


def signed_index(gateway: Gateway, office: str, device: str) -> SignedDocument:
    """The index for one device of an office, as of now."""
    documents, known = gateway.database.read(lambda connection: _standing(connection, office, device))
    digest = sm3(canonical(listed(documents)))
    if known.partition(" ")[2] != digest:
        documents, known = gateway.database.write(
            lambda connection: _count_on(connection, office, device, clock.now())
        )
    index = _index(gateway, office, device, documents, int(known.partition(" ")[0]))
    return sign_document(encode_index(index), gateway.identity.key)


def _index(
    gateway: Gateway, office: str, device: str, documents: tuple[Document, ...], version: int
) -> Index:
    now = clock.now()
    return Index(
        gateway=gateway.identity.gateway,
        office=office,
        version=version,
        issued=clock.stamp(now),
        expires=clock.stamp(now + VALID),
        documents=documents,
        device=device,
    )


def published_form(gateway: Gateway, office: str, form_id: str) -> Form | None:
    """The form of an id that is published to an office, None when there is none."""
    for document in gateway.database.read(lambda connection: _named(connection, office)):
        if (document.kind, document.id) == (FORM, form_id):
            return gateway.library.find(document.file(FORM_SOURCE).sm3)
    return None


def read_file(gateway: Gateway, office: str, device: str, digest: str) -> bytes:
    """A file of what is published to a device; raise Problem when there is none."""
    query = sa.select(published_files.c.data).where(
        published_files.c.office.in_((office, EVERYONE)), published_files.c.sm3 == digest
    )

    def find(connection: sa.Connection) -> bytes | None:
        documents = _named(connection, office, device)
        if not any(file.sm3 == digest for document in documents for file in document.files):
            return None
        return connection.execute(query).scalar()

    data = gateway.database.read(find)
    if data is None:
        raise Problem("gateway.no_such_document")
    return bytes(data)


def _publish(  # noqa: PLR0917 - whose, what, and to whom
    gateway: Gateway,
    office: str,
    kind: str,
    name: str,
    files: Mapping[str, bytes],
    device: str | None = None,
    *,
    move: bool = False,
    taken: Callable[[sa.Connection], object] | None = None,
) -> Document:
    """Publish files as a document; `taken` is done in the same transaction."""
    if office != EVERYONE or kind == ASSIGNMENT:
        check_office(office)
    for each, data in files.items():
        if len(data) > MAX_FILE:
            raise Problem("gateway.document_too_large", file=each, most=MAX_FILE // 1024 // 1024)
    document = Document(
        kind, name, tuple(File(each, sm3(data), len(data)) for each, data in sorted(files.items()))
    )
    if not _is_taken(gateway, office, device, (document,)):
        raise Problem("gateway.bad_document", id=name[:60])
    bytes_of = {sm3(data): data for data in files.values()}
    place = sa.and_(published.c.office == office, published.c.kind == kind, published.c.document == name)

    def work(connection: sa.Connection) -> None:
        if not move:
            _refuse_taking_away(connection, place, name, device)
        connection.execute(published.delete().where(place))
        connection.execute(
            published.insert().values(
                office=office,
                kind=kind,
                document=name,
                files=json.dumps([[file.name, file.sm3, file.size] for file in document.files]),
                published_at=clock.stamp(clock.now()),
                device=device,
            )
        )
        there = set(
            connection.scalars(sa.select(published_files.c.sm3).where(published_files.c.office == office))
        )
        for digest, data in bytes_of.items():
            if digest not in there:
                connection.execute(published_files.insert().values(office=office, sm3=digest, data=data))
        _drop_unnamed(connection, office)
        _check_reached(connection, gateway, office)
        if taken is not None:
            taken(connection)

    gateway.database.write(work)
    return document


def _refuse_taking_away(
    connection: sa.Connection, place: "sa.ColumnElement[bool]", name: str, device: str | None
) -> None:
    """Refuse to give one device what another one has, or all have."""
    row = connection.execute(sa.select(published.c.device).where(place)).first()
    if row is None or device is None or row.device == device:
        return
    if row.device is None:
        raise Problem("gateway.published_to_all", id=name[:60])
    raise Problem("gateway.published_elsewhere", id=name[:60], device=row.device)


def _check_reached(connection: sa.Connection, gateway: Gateway, office: str) -> None:
    """Raise Problem when the index of an office, or of a device of it, is too large; everyone's documents
    reach all offices, and are the whole index of one that has none of its own.
    """
    rows = connection.execute(sa.select(published)).mappings().all()
    reached = {office} | ({row["office"] for row in rows} if office == EVERYONE else set())
    for each in sorted(reached):
        mine = [row for row in rows if row["office"] in {each, EVERYONE}]
        for device in {None} | {row["device"] for row in mine}:
            documents = _chosen(row for row in mine if row["device"] in {None, device})
            if not _is_taken(gateway, each, device, documents):
                facts = {"documents": MAX_DOCUMENTS, "size": MAX_WHOLE // 1024 // 1024}
                if each == EVERYONE:
                    raise Problem("gateway.index_full_for_all", **facts)
                raise Problem("gateway.index_full", office=each, **facts)


def _is_taken(gateway: Gateway, office: str, device: str | None, documents: tuple[Document, ...]) -> bool:
    """Whether a device takes an index of these documents; the longest ids stand for those not known."""
    version = int(clock.now().timestamp())
    try:
        encode_index(_index(gateway, office or "0" * 32, device or "0" * 64, documents, version))
    except Problem:
        return False
    return True


def _drop_unnamed(connection: sa.Connection, office: str) -> None:
    """Drop files that no document of the office names."""
    rows = connection.scalars(sa.select(published.c.files).where(published.c.office == office))
    named = {digest for row in rows for _, digest, _ in json.loads(row)}
    there = connection.scalars(sa.select(published_files.c.sm3).where(published_files.c.office == office))
    for digest in set(there) - named:
        connection.execute(
            published_files.delete().where(
                published_files.c.office == office, published_files.c.sm3 == digest
            )
        )


def _named(connection: sa.Connection, office: str, device: str | None = None) -> tuple[Document, ...]:
    """The documents for one device of an office, or those for all of its devices."""
    mine = sa.or_(published.c.device.is_(None), published.c.device == device)
    query = sa.select(published).where(published.c.office.in_((office, EVERYONE)), mine)
    return _chosen(connection.execute(query).mappings())


def _chosen(rows: Iterable[Row]) -> tuple[Document, ...]:
    """The documents of rows, the office's own before everyone's."""
    found: dict[tuple[str, str], Document] = {}
    for row in sorted(rows, key=lambda row: row["office"] == EVERYONE):
        files = tuple(File(*file) for file in json.loads(row["files"]))
        key = (row["kind"], row["document"])
        found.setdefault(key, Document(row["kind"], row["document"], files))
    return tuple(found[key] for key in sorted(found, key=lambda key: (KINDS.index(key[0]), key[1])))


def _standing(connection: sa.Connection, office: str, device: str) -> tuple[tuple[Document, ...], str]:
    """The documents for a device, and the version last told to it with its digest."""
    known = sa.select(about.c.value).where(about.c.name == _place(office, device))
    return _named(connection, office, device), connection.execute(known).scalar() or "0 "


def _count_on(
    connection: sa.Connection, office: str, device: str, now: datetime.datetime
) -> tuple[tuple[Document, ...], str]:
    """The documents, and a version of their own."""
    documents, known = _standing(connection, office, device)
    digest = sm3(canonical(listed(documents)))
    number, _, last = known.partition(" ")
    if last == digest:
        return documents, known
    fresh = f"{max(int(number) + 1, int(now.timestamp()))} {digest}"
    place = _place(office, device)
    connection.execute(about.delete().where(about.c.name == place))
    connection.execute(about.insert().values(name=place, value=fresh))
    return documents, fresh


def _place(office: str, device: str) -> str:
    return f"index {sm3(f'{office} {device}'.encode())[:32]}"
