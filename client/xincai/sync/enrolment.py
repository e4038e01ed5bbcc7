"""How a device becomes known to a gateway: a one-time code, a fresh key, and proof that we hold it.

Rules: the key and the device's id are in the vault before the code is sent, so that a lost answer is asked
for again with the very same key and never costs a second code. The gateway's keys are trusted through the
code when it names one, and the code goes only to who shows that list of keys and signs our nonce by it: a
log-in page, a stranger, or a gateway whose key was revoked since never costs the code. Nothing of the device
is kept until the whole answer has been checked; then all of it is kept in one stroke, and what was remembered
of an earlier gateway is forgotten.
"""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xincai import clock
from xincai.errors import Problem
from xincai.sync.line import line_of
from xincai.sync.platform import Platform, SystemProxy, never
from xincai.sync.trouble import Trouble
from xincai.sync.trust import CLOCK, platform_time, trusting
from xincai.vault import Device, Vault
from xincai.wire.codes import Help
from xincai.wire.keys import SignedDocument, accept_key_list
from xincai.wire.slip import as_issued
from xincai.wire.suites import SM2_SM3, PrivateKey

if TYPE_CHECKING:
    from xincai.wire.messages import EnrolReply, EnrolRequest

_PENDING = "sync-enrolment"
CURSOR = "sync-cursor"
BATCH_RECORDS = "sync-batch-records"
SMALLER = "sync-batch-smaller"


@dataclass(frozen=True)
class _Pending:
    device: str
    key: PrivateKey


def enrol(
    vault: Vault,
    url: str,
    code: str,
    *,
    suite: str = SM2_SM3,
    settings: Mapping[str, str] | None = None,
    system_proxy: SystemProxy | None = None,
    cancelled: Callable[[], bool] = never,
) -> Device:
    """Enrol this vault's device at the gateway and keep what it was given, with `settings` that go with it.

    Raises Problem: `sync.code_refused` for a wrong, used or expired code, `sync.code_of_other_key` when the
    gateway is not the one that the code names, or that key was revoked (then the code is not sent), network
    trouble.
    """
    from xincai.wire.messages import EnrolRequest, enrolment_message, split_code

    code = as_issued(code)
    pending = _pending(vault, code, suite)
    pem = pending.key.public.pem
    proof = pending.key.sign(enrolment_message(code, pending.device, pem))
    line = line_of(vault)
    with Platform(url, line=line, system_proxy=system_proxy, cancelled=cancelled) as platform:
        known = platform.wellknown()
        shown = _shown_keys(platform, split_code(code)[1])
        reply = _let_in(platform, EnrolRequest(code=code, device=pending.device, public_key=pem, proof=proof))
        address = platform.url
    signed = reply.keys.document()
    keys = accept_key_list(signed, shown)
    if not keys.gateway == reply.gateway == known.gateway or reply.device != pending.device:
        raise Trouble("sync.other_gateway", helps=Help.CORRECT)
    device = Device(
        device_id=reply.device,
        office=reply.office,
        suite=suite,
        private_key=pending.key.dump(),
        gateway_url=address,
        token=reply.token,
        gateway_keys=tuple(key.pem for key in keys.signing().values()),
        recipient=reply.gateway,
        practice=reply.practice,
    )
    forgotten = dict.fromkeys((CURSOR, BATCH_RECORDS, SMALLER, CLOCK, _PENDING))
    vault.save_device(device, {**forgotten, **trusting(signed), **(settings or {})})
    return device


def open_platform(
    vault: Vault, cancelled: Callable[[], bool] = never, system_proxy: SystemProxy | None = None
) -> Platform:
    """The gateway that this vault's device is enrolled at."""
    device = enrolled(vault)
    return Platform(
        device.gateway_url,
        device.token,
        line=line_of(vault),
        system_proxy=system_proxy,
        cancelled=cancelled,
    )


def enrolled(vault: Vault) -> Device:
    """This vault's device; raise Problem when it is not enrolled."""
    device = vault.device()
    if device is None:
        raise Problem("sync.not_enrolled")
    return device


def _let_in(platform: Platform, request: "EnrolRequest") -> "EnrolReply":
    try:
        return platform.enrol(request)
    except Trouble as trouble:
        if trouble.code == "sync.not_authorised" and trouble.code_there:
            raise Trouble("sync.code_refused", helps=trouble.help, code_there=trouble.code_there) from trouble
        raise


def _shown_keys(platform: Platform, expected_key: str | None) -> SignedDocument:
    """The gateway's list of keys, once it has proved that it is the one that the code names."""
    signed = platform.keys().document()
    try:
        keys = accept_key_list(signed, None, expected_key=expected_key)
    except Problem as problem:
        if problem.code == "wire.unknown_key":
            raise Trouble("sync.code_of_other_key", helps=Help.CORRECT) from problem
        raise
    platform_time(platform, keys)
    return signed


def _pending(vault: Vault, code: str, suite: str) -> _Pending:
    """The key that goes with this code: the one that was sent before, or a fresh one, kept first."""
    text = vault.setting(_PENDING)
    if text is not None:
        kept = json.loads(text)
        if (kept["code"], kept["suite"]) == (code, suite):
            return _Pending(kept["device"], PrivateKey.load(suite, base64.b64decode(kept["key"])))
    pending = _Pending(clock.new_id(), PrivateKey.generate(suite))
    facts = {
        "code": code,
        "suite": suite,
        "device": pending.device,
        "key": base64.b64encode(pending.key.dump()).decode(),
    }
    vault.set_setting(_PENDING, json.dumps(facts))
    return pending
