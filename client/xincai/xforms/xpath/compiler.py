"""From syntax tree to Python closures, bound to the nodes of one filling.

A closure takes the context node and returns a value. Paths that leave no repeat are bound to the node itself;
paths within one repeat instance go up k and down by name; `node = 'literal'` and `selected(node, 'x')` have
their own short forms. Several nodes where one is meant: the first; in comparisons, any (where JavaRosa
throws).
"""

import operator
from collections.abc import Callable
from typing import NamedTuple, cast

from xincai.errors import Problem
from xincai.xforms.budget import counted
from xincai.xforms.tree import Definition, Item, Place
from xincai.xforms.xpath import axes, special, strict
from xincai.xforms.xpath import paths as _paths
from xincai.xforms.xpath.functions import CONCAT, FUNCTIONS, Function
from xincai.xforms.xpath.index import independent
from xincai.xforms.xpath.live import Code, Codes, Frame, Live, Nodes
from xincai.xforms.xpath.native import HERE
from xincai.xforms.xpath.syntax import Binary, Call, Chain, Expr, Filter, Negate, Num, Path, Text
from xincai.xforms.xpath.tracks import Standing, whole
from xincai.xforms.xpath.values import (
    CLOSE,
    Value,
    divide,
    equal,
    modulo,
    to_boolean,
    to_number,
    to_string,
)

SIGNATURES: dict[str, tuple[int, int]] = {
    **{name: (function.least, function.most) for name, function in FUNCTIONS.items()},
    **{name: (least, most) for name, (least, most, _) in special.SPECIAL.items()},
}
_CONSTANTS, _NUMBERS, _NODES = (Num, Text), (Num, Negate), (Path, Filter)
_SPOKEN = frozenset({"format-date", "format-date-time"})
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_NOWHERE = Item("", None, "", {})  # for what asks no context
_PAIR = 4  # units of comparing two values


class Scope(NamedTuple):
    """Where an expression stands; `frame` within a predicate."""

    here: Definition | None
    origin: Definition | None
    frame: Frame | None = None

    @property
    def standing(self) -> Standing:
        return Standing(self.here, self.origin)


class Compiler:
    """Compiles for one filling; `strict` for expressions asked for their own sake (`strict`)."""

    def __init__(self, live: Live, *, strict: bool = False) -> None:
        self.live = live
        self.strict = strict
        self.paths = _paths.Paths(self, live)

    # values

    def value(self, expr: Expr, scope: Scope) -> Code:  # noqa: PLR0911 - one case after the other
        """The expression's value, as it comes."""
        if isinstance(expr, Path):
            return self.paths.value(expr, scope)
        if isinstance(expr, Call):
            return self.call(expr, scope)
        if isinstance(expr, Binary):
            return self.binary(expr, scope)
        if isinstance(expr, Chain):
            return self.chain(expr, scope)
        if isinstance(expr, _CONSTANTS):
            constant = expr.value
            return lambda c: constant  # noqa: ARG005 - a constant
        if isinstance(expr, Negate):
            inner = self.number(expr.term, scope)
            return lambda c: -inner(c)
        return self.paths.first(self.nodes(expr, scope))

    def truth(self, expr: Expr, scope: Scope) -> Callable[[Place], bool]:
        code = self.value(expr, scope)
        if kind_of(expr) == "b":
            return cast("Callable[[Place], bool]", code)
        return lambda c: to_boolean(code(c))

    def number(self, expr: Expr, scope: Scope) -> Callable[[Place], float]:
        return cast("Callable[[Place], float]", self.converted(expr, scope, "n", float, to_number))

    def string(self, expr: Expr, scope: Scope) -> Callable[[Place], str]:
        return cast("Callable[[Place], str]", self.converted(expr, scope, "s", str, to_string))

    def converted(
        self, expr: Expr, scope: Scope, kind: str, wanted: type, convert: Callable[[Value], Value]
    ) -> Code:
        """The expression's value as one of a class; most are answers, which mostly are of it already."""
        code = self.value(expr, scope)
        if kind_of(expr) == kind:
            return self.held(code, expr, scope)
        node = self.paths.bound(expr, scope) if isinstance(expr, Path) else None
        if node is not None:
            bound = node

            def read(c: Place) -> Value:  # noqa: ARG001 - the node is bound
                value = bound.seen
                return value if value.__class__ is wanted else convert(value)

            return read
        if isinstance(expr, Path) and self.paths.is_own(expr, scope):

            def own(c: Place) -> Value:
                value = c.seen
                return value if value.__class__ is wanted else convert(value)

            return own

        def run(c: Place) -> Value:
            value = code(c)
            return value if value.__class__ is wanted else convert(value)

        return self.held(run, expr, scope)

    def held(self, code: Code, expr: Expr, scope: Scope) -> Code:
        """What means the same for all candidates of a predicate is worked out for the first of them."""
        frame = scope.frame
        if frame is None or not frame.flat or isinstance(expr, Num | Text | Path) or not independent(expr):
            return code
        passes, kept = -1, cast("Value", "")

        def run(c: Place) -> Value:
            nonlocal passes, kept
            if frame.passes != passes:
                kept = code(c)
                passes = frame.passes
            return kept

        return run

    def nodes(self, expr: Expr, scope: Scope) -> Nodes:
        """The expression's nodes; what is no node-set has none."""
        if isinstance(expr, Path):
            return self.paths.nodes(expr, scope)
        if isinstance(expr, Filter):
            return self.paths.filtered(self.nodes(expr.expr, scope), expr.predicates, scope, None)
        if isinstance(expr, Chain) and expr.op == "|":
            terms = [self.nodes(term, scope) for term in expr.terms]
            return lambda c: axes.in_order([node for term in terms for node in term(c)])
        if isinstance(expr, Call) and self.is_nodes(expr):
            return self.called_nodes(expr, scope)
        return lambda c: []  # noqa: ARG005 - no nodes, whatever the context

    def called_nodes(self, expr: Call, scope: Scope) -> Nodes:
        """Nodes that a function yields, or that `if` chooses."""
        if not fits(expr):
            return cast("Nodes", self.refusal(expr))
        if expr.name in special.NODES:
            return special.NODES[expr.name](self, expr, scope)
        test = self.truth(expr.args[0], scope)
        then, other = self.nodes(expr.args[1], scope), self.nodes(expr.args[2], scope)
        return lambda c: then(c) if test(c) else other(c)

    def values(self, expr: Expr, scope: Scope) -> Codes:
        """All values of a node-set, or the one value of anything else."""
        one = self.paths.one(expr, scope) if isinstance(expr, Path) else None
        if one is not None:
            reach = one

            def alone(c: Place) -> list[Value]:
                node = reach(c)
                return [node.seen] if node.relevant else []

            return alone
        if self.is_nodes(expr):
            nodes = self.nodes(expr, scope)
            return lambda c: [node.seen for node in counted(nodes(c))]
        code = self.value(expr, scope)
        return lambda c: [code(c)]

    def is_nodes(self, expr: Expr) -> bool:
        """Whether the expression may stand for several nodes."""
        if isinstance(expr, Call):
            return expr.name in special.NODES or _chooses_nodes(expr, self.is_nodes)
        return isinstance(expr, _NODES) or (isinstance(expr, Chain) and expr.op == "|")

    def several(self, expr: Expr, scope: Scope) -> bool:
        """Whether a comparison must look at more than one node."""
        if isinstance(expr, Path):
            return not self.paths.is_single(expr, scope)
        return self.is_nodes(expr)

    # operators

    def chain(self, expr: Chain, scope: Scope) -> Code:
        if expr.op == "|":
            return self.paths.first(self.nodes(expr, scope))
        if expr.op == "+":
            return self.add([self.number(term, scope) for term in expr.terms])
        tests = [self.truth(term, scope) for term in expr.terms]
        if len(tests) == 2:
            first, second = tests
            if expr.op == "and":
                return lambda c: first(c) and second(c)
            return lambda c: first(c) or second(c)
        return _all(tests) if expr.op == "and" else _any(tests)

    def add(self, terms: list[Callable[[Place], float]]) -> Code:
        if len(terms) == 2:
            first, second = terms
            return lambda c: first(c) + second(c)

        def run(c: Place) -> float:
            total = 0.0
            for term in terms:
                total += term(c)
            return total

        return run

    def binary(self, expr: Binary, scope: Scope) -> Code:
        op = expr.op
        if op in ("=", "!="):
            return self.equality(expr, scope)
        if op in _COMPARE:
            return self.relation(expr, scope)
        a, b = self.number(expr.left, scope), self.number(expr.right, scope)
        if op == "-":
            return lambda c: a(c) - b(c)
        if op == "*":
            return lambda c: a(c) * b(c)
        if op == "div":
            return lambda c: divide(a(c), b(c))
        return lambda c: modulo(a(c), b(c))

    def equality(self, expr: Binary, scope: Scope) -> Code:
        wanted, left, right = expr.op == "=", expr.left, expr.right
        if isinstance(left, Text):
            left, right = right, left
        if self.several(left, scope) or (not isinstance(right, Text) and self.several(right, scope)):
            return self.existential(expr, scope, lambda x, y: equal(x, y) is wanted)
        if isinstance(right, Text):
            return self.literal(left, right.value, scope, wanted=wanted)
        a, b = self.value(left, scope), self.value(right, scope)
        if wanted:
            return lambda c: equal(a(c), b(c))
        return lambda c: not equal(a(c), b(c))

    def literal(self, left: Expr, text: str, scope: Scope, *, wanted: bool) -> Code:
        """`x = 'text'`, the commonest expression of all."""
        number = to_number(text)

        def same(value: Value) -> bool:
            if value.__class__ is float:
                return value == number or abs(value - number) < CLOSE
            return equal(value, text)

        node = self.paths.bound(left, scope) if isinstance(left, Path) else None
        if node is not None:
            bound = node

            def fast(c: Place) -> bool:  # noqa: ARG001 - the node is bound
                value = bound.seen
                return ((value == text) if value.__class__ is str else same(value)) is wanted

            return fast
        code = self.value(left, scope)

        def run(c: Place) -> bool:
            value = code(c)
            return ((value == text) if value.__class__ is str else same(value)) is wanted

        return run

    def relation(self, expr: Binary, scope: Scope) -> Code:
        compare = _COMPARE[expr.op]
        if self.several(expr.left, scope) or self.several(expr.right, scope):
            return self.existential(expr, scope, lambda x, y: compare(to_number(x), to_number(y)))
        a, b = self.number(expr.left, scope), self.number(expr.right, scope)
        if isinstance(expr.right, Num):
            bound = expr.right.value
            return lambda c: compare(a(c), bound)
        return lambda c: compare(a(c), b(c))

    def existential(self, expr: Binary, scope: Scope, test: Callable[[Value, Value], bool]) -> Code:
        left, right = self.values(expr.left, scope), self.values(expr.right, scope)
        meter = self.live.meter

        def run(c: Place) -> bool:
            others = right(c) or [""]
            for x in left(c) or [""]:
                meter.spend(_PAIR * len(others))
                for y in others:
                    if test(x, y):
                        return True
            return False

        return run

    # functions

    def call(self, expr: Call, scope: Scope) -> Code:
        if not fits(expr) or (self.strict and strict.lacks_nodes(expr)):
            return self.refusal(expr)
        made = special.SPECIAL.get(expr.name)
        if made is not None and made[2] is not None:
            return made[2](self, expr, scope)
        if expr.name in special.NODES:
            return self.paths.first(self.nodes(expr, scope))
        function = FUNCTIONS[expr.name]
        if expr.name in _SPOKEN:
            function = self.spoken(function)
        if self.strict:
            function = strict.of(expr, function)
        if not expr.args and expr.name == "string-length":
            expr = Call(expr.name, (HERE,))
        if expr.name == "concat" and not any(self.several(arg, scope) for arg in expr.args):
            function = CONCAT
        args = [self.argument(function, at, arg, scope) for at, arg in enumerate(expr.args)]
        return _apply(function, args, expr.args)

    def spoken(self, function: Function) -> Function:
        """A function that names months and days, in the language of the filling."""
        live, body = self.live, function.body
        return function._replace(body=lambda value, pattern: body(value, pattern, live.language))

    def refusal(self, expr: Call) -> Code:
        """What cannot be called is told when it is reached, not before."""
        from xincai.xforms.xpath.checks import misfit

        problem = misfit(expr, "evaluate", "")

        def run(c: Place) -> Value:  # noqa: ARG001 - whatever the context
            raise problem

        return run

    def no_list(self, name: str) -> Nodes:
        """A list that the form does not have."""
        if not self.strict:
            return lambda c: []  # noqa: ARG005 - no such list
        known = ", ".join(sorted(self.live.form.instances)[:8]) or "–"
        problem = Problem("xforms.unknown_list", list=name, place="", property="evaluate", known=known)

        def run(c: Place) -> list[Place]:  # noqa: ARG001 - whatever the context
            raise problem

        return run

    def argument(self, function: Function, at: int, expr: Expr, scope: Scope) -> Callable[[Place], object]:
        kind = function.kinds[min(at, len(function.kinds) - 1)]
        if kind == "s":
            return self.string(expr, scope)
        if kind == "n":
            return self.number(expr, scope)
        if kind == "b":
            return self.truth(expr, scope)
        if kind == "l":
            return self.values(expr, scope)
        if kind == "k":
            if isinstance(expr, Path):
                expr = whole(expr, scope.standing, self.live.form.root)
            return self.nodes(expr, scope)
        return self.value(expr, scope)


def _chooses_nodes(call: Call, are_nodes: Callable[[Expr], bool]) -> bool:
    """`if(…, nodes, nodes)`."""
    return call.name == "if" and len(call.args) == 3 and are_nodes(call.args[1]) and are_nodes(call.args[2])


def fits(call: Call) -> bool:
    """Whether a function of that name takes that many arguments."""
    least, most = SIGNATURES.get(call.name, (1, 0))
    given = len(call.args)
    if call.name in special.IN_PAIRS and given % 2 == (least + 1) % 2:
        return False
    return given >= least and (given <= most or most < 0)


def kind_of(expr: Expr) -> str:  # noqa: PLR0911 - one case after the other
    """The kind of value known before running: "b", "n", "s", or "v"."""
    if isinstance(expr, Binary):
        return "b" if expr.op in ("=", "!=") or expr.op in _COMPARE else "n"
    if isinstance(expr, Chain):
        return {"and": "b", "or": "b", "+": "n"}.get(expr.op, "v")
    if isinstance(expr, _NUMBERS):
        return "n"
    if isinstance(expr, Text):
        return "s"
    if isinstance(expr, Call):
        if not fits(expr):
            return "v"
        if expr.name in FUNCTIONS:
            return FUNCTIONS[expr.name].result
        return special.RESULTS.get(expr.name, "v")
    return "v"


def _apply(  # noqa: PLR0911 - one case after the other
    function: Function, args: list[Callable[[Place], object]], given: tuple[Expr, ...]
) -> Code:
    """The function of its arguments; one of two that is written out is read once."""
    body = cast("Callable[..., Value]", function.body)
    if not args:
        return lambda c: body()  # noqa: ARG005 - no arguments
    if len(args) == 1:
        (only,) = args
        return lambda c: body(only(c))
    if len(args) == 2:
        first, second = args
        if isinstance(given[1], Text | Num):
            fixed = second(_NOWHERE)
            return lambda c: body(first(c), fixed)
        if isinstance(given[0], Text | Num):
            fixed = first(_NOWHERE)
            return lambda c: body(fixed, second(c))
        return lambda c: body(first(c), second(c))
    if len(args) == 3:
        first, second, third = args
        return lambda c: body(first(c), second(c), third(c))
    return lambda c: body(*[arg(c) for arg in args])


def _all(tests: list[Callable[[Place], bool]]) -> Code:
    def run(c: Place) -> bool:
        for test in tests:  # noqa: SIM110 - faster than a generator
            if not test(c):
                return False
        return True

    return run


def _any(tests: list[Callable[[Place], bool]]) -> Code:
    def run(c: Place) -> bool:
        for test in tests:  # noqa: SIM110 - faster than a generator
            if test(c):
                return True
        return False

    return run
