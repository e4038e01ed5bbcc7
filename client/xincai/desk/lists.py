"""Lists that forms add to and change (ODK's entities), up to date here before the platform has seen it."""

from collections.abc import Iterator

from xincai.records import delicate_paths
from xincai.vault import EntityRow, Vault
from xincai.xforms import Form, Session, apply_entities, rows_of, with_entities


def up_to_date(vault: Vault, form: Form) -> Form:
    """Lane: the form with its lists as they stand here."""
    return with_entities(form, vault.entities()) if form.instances else form


def left_by(vault: Vault, form: Form, session: Session) -> Iterator[EntityRow]:
    """Lane: the rows that a finished filling leaves otherwise than they stand; `form` as it was published."""
    if not any(kind.offline for kind in form.entities):
        return
    made, here = session.entities(), vault.entities()
    places = delicate_paths(form)
    delicate = any(path in places for kind in form.entities for path in kind.properties.values())
    for dataset in dict.fromkeys(entity.dataset for entity in made):
        current = with_entities(form, {dataset: here.get(dataset, ())})
        rows = rows_of(current, dataset) if dataset in form.instances else here.get(dataset, ())
        known = {row["name"]: row for row in rows}
        for row in apply_entities(rows, [entity for entity in made if entity.dataset == dataset]):
            if known.get(row["name"]) != row:
                yield EntityRow(dataset, row, delicate)
