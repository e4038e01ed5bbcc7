"""Publishing by the command line: forms, rosters and notices; what is wrong is told with its rows."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import gateways
from xincai.errors import Problem
from xincai.wire import index
from xincai.wire.index import decode_index
from xincai.wire.keys import CURRENT, RETIRED, REVOKED, decode_key_list, verify_document
from xincai.wire.messages import EnrolRequest
from xincai.wire.published import NoticeText, decode_assignment, decode_notice
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


def enrolled(gateway: Gateway, office: str = OFFICE) -> gateways.Device:
    device = gateways.Device("", gateway.identity.gateway, office=office)
    enrolment = device.enrolment(issue_code(gateway.database, office, "0" * 16, practice=True))
    enrol(gateway.database, EnrolRequest.model_validate(enrolment))
    return device


def test_a_roster_is_published_with_what_the_platform_knows(
    run: Run, roster: Callable[[str], str], tmp_path: Path
) -> None:
    assert run("enrol-code", "--office", OFFICE)[0] == 0
    code, said, _ = run(*assign(roster(HEAD + ROW)))
    assert (code, said) == (0, {"published": "a1", "office": OFFICE, "subjects": 1})
    gateway = opened(tmp_path)
    try:
        (document,) = decode_index(publishing.signed_index(gateway, OFFICE, "d1").data).documents
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


def test_what_is_published_to_an_office_that_is_not_known_is_warned_of(
    run: Run, roster: Callable[[str], str], tmp_path: Path
) -> None:
    file = tmp_path / "n.txt"
    file.write_text("明天开会", "utf-8")
    for words in (assign(roster(HEAD + ROW)), ("publish", "notice", str(file), "--office", OFFICE)):
        code, said, _ = run(*words)
        assert code == 0
        assert f"单位 {OFFICE} 还没有" in said["warning"]
        assert OFFICE in said["warning_en"]
    assert "warning" not in run("publish", "notice", str(file))[1]


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
    device = enrolled(gateway)
    gateway.close()
    assert run(*assign(file, "--device", device.device, "--officer", " 李示例 "))[0] == 0
    (told,) = run("published")[1]["published"]
    assert told["device"] == device.device
    gateway = opened(tmp_path)
    named = decode_index(publishing.signed_index(gateway, OFFICE, device.device).data)
    digest = named.documents[0].files[0].sm3
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
    code, _, words = run("keys", "list")
    assert code == 1
    assert "没有前置机" in words
    run("enrol-code", "--office", OFFICE)
    _, first, _ = run("keys", "list")
    _, second, _ = run("keys", "rotate")
    _, third, _ = run("keys", "revoke")
    assert "仍然有效" in str(second["next"])
    assert "未用的登记码作废 1 个" in str(third.pop("next"))
    assert "void now: 1" in str(third.pop("next_en"))
    assert third.pop("voided") == 1
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


def test_a_notice_has_the_same_words_whichever_system_wrote_it(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "n.txt"
    file.write_bytes("\r\n".join(["字" * 39] * 100).encode("gb18030"))
    assert run("publish", "notice", str(file))[0] == 0
    gateway = opened(tmp_path)
    try:
        (document,) = decode_index(publishing.signed_index(gateway, OFFICE, "d1").data).documents
        told = decode_notice(publishing.read_file(gateway, OFFICE, "d1", document.files[0].sm3))
    finally:
        gateway.close()
    assert told.zh == "\n".join(["字" * 39] * 100)


def notice(name: str, words: str = "通知") -> NoticeText:
    return NoticeText(name, "2026-11-22T00:00:00Z", words, "")


def ids(gateway: Gateway, office: str, device: str) -> list[str]:
    return [each.id for each in decode_index(publishing.signed_index(gateway, office, device).data).documents]


@pytest.mark.parametrize("limit", ["documents", "bytes"])
def test_what_is_for_all_offices_is_refused_when_one_device_anywhere_would_have_too_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    """The limits are lowered alike for who publishes and who reads; the full device is in another office."""
    monkeypatch.setattr(index, *(("MAX_DOCUMENTS", 3) if limit == "documents" else ("MAX_WHOLE", 20_000)))
    words = "字" * 1000 if limit == "documents" else "字" * 2000
    gateway = opened(tmp_path)
    try:
        full, other = enrolled(gateway, "410499102"), enrolled(gateway, "410499103")
        publishing.publish_notice(gateway, notice("own", words), "410499102")
        publishing.publish_notice(gateway, notice("alone", words), "410499102", full.device)
        publishing.publish_notice(gateway, notice("first", words))
        with pytest.raises(Problem, match=r"index_full office=410499102 "):
            publishing.publish_notice(gateway, notice("second", words + "一"))
        publishing.publish_notice(gateway, notice("second", words + "二"), "410499103")
        assert sorted(ids(gateway, "410499102", full.device)) == ["alone", "first", "own"]
        assert sorted(ids(gateway, "410499103", other.device)) == ["first", "second"]
        with pytest.raises(Problem, match="index_full office=410499102 "):
            publishing.publish_notice(gateway, notice("third", words + "三"), "410499102")
        publishing.withdraw(gateway, "notice", "own", "410499102")
        publishing.publish_notice(gateway, notice("fourth", words + "四"))
        with pytest.raises(Problem, match="index_full"):
            publishing.publish_notice(gateway, notice("fifth", words + "五"))
        assert "fifth" not in {each["id"] for each in publishing.standing(gateway)}
    finally:
        gateway.close()


def test_what_no_office_could_have_is_refused_before_there_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "MAX_DOCUMENTS", 1)
    gateway = opened(tmp_path)
    try:
        publishing.publish_notice(gateway, notice("first"))
        with pytest.raises(Problem, match="index_full_for_all"):
            publishing.publish_notice(gateway, notice("second"))
    finally:
        gateway.close()


def test_an_office_that_is_too_full_is_named_in_words(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "MAX_DOCUMENTS", 1)
    file = tmp_path / "n.txt"
    file.write_text("明天开会", "utf-8")
    assert run("publish", "notice", str(file), "--office", OFFICE)[0] == 0
    code, _, words = run("publish", "notice", str(file), "--id", "m")
    assert code == 1
    assert f"发给单位 {OFFICE} 的内容会超过上限" in words


@pytest.mark.parametrize("name", ["长" * 101, "e\u0301", "a\0b"])
def test_an_id_that_no_device_takes_is_refused(run: Run, tmp_path: Path, name: str) -> None:
    """Such an index would be refused whole, by every device that it is for."""
    file = tmp_path / "n.txt"
    file.write_text("明天开会", "utf-8")
    code, _, words = run("publish", "notice", str(file), "--id", name)
    assert code == 1
    assert "--id" in words
    assert run("published")[1] == {"published": []}


def test_a_roster_that_no_device_could_read_is_refused_in_words(
    run: Run, roster: Callable[[str], str]
) -> None:
    rows = (
        f"HH,A{number},王测,410499101201,柳河村,,{'长' * 2000}\n" for number in range(1500)
    )  # 9 MB of prefilled answers
    code, _, words = run(*assign(roster(HEAD + "".join(rows))))
    assert code == 1
    assert "请分成几份名单" in words
    assert run("published")[1] == {"published": []}


def test_what_one_device_has_goes_to_another_only_when_it_is_to_move(
    run: Run, roster: Callable[[str], str], tmp_path: Path
) -> None:
    file = roster(HEAD + ROW)
    gateway = opened(tmp_path)
    try:
        first, second = enrolled(gateway), enrolled(gateway)
        assert run(*assign(file, "--device", first.device))[0] == 0
        assert run(*assign(file, "--device", first.device))[0] == 0, "again to the same device"
        code, _, words = run(*assign(file, "--device", second.device))
        assert code == 1
        assert first.device in words
        assert "--move" in words
        assert ids(gateway, OFFICE, first.device) == ["a1"]
        assert run(*assign(file, "--device", second.device, "--move"))[0] == 0
        assert (ids(gateway, OFFICE, first.device), ids(gateway, OFFICE, second.device)) == ([], ["a1"])
        assert run(*assign(file))[0] == 0, "all devices have it now: it is taken from none"
        code, _, words = run(*assign(file, "--device", first.device))
        assert code == 1
        assert "全部设备" in words
        assert ids(gateway, OFFICE, second.device) == ["a1"]
    finally:
        gateway.close()
