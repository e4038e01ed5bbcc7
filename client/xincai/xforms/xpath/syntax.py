"""XPath as ODK writes it: text to tree. Knows the grammar of XPath 1.0, not what names mean.

Each distinct text is parsed once (`parse` is cached). Chains of `and`, `or`, `+` and `|` become one node,
so that long sums stay shallow. Nesting is capped, so that no expression can exhaust the stack.
"""

import functools
import re
from typing import NamedTuple, TypeAlias, Union

from xincai.errors import Problem

DEEPEST = 90
LONGEST = 200_000
MOST_PARSED = 20_000


class Num(NamedTuple):
    """A number literal."""

    value: float


class Text(NamedTuple):
    """A string literal."""

    value: str


class Call(NamedTuple):
    """A function call."""

    name: str
    args: tuple["Expr", ...]


class Chain(NamedTuple):
    """`a op b op c` for `and`, `or`, `+`, `|`."""

    op: str
    terms: tuple["Expr", ...]


class Binary(NamedTuple):
    """`a op b` for the other operators."""

    op: str
    left: "Expr"
    right: "Expr"


class Negate(NamedTuple):
    """`-a`."""

    term: "Expr"


class Step(NamedTuple):
    """One step of a path: axis, name (or `*`, `node()`, `text()`), predicates."""

    axis: str
    name: str
    predicates: tuple["Expr", ...]


class Path(NamedTuple):
    """A location path; `start` is "/" (root), "." (context) or an expression such as `current()`."""

    start: Union[str, "Expr"]
    steps: tuple[Step, ...]


@functools.lru_cache(maxsize=MOST_PARSED)
def absolute(steps: tuple[Step, ...]) -> Path:
    """A path from the root; the same one for all who take it, as expressions name few places often."""
    return Path("/", steps)


class Filter(NamedTuple):
    """`(expr)[predicate]`."""

    expr: "Expr"
    predicates: tuple["Expr", ...]


Expr: TypeAlias = Num | Text | Call | Chain | Binary | Negate | Path | Filter

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<num>\d+(?:\.\d*)?(?!(?!and|or|div|mod)\w)|\.\d+)
    | (?P<str>"[^"]*"|'[^']*')
    | (?P<name>[^\W\d][\w.\-]*(?::(?!:)(?:[^\W\d][\w.\-]*|\*))?)
    | (?P<op>::|//|\.\.|!=|<=|>=|[/.()\[\],@|+\-*=<>$])
    )""",
    re.VERBOSE,
)
_GLUED = re.compile(r"(?:and|or|div|mod)(?=\d)")
_OPERATOR_NAMES = frozenset({"and", "or", "mod", "div"})
_SIGNS = frozenset({"op", "minus"})
_BEFORE_OPERAND = frozenset(
    {"@", "::", "(", "[", ",", "/", "//", "|", "+", "-", "=", "!=", "<", "<=", ">", ">="}
)
_AXES = {
    "child", "parent", "self", "attribute", "descendant", "descendant-or-self", "ancestor",
    "ancestor-or-self", "following-sibling", "preceding-sibling", "following", "preceding", "namespace",
}  # fmt: skip
_LEVEL = {
    "or": 1, "and": 2, "=": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4,
    "+": 5, "-": 5, "*": 6, "div": 6, "mod": 6,
}  # fmt: skip
_CHAINED = frozenset({"and", "or", "+"})
_SLASHES = frozenset({"/", "//"})
_AROUND = {".": "self", "..": "parent"}
_NODE_TESTS = frozenset({"node", "text", "comment"})


@functools.lru_cache(maxsize=MOST_PARSED)
def parse(text: str) -> Expr:
    """Parse an expression.

    Raises:
        Problem: `xforms.bad_expression` (text, at) or `xforms.expression_too_deep`.
    """
    if len(text) > LONGEST:
        raise Problem("xforms.expression_too_long", length=len(text), most=LONGEST)
    parser = _Parser(text)
    expr = parser.expression(1)
    if parser.kind != "end":
        parser.fail()
    if len(parser.tokens) > DEEPEST and _depth(expr) > DEEPEST:
        raise Problem("xforms.expression_too_deep", expression=_short(text), most=DEEPEST)
    return expr


class _Parser:
    """Precedence climbing over the tokens of one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = _tokens(text)
        self.index = 0
        self.depth = 0
        self.kind, self.value, self.at = self.tokens[0]

    def fail(self) -> None:
        raise Problem("xforms.bad_expression", expression=_short(self.text), at=_short(self.text[self.at :]))

    def take(self) -> str:
        value = self.value
        self.index += 1
        self.kind, self.value, self.at = self.tokens[self.index]
        return value

    def expect(self, value: str) -> None:
        if self.kind != "op" or self.value != value:
            self.fail()
        self.take()

    def here(self, value: str) -> bool:
        return self.value == value and self.kind == "op"

    def slash(self) -> bool:
        return self.kind == "op" and self.value in _SLASHES

    def followed(self, value: str) -> bool:
        return self.tokens[self.index + 1][1] == value

    def expression(self, least: int) -> Expr:
        self.depth += 1
        if self.depth > DEEPEST:
            raise Problem("xforms.expression_too_deep", expression=_short(self.text), most=DEEPEST)
        left = self.unary()
        while self.kind == "operator" and (level := _LEVEL[self.value]) >= least:
            op = self.take()
            right = self.expression(level + 1)
            left = _join(op, left, right)
        self.depth -= 1
        return left

    def unary(self) -> Expr:
        minus = 0
        while self.kind == "minus":
            self.take()
            minus += 1
        expr = self.union()
        if isinstance(expr, Num):
            return Num(-expr.value) if minus % 2 else expr
        return Negate(expr) if minus % 2 else expr

    def union(self) -> Expr:
        terms = [self.path()]
        while self.here("|"):
            self.take()
            terms.append(self.path())
        return terms[0] if len(terms) == 1 else Chain("|", tuple(terms))

    def path(self) -> Expr:
        if self.slash():
            return absolute(self.steps(first=True))
        if not self.primary_follows():
            return Path(".", self.steps(first=False))
        expr = self.primary()
        predicates = self.predicates()
        if predicates:
            expr = Filter(expr, predicates)
        if self.slash():
            return Path(expr, self.steps(first=True))
        return expr

    def primary_follows(self) -> bool:
        if self.kind in ("num", "str") or self.here("("):
            return True
        return self.kind == "name" and self.followed("(") and self.value not in _NODE_TESTS

    def primary(self) -> Expr:
        if self.kind == "num":
            return Num(float(self.take()))
        if self.kind == "str":
            return Text(self.take()[1:-1])
        if self.here("("):
            self.take()
            expr = self.expression(1)
            self.expect(")")
            return expr
        name = self.take()
        self.expect("(")
        args: list[Expr] = []
        while not self.here(")"):
            if args:
                self.expect(",")
            args.append(self.expression(1))
        self.take()
        return Call(name, tuple(args))

    def steps(self, *, first: bool) -> tuple[Step, ...]:
        steps: list[Step] = []
        if not first:
            steps.append(self.step())
        while self.slash():
            if self.take() == "//":
                steps.append(Step("descendant-or-self", "node()", ()))
            elif not steps and not self.step_follows():
                return ()
            steps.append(self.step())
        return tuple(steps)

    def step_follows(self) -> bool:
        return self.kind == "name" or (self.kind == "op" and self.value in (".", "..", "*", "@"))

    def step(self) -> Step:
        axis = "child"
        if self.kind == "op":
            if self.value in _AROUND:
                return Step(_AROUND[self.take()], "node()", self.predicates())
            if self.value == "@":
                self.take()
                axis = "attribute"
        elif self.kind == "name" and self.followed("::"):
            axis = self.take()
            self.take()
            if axis not in _AXES:
                self.fail()
        return Step(axis, self.node_test(), self.predicates())

    def node_test(self) -> str:
        if self.here("*"):
            return self.take()
        if self.kind != "name":
            self.fail()
        if self.value.endswith(":*"):
            self.fail()
        name = self.take()
        if name in _NODE_TESTS and self.here("("):
            self.take()
            self.expect(")")
            return f"{name}()"
        return name

    def predicates(self) -> tuple[Expr, ...]:
        if not self.here("["):
            return ()
        found: list[Expr] = []
        while self.here("["):
            self.take()
            found.append(self.expression(1))
            self.expect("]")
        return tuple(found)


def _depth(expr: Expr) -> int:
    """How deep the tree is; found without recursion, so that it is safe to ask."""
    level, depth = [expr], 0
    while level:
        level, depth = [part for one in level for part in parts(one)], depth + 1
    return depth


def size(expr: Expr) -> int:
    """How many expressions an expression is made of."""
    return 1 + sum(map(size, parts(expr)))


def parts(expr: Expr) -> tuple[Expr, ...]:  # noqa: PLR0911 - one case after the other
    """The expressions an expression is made of."""
    if isinstance(expr, Path):
        inner = tuple([predicate for step in expr.steps for predicate in step.predicates])
        return inner if isinstance(expr.start, str) else (expr.start, *inner)
    if isinstance(expr, Call):
        return expr.args
    if isinstance(expr, Binary):
        return (expr.left, expr.right)
    if isinstance(expr, Chain):
        return expr.terms
    if isinstance(expr, Negate):
        return (expr.term,)
    if isinstance(expr, Filter):
        return (expr.expr, *expr.predicates)
    return ()


def _join(op: str, left: Expr, right: Expr) -> Expr:
    if op not in _CHAINED:
        return Binary(op, left, right)
    if isinstance(left, Chain) and left.op == op:
        return Chain(op, (*left.terms, right))
    return Chain(op, (left, right))


def _tokens(text: str) -> list[tuple[str, str, int]]:
    """Split into (kind, value, offset); `*` and operator names are told apart by what stands before."""
    found: list[tuple[str, str, int]] = []
    at, length, operand_next = 0, len(text.rstrip()), True
    while at < length:
        match = _TOKEN.match(text, at)
        if match is None:
            raise Problem("xforms.bad_expression", expression=_short(text), at=_short(text[at:]))
        kind = str(match.lastgroup)
        value = match[kind]
        at = match.end()
        start = at - len(value)
        if kind == "name" and not operand_next:
            glued = _GLUED.match(value)
            if glued is not None:
                value = glued[0]
                at = start + len(value)
            if value in _OPERATOR_NAMES:
                kind = "operator"
        elif kind == "op" and operand_next:
            kind = "minus" if value == "-" else "op"
        elif kind == "op" and value in _LEVEL:
            kind = "operator"
        found.append((kind, value, start))
        operand_next = kind == "operator" or (kind in _SIGNS and value in _BEFORE_OPERAND)
    found.extend([("end", "", len(text))] * 2)
    return found


def _short(text: str) -> str:
    return text if len(text) <= 120 else text[:117] + "…"
