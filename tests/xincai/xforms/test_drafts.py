"""Drafts and submissions: what is written, what comes back, how a correction is named."""

# ruff: noqa: E501 - forms and expressions stand on one line

import datetime

import pytest
from lxml import etree
from scenario import NOON, Scenario, xform

from xincai import clock
from xincai.errors import Problem
from xincai.xforms import Session

FORM = """
| survey |
| | type | name | label | relevant | calculation | default | trigger |
| | start | start | | | | | |
| | end | end | | | | | |
| | today | day | | | | | |
| | deviceid | dev | | | | | |
| | text | who | Who & <co> | | | | |
| | text | extra | Extra | ${who} = 'x' | | | |
| | text | made | Made | | | concat('m', 1 + 1) | |
| | calculate | changed | | | now() | | ${who} |
| | calculate | secret | | | once(uuid()) | | |
| settings |
| | form_id | version | instance_name |
| | F-1 | 2026 | concat('F ', ${who}) |
"""


def test_a_draft_comes_back_as_it_was() -> None:
    form = Scenario.new(FORM)
    form.answer("who", 'x<&>"')
    form.answer("who", "x")
    form.answer("extra", "a\nb & <c> 𬭚")
    form.answer("who", "y")
    again = form.resumed()
    assert again.state() == form.state()
    assert again.session.draft_xml() == form.session.draft_xml()
    assert again.value("extra") == "a\nb & <c> 𬭚"
    assert not again.relevant("extra")


def test_a_submission_leaves_out_what_is_irrelevant() -> None:
    form = Scenario.new(FORM)
    form.answer("who", "y")
    root = etree.fromstring(form.session.finalize())
    assert (root.get("id"), root.get("version"), root.tag) == ("F-1", "2026", "data")
    assert root.find("extra") is None
    assert root.findtext("end") == "2026-11-22T04:00:00.000Z"
    assert root.findtext("meta/instanceName") == "F y"
    assert root.findtext("meta/instanceID") == form.session.instance_id


def test_preloads_and_dynamic_defaults_fill_themselves_once() -> None:
    with clock.fixed(NOON, seed="1"):
        session = Session.new(Scenario.new(FORM).form, now=lambda: NOON, properties={"deviceid": "PC-7"})
    values = {ref: value for ref, value, _ in session.leaves()}
    assert values["/data/dev"] == "PC-7"
    assert values["/data/made"] == "m2"
    assert values["/data/day"] == NOON.astimezone().date().isoformat()
    later = Session.resume(session.form, session.draft_xml(), now=lambda: NOON + datetime.timedelta(days=1))
    assert later.entry("/data/day").value == values["/data/day"]
    assert later.entry("/data/secret").value == values["/data/secret"]
    assert later.instance_id == session.instance_id


def test_a_trigger_runs_when_its_question_changes() -> None:
    form = Scenario.new(FORM)
    assert form.value("changed") == ""
    assert "/data/changed" in form.answer("who", "x").values


def test_a_correction_has_its_own_id_and_names_the_old_one() -> None:
    form = Scenario.new(FORM)
    form.answer("who", "y")
    old = form.session.instance_id
    edited = Session.edit(form.form, form.session.finalize(), now=lambda: NOON)
    assert edited.instance_id != old
    assert edited.deprecated_id == old
    assert etree.fromstring(edited.finalize()).findtext("meta/deprecatedID") == old
    resumed = Session.resume(form.form, edited.draft_xml(), now=lambda: NOON)
    assert resumed.deprecated_id == old
    assert b"deprecatedID" in resumed.finalize()
    assert edited.entry("/data/made").value == "m2"


def test_another_forms_filling_is_refused() -> None:
    form = Scenario.new(FORM)
    with pytest.raises(Problem, match=r"xforms\.other_form"):
        Session.resume(form.form, b'<data id="G-1"/>')


def test_the_same_answers_give_the_same_bytes() -> None:
    def made() -> bytes:
        with clock.fixed(NOON, seed="s"):
            form = Scenario.new(FORM)
            form.answer("who", "y")
            return form.session.finalize()

    assert made() == made()


def test_a_form_without_metadata_gets_an_instance_id() -> None:
    form = Scenario.xml(xform('<data id="t"><a/></data>', "", '<input ref="/data/a"/>'))
    assert form.session.instance_id.startswith("uuid:")
    assert b"<orx:meta><orx:instanceID>uuid:" in form.session.finalize()


def test_namespaces_survive() -> None:
    instance = '<data xmlns="urn:farm" xmlns:orx="http://openrosa.org/xforms" id="t"><a>1</a><orx:meta><orx:instanceID/></orx:meta></data>'
    form = Scenario.xml(xform(instance, ""))
    root = etree.fromstring(form.session.finalize())
    assert root.tag == "{urn:farm}data"
    assert root.find("{http://openrosa.org/xforms}meta") is not None


def test_new_instances_run_their_actions() -> None:
    body = (
        '<repeat nodeset="/data/r"><setvalue event="odk-new-repeat" ref="/data/r/x" value="position(..) * 10"/>'
        '<input ref="/data/r/x"/></repeat>'
    )
    form = Scenario.xml(
        xform('<data id="t"><r><x/></r></data>', '<bind nodeset="/data/r/x" type="int"/>', body)
    )
    assert form.value("r[1]/x") == ""
    form.add("r")
    assert form.value("r[2]/x") == "20"


def test_bind_columns_of_ours_travel_with_the_leaves() -> None:
    form = Scenario.new(
        "| survey |\n| | type | name | label | bind::xc:item | bind::xc:level |\n| | text | a | A | A01 | L2 |\n"
        '| settings |\n| | form_id | namespaces |\n| | t | xc="urn:xincai:xforms:1" |'
    )
    assert {ref: dict(a) for ref, _, a in form.session.leaves()}["/data/a"] == {"item": "A01", "level": "L2"}
    assert form.session.entry("/data/a").attributes == {"item": "A01", "level": "L2"}


def test_a_foreign_file_brings_in_no_second_answer_and_no_wrong_type() -> None:
    form = Scenario.new(
        "| survey |\n| | type | name | label |\n| | text | a | A |\n| | integer | n | N |\n| | date | d | D |"
    )
    xml = (
        b'<data id="test" version="1"><a>first</a><a>second</a><n>ten</n><d>2020-01-05T00:00:00.000+08:00</d>'
        b"<x>unknown</x><meta><instanceID>uuid:1</instanceID></meta></data>"
    )
    session = Session.resume(form.form, xml, now=lambda: NOON)
    written = session.draft_xml()
    assert b"<a>first</a>" in written
    assert b"second" not in written
    assert b"unknown" not in written
    assert [(finding.ref, finding.kind) for finding in session.findings()] == [("/data/n", "constraint")]
