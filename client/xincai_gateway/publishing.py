"""What the gateway publishes to its offices: forms, assignments and notices, named by a signed index.

Rules: a document is for one office, or for all (a form or notice without an office); publishing one of the
same kind and id again takes its place; what no document names any more is gone from here at once. The index
is made and signed anew for whoever asks, and expires after a week. Its version grows whenever its documents
differ from those named before; it follows the clock, so that a database put back from a copy does not send
devices back. Documents stand in the database, where every worker finds them.
"""

import datetime
import json
from collections.abc import Mapping
from pathlib import Path

import sqlalchemy as sa

from xincai import clock
from xincai.errors import Problem
from xincai.shelf.apart import card_text
from xincai.shelf.reading import read_any
from xincai.wire.canonical import canonical
from xincai.wire.digest import sm3
from xincai.wire.index import (
    ASSIGNMENT,
    FORM,
    KINDS,
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
from xincai_gateway.gateway import Gateway
from xincai_gateway.library import FORMS, keep
from xincai_gateway.schema import about, published, published_files

EVERYONE = ""
VALID = datetime.timedelta(days=7)


def publish_form(gateway: Gateway, path: Path, office: str = EVERYONE) -> Document:
    """Publish a form with its code lists and media, and take what is filled in with it from now on."""
    source = read_any(path)
    read_form(source.xml, source.files)
    keep(gateway.settings.folder / FORMS, source.xml, source.files)
    files = {FORM_SOURCE: source.xml, FORM_CARD: card_text(source.card).encode()}
    lists = {f"{LIST}{name}": data for name, data in source.files.items()}
    return _publish(gateway, office, FORM, source.card.form_id, {**files, **lists})


def publish_assignment(gateway: Gateway, assignment: Assignment, office: str) -> Document:
    """Publish an assignment to the one office it is for."""
    if not office:
        raise Problem("gateway.bad_office")
    return _publish(gateway, office, ASSIGNMENT, assignment.id, {BODY: encode_assignment(assignment)})


def publish_notice(gateway: Gateway, notice: NoticeText, office: str = EVERYONE) -> Document:
    """Publish a notice."""
    return _publish(gateway, office, NOTICE, notice.id, {BODY: encode_notice(notice)})


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
            "published_at": row["published_at"],
            "bytes": sum(size for _, _, size in json.loads(row["files"])),
        }
        for row in rows
    ]


def signed_index(gateway: Gateway, office: str) -> SignedDocument:
    """The index for one office, as of now."""
    now = clock.now()
    documents, known = gateway.database.read(lambda connection: _named(connection, office))
    digest = sm3(canonical(listed(documents)))
    if known.partition(" ")[2] != digest:
        documents, known = gateway.database.write(lambda connection: _count_on(connection, office, now))
    index = Index(
        gateway=gateway.identity.gateway,
        office=office,
        version=int(known.partition(" ")[0]),
        issued=clock.stamp(now),
        expires=clock.stamp(now + VALID),
        documents=documents,
    )
    return sign_document(encode_index(index), gateway.identity.key)


def published_form(gateway: Gateway, office: str, form_id: str) -> Form | None:
    """The form of an id that is published to an office, None when there is none."""
    documents, _ = gateway.database.read(lambda connection: _named(connection, office))
    for document in documents:
        if (document.kind, document.id) == (FORM, form_id):
            return gateway.library.find(document.file(FORM_SOURCE).sm3)
    return None


def read_file(gateway: Gateway, office: str, digest: str) -> bytes:
    """A file of what is published to an office; raise Problem when there is none."""
    query = sa.select(published_files.c.data).where(
        published_files.c.office.in_((office, EVERYONE)), published_files.c.sm3 == digest
    )
    row = gateway.database.row(query)
    if row is None:
        raise Problem("gateway.no_such_document")
    return bytes(row["data"])


def _publish(gateway: Gateway, office: str, kind: str, name: str, files: Mapping[str, bytes]) -> Document:
    for each, data in files.items():
        if len(data) > MAX_FILE:
            raise Problem("gateway.document_too_large", file=each, most=MAX_FILE // 1024 // 1024)
    document = Document(
        kind, name, tuple(File(each, sm3(data), len(data)) for each, data in sorted(files.items()))
    )
    bytes_of = {sm3(data): data for data in files.values()}
    place = sa.and_(published.c.office == office, published.c.kind == kind, published.c.document == name)

    def work(connection: sa.Connection) -> None:
        connection.execute(published.delete().where(place))
        connection.execute(
            published.insert().values(
                office=office,
                kind=kind,
                document=name,
                files=json.dumps([[file.name, file.sm3, file.size] for file in document.files]),
                published_at=clock.stamp(clock.now()),
            )
        )
        there = set(
            connection.scalars(sa.select(published_files.c.sm3).where(published_files.c.office == office))
        )
        for digest, data in bytes_of.items():
            if digest not in there:
                connection.execute(published_files.insert().values(office=office, sm3=digest, data=data))
        _drop_unnamed(connection, office)
        documents, _ = _named(connection, office)
        if sum({file.sm3: file.size for each in documents for file in each.files}.values()) > MAX_WHOLE:
            raise Problem("gateway.document_too_large", file=name[:60], most=MAX_WHOLE // 1024 // 1024)

    gateway.database.write(work)
    return document


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


def _named(connection: sa.Connection, office: str) -> tuple[tuple[Document, ...], str]:
    """The documents for one office, its own before everyone's, and the version last told with its digest."""
    query = sa.select(published).where(published.c.office.in_((office, EVERYONE)))
    found: dict[tuple[str, str], Document] = {}
    for row in sorted(connection.execute(query).mappings(), key=lambda row: row["office"] == EVERYONE):
        files = tuple(File(*file) for file in json.loads(row["files"]))
        key = (row["kind"], row["document"])
        found.setdefault(key, Document(row["kind"], row["document"], files))
    documents = tuple(found[key] for key in sorted(found, key=lambda key: (KINDS.index(key[0]), key[1])))
    known = connection.execute(sa.select(about.c.value).where(about.c.name == _place(office))).scalar()
    return documents, known or "0 "


def _count_on(
    connection: sa.Connection, office: str, now: datetime.datetime
) -> tuple[tuple[Document, ...], str]:
    """The documents, and a version of their own."""
    documents, known = _named(connection, office)
    digest = sm3(canonical(listed(documents)))
    number, _, last = known.partition(" ")
    if last == digest:
        return documents, known
    fresh = f"{max(int(number) + 1, int(now.timestamp()))} {digest}"
    connection.execute(about.delete().where(about.c.name == _place(office)))
    connection.execute(about.insert().values(name=_place(office), value=fresh))
    return documents, fresh


def _place(office: str) -> str:
    return f"index {office}"
