"""Hostile and broken forms: refused with a word that helps, never a crash, never a hang."""

# ruff: noqa: E501 - forms and expressions stand on one line

import time

import pytest
from pyxform.xls2xform import convert
from scenario import Scenario, form_of, xform

from xincai.errors import Problem, explain
from xincai.xforms import read_form
from xincai.xforms.reading import document
from xincai.xforms.xpath import patterns
from xincai.xforms.xpath.syntax import parse

DATA = '<data id="t"><a/><b/><c/></data>'


def refused(xml: str | bytes) -> Problem:
    with pytest.raises(Problem) as caught:
        read_form(xml.encode() if isinstance(xml, str) else xml)
    for language in ("zh", "en"):
        explain(caught.value, language)
    return caught.value


def test_a_doctype_is_refused_before_anything_is_expanded() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    assert refused(f"<!DOCTYPE x [{laughs}]>" + xform(DATA, "")).code == "xforms.doctype"
    assert refused(xform(DATA, "").encode("utf-16")).code == "xforms.not_utf8"


def test_an_external_entity_reads_no_file() -> None:
    xml = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>' + xform(
        DATA.replace("<a/>", "<a>&f;</a>"), ""
    )
    assert refused(xml).code == "xforms.doctype"


def test_depth_size_and_number_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    deep = "<x>" * 300 + "</x>" * 300
    assert refused(xform(f'<data id="t">{deep}</data>', "")).code == "xforms.too_deep"
    monkeypatch.setattr(document, "MOST", 100)
    assert refused(xform(f'<data id="t">{"<x/>" * 200}</data>', "")).code == "xforms.too_many_nodes"
    monkeypatch.setattr(document, "LARGEST", 1000)
    assert refused(b"x" * 2000).code == "xforms.too_large"


@pytest.mark.parametrize("xml", ["", "not xml", "<a>", "<a/>", "<html><model/></html>", "\x00\x00"])
def test_what_is_no_form_is_refused(xml: str) -> None:
    assert refused(xml).code.startswith("xforms.")


def test_a_cycle_names_every_place_on_it() -> None:
    problem = refused(
        xform(
            DATA,
            '<bind nodeset="/data/a" calculate="/data/b + 1"/><bind nodeset="/data/b" calculate="/data/c"/>'
            '<bind nodeset="/data/c" relevant="/data/a > 0"/>',
        )
    )
    assert problem.code == "xforms.cycle"
    assert all(name in str(problem.facts["nodes"]) for name in ("/data/a", "/data/b", "/data/c"))


@pytest.mark.parametrize("kind", ["calculate", "relevant"])
def test_a_place_that_reads_itself_is_a_cycle(kind: str) -> None:
    assert refused(xform(DATA, f'<bind nodeset="/data/a" {kind}="/data/a = 1"/>')).code == "xforms.cycle"


def test_a_constraint_may_read_its_own_value() -> None:
    read_form(xform(DATA, '<bind nodeset="/data/a" constraint=". > 1 and /data/a != 5"/>').encode())


def test_a_function_of_an_operators_name_is_refused_beside_the_operator() -> None:
    binds = '<bind nodeset="/data/a" relevant="{}"/>'
    read_form(xform(DATA, binds.format("not(/data/b = 1 and /data/c = 1)")).encode())
    problem = refused(xform(DATA, binds.format("not(and(/data/b = 1, /data/c = 1))")))
    assert problem.facts["function"] == "and"


@pytest.mark.parametrize("steps", ["/data[b = 1]", "/data[b = 1]/c", "/data/b[. = 1]/..", "./..[b]/c"])
def test_a_condition_may_stand_anywhere_on_a_way(steps: str) -> None:
    read_form(xform(DATA, f'<bind nodeset="/data/a" relevant="count({steps}) = 1 or {steps} = 2"/>').encode())


def test_an_output_of_a_language_that_nobody_speaks_is_refused_when_the_form_is_read() -> None:
    texts = "".join(
        f'<translation lang="{language}"><text id="a"><value>{said}</value></text></translation>'
        for language, said in (("zh", "名称"), ("en", '<output value="nonsense-of(/data/b)"/>'))
    )
    body = """<input ref="/data/a"><label ref="jr:itext('a')"/></input>"""
    problem = refused(xform(DATA, "", body, extra=f"<itext>{texts}</itext>"))
    assert (problem.facts["function"], problem.facts["place"]) == ("nonsense-of", "a")


def test_texts_with_outputs_are_the_same_however_late_they_are_read() -> None:
    texts = "".join(
        f'<translation lang="{language}"><text id="a"><value>{said}</value>'
        f'<value form="guidance">{said} &lt;&amp;&gt;</value></text></translation>'
        for language, said in (
            ("zh", '几 <output value="/data/b"/> 个'),
            ("en", '<output value="/data/b"/> of'),
        )
    )
    form = read_form(xform(DATA, "", extra=f"<itext>{texts}</itext>").encode())
    path = parse("/data/b")
    assert form.texts["en"]["a"] == {"": (path, " of"), "guidance": (path, " of <&>")}
    assert form.texts["zh"]["a"][""] == ("几 ", path, " 个")


def test_an_unknown_function_is_named_with_place_property_and_what_instead() -> None:
    problem = refused(xform(DATA, '<bind nodeset="/data/a" constraint="string-lenght(.) = 2"/>'))
    assert problem.code == "xforms.unknown_function"
    assert problem.facts == {
        "function": "string-lenght", "place": "/data/a", "property": "constraint", "instead": "string-length(text)",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("1 +", "breaks_off"),
        ("(1", "breaks_off"),
        ("'open", "open_quote"),
        ("a b", "bad_rule"),
        ("a == b", "miswritten"),
        ("if(1,2)", "wrong_argument_count"),
        ("count('a')", "not_nodes"),
        ("instance('none')/root/item", "unknown_list"),
        ("(" * 500 + "1" + ")" * 500, "rule_too_deep"),
        ("-" * 90_000 + "1", None),
        ("1" + " + 1" * 20_000, None),
        ("not(" * 60 + "1" + ")" * 60, None),
    ],
)
def test_bad_expressions_are_refused_and_long_ones_are_not(expression: str, code: str | None) -> None:
    xml = xform(DATA, f'<bind nodeset="/data/a" calculate="{expression}"/>')
    if code is None:
        assert Scenario.xml(xml).value("a") != ""
    else:
        assert refused(xml).code == f"xforms.{code}"


def test_missing_and_broken_lists_are_named() -> None:
    form = "| survey |\n| | type | name | label |\n| | select_one_from_file x.csv | a | A |"
    with pytest.raises(Problem, match=r"xforms\.missing_file name=x\.csv"):
        form_of(form)
    xml = convert(form, validate=False, file_type=".md").xform
    with pytest.raises(Problem, match=r"xforms\.bad_list_file name=x\.csv"):
        read_form(xml.encode(), {"x.csv": b"name,label\n\xff\xfe,\n"})


def test_no_pattern_hangs_the_program() -> None:
    text = "a" * 40 + "!"
    started = time.perf_counter()
    assert not patterns.matches("(a+)+$", text)
    assert not patterns.matches(r"(?=(a+)+$)(a+)+\1b", text)
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize("pattern", ["(", "[", "*", "(?<x", "\\"])
def test_a_pattern_that_is_none_matches_nothing(pattern: str) -> None:
    assert not patterns.matches(pattern, "a")


def test_automatic_values_that_trigger_each_other_end() -> None:
    body = (
        '<input ref="/data/a"><setvalue event="xforms-value-changed" ref="/data/b" value="/data/a + 1"/></input>'
        '<input ref="/data/b"><setvalue event="xforms-value-changed" ref="/data/a" value="/data/b + 1"/></input>'
    )
    form = Scenario.xml(
        xform(DATA, '<bind nodeset="/data/a" type="int"/><bind nodeset="/data/b" type="int"/>', body)
    )
    with pytest.raises(Problem, match=r"xforms\.endless_actions"):
        form.answer("a", 1)
