"""Blobs: named by their SM3, one folder per office, uploads resumable by offset.

Rules: a blob is complete only under its own digest, checked over the whole file and flushed before it gets
its name; until then its bytes grow in `incoming/`, and what arrived before a cut stays. The last writer to
come has the upload; an earlier one, in this process or another, finds itself replaced. An office sees its
own blobs only. Files are enciphered at rest (`cipher.py`); each begins with its nonce and the length of the
whole.

    <depot>/<office>/<first two digits>/<sm3>        incoming/<office>/<sm3>, and who writes it: <sm3>.writer
"""

import contextlib
import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

from xincai import clock
from xincai.errors import Problem
from xincai.wire.digest import Sm3
from xincai_gateway import cipher
from xincai_gateway.depots import Depot, disk
from xincai_gateway.depots import depot as at
from xincai_gateway.files import alone, create_once, flush

MAX_BLOB = 64 * 1024 * 1024
ABANDONED = datetime.timedelta(days=7)
_HEAD = cipher.NONCE + 8
_PIECE = 1 << 20


@dataclass(frozen=True)
class Standing:
    """How far an upload is."""

    offset: int
    length: int
    complete: bool


class Blobs:
    """The blobs of all offices."""

    def __init__(self, folder: Path, *, limit: int = MAX_BLOB, url: str = "") -> None:
        """Whole blobs stand in the folder, or in the bucket that `url` names (`depots`)."""
        self.depot: Depot = at(folder, url)
        self._incoming = folder / "incoming"
        self._limit = limit
        self._key = bytes.fromhex(
            create_once(folder / "blobs.key", clock.random_bytes(cipher.KEY).hex().encode()).decode()
        )

    def standing(self, office: str, sm3: str) -> Standing | None:
        """How far this blob is, or None when nothing of it is here."""
        size = self.size(office, sm3)
        if size is not None:
            return Standing(size, size, complete=True)
        try:
            with self._part(office, sm3).open("rb") as file:
                head = file.read(_HEAD)
                offset = file.seek(0, 2) - _HEAD
        except FileNotFoundError:
            return None
        return Standing(offset, _length(head), complete=False) if len(head) == _HEAD else None

    def size(self, office: str, sm3: str) -> int | None:
        """The size of a complete blob, or None."""
        size = self.depot.size(_name(office, sm3))
        return None if size is None else size - _HEAD

    def create(self, office: str, sm3: str, length: int) -> None:
        """Begin an upload at offset 0, dropping what an earlier one brought."""
        self._check(length)
        part = self._part(office, sm3)
        with disk():
            fresh = self._fresh(part)
            fresh.write_bytes(_head(length))
            fresh.replace(part)
            _writer(part).unlink(missing_ok=True)

    def upload(self, office: str, sm3: str, offset: int) -> "Upload":
        """Go on with an upload at its stored offset; raise Problem `gateway.wrong_offset` at any other."""
        standing = self.standing(office, sm3)
        if standing is None:
            raise Problem("gateway.blob_unknown")
        if standing.complete or standing.offset != offset:
            raise Problem("gateway.wrong_offset", offset=standing.offset)
        with disk():
            try:
                return Upload(self._part(office, sm3), self._key, standing)
            except FileNotFoundError as error:  # a neighbour, who sends the same, has just finished it
                raise Problem("gateway.upload_replaced") from error

    def finish(self, office: str, sm3: str) -> None:
        """Check a whole upload and give it its name; drop it and raise Problem when its digest differs."""
        part = self._part(office, sm3)
        claimed = self._fresh(part)
        with disk():
            try:
                part.rename(claimed)
            except FileNotFoundError:
                if self.size(office, sm3) is not None:
                    return
                raise Problem("gateway.blob_unknown") from None
            _writer(part).unlink(missing_ok=True)
            with claimed.open("rb+") as file, alone(file.fileno()):
                good = _digest(_plain(file, self._key)) == sm3
                if good:
                    flush(file.fileno())
            if not good:
                claimed.unlink()
                raise Problem("gateway.wrong_digest")
        self._place(claimed, office, sm3)

    def put(self, office: str, sm3: str, data: bytes) -> None:
        """Keep a blob that is here as a whole; raise Problem when its digest differs."""
        if self.size(office, sm3) is not None:
            return
        self._check(len(data))
        if _digest([data]) != sm3:
            raise Problem("gateway.wrong_digest")
        head = _head(len(data))
        fresh = self._fresh(self._part(office, sm3))
        with disk(), fresh.open("xb") as file:
            file.write(head + cipher.crypt(self._key, head[: cipher.NONCE], 0, data))
            file.flush()
            flush(file.fileno())
        self._place(fresh, office, sm3)

    def arriving(self, office: str, name: str) -> "Arriving":
        """Begin a file of several blobs, in which nobody else writes."""
        with disk():
            return Arriving(self._fresh(self._part(office, name)), self._key)

    def keep(self, office: str, name: str, arrived: "Arriving", size: int) -> None:
        """Flush the first bytes of a file of several blobs and give it its name; the rest goes."""
        with disk():
            arrived.flush(size)
        if self.size(office, name) is None:
            self._place(arrived.path, office, name)
        else:
            arrived.path.unlink()

    def begin(self, office: str, sm3: str, length: int, data: bytes) -> None:
        """Keep the first bytes of a blob, to be gone on with as an upload."""
        self.create(office, sm3, length)
        with self.upload(office, sm3, 0) as upload:
            upload.write(data)

    def read(self, office: str, sm3: str) -> bytes:
        """The bytes of a complete blob; raise Problem when it is not here or the disk changed it."""
        try:
            whole = self.depot.read(_name(office, sm3))
        except FileNotFoundError as error:
            raise Problem("gateway.blob_unknown") from error
        data = cipher.crypt(self._key, whole[: cipher.NONCE], 0, whole[_HEAD:])
        if _digest([data]) != sm3:
            raise Problem("gateway.blob_damaged", sm3=sm3)
        return data

    def stretch(self, office: str, sm3: str, start: int, size: int | None) -> bytes:
        """Some bytes out of a complete blob, or all from `start` on, which the caller checks; raise Problem
        when it is not here.
        """
        name = _name(office, sm3)
        try:
            nonce = self.depot.read(name, 0, cipher.NONCE)
            return cipher.crypt(self._key, nonce, start, self.depot.read(name, _HEAD + start, size))
        except FileNotFoundError as error:
            raise Problem("gateway.blob_unknown") from error

    def drop(self, office: str, sm3: str) -> None:
        """Let go of a complete blob that nothing needs any more."""
        self.depot.drop(_name(office, sm3))

    def older(self, before: datetime.datetime) -> Iterator[tuple[str, str]]:
        """Office and name of the complete blobs that came before a time, office by office."""
        for name in self.depot.older(before):
            office, _, sm3 = name.split("/")
            yield office, sm3

    def sweep(self) -> int:
        """Drop uploads that nobody went on with for a week; how many."""
        oldest = (clock.now() - ABANDONED).timestamp()
        stale = [path for path in self._incoming.glob("*/*") if path.stat().st_mtime < oldest]
        for path in stale:
            path.unlink(missing_ok=True)
        return len(stale)

    def _check(self, length: int) -> None:
        if length > self._limit:
            raise Problem("gateway.blob_too_large", limit=self._limit)

    def _part(self, office: str, sm3: str) -> Path:
        return self._incoming / office / sm3

    def _fresh(self, part: Path) -> Path:
        """A name beside a part that nobody else has."""
        part.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return part.with_name(f"{part.name}.{clock.new_id()}")

    def _place(self, whole: Path, office: str, sm3: str) -> None:
        try:
            self.depot.take(_name(office, sm3), whole)
        except BaseException:
            # the upload can go on from its last byte when the depot is back
            with contextlib.suppress(FileNotFoundError):
                whole.replace(self._part(office, sm3))
            raise


class Upload:
    """One writer at one upload. Use as a context; every `write` is on its way to the disk when it returns."""

    def __init__(self, part: Path, key: bytes, standing: Standing) -> None:
        self._writer = _writer(part)
        self._id = clock.new_id().encode()
        self._writer.write_bytes(self._id)
        self._file = part.open("rb+", buffering=0)
        self._nonce = self._file.read(_HEAD)[: cipher.NONCE]
        self._file.seek(_HEAD + standing.offset)
        self._key = key
        self.offset = standing.offset
        self.length = standing.length

    def write(self, data: bytes) -> None:
        """Append; raise Problem when a later writer came or the bytes are more than announced."""
        if self.offset + len(data) > self.length:
            raise Problem("gateway.blob_too_long", length=self.length)
        rest = memoryview(cipher.crypt(self._key, self._nonce, self.offset, data))
        with disk(), alone(self._file.fileno()):
            if not self._mine():
                raise Problem("gateway.upload_replaced")
            while rest:
                written = self._file.write(rest) or 0
                self.offset += written
                rest = rest[written:]

    def _mine(self) -> bool:
        try:
            return self._writer.read_bytes() == self._id
        except FileNotFoundError:
            return False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


class Arriving:
    """A file of several blobs on its way in, which the caller checks."""

    def __init__(self, path: Path, key: bytes) -> None:
        self.path = path
        self._key = key
        self._offset = 0
        head = _head(0)
        self._nonce = head[: cipher.NONCE]
        self._crypt = cipher.crypt_on(key, self._nonce)
        self._file = path.open("xb+")
        self._file.write(head)

    def write(self, data: bytes) -> None:
        with disk():
            self._file.write(self._crypt(data))
        self._offset += len(data)

    def last(self, size: int) -> bytes:
        """The last bytes that were written."""
        start = self._offset - size
        self._file.seek(_HEAD + start)
        return cipher.crypt(self._key, self._nonce, start, self._file.read(size))

    def flush(self, size: int) -> None:
        """Let go of all but the first bytes, and wait until the disk has them."""
        with self._file as file:
            file.truncate(_HEAD + size)
            flush(file.fileno())

    def drop(self) -> None:
        self._file.close()
        self.path.unlink(missing_ok=True)


def _name(office: str, sm3: str) -> str:
    return f"{office}/{sm3[:2]}/{sm3}"


def _writer(part: Path) -> Path:
    return part.with_name(f"{part.name}.writer")


def _head(length: int) -> bytes:
    return clock.random_bytes(cipher.NONCE) + length.to_bytes(_HEAD - cipher.NONCE)


def _length(head: bytes) -> int:
    return int.from_bytes(head[cipher.NONCE : _HEAD])


def _plain(file: BinaryIO, key: bytes) -> Iterator[bytes]:
    nonce = file.read(_HEAD)[: cipher.NONCE]
    offset = 0
    while piece := file.read(_PIECE):
        yield cipher.crypt(key, nonce, offset, piece)
        offset += len(piece)


def _digest(pieces: "Iterator[bytes] | list[bytes]") -> str:
    digest = Sm3()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()
