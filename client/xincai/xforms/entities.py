"""What a form says of entities: which lists a submission adds to or changes, and from which answers.

It says so in `meta/entity` (of the filling, or of an instance of a repeat) and marks with `saveto` which
answers become properties. Versions 2022.1, 2023.1, 2024.1 and 2025.1 of the specification are known, others
refused.
"""

from collections.abc import Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from xincai.errors import Problem
from xincai.xforms.facts import EntityKind
from xincai.xforms.tree import Definition

if TYPE_CHECKING:
    from xincai.xforms.form import Form

VERSIONS = ("2022.1", "2023.1", "2024.1", "2025.1")
_OFFLINE = ("2024.1", "2025.1")


def check_version(version: str | None) -> None:
    """Refuse a version of the specification that is newer than what is understood here.

    Raises:
        Problem: `xforms.entities_version` (version, known).
    """
    if version is not None and not version.startswith(VERSIONS):
        raise Problem("xforms.entities_version", version=version, known=", ".join(VERSIONS))


def kinds(form: "Form") -> tuple[EntityKind, ...]:
    """What the form makes or changes, in its order."""
    offline = form.attributes.get("entities-version", "").startswith(_OFFLINE)
    return tuple(
        EntityKind(
            ref=place.path,
            dataset=place.attributes.get("dataset", ""),
            creates="create" in place.attributes,
            updates="update" in place.attributes,
            offline=offline,
            properties=MappingProxyType({name: source.path for name, source in saved(place)}),
        )
        for place in places(form.root)
    )


def places(root: Definition) -> list[Definition]:
    """Where a form describes entities."""
    return [place for place in root.walk() if place.name == "entity" and _group(place) is not None]


def saved(entity: Definition) -> Sequence[tuple[str, Definition]]:
    """Properties and the questions they come from: those nearest to this entity."""
    group = _group(entity)
    return [
        (place.bind.parameters["saveto"], place)
        for place in (group.walk() if group is not None else ())
        if place.bind is not None and "saveto" in place.bind.parameters and _nearest(place) is group
    ]


def _group(entity: Definition) -> Definition | None:
    """What an entity is about: the element that holds its `meta`."""
    meta = entity.parent
    return meta.parent if meta is not None and meta.name.rpartition(":")[2] == "meta" else None


def _nearest(place: Definition) -> Definition | None:
    above = place.parent
    while above is not None:
        metas = [child for name, child in above.children.items() if name.rpartition(":")[2] == "meta"]
        if any("entity" in meta.children for meta in metas):
            return above
        above = above.parent
    return None
