"""`head.json`: how far the history had come, in a file of its own beside the vault.

Written after each commit that added events: number and digest of the last one and the number of the
transaction, under a MAC. So a vault put back as an older copy, or one whose journal was deleted after a cut,
is behind what the file tells, and is found at the next opening.

Rules: it is never ahead of a vault that is whole, because the commit is durable first; to be behind is
nothing: a cut between the two, a disk that refuses, a power cut before the system wrote the line out. So
nobody waits for the disk here: two lines of one sector each are written turn about, in place, and a line
that was cut leaves the other. Only at opening is the file made whole and durable. It holds no name. Its key
is in the vault, made once.
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
from xincai.vault.cursor import Cursor
from xincai.wire.digest import hmac_sm3

NAME: Final = "head.json"
FORMAT: Final = "xincai-head-1"
KEY: Final = "head"
_LARGEST: Final = 4096
_IN_PLACE: Final[int] = os.O_RDWR | getattr(os, "O_BINARY", 0)
_LINE: Final = 512
"""Bytes of a line: a sector, which a disk writes whole or not at all."""


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

    Raises Problem `vault.head_altered` when what it tells is not this vault's word.
    """
    try:
        with (folder / NAME).open("rb") as file:
            data = file.read(_LARGEST)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise headers.disk_problem(error) from error
    lines = [data[:_LINE], data[_LINE:]] if len(data) == 2 * _LINE else data.splitlines()
    told = [line for line in map(_parsed, lines) if line is not None]
    heads = [head for line in told if (head := _genuine(line, vault_id, key)) is not None]
    if told and not heads:
        raise Problem("vault.head_altered")
    return max(heads, key=lambda head: head.ticket, default=None)


def write(folder: Path, vault_id: str, key: bytes, head: Head) -> None:
    """Write the file whole and durably, or not at all; a disk that refuses leaves the one before."""
    temporary = folder / f"{NAME}.new"
    try:
        with temporary.open("wb") as file:
            file.write(2 * _line(vault_id, key, head))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(folder / NAME)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def follow(folder: Path, vault_id: str, key: bytes, head: Head, turn: int) -> None:
    """Write one of the two lines anew, without waiting for the disk; `turn` is odd and even turn about."""
    with contextlib.suppress(OSError):
        file = os.open(f"{folder}/{NAME}", _IN_PLACE)
        try:
            if os.fstat(file).st_size == 2 * _LINE:
                os.lseek(file, _LINE * (turn % 2), os.SEEK_SET)
                if os.write(file, _line(vault_id, key, head)) == _LINE:
                    return
        finally:
            os.close(file)
    write(folder, vault_id, key, head)


def _line(vault_id: str, key: bytes, head: Head) -> bytes:
    told: dict[str, object] = {
        "format": FORMAT,
        "vault": vault_id,
        "events": head.events,
        "sm3": head.sm3,
        "ticket": head.ticket,
    }
    facts = _canonical(told)
    data = facts.removesuffix(b"}") + f',"mac":"{hmac_sm3(key, facts)}"}}'.encode()
    return data.ljust(_LINE - 1) + b"\n"


def _parsed(line: bytes) -> dict[str, object] | None:
    """A line's facts; None of an empty one or a ruin."""
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else {}


def _genuine(told: dict[str, object], vault_id: str, key: bytes) -> Head | None:
    """What a line tells, when it is this vault's word."""
    try:
        mac = str(told.pop("mac"))
        if not hmac.compare_digest(mac, hmac_sm3(key, _canonical(told))) or told["vault"] != vault_id:
            return None
        return Head(int(str(told["events"])), str(told["sm3"]), int(str(told["ticket"])))
    except (ValueError, KeyError, TypeError):
        return None


def _canonical(told: dict[str, object]) -> bytes:
    return json.dumps(told, sort_keys=True, separators=(",", ":")).encode()
