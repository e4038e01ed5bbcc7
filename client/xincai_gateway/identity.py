"""Who the gateway is: its id, its signing key, and the signed list of its keys.

Rules: made once, at the first start, in `identity.json` (readable by its owner only); the list's exact
bytes are kept there too, because a list of one version has one form. Whoever copies this file can sign
receipts. `rotate` puts a fresh signing key in the place of the one in use, which stays in the list as retired
(its receipts go on verifying) or, when somebody else may have it, as revoked. A list is signed by the key it
brings, by the one it replaces and by those retired before, so that a device which missed some lists still
finds a key it trusts; a revoked key signs the list that revokes it and no other: a device that missed that
one must enrol anew. A gateway that runs takes up the new key when it is started again.

Bundles on sticks are enveloped to a key of their own; a practice gateway has none, so that trainees can look
into theirs.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from pathlib import Path

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
from xincai.wire.suites import SM2_SM3, PrivateKey
from xincai_gateway.files import create_once, replace

_PRACTICE = "practice-"
_FILE = "identity.json"


@dataclass(frozen=True)
class Identity:
    """The gateway's id, the key that signs receipts, its list of keys, and the key that opens envelopes."""

    gateway: str
    key: PrivateKey
    keys: SignedDocument
    envelope: PrivateKey | None = None
    retired: tuple[PrivateKey, ...] = ()

    @property
    def practice(self) -> bool:
        """Whether the folder was begun for practice; it never becomes one for work, nor the reverse."""
        return self.gateway.startswith(_PRACTICE)

    @property
    def key_id(self) -> str:
        return self.key.public.key_id


def signed_time(identity: Identity, nonce: str) -> SignedDocument:
    """The time now, signed together with a nonce."""
    said = {"format": TIME_FORMAT, "nonce": nonce, "time": clock.stamp(clock.now())}
    return sign_document(canonical(dict(said)), identity.key)


def load(folder: Path, *, practice: bool = False) -> Identity:
    """The identity of the gateway whose data stand in this folder; made when there is none yet."""
    path = folder / _FILE
    data = path.read_bytes() if path.exists() else create_once(path, _fresh(practice=practice))
    try:
        facts = json.loads(data)
        return Identity(
            facts["gateway"],
            PrivateKey.load(facts["suite"], bytes.fromhex(facts["private"])),
            SignedDocument(
                base64.b64decode(facts["keys"]),
                {name: base64.b64decode(signature) for name, signature in facts["signatures"].items()},
            ),
            PrivateKey.load(SM2_SM3, bytes.fromhex(facts["envelope"])) if facts.get("envelope") else None,
            tuple(PrivateKey.load(facts["suite"], bytes.fromhex(key)) for key in facts.get("retired", ())),
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
    """Sign with a fresh key from the next start on; with `revoke`, the old one counts no more."""
    old = load(folder)
    known = decode_key_list(old.keys.data)
    fresh, replaced = PrivateKey.generate(old.key.suite), REVOKED if revoke else RETIRED
    kept = tuple(
        GatewayKey(key.pem, key.use, replaced) if (key.use, key.status) == (SIGN, CURRENT) else key
        for key in known.keys
    )
    listed = (GatewayKey(fresh.public.pem), *kept)
    keys = KeyList(old.gateway, known.version + 1, clock.stamp(clock.now()), listed)
    signed = sign_document(encode_key_list(keys), fresh, old.key, *old.retired)
    retired = old.retired if revoke else (old.key, *old.retired)
    replace(folder / _FILE, _written(Identity(old.gateway, fresh, signed, old.envelope, retired)))
    return keys


def _written(identity: Identity) -> bytes:
    facts = {
        "gateway": identity.gateway,
        "suite": identity.key.suite,
        "private": identity.key.dump().hex(),
        "retired": [key.dump().hex() for key in identity.retired],
        "envelope": identity.envelope.dump().hex() if identity.envelope else "",
        "keys": base64.b64encode(identity.keys.data).decode(),
        "signatures": {
            name: base64.b64encode(value).decode() for name, value in identity.keys.signatures.items()
        },
    }
    return json.dumps(facts, indent=1).encode()
