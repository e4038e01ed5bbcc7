"""Who the gateway is: its id, its signing key, and the signed list of its keys.

Rules: made once, at the first start, in `identity.json` (readable by its owner only); the list's exact
bytes are kept there too, because a list of one version has one form. Whoever copies this file can sign
receipts. Bundles on sticks are enveloped to a key of their own; a practice gateway has none, so that trainees
can look into theirs.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from pathlib import Path

from xincai import clock
from xincai.errors import Problem
from xincai.wire.keys import ENVELOPE, GatewayKey, KeyList, SignedDocument, encode_key_list, sign_document
from xincai.wire.suites import SM2_SM3, PrivateKey
from xincai_gateway.files import create_once

_PRACTICE = "practice-"


@dataclass(frozen=True)
class Identity:
    """The gateway's id, the key that signs receipts, its list of keys, and the key that opens envelopes."""

    gateway: str
    key: PrivateKey
    keys: SignedDocument
    envelope: PrivateKey | None = None

    @property
    def practice(self) -> bool:
        """Whether the folder was begun for practice; it never becomes one for work, nor the reverse."""
        return self.gateway.startswith(_PRACTICE)

    @property
    def key_id(self) -> str:
        return self.key.public.key_id


def load(folder: Path, *, practice: bool = False) -> Identity:
    """The identity of the gateway whose data stand in this folder; made when there is none yet."""
    path = folder / "identity.json"
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
        )
    except (ValueError, KeyError, TypeError, binascii.Error, Problem) as error:
        raise Problem("gateway.identity_damaged", file=path.name) from error


def _fresh(*, practice: bool) -> bytes:
    key, envelope = PrivateKey.generate(SM2_SM3), None if practice else PrivateKey.generate(SM2_SM3)
    gateway = f"{_PRACTICE if practice else 'gateway-'}{clock.random_bytes(6).hex()}"
    issued = clock.stamp(clock.now())
    listed = (GatewayKey(key.public.pem), *((GatewayKey(envelope.public.pem, ENVELOPE),) if envelope else ()))
    keys = sign_document(encode_key_list(KeyList(gateway, 1, issued, listed)), key)
    facts = {
        "gateway": gateway,
        "suite": key.suite,
        "private": key.dump().hex(),
        "envelope": envelope.dump().hex() if envelope else "",
        "keys": base64.b64encode(keys.data).decode(),
        "signatures": {name: base64.b64encode(value).decode() for name, value in keys.signatures.items()},
    }
    return json.dumps(facts, indent=1).encode()
