"""The administrator's commands: what the pages do, by the command line; and what they say when it fails."""

import argparse
import getpass
import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from gateways import OFFICE
from offices import PASSPHRASE, opened, person
from postgres import Postgres
from xincai_gateway import __main__, schema
from xincai_gateway.__main__ import _parser, main


def test_offices_and_devices_by_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with opened(tmp_path) as office:
        device = office.device.device
    common = ["--data", str(tmp_path / "data"), "--forms", str(tmp_path / "forms"), "--practice"]

    def said(*words: str) -> list[dict[str, object]]:
        assert main([*words, *common]) == 0
        (found,) = json.loads(capsys.readouterr().out).values()
        return list(found)

    (row,) = said("office", "name", OFFICE, "--name", "柳河镇便民服务中心")
    assert (row["name"], row["devices"]) == ("柳河镇便民服务中心", 1)
    assert (
        main(["device", "officer", "--office", OFFICE, "--device", device, "--officer", "王示例", *common])
        == 0
    )
    capsys.readouterr()
    (row,) = said("device", "list", "--office", OFFICE)
    assert row["officer"] == "王示例"
    told = {"office", "device", "officer", "enrolled_at", "revoked_at", "revoked_by", "batches", "last"}
    assert set(row) == told
    assert main(["office", "close", "410499777", *common]) == 1
    assert "没有 410499777 这个采集单位" in capsys.readouterr().err
    (row,) = said("office", "close", OFFICE, "--who", "李示例")
    assert row["closed_at"]
    assert row["closed_by"] == "李示例"
    assert main(["enrol-code", "--office", OFFICE, *common]) == 1
    said("office", "reopen", OFFICE)
    assert main(["enrol-code", "--office", OFFICE, *common]) == 0


def test_the_commands_do_what_the_pages_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with opened(tmp_path) as office:
        office.deliver(person(1))
    common = ["--data", str(tmp_path / "data"), "--forms", str(tmp_path / "forms"), "--practice"]

    def said(*words: str) -> dict[str, object]:
        assert main([*words, *common]) == 0
        return dict(json.loads(capsys.readouterr().out))

    code, why = person(1)["code"], ["--reason", "主体来函"]
    assert said("flags", "--office", OFFICE) == {"raised": 0}
    assert said("subject", "report", code, *why, "--out", str(tmp_path / "held.json")) == {
        "records": 1,
        "rosters": 0,
    }
    assert code in (tmp_path / "held.json").read_text("utf-8")
    assert len(said("subject", "object", code, *why)["objections"]) == 1  # type: ignore[arg-type]
    assert said("subject", "withdraw", code, *why) == {"withdrawn": 1}
    assert main(["subject", "report", code, *why, *common]) == 1


def commands() -> dict[str, argparse.ArgumentParser]:
    """Every command that people are told of."""
    (found,) = (each for each in _parser()._actions if isinstance(each, argparse._SubParsersAction))
    told = {each.dest for each in found._choices_actions}
    return {name: parser for name, parser in found.choices.items() if name in told}


@pytest.mark.parametrize("name", commands())
def test_every_command_says_what_it_needs(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    parser = commands()[name]
    assert [action.dest for action in parser._actions if not action.help and action.dest != "action"] == []
    assert re.fullmatch("[^。]+。.+", str(parser.description))
    with pytest.raises(SystemExit) as left:
        main([name, "--help"])
    assert left.value.code == 0
    assert capsys.readouterr().out.startswith("usage: xincai-gateway")


def test_the_opening_words_name_every_command() -> None:
    assert __main__.__doc__ is not None
    named = set(re.findall(r"^ {4}xincai-gateway (\S+)", __main__.__doc__, re.MULTILINE))
    assert named == commands().keys()


@pytest.mark.parametrize(
    "words",
    [
        ["office", "list"],
        ["office", "close", OFFICE],
        ["device", "list"],
        ["admin", "list"],
        ["published"],
        ["deliveries"],
        ["quality"],
        ["flags", "--office", OFFICE],
        ["withdraw", "form", "x"],
        ["subject", "report", "x", "--reason", "主体来函"],
        ["deliver", "folder", "out"],
        ["revoke", "--office", OFFICE, "--device", "x"],
    ],
    ids=" ".join,
)
def test_where_there_is_no_gateway_none_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert main([*words, "--data", str(tmp_path / "nothing"), "--practice"]) == 1
    told = capsys.readouterr()
    assert (told.out, told.err.count("\n")) == ("", 2)
    assert "没有前置机" in told.err
    assert not (tmp_path / "nothing").exists()


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("oracle://h/x", "数据库地址不对"),
        ("nothing", "数据库地址不对"),
        ("postgresql://h:port/x", "数据库地址不对"),
        ("postgresql://h/x?nosuch=1", "数据库地址不对"),
        ("postgresql://127.0.0.1:1/x", "连不上数据库"),
        ("postgresql://127.0.0.1:1/x?connect_timeout=soon", "连不上数据库"),
    ],
)
def test_a_database_that_is_not_there_is_told_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], url: str, told: str
) -> None:
    with opened(tmp_path):
        pass
    place = ["--data", str(tmp_path / "data"), "--forms", str(tmp_path / "forms"), "--practice"]
    assert main(["office", "list", *place, "--db-url", url]) == 1
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 2)
    assert told in said.err


def test_a_database_that_refuses_is_told_in_words(
    tmp_path: Path, pg: Postgres, capsys: pytest.CaptureFixture[str]
) -> None:
    url = pg.database()
    with opened(tmp_path, url) as office:
        database = office.gateway.database
        database.write(lambda connection: connection.execute(sa.text("CREATE ROLE weak LOGIN")))
    place = ["--data", str(tmp_path / "data"), "--forms", str(tmp_path / "forms"), "--practice"]
    other = sa.make_url(url).set(username="weak").render_as_string(hide_password=False)
    assert main(["office", "list", *place, "--db-url", other]) == 1
    assert "不许前置机的用户读写" in capsys.readouterr().err
    missing = sa.make_url(url).set(database="nosuch").render_as_string(hide_password=False)
    assert main(["office", "list", *place, "--db-url", missing]) == 1
    assert "库名" in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is always full")
def test_a_full_disk_is_told_in_words_wherever_it_is_met(tmp_path: Path) -> None:
    with opened(tmp_path) as office:
        office.deliver(person(1))
        ((digest,),) = office.gateway.database.read(
            lambda connection: connection.execute(sa.select(schema.records.c.submission_sm3)).all()
        )
    place = ["--data", str(tmp_path / "data"), "--forms", str(tmp_path / "forms"), "--practice"]
    taking = ["blob", str(digest), "--office", OFFICE, "--purpose", "核对原文", "--out", "/dev/full"]
    for words, out in ((["office", "list"], "/dev/full"), (taking, "/dev/null")):
        command = [sys.executable, "-m", "xincai_gateway", *words, *place]
        with Path(out).open("wb") as target:
            done = subprocess.run(command, stdout=target, stderr=subprocess.PIPE, check=False)
        assert done.returncode == 1
        assert "存储空间已满" in done.stderr.decode()
        assert "Traceback" not in done.stderr.decode()


def test_whoever_hears_no_more_ends_it_in_peace(tmp_path: Path) -> None:
    with opened(tmp_path):
        pass
    place = ["--data", str(tmp_path / "data"), "--forms", str(tmp_path / "forms"), "--practice"]
    command = [sys.executable, "-m", "xincai_gateway", "office", "list", *place]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""
        assert process.wait(20) == 0


def test_a_port_in_use_and_a_folder_that_cannot_be_written_are_told_in_words(tmp_path: Path) -> None:
    with opened(tmp_path):
        pass
    place = ["--data", str(tmp_path / "data"), "--forms", str(tmp_path / "forms"), "--practice"]
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for words in (["serve"], ["admin", "serve"]):
            command = [sys.executable, "-m", "xincai_gateway", *words, "--port", port, *place]
            done = subprocess.run(command, capture_output=True, check=False, timeout=60)
            assert done.returncode == 1
            assert port in done.stderr.decode()
            assert "Traceback" not in done.stderr.decode()
    (tmp_path / "file").write_bytes(b"")
    nowhere = ["--data", str(tmp_path / "file" / "data"), *place[2:]]
    command = [sys.executable, "-m", "xincai_gateway", "serve", *nowhere]
    done = subprocess.run(command, capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stderr.decode().count("\n")) == (1, 2)


def test_a_passphrase_is_typed_twice_by_a_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ["--data", str(tmp_path / "data"), "--practice"]
    typed = iter([PASSPHRASE, PASSPHRASE[::-1], PASSPHRASE, PASSPHRASE])
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(getpass, "getpass", lambda _: next(typed))
    assert main(["admin", "passphrase", *place]) == 1
    assert "两次输入的口令不同" in capsys.readouterr().err
    assert main(["admin", "passphrase", *place]) == 0


def test_a_user_without_a_name_on_this_system_is_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found: 4711")

    monkeypatch.delenv("SUDO_USER", raising=False)
    monkeypatch.setattr(getpass, "getuser", nobody)
    assert commands()["subject"].get_default("who") == str(os.getuid())


def test_behind_sudo_the_books_name_who_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUDO_USER", "chen")
    assert commands()["keys"].get_default("who") == "chen"


@pytest.mark.parametrize("name", ["administrators." * 9 + "example", "chen\x1b[31m", " " * 41])
def test_whoever_asks_a_command_that_only_looks_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    place = ["--data", str(tmp_path / "data"), "--practice"]
    monkeypatch.setenv("SUDO_USER", name)
    assert main(["enrol-code", "--office", OFFICE, *place]) == 0
    assert main(["keys", "list", *place]) == 0
    assert main(["office", "name", OFFICE, "--name", "柳河村", "--who", "李\u3000示例", *place]) == 0


def test_a_name_for_the_books_that_cannot_be_printed_is_told_so(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["office", "list", "--who", "李\n示例"])
    assert "控制字符" in capsys.readouterr().err


def test_a_notice_may_be_written_with_an_old_notepad(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ["--data", str(tmp_path / "data"), "--practice"]
    notice = tmp_path / "notice.txt"
    notice.write_bytes("请于周五前交齐。".encode("gb18030"))
    assert main(["publish", "notice", str(notice), *place]) == 0
    notice.write_bytes(b"\xff\xff\xff")
    assert main(["publish", "notice", str(notice), *place]) == 1
    assert "notice.txt" in capsys.readouterr().err
