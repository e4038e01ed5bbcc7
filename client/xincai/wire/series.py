"""A series: large blobs of a batch, one after another in one body, each known by its own SM3.

Rules: a line of canonical JSON says which blobs follow and how long each is; the blobs stand behind it as
they are. Whoever takes a series in names each blob by its own digest, so that what was whole before a cut
stays, and the line proves nothing; the manifest's signature does.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xincai.errors import Problem
from xincai.wire.canonical import canonical, read_canonical
from xincai.wire.fields import Fields

FORMAT = "xincai-series-1"
MOST_BLOBS = 500
MOST_BYTES = 32 * 1024 * 1024
"""What a series may hold, its first line included."""
MOST_HEAD = 128 * 1024

Listed = tuple[str, int]


@dataclass(frozen=True)
class Body:
    """A long body, read while it is sent: its size and its pieces."""

    size: int
    pieces: Iterator[bytes]

    def __len__(self) -> int:
        return self.size

    def __iter__(self) -> Iterator[bytes]:
        return self.pieces


def series_head(blobs: Sequence[Listed]) -> bytes:
    """The first line of a series of blobs, known by digest and size."""
    return canonical({"format": FORMAT, "blobs": [{"sm3": sm3, "size": size} for sm3, size in blobs]}) + b"\n"


def read_series_head(line: bytes, size: int) -> tuple[Listed, ...]:
    """The blobs that a first line, without its end, announces for a body of `size` bytes in all.

    Raises Problem `wire.*` when it is no such line or does not fit the body.
    """
    fields = Fields(read_canonical(line))
    fields.one_of("format", (FORMAT,))
    blobs = tuple(_blob(item) for item in fields.objects("blobs", MOST_BLOBS))
    fields.finish()
    if not blobs or len(line) + 1 + sum(each for _, each in blobs) != size:
        raise Problem("wire.bad_series")
    return blobs


def _blob(fields: Fields) -> Listed:
    blob = (fields.digest("sm3"), fields.integer("size", 1))
    fields.finish()
    return blob
