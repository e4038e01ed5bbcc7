"""Entities: what a submission makes or changes in the lists that other forms choose from.

Lists may be brought up to date before the platform has seen the submission (`apply_entities`).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from xincai import clock
from xincai.xforms.entities import places, saved
from xincai.xforms.facts import Entity
from xincai.xforms.filling.submission import attributes
from xincai.xforms.tree import Node

if TYPE_CHECKING:
    from xincai.xforms.filling.model import Model

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z", re.IGNORECASE)
_NAME, _LABEL, _VERSION, _TRUNK, _BRANCH = "name", "label", "__version", "__trunkVersion", "__branchId"


def of_filling(model: "Model") -> Iterator[Entity]:
    """What the submission makes or changes as the answers stand; those told to do neither are left out."""
    for place in places(model.form.root):
        for node in model.nodes_of(place):
            found = _entity(model, node) if _counts(node) else None
            if found is not None:
                yield found


def apply_entities(
    rows: Iterable[Mapping[str, str]], entities: Iterable[Entity]
) -> tuple[Mapping[str, str], ...]:
    """The rows of one list after entities of its dataset were made or changed here, not yet at the platform.

    As in Collect: an id that is no version 4 UUID and a new entity without a label are passed over, as is
    an update of what is not there. A row changed here keeps the version it branched from.
    """
    list_of = {row.get(_NAME, ""): dict(row) for row in rows}
    for entity in entities:
        row = list_of.get(entity.id)
        if not _UUID.match(entity.id):
            continue
        if row is not None and entity.update:
            _update(row, entity)
        elif row is None and entity.create and entity.label.strip():
            list_of[entity.id] = {
                _NAME: entity.id, _LABEL: entity.label, _VERSION: "1", _TRUNK: "",
                _BRANCH: clock.new_id(), **entity.properties,
            }  # fmt: skip
    return tuple(list_of.values())


def _update(row: dict[str, str], entity: Entity) -> None:
    version = row.get(_VERSION, "")
    number = int(version) if version.isdecimal() else 0
    if not row.get(_BRANCH):
        row[_TRUNK], row[_BRANCH] = version, clock.new_id()
    row[_VERSION] = str(number + 1)
    row[_LABEL] = entity.label if entity.label.strip() else row.get(_LABEL, "")
    columns = {name.lower(): name for name in row}
    for name, value in entity.properties.items():
        row[columns.get(name.lower(), name)] = value


def _entity(model: "Model", node: Node) -> Entity | None:
    said = attributes(node)
    create, update = _true(said.get("create", "")), _true(said.get("update", ""))
    if not (create or update):
        return None
    group = node.parent.parent if node.parent is not None else None
    kept: dict[str, str] = {}
    for name, source in saved(node.definition):
        for place in model.nodes_of(source, group):
            if _counts(place):
                kept[name] = place.text
    label = node.kids.get("label")
    return Entity(
        ref=node.ref,
        dataset=said.get("dataset", ""),
        id=said.get("id", ""),
        label=label[0].text if label else "",
        create=create,
        update=update,
        base_version=said.get("baseVersion", ""),
        trunk_version=said.get("trunkVersion", ""),
        branch_id=said.get("branchId", ""),
        properties=MappingProxyType(kept),
    )


def _counts(node: Node) -> bool:
    place: Node | None = node
    while place is not None:
        if not place.relevant:
            return False
        place = place.parent
    return True


def _true(text: str) -> bool:
    return text == "1" or text.lower() == "true"
