"""Whose village a record is of: the towns and villages of the county's list, and the place a record names.

A record that asks for no place (a commitment, an authorisation) is of the village that its subject's other
records name. What a record says never changes, so it is read once.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator

from xincai.desk.library import Library
from xincai.desk.views import Village
from xincai.vault import RecordRow, Vault

_LIST = "regions.csv"
_COUNTY, _TOWN = 6, 9
_NAMED = re.compile(rb"<region_(?:town|village)>(\d{9,12})</")


class Villages:
    """The villages of a desk."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._named: dict[tuple[str, int], str] = {}

    def all(self, office: str) -> tuple[Village, ...]:
        """The towns of the office's county, each followed by its villages, as the registry lists them."""
        rows = tuple(self._rows())
        county = office[:_COUNTY]
        towns = [(code, name) for code, name in rows if len(code) == _TOWN and code.startswith(county)]
        return tuple(
            Village(code, town, "" if code == of else name)
            for of, town in towns
            for code, name in rows
            if code.startswith(of)
        )

    def of(self, vault: Vault, rows: Iterable[RecordRow], village: str) -> frozenset[tuple[str, str, str]]:
        """The subjects that a record says live in a village, or in any of a town."""
        asking = {card.form_id for card in self._library.on_offer(vault) if _LIST in card.files}
        return frozenset(
            subject_of(row)
            for row in rows
            if row.form_id in asking and not row.erased and self._place(vault, row).startswith(village)
        )

    def _rows(self) -> Iterator[tuple[str, str]]:
        card = next((card for card in self._library.cards() if _LIST in card.files), None)
        if card is not None:
            text = self._library.source(card.form_id)[1][_LIST].decode("utf-8-sig")
            for row in csv.DictReader(io.StringIO(text)):
                yield row["name"], row["label"]

    def _place(self, vault: Vault, row: RecordRow) -> str:
        """The code of the town or village that a record names; "" when it names none."""
        key = (row.record_id, row.version)
        if key not in self._named:
            found = _NAMED.findall(vault.record(*key).submission)
            self._named[key] = max(found, key=len, default=b"").decode()
        return self._named[key]


def subject_of(row: RecordRow) -> tuple[str, str, str]:
    """What tells subjects apart: kind and code, and the name of one that has no code."""
    return row.subject_kind, row.subject_code, "" if row.subject_code else row.subject_name
