"""What a stick brings back besides receipts: the signed index, and the files it names.

Rules: whom to visit is nobody else's business, so all of it is in an envelope that only the device opens,
with the key that it signs with. What is inside begins with one line, the signed index; the files follow in
the index's order, and how long each is stands in the index. A parcel is small enough to be opened in memory:
one that would not be is not made. Whether the index may be used is for `wire.index` to say.
"""

import io
from collections.abc import Callable, Iterator
from pathlib import Path

from xincai.errors import Problem
from xincai.wire.canonical import MAX_BYTES, strict_json
from xincai.wire.envelope import open_envelope, seal_envelope
from xincai.wire.index import File, decode_index
from xincai.wire.keys import SignedDocument
from xincai.wire.suites import PrivateKey, PublicKey

MOST = 64 * 1024 * 1024
"""Bytes of a parcel."""


def parcel_path(receipts: Path) -> Path:
    """Where the parcel lies that belongs to a file of receipts."""
    return receipts.with_name(f"{receipts.stem}-published.zip")


def write_parcel(
    path: Path, signed: SignedDocument, find: Callable[[str], bytes], device: str, key: PublicKey
) -> bool:
    """Seal an index and its files, found by their digests, for a device; False when they are too many bytes.

    Raises Problem `wire.unknown_suite` when nothing can be sealed for the key.
    """
    from xincai.wire.messages import SignedModel

    files = decode_index(signed.data).files()
    head = SignedModel.of(signed).model_dump_json().encode() + b"\n"
    size = len(head) + sum(file.size for file in files)
    if size > MOST:
        return False

    def pieces() -> Iterator[bytes]:
        yield head
        for file in files:
            yield find(file.sm3)

    with path.open("wb") as out:
        seal_envelope(pieces(), size, out, device, key)
    return True


class Parcel:
    """An opened parcel: its index, not yet trusted, and then the files in their order."""

    def __init__(self, path: Path, device: str, key: PrivateKey) -> None:
        """Open it; raise Problem when it was changed or is not for this device."""
        from pydantic import ValidationError

        from xincai.wire.messages import SignedModel

        self._inside = io.BytesIO()
        if path.stat().st_size > MOST + MAX_BYTES:
            raise Problem("wire.bad_envelope")
        open_envelope(path, self._inside, device, key)
        self._inside.seek(0)
        try:
            line = strict_json(self._inside.readline(2 * MAX_BYTES), limit=2 * MAX_BYTES)
            self.index = SignedModel.model_validate(line).document()
        except (Problem, ValidationError) as error:
            raise Problem("wire.bad_envelope") from error

    def read(self, file: File) -> bytes:
        """The next file."""
        return self._inside.read(file.size)
