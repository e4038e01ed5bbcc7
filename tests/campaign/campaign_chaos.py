"""Many records over a bad line to a gateway that is killed: rows equal records, receipts equal batches.

    python tests/campaign/campaign_chaos.py [RECORDS [SEED]]

Of a hundred requests one comes twice, one comes late, behind newer ones, and every second hundred one is
reset, somewhere; the gateway, in a process of its own on PostgreSQL (embedded where there is none), is killed
with SIGKILL three times and started again. Devices of `A_VAULT` records each deliver one after the other, by
the real client. Prints one JSON line; exit code 1 when a row or a receipt is missing or one too many.
"""

import contextlib
import json
import random
import shutil
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "client"), str(ROOT / "tests")]

import visits  # noqa: E402

import gateways  # noqa: E402
import postgres  # noqa: E402
from cutting import Cutter, Direction, Ending, cutting  # noqa: E402
from xincai import clock  # noqa: E402
from xincai.sync import deliver, enrol, make_batch  # noqa: E402
from xincai.sync.platform import Patience, Platform  # noqa: E402
from xincai.vault import KdfParams, Vault  # noqa: E402
from xincai_gateway import identity  # noqa: E402
from xincai_gateway.database import Database  # noqa: E402
from xincai_gateway.enrol import issue_code  # noqa: E402

A_VAULT, A_BATCH, A_RUN = 10_000, 100, 5
REQUESTS_A_BATCH = 5
KILLS = 3
TWICE, LATE, RESET = 0.01, 0.01, 0.005
QUICK = Patience(connect=5, silence=10, whole=60)


@dataclass
class Site:
    """A gateway that can be killed and comes again on its port."""

    folder: Path
    form: str
    db_url: str
    port: int
    running: gateways.Running = field(init=False)
    again: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        more = ("--port", str(self.port))
        self.running = gateways.launch(self.folder / "gateway", self.folder / "forms", self.db_url, *more)

    def kill(self) -> None:
        """End it now; it is back after a while."""

        def work() -> None:
            self.running.kill()
            self.start()

        self.again.append(threading.Thread(target=work))
        self.again[-1].start()


@dataclass
class Chaos(Cutter):
    """A line on which chance decides what becomes of a request."""

    chance: random.Random = field(default_factory=random.Random)
    kills: list[int] = field(default_factory=list)
    site: Site | None = None
    seen: Counter[str] = field(default_factory=Counter)
    _next: Ending | None = None

    def allow(self, direction: Direction, size: int, *, begins: bool) -> tuple[int, Ending | None]:
        with self.lock:
            self.passed[direction] += size
            ending: Ending | None = None
            if direction == "down":
                ending, self._next = self._next, None
            elif begins:
                ending = self._drawn()
        return (self.chance.randrange(size) if ending == "rst" else size), ending

    def _drawn(self) -> Ending | None:
        """What becomes of this request now; what becomes of its answer waits in `_next`."""
        self.seen["requests"] += 1
        if self.site and self.kills and self.seen["requests"] > self.kills[0]:
            self.kills.pop(0)
            self.seen["kills"] += 1
            self.site.kill()
        drawn = self.chance.random()
        harms: tuple[tuple[Ending, float], ...] = (("twice", TWICE), ("late", LATE), ("rst", RESET))
        for harm, share in harms:
            drawn -= share
            if drawn < 0:
                self.seen[harm] += 1
                if harm == "late" or self.chance.random() < 0.5:
                    return harm
                self._next = harm
                break
        return None


@contextlib.contextmanager
def placed() -> Iterator[Site]:
    folder = Path(tempfile.mkdtemp(prefix="xincai-", dir=visits.memory()))
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder)
        try:
            url = stack.enter_context(postgres.start()).database()
        except postgres.Unavailable:
            url = ""
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        site = Site(folder, visits.offer(folder / "forms"), url, port)
        site.start()
        try:
            yield site
        finally:
            for thread in site.again:
                thread.join()
            site.running.stop()


def send(site: Site, line: Chaos, number: int, records: int) -> tuple[str, int, int]:
    """One device's work; its name, its batches, and the runs that it took."""
    folder = site.folder / f"vault{number}"
    vault, _ = Vault.create(folder, "柳河村-2026-cashew", name="李采集", params=KdfParams.for_tests())
    runs = 0
    try:
        database = Database.open(site.folder / "gateway", site.db_url)
        key = identity.load(site.folder / "gateway").key_id
        code = issue_code(database, gateways.OFFICE, key, practice=True)
        database.close()
        enrol(vault, f"http://127.0.0.1:{site.port}", code)
        device = vault.device()
        assert device is not None
        left = records
        while left or any(state != "settled" for state in vault.batch_states().values()):
            for _ in range(A_RUN if left else 0):
                for _ in range(min(A_BATCH, left)):
                    visits.seal(vault, site.form)
                left -= min(A_BATCH, left)
                make_batch(vault)
                if not left:
                    break
            with Platform(line.url, device.token, patience=QUICK) as platform:
                report = deliver(vault, platform, pause=lambda _: None)
            runs += 1
            if report.problem is not None:
                line.seen[report.problem.code] += 1
                clock.pause(0.3)
        assert sum(row.accepted for row in vault.batches()) == records
        return device.device_id, len(vault.batches()), runs
    finally:
        vault.close()
        shutil.rmtree(folder)


def main(records: int, seed: int) -> int:
    began, sent = time.monotonic(), []
    requests = records // A_BATCH * REQUESTS_A_BATCH
    with placed() as site:
        chance = random.Random(seed)
        kills = sorted(chance.randrange(requests // 10, requests) for _ in range(KILLS))
        line = Chaos(site.port, chance=chance, kills=kills, site=site)
        with cutting(site.port, line):
            for number, start in enumerate(range(0, records, A_VAULT)):
                sent.append(send(site, line, number, min(A_VAULT, records - start)))
                print(f"{sum(count for _, count, _ in sent)} batches: {dict(line.seen)}", file=sys.stderr)
            line.release()
        for thread in site.again:
            thread.join()
        database = Database.open(site.folder / "gateway", site.db_url)
        held = [visits.held(database, device) for device, _, _ in sent]
        database.close()
    found = [sum(each) for each in zip(*held, strict=True)]
    batches = sum(count for _, count, _ in sent)
    wanted = [batches, records, records, 2 * batches]
    print(json.dumps({
        "records": records, "batches": batches, "runs": sum(runs for *_, runs in sent),
        "lost": sum(max(b - a, 0) for a, b in zip(found, wanted, strict=True)),
        "doubled": sum(max(a - b, 0) for a, b in zip(found, wanted, strict=True)),
        "database": "PostgreSQL" if site.db_url else "embedded", "seen": dict(line.seen),
        "seconds": round(time.monotonic() - began, 1),
    }))  # fmt: skip
    return 0 if found == wanted else 1


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    raise SystemExit(main(*given) if len(given) == 2 else main(given[0] if given else 100_000, 1))
