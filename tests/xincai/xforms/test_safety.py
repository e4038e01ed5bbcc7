"""No expression, however odd, ends the program: it is refused when read, or it has a value."""

# ruff: noqa: E501 - forms and expressions stand on one line

import contextlib

from hypothesis import given, settings
from hypothesis import strategies as st
from scenario import Scenario, xform

from xincai.errors import Problem
from xincai.xforms.filling.lexical import store
from xincai.xforms.filling.submission import read
from xincai.xforms.xpath.compiler import SIGNATURES

FORM = Scenario.xml(
    xform(
        '<data id="t"><n>5</n><e/><d>0001-01-01</d><dt>9999-12-31T23:59:59.000-12:00</dt><rep><x>1</x></rep><rep><x/></rep></data>',
        '<bind nodeset="/data/n" type="int"/><bind nodeset="/data/d" type="date"/><bind nodeset="/data/dt" type="dateTime"/>',
        '<group ref="/data/rep"><repeat nodeset="/data/rep"><input ref="/data/rep/x"/></repeat></group>',
    )
)
ATOMS = st.sampled_from(
    [
        "0", "1", "-1", "2.5", "99999999999999999999", "(1 div 0)", "(0 div 0)", "''", "'x'", "' '",
        "'2020-02-30'", "'0001-01-01'", "'9999-12-31T23:59:59.999+14:00'", "'38 21 0 0;38 22 0 0'", "'abc;def'", "'%Y%q%'",
        "/data/n", "/data/e", "/data/d", "/data/dt", "/data/rep/x", "/data/rep", ".", "..", "*", "//x", "@id", "true()",
        "today()", "now()", "'[('", "'a*'", "'SHA-256'", "'\x01'", "current()/../n", "/data/rep[position() = 2]/x", "/",
    ]
)  # fmt: skip


def _calls(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    call = st.tuples(st.sampled_from(sorted(SIGNATURES)), st.lists(inner, max_size=4)).map(
        lambda made: f"{made[0]}({', '.join(made[1])})"
    )
    pair = st.tuples(
        inner, st.sampled_from(["+", "-", "*", "div", "mod", "=", "!=", "<", ">=", "and", "or", "|"]), inner
    ).map(lambda made: f"({made[0]}) {made[1]} ({made[2]})" if made[1] != "|" else f"{made[0]} | {made[2]}")
    return call | pair


@settings(max_examples=600, deadline=None)
@given(st.recursive(ATOMS, _calls, max_leaves=6))
def test_any_expression_has_a_value_or_is_refused(expression: str) -> None:
    with contextlib.suppress(Problem):
        value = FORM.session.evaluate(expression, "/data/rep[2]/x")
        for kind in ("string", "int", "decimal", "date", "dateTime", "time", "boolean", "geopoint"):
            text, _ = store(kind, value)
            assert "\x01" not in text


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    with contextlib.suppress(Problem):
        FORM.session.evaluate(text)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_any_text_comes_back_from_a_draft_as_it_was(text: str) -> None:
    form = Scenario.xml(xform('<data id="t"><a/></data>', "", '<input ref="/data/a"/>'))
    try:
        form.answer("a", text)
    except Problem:
        return
    assert form.resumed().value("a") == text


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=80))
def test_any_bytes_are_no_draft(data: bytes) -> None:
    with contextlib.suppress(Problem):
        read(FORM.form, data)
