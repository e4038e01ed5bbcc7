"""Enrolment slips: a one-time code with the gateway's address and the code's last day, for paper and stick.

Rules: a slip is made with its code and shown once; only the code's digest stays here. Where devices reach the
gateway it cannot know, behind its proxy: it is told with a slip, and keeps that for the next one. What the QR
code holds and what the small file for a stick holds is the same line of text (`wire.slip`).
"""

import itertools
import math
from typing import Any

import sqlalchemy as sa
import zxingcpp
from markupsafe import Markup

from xincai.errors import Problem
from xincai.wire.slip import EnrolmentSlip, encode_slip, is_address
from xincai_gateway import offices
from xincai_gateway.database import Database
from xincai_gateway.enrol import issue_slip
from xincai_gateway.gateway import Gateway
from xincai_gateway.schema import about

_ADDRESS = "address"
_LONGEST = 200
_QUIET = 4


def issue(gateway: Gateway, office: str, address: str = "") -> EnrolmentSlip:
    """A slip with a fresh code for one device of an office; the address is the one told last unless told
    now. Raise Problem when office or address are none.
    """
    told = address.strip().rstrip("/")
    if told and not (is_address(told) and len(told) <= _LONGEST):
        raise Problem("gateway.bad_address")
    database = gateway.database
    slip = issue_slip(
        database,
        office,
        gateway.identity.key_id,
        address=told or address_of(database),
        practice=gateway.settings.practice,
    )
    if told:
        database.write(lambda connection: _remember(connection, told))
    return slip


def address_of(database: Database) -> str:
    """Where devices reach this gateway, as it was told last; "" when it never was."""
    row = database.row(sa.select(about.c.value).where(about.c.name == _ADDRESS))
    return row["value"] if row else ""


def facts(gateway: Gateway, slip: EnrolmentSlip) -> dict[str, Any]:
    """What the page of a slip shows."""
    text = encode_slip(slip)
    name = offices.name_of(gateway.database, slip.office)
    return {"slip": slip, "office_name": name, "text": text, "qr": Markup(qr_svg(text))}  # noqa: S704 - our own drawing


def file_name(slip: EnrolmentSlip) -> str:
    """What the small file for a stick is called."""
    return f"xincai-enrol-{slip.office}.txt"


def qr_svg(text: str) -> str:
    """The QR code of a text, drawn, with its quiet zone."""
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    levels = memoryview(barcode.to_image(scale=1, add_quiet_zones=False)).tobytes()
    side = math.isqrt(len(levels))
    path: list[str] = []
    for y in range(side):
        x = _QUIET
        for dark, run in itertools.groupby(levels[y * side : (y + 1) * side], lambda level: level < 128):
            wide = sum(1 for _ in run)
            path += [f"M{x} {y + _QUIET}h{wide}v1h-{wide}z"] if dark else []
            x += wide
    whole = side + 2 * _QUIET
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {whole}" shape-rendering="crispEdges">'
        f'<rect width="{whole}" height="{whole}" fill="#fff"/><path d="{"".join(path)}"/></svg>'
    )


def _remember(connection: sa.Connection, address: str) -> None:
    connection.execute(about.delete().where(about.c.name == _ADDRESS))
    connection.execute(about.insert().values(name=_ADDRESS, value=address))
