"""Bringing what the platform publishes: the signed index first, then the files it names, then all at once.

Rules: no index is believed before `wire.index` accepts it, by the platform's signed time; a file is asked for
in parts, each kept in the vault as it comes, so that a cut costs at most one; no part may be longer than
asked for, and no file other than the index says; only when every file is here and fits is the index put in
use, and with it its documents. Before that, what was in use stays in use. A document that is just as it was
signed and that this program cannot read, as a form made for a newer one, keeps the others from nobody: it is
set aside, by name, and looked at again with every pull.
"""

import base64
import dataclasses
import functools
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xincai.errors import Problem
from xincai.sync.enrolment import enrolled
from xincai.sync.platform import Platform, never
from xincai.sync.trouble import Trouble
from xincai.sync.trust import platform_time, renew_keys
from xincai.vault import Vault
from xincai.wire.codes import Help
from xincai.wire.index import Document, File, Index, accept_index, decode_index
from xincai.wire.keys import SignedDocument

PART = 256 * 1024


@dataclass(frozen=True)
class Pulled:
    """What a pull came to: the index in use, and whether it names other documents than before."""

    index: Index
    changed: bool


def pull(
    vault: Vault,
    platform: Platform,
    check: Callable[[Document], None] = lambda _: None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    cancelled: Callable[[], bool] = never,
) -> Pulled:
    """Bring the latest index and its documents into the vault; bytes done of bytes in all are told. `check`
    looks at each new document, whole but not in use yet, and raises Problem when it cannot be read: then it
    is set aside.

    Raises:
        Problem: trouble on the way, or what `wire.index` refuses; then nothing in use has changed.
    """
    device = enrolled(vault)
    keys = renew_keys(vault, platform)
    if keys.gateway != device.recipient:
        raise Trouble("sync.other_gateway", helps=Help.CORRECT)
    signed, known = platform.index(), known_index(vault)
    now = platform_time(platform, keys)
    fresh = accept_index(signed, known, keys, office=device.office, device=device.device_id, now=now)
    files = fresh.files()
    total, done = sum(file.size for file in files), 0
    for file in files:
        _fetch(vault, platform, file, functools.partial(_tell, progress, done, total), cancelled)
        done += file.size
    use(vault, signed, known, check)
    return Pulled(fresh, known is None or known.documents != fresh.documents)


def use(vault: Vault, signed: SignedDocument, known: Index | None, check: Callable[[Document], None]) -> None:
    """Put an index in use that was accepted and whose files are all here; of what is new or was set aside,
    `check` says whether it can be read.
    """
    fresh = decode_index(signed.data)
    read = set(known.documents).difference(set_aside(vault)) if known else set()
    aside: list[Document] = []
    for document in fresh.documents:
        if document in read:
            continue
        try:
            check(document)
        except Problem as problem:
            if problem.code.startswith("vault."):
                raise
            aside.append(document)
    vault.use_index(_kept(signed, aside), fresh.version, {file.sm3 for file in fresh.files()})


def index_in_use(vault: Vault) -> Index | None:
    """The index in use without what is set aside, when it is of the gateway and office that this device is
    enrolled at, and for it.
    """
    index, aside = _in_use(vault)
    if index is None or not aside:
        return index
    return dataclasses.replace(index, documents=tuple(each for each in index.documents if each not in aside))


def known_index(vault: Vault) -> Index | None:
    """The index in use whole, likewise."""
    return _in_use(vault)[0]


def set_aside(vault: Vault) -> tuple[Document, ...]:
    """The documents of the index in use that this program cannot read."""
    return _in_use(vault)[1]


def _in_use(vault: Vault) -> tuple[Index | None, tuple[Document, ...]]:
    text, device = vault.index(), vault.device()
    if text is None or device is None:
        return None, ()
    kept = json.loads(text)
    index = decode_index(base64.b64decode(kept["data"]))
    mine = (index.gateway, index.office) == (device.recipient, device.office)
    if not mine or index.device not in {"", device.device_id}:
        return None, ()
    names = {(kind, name) for kind, name in kept.get("aside", ())}
    return index, tuple(each for each in index.documents if (each.kind, each.id) in names)


def _fetch(
    vault: Vault,
    platform: Platform,
    file: File,
    tell: Callable[[int], None],
    cancelled: Callable[[], bool],
) -> None:
    """Bring one file whole, from where it was left."""
    here = vault.arrived(file.sm3)
    if here > file.size:
        vault.drop_pieces(file.sm3)
        here = 0
    while here < file.size:
        if cancelled():
            raise Problem("sync.cancelled")
        part = platform.document(file.sm3, here, min(PART, file.size - here))
        vault.add_piece(file.sm3, here, part)
        here += len(part)
        tell(here)
    try:
        vault.published_file(file.sm3)
    except Problem as problem:
        vault.drop_pieces(file.sm3)
        raise Trouble("sync.document_differs", helps=Help.CORRECT) from problem


def _tell(progress: Callable[[int, int], None], before: int, total: int, here: int) -> None:
    progress(before + here, total)


def _kept(signed: SignedDocument, aside: Sequence[Document]) -> str:
    signatures = {name: base64.b64encode(value).decode() for name, value in signed.signatures.items()}
    named = [(document.kind, document.id) for document in aside]
    return json.dumps(
        {"data": base64.b64encode(signed.data).decode(), "signatures": signatures, "aside": named}
    )
