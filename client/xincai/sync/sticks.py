"""Sticks: a batch written where somebody carries it to the gateway.

Rules: the intent stands in the vault first, as with the network. A stick gets lost: what is on it only the
gateway can read, except in practice. No file is larger than `PART`; a batch that does not fit goes into parts
that are taken in one by one, in any order. Each is written beside its final name, flushed, read back from the
stick itself and checked whole, and only then renamed. What is readable never touches a disk, nor is more of
it in memory than one attachment.
"""

import contextlib
import functools
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from xincai.errors import Problem
from xincai.sync.batches import blob
from xincai.sync.enrolment import enrolled
from xincai.sync.trust import trusted_keys
from xincai.vault import StoredBatch, Vault
from xincai.vault.header import sync_folder
from xincai.wire.container import PART, container_pieces, container_size, read_container, shares
from xincai.wire.envelope import check_seal, seal_envelope
from xincai.wire.manifest import Manifest, decode
from xincai.wire.suites import PrivateKey, PublicKey

_AROUND = 8192
"""What an envelope adds to a container, at most."""


def export_container(vault: Vault, manifest_id: str, folder: Path, limit: int = PART) -> tuple[Path, ...]:
    """Write a batch and the signer's public key into a folder; the files of the batch.

    They go into envelopes that only the gateway opens; in practice, where the gateway publishes no key for
    it, they stay open. Raises Problem `sync.no_envelope_key`, `sync.cannot_write`, `sync.stick_lies` when
    what was read back is not what was written, or `wire.too_large` when not even one attachment fits into
    `limit` bytes.
    """
    writing = _Writing.of(vault, manifest_id)
    parts = shares(writing.stored.manifest, limit=limit - _AROUND)
    manifest = writing.manifest
    name = f"xincai-{manifest.office}-{manifest.sequence:06}-{manifest_id[:8]}"
    numbers = [f"-{n}of{len(parts)}" for n in range(1, len(parts) + 1)] if len(parts) > 1 else [""]
    vault.mark_sending(manifest_id, way="stick")
    paths = tuple(folder / f"{name}{number}.zip" for number in numbers)
    try:
        for path, share in zip(paths, parts, strict=True):
            writing.write(path, share)
        (folder / f"{name}.pem").write_text(_public(vault).pem, encoding="ascii", newline="\n")
        sync_folder(folder)
    except OSError as error:
        raise Problem("sync.cannot_write", reason=error.strerror or "") from error
    return paths


@dataclass(frozen=True)
class _Writing:
    """A batch on its way to a stick, and the key that its envelopes are for."""

    vault: Vault
    stored: StoredBatch
    manifest: Manifest
    envelope: PublicKey | None

    @classmethod
    def of(cls, vault: Vault, manifest_id: str) -> "_Writing":
        stored = vault.batch(manifest_id)
        manifest = decode(stored.manifest)
        keys = trusted_keys(vault)
        envelope = keys.envelope() if keys and keys.gateway == manifest.recipient else None
        device = enrolled(vault)
        if envelope is None and not (device.practice and device.recipient == manifest.recipient):
            raise Problem("sync.no_envelope_key")
        return cls(vault, stored, manifest, envelope)

    def write(self, path: Path, share: Sequence[str]) -> None:
        """Write one part, and keep its name when it reads back as it was written."""
        partial = path.with_suffix(".part")
        try:
            with partial.open("wb") as file:
                mac_key = self._fill(file, share)
                file.flush()
                os.fsync(file.fileno())
                _forget(file)
            self._read_back(partial, mac_key)
            partial.replace(path)
        finally:
            with contextlib.suppress(OSError):
                partial.unlink(missing_ok=True)

    def _fill(self, file: BinaryIO, share: Sequence[str]) -> bytes:
        """Write a container, or an envelope around it; the key of its MAC, where it has one."""
        signatures = {self.stored.signer: self.stored.signature}
        find = functools.partial(blob, self.vault, self.manifest)
        pieces = container_pieces(self.stored.manifest, signatures, share, find)
        if self.envelope is None:
            file.writelines(pieces)
            return b""
        size = container_size(self.stored.manifest, signatures, share)
        return seal_envelope(pieces, size, file, self.manifest.recipient, self.envelope)

    def _read_back(self, path: Path, mac_key: bytes) -> None:
        try:
            if mac_key:
                check_seal(path, mac_key)
                return
            container = read_container(path)
        except Problem as problem:
            raise Problem("sync.stick_lies", file=path.with_suffix(".zip").name) from problem
        signed = {self.stored.signer: self.stored.signature}
        if (container.manifest_bytes, container.signatures) != (self.stored.manifest, signed):
            raise Problem("sync.stick_lies", file=path.with_suffix(".zip").name)


def _forget(file: BinaryIO) -> None:
    """Have the system drop what it remembers of a file, where it can, so that it is read from the stick."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _public(vault: Vault) -> PublicKey:
    device = enrolled(vault)
    return PrivateKey.load(device.suite, device.private_key).public
