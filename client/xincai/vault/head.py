"""`head.json`: how far the history had come, in a file of its own beside the vault.

Written after each commit that added events: number and digest of the last one and the number of the
transaction, under a MAC. So a vault put back as an older copy, or one whose journal was deleted after a cut,
is behind what the file tells, and is found at the next opening.

Rules: it is never ahead of a vault that is whole, because the commit is durable first; to be behind is
nothing: a cut between the two, or a disk that refuses. It holds no name. Its key is in the vault, made once.
"""

import contextlib
import hmac
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from xincai import clock
from xincai.errors import Problem
from xincai.vault import header as headers
from xincai.vault.connection import Cursor
from xincai.wire.digest import hmac_sm3

NAME: Final = "head.json"
FORMAT: Final = "xincai-head-1"
KEY: Final = "head"
_LARGEST: Final = 4096


@dataclass(frozen=True)
class Head:
    """Number and digest of the last event, and the transaction that added it."""

    events: int
    sm3: str
    ticket: int


def key_of(cursor: Cursor) -> bytes | None:
    """The key that the file is signed with; None in a vault that never had one."""
    row = cursor.first("SELECT secret FROM secrets WHERE name = ?", KEY)
    return row.blob("secret") if row else None


def new_key(cursor: Cursor) -> bytes:
    """Make the key."""
    key = clock.random_bytes(32)
    cursor.insert("secrets", name=KEY, secret=key)
    return key


def read(folder: Path, vault_id: str, key: bytes) -> Head | None:
    """What the file tells; None when there is none, or a cut left a ruin of it.

    Raises Problem `vault.head_altered` when it is not this vault's word.
    """
    try:
        with (folder / NAME).open("rb") as file:
            data = file.read(_LARGEST)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise headers.disk_problem(error) from error
    try:
        told = json.loads(data)
    except (ValueError, RecursionError):
        return None
    try:
        mac = str(told.pop("mac"))
        if not hmac.compare_digest(mac, hmac_sm3(key, _canonical(told))) or told["vault"] != vault_id:
            raise Problem("vault.head_altered")
        return Head(int(told["events"]), str(told["sm3"]), int(told["ticket"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Problem("vault.head_altered") from error


def write(folder: Path, vault_id: str, key: bytes, head: Head) -> None:
    """Write the file whole or not at all; a disk that refuses leaves the one before."""
    told: dict[str, object] = {
        "format": FORMAT,
        "vault": vault_id,
        "events": head.events,
        "sm3": head.sm3,
        "ticket": head.ticket,
    }
    data = json.dumps({**told, "mac": hmac_sm3(key, _canonical(told))}, sort_keys=True).encode() + b"\n"
    temporary = folder / f"{NAME}.new"
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(folder / NAME)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def _canonical(told: dict[str, object]) -> bytes:
    return json.dumps(told, sort_keys=True, separators=(",", ":")).encode()
