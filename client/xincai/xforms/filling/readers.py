"""What waits to be worked out, and who hears of a node."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from xincai.xforms.form import Edge, Rule
from xincai.xforms.tree import Node

Work: TypeAlias = Callable[[Rule, Node], None]


class Task:
    """A rule at a node: what waits to be worked out, once however often it is asked for.

    Attributes:
        special: a constraint, or words, which are not worked out whenever they are asked for.
        turn: when it is worked out: by rank, then by `number`.
    """

    __slots__ = ("node", "rank", "rule", "special", "turn", "waits", "work")

    def __init__(self, rule: Rule, node: Node, work: Work, number: int) -> None:
        self.rule = rule
        self.node = node
        self.work = work
        self.rank = rule.rank
        self.special = rule.property in ("constraint", "words")
        self.turn = (rule.rank, number, self)
        self.waits = False


class Readers(NamedTuple):
    """Who reads a node: tasks that never change, and edges to be followed each time with where they part.

    `presence` and `wary` are those of them for whom it matters that an empty node is there, `own` are the
    node's own constraints.
    """

    fixed: tuple[Task, ...]
    moving: tuple[tuple[Edge, Node], ...]
    presence: tuple[Task, ...]
    wary: tuple[tuple[Edge, Node], ...]
    own: tuple[Task, ...]


def parts(edge: Edge) -> bool:
    """Whether the way down to the edge's rule may lead to several nodes, or to none."""
    home = edge.home
    for _ in edge.names or ():
        if home.several or home.parent is None:
            return True
        home = home.parent
    return False
