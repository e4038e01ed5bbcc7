"""A container: one batch in one file, for sticks and archives, or in several when one would be too large.

An archive of fixed order, so that the same batch gives the same bytes: `manifest.json`,
`manifest.<key id>.sm2` (or `.ed25519`) per signature, `blobs/<sm3>` sorted. A batch that does not fit into
one goes into parts: each has the manifest, the signatures and a share of the blobs, so that each can be
checked, carried and taken in by itself.

Rules for reading: every name must be one of the above, in its place, the sizes within caps and the bytes
what their name says; no blob that the manifest does not list. All of it is checked before `read_container`
returns; whether a signature is genuine is `verify_manifest`'s to say, whether all parts are there
`Container.missing` and the reader's.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from xincai.errors import Problem
from xincai.wire.archive import MOST_ENTRIES, Entry, archived, archived_size, read_archive
from xincai.wire.canonical import MAX_BYTES
from xincai.wire.digest import Sm3, sm3
from xincai.wire.manifest import Manifest, decode
from xincai.wire.suites import ED25519, SM2_SM3

MAX_BLOB = 64 * 1024 * 1024
MAX_TOTAL = 2 * 1024 * 1024 * 1024
PART = 2_000_000_000
"""What one file may weigh: every stick and file system takes that."""
MAX_SIGNATURE = 200
MAX_SIGNATURES = 8
_MANIFEST = "manifest.json"
_SUFFIX = {SM2_SM3: "sm2", ED25519: "ed25519"}
_SIGNATURE = re.compile(r"manifest\.([0-9a-f]{16})\.(sm2|ed25519)")
_BLOB = re.compile(r"blobs/([0-9a-f]{64})")


@dataclass(frozen=True)
class Container:
    """A container that was checked whole: its manifest, signatures, and where its blobs can be read."""

    path: Path
    manifest_bytes: bytes
    manifest: Manifest
    signatures: Mapping[str, bytes]
    blobs: Mapping[str, Entry]

    def blob(self, digest: str) -> bytes:
        """The bytes of one blob; raise Problem when the file changed since it was read."""
        with self.path.open("rb") as file:
            data = self.blobs[digest].read(file)
        if sm3(data) != digest:
            raise Problem("wire.bad_container", entry=f"blobs/{digest[:16]}")
        return data

    @property
    def missing(self) -> frozenset[str]:
        """The blobs that the manifest lists and that are not here."""
        return frozenset(self.manifest.blobs().keys() - self.blobs.keys())


def shares(manifest_bytes: bytes, signatures: int = 1, limit: int = PART) -> tuple[tuple[str, ...], ...]:
    """The blobs of each part when no file may be larger than `limit`; one share when all fit into one.

    Raises Problem `wire.too_large` when not even one blob does.
    """
    made: list[list[str]] = [[]]
    around = archived_size([(_MANIFEST, len(manifest_bytes)), *[(" " * 40, MAX_SIGNATURE)] * signatures])
    size = around
    for digest, length in sorted(decode(manifest_bytes).blobs().items()):
        more = archived_size([(f"blobs/{digest}", length)]) - archived_size([])
        if made[-1] and (size + more > limit or len(made[-1]) + 1 + signatures >= MOST_ENTRIES):
            made.append([])
            size = around
        if size + more > limit:
            raise Problem("wire.too_large", size=size + more, limit=limit)
        made[-1].append(digest)
        size += more
    return tuple(map(tuple, made))


def container_size(manifest_bytes: bytes, signatures: Mapping[str, bytes], share: Sequence[str]) -> int:
    """How large a container with this share of the blobs is."""
    manifest = decode(manifest_bytes)
    sizes = manifest.blobs()
    files = [(_MANIFEST, len(manifest_bytes))]
    files += [(_signature_name(manifest, key), len(value)) for key, value in signatures.items()]
    return archived_size([*files, *((f"blobs/{digest}", sizes[digest]) for digest in share)])


def container_pieces(
    manifest_bytes: bytes,
    signatures: Mapping[str, bytes],
    share: Sequence[str],
    find: Callable[[str], bytes],
) -> Iterator[bytes]:
    """The bytes of a container with a share of the blobs, a piece at a time; `find` gives a blob's bytes.

    Raises Problem when a blob is not the manifest's or not what its digest says.
    """
    manifest = decode(manifest_bytes)
    sizes = manifest.blobs()

    def files() -> Iterator[tuple[str, bytes]]:
        yield _MANIFEST, manifest_bytes
        for key_id, signature in sorted(signatures.items()):
            yield _signature_name(manifest, key_id), signature
        for digest in sorted(set(share)):
            data = find(digest)
            if sizes.get(digest) != len(data) or sm3(data) != digest:
                raise Problem("wire.bad_container", entry=f"blobs/{digest[:16]}")
            yield f"blobs/{digest}", data

    return archived(files())


def read_container(path: Path) -> Container:
    """Check a container whole; raise Problem on anything that `container_pieces` would not write."""
    try:
        with path.open("rb") as file:
            entries = read_archive(file, _cap, MAX_TOTAL)
            if not entries or entries[0].name != _MANIFEST:
                raise Problem("wire.bad_container", entry=_MANIFEST)
            data = entries[0].read(file)
            manifest = decode(data)
            signatures = _signatures(manifest, entries[1:])
            blobs = _blobs(manifest, entries[1 + len(signatures) :])
            for digest, entry in blobs.items():
                if _digest(entry.pieces(file)) != digest:
                    raise Problem("wire.bad_container", entry=f"blobs/{digest[:16]}")
            signed = {key_id: entry.read(file) for key_id, entry in signatures.items()}
    except OSError as error:
        raise Problem("wire.no_container", file=path.name) from error
    return Container(path, data, manifest, signed, blobs)


def _signatures(manifest: Manifest, entries: Sequence[Entry]) -> dict[str, Entry]:
    """The signatures that stand first, by key; more than a few, or out of order, are refused."""
    found: dict[str, Entry] = {}
    for entry in entries:
        match = _SIGNATURE.fullmatch(entry.name)
        if match is None:
            break
        late = bool(found) and match[1] <= max(found)
        if late or len(found) == MAX_SIGNATURES or entry.name != _signature_name(manifest, match[1]):
            raise Problem("wire.bad_container", entry=entry.name)
        found[match[1]] = entry
    return found


def _blobs(manifest: Manifest, entries: Sequence[Entry]) -> dict[str, Entry]:
    """The blobs, by digest, once they are the manifest's and in order."""
    sizes = manifest.blobs()
    names = [entry.name for entry in entries]
    foreign = [entry for entry in entries if sizes.get(entry.name[6:]) != entry.size]
    if foreign or names != sorted(names) or not entries:
        raise Problem("wire.bad_container", entry=foreign[0].name[:30] if foreign else "blobs")
    return {entry.name[6:]: entry for entry in entries}


def _signature_name(manifest: Manifest, key_id: str) -> str:
    return f"manifest.{key_id}.{_SUFFIX[manifest.suite]}"


def _cap(name: str) -> int:
    """The most bytes an entry of this name may have; -1 for a name that has no place here."""
    if name == _MANIFEST:
        return MAX_BYTES
    if _SIGNATURE.fullmatch(name):
        return MAX_SIGNATURE
    return MAX_BLOB if _BLOB.fullmatch(name) else -1


def _digest(pieces: Iterator[bytes]) -> str:
    digest = Sm3()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()
