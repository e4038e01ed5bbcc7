"""A village's own number on what tells no region: told, but left, until somebody says whose it is."""

import json
from pathlib import Path

import lxml.html
import pytest
import requests

import gateways
from gateways import OFFICE
from offices import PASSPHRASE, VILLAGE, Office, opened, person, serving
from xincai import clock
from xincai.errors import Problem
from xincai.wire.published import Assignment, Visit
from xincai_gateway import publishing, rights, schema, subjects
from xincai_gateway.__main__ import main
from xincai_gateway.accesses import Asking
from xincai_gateway.subjects import Whose

ASKING = Asking("admin", "主体来函查询")
NUMBER = "0007"
NOWHERE = {"county": "", "village": ""}


def unread(*answers: str) -> tuple[object, gateways.Files]:
    """A record of a form that the gateway never took."""
    given = "".join(f"<a{at}>{answer}</a{at}>" for at, answer in enumerate(answers))
    meta = f"<meta><instanceID>uuid:{clock.new_id()}</instanceID></meta>"
    text = f'<data id="other" version="1">{given}{meta}</data>'
    return gateways.record(("other", "1", "e" * 64), text.encode(), {})


def delivered(office: Office, **answers: str) -> str:
    """An accepted record; its id."""
    ((record, status, _),) = office.deliver({**person(7), "code": NUMBER, **answers})
    assert status == "accepted"
    return record


def left(office: Office, region: str = "") -> set[object]:
    return {entry["record"] for entry in subjects.unplaced(office.gateway, Whose(NUMBER, region))}


@pytest.mark.parametrize("code", ["", " ", "\u3000", "\udcff", "0007\n"])
def test_no_code_is_nobody(tmp_path: Path, db_url: str, code: str) -> None:
    with opened(tmp_path, db_url) as office:
        office.deliver(person(1, code="", area="-1"))
        office.send(unread("张三"), unread("", "李四"))
        office.keep(unread("王五", ""))
        for asked in (rights.report, rights.withdraw):
            with pytest.raises(Problem, match="subject_unknown"):
                asked(office.gateway, code, ASKING)
        assert office.holds("张三".encode())


def test_what_tells_no_region_is_told_and_left(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url) as office:
        placed, nowhere = delivered(office), delivered(office, **NOWHERE)
        ((unknown, _, _),) = office.send(unread(NUMBER, "测试7"))
        for region in ("", VILLAGE):
            told = rights.report(office.gateway, NUMBER, ASKING, region=region).held
            assert {entry["record"]: entry["unplaced"] for entry in told} == {
                placed: False,
                nowhere: True,
                unknown: True,
            }
        assert rights.withdraw(office.gateway, NUMBER, ASKING, region=VILLAGE) == 1
        assert left(office) == left(office, VILLAGE) == {nowhere, unknown}
        assert rights.withdraw(office.gateway, NUMBER, ASKING, nowhere) == 1
        assert rights.withdraw(office.gateway, NUMBER, ASKING, unknown) == 1
        assert left(office) == set()
        with pytest.raises(Problem, match="subject_unknown"):
            rights.report(office.gateway, NUMBER, ASKING)
        assert not office.holds("测试7".encode())


def test_where_nothing_tells_a_region_one_name_is_one_subject(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url) as office:
        for _ in range(2):
            delivered(office, **NOWHERE)
        ((unknown, _, _),) = office.send(unread(NUMBER, "测试7"))
        told = rights.report(office.gateway, NUMBER, ASKING).held
        assert sorted(entry["unplaced"] for entry in told) == [False, False, True]  # type: ignore[type-var]
        assert rights.withdraw(office.gateway, NUMBER, ASKING) == 2
        assert left(office) == {unknown}


def test_a_roster_that_tells_the_region_tells_it_for_the_withdrawal_too(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url) as office:
        record = delivered(office, **NOWHERE)
        visit = Visit("v1", "HH", NUMBER, "测试7", VILLAGE, "柳河村", ())
        assignment = Assignment("a1", "走访", "2026-12-31", ("office_test",), (visit,))
        publishing.publish_assignment(office.gateway, assignment, OFFICE)
        (entry,) = rights.report(office.gateway, NUMBER, ASKING).held
        assert entry["unplaced"]
        assert rights.withdraw(office.gateway, NUMBER, ASKING) == 0
        assert left(office) == {record}


def test_where_nothing_tells_a_region_two_names_are_told_and_left(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url) as office:
        both = {delivered(office, **NOWHERE), delivered(office, name="测试八", **NOWHERE)}
        assert {entry["unplaced"] for entry in rights.report(office.gateway, NUMBER, ASKING).held} == {True}
        assert rights.withdraw(office.gateway, NUMBER, ASKING) == 0
        assert left(office) == both
        assert office.gateway.database.rows(schema.accesses.select())[-1]["what"] == "report"


def test_an_answer_that_is_the_number_by_chance_costs_nobody_a_record(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url) as office:
        ((anothers, _, _),) = office.send(unread("410499YH0000000009", "1"))
        office.deliver({**person(1), "code": "1"})
        assert rights.withdraw(office.gateway, "1", ASKING) == 1
        (entry,) = subjects.unplaced(office.gateway, Whose("1"))
        assert entry["record"] == anothers


def test_the_command_names_what_it_left_and_objects_to_the_rest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with opened(tmp_path) as office:
        placed, nowhere = delivered(office), delivered(office, **NOWHERE)

        def subject(*words: str) -> dict[str, object]:
            place = ["--data", str(tmp_path / "data"), "--forms", str(tmp_path / "forms"), "--practice"]
            assert main(["subject", words[0], f" {NUMBER} ", "--reason", "主体来函", *words[1:], *place]) == 0
            said: dict[str, object] = json.loads(capsys.readouterr().out)
            return said

        assert len(subject("object")["objections"]) == 1  # type: ignore[arg-type]
        (mark,) = office.gateway.database.rows(schema.objections.select())
        assert mark["record"] == placed
        said = subject("withdraw", "--region", VILLAGE)
        assert said["withdrawn"] == 1
        assert said["unplaced"] == [
            {"office": OFFICE, "record": nowhere, "version": 1, "form": "office_test"}
        ]
        assert "--record" in str(said["next"])
        assert subject("withdraw", "--record", nowhere) == {"withdrawn": 1}


def test_the_page_says_what_is_left_and_takes_it_one_by_one(tmp_path: Path) -> None:
    with opened(tmp_path) as office, serving(tmp_path, "") as url, requests.Session() as browser:
        delivered(office)
        nowhere = delivered(office, **NOWHERE)

        def post(act: str, **fields: str) -> lxml.html.HtmlElement:
            reply = browser.post(f"{url}/admin/{act}", data=fields, timeout=20)
            return lxml.html.fromstring(reply.content.decode())

        page = post("login", name="admin", passphrase=PASSPHRASE)
        given = {"csrf": str(page.xpath("//input[@name='csrf']/@value")[0]), "code": NUMBER}
        report = post("report", **given, purpose="主体来函")
        assert len(report.xpath("//p[contains(., '没有写明地区')]")) == 1
        page = post("withdraw", **given, again=NUMBER, reason="主体来函")
        assert "数据已删除" in page.xpath("string(//*[@role='status'])")
        (form,) = page.xpath("//form[@action='/admin/withdraw']")
        fields = {each.get("name"): each.get("value") for each in form.xpath(".//input[@type='hidden']")}
        assert fields["record"] == nowhere
        page = post("withdraw", **fields, again=NUMBER, reason="主体来函")
        assert page.xpath("string(//h1)") == "操作记录"
        assert office.gateway.database.rows(schema.records.select()) == []
