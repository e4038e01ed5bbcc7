"""One step of a filling: what stood before it, and hence what it really changed.

Going to and fro within a step counts as nothing. What came and what went is told by `structure` alone.
"""

from xincai.xforms.facts import NOTHING, Changes
from xincai.xforms.tree import Definition, Node


class Step:
    """What stood before a step, for each node it touched: enough to tell what changed, or to take it back.

    Attributes:
        judged: whether the constraint held, whether an answer was required, whether it was read-only.
        hollow: repeats without instances of which the relevance may have changed, with an ancestor.
    """

    __slots__ = (
        "choices",
        "counted",
        "gone",
        "hollow",
        "judged",
        "laps",
        "new",
        "relevance",
        "rows",
        "values",
        "words",
    )

    def __init__(self) -> None:
        self.values: dict[Node, str] = {}
        self.relevance: dict[Node, bool] = {}
        self.judged: dict[Node, tuple[bool, bool, bool]] = {}
        self.words: dict[Node, None] = {}
        self.choices: set[Node] = set()
        self.rows: dict[tuple[Node, str], list[Node]] = {}
        self.new: set[Node] = set()
        self.gone: set[Node] = set()
        self.hollow: set[tuple[Definition, Node | None]] = set()
        self.laps: dict[tuple[int, Node], int] = {}
        self.counted = 0

    def is_plain(self) -> bool:
        """Whether values are all that was touched, as in most steps."""
        return not (
            self.relevance or self.judged or self.words or self.choices or self.rows or self.hollow
            or self.laps or self.counted or self.new or self.gone
        )  # fmt: skip

    def plain_changes(self) -> Changes:
        """What is otherwise when values are all that was touched; the step is as new then."""
        touched, self.values = self.values, {}
        values: list[str] = []
        validity: list[str] = []
        for node, text in touched.items():
            now = node.text
            if now != text:
                values.append(node.ref)
                if node.required and node.relevant and (text == "" or now == ""):
                    validity.append(values[-1])
        return Changes(frozenset(values), NOTHING, frozenset(validity) if validity else NOTHING)

    def changes(self, hollow: frozenset[str], new: set[Node]) -> Changes:
        """What is otherwise than before; `new` are nodes that came and stayed."""
        known = self.new | self.gone if self.new or self.gone else self.new
        values: list[str] = []
        validity = self.judgements(known) if self.judged else []
        for node, text in self.values.items():
            if node in known:
                continue
            if node.text != text:
                values.append(node.ref)
            if node.required and node not in self.judged:
                missing = text == "" and self.relevance.get(node, node.relevant)
                if missing is not (node.text == "" and node.relevant):
                    validity.append(node.ref)
        if new:
            values += [node.ref for node in new if node.text]
        turned = self.turned(known, validity) if self.relevance else []
        return Changes(
            frozenset(values) if values else NOTHING,
            hollow.union(turned) if turned or hollow else NOTHING,
            frozenset(validity) if validity else NOTHING,
            frozenset([n.ref for n in self.words if n.relevant and n not in known])
            if self.words
            else NOTHING,
            frozenset([n.ref for n in self.choices if n not in known]) if self.choices else NOTHING,
            frozenset([f"{parent.ref}/{name}" for parent, name in self.rows if parent not in known])
            if self.rows
            else NOTHING,
        )

    def turned(self, known: set[Node], validity: list[str]) -> list[str]:
        """What came or went, a repeat with any of its instances; with it comes or goes what troubles it."""
        found: list[str] = []
        for node, was in self.relevance.items():
            if node.relevant is was or node in known:
                continue
            ref = node.ref
            found.append(ref)
            if ref[-1] == "]":
                found.append(ref.rpartition("[")[0])
            troubled = (node.required and node.text == "" and node not in self.values) or not node.valid
            if troubled and node not in self.judged:
                validity.append(ref)
        return found

    def judgements(self, known: set[Node]) -> list[str]:
        """Nodes judged otherwise; a group that is locked or opened brings all below it along."""
        changed: list[str] = []
        for node, was in self.judged.items():
            if node.kids and node.readonly is not was[2] and node not in known:
                changed += [inner.ref for inner in node.walk()]
            elif _state(node) != self.before(node, was) and node not in known:
                changed.append(node.ref)
        return changed

    def before(self, node: Node, was: tuple[bool, bool, bool]) -> tuple[bool, bool, bool, bool]:
        """A node's state before the step."""
        valid, required, readonly = was
        relevant = self.relevance.get(node, node.relevant)
        missing = required and self.values.get(node, node.text) == ""
        return missing and relevant, not valid and relevant, required, readonly


def with_repeats(nodes: list[Node]) -> frozenset[str]:
    """References of nodes, and of the repeat as a whole where an instance is among them."""
    refs = [node.ref for node in nodes]
    refs += [ref.rpartition("[")[0] for ref in refs if ref[-1] == "]"]
    return frozenset(refs)


def _state(node: Node) -> tuple[bool, bool, bool, bool]:
    """Whether an answer is missing, whether it breaks its constraint, whether one is wanted or locked."""
    missing = node.required and node.text == ""
    return missing and node.relevant, not node.valid and node.relevant, node.required, node.readonly
