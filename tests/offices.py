"""A gateway in this process with one office's device, which delivers filled forms by the real way in."""

import datetime
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

import gateways
from xincai import clock
from xincai.errors import Problem
from xincai.shelf import build
from xincai.shelf.store import keep
from xincai.wire.digest import sm3
from xincai.wire.manifest import ManifestRecord
from xincai.wire.messages import EnrolRequest
from xincai.wire.pack import make_packs, open_pack
from xincai.wire.receipt import decode_receipt
from xincai.wire.series import series_head
from xincai_gateway import commit, judging, ledger
from xincai_gateway.arrivals import Arrivals
from xincai_gateway.enrol import enrol, issue_code
from xincai_gateway.gateway import Gateway, Settings

VILLAGE = "410499101201"
PASSPHRASE = "四月的麦田一望无边无际啊"
FORM = """
| survey | | | | | | | | | |
| | type | name | label | required | constraint | bind::xc:subject | bind::xc:origin | bind::xc:level |
| | start | start_time | | | | | | |
| | end | end_time | | | | | | |
| | text | code | 主体代码 | yes | | code | declared | L4 |
| | text | name | 主体名称 | yes | | name | declared | L3 |
| | begin_group | place | 地区 | | | | | |
| | text | county | 县 | | | region | declared | L2 |
| | text | village | 村 | | | | declared | L2 |
| | end_group | | | | | | | |
| | decimal | area | 面积 | | . > 0 | | observed | L2 |
| | decimal | income | 收入 | | | | declared | L4 |
| | text | note | 备注 | | | | declared | L1 |
| | geopoint | spot | 定位 | | | | observed | L4 |
| | image | photo | 照片 | | | | | L4 |
| | text | q1 | 一 | | | | declared | L1 |
| | text | q2 | 二 | | | | declared | L1 |
| | text | q3 | 三 | | | | declared | L1 |
| settings | | | |
| | form_title | form_id | version |
| | 走访 | office_test | 1 |
"""

TOLD = """
| survey | | | | | | | |
| | type | name | label::中文 (zh) | label::English (en) | bind::xc:subject | bind::xc:origin | calculation |
| | start | start_time | | | | | |
| | text | code | **主体代码** | **Code** | code | declared | |
| | text | name | 主体名称 | Name | name | declared | |
| | begin_group | home | 住处 | Home | | | |
| | select_one house | house | 房屋 | House | | observed | |
| | end_group | | | | | | |
| | begin_repeat | field | 地块 | Field | | | |
| | select_multiple crop | crops | 作物 | Crops | | declared | |
| | decimal | area | ${name}的面积 | Area of ${name} | | declared | |
| | end_repeat | | | | | | |
| | image | photo | 照片 | Photo | | | |
| | calculate | total | | | | | sum(${area}) |
| choices | | | | |
| | list_name | name | label::中文 (zh) | label::English (en) |
| | house | brick | 砖房 | Brick |
| | crop | wheat | 小麦 | Wheat |
| | crop | maize | 玉米 | Maize |
| settings | | | | |
| | form_title | form_id | version | default_language | attribute::xc:title_en |
| | 农户走访 | told_test | 1 | 中文 (zh) | Household visit |
"""


@dataclass
class Office:
    """What one office has delivered, and the gateway that has it."""

    gateway: Gateway
    form: tuple[str, str, str]
    device: gateways.Device
    files: dict[str, bytes] = field(default_factory=dict)

    def deliver(self, *filled: dict[str, str], **changes: object) -> list[tuple[str, str, str]]:
        """Deliver filled forms as one batch; record, status and code of each."""
        return self.send(*(self._record(dict(answers), changes) for answers in filled))

    def send(self, *made: tuple[ManifestRecord, gateways.Files]) -> list[tuple[str, str, str]]:
        """Deliver records as one batch; record, status and code of each."""
        blobs = {digest: data for _, files in made for digest, data in files.items()}
        batch = self.device.batch(*(each for each, _ in made), blobs=blobs)
        for digest, data in blobs.items():
            self.gateway.blobs.put(gateways.OFFICE, digest, data)
        commit.take(self.gateway, batch.data, batch.signature)
        judging.settle(self.gateway, gateways.OFFICE, batch.name)
        last = ledger.receipts_of(self.gateway.database, gateways.OFFICE, batch.name)[-1]
        return [(each.record, each.status, each.code) for each in decode_receipt(last.data).outcomes]

    def keep(self, *made: tuple[ManifestRecord, gateways.Files]) -> gateways.Batch:
        """Have records taken into custody, and not judged yet."""
        blobs = {digest: data for _, files in made for digest, data in files.items()}
        batch = self.device.batch(*(each for each, _ in made), blobs=blobs)
        for digest, data in blobs.items():
            self.gateway.blobs.put(gateways.OFFICE, digest, data)
        self.gateway.closing.asked = True
        commit.take(self.gateway, batch.data, batch.signature)
        self.gateway.closing.asked = False
        return batch

    def holds(self, what: bytes) -> bool:
        """Whether bytes stand anywhere in the store, in a pack or as they are."""
        blobs, folder = self.gateway.blobs, self.gateway.settings.folder / "blobs"
        files = [path.name for path in folder.rglob("*") if path.is_file()]
        return any(what in _opened(blobs.stretch(gateways.OFFICE, name, 0, None)) for name in files)

    def pack(self, *blobs: bytes) -> str:
        """Bring small blobs in one pack; the pack's name."""
        ((data, _),) = make_packs(blobs)
        self.gateway.store.unpack(gateways.OFFICE, sm3(data), data)
        return sm3(data)

    def series(self, *blobs: bytes) -> None:
        """Bring blobs in one series."""
        body = series_head([(sm3(blob), len(blob)) for blob in blobs]) + b"".join(blobs)
        arrivals = Arrivals(self.gateway.store, gateways.OFFICE, len(body))
        arrivals.write(body)
        arrivals.close()
        arrivals.check()

    def _record(
        self, answers: dict[str, str], changes: dict[str, object]
    ) -> tuple[ManifestRecord, gateways.Files]:
        photo = answers.get("photo")
        place = "".join(
            f"<{key}>{answers.pop(key)}</{key}>" for key in ("county", "village") if key in answers
        )
        given = {"start_time": moment(0), "end_time": moment(600), **answers}
        body = "".join(f"<{key}>{escape(value)}</{key}>" for key, value in given.items())
        meta = f"<meta><instanceID>uuid:{clock.new_id()}</instanceID></meta>"
        text = f'<data id="office_test" version="1">{body}<place>{place}</place>{meta}</data>'
        files = {photo: self.files[photo]} if photo else {}
        return gateways.record(self.form, text.encode(), files, **changes)


def _opened(data: bytes) -> bytes:
    """What is in a pack; what is none is as it is."""
    try:
        return bytes(open_pack(data)[0])
    except Problem:
        return data


def moment(seconds: float) -> str:
    """An instant on the morning of the day before, as forms write it."""
    day = clock.now().replace(hour=1, minute=0, second=0, microsecond=0) - datetime.timedelta(days=1)
    return (day + datetime.timedelta(seconds=seconds)).isoformat(timespec="milliseconds")


@contextmanager
def opened(folder: Path, db_url: str = "", asks: str = FORM) -> Iterator[Office]:
    """An office with one device and one form, for as long as the context lasts."""
    source = build(asks, blocks={}, rules={}, lists={})
    keep([source], folder / "forms")
    gateway = Gateway.open(Settings(folder / "data", db_url, practice=True, forms=folder / "forms"))
    try:
        device = gateways.Device("", gateway.identity.gateway)
        code = issue_code(gateway.database, gateways.OFFICE, gateway.identity.key_id, practice=True)
        enrol(gateway.database, EnrolRequest.model_validate(device.enrolment(code)))
        form = (source.card.form_id, source.card.version, source.card.sm3)
        yield Office(gateway, form, device)
    finally:
        gateway.close()


def person(number: int, **answers: str) -> dict[str, str]:
    """A synthetic person's form."""
    return {
        "code": f"410499YH{number:010d}",
        "name": f"测试{number}",
        "county": "410499",
        "village": VILLAGE,
        "q1": "甲",
        "q2": "乙",
        "q3": "丙",
        **answers,
    }


def told(office: Office, **files: bytes) -> str:
    """Deliver a filled form of groups, rows and choices; its record."""
    fields = "".join(
        f"<field><crops>{crops}</crops><area>{area}</area></field>"
        for crops, area in (("wheat maize", "3.50"), ("maize", "2"))
    )
    text = (
        f'<data id="told_test" version="1"><start_time>{moment(0)}</start_time>'
        f"<code>{person(1)['code']}</code><name>测试1</name><home><house>brick</house></home>{fields}<photo>{''.join(files)}</photo>"
        f"<total>5.5</total><meta><instanceID>uuid:{clock.new_id()}</instanceID></meta></data>"
    )
    made = gateways.record(office.form, text.encode(), dict(files))
    ((record, status, code),) = office.send(made)
    assert (status, code) == ("accepted", "0")
    return record


@contextmanager
def serving(folder: Path, url: str) -> Iterator[str]:
    """The pages, with an administrator who may see them."""
    command = _admin("passphrase", folder, url)
    told = subprocess.run(command, input=f"{PASSPHRASE}\n", text=True, capture_output=True, check=True)
    assert json.loads(told.stdout) == {"administrator": "admin"}
    with worker(folder, url) as address:
        yield address


def _admin(action: str, folder: Path, url: str) -> list[str]:
    place = ["--data", str(folder / "data"), "--forms", str(folder / "forms"), "--db-url", url, "--practice"]
    return [sys.executable, "-m", "xincai_gateway", "admin", action, *place]


@contextmanager
def worker(folder: Path, url: str) -> Iterator[str]:
    """The pages in a process of their own, as an administrator starts them."""
    process = subprocess.Popen([*_admin("serve", folder, url), "--port", "0"], stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        yield json.loads(process.stdout.readline())["url"]
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        process.stdout.close()
