"""Publishing by the command line: forms, rosters and notices; what is wrong is told with its rows."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import gateways
from xincai.errors import Problem
from xincai.wire.index import decode_index
from xincai.wire.keys import CURRENT, RETIRED, REVOKED, decode_key_list, verify_document
from xincai.wire.messages import EnrolRequest
from xincai.wire.published import decode_assignment
from xincai_gateway import identity, publishing
from xincai_gateway.__main__ import main
from xincai_gateway.enrol import enrol, issue_code
from xincai_gateway.gateway import Gateway, Settings

OFFICE = "410499101"
HEAD = "kind,code,name,region,village,held,household.hh_phone\n"
ROW = "HH,A1,王测䶮,410499101201,柳河村,9/re 3/tax,13800000000\n"
FORM = """| survey | type | name | label |
| | text | crop | 作物 |
"""
Run = Callable[..., tuple[int, dict[str, Any], str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command line over one folder; exit code, what it said, and its words of trouble."""

    def command(*words: str) -> tuple[int, dict[str, Any], str]:
        code = main([*words, "--data", str(tmp_path / "data"), "--practice"])
        told = capsys.readouterr()
        return code, json.loads(told.out) if told.out else {}, told.err

    return command


@pytest.fixture
def roster(tmp_path: Path) -> Callable[[str], str]:
    def write(text: str) -> str:
        path = tmp_path / "roster.csv"
        path.write_text(text, "utf-8")
        return str(path)

    return write


def assign(file: str, *more: str) -> tuple[str, ...]:
    words = ("--office", OFFICE, "--id", "a1", "--due", "2026-12-31", "--form", "household")
    return ("publish", "assignment", file, *words, *more)


def opened(tmp_path: Path) -> Gateway:
    return Gateway.open(Settings(folder=tmp_path / "data", practice=True))


def test_a_roster_is_published_with_what_the_platform_knows(
    run: Run, roster: Callable[[str], str], tmp_path: Path
) -> None:
    code, said, _ = run(*assign(roster(HEAD + ROW)))
    assert (code, said) == (0, {"published": "a1", "office": OFFICE, "subjects": 1})
    gateway = opened(tmp_path)
    try:
        index = decode_index(publishing.signed_index(gateway, OFFICE, "d1").data)
        (document,) = index.documents
        assignment = decode_assignment(publishing.read_file(gateway, OFFICE, "d1", document.files[0].sm3))
        assert decode_index(publishing.signed_index(gateway, "410499102", "d2").data).documents == ()
    finally:
        gateway.close()
    (visit,) = assignment.visits
    assert visit.given("household") == {"hh_phone": "13800000000"}
    assert visit.held == ("9/re", "3/tax")
    _, said, _ = run("published")
    assert [(each["kind"], each["id"], each["office"]) for each in said["published"]] == [
        ("assignment", "a1", OFFICE)
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            HEAD + ROW + "XX,A2,李示例,410499101201,柳河村,,\n",
            "名单（roster.csv）第 3 行（共 1 行）：主体类型不对",
        ),
        (HEAD + "HH,A2,,410499101201,柳河村,,\n" * 2, "第 2、3 行（共 2 行）：主体名称空缺"),
        (HEAD + ROW + ROW, "第 3 行（共 1 行）：主体代码重复"),
        (HEAD + "HH,A2,李示例,4104,柳河村,,\n", "第 2 行（共 1 行）：区划代码"),
        (HEAD + "HH,A2,李示例,410499101201,柳河村,tax,\n", "第 2 行（共 1 行）：“held”"),
        (HEAD + "HH,甲2,李示例,410499101201,柳河村,,\n", "第 2 行（共 1 行）：主体代码含有"),
        (HEAD, "0 个主体"),
        ("kind,name\nHH,王测\n", "缺少这些列：region、village"),
        (HEAD.replace("hh_phone", "hh_fone") + ROW, "household.hh_fone"),
    ],
)
def test_a_roster_with_a_mistake_is_refused_whole_with_its_rows(
    run: Run, roster: Callable[[str], str], text: str, told: str
) -> None:
    code, said, words = run(*assign(roster(text)))
    assert (code, said) == (1, {})
    assert told in words
    assert run("published")[1] == {"published": []}


def test_a_roster_needs_a_day_a_form_and_an_office(run: Run, roster: Callable[[str], str]) -> None:
    file = roster(HEAD + ROW)
    assert "截止日期" in run(*assign(file, "--due", "31.12."))[2]
    assert "no_such" in run(*assign(file, "--form", "no_such"))[2]
    code, _, words = run(*assign(file, "--office", ""))
    assert code == 1
    assert words


def test_an_assignment_is_for_a_device_that_is_enrolled_and_for_an_officer(
    run: Run, roster: Callable[[str], str], tmp_path: Path
) -> None:
    file = roster(HEAD + ROW)
    code, said, words = run(*assign(file, "--device", "nobodys-device"))
    assert (code, said) == (1, {})
    assert words
    gateway = opened(tmp_path)
    device = gateways.Device("", gateway.identity.gateway, office=OFFICE)
    enrolment = device.enrolment(issue_code(gateway.database, OFFICE, "0" * 16, practice=True))
    enrol(gateway.database, EnrolRequest.model_validate(enrolment))
    gateway.close()
    assert run(*assign(file, "--device", device.device, "--officer", " 李示例 "))[0] == 0
    (told,) = run("published")[1]["published"]
    assert told["device"] == device.device
    gateway = opened(tmp_path)
    index = decode_index(publishing.signed_index(gateway, OFFICE, device.device).data)
    digest = index.documents[0].files[0].sm3
    body = publishing.read_file(gateway, OFFICE, device.device, digest)
    assert decode_assignment(body).officer == "李示例"
    assert decode_index(publishing.signed_index(gateway, OFFICE, "another").data).documents == ()
    with pytest.raises(Problem, match="no_such_document"):
        publishing.read_file(gateway, OFFICE, "another", digest)
    gateway.close()
    run("revoke", "--office", OFFICE, "--device", device.device)
    assert run(*assign(file, "--device", device.device))[0] == 1


def test_a_form_is_published_with_the_gateway_taking_it_and_is_withdrawn(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "crop_flash.md"
    file.write_text(FORM, "utf-8")
    assert run("publish", "form", str(file))[1]["published"] == "crop_flash"
    gateway = opened(tmp_path)
    try:
        (document,) = decode_index(publishing.signed_index(gateway, OFFICE, "d1").data).documents
        form = gateway.library.find(document.file("form.xml").sm3)
        assert form is not None
        assert form.form_id == "crop_flash"
    finally:
        gateway.close()
    assert run("withdraw", "form", "crop_flash")[0] == 0
    assert run("published")[1] == {"published": []}
    code, _, words = run("withdraw", "form", "crop_flash")
    assert code == 1
    assert "crop_flash" in words


def test_keys_rotate_and_are_revoked(run: Run, tmp_path: Path) -> None:
    _, first, _ = run("keys", "list")
    _, second, _ = run("keys", "rotate")
    _, third, _ = run("keys", "revoke")
    assert "一起启动" in str(second["next"])
    assert "一起启动" in str(third.pop("next"))
    assert [each["version"] for each in (first, second, third)] == [1, 2, 3]
    assert [key["status"] for key in third["keys"]] == [CURRENT, REVOKED, RETIRED]
    assert run("keys", "list")[1] == third
    here = identity.load(tmp_path / "data", practice=True)
    keys = decode_key_list(here.keys.data)
    assert here.key_id == third["keys"][0]["key"]
    assert verify_document(here.keys, keys.current()) == here.key_id
    assert {first["keys"][0]["key"], second["keys"][0]["key"]} <= set(here.keys.signatures)
    run("keys", "rotate")
    later = identity.load(tmp_path / "data", practice=True)
    assert second["keys"][0]["key"] not in later.keys.signatures


def test_a_notice_has_words(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "n.txt"
    file.write_text(" \n", "utf-8")
    code, _, words = run("publish", "notice", str(file))
    assert code == 1
    assert "通知" in words
