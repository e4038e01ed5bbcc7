"""Actions: what fills itself when a form loads, a repeat grows or an answer changes."""

import pytest
from scenario import NOON, Scenario, form_of, xform

from xincai.errors import Problem
from xincai.xforms import Session, read_form

INPUT = '<input ref="/data/{0}"/>'
FIRST, CHANGED, NEW = "odk-instance-first-load", "xforms-value-changed", "odk-new-repeat"


def _set(event: str, ref: str, value: str) -> str:
    return f'<setvalue event="{event}" ref="{ref}" value="{value}"/>'


def test_events_of_loading_come_in_their_order_the_models_actions_before_the_bodys() -> None:
    body = f'<input ref="/data/a">{_set(FIRST, "/data/log", "concat(/data/log, 3)")}</input>'
    one = Scenario.xml(
        xform(
            '<data id="t"><a/><log/></data>',
            _set("odk-instance-load", "/data/log", "concat(/data/log, 5)")
            + _set("xforms-ready", "/data/log", "concat(/data/log, 4)")
            + _set(FIRST, "/data/log", "concat(/data/log, 1)")
            + _set(FIRST, "/data/log", "concat(/data/log, 2)"),
            body,
        )
    )
    assert one.value("log") == "12345"


def test_every_opening_runs_the_load_event_and_only_the_first_runs_the_others() -> None:
    one = Scenario.xml(
        xform(
            '<data id="t"><n>0</n><m>0</m></data>',
            _set("odk-instance-load", "/data/n", "/data/n + 1") + _set(FIRST, "/data/m", "/data/m + 1"),
        )
    )
    again = one.resumed().resumed()
    assert (again.value("n"), again.value("m")) == ("3", "1")


def test_a_first_load_sees_no_calculation_and_calculations_see_it() -> None:
    one = Scenario.xml(
        xform(
            '<data id="t"><a/><sum/><b/></data>',
            '<bind nodeset="/data/sum" type="int" calculate="1 + 1"/>'
            '<bind nodeset="/data/b" calculate="concat(/data/a, /data/sum)"/>'
            + _set(FIRST, "/data/a", "concat('seen:', /data/sum)"),
        )
    )
    assert one.value("a") == "seen:"
    assert one.value("b") == "seen:2"


def test_an_answer_sets_another_and_that_a_third() -> None:
    one = Scenario.xml(
        xform(
            '<data id="t"><a/><b/><c/></data>',
            "",
            f'<input ref="/data/a">{_set(CHANGED, "/data/b", "/data/a * 2")}</input>'
            f'<input ref="/data/b">{_set(CHANGED, "/data/c", "/data/b + 1")}</input>',
        )
    )
    changes = one.answer("a", 4)
    assert (one.value("b"), one.value("c")) == ("8", "9")
    assert changes.values == {"/data/a", "/data/b", "/data/c"}


def test_a_default_set_at_loading_brings_about_what_an_answer_would() -> None:
    one = Scenario.xml(
        xform(
            '<data id="t"><a/><b/></data>',
            _set(FIRST, "/data/a", "5"),
            f'<input ref="/data/a">{_set(CHANGED, "/data/b", "/data/a")}</input>',
        )
    )
    assert one.value("b") == "5"


def test_a_calculation_is_no_answer_and_triggers_nothing() -> None:
    one = Scenario.xml(
        xform(
            '<data id="t"><a/><b/><c/></data>',
            '<bind nodeset="/data/b" calculate="/data/a"/>',
            INPUT.format("a") + f'<input ref="/data/b">{_set(CHANGED, "/data/c", "1")}</input>',
        )
    )
    one.answer("a", "x")
    assert (one.value("b"), one.value("c")) == ("x", "")


def test_the_same_answer_again_triggers_nothing() -> None:
    one = Scenario.xml(
        xform(
            '<data id="t"><a/><n>0</n></data>',
            "",
            f'<input ref="/data/a">{_set(CHANGED, "/data/n", "/data/n + 1")}</input>',
        )
    )
    one.answer("a", "x")
    one.answer("a", "x")
    assert one.value("n") == "1"


def test_actions_without_end_are_refused_and_taken_back() -> None:
    one = Scenario.xml(
        xform(
            '<data id="t"><a/></data>',
            "",
            f'<input ref="/data/a">{_set(CHANGED, "/data/a", "/data/a + 1")}</input>',
        )
    )
    with pytest.raises(Problem) as caught:
        one.answer("a", "1")
    assert caught.value.code == "xforms.endless_actions"
    assert one.value("a") == ""


REPEAT = xform(
    '<data id="t"><base>10</base><rep jr:template=""><x/><y/><uid/></rep><rep><x/><y/><uid/></rep></data>',
    '<bind nodeset="/data/rep/uid" jr:preload="uid"/>'
    '<bind nodeset="/data/rep/y" calculate="/data/rep/x * 2"/>',
    '<input ref="/data/base"/><group ref="/data/rep"><repeat nodeset="/data/rep">'
    + _set(f"{NEW} {FIRST}", "/data/rep/x", "position(..) + ../../base")
    + '<input ref="/data/rep/x"/></repeat></group>',
)


def test_a_new_instance_fills_itself_before_its_rules_run() -> None:
    one = Scenario.xml(REPEAT)
    assert one.value("rep[1]/x") == "11"
    one.add("rep")
    assert (one.value("rep[2]/x"), one.value("rep[2]/y")) == ("12", "24")
    assert one.value("rep[1]/x") == "11"


def test_each_instance_gets_an_identity_of_its_own() -> None:
    one = Scenario.xml(REPEAT)
    one.add("rep")
    one.session.duplicate_repeat("/data/rep[1]")
    ids = [one.value(f"rep[{at}]/uid") for at in (1, 2, 3)]
    assert len(set(ids)) == 3
    assert all(text.startswith("uuid:") for text in ids)


def test_a_copied_instance_keeps_its_answers() -> None:
    one = Scenario.xml(REPEAT)
    one.answer("rep[1]/x", "99")
    one.session.duplicate_repeat("/data/rep[1]")
    assert one.value("rep[2]/x") == "99"


def test_counted_instances_fire_the_event_and_those_of_the_definition_do_not() -> None:
    one = Scenario.xml(
        xform(
            '<data id="t"><n/><rep><x/></rep></data>',
            '<bind nodeset="/data/n" type="int"/>',
            '<input ref="/data/n"/><group ref="/data/rep"><repeat nodeset="/data/rep" jr:count="/data/n">'
            + _set(NEW, "/data/rep/x", "'new'")
            + '<input ref="/data/rep/x"/></repeat></group>',
        )
    )
    one.answer("n", 2)
    assert one.value("rep[2]/x") == "new"


def test_the_older_name_of_the_event_works_from_the_model() -> None:
    one = Scenario.xml(
        xform(
            '<data id="t"><rep jr:template=""><x/></rep></data>',
            _set("jr-insert", "/data/rep/x", "position(..)"),
            '<group ref="/data/rep"><repeat nodeset="/data/rep"><input ref="/data/rep/x"/></repeat></group>',
        )
    )
    one.add("rep")
    one.add("rep")
    assert [one.value(f"rep[{at}]/x") for at in (1, 2)] == ["1", "2"]


def test_an_answer_may_set_a_question_of_another_instance() -> None:
    one = Scenario.xml(
        xform(
            '<data id="t"><rep><x/><y/></rep><rep><x/><y/></rep></data>',
            "",
            '<group ref="/data/rep"><repeat nodeset="/data/rep"><input ref="/data/rep/x">'
            + _set(CHANGED, "/data/rep[position() = 1]/y", "concat('told ', position(..))")
            + '</input><input ref="/data/rep/y"/></repeat></group>',
        )
    )
    one.answer("rep[2]/x", "from the second")
    assert (one.value("rep[1]/y"), one.value("rep[2]/y")) == ("told 1", "")


def test_an_action_in_a_group_for_looks_belongs_to_what_is_around_it() -> None:
    one = Scenario.xml(
        xform(
            '<data id="t"><rep jr:template=""><x/></rep></data>',
            "",
            '<group ref="/data/rep"><repeat nodeset="/data/rep"><group>'
            + _set(NEW, "/data/rep/x", "7")
            + '<input ref="/data/rep/x"/></group></repeat></group>',
        )
    )
    one.add("rep")
    assert one.value("rep[1]/x") == "7"


def test_revalidation_runs_when_the_filling_is_finished() -> None:
    one = Scenario.xml(xform('<data id="t"><a/></data>', _set("xforms-revalidate", "/data/a", "'done'")))
    assert one.value("a") == ""
    assert b"<a>done</a>" in one.session.finalize()


def test_a_dynamic_default_and_a_trigger_of_a_spreadsheet_work() -> None:
    one = Scenario.new(
        """
        | survey |
        | | type | name | label | default | trigger | calculation |
        | | date | d | Day | today() | | |
        | | text | a | A | | | |
        | | text | b | B | | ${a} | concat(${a}, '!') |
        """
    )
    assert one.value("d") == NOON.astimezone().date().isoformat()
    one.answer("a", "x")
    assert one.value("b") == "x!"


POINTS = (
    '<bind nodeset="/data/here" type="geopoint" readonly="true()"/>'
    '<bind nodeset="/data/there" type="geopoint"/><bind nodeset="/data/sound" type="binary"/>'
    f'<odk:setgeopoint event="{FIRST}" ref="/data/here"/>'
    f'<odk:recordaudio event="odk-instance-load" ref="/data/sound" odk:quality="voice-only"/>'
)
ASKED = f'<input ref="/data/a"><odk:setlocation event="{CHANGED}" ref="/data/there"/></input>'


def test_the_engine_asks_for_positions_and_recordings_and_takes_them() -> None:
    one = Scenario.xml(xform('<data id="t"><a/><here/><there/><sound/></data>', POINTS, ASKED))
    asked = one.session.requests()
    assert [(each.kind, each.ref) for each in asked] == [("geopoint", "/data/here"), ("audio", "/data/sound")]
    assert asked[1].parameters == {"quality": "voice-only"}
    changes = one.session.fulfil("/data/here", "34.5 113.2 90 5")
    assert changes.values == {"/data/here"}
    assert one.value("here") == "34.5 113.2 90 5"
    one.answer("a", "x")
    assert [each.ref for each in one.session.requests()] == ["/data/sound", "/data/there"]
    one.session.fulfil("/data/there", "")
    assert [each.ref for each in one.session.requests()] == ["/data/sound"]


def test_a_request_within_a_repeat_follows_its_instance() -> None:
    one = Scenario.xml(
        xform(
            '<data id="t"><rep jr:template=""><p/></rep></data>',
            '<bind nodeset="/data/rep/p" type="geopoint"/>',
            '<group ref="/data/rep"><repeat nodeset="/data/rep">'
            f'<odk:setgeopoint event="{NEW}" ref="/data/rep/p"/><input ref="/data/rep/p"/></repeat></group>',
        )
    )
    one.add("rep")
    one.add("rep")
    one.remove("rep[1]")
    assert [each.ref for each in one.session.requests()] == ["/data/rep[1]/p"]


def test_a_step_that_is_taken_back_leaves_the_requests_as_they_were() -> None:
    one = Scenario.xml(
        xform(
            '<data id="t"><rep jr:template=""><p/></rep><many><x/></many></data>',
            '<bind nodeset="/data/rep/p" type="geopoint"/>',
            '<group ref="/data/rep"><repeat nodeset="/data/rep">'
            f'<odk:setgeopoint event="{NEW}" ref="/data/rep/p"/><input ref="/data/rep/p"/></repeat></group>'
            '<repeat nodeset="/data/many" jr:count="if(count(/data/rep) &gt; 2 or '
            '/data/rep[1]/p != \'\', 99999, 1)"><input ref="/data/many/x"/></repeat>',
        )
    )
    one.add("rep")
    one.add("rep")
    before = [each.ref for each in one.session.requests()]
    for change in (
        lambda: one.session.insert_repeat("/data/rep[1]"),
        lambda: one.session.fulfil("/data/rep[1]/p", "34.5 113.2 90 5"),
    ):
        with pytest.raises(Problem) as caught:
            change()
        assert caught.value.code == "xforms.too_many_instances"
        assert [each.ref for each in one.session.requests()] == before == ["/data/rep[1]/p", "/data/rep[2]/p"]


def test_what_was_asked_at_the_beginning_is_asked_again_where_nothing_was_found() -> None:
    one = Scenario.xml(xform('<data id="t"><a/><here/><there/><sound/></data>', POINTS, ASKED))
    assert [each.ref for each in one.resumed().session.requests()] == ["/data/sound", "/data/here"]
    one.session.fulfil("/data/here", "34.5 113.2 90 5")
    assert [each.ref for each in one.resumed().session.requests()] == ["/data/sound"]
    looked = Session.resume(one.form, one.session.draft_xml(), opened=False)
    assert looked.requests() == ()
    looked.ask(one.session.requests())
    assert looked.requests() == one.session.requests()


def test_what_the_outside_gives_must_be_of_the_type() -> None:
    one = Scenario.xml(xform('<data id="t"><a/><here/><there/><sound/></data>', POINTS, ASKED))
    with pytest.raises(Problem) as caught:
        one.session.fulfil("/data/here", "somewhere")
    assert caught.value.code == "xforms.not_place"
    assert one.session.requests()[0].ref == "/data/here"


def test_an_attribute_is_a_place_that_rules_and_actions_fill() -> None:
    form = read_form(
        xform(
            '<data id="t"><a/><e kind="fixed" n="" m=""/><copy/></data>',
            '<bind nodeset="/data/e/@n" type="int" calculate="/data/a * 2"/>'
            "<bind nodeset='/data/copy' "
            "calculate=\"concat(/data/e/@n, '/', /data/e/@m, '/', /data/e/@kind)\"/>"
            + _set(FIRST, "/data/e/@m", "'first'"),
            INPUT.format("a"),
        ).encode()
    )
    session = Session.new(form)
    session.answer("/data/a", "4")
    assert session.entry("/data/copy").value == "8/first/fixed"
    assert b'<e kind="fixed" n="8" m="first"/>' in session.finalize()
    again = Session.resume(form, session.draft_xml())
    assert again.entry("/data/copy").value == "8/first/fixed"
    assert again.draft_xml() == session.draft_xml()


def test_an_attribute_of_an_answered_question_leaves_the_answer_alone() -> None:
    one = Scenario.xml(
        xform(
            '<data id="t"><a who=""/></data>',
            '<bind nodeset="/data/a/@who" calculate="string-length(/data/a)"/>',
            INPUT.format("a"),
        )
    )
    one.answer("a", "four")
    assert b'<a who="4">four</a>' in one.session.draft_xml()
    assert one.resumed().value("a") == "four"


def test_attributes_are_neither_children_nor_lines_of_the_form() -> None:
    one = Scenario.xml(
        xform(
            '<data id="t"><e n="1"><x>2</x></e><count/></data>',
            '<bind nodeset="/data/e/@n"/><bind nodeset="/data/count" calculate="count(/data/e/*)"/>',
        )
    )
    assert one.value("count") == "1"
    assert not any("@" in ref for ref, *_ in one.session.nodes())
    assert not any("@" in ref for ref, *_ in one.session.leaves())


def test_settings_of_a_spreadsheet_form_stay_untouched_by_events() -> None:
    form = form_of("| survey |\n| | type | name | label |\n| | text | a | A |")
    assert form.renewing == ()
    assert [place.path for place in form.self_filling] == ["/data/meta/instanceID"]
