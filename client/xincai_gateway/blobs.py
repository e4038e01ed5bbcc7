"""Where blobs stand: files named by their SM3, one folder per office, uploads resumable by offset.

Rules: a blob is complete only under its own digest, checked over the whole file and flushed before it gets
its name; until then its bytes grow in `incoming/`, and what arrived before a cut stays. The last writer to
come has the upload; an earlier one finds itself replaced. An office sees its own blobs only. Files are
enciphered at rest (`cipher.py`); each begins with its nonce and the length of the whole.

    blobs/<office>/<first two digits>/<sm3>          incoming/<office>/<sm3>
"""

import datetime
import errno
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

from xincai import clock
from xincai.errors import Problem
from xincai.wire.digest import Sm3
from xincai_gateway import cipher
from xincai_gateway.files import create_once, flush, flush_folder

MAX_BLOB = 64 * 1024 * 1024
ABANDONED = datetime.timedelta(days=7)
_HEAD = cipher.NONCE + 8
_PIECE = 1 << 20
_FULL = {errno.ENOSPC, errno.EDQUOT}


@dataclass(frozen=True)
class Standing:
    """How far an upload is."""

    offset: int
    length: int
    complete: bool


class Blobs:
    """The blobs of all offices in one folder."""

    def __init__(self, folder: Path, *, limit: int = MAX_BLOB) -> None:
        self._whole = folder / "blobs"
        self._incoming = folder / "incoming"
        self._limit = limit
        self._key = bytes.fromhex(
            create_once(folder / "blobs.key", clock.random_bytes(cipher.KEY).hex().encode()).decode()
        )
        self._writers: dict[Path, Upload] = {}

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
        try:
            return self._place(office, sm3).stat().st_size - _HEAD
        except FileNotFoundError:
            return None

    def create(self, office: str, sm3: str, length: int) -> None:
        """Begin an upload at offset 0, dropping what an earlier one brought."""
        if length > self._limit:
            raise Problem("gateway.blob_too_large", limit=self._limit)
        part = self._part(office, sm3)
        with _storage():
            part.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._writers.pop(part, None)
            part.write_bytes(clock.random_bytes(cipher.NONCE) + length.to_bytes(8))

    def upload(self, office: str, sm3: str, offset: int) -> "Upload":
        """Go on with an upload at its stored offset; raise Problem `gateway.wrong_offset` at any other."""
        part = self._part(office, sm3)
        standing = self.standing(office, sm3)
        if standing is None:
            raise Problem("gateway.blob_unknown")
        if standing.complete or standing.offset != offset:
            raise Problem("gateway.wrong_offset", offset=standing.offset)
        with _storage():
            self._writers[part] = Upload(part, self._key, standing, self._writers)
            return self._writers[part]

    def finish(self, office: str, sm3: str) -> None:
        """Check a whole upload and give it its name; drop it and raise Problem when its digest differs."""
        part = self._part(office, sm3)
        claimed = part.with_name(f"{sm3}.{clock.new_id()}")
        with _storage():
            try:
                part.rename(claimed)
            except FileNotFoundError:
                if self.size(office, sm3) is not None:
                    return
                raise Problem("gateway.blob_unknown") from None
            with claimed.open("rb+") as file:
                good = _digest(_plain(file, self._key)) == sm3
                if good:
                    flush(file.fileno())
            if not good:
                claimed.unlink()
                raise Problem("gateway.wrong_digest")
            place = self._place(office, sm3)
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            claimed.replace(place)
            flush_folder(place.parent)

    def put(self, office: str, sm3: str, data: bytes) -> None:
        """Keep a blob that is here as a whole."""
        if self.size(office, sm3) is None:
            self.create(office, sm3, len(data))
            with self.upload(office, sm3, 0) as upload:
                upload.write(data)
            self.finish(office, sm3)

    def read(self, office: str, sm3: str) -> bytes:
        """The bytes of a complete blob; raise Problem when it is not here or the disk changed it."""
        try:
            with _storage(), self._place(office, sm3).open("rb") as file:
                data = b"".join(_plain(file, self._key))
        except FileNotFoundError as error:
            raise Problem("gateway.blob_unknown") from error
        if _digest([data]) != sm3:
            raise Problem("gateway.blob_damaged", sm3=sm3)
        return data

    def stretch(self, office: str, sm3: str, start: int, size: int) -> bytes:
        """Some bytes out of a complete blob, which the caller checks; raise Problem when it is not here."""
        try:
            with _storage(), self._place(office, sm3).open("rb") as file:
                nonce = file.read(_HEAD)[: cipher.NONCE]
                file.seek(_HEAD + start)
                return cipher.crypt(self._key, nonce, start, file.read(size))
        except FileNotFoundError as error:
            raise Problem("gateway.blob_unknown") from error

    def drop(self, office: str, sm3: str) -> None:
        """Let go of a complete blob that nothing needs any more."""
        self._place(office, sm3).unlink(missing_ok=True)

    def sweep(self) -> int:
        """Drop uploads that nobody went on with for a week; how many."""
        oldest = (clock.now() - ABANDONED).timestamp()
        stale = [path for path in self._incoming.glob("*/*") if path.stat().st_mtime < oldest]
        for path in stale:
            path.unlink(missing_ok=True)
        return len(stale)

    def _place(self, office: str, sm3: str) -> Path:
        return self._whole / office / sm3[:2] / sm3

    def _part(self, office: str, sm3: str) -> Path:
        return self._incoming / office / sm3


class Upload:
    """One writer at one upload. Use as a context; every `write` is on its way to the disk when it returns."""

    def __init__(self, part: Path, key: bytes, standing: Standing, writers: "dict[Path, Upload]") -> None:
        self._file = part.open("rb+", buffering=0)
        self._nonce = self._file.read(_HEAD)[: cipher.NONCE]
        self._file.seek(0, 2)
        self._part = part
        self._key = key
        self._writers = writers
        self.offset = standing.offset
        self.length = standing.length

    def write(self, data: bytes) -> None:
        """Append; raise Problem when a later writer came or the bytes are more than announced."""
        if self._writers.get(self._part) is not self:
            raise Problem("gateway.upload_replaced")
        if self.offset + len(data) > self.length:
            raise Problem("gateway.blob_too_long", length=self.length)
        rest = memoryview(cipher.crypt(self._key, self._nonce, self.offset, data))
        with _storage():
            while rest:
                written = self._file.write(rest) or 0
                self.offset += written
                rest = rest[written:]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        if self._writers.get(self._part) is self:
            del self._writers[self._part]


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


@contextmanager
def _storage() -> Iterator[None]:
    """Turn the disk's refusals into Problems."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        if error.errno in _FULL:
            raise Problem("gateway.storage_full") from error
        raise Problem("gateway.storage_fault", errno=error.errno or 0) from error
