"""The vault's small header: `vault.json` and its second copy `vault.json.bak`.

It holds no name and nothing secret: the vault's id, the salt of its file, and the wrapped data key once per
slot. A vault of one has two slots, passphrase and recovery; with more than that the header is of a later
format, which an earlier program refuses as newer.

Rules: a copy is written as temp file, fsync, rename, fsync of the folder; the first copy before the second.
The plain `sum` finds accidents before any passphrase is asked; the keyed `mac` finds forgery once the data
key is known. Either copy heals the other; of two good ones the later revision counts. A header whose salt
is not the file's belongs to another vault.
"""

import contextlib
import dataclasses
import errno
import hashlib
import hmac
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, get_args

from xincai import clock
from xincai.errors import Problem
from xincai.vault.keys import (
    NONCE_SIZE,
    PRIVATE_SIZE,
    SALT_SIZE,
    WRAPPED_SIZE,
    KdfParams,
    Slot,
    SlotKind,
    header_mac,
)

FORMAT: Final = "xincai-vault-1"
PEOPLE: Final = "xincai-vault-1-people"
_PUBLIC_SIZE: Final = 64
_ENVELOPES: Final = range(100, 256)
STEM: Final = "vault"
NAME: Final = f"{STEM}.json"
COPY: Final = f"{STEM}.json.bak"
_LARGEST: Final = 64 * 1024


@dataclass(frozen=True)
class Header:
    """What must be known before the vault can be opened."""

    vault_id: str
    created: str
    file_salt: bytes
    revision: int
    slots: tuple[Slot, ...]
    mac: str = ""

    def slot(self, kind: SlotKind) -> Slot:
        """The first slot of a kind, which is there: one of the two that every vault has."""
        return next(slot for slot in self.slots if slot.kind == kind)

    def find(self, kind: SlotKind, holder: str = "") -> Slot | None:
        """The slot of a kind that is somebody's, if there is one."""
        return next((slot for slot in self.slots if (slot.kind, slot.holder) == (kind, holder)), None)

    def all(self, kind: SlotKind) -> tuple[Slot, ...]:
        return tuple(slot for slot in self.slots if slot.kind == kind)

    def with_slot(self, slot: Slot) -> "Header":
        """The next revision, in which a slot is in place of the same person's of its kind, or new."""
        place = (slot.kind, slot.holder)
        slots = tuple(slot if (old.kind, old.holder) == place else old for old in self.slots)
        return self.with_slots(slots if slot in slots else (*slots, slot))

    def with_slots(self, slots: tuple[Slot, ...]) -> "Header":
        """The next revision, with these slots."""
        return dataclasses.replace(self, slots=slots, revision=self.revision + 1, mac="")

    def sealed(self, data_key: bytes) -> "Header":
        """The same with its MAC."""
        return dataclasses.replace(self, mac=header_mac(data_key, _canonical(self)))

    def genuine(self, data_key: bytes) -> bool:
        return hmac.compare_digest(
            self.mac.encode(errors="replace"), header_mac(data_key, _canonical(self)).encode()
        )


def encode(header: Header) -> bytes:
    """The bytes of one copy."""
    document = {**_document(header), "mac": header.mac}
    return (json.dumps({**document, "sum": _sum(document)}, indent=1, sort_keys=True) + "\n").encode()


def decode(data: bytes) -> Header | None:
    """The header in these bytes; None when they are damaged; Problem when a newer program wrote them."""
    try:
        document = json.loads(data)
        total = document.pop("sum")
        if total != _sum(document):
            return None
        if document["format"] not in {FORMAT, PEOPLE}:
            raise Problem("vault.newer")
        slots = tuple(_slot(slot) for slot in document["slots"])
        if not _is_sound(slots) or document["format"] != _format(slots):
            return None
        return Header(
            vault_id=str(document["vault"]),
            created=str(document["created"]),
            file_salt=bytes.fromhex(document["salt"]),
            revision=int(document["revision"]),
            slots=slots,
            mac=str(document["mac"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def read(folder: Path, file_salt: bytes) -> list[Header]:
    """Good copies, the one to trust first; Problem when there is none."""
    found = [_read_copy(folder / name) for name in (NAME, COPY)]
    if all(copy is None for copy in found):
        raise Problem("vault.header_lost")
    headers = [header for copy in found if copy is not None and (header := decode(copy)) is not None]
    if not headers:
        raise Problem("vault.header_damaged")
    return sorted(headers, key=lambda header: (header.file_salt != file_salt, -header.revision))


def tells_of(folder: Path, kind: SlotKind) -> bool:
    """Whether a header that can be read has a slot of a kind; nothing is proven by it."""
    for name in (NAME, COPY):
        with contextlib.suppress(Problem):
            data = _read_copy(folder / name)
            header = decode(data) if data is not None else None
            if header is not None and header.all(kind):
                return True
    return False


def write(folder: Path, header: Header) -> None:
    """Write both copies durably; once the first stands, the header has changed."""
    write_file(folder / NAME, encode(header))
    with contextlib.suppress(Problem):  # the next opening heals it
        write_file(folder / COPY, encode(header))


def heal(folder: Path, header: Header) -> None:
    """Bring both copies to a header that has proven good; a folder that cannot be written stays as it is."""
    data = encode(header)
    for name in (NAME, COPY):
        with contextlib.suppress(Problem):
            if _read_copy(folder / name) != data:
                write_file(folder / name, data)
        with contextlib.suppress(OSError):  # what a cut left of a copy
            _unfinished(folder / name).unlink(missing_ok=True)


def write_file(path: Path, data: bytes) -> None:
    """Replace a file so that a cut leaves the old one or the new one, never a part.

    Raises Problem; `vault.unsure` when the new one stands but might not outlive a power cut.
    """
    temporary = _unfinished(path)
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        replace(temporary, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise disk_problem(error) from error
    try:
        sync_folder(path.parent)
    except OSError as error:
        raise Problem("vault.unsure") from error


def _unfinished(path: Path) -> Path:
    return path.with_name(f"{path.name}.new")


def replace(source: Path, target: Path) -> None:
    """Rename over; wait a little for anti-virus software that holds the target open, as Windows allows it."""
    for pause in (0.05, 0.2, 0.8):
        try:
            source.replace(target)
        except PermissionError:
            if os.name != "nt":
                raise
            clock.pause(pause)
        else:
            return
    source.replace(target)


def sync_folder(folder: Path) -> None:
    """Make renames in a folder durable, where the system has a way."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def disk_problem(error: OSError) -> Problem:
    """What a person is told about a failed write."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return Problem("vault.disk_full")
    if error.errno in {errno.EROFS, errno.EACCES, errno.EPERM}:
        return Problem("vault.read_only")
    return Problem("vault.disk_error")


def _read_copy(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Problem("vault.disk_error") from error


def _document(header: Header) -> dict[str, object]:
    return {
        "format": _format(header.slots),
        "vault": header.vault_id,
        "created": header.created,
        "salt": header.file_salt.hex(),
        "revision": header.revision,
        "slots": [_slot_document(slot) for slot in header.slots],
    }


def _canonical(header: Header) -> bytes:
    return json.dumps(_document(header), sort_keys=True, separators=(",", ":")).encode()


def _sum(document: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(document, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _format(slots: tuple[Slot, ...]) -> str:
    plain = sorted(slot.kind for slot in slots) == ["passphrase", "recovery"]
    return FORMAT if plain and not any(slot.holder or slot.public for slot in slots) else PEOPLE


def _is_sound(slots: tuple[Slot, ...]) -> bool:
    """Somebody's passphrase, one recovery code, at most one escrow, and nobody twice."""
    kinds = [slot.kind for slot in slots]
    places = {(slot.kind, slot.holder) for slot in slots}
    return (
        len(places) == len(slots)
        and "passphrase" in kinds
        and kinds.count("recovery") == 1
        and kinds.count("escrow") <= 1
    )


def _slot_document(slot: Slot) -> dict[str, object]:
    if slot.kind == "escrow":
        return {"kind": slot.kind, "public": slot.public.hex(), "wrapped": slot.wrapped.hex()}
    paired = {"public": slot.public.hex(), "private": slot.private.hex()} if slot.public else {}
    held = {"holder": slot.holder} if slot.holder else {}
    return {
        **held,
        **paired,
        "kind": slot.kind,
        "kdf": {
            "name": "argon2id",
            "memory_kib": slot.params.memory_kib,
            "time": slot.params.time,
            "lanes": slot.params.lanes,
            "testing": slot.params.testing,
        },
        "salt": slot.salt.hex(),
        "nonce": slot.nonce.hex(),
        "wrapped": slot.wrapped.hex(),
    }


def _slot(document: Mapping[str, object]) -> Slot:
    kind = _kind(document["kind"])
    wrapped, public = _hex(document, "wrapped"), _hex(document, "public")
    if public and (len(public) != _PUBLIC_SIZE or len(wrapped) not in _ENVELOPES):
        raise ValueError("not an envelope's sizes")
    if kind == "escrow":
        if not public:
            raise ValueError("an escrow to nobody")
        return Slot(kind, KdfParams(), b"", b"", wrapped, "", public)
    kdf = document["kdf"]
    if not isinstance(kdf, dict) or kdf["name"] != "argon2id":
        raise ValueError("unknown slot")
    params = KdfParams(
        int(kdf["memory_kib"]), int(kdf["time"]), int(kdf["lanes"]), testing=kdf["testing"] is True
    )
    salt, nonce, private = (_hex(document, name) for name in ("salt", "nonce", "private"))
    inner = PRIVATE_SIZE if public else WRAPPED_SIZE
    if (len(salt), len(nonce), len(private or wrapped)) != (SALT_SIZE, NONCE_SIZE, inner):
        raise ValueError("not a slot's sizes")
    return Slot(kind, params, salt, nonce, wrapped, str(document.get("holder", "")), public, private)


def _kind(told: object) -> SlotKind:
    kinds: tuple[SlotKind, ...] = get_args(SlotKind)
    for kind in kinds:
        if told == kind:
            return kind
    raise ValueError("unknown slot")


def _hex(document: Mapping[str, object], name: str) -> bytes:
    return bytes.fromhex(str(document.get(name, "")))
