"""The signed index: every document that a gateway publishes for one device, by digest and size.

Rules (those of TUF's timestamp, snapshot and targets roles in one document, which one key signs anyway):

- signed by a key that is current in the trusted list; nothing in it is believed before;
- its version only grows, and one version names the same documents for ever: an older one is a downgrade;
- it expires: one that is past its day says that somebody keeps newer ones away;
- it is of this gateway, for this office and this device (gateways of before named no device: one that did is
  not followed by one that does not);
- every file of every document is named with its digest and size, so that nothing else is fetched, nothing
  longer than told, and nothing used that does not fit;
- the documents it names arrive together or not at all; one that arrived as named and that this program cannot
  read is set aside, and the others are used.
"""

import datetime
from dataclasses import dataclass

from xincai import clock
from xincai.errors import Problem
from xincai.wire.canonical import Json, canonical, read_canonical
from xincai.wire.fields import Fields
from xincai.wire.keys import KeyList, SignedDocument, verify_document

FORMAT = "xincai-index-1"
FORM, ASSIGNMENT, NOTICE = "form", "assignment", "notice"
KINDS = (FORM, ASSIGNMENT, NOTICE)
MAX_FILE = 16 * 1024 * 1024
MAX_WHOLE = 512 * 1024 * 1024
MAX_DOCUMENTS = 5_000
_MAX_FILES = 500


@dataclass(frozen=True)
class File:
    """One file of a document."""

    name: str
    sm3: str
    size: int


@dataclass(frozen=True)
class Document:
    """A form with its card and code lists, an assignment, or a notice."""

    kind: str
    id: str
    files: tuple[File, ...]

    def file(self, name: str) -> File:
        """The file of a name; raise Problem when the document has none."""
        found = next((file for file in self.files if file.name == name), None)
        if found is None:
            raise Problem("wire.bad_document", id=self.id[:60])
        return found


@dataclass(frozen=True)
class Index:
    """All that is published for one device of an office, as of one version."""

    gateway: str
    office: str
    version: int
    issued: str
    expires: str
    documents: tuple[Document, ...] = ()
    device: str = ""

    def files(self) -> tuple[File, ...]:
        """The files of all documents, each digest once."""
        return tuple({file.sm3: file for document in self.documents for file in document.files}.values())

    def of(self, kind: str) -> tuple[Document, ...]:
        """The documents of a kind."""
        return tuple(document for document in self.documents if document.kind == kind)

    def is_stale(self, now: datetime.datetime) -> bool:
        """Whether its day is past."""
        return clock.parse_stamp(self.expires) <= now


def encode_index(index: Index) -> bytes:
    """The bytes to sign; raise Problem when they would not be accepted back."""
    told: dict[str, Json] = {
        "format": FORMAT,
        "gateway": index.gateway,
        "office": index.office,
        "version": index.version,
        "issued": index.issued,
        "expires": index.expires,
        "documents": listed(index.documents),
    }
    data = canonical({**told, "device": index.device} if index.device else told)
    decode_index(data)
    return data


def listed(documents: tuple[Document, ...]) -> list[Json]:
    """Documents as they stand in an index."""
    return [
        {
            "kind": document.kind,
            "id": document.id,
            "files": [{"name": file.name, "sm3": file.sm3, "size": file.size} for file in document.files],
        }
        for document in documents
    ]


def decode_index(data: bytes) -> Index:
    """Read an index strictly, without asking who signed it: `accept_index` does."""
    fields = Fields(read_canonical(data))
    if (name := fields.text("format")) != FORMAT:
        raise Problem("wire.unknown_format", format=name[:40])
    index = Index(
        gateway=fields.text("gateway", 64),
        office=fields.text("office", 32),
        version=fields.integer("version", 1),
        issued=fields.stamp("issued"),
        expires=fields.stamp("expires"),
        documents=tuple(_document(item) for item in fields.objects("documents", MAX_DOCUMENTS)),
        device=fields.added_text("device", 64),
    )
    fields.finish()
    names = {(document.kind, document.id) for document in index.documents}
    sizes: dict[str, int] = {}
    agree = all(
        sizes.setdefault(file.sm3, file.size) == file.size for each in index.documents for file in each.files
    )
    if len(names) < len(index.documents) or not agree or sum(sizes.values()) > MAX_WHOLE:
        raise Problem("wire.bad_field", path="$.documents")
    return index


def accept_index(
    signed: SignedDocument,
    known: Index | None,
    keys: KeyList,
    *,
    office: str,
    device: str,
    now: datetime.datetime,
) -> Index:
    """The new index, if the rules above let the client move to it from the one it knows; else raise
    Problem. `now` is the platform's signed time.
    """
    verify_document(signed, keys.current())
    fresh = decode_index(signed.data)
    if (fresh.gateway, fresh.office) != (keys.gateway, office):
        raise Problem("wire.other_index", office=fresh.office)
    if fresh.device != device and (fresh.device or (known is not None and known.device)):
        raise Problem("wire.other_index", office=fresh.office)
    if known is not None:
        older = (fresh.version, fresh.issued) < (known.version, known.issued)
        if older or (fresh.version == known.version and fresh.documents != known.documents):
            raise Problem("wire.old_index", version=fresh.version, known=known.version)
    if fresh.is_stale(now):
        raise Problem("wire.index_expired", expires=fresh.expires)
    return fresh


def _document(fields: Fields) -> Document:
    document = Document(
        kind=fields.one_of("kind", KINDS),
        id=fields.text("id", 100),
        files=tuple(_file(item) for item in fields.objects("files", _MAX_FILES)),
    )
    fields.finish()
    return document


def _file(fields: Fields) -> File:
    file = File(fields.text("name", 200), fields.digest("sm3"), fields.integer("size", 0, MAX_FILE))
    fields.finish()
    return file
