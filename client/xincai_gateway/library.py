"""The forms this gateway takes, by digest: those on the shelf now, and those that ever stood there.

Rules: a form is known by the digest of its source, which covers its code lists. What the shelf offers is
kept in `forms/<sm3>/` of the data folder, so that a laptop that was away for months still delivers what it
filled; what the administrator publishes or takes in stands in the database too, whence a worker on another
machine fetches it when it first meets it. A county's list of towns and villages makes other forms of those
that read it (`xincai-gateway regions`): desks that have the list fill those, others the shipped ones, and
both are taken. A form of others is taken in by the administrator (`xincai-gateway form add`). What was taken
once is taken for good, so that what was filled in before it was withdrawn still arrives. Nothing is fetched
from anywhere else.
"""

import shutil
from collections.abc import Mapping
from pathlib import Path

import sqlalchemy as sa

from xincai import clock
from xincai.errors import Problem
from xincai.shelf import FormCard, Shelf
from xincai.wire.digest import sm3
from xincai.xforms import Form, read_form
from xincai_gateway.database import Database
from xincai_gateway.schema import library

FORMS = "forms"
"""The library's folder among a gateway's data."""
_SOURCE = "form.xml"


class Library:
    """The shelf's forms and the forms kept from before."""

    def __init__(self, shelf: Shelf, folder: Path, *others: Shelf, database: Database | None = None) -> None:
        """`shelf` is offered; forms of `others`, and those in the database, are taken as well."""
        self._folder = folder
        self._database = database
        self._open: dict[str, Form] = {}
        self.cards = shelf.cards()
        for each in (shelf, *others):
            for card in each.cards():
                if not (folder / card.sm3).exists():
                    self._keep(each, card)

    def named(self, form_id: str) -> Form | None:
        """The form of an id as the shelf offers it, None when it does not."""
        return next((self.find(card.sm3) for card in self.cards if card.form_id == form_id), None)

    def find(self, digest: str) -> Form | None:
        """The form with this digest, or None when it was never taken."""
        if digest not in self._open:
            place = self._folder / digest
            if not place.is_dir() and not self._fetch(digest):
                return None
            files = {path.name: path.read_bytes() for path in place.iterdir()}
            source = files.pop(_SOURCE)
            if sm3(source) != digest:
                raise Problem("gateway.form_damaged", form=digest[:16])
            self._open[digest] = read_form(source, files)
        return self._open[digest]

    def _fetch(self, digest: str) -> bool:
        """Put a form that stands in the database into the folder; whether it does."""
        if self._database is None:
            return False
        rows = self._database.rows(sa.select(library).where(library.c.form_sm3 == digest))
        files = {row["name"]: bytes(row["data"]) for row in rows}
        if any(sm3(files[row["name"]]) != row["sm3"] for row in rows):
            raise Problem("gateway.form_damaged", form=digest[:16])
        source = files.pop(_SOURCE, b"")
        if rows and sm3(source) != digest:
            raise Problem("gateway.form_damaged", form=digest[:16])
        return bool(rows) and keep(self._folder, source, files) == digest

    def _keep(self, shelf: Shelf, card: FormCard) -> None:
        source = shelf.source(card.form_id)
        if sm3(source) != card.sm3:
            raise Problem("gateway.form_damaged", form=card.form_id)
        keep(self._folder, source, shelf.files(card.form_id))


def share(connection: sa.Connection, source: bytes, files: Mapping[str, bytes]) -> str:
    """Put a form into the database for the workers of every machine; its digest."""
    digest = sm3(source)
    there = set(connection.scalars(sa.select(library.c.name).where(library.c.form_sm3 == digest)))
    for name, data in {**files, _SOURCE: source}.items():
        if name not in there:
            row = {"form_sm3": digest, "name": name, "sm3": sm3(data), "data": data}
            connection.execute(library.insert().values(row))
    return digest


def keep(folder: Path, source: bytes, files: Mapping[str, bytes]) -> str:
    """Put a form into a library's folder, whole or not at all; its digest."""
    digest = sm3(source)
    if (folder / digest).exists():
        return digest
    fresh = folder / clock.new_id()
    fresh.mkdir(parents=True, mode=0o700)
    try:
        for name, data in {**files, _SOURCE: source}.items():
            (fresh / name).write_bytes(data)
        fresh.rename(folder / digest)
    except OSError:
        shutil.rmtree(fresh)
        if not (folder / digest).exists():  # else another worker was first
            raise
    return digest
