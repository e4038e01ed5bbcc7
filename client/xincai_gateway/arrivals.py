"""Series taken in: many blobs out of one body, each checked and enciphered as it comes, into one file.

Rules: the bytes are gone through once. Blobs that have come whole and good are kept together (`Store.keep`),
whatever becomes of the rest. A blob that is here already is passed over, and so is all that follows what was
not announced; the sender hears of trouble when all has come. What came of a blob before a cut stays, to be
gone on with as an upload.
"""

from collections import deque

from xincai.errors import Problem
from xincai.wire.digest import Sm3, sm3
from xincai.wire.series import MOST_HEAD, Listed, read_series_head
from xincai_gateway.blobs import Arriving
from xincai_gateway.store import Store


class Arrivals:
    """The blobs of one series, for one office. Close it, whatever happened."""

    def __init__(self, store: Store, office: str, size: int) -> None:
        """Take where blobs are kept and how long the whole body is."""
        self._store = store
        self._office = office
        self._size = size
        self._head: bytes | None = b""
        self._name = ""
        self._left: deque[Listed] = deque()
        self._here: frozenset[str] = frozenset()
        self._file: Arriving | None = None
        self._digest = Sm3()
        self._now: Listed = ("", 0)
        self._come = 0
        self._good: list[Listed] = []
        self._trouble: Problem | None = None

    def write(self, data: bytes) -> None:
        """Take the next bytes of the body."""
        try:
            if self._head is not None:
                data = self._begin(self._head + data)
            rest = memoryview(data)
            while rest and self._trouble is None:
                rest = rest[self._take(rest) :]
        except Problem as problem:
            self._trouble = problem

    def check(self) -> None:
        """Raise Problem when there was trouble, or the body ended early."""
        if self._trouble:
            raise self._trouble
        if self._head is not None or self._left or self._now[1] > self._come:
            raise Problem("wire.bad_series")

    def close(self) -> None:
        """Make durable what is good, and keep what was begun."""
        if self._file is None:
            return
        digest, size = self._now
        begun = self._come if digest not in self._here and self._come < size else 0
        first = self._file.last(begun) if begun else b""
        self._store.keep(self._office, self._file, self._good)
        if first:
            self._store.blobs.begin(self._office, digest, size, first)

    def _begin(self, data: bytes) -> bytes:
        """Read the first line once it is here; what follows it."""
        line, newline, rest = data.partition(b"\n")
        if not newline:
            if len(line) > MOST_HEAD:
                raise Problem("wire.bad_series")
            self._head = data
            return b""
        self._head = None
        self._left.extend(read_series_head(line, self._size))
        self._name = sm3(line)
        self._here = frozenset(self._store.sizes(self._office, [digest for digest, _ in self._left]))
        self._file = self._store.blobs.arriving(self._office, self._name)
        return rest

    def _take(self, data: memoryview) -> int:
        """Take what belongs to the blob whose turn it is; how many bytes that were."""
        if self._come == self._now[1]:
            if not self._left:
                raise Problem("wire.bad_series")
            self._now, self._come, self._digest = self._left.popleft(), 0, Sm3()
        name, size = self._now
        count = min(len(data), size - self._come)
        if name not in self._here and self._file is not None:
            piece = bytes(data[:count])
            self._file.write(piece)
            self._digest.update(piece)
        self._come += count
        if self._come == size and name not in self._here:
            self._end()
        return count

    def _end(self) -> None:
        """The present blob has come whole."""
        name, size = self._now
        if self._digest.hexdigest() != name:
            raise Problem("gateway.wrong_digest")
        self._good.append((name, size))
