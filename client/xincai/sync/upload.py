"""Sending blobs in pieces, so that a cut costs at most one of them.

Rules: a blob is sent from the start at first; after any trouble the gateway is asked how much it has, and it
goes on from there. Pieces shrink when the line is bad and never grow beyond `LARGEST`. A gateway that takes
series is sent many large blobs in one exchange: as many as go in `TAKE` seconds at the rate so far; what of
them was whole before a cut stays. That a blob has arrived is the gateway's claim: it checks the digest, and
the receipt is what counts.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping

from xincai import clock
from xincai.sync.platform import Platform, Stored
from xincai.sync.trouble import Trouble
from xincai.wire import series
from xincai.wire.digest import sm3

LARGEST = 512 * 1024
SMALLEST = 16 * 1024
TAKE = 10
_FIRST = 8
"""Pieces that the first series may hold."""
_LASTS = 2
"""Seconds that a piece takes where the upload has a bound, so that it can be told how far it is."""
Read = Callable[[str], Iterator[bytes]]


class Uploader:
    """Sends blobs to one gateway and tells how far it is."""

    def __init__(self, platform: Platform, watch: Callable[[int, int, float], None]) -> None:
        """Take the gateway and who is told (bytes done, bytes in all, bytes a second)."""
        self._platform = platform
        self._watch = watch
        self._piece = min(max(platform.limit * _LASTS, SMALLEST), LARGEST) if platform.limit else LARGEST
        self._unsure = False
        self._series = self._piece * _FIRST
        self._most = series.MOST_BYTES - series.MOST_HEAD
        self._done = 0
        self._total = 0
        self._before = 0
        self._began = 0.0
        self.arrived = 0
        """Bytes that the gateway has said are there, over all blobs."""

    def expect(self, total: int) -> None:
        """So many bytes are to be sent now; what was to be sent and is no more wanted has arrived."""
        self.arrived += max(self._total - (self.arrived - self._before) - total, 0)
        self._done, self._total, self._before, self._began = 0, total, self.arrived, clock.monotonic()

    def put(self, digest: str, data: bytes) -> None:
        """Send one blob until the gateway has all of it."""
        self._put(digest, data, 1.0)

    def _put(self, digest: str, data: bytes, weight: float) -> None:
        """Send bytes; each stands for `weight` bytes of what was expected."""
        stored = self._platform.stored(digest) if self._unsure else Stored(0, complete=False)
        base = self._done
        while not stored.complete:
            piece = data[stored.offset : stored.offset + self._piece]
            sent = self._platform.put_blob(digest, piece, stored.offset, len(data))
            if not sent.complete and (sent.offset > len(data) or sent.offset == stored.offset):
                raise Trouble("sync.bad_reply")
            self.arrived += max(sent.offset - stored.offset, 0)
            stored = sent
            self._tell(base + round(stored.offset * weight))
        self._tell(base + round(len(data) * weight))

    def put_pack(self, data: bytes, size: int) -> None:
        """Send a pack of blobs, `size` bytes in all: at once when it is no longer than a piece, else as a
        blob, unless that was done before.
        """
        digest, done = sm3(data), self._done
        brief = data if len(data) <= self._piece else b""
        if (brief or self._unsure) and self._platform.open_pack(digest, brief):
            self.arrived += len(brief)
        else:
            self._put(digest, data, size / len(data))
            if not self._platform.open_pack(digest):
                raise Trouble("sync.bad_reply")
        self._tell(done + size)

    def put_many(self, sizes: Mapping[str, int], read: Read) -> None:
        """Send blobs in series, each read when its turn comes; those too large for one go by themselves."""
        left = list(sizes)
        begun = bool(left) and self._unsure and self._platform.stored(left[0]).offset > 0
        while left:
            ends = itertools.accumulate(sizes[digest] for digest in left[: series.MOST_BLOBS])
            fitting = 0 if begun else sum(end <= self._series for end in ends)
            if fitting > 1:
                self._put_series([(digest, sizes[digest]) for digest in left[:fitting]], read)
            else:
                self.put(left[0], b"".join(read(left[0])))
            del left[: max(fitting, 1)]
            begun = False

    def _put_series(self, blobs: list[series.Listed], read: Read) -> None:
        head, before, began = series.series_head(blobs), self._done, clock.monotonic()
        size = sum(size for _, size in blobs)
        pieces = itertools.chain([head], self._told(piece for digest, _ in blobs for piece in read(digest)))
        self._platform.put_series(series.Body(len(head) + size, pieces))
        self.arrived += size
        self._done = before + size
        rate = size / max(clock.monotonic() - began, 0.001)
        self._series = min(self._most, max(self._series, int(rate * TAKE)))

    def _told(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """The pieces, each told when it has been handed to the line."""
        for piece in pieces:
            yield piece
            self._tell(self._done + len(piece))

    def shrink(self) -> bool:
        """Use smaller pieces and series; False when they are the smallest already."""
        before = (self._piece, self._series)
        self._piece = max(self._piece // 4, SMALLEST)
        self._most = self._series = max(self._series // 4, self._piece)
        return before != (self._piece, self._series)

    def after_trouble(self) -> None:
        """Ask what is there before sending more, and send less at a time."""
        self._unsure = True
        self.shrink()

    def _tell(self, done: int) -> None:
        self._done = done
        seconds = clock.monotonic() - self._began
        self._watch(done, self._total, done / seconds if seconds > 0 else 0.0)
