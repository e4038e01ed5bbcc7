"""Records of one small form that the gateway accepts, for the campaigns of delivery, and what is held of
them.
"""

import os
from pathlib import Path

import sqlalchemy as sa

from xincai import clock
from xincai.records import Record, Subject
from xincai.shelf import build
from xincai.shelf.store import keep
from xincai.vault import Vault
from xincai.wire.digest import sha256, sm3
from xincai_gateway import schema
from xincai_gateway.database import Database

FORM = """
| survey | | | | | | |
| | type | name | label | required | bind::xc:subject | bind::xc:origin |
| | text | code | 主体代码 | yes | code | declared |
| | text | name | 主体名称 | yes | name | declared |
| | image | photo | 照片 | | | |
| settings | | | |
| | form_title | form_id | version |
| | 走访 | visit_campaign | 1 |
"""
Held = tuple[int, int, int, int]
"""Batches, accepted records, outcomes and receipts."""


def memory() -> str | None:
    """A folder that costs no disk, where there is one."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def offer(folder: Path) -> str:
    """Put the form where a gateway finds it; its digest."""
    source = build(FORM, blocks={}, rules={}, lists={})
    keep([source], folder)
    return source.card.sm3


def seal(vault: Vault, form_sm3: str, photo: bytes = b"") -> None:
    """One more record, with a photo where one is given."""
    instance = clock.new_id()
    kept = vault.add_attachment(photo, "image/jpeg") if photo else None
    named = f"<photo>{kept.name}</photo>" if kept else ""
    submission = (
        '<data id="visit_campaign" version="1"><code>91410499MX0000001A</code><name>甲社</name>'
        f"{named}<meta><instanceID>uuid:{instance}</instanceID></meta></data>"
    ).encode()
    record = Record(
        record_id=clock.new_id(),
        version=1,
        form_id="visit_campaign",
        form_version="1",
        form_sm3=form_sm3,
        instance_id=f"uuid:{instance}",
        subject=Subject("ENT", "91410499MX0000001A", "甲社"),
        submission=submission,
        submission_sm3=sm3(submission),
        submission_sha256=sha256(submission),
        attachments=(kept,) if kept else (),
        title="走访",
    )
    vault.seal(record, None)


def held(database: Database, device: str) -> Held:
    """What the gateway's tables hold of one device."""

    def count(table: sa.Table) -> int:
        theirs = sa.select(schema.batches.c.manifest_sm3).where(schema.batches.c.device == device)
        query = sa.select(sa.func.count().label("n")).select_from(table)
        row = database.row(query.where(table.c.manifest_sm3.in_(theirs)))
        assert row is not None
        return int(row["n"])

    return (
        count(schema.batches),
        count(schema.records),
        count(schema.outcomes),
        count(schema.receipts),
    )
