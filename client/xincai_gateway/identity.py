"""Who the gateway is: its id, its signing key, and the signed list of its keys.

Rules: made once, at the first start, in `identity.json` (readable by its owner only); the list's exact
bytes are kept there too, because a list of one version has one form. Whoever copies this file can sign
receipts. `rotate` puts a fresh signing key in the place of the one in use, which stays in the list as retired
(its receipts go on verifying) or, when somebody else may have it, as revoked. A list is signed by the key it
brings, by the one it replaces and by those retired before, so that a device which missed some lists still
finds a key it trusts; a revoked key signs the list that revokes it and no other: such lists are kept, so that
a device that missed one goes by way of it. A gateway that runs takes up the new key at its next use
(`Keyring`), in every process over the folder. One change at a time; where the file cannot be read, what was
read last stays in use.

Bundles on sticks are enveloped to a key of their own; a practice gateway has none, so that trainees can look
into theirs.
"""

import base64
import binascii
import functools
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xincai import clock
from xincai.errors import Problem
from xincai.wire.canonical import canonical
from xincai.wire.keys import (
    CURRENT,
    ENVELOPE,
    RETIRED,
    REVOKED,
    SIGN,
    GatewayKey,
    KeyList,
    SignedDocument,
    decode_key_list,
    encode_key_list,
    sign_document,
)
from xincai.wire.messages import TIME_FORMAT
from xincai.wire.suites import SM2_SM3, PrivateKey, PublicKey
from xincai_gateway.files import alone, create_once, replace

_PRACTICE = "practice-"
FILE = "identity.json"
_LOCK = "identity.lock"
_MOST = 50
"""Keys that a list names: the oldest are left out then."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Identity:
    """The gateway's id, the key that signs receipts, its list of keys, and the key that opens envelopes."""

    gateway: str
    key: PrivateKey
    keys: SignedDocument
    envelope: PrivateKey | None = None
    retired: tuple[PrivateKey, ...] = ()
    revocations: tuple[SignedDocument, ...] = ()
    """The earlier lists that revoked a key, oldest first."""

    @property
    def practice(self) -> bool:
        """Whether the folder was begun for practice; it never becomes one for work, nor the reverse."""
        return self.gateway.startswith(_PRACTICE)

    @property
    def key_id(self) -> str:
        return self.key.public.key_id

    @functools.cached_property
    def revoked(self) -> Mapping[str, PublicKey]:
        """The signing keys of before that count no more, by name."""
        return decode_key_list(self.keys.data).revoked()


class Keyring:
    """The identity as the folder has it now: read again whenever its file was put in place anew."""

    def __init__(self, folder: Path, *, practice: bool = False) -> None:
        self._folder = folder
        load(folder, practice=practice)
        self._read = (_place(folder), load(folder))  # looked at before it is read: a change between shows

    def now(self) -> Identity:
        """The identity to go by."""
        place, identity = self._read
        try:
            found = _place(self._folder)
            if found != place:
                identity = self._take_up(identity)
                self._read = (found, identity)
        except OSError:  # away for a moment, as while it is copied
            pass
        return identity

    def _take_up(self, known: Identity) -> Identity:
        try:
            fresh = load(self._folder)
        except Problem as problem:
            _log.error("the keys stay as they were: %s", problem.code)
            return known
        if fresh.gateway != known.gateway:
            _log.error("the keys stay as they were: another gateway's stand in their place")
            return known
        _log.warning("signing with key %s from now on", fresh.key_id)
        return fresh


def signed_time(identity: Identity, nonce: str) -> SignedDocument:
    """The time now, signed together with a nonce."""
    said = {"format": TIME_FORMAT, "nonce": nonce, "time": clock.stamp(clock.now())}
    return sign_document(canonical(dict(said)), identity.key)


def expect(folder: Path) -> None:
    """Raise `gateway.none_here` where nothing was begun in the folder."""
    if not (folder / FILE).exists():
        raise Problem("gateway.none_here", folder=str(folder)[-200:])


def load(folder: Path, *, practice: bool = False) -> Identity:
    """The identity of the gateway whose data stand in this folder; made when there is none yet."""
    path = folder / FILE
    data = path.read_bytes() if path.exists() else create_once(path, _fresh(practice=practice))
    try:
        facts = json.loads(data)
        return Identity(
            facts["gateway"],
            PrivateKey.load(facts["suite"], bytes.fromhex(facts["private"])),
            _read_list(facts),
            PrivateKey.load(SM2_SM3, bytes.fromhex(facts["envelope"])) if facts.get("envelope") else None,
            tuple(PrivateKey.load(facts["suite"], bytes.fromhex(key)) for key in facts.get("retired", ())),
            tuple(map(_read_list, facts.get("revocations", ()))),
        )
    except (ValueError, KeyError, TypeError, binascii.Error, Problem) as error:
        raise Problem("gateway.identity_damaged", file=path.name) from error


def _fresh(*, practice: bool) -> bytes:
    key, envelope = PrivateKey.generate(SM2_SM3), None if practice else PrivateKey.generate(SM2_SM3)
    gateway = f"{_PRACTICE if practice else 'gateway-'}{clock.random_bytes(6).hex()}"
    issued = clock.stamp(clock.now())
    listed = (GatewayKey(key.public.pem), *((GatewayKey(envelope.public.pem, ENVELOPE),) if envelope else ()))
    keys = sign_document(encode_key_list(KeyList(gateway, 1, issued, listed)), key)
    return _written(Identity(gateway, key, keys, envelope))


def rotate(folder: Path, *, revoke: bool = False) -> KeyList:
    """Sign with a fresh key from now on; with `revoke`, the old one counts no more."""
    with (folder / _LOCK).open("ab") as file, alone(file.fileno()):
        return _rotate(folder, revoke=revoke)


def _place(folder: Path) -> tuple[int, int, int]:
    """What changes when the file is put in place anew."""
    about = (folder / FILE).stat()
    return about.st_mtime_ns, about.st_ino, about.st_size


def _rotate(folder: Path, *, revoke: bool) -> KeyList:
    old = load(folder)
    known = decode_key_list(old.keys.data)
    fresh, replaced = PrivateKey.generate(old.key.suite), REVOKED if revoke else RETIRED
    kept = tuple(
        GatewayKey(key.pem, key.use, replaced) if (key.use, key.status) == (SIGN, CURRENT) else key
        for key in known.keys
    )
    signing = [key for key in kept if key.use == SIGN][: _MOST - 1]
    listed = (GatewayKey(fresh.public.pem), *signing, *(key for key in kept if key.use != SIGN))
    keys = KeyList(old.gateway, known.version + 1, clock.stamp(clock.now()), listed)
    before = tuple(key for key in old.retired if key.public.pem in {each.pem for each in signing})
    signed = sign_document(encode_key_list(keys), fresh, old.key, *before)
    retired = before if revoke else (old.key, *before)
    revoked_one = not old.revoked.keys().isdisjoint(old.keys.signatures)
    revocations = ((*old.revocations, old.keys) if revoked_one else old.revocations)[-_MOST:]
    now = Identity(old.gateway, fresh, signed, old.envelope, retired, revocations)
    replace(folder / FILE, _written(now))
    return keys


def _written(identity: Identity) -> bytes:
    facts = {
        "gateway": identity.gateway,
        "suite": identity.key.suite,
        "private": identity.key.dump().hex(),
        "retired": [key.dump().hex() for key in identity.retired],
        "envelope": identity.envelope.dump().hex() if identity.envelope else "",
        **_written_list(identity.keys),
        "revocations": [_written_list(each) for each in identity.revocations],
    }
    return json.dumps(facts, indent=1).encode()


def _written_list(signed: SignedDocument) -> dict[str, object]:
    signatures = {name: base64.b64encode(value).decode() for name, value in signed.signatures.items()}
    return {"keys": base64.b64encode(signed.data).decode(), "signatures": signatures}


def _read_list(facts: dict[str, Any]) -> SignedDocument:
    signatures = {name: base64.b64decode(value) for name, value in facts["signatures"].items()}
    return SignedDocument(base64.b64decode(facts["keys"]), signatures)
