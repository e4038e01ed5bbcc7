"""Where whole blobs stand, enciphered already: in a folder, or in the bucket of an S3-compatible store.

Rules: a depot knows bytes under a name and nothing of what they mean. `take` is whole or nothing, and durable
when it returns. A store that is away or refuses is a Problem; a blob that is not there is FileNotFoundError.

    s3://bucket/prefix?endpoint=https://host:port&region=R

Its keys come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
"""

import datetime
import errno
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import parse_qs, urlsplit

from xincai import clock
from xincai.errors import Problem
from xincai_gateway.files import flush_folder

if TYPE_CHECKING:
    from minio import Minio

_FULL = {errno.ENOSPC, errno.EDQUOT}
_FULL_THERE = {"EntityTooLarge", "InsufficientCapacity", "QuotaExceeded", "XMinioStorageFull"}
_AWAY_THERE = {"InternalError", "ServiceUnavailable", "SlowDown"}
_ABSENT = {"NoSuchKey", "NoSuchObject"}


class Depot(Protocol):
    """Whole blobs by name: `office/ab/abcd…`."""

    def size(self, name: str) -> int | None:
        """How many bytes stand under a name, or None."""

    def read(self, name: str, start: int = 0, size: int | None = None) -> bytes:
        """Bytes from `start` on, to the end or `size` of them."""

    def take(self, name: str, path: Path) -> None:
        """Move a flushed file in under a name; the file is gone then."""

    def drop(self, name: str) -> None:
        """Let go of what stands under a name, if anything does."""

    def older(self, before: datetime.datetime) -> Iterator[str]:
        """The names of what was taken in before a time, office by office."""

    def check(self) -> None:
        """Raise Problem when nothing can be kept here now."""


@dataclass(frozen=True)
class Folder:
    """A depot in a folder of this machine's disk."""

    folder: Path

    def size(self, name: str) -> int | None:
        try:
            return (self.folder / name).stat().st_size
        except FileNotFoundError:
            return None

    def read(self, name: str, start: int = 0, size: int | None = None) -> bytes:
        with disk(), (self.folder / name).open("rb") as file:
            file.seek(start)
            return file.read() if size is None else file.read(size)

    def take(self, name: str, path: Path) -> None:
        place = self.folder / name
        with disk():
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.replace(place)
            flush_folder(place.parent)

    def drop(self, name: str) -> None:
        (self.folder / name).unlink(missing_ok=True)

    def _came(self, name: str) -> float:
        """When it was taken in; what has just gone has just come."""
        try:
            with disk():
                return (self.folder / name).stat().st_mtime
        except FileNotFoundError:
            return clock.now().timestamp()

    def older(self, before: datetime.datetime) -> Iterator[str]:
        for office in sorted(self.folder.glob("*")):
            for path in office.glob("*/*"):
                name = path.relative_to(self.folder).as_posix()
                if self._came(name) < before.timestamp():
                    yield name

    def check(self) -> None:
        with disk():
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)


@dataclass(frozen=True)
class Bucket:
    """A depot in an S3-compatible store."""

    store: "Minio"
    bucket: str
    prefix: str

    def size(self, name: str) -> int | None:
        with suppress(FileNotFoundError), _answered():
            return self.store.stat_object(self.bucket, self.prefix + name).size
        return None

    def read(self, name: str, start: int = 0, size: int | None = None) -> bytes:
        if size == 0:
            return b""
        with _answered():
            reply = self.store.get_object(self.bucket, self.prefix + name, offset=start, length=size or 0)
            try:
                return reply.read()
            finally:
                reply.close()
                reply.release_conn()

    def take(self, name: str, path: Path) -> None:
        with _answered():
            self.store.fput_object(self.bucket, self.prefix + name, str(path))
        path.unlink()

    def drop(self, name: str) -> None:
        with _answered():
            self.store.remove_object(self.bucket, self.prefix + name)

    def older(self, before: datetime.datetime) -> Iterator[str]:
        with _answered():
            for found in self.store.list_objects(self.bucket, self.prefix, recursive=True):
                if found.last_modified is not None and found.last_modified < before:
                    yield str(found.object_name).removeprefix(self.prefix)

    def check(self) -> None:
        with _answered():
            if not self.store.bucket_exists(self.bucket):
                raise Problem("gateway.no_bucket", bucket=self.bucket)


def depot(folder: Path, url: str = "") -> Depot:
    """The depot of a gateway: its folder's `blobs`, or the bucket that the URL names."""
    if not url:
        return Folder(folder / "blobs")
    try:
        import urllib3
        from minio import Minio
        from minio.credentials.providers import (
            AWSConfigProvider,
            ChainedProvider,
            EnvAWSProvider,
            IamAwsProvider,
        )
    except ImportError as error:
        raise Problem("gateway.no_bucket_library") from error
    told = urlsplit(url)
    asked = {key: values[-1] for key, values in parse_qs(told.query).items()}
    endpoint = urlsplit(asked.get("endpoint", ""))
    if told.scheme != "s3" or not told.netloc or endpoint.scheme not in {"http", "https"}:
        raise Problem("gateway.bad_blob_url")
    prefix = told.path.strip("/")
    store = Minio(
        endpoint.netloc,
        secure=endpoint.scheme == "https",
        region=asked.get("region", "us-east-1"),
        credentials=ChainedProvider([EnvAWSProvider(), AWSConfigProvider(), IamAwsProvider()]),
        http_client=urllib3.PoolManager(
            maxsize=40,
            timeout=urllib3.Timeout(connect=5, read=60),
            retries=urllib3.Retry(2, backoff_factor=0.2),
        ),
    )
    found = Bucket(store, told.netloc, f"{prefix}/" if prefix else "")
    found.check()
    return found


@contextmanager
def disk() -> Iterator[None]:
    """Turn the disk's refusals into Problems."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        if error.errno in _FULL:
            raise Problem("gateway.storage_full") from error
        raise Problem("gateway.storage_fault", errno=error.errno or 0) from error


@contextmanager
def _answered() -> Iterator[None]:
    """Turn the store's refusals into Problems."""
    import urllib3.exceptions
    from minio.error import MinioException, S3Error

    try:
        yield
    except S3Error as error:
        if error.code in _ABSENT:
            raise FileNotFoundError(errno.ENOENT, error.code) from error
        if error.code in _FULL_THERE:
            raise Problem("gateway.storage_full") from error
        if error.code in _AWAY_THERE:
            raise Problem("gateway.bucket_away") from error
        raise Problem("gateway.bucket_refused", code=str(error.code)) from error
    except (MinioException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        raise Problem("gateway.bucket_away") from error
