"""Whom this device trusts, and how far its clock is off: kept in the vault between deliveries.

Rules: the gateway's list of keys is kept with its signatures and moves only as `wire.keys` allows; platform
time counts only when it is signed by one of those keys and answers our own nonce.
"""

import base64
import dataclasses
import json
from collections.abc import Mapping

from xincai import clock
from xincai.errors import Problem
from xincai.sync.platform import Platform
from xincai.vault import Vault
from xincai.wire.canonical import read_canonical
from xincai.wire.fields import Fields
from xincai.wire.keys import KeyList, SignedDocument, accept_key_list, decode_key_list, verify_document

_KEYS = "sync-keys"
CLOCK = "sync-clock"
_TOLERANCE = 300


def trusted_keys(vault: Vault) -> KeyList | None:
    """The list of keys trusted now, None before enrolment."""
    signed = _kept(vault)
    return decode_key_list(signed.data) if signed else None


def renew_keys(vault: Vault, platform: Platform) -> KeyList:
    """Ask for the current list and move to it if the rules allow; raise Problem when they do not."""
    signed, trusted, device = platform.keys(), _kept(vault), vault.device()
    keys = accept_key_list(signed, trusted)
    if device is not None and (trusted is None or signed.data != trusted.data):
        pems = tuple(key.pem for key in keys.signing().values())
        vault.save_device(dataclasses.replace(device, gateway_keys=pems), trusting(signed))
    return keys


def trusting(signed: SignedDocument) -> Mapping[str, str]:
    """The setting by which this list is trusted from now on."""
    signatures = {name: base64.b64encode(value).decode() for name, value in signed.signatures.items()}
    data = base64.b64encode(signed.data).decode()
    return {_KEYS: json.dumps({"data": data, "signatures": signatures})}


def check_clock(vault: Vault, platform: Platform, keys: KeyList) -> None:
    """Note how this computer's clock stands against the platform's signed time."""
    from xincai.wire.messages import TIME_FORMAT

    nonce = clock.random_bytes(16).hex()
    signed = platform.time(nonce)
    verify_document(signed, keys.signing())
    fields = Fields(read_canonical(signed.data))
    fields.one_of("format", (TIME_FORMAT,))
    if fields.text("nonce") != nonce:
        raise Problem("wire.bad_field", path="$.nonce")
    off = abs((clock.parse_stamp(fields.stamp("time")) - clock.now()).total_seconds())
    remember(vault, CLOCK, "verified" if off <= _TOLERANCE else "wrong")


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
