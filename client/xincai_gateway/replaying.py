"""The receipts that a batch is answered with: those stored, byte for byte, as long as their key counts.

Rules: a receipt whose key was revoked since verifies nowhere any more, so a device that had not fetched it
would ask for ever. Whoever asks next gets the same facts signed with the key in use, under an id of their own
(a device that has the first one keeps both); that receipt takes the place of the first one and is replayed
from then on. Of workers that sign again at once one comes first, and all answer with its receipt. What the
revoked key did not sign is not signed again.
"""

import dataclasses

import sqlalchemy as sa

from xincai import clock
from xincai.errors import Problem
from xincai.wire.receipt import SignedReceipt, decode_receipt, sign_receipt, verify_receipt
from xincai_gateway import ledger
from xincai_gateway.gateway import Gateway
from xincai_gateway.identity import Identity
from xincai_gateway.schema import receipts


def receipts_of(gateway: Gateway, office: str, name: str) -> tuple[SignedReceipt, ...]:
    """The receipts of a batch, A before B; none when the batch is not here."""
    found = ledger.receipts_of(gateway.database, office, name)
    return tuple(_counting(gateway, each) for each in found)


def receipts_after(
    gateway: Gateway, office: str, device: str, position: int
) -> tuple[tuple[SignedReceipt, ...], int, bool]:
    """The device's receipts after a position, oldest first; the new position; whether more follow."""
    found, last, more = ledger.receipts_after(gateway.database, office, device, position)
    return tuple(_counting(gateway, each) for each in found), last, more


def _counting(gateway: Gateway, stored: SignedReceipt) -> SignedReceipt:
    """The receipt, or the same facts signed again when its key counts no more."""
    who = gateway.identity
    if not any(f'"signer":"{key_id}"'.encode() in stored.data for key_id in who.revoked):
        return stored
    try:
        again = _signed_again(who, stored)
    except Problem:
        return stored
    known = decode_receipt(stored.data)
    this = sa.and_(
        receipts.c.office == known.office,
        receipts.c.manifest_sm3 == known.manifest,
        receipts.c.kind == known.kind,
    )

    def work(connection: sa.Connection) -> SignedReceipt:
        change = sa.update(receipts).where(this, receipts.c.data == stored.data)
        connection.execute(change.values(data=again.data, signature=again.signature))
        row = connection.execute(sa.select(receipts).where(this)).mappings().one()
        return SignedReceipt(bytes(row["data"]), bytes(row["signature"]))

    return gateway.database.write(work)


def _signed_again(who: Identity, stored: SignedReceipt) -> SignedReceipt:
    known = verify_receipt(stored, who.revoked, decode_receipt(stored.data).manifest)
    again = dataclasses.replace(known, receipt_id=clock.new_id(), signer=who.key_id, suite=who.key.suite)
    return sign_receipt(again, who.key)
