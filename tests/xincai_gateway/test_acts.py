"""What administrators change is written down with who did it, at the command line and on the pages."""

import io
import sys
from pathlib import Path

import lxml.html
import pytest
import requests

from gateways import OFFICE
from offices import PASSPHRASE, opened, person, serving
from xincai_gateway import acts
from xincai_gateway.__main__ import main
from xincai_gateway.administrators import set_passphrase
from xincai_gateway.database import Database

SHEET = """| survey | | | |
| | type | name | label |
| | text | q1 | 问题 |
| settings | | | |
| | form_title | form_id | version |
| | 小表 | small_test | 1 |
"""


def lines(database: Database) -> list[tuple[str, ...]]:
    """Who, what, about and office of each act, in no order."""
    return sorted((row["who"], row["what"], row["about"], row["office"]) for row in acts.latest(database))


def test_each_command_that_changes_something_writes_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path) as office:
        device, database = office.device.device, office.gateway.database
        place = ["--data", str(tmp_path / "data"), "--forms", str(tmp_path / "forms"), "--practice"]
        (tmp_path / "notice.txt").write_text("大家好", "utf-8")
        (tmp_path / "names.csv").write_text("code,name\n410499YH0000000001,测试1\n", "utf-8")
        (tmp_path / "small.md").write_text(SHEET, "utf-8")
        monkeypatch.setattr(sys, "stdin", io.StringIO("一句很长很长很长很长的口令\n"))
        for looking in (["office", "list"], ["device", "list"], ["admin", "list"], ["keys", "list"],
                        ["published"], ["quality"], ["quality", "--tell"]):  # fmt: skip
            assert main([*looking, *place]) == 0
        assert main(["revoke", "--office", OFFICE, "--device", "nobody", *place]) == 1
        assert lines(database) == []
        for words in (
            ["enrol-code", "--office", OFFICE],
            ["office", "name", OFFICE, "--name", "柳河村"],
            ["device", "officer", "--office", OFFICE, "--device", device, "--officer", "王示例"],
            ["publish", "notice", str(tmp_path / "notice.txt"), "--office", OFFICE],
            ["withdraw", "notice", "notice", "--office", OFFICE],
            ["form", "add", str(tmp_path / "small.md")],
            ["register", "import", str(tmp_path / "names.csv")],
            ["admin", "passphrase", "--login", "chen"],
            ["admin", "remove", "--login", "chen"],
            ["keys", "rotate"],
            ["keys", "revoke"],
            ["revoke", "--office", OFFICE, "--device", device],
            ["revoke", "--office", OFFICE, "--device", device],
            ["office", "close", OFFICE],
            ["office", "reopen", OFFICE],
        ):
            assert main([*words, "--who", "李示例", *place]) == 0, words
        told = lines(database)
    assert {who for who, *_ in told} == {"李示例"}
    assert [line[1:] for line in told] == sorted([
        (acts.CODE, "", OFFICE),
        (acts.NAME, "", OFFICE),
        (acts.OFFICER, device, OFFICE),
        ("publish_notice", "notice", OFFICE),
        ("withdraw_notice", "notice", OFFICE),
        (acts.FORM, "small_test", ""),
        (acts.REGISTER, "", ""),
        (acts.PASSPHRASE, "chen", ""),
        (acts.REMOVE, "chen", ""),
        (acts.ROTATE, "", ""),
        (acts.REVOKE_KEY, "", ""),
        (acts.REVOKE, device, OFFICE),
        (acts.CLOSE, "", OFFICE),
        (acts.REOPEN, "", OFFICE),
    ])  # fmt: skip


def test_what_is_noted_is_short_and_can_be_shown(tmp_path: Path) -> None:
    with opened(tmp_path) as office:
        database = office.gateway.database
        acts.note(database, "李示例", acts.FORM, "a" * 100)
        acts.note(database, "李示例", acts.FORM, "b\n\u202e\x1b" + "c" * 5000)
        assert [about for _, _, about, _ in lines(database)] == [
            "a" * 100,
            "b\ufffd\ufffd\ufffd" + "c" * 95 + "…",
        ]


def test_telling_the_quality_is_noted_for_each_office_that_is_told(tmp_path: Path) -> None:
    place = ["--data", str(tmp_path / "data"), "--forms", str(tmp_path / "forms"), "--practice"]
    with opened(tmp_path) as office:
        office.deliver(person(1))
        assert main(["quality", "--tell", "--who", "李示例", *place]) == 0
        assert lines(office.gateway.database) == [("李示例", "publish_notice", "quality", OFFICE)]


def test_the_pages_write_and_show_who_changed_what(tmp_path: Path) -> None:
    with opened(tmp_path) as office, serving(tmp_path, "") as url, requests.Session() as browser:
        device, database = office.device.device, office.gateway.database
        set_passphrase(database, "chen", PASSPHRASE)

        def post(act: str, **fields: str) -> None:
            reply = browser.post(f"{url}/admin/{act}", data=fields, timeout=20)
            assert reply.status_code == 200, act

        def page(name: str) -> lxml.html.HtmlElement:
            return lxml.html.fromstring(browser.get(f"{url}/admin/{name}", timeout=20).content.decode())

        post("login", name="chen", passphrase=PASSPHRASE)
        mark = str(page("devices").xpath("//input[@name='csrf']/@value")[0])
        post("code", csrf=mark, office=OFFICE)
        post("name", csrf=mark, office=OFFICE, name="柳河村")
        post("officer", csrf=mark, office=OFFICE, device=device, officer="王示例")
        for _ in range(2):
            post("revoke", csrf=mark, office=OFFICE, device=device)
        post("close_office", csrf=mark, office=OFFICE)
        post("reopen", csrf=mark, office=OFFICE)
        assert [line[1:] for line in lines(database) if line[0] == "chen"] == sorted(
            [(acts.CODE, "", OFFICE), (acts.NAME, "", OFFICE), (acts.OFFICER, device, OFFICE),
             (acts.REVOKE, device, OFFICE), (acts.CLOSE, "", OFFICE), (acts.REOPEN, "", OFFICE)]
        )  # fmt: skip
        every = [value for name, value in vars(acts).items() if name.isupper() and isinstance(value, str)]
        for what in every:
            for kind in ("form", "assignment", "notice") if "{}" in what else ("",):
                acts.note(database, "李示例", what.format(kind), "410499-a", OFFICE)
        for language in ("zh", "en"):
            rows = page(f"accesses?lang={language}").xpath("//table[2]/tbody/tr")
            assert len(rows) == 6 + 1 + len(every) + 2 * 2
            words = [row.xpath("string(td[3])") for row in rows]
            assert all(words)
            assert all(word.isascii() == (language == "en") for word in words)
