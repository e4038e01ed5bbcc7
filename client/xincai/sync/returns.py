"""What a stick brings back: receipts, the gateway's list of keys and its time, in one file; and in another
beside it what is published.

Rules: the file is held to what the line is held to. It is read against a cap, its list of keys replaces ours
only as `wire.keys` allows, and every receipt must verify, name one of our batches and speak of its very
records. All of it is checked before any of it is kept. The time on a stick has passed: it can show that this
computer's clock is behind, and nothing else.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from xincai.errors import Problem
from xincai.sync.enrolment import enrolled
from xincai.sync.pull import known_index, use
from xincai.sync.trust import check_keys, check_past, keep_keys, signed_time, trusted_keys
from xincai.vault import Vault
from xincai.wire.canonical import strict_json
from xincai.wire.index import Document, accept_index
from xincai.wire.keys import KeyList, decode_key_list
from xincai.wire.manifest import decode
from xincai.wire.parcel import Parcel, parcel_path
from xincai.wire.receipt import Receipt, SignedReceipt, check_outcomes, decode_receipt, verify_receipt
from xincai.wire.suites import PrivateKey

if TYPE_CHECKING:
    from xincai.wire.messages import KeysModel, ReturnReply

MAX_BYTES = 16 * 1024 * 1024


def take_return(vault: Vault, path: Path) -> tuple[str, ...]:
    """Take in what a stick brings back; the batches that it speaks of.

    Raises Problem, and keeps nothing, when it is no such file (`sync.no_return`), speaks of batches that were
    not made here (`sync.other_return`), comes from another gateway, does not verify (`wire.*`), or was signed
    with a key that was revoked since (`sync.late_return`).
    """
    reply = _read(path)
    signed = reply.keys.document()
    if decode_key_list(signed.data).gateway != enrolled(vault).recipient:
        raise Problem("sync.other_gateway")
    keys, newer = _keys(vault, reply.keys)
    try:
        receipts = [_verified(vault, item.receipt(), keys) for item in reply.receipts]
    except Problem as problem:
        if newer or problem.code != "wire.unknown_key":
            raise
        raise Problem("sync.late_return") from problem
    names = tuple(dict.fromkeys(receipt.manifest for _, receipt in receipts))
    if not names:
        raise Problem("sync.no_return")
    time = signed_time(reply.time.document(), keys, names[0])
    if newer:
        keep_keys(vault, signed, keys)
    check_past(vault, time)
    for kept, receipt in receipts:
        vault.add_receipt(receipt.manifest, kept, receipt)
    return names


def take_published(vault: Vault, path: Path, check: Callable[[Document], None]) -> bool:
    """Take up what lies beside a file of receipts that was taken in; False when nothing new does.
    `check` looks at each new document, and raises Problem when it cannot be read: then it is set aside.

    Raises Problem, and changes nothing in use, when it was changed, is not for this device, or `wire.index`
    refuses it, by the time that the stick tells.
    """
    parcel_file = parcel_path(path)
    if not parcel_file.is_file():
        return False
    device, reply = enrolled(vault), _read(path)
    keys, _ = _keys(vault, reply.keys)
    nonce = decode_receipt(reply.receipts[0].data).manifest
    now = signed_time(reply.time.document(), keys, nonce)
    key = PrivateKey.load(device.suite, device.private_key)
    try:
        parcel = Parcel(parcel_file, device.device_id, key)
    except OSError as error:
        raise Problem("sync.no_return") from error
    known = known_index(vault)
    try:
        fresh = accept_index(
            parcel.index, known, keys, office=device.office, device=device.device_id, now=now
        )
    except Problem as problem:
        if problem.code == "wire.old_index":  # a stick that comes late
            return False
        raise
    for file in fresh.files():
        data = parcel.read(file)
        if vault.arrived(file.sm3) != file.size:
            vault.drop_pieces(file.sm3)
            vault.add_piece(file.sm3, 0, data)
        vault.published_file(file.sm3)
    use(vault, parcel.index, known, check)
    return known is None or known.documents != fresh.documents


def _read(path: Path) -> "ReturnReply":
    from pydantic import ValidationError

    from xincai.wire.messages import ReturnReply

    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        return ReturnReply.model_validate(strict_json(data, limit=MAX_BYTES))
    except (OSError, ValidationError, Problem) as error:
        raise Problem("sync.no_return") from error


def _keys(vault: Vault, told: "KeysModel") -> tuple[KeyList, bool]:
    """The list of keys to go by and whether it is the stick's: one that is late brings an older list."""
    try:
        return check_keys(vault, told), True
    except Problem as problem:
        trusted = trusted_keys(vault)
        if problem.code != "wire.old_key_list" or trusted is None:
            raise
        return trusted, False


def _verified(vault: Vault, signed: SignedReceipt, keys: KeyList) -> tuple[SignedReceipt, Receipt]:
    name = decode_receipt(signed.data).manifest
    receipt = verify_receipt(signed, keys.signing(), name)
    if name not in vault.batch_states():
        raise Problem("sync.other_return")
    check_outcomes(receipt, decode(vault.batch(name).manifest))
    return signed, receipt
