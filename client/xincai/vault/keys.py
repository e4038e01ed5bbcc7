"""Keys: from a passphrase or a printed recovery code to the data key, and what is derived from it.

    passphrase --Argon2id--> slot key --AES-256-GCM--> data key --HKDF--> database key, header key
    passphrase --Argon2id--> slot key --AES-256-GCM--> SM2 key of the slot --SM2--> data key

The second way is that of a vault of several people: the data key is then enveloped to the public half of
each slot, so that it can be replaced when somebody leaves without asking the others for their passphrases.

Rules: the data key is random and never changes with a passphrase; a slot is bound to its vault, its kind,
its holder and its parameters; parameters below the floor are for tests and say so. Slots of one salt cost
one Argon2id together, however many people there are. A recovery code is 140 bits in
seven groups of four characters and a check character, so that a slip of the pen is told apart from a wrong
code, group by group.
"""

import dataclasses
import hashlib
import hmac
import json
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

import argon2.low_level
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from xincai import clock
from xincai.errors import Problem
from xincai.wire.suites import SM2_SM3, PrivateKey, PublicKey

SlotKind = Literal["passphrase", "recovery", "keychain", "escrow"]
KEY_SIZE: Final = 32
SALT_SIZE: Final = 16
NONCE_SIZE: Final = 12
WRAPPED_SIZE: Final = KEY_SIZE + 16  # with GCM's tag
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
GROUPS: Final = 7
GROUP_DATA: Final = 4
PRIVATE_SIZE: Final = 96 + 16  # an SM2 key as `PrivateKey.dump` gives it, with GCM's tag
_MISREAD: Final = str.maketrans("OIL", "011")
_NOBODYS: Final = bytes(KEY_SIZE)
"""In place of a data key whose envelope was altered: no header proves genuine with it."""


@dataclass(frozen=True)
class KdfParams:
    """Argon2id's cost. Below the floor only for tests, and then the header says so."""

    memory_kib: int = 64 * 1024
    time: int = 3
    lanes: int = 4
    testing: bool = False

    def __post_init__(self) -> None:
        if not self.testing and (self.memory_kib < 32 * 1024 or self.time < 2 or self.lanes < 1):
            raise ValueError("Argon2id parameters below the floor")
        if self.memory_kib > 1024 * 1024 or self.time > 16 or not 1 <= self.lanes <= 16:
            raise ValueError("Argon2id parameters above the ceiling")

    @staticmethod
    def for_tests() -> "KdfParams":
        """Fast and weak."""
        return KdfParams(memory_kib=64, time=1, lanes=1, testing=True)


@dataclass(frozen=True)
class Slot:
    """The data key, wrapped under one secret, or enveloped to a public key.

    Attributes:
        holder: whose it is; "" is the first person, and whoever has the recovery code.
        public: raw SM2 key that `wrapped` is an envelope to; empty when the secret wraps the data key itself.
        private: the other half under the secret; empty for an escrow, whose other half is elsewhere.
    """

    kind: SlotKind
    params: KdfParams
    salt: bytes
    nonce: bytes
    wrapped: bytes
    holder: str = ""
    public: bytes = b""
    private: bytes = b""


def new_data_key() -> bytes:
    return clock.random_bytes(KEY_SIZE)


def wrap(data_key: bytes, secret: str, kind: SlotKind, vault_id: str, params: KdfParams) -> Slot:
    """A fresh slot that opens with a passphrase as typed, or a recovery code as `read_recovery` gives it."""
    salt, nonce = clock.random_bytes(SALT_SIZE), clock.random_bytes(NONCE_SIZE)
    bound = _bound(kind, vault_id, params, salt)
    wrapped = AESGCM(_slot_key(secret, params, salt)).encrypt(nonce, data_key, bound)
    return Slot(kind, params, salt, nonce, wrapped)


def wrap_paired(  # noqa: PLR0917 - what is bound together
    data_key: bytes, secret: str, kind: SlotKind, vault_id: str, params: KdfParams, holder: str, salt: bytes
) -> Slot:
    """A fresh slot with a key pair of its own, so that the data key can be replaced without its secret."""
    pair, nonce = PrivateKey.generate(SM2_SM3), clock.random_bytes(NONCE_SIZE)
    bound = _bound(kind, vault_id, params, salt, holder)
    private = AESGCM(_slot_key(secret, params, salt)).encrypt(nonce, pair.dump(), bound)
    return Slot(kind, params, salt, nonce, pair.public.wrap(data_key), holder, pair.public.raw, private)


def wrap_escrow(data_key: bytes, county: PublicKey) -> Slot:
    """An envelope of the data key to a county's SM2 key; the openssl command line opens it."""
    return Slot("escrow", KdfParams(), b"", b"", county.wrap(data_key), "", county.raw)


def rewrap(slot: Slot, data_key: bytes) -> Slot:
    """The same slot around another data key; ValueError when only its secret could make it."""
    if not slot.public:
        raise ValueError("this slot has no public key")
    return dataclasses.replace(slot, wrapped=PublicKey(SM2_SM3, slot.public).wrap(data_key))


def unwrap(slot: Slot, secret: str, vault_id: str) -> bytes | None:
    """The data key, or None when the secret is not this slot's."""
    found = unwrap_any((slot,), secret, vault_id)
    return None if found is None else found[1]


def unwrap_any(slots: Iterable[Slot], secret: str, vault_id: str) -> tuple[Slot, bytes] | None:
    """The first slot that a secret opens, with the data key; None when it opens none."""
    derived: dict[tuple[KdfParams, bytes], bytes] = {}
    for slot in slots:
        place = (slot.params, slot.salt)
        if place not in derived:
            derived[place] = _slot_key(secret, *place)
        data_key = _unwrapped(slot, derived[place], vault_id)
        if data_key is not None:
            return slot, data_key
    return None


def _unwrapped(slot: Slot, slot_key: bytes, vault_id: str) -> bytes | None:
    bound = _bound(slot.kind, vault_id, slot.params, slot.salt, slot.holder)
    try:
        inside = AESGCM(slot_key).decrypt(slot.nonce, slot.private or slot.wrapped, bound)
    except InvalidTag:
        return None
    if not slot.private:
        return inside
    try:
        data_key = PrivateKey.load(SM2_SM3, inside).unwrap(slot.wrapped)
    except Problem:
        return _NOBODYS
    return data_key if len(data_key) == KEY_SIZE else _NOBODYS


def database_key(data_key: bytes) -> bytes:
    return _derived(data_key, b"xincai vault 1: database")


def header_mac(data_key: bytes, canonical: bytes) -> str:
    """HMAC-SHA-256 over a header's canonical form, hex."""
    return hmac.new(_derived(data_key, b"xincai vault 1: header"), canonical, hashlib.sha256).hexdigest()


def new_recovery() -> str:
    """A fresh recovery code as it is printed: `7K3QM-…`, seven groups of five."""
    data = [byte & 31 for byte in clock.random_bytes(GROUPS * GROUP_DATA)]
    groups = [data[start : start + GROUP_DATA] for start in range(0, len(data), GROUP_DATA)]
    return "-".join(
        "".join(ALPHABET[value] for value in [*group, _check(number, group)])
        for number, group in enumerate(groups)
    )


def read_recovery(typed: str) -> str:
    """The canonical form of a code as typed; Problem names the first group that is miswritten."""
    text = unicodedata.normalize("NFKC", typed).upper().translate(_MISREAD)
    text = "".join(character for character in text if character.isalnum())
    width = GROUP_DATA + 1
    for number in range(GROUPS):
        group = text[number * width : (number + 1) * width]
        values = [ALPHABET.find(character) for character in group]
        if len(group) < width or -1 in values or _check(number, values[:-1]) != values[-1]:
            raise Problem("vault.recovery_typo", group=number + 1)
    if len(text) != GROUPS * width:
        raise Problem("vault.recovery_length", expected=GROUPS * width, found=len(text))
    return text


def _check(number: int, group: list[int]) -> int:
    """A sum over GF(32) with distinct weights: every single slip and swap of two characters changes it."""
    total = number
    for place, value in enumerate(group):
        total ^= _times(value, place + 2)
    return total


def _times(left: int, right: int) -> int:
    """Product in GF(32) modulo x^5 + x^2 + 1."""
    product = 0
    while right:
        if right & 1:
            product ^= left
        left <<= 1
        if left & 32:
            left ^= 0b100101
        right >>= 1
    return product


def _slot_key(secret: str, params: KdfParams, salt: bytes) -> bytes:
    return argon2.low_level.hash_secret_raw(
        secret=unicodedata.normalize("NFKC", secret).encode(),
        salt=salt,
        time_cost=params.time,
        memory_cost=params.memory_kib,
        parallelism=params.lanes,
        hash_len=KEY_SIZE,
        type=argon2.low_level.Type.ID,
    )


def _bound(kind: SlotKind, vault_id: str, params: KdfParams, salt: bytes, holder: str = "") -> bytes:
    facts = [kind, vault_id, params.memory_kib, params.time, params.lanes, params.testing, salt.hex()]
    facts += [holder] if holder else []
    return json.dumps(facts, separators=(",", ":")).encode()


def _derived(data_key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_SIZE, salt=None, info=purpose).derive(data_key)
