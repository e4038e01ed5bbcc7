"""What one record is judged by, beyond what the form itself says."""

import datetime
from pathlib import Path

import pytest

from gateways import record
from xincai import clock
from xincai.shelf import Shelf
from xincai.xforms import Form
from xincai_gateway.register import same_name
from xincai_gateway.validate import Policy, judge, judge_name

Forms = tuple[Path, tuple[str, str, str]]
NOW = datetime.datetime(2026, 11, 22, 8, tzinfo=datetime.UTC)
COUNTY = Policy("410425000000")


@pytest.fixture(scope="session")
def form(forms: Forms) -> Form:
    return Shelf(forms[0]).open("visit_test")


def submission(**answers: str) -> bytes:
    values = {"code": "91410425MX0000001A", "name": "试验合作社", **answers}
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in values.items())
    meta = "<meta><instanceID>uuid:1</instanceID></meta>"
    return f'<data id="visit_test" version="1">{inner}{meta}</data>'.encode()


def judged(
    form: Form,
    forms: Forms,
    policy: Policy,
    at: datetime.datetime = NOW,
    *,
    authorisation: str = "",
    registered: str = "",
    **answers: str,
) -> tuple[str, str]:
    made, _ = record(forms[1], submission(**answers), authorisation=authorisation or None)
    with clock.fixed(NOW):
        verdict = judge(made, submission(**answers), form, policy, at)
    code = verdict.contents.subject.code if verdict.contents else ""
    outcome = judge_name(made, verdict, {code: registered} if registered else {}).outcome
    return outcome.code, outcome.path


def test_a_name_that_the_register_has_otherwise_is_a_mismatch_with_its_question(
    form: Form, forms: Forms
) -> None:
    assert judged(form, forms, COUNTY, registered="别的合作社") == ("3002", "/data/name")
    assert judged(form, forms, COUNTY, registered="试验合作社") == ("0", "")
    assert judged(form, forms, COUNTY) == ("0", "")


def test_width_and_spaces_make_no_mismatch() -> None:
    assert same_name("测试（县）公司", "测试(县) 公司")
    assert not same_name("测试公司", "测试分公司")


def test_practice_data_are_refused_outside_practice(form: Form, forms: Forms) -> None:
    code = "91410499MX0000001A"
    assert judged(form, forms, COUNTY, code=code)[0] == "3006"
    assert judged(form, forms, COUNTY, region="410499100000")[0] == "3006"
    practice = Policy("410499000000", practice=True)
    assert judged(form, forms, practice, code=code) == ("0", "")
    assert judged(form, forms, practice, region="330106") == ("0", "")


@pytest.mark.parametrize(
    ("office", "region", "code"),
    [
        ("410425000000", "410425001002", "0"),
        ("410425000000", "410422001002", "3006"),
        ("410400000000", "410422001002", "0"),
        ("410000000000", "410422001002", "0"),
        ("410000000000", "330106", "3006"),
    ],
)
def test_an_office_takes_only_its_own_region(
    form: Form, forms: Forms, office: str, region: str, code: str
) -> None:
    assert judged(form, forms, Policy(office), region=region)[0] == code


def test_a_form_that_asks_for_an_authorisation_is_refused_without_one(form: Form, forms: Forms) -> None:
    policy = Policy("410425000000", authorised_forms=frozenset({"visit_test"}))
    assert judged(form, forms, policy)[0] == "3005"
    assert judged(form, forms, policy, authorisation="SQ-1") == ("0", "")


def test_a_date_is_judged_as_of_the_day_the_batch_was_made_but_never_later_than_today(
    form: Form, forms: Forms
) -> None:
    last_week = NOW - datetime.timedelta(days=7)
    next_year = NOW + datetime.timedelta(days=365)
    assert judged(form, forms, COUNTY, seen="2026-11-20") == ("0", "")
    assert judged(form, forms, COUNTY, last_week, seen="2026-11-20") == ("2002", "/data/seen")
    assert judged(form, forms, COUNTY, next_year, seen="2027-01-01") == ("2002", "/data/seen")


def test_how_much_more_is_wrong_is_said(form: Form, forms: Forms) -> None:
    data = submission(code="1", area="-1", crop="rice")
    made, _ = record(forms[1], data)
    outcome = judge(made, data, form, COUNTY, NOW).outcome
    assert outcome.path == "/data/code"
    assert "代码应为18位" in outcome.text
    assert "另有 2 处" in outcome.text


def test_bytes_that_are_not_those_of_the_manifest_are_refused(form: Form, forms: Forms) -> None:
    made, _ = record(forms[1], submission())
    assert judge(made, submission(area="1"), form, COUNTY, NOW).outcome.code == "2007"
