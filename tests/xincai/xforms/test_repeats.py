"""Repeats: added, removed, counted, nested; positions and sums follow."""

# ruff: noqa: E501 - forms and expressions stand on one line

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scenario import Scenario, xform

from xincai.errors import Problem
from xincai.xforms import Session
from xincai.xforms.filling import repeats
from xincai.xforms.filling.speaking import Filling

PLOTS = """
| survey |
| | type | name | label | calculation | relevant | constraint |
| | integer | least | Least | | | |
| | begin_repeat | plot | Plot | | | |
| | text | name | Name | | | not(selected(join(' ', ../../plot[position() != position(current()/..)]/name), .)) |
| | integer | mu | Mu | | | |
| | calculate | pos | | position(..) | | |
| | calculate | double | | ${mu} * 2 | | |
| | text | why | Why | | ${mu} > ${least} | |
| | calculate | before | | sum(../../plot[position() < position(current()/..)]/mu) | | |
| | end_repeat | | | | | |
| | calculate | count | | count(${plot}) | | |
| | calculate | total | | sum(${mu}) | | |
| | calculate | second | | indexed-repeat(${mu}, ${plot}, 2) | | |
| | calculate | names | | join(',', ${name}) | | |
"""


def filled(*sizes: int) -> Scenario:
    form = Scenario.new(PLOTS)
    for at, size in enumerate(sizes, 1):
        if at > 1:
            form.add("plot")
        form.answer(f"plot[{at}]/name", f"n{size}")
        form.answer(f"plot[{at}]/mu", size)
    return form


def test_sums_and_positions_follow_additions() -> None:
    form = filled(3, 4, 5)
    assert (form.value("count"), form.value("total"), form.value("second")) == ("3", "12", "4")
    assert [form.value(f"plot[{n}]/before") for n in (1, 2, 3)] == ["0", "3", "7"]


def test_removing_in_the_middle_moves_the_rest_up() -> None:
    form = filled(3, 4, 5)
    changes = form.remove("plot[2]")
    assert changes.structure == {"/data/plot"}
    assert {
        "/data/total",
        "/data/count",
        "/data/second",
        "/data/plot[2]/pos",
        "/data/plot[2]/before",
    } <= changes.values
    assert (form.value("plot[2]/mu"), form.value("plot[2]/pos"), form.value("total")) == ("5", "2", "8")
    assert form.value("names") == "n3,n5"


def test_insert_and_duplicate_stand_where_they_were_asked() -> None:
    form = filled(3, 4)
    form.session.duplicate_repeat("/data/plot[1]")
    assert [form.value(f"plot[{n}]/mu") for n in (1, 2, 3)] == ["3", "3", "4"]
    form.session.insert_repeat("/data/plot[1]")
    assert [form.value(f"plot[{n}]/mu") for n in (1, 2, 3, 4)] == ["", "3", "3", "4"]
    assert [form.value(f"plot[{n}]/pos") for n in (1, 2, 3, 4)] == ["1", "2", "3", "4"]


def test_the_same_name_twice_is_flagged_on_both() -> None:
    form = filled(3, 4)
    assert "/data/plot[2]/name" in form.answer("plot[2]/name", "n3").validity
    assert form.problem("plot[1]/name") == form.problem("plot[2]/name") == "constraint"
    form.answer("plot[1]/name", "other")
    assert form.problem("plot[1]/name") == form.problem("plot[2]/name") == ""


def test_entries_tell_what_can_be_done() -> None:
    form = filled(3)
    repeat = next(entry for entry in form.session.children() if entry.kind == "repeat")
    assert (repeat.ref, repeat.count, repeat.can_add, repeat.can_remove) == ("/data/plot", 1, True, True)
    assert [entry.ref for entry in form.session.children("/data/plot")] == ["/data/plot[1]"]
    assert [entry.name for entry in form.session.children("/data/plot[1]")] == ["name", "mu", "why"]


def test_all_instances_may_go_and_come_back() -> None:
    form = filled(3)
    form.remove("plot[1]")
    assert (form.value("count"), form.value("total")) == ("0", "0")
    assert form.session.entry("/data/plot").can_add
    form.add("plot")
    assert form.value("plot[1]/mu") == ""


@pytest.mark.parametrize("ref", ["/data/plot[9]", "/data/least", "/data/plot", "/data/nothing[1]"])
def test_only_an_instance_can_be_removed(ref: str) -> None:
    with pytest.raises(Problem):
        filled(3).session.remove_repeat(ref)


COUNTED = """
| survey |
| | type | name | label | repeat_count | calculation |
| | integer | n | How many | | |
| | begin_repeat | child | Child | ${n} | |
| | text | name | Name | | |
| | integer | m | Toys | | |
| | begin_repeat | toy | Toy | ${m} | |
| | text | what | What | | |
| | calculate | where | | | concat(position(../..), '.', position(..)) |
| | end_repeat | | | | |
| | end_repeat | | | | |
| | calculate | all | | | count(${toy}) |
"""


def test_a_counted_repeat_follows_its_count() -> None:
    form = Scenario.new(COUNTED)
    form.answer("n", 2)
    form.answer("child[2]/m", 3)
    assert form.value("child[2]/toy[3]/where") == "2.3"
    assert form.value("all") == "4", "an empty count leaves the form's own instance"
    assert form.answer("child[2]/m", 1).structure == {"/data/child[2]/toy"}
    assert form.value("all") == "2"
    form.answer("n", 0)
    assert form.session.entry("/data/child").count == 0


MORE = """
| survey |
| | type | name | label | repeat_count | calculation |
| | calculate | so_far | | | count(${house}) |
| | calculate | wanted | | | if(${so_far} = 0 or indexed-repeat(${last}, ${house}, ${so_far}) = 'no', ${so_far} + 1, ${so_far}) |
| | begin_repeat | house | House | ${wanted} | |
| | text | last | Is this the last one? | | |
| | end_repeat | | | | |
"""


def test_one_more_until_the_last_says_so() -> None:
    form = Scenario.new(MORE)
    assert form.session.entry("/data/house").count == 1
    form.answer("house[1]/last", "no")
    assert form.session.entry("/data/house").count == 2
    reopened = Session.resume(form.form, form.session.draft_xml())
    assert reopened.entry("/data/house").count == 2
    reopened.answer("/data/house[2]/last", "no")
    assert reopened.entry("/data/house").count == 3
    reopened.answer("/data/house[3]/last", "yes")
    assert reopened.entry("/data/house").count == 3


def test_a_counted_repeat_cannot_be_changed_by_hand() -> None:
    form = Scenario.new(COUNTED)
    form.answer("n", 1)
    with pytest.raises(Problem, match=r"xforms\.fixed_repeat"):
        form.add("child")
    entry = form.session.entry("/data/child")
    assert not entry.can_add
    assert not entry.can_remove


def test_an_absurd_count_is_refused() -> None:
    form = Scenario.new(COUNTED)
    with pytest.raises(Problem, match=r"xforms\.too_many_instances"):
        form.answer("n", 2_000_000)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["add", "insert", "remove", "copy", "answer", "least"]), st.integers(0, 9)),
        max_size=14,
    )
)
def test_whatever_is_done_to_a_repeat_it_equals_a_fresh_filling(steps: list[tuple[str, int]]) -> None:
    form = Scenario.new(PLOTS)
    least = ""
    model: list[str] = [""]
    for kind, number in steps:
        at = number % len(model) if model else 0
        before = form.state()
        if kind == "least":
            least = str(number)
            changes = form.answer("least", number)
        elif kind == "add":
            changes = form.add("plot")
            model.append("")
        elif not model:
            continue
        elif kind == "insert":
            changes = form.session.insert_repeat(f"/data/plot[{at + 1}]")
            model.insert(at, "")
        elif kind == "copy":
            changes = form.session.duplicate_repeat(f"/data/plot[{at + 1}]")
            model.insert(at + 1, model[at])
        elif kind == "remove":
            changes = form.remove(f"plot[{at + 1}]")
            del model[at]
        else:
            changes = form.answer(f"plot[{at + 1}]/mu", number)
            model[at] = str(number)
        if not changes.structure:
            after = form.state()
            assert changes.values == {ref for ref in after if before[ref][1] != after[ref][1]}
            assert changes.relevance == {ref for ref in after if before[ref][0] != after[ref][0]}
    _check(form, model, least)
    resumed = form.resumed()
    assert resumed.state() == form.state()


def _check(form: Scenario, model: list[str], least: str) -> None:
    sizes = [int(size or 0) for size in model]
    assert (form.value("count"), form.value("total")) == (str(len(model)), str(sum(sizes)))
    for at, size in enumerate(model):
        here = f"plot[{at + 1}]"
        assert form.value(f"{here}/mu") == size
        assert form.value(f"{here}/pos") == str(at + 1)
        assert form.value(f"{here}/before") == str(sum(sizes[:at]))
        assert form.value(f"{here}/double") == (str(int(size) * 2) if size else "")
        assert form.relevant(f"{here}/why") == (bool(size and least) and int(size) > int(least))


@pytest.mark.parametrize("axis", ["preceding-sibling", "following-sibling", "preceding", "following"])
def test_a_count_may_look_beside_an_instance_that_is_not_there(axis: str) -> None:
    form = Scenario.xml(
        xform(
            '<data id="t"><a>1</a><rep jr:template=""><x/></rep><b>1</b></data>',
            '<bind nodeset="/data/a" type="int"/>',
            '<input ref="/data/a"/><group ref="/data/rep">'
            f'<repeat nodeset="/data/rep" jr:count="/data/a * count({axis}::x)"><input ref="/data/rep/x"/></repeat></group>',
        )
    )
    form.answer("a", 2)
    assert form.session.children("/data/rep") == ()


def test_the_form_as_a_whole_does_not_repeat() -> None:
    body = '<group ref="/data"><repeat nodeset="/data"><input ref="/data/x"/></repeat></group>'
    with pytest.raises(Problem) as caught:
        Scenario.xml(xform('<data id="t"><x/></data>', "", body))
    assert caught.value.code == "xforms.whole_form_repeats"


def test_what_was_asked_keeps_its_place_when_a_step_is_taken_back() -> None:
    form = Scenario.xml(
        xform(
            '<data id="t"><rep jr:template=""><p/></rep></data>',
            '<bind nodeset="/data/rep/p" type="geopoint"/>',
            '<group ref="/data/rep"><repeat nodeset="/data/rep">'
            '<odk:setgeopoint ref="/data/rep/p" event="odk-new-repeat"/><input ref="/data/rep/p"/></repeat></group>',
        )
    )
    for _ in range(2):
        form.session.add_repeat("/data/rep")
    before = [request.ref for request in form.session.requests()]

    def fail(filling: Filling) -> None:
        top = filling.top
        repeats.insert(filling, top, top.definition.children["rep"], 0)
        assert filling.at("/data/rep[3]/p").ref == "/data/rep[3]/p"
        raise Problem("xforms.too_much_work")

    with pytest.raises(Problem):
        form.session.drive(fail)
    assert before == ["/data/rep[1]/p", "/data/rep[2]/p"]
    assert [request.ref for request in form.session.requests()] == before
