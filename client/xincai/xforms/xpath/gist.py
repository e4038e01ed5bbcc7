"""What an expression asks of the form it stands in, worked out once for each that was parsed.

Reading a form asks this of every rule, many of which say the same; a form read again is asked only where its
paths lead.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

from xincai.errors import Problem
from xincai.xforms.xpath.checks import is_doubtful
from xincai.xforms.xpath.functions import FUNCTIONS
from xincai.xforms.xpath.syntax import MOST_PARSED, Call, Chain, Expr, Filter, Path, Step, Text, parse, parts
from xincai.xforms.xpath.tracks import WHOLE, stands_alone, tidy

LINGUAL = frozenset({"jr:itext", "itext", "jr:choice-name", "choice-name", "format-date", "format-date-time"})
_ASKING = (Call, Path)
_POSITIONAL = frozenset({"position", "indexed-repeat"})
_BY_VALUE = frozenset(
    {"concat", "if", "coalesce", "once", "substr", "string", "number", "normalize-space", "property"}
)

_KNOWN: dict[int, tuple[Expr, "Gist"]] = {}  # the expression is held, so that its number stays its own


class Read(NamedTuple):
    """A path of the main instance that an expression reads.

    Attributes:
        road: the path as the form names its places; "." for the own place, "" where it has more than names.
        presence: asked for its nodes rather than for its value.
        how: "whole" for all instances of a repeat, "free" for no instance in particular, or "".
        within: what the predicates of each step read; empty when there are none.
    """

    path: Path
    road: str
    presence: bool
    how: str
    within: tuple["Reads", ...]


Reads: TypeAlias = tuple[Read, ...]


class Gist(NamedTuple):
    """What an expression asks.

    Attributes:
        doubts: calls that cannot run, and paths into lists that may not be there.
        alone: means the same wherever it stands outside of repeats.
        positional: reads a position.
        lingual: reads the language.
    """

    doubts: tuple[Call | Path, ...]
    reads: Reads
    alone: bool
    positional: bool
    lingual: bool


def gist(expr: Expr) -> Gist:
    """The gist of an expression as it was parsed: of this very object, which `parse` gives to all who ask."""
    known = _KNOWN.get(id(expr))
    if known is None:
        if len(_KNOWN) >= MOST_PARSED:
            _KNOWN.clear()
        known = _KNOWN[id(expr)] = expr, _gist(expr)
    return known[1]


def joined(exprs: Sequence[Expr]) -> Gist:
    """The gist of expressions one after the other."""
    gists = list(map(gist, exprs))
    return Gist(
        tuple([doubt for one in gists for doubt in one.doubts]),
        tuple([read for one in gists for read in one.reads]),
        all(one.alone for one in gists),
        any(one.positional for one in gists),
        any(one.lingual for one in gists),
    )


def _gist(expr: Expr) -> Gist:
    names: set[str] = set()
    doubts, reads = tuple(_doubts(expr, names)), tuple(_reads(expr))
    return Gist(doubts, reads, stands_alone(expr), bool(names & _POSITIONAL), bool(names & LINGUAL))


def _doubts(expr: Expr, names: set[str]) -> Iterator[Call | Path]:
    """Calls and paths to be asked about, outermost first; `names` gathers all functions called."""
    waiting = [expr]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Call):
            names.add(one.name)
        if isinstance(one, _ASKING) and is_doubtful(one):
            yield one
        waiting += parts(one)[::-1]


def _reads(expr: Expr, *, presence: bool = False) -> Iterator[Read]:
    """What is read; `presence` where an expression is asked for its nodes rather than its value."""
    if isinstance(expr, Path):
        yield from _path(expr, presence=presence)
    elif isinstance(expr, Call):
        yield from _call(expr)
    else:
        nodes = isinstance(expr, Filter) or (isinstance(expr, Chain) and expr.op == "|")
        for part in parts(expr):
            yield from _reads(part, presence=nodes)


def _call(call: Call) -> Iterator[Read]:
    first = call.args[0] if call.args else None
    if call.name == "indexed-repeat" and isinstance(first, Path):
        yield from _path(first, presence=True, how="free")
        for argument in call.args[1:]:
            yield from _reads(argument)
        return
    if call.name in ("jr:choice-name", "choice-name") and len(call.args) == 2:
        yield from _reads(call.args[0])
        yield from _named(call.args[1])
        return
    kinds = _kinds(call.name)
    for at, argument in enumerate(call.args):
        if call.name in WHOLE and isinstance(argument, Path):
            yield from _path(argument, presence=True, how="whole")
        else:
            yield from _reads(argument, presence=kinds[min(at, len(kinds) - 1)] in "lk")


def _named(argument: Expr) -> Iterator[Read]:
    """The choices of the question named depend on what its filter reads."""
    if not isinstance(argument, Text):
        return
    try:
        path = parse(argument.value.strip())
    except Problem:
        return
    if isinstance(path, Path):
        yield from _path(path, presence=True)


def _path(path: Path, *, presence: bool, how: str = "") -> Iterator[Read]:
    steps = tidy(path.steps)
    within = [
        tuple([read for one in step.predicates for read in _reads(one, presence=True)]) for step in steps
    ]
    start = path.start
    if isinstance(start, str) or (isinstance(start, Call) and start.name == "current"):
        told = tuple(within) if any(step.predicates for step in steps) else ()
        yield Read(path, "" if how else _road(path.start, steps), presence, how, told)
        return
    yield from _reads(start)
    for reads in within:
        yield from _of_rows(reads)


def _of_rows(reads: Iterable[Read]) -> Iterator[Read]:
    """What predicates of a code list read of the main instance: what stands in a row itself is no answer."""
    for read in reads:
        if read.path.start != ".":
            yield read
            continue
        for inner in read.within:
            yield from _of_rows(inner)


def _road(start: str | Expr, steps: tuple[Step, ...]) -> str:
    if start == "." and not steps:
        return start
    if start != "/" or any(step.axis != "child" or step.predicates for step in steps):
        return ""
    return "".join([f"/{step.name}" for step in steps])


def _kinds(name: str) -> str:
    """What a function makes of its arguments; where that is not known, it may ask for nodes."""
    if name in _BY_VALUE:
        return "v"
    function = FUNCTIONS.get(name)
    return function.kinds or "v" if function is not None else "k"
