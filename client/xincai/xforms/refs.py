"""Canonical references: `/data/rep[2]/x`, with `[n]` on repeat instances only."""

import re
from collections.abc import Mapping

from xincai.errors import Problem
from xincai.xforms.form import Form
from xincai.xforms.tree import Definition, Node

_SEGMENT = re.compile(r"([^/\[\]]+)(?:\[(\d{1,9})\])?\Z")


def node(form: Form, single: Mapping[Definition, Node], root: Node, ref: str) -> Node:
    """The node a reference means; an instance without a number is the first.

    Raises:
        Problem: `xforms.unknown_question`.
    """
    definition = form.places.get(ref)
    if definition is not None and not definition.in_repeat:
        return single[definition]
    found: Node | None = root if ref.startswith("/") else None
    for at, part in enumerate(ref.split("/")[1:]):
        match = _SEGMENT.match(part)
        found = None if match is None or found is None else _step(found, match[1], int(match[2] or 1), at)
    if found is None:
        raise Problem("xforms.unknown_question", ref=ref)
    return found


def _step(parent: Node, name: str, number: int, at: int) -> Node | None:
    if at == 0:
        return parent if name == parent.name and number == 1 else None
    kids = parent.kids.get(name, [])
    return kids[number - 1] if 1 <= number <= len(kids) else None
