"""Who may deliver: one-time codes, devices with their keys, tokens.

Rules: a code names its office, is worth one device and a week, and is kept as a digest only; so is a
token. It counts however it was typed (`wire.slip`). The device proves that it holds the key it brings. When
the reply was lost, the same key with the same code gets in again, with a new token. A device id belongs to
the key that brought it, until that key and a new one ask together to change places; the public key of before
is kept. A revoked device stays out, and who revoked it first, and when, stays known.

Code: `<office>-XXXX-XXXX-XXXX.<gateway key id>` (60 random bits). Token: `<office>.<device>.<secret>`.
"""

import base64
import datetime
import functools
import hmac
import re
from dataclasses import dataclass

import sqlalchemy as sa

from xincai import clock
from xincai.errors import Problem
from xincai.wire.digest import sm3
from xincai.wire.messages import EnrolRequest, KeyRequest, enrolment_message, key_message, split_code
from xincai.wire.slip import EnrolmentSlip, as_issued
from xincai.wire.suites import PublicKey
from xincai_gateway.database import Database, Row, Taken
from xincai_gateway.schema import batches, devices, enrolment_codes, former_keys, offices

PRACTICE_REGION = "410499"
VALID = datetime.timedelta(days=7)
_TOLD = ("office", "device", "officer", "enrolled_at", "revoked_at", "revoked_by", "batches")
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_OFFICE = re.compile(r"[0-9A-Z]{6,32}")
_DEVICE = re.compile(r"[0-9A-Za-z._-]{8,64}")


@dataclass(frozen=True)
class Device:
    """An enrolled device."""

    office: str
    device: str
    key: PublicKey
    revoked: bool = False


def check_office(office: str) -> None:
    """Raise Problem when an office's code is none."""
    if not _OFFICE.fullmatch(office):
        raise Problem("gateway.bad_office")


def issue_code(database: Database, office: str, key_id: str, *, practice: bool = False) -> str:
    """A fresh code for one device of this office; raise Problem when the office's code is none."""
    return issue_slip(database, office, key_id, practice=practice).code


def issue_slip(
    database: Database, office: str, key_id: str, *, address: str = "", practice: bool = False
) -> EnrolmentSlip:
    """A fresh code with what belongs on its paper, likewise."""
    check_office(office)
    closed = sa.select(offices.c.office).where(offices.c.office == office, offices.c.closed_at.is_not(None))
    if database.row(closed) is not None:
        raise Problem("gateway.office_closed")
    if office.startswith(PRACTICE_REGION) and not practice:
        raise Problem("gateway.practice_office", region=PRACTICE_REGION)
    letters = "".join(_ALPHABET[byte % 32] for byte in clock.random_bytes(12))
    secret = "-".join([office, letters[:4], letters[4:8], letters[8:]])
    expires = clock.stamp(clock.now() + VALID)
    row = {"office": office, "code_sm3": sm3(secret.encode()), "expires_at": expires}
    database.write(lambda connection: connection.execute(enrolment_codes.insert().values(row)))
    return EnrolmentSlip(f"{secret}.{key_id}", expires, address)


def void_codes(database: Database) -> int:
    """Make all codes void that nobody used; how many were good until now."""
    unused = sa.delete(enrolment_codes).where(enrolment_codes.c.used_at.is_(None))
    late = enrolment_codes.c.expires_at < clock.stamp(clock.now())

    def work(connection: sa.Connection) -> int:
        connection.execute(unused.where(late))
        return connection.execute(unused).rowcount

    return database.write(work)


def enrol(database: Database, request: EnrolRequest) -> tuple[Device, str]:
    """Let a device in; the device and its token. Raise Problem when code, proof or device are not good."""
    if not _DEVICE.fullmatch(request.device):
        raise Problem("gateway.bad_device")
    key = PublicKey.from_pem(request.public_key)
    try:
        key.verify(enrolment_message(request.code, request.device, request.public_key), request.proof)
    except Problem as problem:
        raise Problem("gateway.bad_proof") from problem
    secret = split_code(as_issued(request.code))[0]
    device = Device(secret.partition("-")[0], request.device, key)
    if not _OFFICE.fullmatch(device.office):
        raise Problem("gateway.bad_code")
    token = base64.urlsafe_b64encode(clock.random_bytes(32)).decode().rstrip("=")
    now = clock.now()
    admit = functools.partial(
        _admit, device=device, code_sm3=sm3(secret.encode()), token_sm3=sm3(token.encode()), now=now
    )
    try:
        try:
            database.write_by_locks(admit)
        except Taken:  # perhaps the same device, let in meanwhile with another code
            database.write_by_locks(admit)
    except Taken as error:
        raise Problem("gateway.device_taken") from error
    return device, f"{device.office}.{device.device}.{token}"


def change_key(database: Database, gateway: str, device: Device, request: KeyRequest) -> str:
    """Put a new key in the place of the device's, for which both sign; its id. Again changes nothing."""
    new = PublicKey.from_pem(request.public_key)
    former = _former(database, device, request.former)
    message = key_message(gateway, device.device, request.former, request.public_key)
    try:
        new.verify(message, request.proof)
        former.verify(message, request.consent)
    except Problem as problem:
        raise Problem("gateway.bad_key_proof") from problem
    if device.key != new:
        if former != device.key:
            raise Problem("gateway.bad_key_proof")
        try:
            database.write(lambda connection: _change(connection, device, new))
        except Taken as error:
            raise Problem("gateway.device_taken") from error
    return new.key_id


def authenticate(database: Database, authorization: str) -> Device:
    """The device whose token this Authorization header carries; else raise Problem."""
    scheme, _, token = authorization.partition(" ")
    office, _, rest = token.strip().partition(".")
    name, _, secret = rest.rpartition(".")
    if scheme.lower() != "bearer" or not (office and name and secret):
        raise Problem("gateway.no_token")
    row = database.row(_device(office, name))
    if row is None or not hmac.compare_digest(row["token_sm3"], sm3(secret.encode())):
        raise Problem("gateway.no_token")
    if row["revoked_at"] is not None:
        raise Problem("gateway.device_revoked")
    return Device(office, name, PublicKey.from_pem(row["public_key"]))


def find_device(database: Database, office: str, device: str) -> Device | None:
    """An enrolled device, revoked ones too, or None."""
    row = database.row(_device(office, device))
    if row is None:
        return None
    return Device(
        office, device, PublicKey.from_pem(row["public_key"]), revoked=row["revoked_at"] is not None
    )


def standing(database: Database, office: str = "") -> list[Row]:
    """The devices of one office or all, with when each delivered last."""
    last = (
        sa.select(batches.c.office, batches.c.device, sa.func.max(batches.c.received_at).label("last"))
        .group_by(batches.c.office, batches.c.device)
        .subquery()
    )
    same = sa.and_(last.c.office == devices.c.office, last.c.device == devices.c.device)
    told = [devices.c[name] for name in _TOLD]
    found = sa.select(*told, last.c.last).outerjoin(last, same)
    if office:
        found = found.where(devices.c.office == office)
    return database.rows(found.order_by(devices.c.office, last.c.last.desc(), devices.c.device))


def revoke(database: Database, office: str, device: str, who: str) -> bool:
    """Shut a device out; whether it was let in until now. Raise Problem when it is unknown."""
    working = _only(sa.update(devices), office, device).where(devices.c.revoked_at.is_(None))
    query = working.values(revoked_at=clock.stamp(clock.now()), revoked_by=who)
    if database.write(lambda connection: connection.execute(query).rowcount):
        return True
    if find_device(database, office, device) is None:
        raise Problem("gateway.no_such_device")
    return False


def _admit(
    connection: sa.Connection, device: Device, code_sm3: str, token_sm3: str, now: datetime.datetime
) -> None:
    code = enrolment_codes.c
    mine = sa.and_(code.office == device.office, code.code_sm3 == code_sm3)
    row = connection.execute(sa.select(enrolment_codes).where(mine).with_for_update()).mappings().first()
    if row is None:
        raise Problem("gateway.bad_code")
    if row["used_at"] is not None and row["device"] != device.device:
        raise Problem("gateway.code_used")
    if clock.parse_stamp(row["expires_at"]) < now:
        raise Problem("gateway.code_expired")
    _keep(connection, device, token_sm3, now)
    used = sa.update(enrolment_codes).where(mine).values(used_at=clock.stamp(now), device=device.device)
    connection.execute(used)


def _keep(connection: sa.Connection, device: Device, token_sm3: str, now: datetime.datetime) -> None:
    there = _device(device.office, device.device).with_for_update()
    known = connection.execute(there).mappings().first()
    if known is None:
        row = {
            "office": device.office,
            "device": device.device,
            "suite": device.key.suite,
            "key_id": device.key.key_id,
            "public_key": device.key.pem,
            "token_sm3": token_sm3,
            "enrolled_at": clock.stamp(now),
            "sequence": 0,
            "batches": 0,
        }
        connection.execute(devices.insert().values(row))
    elif known["key_id"] != device.key.key_id:
        raise Problem("gateway.device_taken")
    elif known["revoked_at"] is not None:
        raise Problem("gateway.device_revoked")
    else:
        connection.execute(
            _only(sa.update(devices), device.office, device.device).values(token_sm3=token_sm3)
        )


def _former(database: Database, device: Device, key_id: str) -> PublicKey:
    """The device's key of this id, today's or one it had before."""
    if key_id == device.key.key_id:
        return device.key
    mine = sa.and_(former_keys.c.office == device.office, former_keys.c.device == device.device)
    row = database.row(sa.select(former_keys).where(mine, former_keys.c.key_id == key_id))
    if row is None:
        raise Problem("gateway.bad_key_proof")
    return PublicKey.from_pem(row["public_key"])


def _change(connection: sa.Connection, device: Device, new: PublicKey) -> None:
    same = _only(sa.update(devices), device.office, device.device).where(
        devices.c.key_id == device.key.key_id, devices.c.revoked_at.is_(None)
    )
    values = {"suite": new.suite, "key_id": new.key_id, "public_key": new.pem}
    if connection.execute(same.values(values)).rowcount == 0:  # another request came first
        raise Problem("gateway.bad_key_proof")
    row = {
        "office": device.office,
        "key_id": device.key.key_id,
        "device": device.device,
        "suite": device.key.suite,
        "public_key": device.key.pem,
        "changed_at": clock.stamp(clock.now()),
    }
    connection.execute(former_keys.insert().values(row))


def _device(office: str, device: str) -> "sa.Select[tuple[object, ...]]":
    return sa.select(devices).where(devices.c.office == office, devices.c.device == device)


def _only(update: sa.Update, office: str, device: str) -> sa.Update:
    return update.where(devices.c.office == office, devices.c.device == device)
