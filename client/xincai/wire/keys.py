"""The gateway's list of keys, and the rules by which a client moves from one list to the next.

Rules (those of a TUF root): a list is signed bytes with a version that only grows; the next list must be
signed by a key that is current in the list trusted now and by a key that is current in itself; who missed a
list that revoked that key goes by way of it, since a revoked key signs no list after; a list of the
same version must be the same bytes; an older list is refused. A revoked key verifies nothing. A retired key
still verifies the receipts it signed. The first list is trusted when it is signed by a key that is current in
it, and by the key that the enrolment code names, which may be retired meanwhile but not revoked.
"""

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from xincai.errors import Problem
from xincai.wire.canonical import Json, canonical, read_canonical
from xincai.wire.fields import Fields
from xincai.wire.suites import SM2_SM3, PrivateKey, PublicKey

FORMAT = "xincai-keys-1"
CURRENT = "current"
RETIRED = "retired"
REVOKED = "revoked"
SIGN = "sign"
ENVELOPE = "envelope"


@dataclass(frozen=True)
class GatewayKey:
    """One key: what it is for (`SIGN` or `ENVELOPE`) and whether it still counts."""

    pem: str
    use: str = SIGN
    status: str = CURRENT


@dataclass(frozen=True)
class KeyList:
    """All keys of one gateway, as of one version."""

    gateway: str
    version: int
    issued: str
    keys: tuple[GatewayKey, ...]

    def signing(self) -> Mapping[str, PublicKey]:
        """The keys that may verify receipts, by name: all but the revoked."""
        return self._of(SIGN, {CURRENT, RETIRED})

    def current(self) -> Mapping[str, PublicKey]:
        """The keys that sign today, by name."""
        return self._of(SIGN, {CURRENT})

    def revoked(self) -> Mapping[str, PublicKey]:
        """The signing keys that count no more, by name."""
        return self._of(SIGN, {REVOKED})

    def envelope(self) -> PublicKey | None:
        """The SM2 key that offline bundles are enveloped to, if there is one."""
        return next(
            (key for key in self._of(ENVELOPE, {CURRENT}).values() if key.suite == SM2_SM3),
            None,
        )

    def _of(self, use: str, statuses: set[str]) -> dict[str, PublicKey]:
        chosen = [
            PublicKey.from_pem(key.pem) for key in self.keys if key.use == use and key.status in statuses
        ]
        return {key.key_id: key for key in chosen}


@dataclass(frozen=True)
class SignedDocument:
    """A document's exact bytes and detached signatures over them, by key name."""

    data: bytes
    signatures: Mapping[str, bytes]


def sign_document(data: bytes, *keys: PrivateKey) -> SignedDocument:
    """Sign the bytes with each key."""
    return SignedDocument(data, {key.public.key_id: key.sign(data) for key in keys})


def verify_document(signed: SignedDocument, keys: Mapping[str, PublicKey]) -> str:
    """The name of a known key that signed these bytes; else raise Problem."""
    for key_id, signature in signed.signatures.items():
        key = keys.get(key_id)
        if key is not None:
            key.verify(signed.data, signature)
            return key_id
    raise Problem("wire.unknown_key", key=next(iter(signed.signatures), "")[:16])


def encode_key_list(keys: KeyList) -> bytes:
    """The bytes to sign; raise Problem when they would not be accepted back."""
    items: list[Json] = [{"pem": key.pem, "use": key.use, "status": key.status} for key in keys.keys]
    document: Json = {
        "format": FORMAT,
        "gateway": keys.gateway,
        "version": keys.version,
        "issued": keys.issued,
        "keys": items,
    }
    data = canonical(document)
    decode_key_list(data)
    return data


def decode_key_list(data: bytes) -> KeyList:
    """Read a key list strictly, without asking who signed it: `accept_key_list` does."""
    fields = Fields(read_canonical(data))
    if (name := fields.text("format")) != FORMAT:
        raise Problem("wire.unknown_format", format=name[:40])
    keys = KeyList(
        gateway=fields.text("gateway", 64),
        version=fields.integer("version", 1),
        issued=fields.stamp("issued"),
        keys=tuple(_key(item) for item in fields.objects("keys", 100)),
    )
    fields.finish()
    return keys


def accept_key_list(
    signed: SignedDocument, trusted: SignedDocument | None, *, expected_key: str | None = None
) -> KeyList:
    """The new list, if the rules above let the client move to it from the one it trusts; else raise
    Problem.
    """
    fresh = decode_key_list(signed.data)
    if trusted is None:
        if expected_key is not None:
            verify_document(signed, _only(fresh.signing(), expected_key))
        verify_document(signed, fresh.current())
        return fresh
    known = decode_key_list(trusted.data)
    if signed.data == trusted.data:
        return known
    if fresh.version <= known.version or fresh.gateway != known.gateway:
        raise Problem("wire.old_key_list", version=fresh.version, known=known.version)
    verify_document(signed, known.current())
    verify_document(signed, fresh.current())
    return fresh


def move_key_list(
    signed: SignedDocument, trusted: SignedDocument | None, earlier: Iterable[SignedDocument]
) -> KeyList:
    """The new list, if the rules let the client move to it, by way of earlier ones where they help; else
    raise Problem.
    """
    at = trusted
    for step in earlier if trusted is not None else ():
        with contextlib.suppress(Problem):
            accept_key_list(step, at)
            at = step
    return accept_key_list(signed, at)


def _only(keys: Mapping[str, PublicKey], expected: str) -> Mapping[str, PublicKey]:
    return {name: key for name, key in keys.items() if name == expected}


def _key(fields: Fields) -> GatewayKey:
    key = GatewayKey(
        pem=fields.text("pem", 1000),
        use=fields.one_of("use", (SIGN, ENVELOPE)),
        status=fields.one_of("status", (CURRENT, RETIRED, REVOKED)),
    )
    fields.finish()
    PublicKey.from_pem(key.pem)
    return key
