"""The submission as servers take it: names, order, what is left out, what is never touched; corrections."""

import re

import pytest
from lxml import etree
from scenario import NOON, Scenario, form_of, xform

from xincai.errors import Problem
from xincai.xforms import Session, read_form

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMED = (
    '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" '
    'xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms" '
    'xmlns:odk="http://www.opendatakit.org/xforms" xmlns:my="urn:my"><h:head><h:title>t</h:title><model>'
    '<instance><data id="t" version="2" odk:prefix="p" orx:version="9" xmlns="http://example.org/f">'
    '<a kind="x">  two  spaces\n </a><my:own my:mark="m"/><g><b/></g><e/><rep jr:template=""><x>t</x></rep>'
    '<empty jr:template=""><x/></empty><z/>'
    "<orx:meta><orx:instanceID>uuid:1</orx:instanceID><orx:instanceName/></orx:meta></data></instance>"
    '<submission orx:auto-send="true" orx:auto-delete="false" odk:client-editable="true"/>'
    '<bind nodeset="/data/g" relevant="/data/e = \'y\'"/>'
    '<bind nodeset="/data/orx:meta/orx:instanceName" calculate="concat(\'n\', /data/e)"/>'
    '</model></h:head><h:body><input ref="/data/a"/><input ref="/data/e"/>'
    '<group ref="/data/g"><input ref="/data/g/b"/></group>'
    '<group ref="/data/rep"><repeat nodeset="/data/rep"><input ref="/data/rep/x"/></repeat></group>'
    '<group ref="/data/empty"><repeat nodeset="/data/empty"><input ref="/data/empty/x"/></repeat></group>'
    "</h:body></h:html>"
)
FORM = form_of("| survey |\n| | type | name | label |\n| | text | a | A |\n| | decimal | d | D |\n")


def test_namespaces_order_and_attributes_stand_as_in_the_form() -> None:
    session = Session.new(read_form(NAMED.encode()))
    session.answer("/data/e", "y")
    session.add_repeat("/data/rep")
    assert session.finalize().decode() == (
        f'{HEAD}<data xmlns:my="urn:my" xmlns:odk="http://www.opendatakit.org/xforms"'
        ' xmlns:orx="http://openrosa.org/xforms" id="t" version="2" odk:prefix="p" orx:version="9"'
        ' xmlns="http://example.org/f"><a kind="x">two  spaces</a><my:own my:mark="m"/><g><b/></g><e>y</e>'
        "<rep><x>t</x></rep><z/><orx:meta><orx:instanceID>uuid:1</orx:instanceID>"
        "<orx:instanceName>ny</orx:instanceName></orx:meta></data>"
    )


def test_what_is_irrelevant_is_left_out_and_kept_in_the_draft() -> None:
    session = Session.new(read_form(NAMED.encode()))
    assert b"<g>" not in session.finalize()
    assert b"<g><b/></g>" in session.draft_xml()


def test_templates_and_empty_repeats_leave_nothing() -> None:
    xml = Session.new(read_form(NAMED.encode())).finalize()
    assert b"<rep>" not in xml
    assert b"<empty>" not in xml
    assert b"template" not in xml


def test_wishes_about_sending_are_kept() -> None:
    found = read_form(NAMED.encode()).attributes
    assert found["submission-auto-send"] == "true"
    assert found["submission-auto-delete"] == "false"
    assert found["submission-client-editable"] == "true"


@pytest.mark.parametrize("text", [" a&b <c> \"q\" 'r'", "two\nlines", "tab\there", "䶮𬭚", "]]>", "  "])
def test_an_answer_arrives_as_it_was_typed(text: str) -> None:
    session = Session.new(FORM)
    session.answer("/data/a", text)
    xml = session.finalize()
    assert etree.fromstring(xml).findtext("a") == text
    again = Session.resume(FORM, xml)
    assert again.entry("/data/a").value == text
    assert again.finalize() == xml


@pytest.mark.parametrize("text", ["1.0", "007", "+5", "1.50", ".5", "1000000"])
def test_figures_are_written_as_they_were_given_after_every_reopening(text: str) -> None:
    session = Session.new(FORM)
    session.answer("/data/d", text)
    for _ in range(3):
        session = Session.resume(FORM, session.draft_xml())
    assert f"<d>{text}</d>" in session.finalize().decode()


def test_values_of_other_programs_are_not_rewritten() -> None:
    form = read_form(
        xform(
            '<data id="t"><t/><p/><when/><m/></data>',
            '<bind nodeset="/data/t" type="time"/><bind nodeset="/data/p" type="geopoint"/>'
            '<bind nodeset="/data/when" type="dateTime"/>',
            '<input ref="/data/t"/><input ref="/data/p"/><input ref="/data/when"/>'
            '<select ref="/data/m"><item><value>a</value></item><item><value>b</value></item></select>',
        ).encode()
    )
    given = "<t>08:30:00.000+03:00</t><p>34.50 113.20</p><when>2020-01-05T08:30:00+03:00</when><m>b a</m>"
    xml = f'<data id="t">{given}</data>'.encode()
    assert given.encode() in Session.resume(form, xml).finalize()
    assert given.encode() in Session.edit(form, xml).finalize()


def test_the_name_of_a_filling_is_its_own() -> None:
    one = Scenario.new(
        """
        | survey |
        | | type | name | label |
        | | text | a | A |
        | settings |
        | | form_id | version | instance_name |
        | | test | 1 | concat(${a}, '!') |
        """
    )
    one.answer("a", "x")
    assert one.session.instance_name == "x!"
    assert b"<instanceName>x!</instanceName>" in one.session.finalize()


def _ids(xml: bytes) -> tuple[str, str]:
    found = re.search(rb"<instanceID>(.*)</instanceID>(?:<deprecatedID>(.*)</deprecatedID>)?</meta>", xml)
    assert found
    return found[1].decode(), (found[2] or b"").decode()


def test_each_correction_names_the_one_before_it_alone() -> None:
    session = Session.new(FORM)
    session.answer("/data/a", "x")
    first = session.finalize()
    second = Session.edit(FORM, first).finalize()
    third = Session.edit(FORM, second).finalize()
    assert _ids(first)[1] == ""
    assert _ids(second)[1] == _ids(first)[0]
    assert _ids(third)[1] == _ids(second)[0]
    assert len({_ids(xml)[0] for xml in (first, second, third)}) == 3
    assert b"<a>x</a>" in third


def test_a_correction_laid_aside_goes_on_as_the_same_correction() -> None:
    first = Session.new(FORM).finalize()
    begun = Session.edit(FORM, first)
    again = Session.resume(FORM, Session.resume(FORM, begun.draft_xml()).draft_xml())
    assert again.deprecated_id == _ids(first)[0]
    assert _ids(again.finalize()) == (begun.instance_id, _ids(first)[0])


def test_a_form_with_a_place_for_the_former_identity_has_it_filled() -> None:
    form = read_form(
        xform(
            '<data id="t"><a/><meta><deprecatedID/><instanceID/></meta></data>', "", '<input ref="/data/a"/>'
        ).encode()
    )
    first = Session.new(form)
    xml = Session.edit(form, first.finalize()).finalize()
    assert f"<deprecatedID>{first.instance_id}</deprecatedID>".encode() in xml
    assert xml.count(b"<deprecatedID>") == 1


def test_the_time_of_the_start_stays_in_a_correction() -> None:
    form = form_of("| survey |\n| | type | name | label |\n| | start | s | |\n| | text | a | A |\n")
    first = Session.new(form, now=lambda: NOON).finalize()
    start = etree.fromstring(first).findtext("s")
    assert start
    assert etree.fromstring(Session.edit(form, first).finalize()).findtext("s") == start


def test_another_forms_submission_is_refused() -> None:
    with pytest.raises(Problem) as caught:
        Session.edit(FORM, b'<data id="other"><a/></data>')
    assert caught.value.code == "xforms.other_form"


def test_whitespace_around_the_forms_own_values_is_layout() -> None:
    session = Session.new(read_form(xform('<data id="t"><a>\n    </a><b>\n   x\n</b></data>', "").encode()))
    assert [session.entry(f"/data/{name}").value for name in "ab"] == ["", "x"]
