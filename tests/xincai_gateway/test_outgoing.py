"""Accepted records sent on: each once, whatever breaks in between."""

import hmac
import io
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import openpyxl
import pytest

from offices import opened, person
from xincai.errors import Problem
from xincai.wire.digest import hmac_sm3, sm3
from xincai.wire.keys import decode_key_list
from xincai_gateway import rights, schema
from xincai_gateway.accesses import Asking
from xincai_gateway.outgoing import Consignment, deliver, platform
from xincai_gateway.outgoing import folder as outgoing_folder
from xincai_gateway.outgoing.folder import Folder
from xincai_gateway.outgoing.platform import Platform

SECRET = "一个密钥"
SILENT = -1


def sent(folder: Path) -> list[dict[str, object]]:
    """The documents that were announced in a folder."""
    return [json.loads(path.with_suffix(".json").read_bytes()) for path in sorted(folder.glob("*.ok"))]


def test_a_folder_gets_signed_files_that_are_announced_last(tmp_path: Path, db_url: str) -> None:
    out = tmp_path / "out"
    with opened(tmp_path, db_url) as office:
        office.files = {"a.jpg": b"field"}
        office.deliver(person(1, photo="a.jpg", note="=1+1"), person(2))
        assert deliver(office.gateway, Folder(out, office.gateway, attachments=True)) == 2
        (announced,) = out.glob("*.ok")
        (key,) = decode_key_list(office.gateway.identity.keys.data).signing().values()
        for line in announced.read_text().splitlines():
            digest, name = line.split("  ")
            data = (out / name).read_bytes()
            assert sm3(data) == digest
            if not name.startswith("attachments/"):
                key.verify(data, (out / f"{name}.sm2").read_bytes())
        (document,) = sent(out)
        assert [each["subject_name"] for each in document["records"]].count("测试1") == 1  # type: ignore[index,attr-defined]
        book = openpyxl.load_workbook(io.BytesIO(announced.with_suffix(".xlsx").read_bytes()))
        assert book.sheetnames == ["records", "answers", "attachments", "withdrawn", "continued"]
        assert book["continued"].max_row == 1
        assert book["records"].max_row == 3
        formulas = [cell for row in book["answers"] for cell in row if cell.data_type == "f"]
        assert not formulas
        assert not list(out.glob(".*"))
        assert deliver(office.gateway, Folder(out, office.gateway)) == 0


def test_corrections_and_withdrawals_follow(tmp_path: Path, db_url: str) -> None:
    out = tmp_path / "out"
    with opened(tmp_path, db_url) as office:
        ((first, _, _),) = office.deliver(person(1))
        deliver(office.gateway, Folder(out, office.gateway))
        office.deliver(person(1, note="更正"), record=first, version=2)
        assert deliver(office.gateway, Folder(out, office.gateway)) == 1
        office.deliver(person(3))
        asking = Asking("admin", "主体来函")
        rights.withdraw(office.gateway, person(1)["code"], asking)
        rights.withdraw(office.gateway, person(3)["code"], asking)
        before = set(out.glob("*.ok"))
        assert deliver(office.gateway, Folder(out, office.gateway)) == 2
        (last,) = set(out.glob("*.ok")) - before
        document = json.loads(last.with_suffix(".json").read_bytes())
        assert document["records"] == []
        assert [(each["record"], each["version"]) for each in document["withdrawn"]] == [
            (first, 1),
            (first, 2),
        ]


def test_much_goes_in_several_consignments_and_what_is_large_alone(tmp_path: Path, db_url: str) -> None:
    out = tmp_path / "out"
    with opened(tmp_path, db_url) as office:
        office.deliver(*(person(number, note="长" * 90_000) for number in range(19)))
        office.deliver(person(19, note="长" * 1_000_000))
        assert deliver(office.gateway, Folder(out, office.gateway)) == 20
        sizes = [len(path.with_suffix(".json").read_bytes()) for path in out.glob("*.ok")]
    codes = [each["subject_code"] for document in sent(out) for each in document["records"]]  # type: ignore[attr-defined]
    assert sorted(codes) == [person(number)["code"] for number in range(20)]
    assert len(sizes) >= 4
    assert max(sizes) < 3_100_000


def test_one_consignment_may_be_larger_than_what_devices_send() -> None:
    large = Consignment("d", "4", "2026-11-22T00:00:00Z", False, ({"value": "长" * 3_000_000},), ())
    assert len(large.document("g")) > 9_000_000


class Crash(BaseException):
    """The power went."""


def test_a_crash_at_any_step_neither_loses_nor_doubles_a_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut before the n-th file system step, for every n; the reader takes announced files away at once."""
    with opened(tmp_path) as office:
        for cut in range(40):
            office.deliver(person(cut))
            out, left = tmp_path / "out", [cut]

            def crash(descriptor: object, left: list[int] = left) -> None:
                left[0] -= 1
                if left[0] < 0:
                    raise Crash

            monkeypatch.setattr(outgoing_folder, "flush", crash)
            monkeypatch.setattr(outgoing_folder, "flush_folder", crash)
            taken: list[str] = []
            finished = False
            while not finished:
                try:
                    deliver(office.gateway, Folder(out, office.gateway))
                    finished = True
                except Crash:
                    left[0] = 10_000
                for document in sent(out):
                    taken += [each["subject_code"] for each in document["records"]]  # type: ignore[attr-defined]
                for announced in list(out.glob("*.ok")):
                    for path in out.glob(f"{announced.stem}.*"):
                        path.unlink()
            assert taken == [person(cut)["code"]]
            if 0 < left[0] < 10_000 - 40:
                break  # it ran to its end without a cut
        else:
            pytest.fail("there are more steps than cuts")


@dataclass
class Taking:
    """A platform that keeps what it is sent, and fails as it is told."""

    held: dict[str, dict[str, object]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    url: str = ""

    def answer(  # noqa: PLR0911 - one answer for each fault
        self, path: str, body: dict[str, object], token: str
    ) -> tuple[int, bytes]:
        self.asked.append(path)
        text = f"{body['appKey']}{body['timestamp']}{body['nonce']}{body.get('sm3', '')}"
        if not hmac.compare_digest(hmac_sm3(SECRET.encode(), text.encode()), str(body["sign"])):
            return 200, b'{"code": "1001", "msg": "sign"}'
        if path.endswith("/token"):
            self.tokens.append(f"token-{len(self.tokens)}")
            return 200, json.dumps({"code": "0", "msg": "", "data": {"token": self.tokens[-1]}}).encode()
        if token != self.tokens[-1]:
            return 200, b'{"code": "1005", "msg": "token"}'
        fault = self.faults.pop(0) if self.faults else ""
        if fault.startswith("late "):
            self.tokens.append("a newer one")
            return 200, b'{"code": "1005", "msg": "token"}'
        if fault and not fault.startswith("lost"):
            return int(fault[:3]), fault[4:].encode()
        data = str(body["data"])
        assert sm3(data.encode()) == body["sm3"]
        again = body["batch_no"] in self.held
        self.held[str(body["batch_no"])] = json.loads(data)
        if fault:
            return (SILENT if fault == "lost silent" else 0), b""
        lines = [
            {
                "rec_uuid": each["record"],
                "version": each["version"],
                "status": "ok",
                "code": "0",
                "message": "收下",
            }
            for each in json.loads(data)["records"]
        ]
        code = "4001" if again else "S200"
        return 200, json.dumps({"code": code, "msg": "", "data": {"records": lines}}).encode()


@contextmanager
def listening() -> Iterator[Taking]:
    taking = Taking()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, data = taking.answer(self.path, body, self.headers.get("token", ""))
            if status in {0, SILENT}:
                if status == SILENT:
                    self.rfile.read(1)  # until the caller hangs up
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    taking.url = f"http://127.0.0.1:{server.server_port}/api"
    try:
        yield taking
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "PAUSE", 0.001)


@pytest.mark.usefixtures("quick")
def test_a_platform_gets_each_record_once_and_its_word_on_each_is_kept(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url) as office, listening() as there:
        office.deliver(*(person(n) for n in range(3)))
        way = Platform(there.url, "key", SECRET, office.gateway.identity.gateway)
        assert deliver(office.gateway, way) == 3
        assert deliver(office.gateway, way) == 0
        (document,) = there.held.values()
        assert len(document["records"]) == 3  # type: ignore[arg-type]
        assert len(there.tokens) == 1
        rows = office.gateway.database.rows(schema.delivered.select())
        assert {(row["code"], row["message"]) for row in rows} == {("0", "收下")}


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    "faults",
    [
        ["503 down"],
        ["429 slow"],
        ["200 <html>"],
        ['200 {"code": "4003"}', '200 {"code": "5000"}'],
        ["late token"],
        ["lost reply"],
        ["lost reply", "lost reply", "500 x"],
    ],
)
def test_what_passes_by_itself_is_tried_again(tmp_path: Path, faults: list[str]) -> None:
    with opened(tmp_path) as office, listening() as there:
        office.deliver(person(1))
        there.faults = faults
        assert deliver(office.gateway, Platform(there.url, "key", SECRET, "g")) == 1
        assert len(there.held) == 1
        (row,) = office.gateway.database.rows(schema.deliveries.select())
        assert (row["status"], row["code"]) == ("成功", "0")


@pytest.mark.usefixtures("quick")
def test_a_platform_that_stays_away_gets_the_same_batch_later(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url) as office, listening() as there:
        office.deliver(person(1))
        there.faults = ["503 down"] * 5
        way = Platform(there.url, "key", SECRET, "g")
        with pytest.raises(Problem, match="platform_away"):
            deliver(office.gateway, way)
        (waiting,) = office.gateway.database.rows(schema.deliveries.select())
        assert waiting["status"] == "待上报"
        office.deliver(person(2))
        assert deliver(office.gateway, way) == 2
        assert next(iter(there.held)) == waiting["delivery"]


@pytest.mark.usefixtures("quick")
def test_what_is_refused_for_good_is_told_and_not_tried_again(tmp_path: Path) -> None:
    with opened(tmp_path) as office, listening() as there:
        office.deliver(person(1))
        there.faults = ['200 {"code": "3006", "msg": "不在管辖范围"}']
        way = Platform(there.url, "key", SECRET, "g")
        assert deliver(office.gateway, way) == 0
        (row,) = office.gateway.database.rows(schema.deliveries.select())
        assert (row["status"], row["code"], row["message"]) == ("失败", "3006", "不在管辖范围")
        assert deliver(office.gateway, way) == 0
        assert len(there.asked) == 2


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("trouble", ["secret", "404 not here", "403 <html>", '200 {"code": "1006"}'])
def test_a_platform_that_refuses_the_caller_burns_no_delivery(tmp_path: Path, trouble: str) -> None:
    with opened(tmp_path) as office, listening() as there:
        office.deliver(person(1))
        secret = SECRET if trouble != "secret" else "另一个"
        there.faults = [] if trouble == "secret" else [trouble]
        with pytest.raises(Problem, match="platform_refuses_us"):
            deliver(office.gateway, Platform(there.url, "key", secret, "g"))
        (row,) = office.gateway.database.rows(schema.deliveries.select())
        assert (row["status"], row["code"]) == ("待上报", None)
        assert len(there.asked) == (1 if trouble == "secret" else 2)
        there.faults = []
        assert deliver(office.gateway, Platform(there.url, "key", SECRET, "g")) == 1
        assert list(there.held) == [row["delivery"]]


@pytest.mark.usefixtures("quick")
def test_a_platform_that_falls_silent_is_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It keeps the batch, says nothing, and leaves the line open until the caller hangs up."""
    monkeypatch.setattr(platform, "_TIMEOUT", (2, 0.3))
    with opened(tmp_path) as office, listening() as there:
        office.deliver(person(1))
        there.faults = ["lost silent"]
        assert deliver(office.gateway, Platform(there.url, "key", SECRET, "g")) == 1
        assert len(there.held) == 1
        assert there.asked.count("/api/data") == 2


@pytest.mark.usefixtures("quick")
def test_nobody_listening_leaves_the_delivery_waiting(tmp_path: Path) -> None:
    with opened(tmp_path) as office:
        office.deliver(person(1))
        with listening() as there:
            gone = there.url
        with pytest.raises(Problem, match="platform_away"):
            deliver(office.gateway, Platform(gone, "key", SECRET, "g"))
        (row,) = office.gateway.database.rows(schema.deliveries.select())
        assert (row["status"], row["tries"]) == ("待上报", 1)


@pytest.mark.usefixtures("quick")
def test_two_runs_at_once_send_each_record_once(tmp_path: Path, db_url: str) -> None:
    """The reader takes announced files away at once: what came twice would be counted twice."""
    out = tmp_path / "out"
    taken: list[str] = []
    reader = threading.Lock()
    with opened(tmp_path, db_url) as office:
        office.deliver(*(person(n) for n in range(20)))

        def run(_: int) -> int:
            count = deliver(office.gateway, Folder(out, office.gateway))
            with reader:
                for announced in list(out.glob("*.ok")):
                    document = json.loads(announced.with_suffix(".json").read_bytes())
                    taken.extend(each["subject_code"] for each in document["records"])
                    for path in out.glob(f"{announced.stem}.*"):
                        path.unlink()
            return count

        with ThreadPoolExecutor(4) as lane:
            assert sorted(lane.map(run, range(4))) == [0, 0, 0, 20]
    assert sorted(taken) == sorted(person(n)["code"] for n in range(20))


def test_a_folder_that_cannot_be_used_loses_nothing(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with opened(tmp_path) as office:
        office.deliver(person(1))
        out.write_bytes(b"a file stands where the folder should be")
        with pytest.raises(OSError, match="out"):
            deliver(office.gateway, Folder(out, office.gateway))
        out.unlink()
        assert deliver(office.gateway, Folder(out, office.gateway)) == 1
        assert len(sent(out)) == 1


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    "said",
    [
        {
            "code": "0",
            "msg": "收\0下\n",
            "data": {"records": [{"rec_uuid": "a\0", "version": 1, "code": "0"}]},
        },
        {"code": "0", "data": {"records": [{"rec_uuid": "x", "version": 2**70, "code": "1\0"}]}},
        {"code": "0", "data": {"records": [{"rec_uuid": "x", "version": 1, "message": "\ud800"}]}},
        {"code": "30\0", "msg": "\x1b[2J"},
    ],
    ids=["NUL", "a version that there is not", "half a character", "control characters"],
)
def test_what_a_platform_says_oddly_is_kept_in_characters_that_can_be_kept(
    tmp_path: Path, db_url: str, said: dict[str, object]
) -> None:
    with opened(tmp_path, db_url) as office, listening() as there:
        office.deliver(person(1))
        there.faults = [f"200 {json.dumps(said)}"]
        deliver(office.gateway, Platform(there.url, "key", SECRET, "g"))
        (row,) = office.gateway.database.rows(schema.deliveries.select())
        assert row["status"] == ("成功" if said["code"] == "0" else "失败")
        (line,) = office.gateway.database.rows(schema.delivered.select())
        assert all(str(value).isprintable() for value in (*row.values(), *line.values()))


@pytest.mark.usefixtures("quick")
def test_a_reply_that_is_nested_without_end_is_none(tmp_path: Path) -> None:
    with opened(tmp_path) as office, listening() as there:
        office.deliver(person(1))
        there.faults = ["200 " + "[" * 200_000]
        assert deliver(office.gateway, Platform(there.url, "key", SECRET, "g")) == 1


def test_two_folders_with_long_names_are_two_destinations(tmp_path: Path) -> None:
    with opened(tmp_path) as office:
        office.deliver(person(1))
        tail = Path("d" * 60) / ("e" * 60)
        for first in ("a", "b"):
            out = tmp_path / first / tail
            out.mkdir(parents=True)
            assert deliver(office.gateway, Folder(out, office.gateway)) == 1
            assert len(sent(out)) == 1
