"""Sending blobs in pieces, so that a cut costs at most one of them.

Rules: a blob is sent from the start at first; after any trouble the gateway is asked how much it has, and it
goes on from there. Pieces shrink when the line is bad and never grow beyond `LARGEST`. That a blob has
arrived is the gateway's claim: it checks the digest, and the receipt is what counts.
"""

from collections.abc import Callable

from xincai import clock
from xincai.sync.platform import Platform, Stored
from xincai.sync.trouble import Trouble
from xincai.wire.digest import sm3

LARGEST = 512 * 1024
SMALLEST = 16 * 1024


class Uploader:
    """Sends blobs to one gateway and tells how far it is."""

    def __init__(self, platform: Platform, watch: Callable[[int, int, float], None]) -> None:
        """Take the gateway and who is told (bytes done, bytes in all, bytes a second)."""
        self._platform = platform
        self._watch = watch
        self._piece = LARGEST
        self._unsure = False
        self._done = 0
        self._total = 0
        self._began = 0.0
        self.arrived = 0
        """Bytes that the gateway has said are there, over all blobs."""

    def expect(self, total: int) -> None:
        """So many bytes are to be sent now."""
        self._done, self._total, self._began = 0, total, clock.monotonic()

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
        """Send a pack of blobs, `size` bytes in all, unless that was done before."""
        digest, done = sm3(data), self._done
        if not (self._unsure and self._platform.open_pack(digest)):
            self._put(digest, data, size / len(data))
            if not self._platform.open_pack(digest):
                raise Trouble("sync.bad_reply")
        self._tell(done + size)

    def shrink(self) -> bool:
        """Use smaller pieces; False when they are the smallest already."""
        smaller = max(self._piece // 4, SMALLEST)
        changed, self._piece = smaller < self._piece, smaller
        return changed

    def after_trouble(self) -> None:
        """Ask what is there before sending more, and send less at a time."""
        self._unsure = True
        self.shrink()

    def _tell(self, done: int) -> None:
        self._done = done
        seconds = clock.monotonic() - self._began
        self._watch(done, self._total, done / seconds if seconds > 0 else 0.0)
