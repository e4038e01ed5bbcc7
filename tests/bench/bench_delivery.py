"""How fast records and photos reach the gateway: a real one, in its own process, on PostgreSQL.

    python tests/bench/bench_delivery.py [RECORDS] [PHOTOS]

One run on one machine, PostgreSQL with its own defaults (every commit waits for the disk). Records and
photos travel until receipt A is verified and kept: from then on they are the gateway's. Signing them into
batches before, and how fast the gateway judges them afterwards, are told for themselves. The yardsticks, in
the same run: photos against one plain streaming upload of the same bytes into a file that is flushed, and
against what the gateway must do to each byte, SM3 and SM4 alone on one core without line or disk; bytes
on the wire, counted for a fifth as many records, against `zstd -3` of their manifests and contents together;
and, over a line of 50 ms and 2 Mbit/s, ODK's way: one multipart POST for each submission over one kept
connection, its answer awaited by a bare server that flushes it and does nothing else (the first 40, times as
many). `cpu_us` is what a record, or a
kilobyte of photos, costs in processor time: of the client, of the gateway, of its judging process meanwhile.
`memory_mb` is the most memory that the client had while it delivered a batch of 50 and one of 1,000. Without
PostgreSQL the embedded database is used, and that is said.
"""

import asyncio
import contextlib
import gc
import io
import json
import os
import re
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import requests
import uvicorn
import zstandard

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "client"), str(ROOT / "tests")]

import gateways  # noqa: E402
import postgres  # noqa: E402
from forms.filler import Filler, examples  # noqa: E402
from xincai import clock, paths  # noqa: E402
from xincai.records import Record, Subject  # noqa: E402
from xincai.shelf import Shelf, Sources  # noqa: E402
from xincai.sync import deliver, enrol, make_batch  # noqa: E402
from xincai.sync.courier import Progress  # noqa: E402
from xincai.sync.enrolment import open_platform  # noqa: E402
from xincai.sync.platform import Platform  # noqa: E402
from xincai.vault import KdfParams, Vault  # noqa: E402
from xincai.wire.digest import Sm3, sha256, sm3  # noqa: E402
from xincai.xforms import Session  # noqa: E402
from xincai_gateway import cipher  # noqa: E402
from xincai_gateway.bodies import LARGE  # noqa: E402
from xincai_gateway.database import Database  # noqa: E402
from xincai_gateway.enrol import issue_code  # noqa: E402

FORM = "land_transfer"
OFFICE = "410499101000"
PHOTO = 200_000
DELAY, RATE = 0.025, 250_000  # seconds one way, bytes a second
SAMPLE = 40


def submission() -> bytes:
    """A filled form, with the least."""
    shelf = Shelf(paths.forms())
    form = shelf.open(FORM)
    known = examples(form, Sources.read(ROOT / "forms").rules)
    filler = Filler(Session.new(form), known, shelf.card(FORM).subjects[0])
    filler.fill(full=False)
    return filler.session.finalize()


def seal(vault: Vault, data: bytes, photo: bytes = b"") -> str:
    """One more record of the form, under its own name, which is told."""
    card = Shelf(paths.forms()).card(FORM)
    own = re.sub(rb"uuid:[0-9a-f-]{36}", f"uuid:{clock.new_id()}".encode(), data)
    attachments = (vault.add_attachment(photo, "image/jpeg"),) if photo else ()
    record = Record(
        record_id=clock.new_id(), version=1, form_id=FORM, form_version=card.version, form_sm3=card.sm3,
        instance_id=f"uuid:{clock.new_id()}", subject=Subject("HH", "", "王测䶮"), submission=own,
        submission_sm3=sm3(own), submission_sha256=sha256(own), attachments=attachments, title="流转",
    )  # fmt: skip
    vault.seal(record, None)
    return record.record_id


class Line:
    """A proxy that delays and slows both ways, and counts what goes up."""

    def __init__(self, port: int, *, shaped: bool) -> None:
        self.up = 0
        self._port, self._shaped = port, shaped
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self._ready.set()
        self._loop.run_forever()
        left = asyncio.all_tasks(self._loop)
        for task in left:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to, back = await asyncio.open_connection("127.0.0.1", self._port)
        both = self._pass(reader, back, counted=True), self._pass(to, writer, counted=False)
        with contextlib.suppress(asyncio.CancelledError):  # the line is given up at the end
            await asyncio.gather(*both)

    async def _pass(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, counted: bool) -> None:
        free = self._loop.time()
        with contextlib.suppress(ConnectionError):
            while piece := await source.read(16_384):
                self.up += len(piece) * counted
                if self._shaped:
                    free = max(free, self._loop.time()) + len(piece) / RATE
                    self._loop.call_at(free + DELAY, sink.write, piece)
                    await asyncio.sleep(max(0.0, free - self._loop.time()))
                else:
                    sink.write(piece)
                    await sink.drain()
            if self._shaped:
                await asyncio.sleep(DELAY * 2)
            sink.close()


@contextlib.contextmanager
def sink(folder: Path) -> Iterator[str]:
    """A bare server: keeps what any POST brings, flushed, and answers."""

    async def app(scope: dict[str, object], receive: object, send: object) -> None:
        path = folder / f"{clock.new_id()}.bin"
        with path.open("wb") as file:
            more = True
            while more:
                event = await receive()  # type: ignore[operator]
                file.write(event.get("body", b""))
                more = event.get("more_body", False)
            file.flush()
            os.fsync(file.fileno())
        await send({"type": "http.response.start", "status": 201, "headers": [(b"content-length", b"0")]})  # type: ignore[operator]
        await send({"type": "http.response.body", "body": b""})  # type: ignore[operator]

    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, access_log=False, lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def run(folder: Path, db_url: str, records: int, photos: int) -> dict[str, object]:
    data = submission()
    figures: dict[str, object] = {"database": "postgresql" if db_url else "embedded", "records": records}
    with gateways.running(folder / "gateway", paths.forms(), db_url) as gateway:
        database = Database.open(gateway.folder, db_url)
        vault, _ = Vault.create(
            folder / "vault", "柳河村-2026-cashew", name="b", params=KdfParams.for_tests()
        )
        port = int(gateway.url.rpartition(":")[2])
        gc.freeze()  # as the program does when it has started
        with Line(port, shaped=False) as line, Line(port, shaped=True) as slow:
            device = enrol(vault, gateway.url, issue_code(database, OFFICE, "", practice=True))
            figures |= flat(vault, data)
            figures |= few(vault, data, records, gateway.process.pid)
            figures |= counted(vault, data, line, device.token, max(records // 5, 1))
            figures |= pictures(vault, data, folder, photos, gateway.process.pid)
            figures |= slowly(vault, data, slow, folder, token=device.token, records=records)
        vault.close()
        database.close()
    return figures


class Custody:
    """Watches a delivery until all receipts A are kept: how long it took, what it cost, what was sent."""

    def __init__(self, gateway: int, line: Line | None = None) -> None:
        self._gateway, self._line = gateway, line
        self._began, self._cost = time.perf_counter(), self._costs()
        self._up = line.up if line else 0
        self.seconds = 0.0
        self.costs: tuple[float, ...] = ()
        self.sent = 0

    def __call__(self, progress: Progress) -> None:
        if progress.step == "receipt" and not self.seconds:
            self.seconds = time.perf_counter() - self._began
            both = zip(self._costs(), self._cost, strict=True)
            self.costs = tuple(now - then for now, then in both)
            self.sent = self._line.up - self._up if self._line else 0

    def _costs(self) -> tuple[float, float, float]:
        """Seconds of processor time of this process, of the gateway's and of the one that judges for it."""
        if not self._gateway or not Path("/proc/self/stat").exists():
            return time.process_time(), 0.0, 0.0
        others = Path(f"/proc/{self._gateway}/task/{self._gateway}/children").read_text().split()
        return time.process_time(), spent(self._gateway), sum(map(spent, others))


def spent(process: "int | str") -> float:
    """Seconds of processor time that a process has had."""
    told = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def memory() -> float:
    """The most memory that this process has had since it was asked last, in MB."""
    told = Path("/proc/self/status").read_text()
    most = int(told.partition("VmHWM:")[2].split()[0]) / 1024
    Path("/proc/self/clear_refs").write_text("5")
    return most


def flat(vault: Vault, data: bytes) -> dict[str, object]:
    """The client's memory while it delivers a small and a large batch."""
    if not Path("/proc/self/clear_refs").exists():
        return {}
    most: dict[str, float] = {}
    for count in (50, 50, 1000):
        for _ in range(count):
            seal(vault, data)
        make_batch(vault)
        memory()
        with open_platform(vault) as platform:
            if deliver(vault, platform).unknown:
                raise SystemExit("the batch did not arrive")
        most[f"batch_of_{count}"] = round(memory(), 1)
    return {"memory_mb": most}


def few(vault: Vault, data: bytes, records: int, gateway: int) -> dict[str, object]:
    """Records alone: to custody, and until they are judged."""
    for _ in range(records):
        seal(vault, data)
    began = time.perf_counter()
    while vault.waiting_records():
        make_batch(vault)
    batched = time.perf_counter() - began
    custody = Custody(gateway)
    began = time.perf_counter()
    with open_platform(vault) as platform:
        report = deliver(vault, platform, custody)
        if report.problem is not None or report.unknown:
            raise SystemExit(report)
        while report.custody:
            report = deliver(vault, platform)
    settled = time.perf_counter() - began
    return {
        "batched_per_s": round(records / batched),
        "records_per_s": round(records / custody.seconds),
        "judged_per_s": round(records / settled),
        "record_cpu_us": [round(cost / records * 1e6) for cost in custody.costs],
    }


def counted(vault: Vault, data: bytes, line: Line, token: str, records: int) -> dict[str, object]:
    """The bytes that records take on the wire."""
    sealed = [seal(vault, data) for _ in range(records)]
    whole = []
    while vault.waiting_records():
        whole.append(vault.batch(make_batch(vault).manifest_id).manifest)
    whole += [vault.record(record).submission for record in sealed]
    custody = Custody(0, line)
    with Platform(line.url, token) as platform:
        if deliver(vault, platform, custody).unknown:
            raise SystemExit("records did not arrive")
    least = len(zstandard.compress(b"".join(whole), 3))
    return {
        "wire_kb": custody.sent // 1024, "zstd_kb": least // 1024,
        "wire_ratio": round(custody.sent / least, 2),
    }  # fmt: skip


def pictures(vault: Vault, data: bytes, folder: Path, photos: int, gateway: int) -> dict[str, object]:
    """Photos against a plain upload of the same bytes."""
    for _ in range(photos):
        seal(vault, data, b"\xff\xd8" + os.urandom(PHOTO))
    while vault.waiting_records():
        make_batch(vault)
    custody = Custody(gateway)
    with open_platform(vault) as platform:
        if deliver(vault, platform, custody).unknown:
            raise SystemExit("photos did not arrive")
    ours = custody.seconds
    with sink(folder) as url:
        body = os.urandom(PHOTO * photos)
        began = time.perf_counter()
        requests.post(f"{url}/plain", data=io.BytesIO(body), timeout=600).raise_for_status()
        plain = time.perf_counter() - began
    least = alone(body)
    megabytes = PHOTO * photos / 1e6
    return {
        "photo_mb_s": round(megabytes / ours, 1),
        "plain_mb_s": round(megabytes / plain, 1),
        "sm3_sm4_mb_s": round(megabytes / least, 1),
        "photo_ratio": round(plain / ours, 2),
        "photo_of_limit": round(least / ours, 2),
        "photo_kb_cpu_us": [round(cost / megabytes * 1e3, 1) for cost in custody.costs],
    }


def alone(data: bytes) -> float:
    """Seconds that SM3 and SM4 take for these bytes, in the gateway's pieces."""
    digest, crypt = Sm3(), cipher.crypt_on(os.urandom(cipher.KEY), os.urandom(cipher.NONCE))
    began = time.perf_counter()
    for start in range(0, len(data), LARGE):
        piece = data[start : start + LARGE]
        digest.update(piece)
        crypt(piece)
    digest.hexdigest()
    return time.perf_counter() - began


def slowly(
    vault: Vault, data: bytes, slow: Line, folder: Path, *, token: str, records: int
) -> dict[str, object]:
    """Over a poor line: ours against one POST for each submission."""
    for _ in range(records):
        seal(vault, data)
    while vault.waiting_records():
        make_batch(vault)
    custody = Custody(0)
    with Platform(slow.url, token) as platform:
        deliver(vault, platform, custody)
    done = custody.seconds
    with (
        sink(folder) as url,
        Line(int(url.rpartition(":")[2]), shaped=True) as line,
        requests.Session() as session,
    ):
        began = time.perf_counter()
        for number in range(SAMPLE):
            files = {"xml_submission_file": (f"{number}.xml", data, "text/xml")}
            headers = {"X-OpenRosa-Version": "1.0", "Authorization": f"Bearer {token}"}
            session.post(
                f"{line.url}/submission", files=files, headers=headers, timeout=60
            ).raise_for_status()
        each = (time.perf_counter() - began) / SAMPLE
    return {
        "slow_s": round(done, 2),
        "odk_s": round(each * records, 1),
        "slow_ratio": round(each * records / done, 1),
    }


def main(records: int, photos: int) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        try:
            with postgres.start(fast=False) as server:
                figures = run(folder, server.database(), records, photos)
        except postgres.Unavailable as why:
            print(why, file=sys.stderr)
            figures = run(folder, "", records, photos)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(figures))


if __name__ == "__main__":
    main(*(int(word) for word in [*sys.argv[1:], "2000", "100"][:2]))
