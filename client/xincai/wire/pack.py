"""A pack: many small blobs of a batch, compressed together to travel as one blob.

Rules: a pack is one zstd frame over a line of canonical JSON, which says how long each blob is, and the blobs
one after another. Whoever opens it names each blob by its own SM3, so a pack promises nothing and proves
nothing; the manifest's signature does. Its size when opened stands in the frame's head and is held against a
cap before anything is opened. The same blobs make the same pack.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence

import zstandard

from xincai.errors import Problem
from xincai.wire.canonical import canonical, read_canonical
from xincai.wire.fields import Fields

FORMAT = "xincai-pack-1"
SMALL = 64 * 1024
"""Blobs up to this size are packed; larger ones travel alone, to be resumed where a cut left them."""
MOST_BYTES = 8 * 1024 * 1024
"""What a pack may hold when opened, its first line included."""
MOST_BLOBS = 5_000
_ROOM = MOST_BYTES // 2
_LEVEL = 3


def make_packs(blobs: Iterable[bytes]) -> Iterator[tuple[bytes, int]]:
    """Packs and how many bytes of blobs are in each; a blob is asked for when its turn comes."""
    chosen: list[bytes] = []
    size = 0
    for data in blobs:
        if chosen and (size + len(data) > _ROOM or len(chosen) == MOST_BLOBS):
            yield _pack(chosen), size
            chosen, size = [], 0
        chosen.append(data)
        size += len(data)
    if chosen:
        yield _pack(chosen), size


def open_pack(data: bytes) -> tuple[bytes, Sequence[tuple[int, int]]]:
    """The blobs of a pack in one piece, and where each begins and how long it is.

    Raises Problem `wire.bad_pack` when it is none, is not whole, or holds more than it may.
    """
    try:
        frame = zstandard.get_frame_parameters(data)
        if not 0 < frame.content_size <= MOST_BYTES:
            raise Problem("wire.bad_pack")
        opened = zstandard.ZstdDecompressor(max_window_size=MOST_BYTES).decompress(
            data, max_output_size=MOST_BYTES, allow_extra_data=False
        )
    except (zstandard.ZstdError, MemoryError) as error:
        raise Problem("wire.bad_pack") from error
    line, newline, body = opened.partition(b"\n")
    fields = Fields(read_canonical(line))
    fields.one_of("format", (FORMAT,))
    sizes = fields.integers("sizes", MOST_BLOBS)
    fields.finish()
    if not newline or sum(sizes) != len(body):
        raise Problem("wire.bad_pack")
    starts = itertools.accumulate(sizes, initial=0)
    return body, tuple(zip(starts, sizes, strict=False))


def _pack(blobs: Sequence[bytes]) -> bytes:
    head = canonical({"format": FORMAT, "sizes": [len(data) for data in blobs]})
    compressor = zstandard.ZstdCompressor(level=_LEVEL, write_content_size=True)
    return compressor.compress(b"\n".join([head, b"".join(blobs)]))
