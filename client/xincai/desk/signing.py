"""Signatures by hand on a letter: what was drawn is bound to the letter under the device's key, and kept.

The statement lies in the chain of events, where nothing is ever changed; the letter prints its digest, and
says that it is no reliable electronic signature. A letter without a drawing is signed in ink.
"""

import datetime
import json
from collections.abc import Mapping

from xincai import clock
from xincai.desk import pictures
from xincai.errors import Problem
from xincai.letters import Letter
from xincai.letters.letter import Signing
from xincai.records import Attachment, Record
from xincai.vault import Vault
from xincai.wire.digest import sm3
from xincai.wire.statement import (
    Drawing,
    Signer,
    Statement,
    decode_statement,
    encode_statement,
    sign_statement,
)
from xincai.wire.suites import PrivateKey, PublicKey
from xincai.xforms import Session

EVENT = "signature"
_KEYS = "letter-keys"
_SIGNERS: Mapping[str, Signer] = {"2": "agent", "3": "witness"}
_KIND = "/signer_kind"


def drawn(vault: Vault, record: Record, session: Session) -> tuple[tuple[str, Attachment, bytes], ...]:
    """What was drawn for a record's signatures: question, attachment, and the PNG with its strokes."""
    files = {item.name: item for item in record.attachments}
    return tuple(
        (ref, files[value], vault.attachment(files[value].sm3))
        for ref, value, _ in session.leaves()
        if value in files and "signature" in session.entry(ref).appearance.split()
    )


def bind(
    vault: Vault,
    record: Record,
    session: Session,
    *,
    number: str,
    key: PrivateKey,
    issued: datetime.datetime,
) -> tuple[Mapping[str, str | bytes], Statement | None]:
    """What a letter says of the drawings it bears, and the statement to keep once the letter is kept."""
    found = drawn(vault, record, session)
    if not found:
        return {}, None
    statement = Statement(
        letter=number,
        record=record.record_id,
        version=record.version,
        sm3=record.submission_sm3,
        signer=_signer(session),
        drawings=tuple(_drawing(ref, item.sm3, png) for ref, item, png in found),
        time=clock.stamp(issued),
        key_id=key.public.key_id,
    )
    signed = sign_statement(statement, key.sign)
    said: dict[str, str | bytes] = {
        "signature": found[0][2],
        "statement": signed.digest,
        "statement_key": signed.key_id,
        "statement_points": str(signed.points),
        "statement_signer": signed.signer,
    }
    return said, signed


def bears(letter: Letter) -> bool:
    """Whether a letter has a place that took the drawing."""
    signings = [block for block in letter.blocks if isinstance(block, Signing)]
    return any(line.image for block in signings for line in block.lines)


def keep(vault: Vault, statement: Statement) -> None:
    """Keep a statement for good."""
    vault.add_event(EVENT, number=statement.letter, statement=encode_statement(statement))


def kept(vault: Vault, number: str) -> str:
    """The statement on a letter's drawings as it was kept; "" where the letter bears none."""
    for event in vault.find_events(EVENT, None, None, limit=1_000_000):
        if event.facts.get("number") == number:
            return str(event.facts["statement"])
    return ""


def still_there(vault: Vault, text: str) -> bool:
    """Whether the pictures a statement speaks of lie in the vault as they were drawn."""
    for each in decode_statement(text).drawings:
        try:
            png = vault.attachment(each.picture)
        except Problem:
            return False
        if _drawing(each.ref, sm3(png), png) != each:
            return False
    return True


def _drawing(ref: str, digest: str, png: bytes) -> Drawing:
    course = pictures.strokes(png)
    points = 0
    if course:
        try:
            points = sum(len(stroke) for stroke in json.loads(course)["strokes"])
        except (ValueError, LookupError, TypeError):
            course = ""
    return Drawing(ref, digest, sm3(course.encode()) if course else "", points)


def _signer(session: Session) -> Signer:
    raw = next((value for ref, value, _ in session.leaves() if ref.endswith(_KIND)), "")
    return _SIGNERS.get(raw, "subject")


def known_keys(vault: Vault) -> Mapping[str, PublicKey]:
    """Whose seals are believed here: this device's keys, today's and earlier ones, and the platform's."""
    device = vault.device()
    pems = json.loads(vault.setting(_KEYS) or "[]")
    keys = [PublicKey.from_pem(pem) for pem in (*pems, *(device.gateway_keys if device else ()))]
    if device is not None:
        keys.append(PrivateKey.load(device.suite, device.private_key).public)
    return {key.key_id: key for key in keys}


def remember(vault: Vault, key: PublicKey) -> None:
    """Keep the public key that signs letters, for when the device has another one."""
    pems = json.loads(vault.setting(_KEYS) or "[]")
    if key.pem not in pems:
        vault.set_setting(_KEYS, json.dumps([*pems, key.pem]))
