"""Values that fill themselves: at the first load, in new instances, when a filling is finished."""

import datetime
import re

import pytest
from scenario import NOON, Scenario, xform

from xincai.xforms import Session, read_form

PROPERTIES = {"deviceID": "dev-1", "username": "user-1", "email": "u@example.org", "phonenumber": "555"}
IDENTITY = re.compile(r"uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z")


def _form(preload: str, parameters: str = "", kind: str = "string", text: str = "") -> Session:
    form = read_form(
        xform(
            f'<data id="t"><a>{text}</a></data>',
            f'<bind nodeset="/data/a" type="{kind}" jr:preload="{preload}" jr:preloadParams="{parameters}"/>',
        ).encode()
    )
    return Session.new(form, now=lambda: NOON, properties=PROPERTIES)


def _value(session: Session) -> str:
    return session.entry("/data/a").value


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("deviceid", "dev-1"), ("username", "user-1"), ("email", "u@example.org"), ("phonenumber", "555"),
        ("uri:deviceid", "dev-1"), ("uri:username", "username:user-1"), ("uri:email", "mailto:u@example.org"),
        ("uri:phonenumber", "tel:555"), ("subscriberid", ""), ("uri:simserial", ""), ("nonsense", ""),
    ],
)  # fmt: skip
def test_properties_of_the_device_and_its_person(asked: str, given: str) -> None:
    assert _value(_form("property", asked)) == given


def test_a_property_given_with_its_scheme_is_taken_as_it_is() -> None:
    form = read_form(
        xform(
            '<data id="t"><a/></data>',
            '<bind nodeset="/data/a" jr:preload="property" jr:preloadParams="uri:deviceid"/>',
        ).encode()
    )
    session = Session.new(form, properties={"deviceid": "d", "uri:deviceid": "collect:d"})
    assert _value(session) == "collect:d"


def test_an_identity_is_a_uuid_and_stands_above_the_forms_default() -> None:
    assert IDENTITY.match(_value(_form("uid", text="uuid:of-the-template")))


def test_a_property_that_nobody_knows_leaves_the_forms_default() -> None:
    assert _value(_form("property", "simserial", text="none")) == "none"


@pytest.mark.parametrize("kind", ["dateTime", "string"])
def test_the_start_is_stamped_once_and_the_end_when_the_filling_is_finished(kind: str) -> None:
    start, end = _form("timestamp", "start", kind), _form("timestamp", "end", kind)
    stamp = re.compile(r"2026-11-22T\d\d:00:00\.000(Z|[+-]\d\d:\d\d)\Z")
    assert stamp.match(_value(start))
    assert _value(end) == ""
    end.finalize()
    assert stamp.match(_value(end))


def test_the_start_stays_when_a_draft_is_opened_later() -> None:
    started = _form("timestamp", "start", "dateTime")
    later = NOON + datetime.timedelta(days=3)
    again = Session.resume(started.form, started.draft_xml(), now=lambda: later, properties=PROPERTIES)
    assert _value(again) == _value(started)


def test_a_later_finish_moves_the_end() -> None:
    ended = _form("timestamp", "end", "dateTime")
    xml = ended.finalize()
    again = Session.edit(ended.form, xml, now=lambda: NOON + datetime.timedelta(days=3))
    again.finalize()
    assert again.entry("/data/a").value.startswith("2026-11-25")


def test_the_day() -> None:
    assert _value(_form("date", "today", "date")) == NOON.astimezone().date().isoformat()


@pytest.mark.parametrize(
    ("preload", "parameters"),
    [("date", "prevperiod-week-mon-head"), ("date", ""), ("patient", "name"), ("timestamp", "noon")],
)
def test_what_is_not_known_is_passed_over(preload: str, parameters: str) -> None:
    assert _value(_form(preload, parameters, text="kept")) == "kept"


def test_new_instances_fill_themselves_too() -> None:
    one = Scenario.xml(
        xform(
            '<data id="t"><rep jr:template=""><a/><b/></rep></data>',
            '<bind nodeset="/data/rep/a" jr:preload="date" jr:preloadParams="today" type="date"/>'
            '<bind nodeset="/data/rep/b" calculate="concat(\'on \', /data/rep/a)"/>',
            '<group ref="/data/rep"><repeat nodeset="/data/rep"><input ref="/data/rep/a"/></repeat></group>',
        )
    )
    one.add("rep")
    day = NOON.astimezone().date().isoformat()
    assert (one.value("rep[1]/a"), one.value("rep[1]/b")) == (day, f"on {day}")


def test_a_form_without_an_identity_gets_one() -> None:
    session = Session.new(read_form(xform('<data id="t"><a/></data>', "").encode()))
    assert IDENTITY.match(session.instance_id)


def test_an_identity_that_the_form_calculates_is_its_own_affair() -> None:
    session = Session.new(
        read_form(
            xform(
                '<data id="t"><meta><instanceID/></meta></data>',
                '<bind nodeset="/data/meta/instanceID" calculate="concat(\'own-\', 1)"/>',
            ).encode()
        )
    )
    assert session.instance_id == "own-1"
