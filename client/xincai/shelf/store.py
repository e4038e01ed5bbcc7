"""The shelf: forms that were built, ready to be opened.

A built folder holds `index.json` (the cards), `<form_id>.xml` and the code lists. Nothing is parsed before
it is asked for, and nothing twice: a form once read is kept beside its XForm, ready to be opened (`.cache`).
Forms stand in the order that `order.txt` of the sources gives, one form a line; those it does not name follow
by their ids.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from xincai import paths
from xincai.errors import Problem
from xincai.shelf.card import FormCard
from xincai.shelf.convert import FormSource
from xincai.xforms import Form, dump_form, load_form, read_form

BUILT = "xform"
INDEX = "index.json"
ORDER = "order.txt"
CACHE = ".cache"


class Shelf:
    """Forms built into `<folder>/xform`."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = (folder or paths.forms()) / BUILT
        self._cards: dict[str, FormCard] | None = None
        self._open: dict[str, Form] = {}

    def cards(self) -> tuple[FormCard, ...]:
        """All forms, in the order of the shelf."""
        return tuple(self._index().values())

    def card(self, form_id: str) -> FormCard:
        """The card of one form."""
        index = self._index()
        if form_id not in index:
            raise Problem("shelf.unknown_form", form=form_id)
        return index[form_id]

    def open(self, form_id: str, version: str | None = None) -> Form:
        """A form ready to be filled; read once and kept."""
        card = self.card(form_id)
        if version not in (None, card.version):
            raise Problem("shelf.unknown_version", form=form_id, version=str(version), current=card.version)
        if form_id not in self._open:
            self._open[form_id] = self._form(form_id)
        return self._open[form_id]

    def source(self, form_id: str) -> bytes:
        """The XForm as built."""
        return self._read(f"{self.card(form_id).form_id}.xml")

    def files(self, form_id: str) -> Mapping[str, bytes]:
        """The code lists a form reads, by file name."""
        return {name: self._read(name) for name in self.card(form_id).files}

    def sm3(self, form_id: str) -> str:
        """The digest of the XForm."""
        return self.card(form_id).sm3

    def _form(self, form_id: str) -> Form:
        """The form from its cache when that is of this very source and program; else from the XForm."""
        xml, files = self.source(form_id), self.files(form_id)
        source = _digest(xml, files)
        cache = self.folder / f"{form_id}{CACHE}"
        form = load_form(cache.read_bytes(), source) if cache.is_file() else None
        if form is None:
            form = read_form(xml, files)
            with contextlib.suppress(OSError):  # where the folder is not ours to write, nothing is kept
                fresh = cache.with_name(f"{cache.name}.{os.getpid()}")
                fresh.write_bytes(dump_form(form, source))
                fresh.replace(cache)
        return form

    def _index(self) -> dict[str, FormCard]:
        if self._cards is None:
            entries = json.loads(self._read(INDEX))
            cards = [
                FormCard(**{**e, "subjects": tuple(e["subjects"]), "files": tuple(e["files"])})
                for e in entries
            ]
            self._cards = {card.form_id: card for card in cards}
        return self._cards

    def _read(self, name: str) -> bytes:
        try:
            return (self.folder / name).read_bytes()
        except FileNotFoundError as missing:
            raise Problem("shelf.not_built", file=name) from missing


def _digest(xml: bytes, files: Mapping[str, bytes]) -> str:
    """What a form is read from, in short."""
    whole = hashlib.sha256(xml)
    for name, data in sorted(files.items()):
        whole.update(hashlib.sha256(name.encode()).digest() + hashlib.sha256(data).digest())
    return whole.hexdigest()


def keep(sources: list[FormSource], folder: Path) -> None:
    """Write built forms where a `Shelf` of `folder` finds them; what else stood there goes."""
    built = folder / BUILT
    built.mkdir(parents=True, exist_ok=True)
    wanted: dict[str, bytes] = {}
    ordered = _ordered(sources, folder / ORDER)
    for source in ordered:
        wanted[f"{source.card.form_id}.xml"] = source.xml
        wanted.update(source.files)
    cards = [asdict(source.card) for source in ordered]
    wanted[INDEX] = json.dumps(cards, ensure_ascii=False, indent=1).encode()
    for name, data in wanted.items():
        (built / name).write_bytes(data)
    for stale in built.iterdir():
        if stale.name not in wanted:
            stale.unlink()


def _ordered(sources: list[FormSource], order: Path) -> list[FormSource]:
    """The forms as the shelf shows them."""
    named = order.read_text(encoding="utf-8").split() if order.exists() else []
    rank = {form_id: n for n, form_id in enumerate(named)}
    return sorted(sources, key=lambda form: (rank.get(form.card.form_id, len(rank)), form.card.form_id))
