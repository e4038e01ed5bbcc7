"""The command line: what an administrator types, in real processes where it matters."""

import base64
import contextlib
import json
import logging
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import gateways
import offices
from gateways import record
from xincai import clock
from xincai.shelf import Shelf
from xincai.wire.container import container_pieces
from xincai.wire.digest import sm3
from xincai.wire.keys import decode_key_list
from xincai.wire.receipt import decode_receipt
from xincai.wire.suites import ED25519, PrivateKey
from xincai_gateway import identity, schema
from xincai_gateway.__main__ import main
from xincai_gateway.database import Database
from xincai_gateway.library import Library

Forms = tuple[Path, tuple[str, str, str]]
SUBMISSION = (
    '<data id="visit_test" version="1"><code>91410499MX0000001A</code><name>甲社</name>'
    "<meta><instanceID>uuid:1</instanceID></meta></data>"
).encode()


def on_stick(folder: Path, batch: gateways.Batch) -> Path:
    path, blobs = folder / "batch.zip", batch.blobs
    signatures = {batch.key_id: batch.signature}
    with path.open("wb") as file:
        file.writelines(container_pieces(batch.data, signatures, tuple(blobs), blobs.__getitem__))
    return path


def test_it_says_when_it_listens_and_ends_cleanly_on_sigterm(tmp_path: Path, forms: Forms) -> None:
    running = gateways.launch(tmp_path, forms[0])
    assert running.ready["url"].startswith("http://127.0.0.1:")
    assert running.ready["enrol_code"].startswith(running.ready["office"])
    device = gateways.Device(running.url, running.ready["gateway"])
    assert device.enrol(running.ready["enrol_code"]).ok
    assert running.stop() == 0


@pytest.mark.skipif(sys.platform == "win32", reason="/proc tells whether the gateway still runs")
def test_a_practice_gateway_ends_with_the_process_that_started_it(tmp_path: Path, forms: Forms) -> None:
    script = (
        "import subprocess, sys\n"
        "child = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE)\n"
        "child.stdout.readline()\n"
        "print(child.pid, flush=True)\n"
        "sys.stdin.read()\n"
    )
    command = [sys.executable, "-m", "xincai_gateway", "serve", "--port", "0", "--practice"]
    command += ["--data", str(tmp_path), "--forms", str(forms[0])]
    with subprocess.Popen(
        [sys.executable, "-c", script, *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)
    deadline = clock.monotonic() + 15
    while alive(child) and clock.monotonic() < deadline:
        clock.pause(0.05)
    assert not alive(child)


def alive(process: int) -> bool:
    """Whether a process still runs (one that only waits to be buried does not)."""
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def said(capsys: pytest.CaptureFixture[str], *words: str | Path) -> dict[str, object]:
    assert main([str(word) for word in words]) == 0
    out: dict[str, object] = json.loads(capsys.readouterr().out)
    return out


def test_a_register_is_imported_and_a_bad_line_is_named(
    tmp_path: Path, forms: Forms, capsys: pytest.CaptureFixture[str]
) -> None:
    common: list[str | Path] = ["--data", tmp_path / "data", "--forms", forms[0]]
    good, bad, old = tmp_path / "good.csv", tmp_path / "bad.csv", tmp_path / "old.csv"
    good.write_text("\ufeffcode,name\n91410425MX0000001A,甲社\n92410425MX0000002B,乙店\n", encoding="utf-8")
    old.write_bytes("name,code\n甲合作社,91410425MX0000001A\n".encode("gb18030"))
    bad.write_text("code,name\n91410425MX0000001A,甲社\n,无代码\n", encoding="utf-8")
    assert said(capsys, "register", "import", good, *common) == {"subjects": 2}
    assert said(capsys, "register", "import", old, *common) == {"subjects": 1}
    assert main([str(word) for word in ("register", "import", bad, *common)]) == 1
    assert "第 3 行" in capsys.readouterr().err
    database = Database.open(tmp_path / "data")
    names = {row["code"]: row["name"] for row in database.rows(schema.register.select())}
    database.close()
    assert names == {"91410425MX0000001A": "甲合作社", "92410425MX0000002B": "乙店"}


def test_a_stick_is_verified_and_taken_in_exactly_once(
    tmp_path: Path, forms: Forms, capsys: pytest.CaptureFixture[str]
) -> None:
    common: list[str | Path] = ["--data", tmp_path / "data", "--forms", forms[0], "--practice"]
    with gateways.running(tmp_path / "data", forms[0]) as running:
        device = gateways.Device(running.url, running.ready["gateway"])
        device.enrol(running.ready["enrol_code"])
    made, blobs = record(forms[1], SUBMISSION)
    stick = on_stick(tmp_path, device.batch(made, blobs=blobs))
    assert said(capsys, "verify", stick, *common)["records"] == 1
    replies = []
    for name in ("one.json", "two.json"):
        told = said(capsys, "take", stick, "--receipts", tmp_path / name, *common)
        beside = f"{Path(name).stem}-published.zip"
        assert (told["records"], told["receipts"], told["published"]) == (1, name, beside)
        assert (tmp_path / beside).stat().st_size > 0
        assert f"{name} 和 {beside}" in told["next"]
        assert f"both files, {name} and {beside}," in told["next_en"]
        replies.append((tmp_path / name).read_bytes())
    first, second = (json.loads(each)["receipts"] for each in replies)
    assert first == second
    receipt = decode_receipt(base64.b64decode(first[1]["data"]))
    assert [item.status for item in receipt.outcomes] == ["accepted"]
    forged = bytearray(stick.read_bytes())
    forged[forged.index(b'"sequence":1') + 11] = ord("2")
    stick.write_bytes(forged)
    assert main([str(word) for word in ("verify", stick, *common)]) == 1
    digest = made.submission.sm3
    out = tmp_path / "submission.xml"
    asked = ["blob", digest, "--office", gateways.OFFICE, "--out", out, "--who", "李示例", *common]
    said(capsys, *asked, "--purpose", "核对原文")
    assert out.read_bytes() == SUBMISSION
    assert out.stat().st_mode & 0o077 == 0


def test_a_file_is_taken_out_only_for_a_purpose_and_noted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with offices.opened(tmp_path) as office:
        office.files = {"a.jpg": b"field"}
        office.deliver(offices.person(1, photo="a.jpg"), offices.person(2, photo="a.jpg"))
    out = tmp_path / "taken"
    place = ["--data", str(tmp_path / "data"), "--forms", str(tmp_path / "forms"), "--practice"]
    given = ["blob", sm3(b"field"), "--office", gateways.OFFICE, "--out", str(out), *place]
    with pytest.raises(SystemExit) as left:
        main(given)
    assert left.value.code == 2
    assert "--purpose" in capsys.readouterr().err
    assert main([*given, "--purpose", " "]) == 1
    assert "用途" in capsys.readouterr().err
    for digest in ("0" * 64, "../../identity.json", "甲"):
        wrong = [digest if word == sm3(b"field") else word for word in given]
        assert main([*wrong, "--purpose", "核对照片"]) == 1
        assert "没有这个文件" in capsys.readouterr().err
    assert not out.exists()
    assert main([*given, "--purpose", "核对照片", "--who", "李示例"]) == 0
    assert out.read_bytes() == b"field"
    with offices.opened(tmp_path) as office:
        (row,) = office.gateway.database.rows(schema.accesses.select())
    told = {name: row[name] for name in ("office", "who", "purpose", "what", "about", "level", "records")}
    assert told == {
        "office": gateways.OFFICE,
        "who": "李示例",
        "purpose": "核对照片",
        "what": "blob",
        "about": sm3(b"field")[:16],
        "level": "L4",
        "records": 2,
    }


def test_what_cannot_go_by_stick_is_said(
    tmp_path: Path, forms: Forms, capsys: pytest.CaptureFixture[str]
) -> None:
    common: list[str | Path] = ["--data", tmp_path / "data", "--forms", forms[0], "--practice"]
    with gateways.running(tmp_path / "data", forms[0]) as running:
        key = PrivateKey.generate(ED25519)
        device = gateways.Device(running.url, running.ready["gateway"], key=key)
        device.enrol(running.ready["enrol_code"])
    made, blobs = record(forms[1], SUBMISSION)
    stick = on_stick(tmp_path, device.batch(made, blobs=blobs))
    told = said(capsys, "take", stick, "--receipts", tmp_path / "back.json", *common)
    assert told["published"] == ""
    assert not (tmp_path / "back-published.zip").exists()
    assert "不能随U盘带回" in told["next"]
    assert "cannot go by stick" in told["next_en"]


def test_the_practice_region_gets_no_code_outside_practice(
    tmp_path: Path, forms: Forms, capsys: pytest.CaptureFixture[str]
) -> None:
    common = ["--data", str(tmp_path), "--forms", str(forms[0])]
    assert main(["enrol-code", "--office", "410499000000", *common]) == 1
    assert "演练" in capsys.readouterr().err
    code = str(said(capsys, "enrol-code", "--office", "410425000000", *common)["enrol_code"])
    assert code.startswith("410425000000-")
    assert len(code.partition(".")[2]) == 16


def test_secrets_of_the_gateway_are_its_owners_only(tmp_path: Path, forms: Forms) -> None:
    main(["sweep", "--data", str(tmp_path), "--forms", str(forms[0]), "--practice"])
    for name in ("identity.json", "database.key", "blobs.key"):
        assert (tmp_path / name).stat().st_mode & 0o077 == 0
    assert [path.name for path in (tmp_path / "forms").iterdir()] == [forms[1][2]]


def test_a_practice_gateway_whose_parent_died_before_it_listened_ends_too(
    tmp_path: Path, forms: Forms
) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    running = gateways.launch(tmp_path, forms[0], "", "--parent", str(gone.pid))
    assert running.process.wait(10) == 0
    running._close()


def test_a_file_that_is_not_there_is_said_in_words(
    tmp_path: Path, forms: Forms, capsys: pytest.CaptureFixture[str]
) -> None:
    common = ["--data", str(tmp_path / "data"), "--forms", str(forms[0])]
    for words in (["register", "import", "无.csv"], ["verify", "no.zip"]):
        assert main([*words, *common]) == 1
        assert capsys.readouterr().err.count("\n") == 2


def test_at_work_a_key_for_envelopes_is_published_and_in_practice_none(tmp_path: Path) -> None:
    for practice in (False, True):
        folder = tmp_path / str(practice)
        who = identity.load(folder, practice=practice)
        again = identity.load(folder, practice=practice)
        key = decode_key_list(who.keys.data).envelope()
        assert (key is None) == practice
        assert key == (again.envelope.public if again.envelope else None)
        assert list(decode_key_list(who.keys.data).signing()) == [who.key_id]


def test_a_practice_folder_never_serves_for_work_nor_the_other_way_round(
    tmp_path: Path, forms: Forms, capsys: pytest.CaptureFixture[str]
) -> None:
    common = ["--forms", str(forms[0]), "--port", "0"]
    for practice in (True, False):
        folder = tmp_path / str(practice)
        identity.load(folder, practice=practice)
        mode = [] if practice else ["--practice"]
        with quiet_diary():
            assert main(["serve", "--data", str(folder), *mode, *common]) == 1
        assert "--practice" in capsys.readouterr().err


@contextlib.contextmanager
def quiet_diary() -> Iterator[None]:
    """Serving starts a diary; here it ends with the test."""
    root, before = logging.getLogger(), logging.getLogger().level
    kept = set(root.handlers)
    try:
        yield
    finally:
        root.setLevel(before)
        for handler in set(root.handlers) - kept:
            root.removeHandler(handler)
            handler.close()


def test_a_form_of_others_is_taken_into_the_library(
    tmp_path: Path, forms: Forms, capsys: pytest.CaptureFixture[str]
) -> None:
    common: list[str | Path] = ["--data", tmp_path / "data", "--forms", forms[0]]
    sheet = tmp_path / "census.md"
    sheet.write_text("| survey | type | name | label |\n| | text | a | A |\n", "utf-8")
    told = said(capsys, "form", "add", sheet, *common)
    assert told["form"] == "census"
    assert said(capsys, "form", "add", sheet, *common) == told
    library = Library(Shelf(forms[0]), tmp_path / "data" / "forms")
    form = library.find(str(told["sm3"]))
    assert form is not None
    assert form.form_id == "census"
    sheet.write_text("| survey | type | name | label |\n| | txt | a | A |\n", "utf-8")
    assert main([str(word) for word in ("form", "add", sheet, *common)]) == 1
    assert "census.md" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["70000", "-1", "http"])
def test_a_port_that_there_is_not_is_refused(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["serve", "--port", port])
    assert left.value.code == 2
    assert "--port" in capsys.readouterr().err
