"""What a step touches, and that nothing of it stays when the form cannot bear it."""

# ruff: noqa: E501 - forms and expressions stand on one line

import pytest
from scenario import Scenario, xform

from xincai.errors import Problem

ROWS = '<instance id="t"><root>{}</root></instance>'


def test_a_predicate_reads_the_rows_it_goes_through_in_every_instance() -> None:
    """Each instance counts those of all: a change in one reaches the others."""
    form = Scenario.xml(
        xform(
            '<data id="t"><r><x/><n/></r><r><x/><n/></r><o><z/></o></data>',
            '<bind nodeset="/data/r/x" type="int"/><bind nodeset="/data/r/n" calculate="count(/data/r[x = 1])"/>'
            '<bind nodeset="/data/o/z" calculate="count(/data/r[x = 1])"/>',
            '<repeat nodeset="/data/r"><input ref="/data/r/x"/></repeat><repeat nodeset="/data/o"><input ref="/data/o/z"/></repeat>',
        )
    )
    form.answer("r[1]/x", 1)
    assert (form.value("r[1]/n"), form.value("r[2]/n"), form.value("o[1]/z")) == ("1", "1", "1")
    form.answer("r[2]/x", 1)
    assert (form.value("r[1]/n"), form.value("r[2]/n"), form.value("o[1]/z")) == ("2", "2", "2")


def test_no_number_finds_no_row() -> None:
    rows = ROWS.format("<item><name>a</name></item><item><name>b</name></item>")
    bind = '<bind nodeset="/data/n" calculate="count(instance(\'t\')/root/item[name = number(/data/x)])"/>'
    form = Scenario.xml(xform('<data id="t"><x/><n/></data>', bind, '<input ref="/data/x"/>', rows))
    assert form.value("n") == "0"


def test_numbers_find_rows_in_their_order_whatever_their_spelling() -> None:
    rows = ROWS.format(
        "<item><k>1</k><v>a</v></item><item><k>1.0</k><v>b</v></item><item><k>1</k><v>c</v></item>"
    )
    bind = '<bind nodeset="/data/n" calculate="join(\'\', instance(\'t\')/root/item[k = /data/x]/v)"/><bind nodeset="/data/x" type="int"/>'
    form = Scenario.xml(xform('<data id="t"><x/><n/></data>', bind, '<input ref="/data/x"/>', rows))
    form.answer("x", 1)
    assert form.value("n") == "abc"


def test_any_of_several_cells_may_be_meant() -> None:
    rows = ROWS.format("<item><k>1</k><k>2</k><v>a</v></item><item><k>2</k><v>b</v></item>")
    bind = "<bind nodeset=\"/data/n\" calculate=\"join('', instance('t')/root/item[k = /data/x]/v)\"/>"
    form = Scenario.xml(xform('<data id="t"><x/><n/></data>', bind, '<input ref="/data/x"/>', rows))
    form.answer("x", "2")
    assert form.value("n") == "ab"


def test_a_copy_has_no_more_inner_rows_than_its_original() -> None:
    form = Scenario.xml(
        xform(
            '<data id="t"><r><s><x/></s></r></data>',
            "",
            '<repeat nodeset="/data/r"><repeat nodeset="/data/r/s"><input ref="/data/r/s/x"/></repeat></repeat>',
        )
    )
    form.remove("r[1]/s[1]")
    form.session.duplicate_repeat("/data/r[1]")
    assert form.session.entry("/data/r[2]/s").count == 0


def test_actions_at_the_start_see_what_earlier_ones_brought_about() -> None:
    actions = (
        '<setvalue event="odk-instance-first-load" ref="/data/a" value="1 + 1"/>'
        '<setvalue event="odk-instance-first-load" ref="/data/c" value="/data/b"/>'
    )
    form = Scenario.xml(
        xform(
            '<data id="t"><a/><b/><c/></data>', '<bind nodeset="/data/b" calculate="/data/a * 10"/>' + actions
        )
    )
    assert form.value("c") == "20"


def test_a_step_the_form_cannot_bear_leaves_everything_as_it_was() -> None:
    """Also what actions wrote and what a cascade dropped; and the next step starts clean."""
    form = Scenario.xml(
        xform(
            '<data id="t"><n/><seen/><r><x/></r></data>',
            '<bind nodeset="/data/n" type="int"/>',
            '<input ref="/data/n"><setvalue event="xforms-value-changed" ref="/data/seen" value="concat(/data/seen, \'+\')"/></input>'
            '<repeat nodeset="/data/r" jr:count="/data/n"><input ref="/data/r/x"/></repeat>',
        )
    )
    form.answer("n", 2)
    form.answer("r[2]/x", "kept")
    before, state = form.session.draft_xml(), form.state()
    with pytest.raises(Problem, match="too_many_instances"):
        form.answer("n", 20_000)
    assert form.session.draft_xml() == before
    assert form.state() == state
    assert form.answer("n", 1).structure == {"/data/r"}


def test_rows_that_the_form_cannot_bear_are_taken_back() -> None:
    form = Scenario.xml(
        xform(
            '<data id="t"><c/><r><x/></r><s><x/></s></data>',
            '<bind nodeset="/data/c" calculate="if(count(/data/r) &gt; 1, 20000, 1)"/>',
            '<repeat nodeset="/data/r"><input ref="/data/r/x"/></repeat>'
            '<repeat nodeset="/data/s" jr:count="/data/c"><input ref="/data/s/x"/></repeat>',
        )
    )
    with pytest.raises(Problem, match="too_many_instances"):
        form.add("r")
    assert form.session.entry("/data/r").count == 1
    assert form.session.entry("/data/s").count == 1
    assert form.answer("r[1]/x", "a").values == {"/data/r[1]/x"}


def test_locking_a_group_tells_of_all_below_it() -> None:
    form = Scenario.xml(
        xform(
            '<data id="t"><k/><g><a/></g></data>',
            '<bind nodeset="/data/g" readonly="/data/k = 1"/>',
            '<input ref="/data/k"/><group ref="/data/g"><input ref="/data/g/a"/></group>',
        )
    )
    assert form.answer("k", 1).validity >= {"/data/g", "/data/g/a"}
    assert form.session.entry("/data/g/a").readonly


def test_a_constraint_follows_what_changed_while_its_question_was_hidden() -> None:
    form = Scenario.xml(
        xform(
            '<data id="t"><most/><show/><n/></data>',
            '<bind nodeset="/data/most" type="int"/><bind nodeset="/data/n" type="int" constraint=". &lt;= /data/most" relevant="/data/show = 1"/>',
            '<input ref="/data/most"/><input ref="/data/show"/><input ref="/data/n"/>',
        )
    )
    form.answer("most", 5)
    form.answer("show", 1)
    form.answer("n", 4)
    form.answer("show", 0)
    form.answer("most", 3)
    assert form.problem("n") == ""
    assert "/data/n" in form.answer("show", 1).validity
    assert form.problem("n") == "constraint"


def test_the_labels_that_may_differ_are_those_that_speak_of_the_answer() -> None:
    form = Scenario.new(
        "| survey |\n| | type | name | label::中文 (zh) | label::English (en) |\n| | text | a | 甲 | A |\n| | text | b | 乙${a} | B ${a} |"
    )
    form.answer("a", "x")
    other = next(name for name in form.session.form.languages if name != form.session.language)
    assert "/data/b" in form.session.set_language(other).labels
    assert form.answer("a", "y").labels == {"/data/b"}
    assert form.answer("b", "z").labels == frozenset()


def test_an_answer_no_longer_offered_does_not_come_back() -> None:
    """The list changed while the question was hidden."""
    form = Scenario.xml(
        xform(
            '<data id="t"><of/><show/><s/></data>',
            '<bind nodeset="/data/s" relevant="/data/show = 1"/>',
            '<input ref="/data/of"/><input ref="/data/show"/><select1 ref="/data/s"><itemset nodeset="instance(\'t\')/root/item[of = /data/of]">'
            '<value ref="name"/><label ref="name"/></itemset></select1>',
            ROWS.format("<item><name>a</name><of>1</of></item><item><name>b</name><of>2</of></item>"),
        )
    )
    form.answer("of", 1)
    form.answer("show", 1)
    form.answer("s", "a")
    form.answer("show", 0)
    form.answer("of", 2)
    assert form.value("s") == "a"
    assert "/data/s" in form.answer("show", 1).values
    assert form.value("s") == ""


def test_a_draft_is_written_anew_wherever_something_changed() -> None:
    form = Scenario.xml(
        xform(
            '<data id="t"><g><r><x/></r></g><n/></data>',
            '<bind nodeset="/data/n" calculate="count(/data/g/r)"/>',
            '<group ref="/data/g"><repeat nodeset="/data/g/r"><input ref="/data/g/r/x"/></repeat></group>',
        )
    )
    for step in (
        lambda: form.answer("g/r[1]/x", "a"),
        lambda: form.session.duplicate_repeat("/data/g/r[1]"),
        lambda: form.answer("g/r[2]/x", "b"),
        lambda: form.session.insert_repeat("/data/g/r[1]"),
        lambda: form.remove("g/r[2]"),
    ):
        step()
        assert form.session.draft_xml() == form.resumed().session.draft_xml()
    assert b"<r><x/></r><r><x>b</x></r></g><n>2</n>" in form.session.draft_xml()
