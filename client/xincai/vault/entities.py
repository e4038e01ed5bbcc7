"""Rows of lists that records sealed here made or changed: what the next filling chooses from, offline too.

A row is kept whole, as it stood after the record; the later record wins. One that may hold answers of level
L4 is enclosed.
"""

import json
from collections.abc import Iterable, Mapping

from xincai.vault import enclosure
from xincai.vault.connection import Database
from xincai.vault.cursor import Cursor
from xincai.vault.rows import EntityRow

_KEEP = """
INSERT INTO entities (dataset, entity_id, cells, record_id) VALUES (?, ?, ?, ?)
ON CONFLICT (dataset, entity_id) DO UPDATE SET cells = excluded.cells, record_id = excluded.record_id
"""


class Entities:
    """Rows of lists."""

    _database: Database

    def entities(self) -> Mapping[str, tuple[Mapping[str, str], ...]]:
        """The rows kept here, by list, the one kept first first."""
        found: dict[str, list[Mapping[str, str]]] = {}
        with self._database.reading() as cursor:
            for row in cursor.each("SELECT dataset, cells FROM entities ORDER BY rowid"):
                cells = json.loads(enclosure.opened_text(cursor, row.text("cells")))
                found.setdefault(row.text("dataset"), []).append(cells)
        return {dataset: tuple(rows) for dataset, rows in found.items()}


def keep(cursor: Cursor, record_id: str, rows: Iterable[EntityRow]) -> None:
    """Keep rows as a record left them, inside an open transaction."""
    for row in rows:
        cells = json.dumps(dict(row.cells), ensure_ascii=False)
        if row.delicate:
            cells = enclosure.enclosed_text(cursor, cells, f"entity/{row.dataset}/{row.cells['name']}")
        cursor.run(_KEEP, row.dataset, row.cells["name"], cells, record_id)
