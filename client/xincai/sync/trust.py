"""Whom this device trusts, and how far its clock is off: kept in the vault between deliveries.

Rules: the gateway's list of keys is kept with its signatures and moves only as `wire.keys` allows; platform
time counts only when it is signed by one of those keys and answers our own nonce.
"""

import base64
import dataclasses
import datetime
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from xincai import clock
from xincai.errors import Problem
from xincai.sync.platform import Platform
from xincai.vault import Vault
from xincai.wire.canonical import read_canonical
from xincai.wire.fields import Fields
from xincai.wire.keys import KeyList, SignedDocument, decode_key_list, move_key_list, verify_document

if TYPE_CHECKING:
    from xincai.wire.messages import KeysModel

_KEYS = "sync-keys"
CLOCK = "sync-clock"
_TOLERANCE = 300


def trusted_keys(vault: Vault) -> KeyList | None:
    """The list of keys trusted now, None before enrolment."""
    signed = _kept(vault)
    return decode_key_list(signed.data) if signed else None


def renew_keys(vault: Vault, platform: Platform) -> KeyList:
    """Ask for the current list and move to it if the rules allow; raise Problem when they do not."""
    told = platform.keys()
    keys = check_keys(vault, told)
    keep_keys(vault, told.document(), keys)
    return keys


def check_keys(vault: Vault, told: "KeysModel") -> KeyList:
    """The list, if the rules let us move to it from the one trusted now; else raise Problem."""
    return move_key_list(told.document(), _kept(vault), [each.document() for each in told.earlier])


def keep_keys(vault: Vault, signed: SignedDocument, keys: KeyList) -> None:
    """Trust a list that was checked from now on."""
    trusted, device = _kept(vault), vault.device()
    if device is not None and (trusted is None or signed.data != trusted.data):
        pems = tuple(key.pem for key in keys.signing().values())
        vault.save_device(dataclasses.replace(device, gateway_keys=pems), trusting(signed))


def trusting(signed: SignedDocument) -> Mapping[str, str]:
    """The setting by which this list is trusted from now on."""
    signatures = {name: base64.b64encode(value).decode() for name, value in signed.signatures.items()}
    data = base64.b64encode(signed.data).decode()
    return {_KEYS: json.dumps({"data": data, "signatures": signatures})}


def check_clock(vault: Vault, platform: Platform, keys: KeyList) -> None:
    """Note how this computer's clock stands against the platform's signed time."""
    off = abs((platform_time(platform, keys) - clock.now()).total_seconds())
    remember(vault, CLOCK, "verified" if off <= _TOLERANCE else "wrong")


def check_past(vault: Vault, then: datetime.datetime) -> None:
    """Note that this computer's clock is wrong when it is behind a time that has passed."""
    if (then - clock.now()).total_seconds() > _TOLERANCE:
        remember(vault, CLOCK, "wrong")


def platform_time(platform: Platform, keys: KeyList) -> datetime.datetime:
    """The platform's time, signed together with our own nonce."""
    nonce = clock.random_bytes(16).hex()
    return signed_time(platform.time(nonce), keys, nonce)


def signed_time(signed: SignedDocument, keys: KeyList, nonce: str) -> datetime.datetime:
    """A time that the platform signed together with this nonce; else raise Problem."""
    from xincai.wire.messages import TIME_FORMAT

    verify_document(signed, keys.signing())
    fields = Fields(read_canonical(signed.data))
    fields.one_of("format", (TIME_FORMAT,))
    if fields.text("nonce") != nonce:
        raise Problem("wire.bad_field", path="$.nonce")
    return clock.parse_stamp(fields.stamp("time"))


def remember(vault: Vault, key: str, value: str) -> None:
    """Set a setting unless it says so already: each write costs the disk some milliseconds."""
    if vault.setting(key) != value:
        vault.set_setting(key, value)


def clock_state(vault: Vault) -> str:
    """What manifests say of this computer's clock: unverified, verified or wrong."""
    return vault.setting(CLOCK) or "unverified"


def _kept(vault: Vault) -> SignedDocument | None:
    text = vault.setting(_KEYS)
    if text is None:
        return None
    kept = json.loads(text)
    signatures = {name: base64.b64decode(value) for name, value in kept["signatures"].items()}
    return SignedDocument(base64.b64decode(kept["data"]), signatures)
