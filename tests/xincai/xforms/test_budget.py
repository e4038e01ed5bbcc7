"""A form that asks for too much is stopped within a second, and the filling stands as it stood."""

# ruff: noqa: E501 - forms and expressions stand on one line

import itertools
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from scenario import NOON, Scenario, csv_of, xform

from xincai.errors import Problem, explain
from xincai.xforms import Form, Session, budget, read_form

DATA = '<data id="t"><a/><b/><c/></data>'
ROWS = {
    "x.csv": csv_of(("name", "label", "v"), *[(f"n{n}", f"l{n}", str(n)) for n in range(11_800)]).encode()
}
LIST = '<instance id="x" src="jr://file-csv/x.csv"/>'
ITEMS = "instance('x')/root/item"
TWO_COUNTS = (
    '<data id="t"><o jr:template=""><i jr:template=""><x/></i></o></data>',
    '<group ref="/data/o"><repeat nodeset="/data/o" jr:count="10000"><group ref="/data/o/i"><repeat nodeset="/data/o/i" jr:count="10000"><input ref="/data/o/i/x"/></repeat></group></repeat></group>',
)  # fmt: skip
MANY = '<data id="t">' + "".join(f"<q{n}/>" for n in range(5000)) + "</data>"


@contextmanager
def soon(seconds: float = 8.0) -> Iterator[None]:
    """Computing time, with room for slow machines: without a budget these take minutes or for ever."""
    began = time.process_time()
    yield
    assert time.process_time() - began < seconds


def opened(xml: str) -> Session:
    form: Form = read_form(xml.encode(), ROWS)
    return Session.new(form, now=lambda: NOON)


def stopped(xml: str, code: str = "too_much_work") -> None:
    with soon(), pytest.raises(Problem, match=f"xforms\\.{code}") as caught:
        opened(xml)
    assert explain(caught.value, "en").next


def doubling(expression: str) -> str:
    names = ["a", *[f"q{n}" for n in range(60)]]
    places = '<data id="t"><a>xyzw</a>' + "".join(f"<{name}/>" for name in names[1:]) + "</data>"
    binds = [
        f'<bind nodeset="/data/{name}" calculate="{expression.replace("P", f"/data/{before}")}"/>'
        for before, name in itertools.pairwise(names)
    ]
    return xform(places, "".join(binds))


@pytest.mark.feature("limit/work")
@pytest.mark.parametrize(
    "expression",
    [
        f"count({ITEMS}[count(../item[v &gt; 3]) &gt; 3])",
        f"count({ITEMS}[v &gt; count(../item[v &gt; 3 and label != 'k'])])",
        f"{ITEMS}/v = {ITEMS}/label",
        f"count({ITEMS}/following-sibling::item)",
        f"count({ITEMS}[count(../item[name != current()]) = 1])",
    ],
)
def test_queries_within_queries_over_long_lists_are_stopped(expression: str) -> None:
    stopped(xform(DATA, f'<bind nodeset="/data/a" calculate="{expression}"/>', "", LIST))


def test_a_query_that_is_the_same_for_all_rows_is_made_once() -> None:
    within = f"count({ITEMS}[v &gt; count({ITEMS}[v &gt; 3]) - 11790])"
    xml = xform(DATA, f'<bind nodeset="/data/a" calculate="{within}"/>', "", LIST)
    with soon():
        assert opened(xml).entry("/data/a").value == "11793"


def test_one_query_over_a_long_list_is_no_trouble() -> None:
    xml = xform(
        DATA, f'<bind nodeset="/data/a" calculate="count({ITEMS}[v &gt; 3 and label != \'k\'])"/>', "", LIST
    )
    with soon():
        assert opened(xml).entry("/data/a").value == "11796"


@pytest.mark.feature("limit/text")
@pytest.mark.parametrize(
    "expression",
    [
        "concat(P, P)",
        "join(P, P, P, P)",
        "translate(concat(P, P), 'x', 'y')",
        "substr(concat(P, P), 0)",
        "normalize-space(concat(P, ' ', P))",
    ],
)
def test_texts_that_double_each_other_are_stopped(expression: str) -> None:
    stopped(doubling(expression), "text_too_long")


@pytest.mark.feature("limit/instances")
def test_counts_within_counts_are_stopped() -> None:
    stopped(xform(TWO_COUNTS[0], "", TWO_COUNTS[1]))
    binds = '<bind nodeset="/data/o/i/x" calculate="count(/data/o) + sum(//x)"/>'
    stopped(xform(TWO_COUNTS[0], binds, TWO_COUNTS[1]))


@pytest.mark.parametrize("count", ["count(/data/o) + 1", "count(/data/o) * 2 + 1"])
def test_a_count_of_itself_does_not_run_away(count: str) -> None:
    body = f'<group ref="/data/o"><repeat nodeset="/data/o" jr:count="{count}"><input ref="/data/o/x"/></repeat></group>'
    with soon():
        session = opened(xform('<data id="t"><o jr:template=""><x/></o></data>', "", body))
        assert session.entry("/data/o").count == 1


@pytest.mark.parametrize(
    "binds",
    [
        "".join(
            f'<bind nodeset="/data/q{2 * n}" relevant="/data/q{2 * n + 1} = 1"/><bind nodeset="/data/q{2 * n + 1}" relevant="/data/q{2 * n} = 1"/>'
            for n in range(2500)
        ),
        "".join(f'<bind nodeset="/data/q{n}" constraint="count(//*) = 3"/>' for n in range(5000)),
    ],
)
def test_thousands_of_circles_and_of_readers_of_everything_are_stopped(binds: str) -> None:
    stopped(xform(MANY, binds))


@pytest.mark.feature("limit/places")
def test_a_form_of_a_million_places_is_stopped() -> None:
    stopped(xform('<data id="t">' + "".join(f"<q{n}/>" for n in range(200_000)) + "</data>", ""))


def test_instances_that_look_at_each_other_are_stopped() -> None:
    rows = "".join(f"<r><x>{n}</x></r>" for n in range(5000))
    body = '<group ref="/data/r"><repeat nodeset="/data/r"><input ref="/data/r/x"/></repeat></group>'
    bind = '<bind nodeset="/data/r/x" relevant="count(../../r[x = current()/x]) &gt; 0"/>'
    stopped(xform(f'<data id="t">{rows}</data>', bind, body))


@pytest.mark.feature("limit/step")
def test_a_step_that_asks_for_too_much_changes_nothing() -> None:
    body = '<input ref="/data/a"/><input ref="/data/b"/>'
    bind = f'<bind nodeset="/data/c" calculate="if(/data/a = \'go\', count({ITEMS}[count(../item[v != 3]) &gt; 3]), 7)"/>'
    session = opened(xform(DATA, bind, body, LIST))
    session.answer("/data/b", "kept")
    before, state = session.draft_xml(), list(session.nodes())
    with soon(), pytest.raises(Problem, match=r"xforms\.too_much_work"):
        session.answer("/data/a", "go")
    assert session.draft_xml() == before
    assert list(session.nodes()) == state
    session.answer("/data/a", "stay")
    assert session.entry("/data/a").value == "stay"


HEAVY = f"count({ITEMS}[count(../item[v != 3]) &gt; 3])"
TWO_LANGUAGES = (
    '<itext><translation lang="e" default="true()"><text id="w"><value>stay</value></text></translation>'
    '<translation lang="z"><text id="w"><value>go</value></text></translation></itext>'
)


def test_a_language_that_asks_for_too_much_changes_nothing() -> None:
    bind = f"<bind nodeset=\"/data/c\" calculate=\"if(jr:itext('w') = 'go', {HEAVY}, 7)\"/>"
    label = "<label ref=\"jr:itext('w')\"/>"
    session = opened(xform(DATA, bind, f'<input ref="/data/a">{label}</input>', LIST + TWO_LANGUAGES))
    session.answer("/data/a", "kept")
    before, state = session.draft_xml(), list(session.nodes())
    with soon(), pytest.raises(Problem, match=r"xforms\.too_much_work"):
        session.set_language("z")
    assert (session.draft_xml(), list(session.nodes())) == (before, state)
    assert (session.language, session.entry("/data/a").label) == ("e", "stay")
    session.answer("/data/a", "goes on")
    assert session.entry("/data/c").value == "7"


def test_a_sealing_that_asks_for_too_much_changes_nothing() -> None:
    bind = (
        '<bind nodeset="/data/b" jr:preload="timestamp" jr:preloadParams="end" type="dateTime"/>'
        f"<bind nodeset=\"/data/c\" calculate=\"if(/data/b != '' and /data/a != 'light', {HEAVY}, 7)\"/>"
        '<setvalue event="xforms-revalidate" ref="/data/d" value="\'done\'"/>'
    )
    places = '<data id="t"><a/><b/><c/><d/></data>'
    session = opened(xform(places, bind, '<input ref="/data/a"/>', LIST))
    session.answer("/data/a", "kept")
    before, state = session.draft_xml(), list(session.nodes())
    with soon(), pytest.raises(Problem, match=r"xforms\.too_much_work"):
        session.finalize()
    assert (session.draft_xml(), list(session.nodes())) == (before, state)
    session.answer("/data/a", "light")
    assert b"<d>done</d>" in session.finalize()


def test_a_correction_that_asks_for_too_much_is_stopped() -> None:
    places = '<data id="t"><a/><c/><meta><instanceID/><deprecatedID/></meta></data>'
    bind = f'<bind nodeset="/data/c" calculate="if(/data/meta/deprecatedID != \'\', {HEAVY}, 7)"/>'
    session = opened(xform(places, bind, '<input ref="/data/a"/>', LIST))
    xml = session.finalize()
    with soon(), pytest.raises(Problem, match=r"xforms\.too_much_work"):
        Session.edit(session.form, xml, now=lambda: NOON)


def test_a_count_that_a_group_above_its_reader_turns_on_and_off_ends() -> None:
    places = '<data id="t"><g><n/></g><rep><x/></rep></data>'
    bind = '<bind nodeset="/data/g" relevant="count(/data/rep) &lt; 3"/>'
    body = (
        '<group ref="/data/g"><input ref="/data/g/n"/></group>'
        '<group ref="/data/rep"><repeat nodeset="/data/rep" jr:count="if(/data/g/n = \'x\', 5, 1)">'
        '<input ref="/data/rep/x"/></repeat></group>'
    )
    session = opened(xform(places, bind, body))
    with soon():
        session.answer("/data/g/n", "x")
    assert session.entry("/data/rep").count == 1
    assert session.entry("/data/g").relevant


def test_steps_do_not_add_up() -> None:
    bind = f'<bind nodeset="/data/c" calculate="count({ITEMS}[v != /data/a])"/>'
    session = opened(xform(DATA, bind, '<input ref="/data/a"/>', LIST))
    for turn in range(2 * budget.STEP // (5 * 11_800) // 10):
        session.answer("/data/a", str(turn))
        session.filling.meter.left = min(session.filling.meter.left, budget.STEP // 10)
    assert session.evaluate(f"count({ITEMS}[v != /data/a])") == 11_799.0


@pytest.mark.feature("limit/words")
def test_texts_that_speak_each_other_end() -> None:
    loop = '<itext><translation lang="e"><text id="1"><value>a<output value="jr:itext(\'2\')"/></value></text><text id="2"><value>b<output value="jr:itext(\'1\')"/></value></text></translation></itext>'
    with soon():
        session = opened(
            xform(
                DATA,
                '<bind nodeset="/data/b" calculate="jr:itext(\'1\')"/>',
                '<input ref="/data/a"><label ref="jr:itext(\'1\')"/></input>',
                loop,
            )
        )
        assert session.entry("/data/a").label.startswith("abab")
    fan = '<itext><translation lang="e">' + "".join(
        f'<text id="{n}"><value>b<output value="jr:itext(\'{n + 1}\')"/><output value="jr:itext(\'{n + 1}\')"/></value></text>' for n in range(60)
    ) + "</translation></itext>"  # fmt: skip
    with soon():
        opened(xform(DATA, "", '<input ref="/data/a"><label ref="jr:itext(\'1\')"/></input>', fan))


def test_choices_that_name_each_other_end() -> None:
    def select(own: str, other: str) -> str:
        return f'<select1 ref="/data/{own}"><item><label><output value="jr:choice-name(/data/{other}, \'/data/{other}\')"/></label><value>1</value></item></select1>'

    form = Scenario.xml(
        xform('<data id="t"><a>1</a><b>1</b></data>', "", select("a", "b") + select("b", "a"))
    )
    with soon():
        assert form.choices("a") == ["1"]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("pow(10, 100000000)", "Infinity"),
        ("substr('abc', 99999999999999999999, 999999999999999999999999)", ""),
        ("format-date('99999999-01-01', '%Y')", ""),
        ("format-date(99999999, '%Y')", ""),
        ("string-length(round(1.5, 1000000))", "3"),
        ("if(string-length(uuid(1000000000)) &lt;= 1000, 'short', 'long')", "short"),
        ("selected-at('a b', 99999999999999999999)", ""),
        ("substring('abc', -99999999999999999999, 99999999999999999999999)", "abc"),
        ("indexed-repeat(/data/b, /data, 99999999999999999999)", ""),
    ],
)
def test_absurd_numbers_have_sober_results(expression: str, value: str) -> None:
    with soon():
        assert (
            opened(xform(DATA, f'<bind nodeset="/data/a" calculate="{expression}"/>')).entry("/data/a").value
            == value
        )


@pytest.mark.feature("limit/pattern")
def test_patterns_that_use_up_their_time_use_up_the_step() -> None:
    binds = "".join(
        f"<bind nodeset=\"/data/q{n}\" calculate=\"regex('{'a' * (60 + n)}', '(a|aa)+\\1c')\"/>"
        for n in range(40)
    )
    stopped(xform(MANY, binds))


def test_a_text_longer_than_any_answer_is_not_judged_by_a_pattern_for_long() -> None:
    with soon():
        form = Scenario.xml(
            xform(
                f'<data id="t"><a/><b>{"ab" * 45_000}</b></data>',
                '<bind nodeset="/data/a" calculate="if(regex(/data/b, \'(a?b?){900}c\'), 1, 2)"/>',
            )
        )
        assert form.value("a") == "2"


@pytest.mark.feature("limit/lists")
@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfen\x00", b"\xef\xbb\xbf\xff", ("x," * 3000 + "\n" + "1\n" * 3000).encode(),
    ],
)  # fmt: skip
def test_hostile_lists_are_refused_by_name(data: bytes) -> None:
    with soon(), pytest.raises(Problem, match=r"xforms\.bad_list_file name=x\.csv"):
        read_form(xform(DATA, "", "", LIST).encode(), {"x.csv": data})


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"type":"FeatureCollection","features":[{"properties":"x","geometry":null}]}',
        '{"type":[]}',
        "1" * 10_000,
        "null",
        '{"type":"FeatureCollection","features":{"a":1}}',
    ],
)
def test_hostile_maps_are_refused_by_name(text: str) -> None:
    extra = '<instance id="x" src="jr://file/x.geojson"/>'
    with soon(), pytest.raises(Problem, match=r"xforms\.bad_list_file name=x\.geojson"):
        read_form(xform(DATA, "", "", extra).encode(), {"x.geojson": text.encode()})


def test_a_list_of_nul_letters_and_doubled_columns_is_read_as_it_stands() -> None:
    for odd in (b'"open', b"a,b\n" + b'"' * 99_999):
        read_form(xform(DATA, "", "", LIST).encode(), {"x.csv": odd})
    form = read_form(xform(DATA, "", "", LIST).encode(), {"x.csv": "\ufeffname,name,v\na,b,\x00c\n".encode()})
    assert Session.new(form).evaluate(f"{ITEMS}[1]/name") == "b"
