"""A delivery harmed at every byte, both directions: nothing lost, nothing doubled.

    python tests/campaign/campaign_cuts.py [KIND [STEP [FROM]]]

KIND is `cuts` (every byte, FIN and RST), `stalls`, `repeats` (a request twice, or late), `pairs` (two harms
of any kind in one session, drawn by lot), or all of them; STEP harms each so many bytes, in pairs it makes so
many fewer; FROM goes on at a session where an earlier run was stopped. Each session makes one record with a
photo, signs its batch and delivers it by the real client to the real gateway over TCP; at the end of each
vault the gateway's tables are counted. Prints one JSON line for each kind; exit code 1 when a single session
went wrong.
"""

import contextlib
import json
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "client"), str(ROOT / "tests")]

import visits  # noqa: E402

from cutting import Cutter, Direction, Ending, Fault, cutting  # noqa: E402
from gateway_here import QUICK, GatewayHere, Office, running  # noqa: E402
from xincai.sync import make_batch  # noqa: E402
from xincai.sync.platform import Patience  # noqa: E402
from xincai.vault import KdfParams, Vault  # noqa: E402

PHOTO = b"\xff\xd8" + bytes(3000)
SESSIONS_A_VAULT = 100
PAIRS = 3000
SHORT = Patience(connect=2, silence=0.5, whole=10)
KINDS: dict[str, tuple[int, tuple[tuple[Direction, Ending], ...]]] = {
    "cuts": (1, (("up", "fin"), ("up", "rst"), ("down", "fin"), ("down", "rst"))),
    "stalls": (8, (("up", "stall"), ("down", "stall"))),
    "repeats": (4, (("up", "twice"), ("down", "twice"), ("up", "late"))),
}
Faults = tuple[Fault, ...]


@dataclass
class Place:
    """A gateway behind a line, and where vaults may be made."""

    folder: Path
    form: str
    gateway: GatewayHere
    cutter: Cutter
    made: int = 0

    @contextlib.contextmanager
    def office(self) -> Iterator[Office]:
        """A fresh vault that is enrolled."""
        self.made += 1
        folder = self.folder / f"vault{self.made}"
        vault, _ = Vault.create(folder, "柳河村-2026-cashew", name="李采集", params=KdfParams.for_tests())
        try:
            yield Office.enrolled(vault, self.gateway)
        finally:
            vault.close()
            shutil.rmtree(folder)

    def survives(self, office: Office, number: int, faults: Faults) -> bool:
        """Whether one more record gets there, once, whatever is done to the line."""
        visits.seal(office.vault, self.form, PHOTO + number.to_bytes(8))
        name = make_batch(office.vault).manifest_id
        self.cutter.arm(faults[0].direction, faults[0].after, faults[0].ending, *faults[1:])
        slow = any(fault.ending == "stall" for fault in faults)
        report = office.deliver(self.cutter.url, SHORT if slow else QUICK)
        self.cutter.release()
        return report.problem is None and office.vault.batch_states()[name] == "settled"


@contextlib.contextmanager
def placed() -> Iterator[Place]:
    folder = Path(tempfile.mkdtemp(prefix="xincai-", dir=visits.memory()))
    try:
        form = visits.offer(folder / "forms")
        with running(folder / "gateway", folder / "forms") as gateway, cutting(gateway.port) as cutter:
            yield Place(folder, form, gateway, cutter)
    finally:
        shutil.rmtree(folder)


def campaign(place: Place, kind: str, step: int, first: int) -> int:
    """Run one kind; how many went wrong."""
    began, wrong, lost, doubled, sessions = time.monotonic(), [], 0, 0, 0
    plan = list(_plan(kind, step, _whole(place)))
    for start in range(first, len(plan), SESSIONS_A_VAULT):
        some = plan[start : start + SESSIONS_A_VAULT]
        with place.office() as office:
            wrong += [faults for n, faults in enumerate(some, start) if not place.survives(office, n, faults)]
            device = office.vault.device()
            assert device is not None
            held = visits.held(place.gateway.gateway.database, device.device_id)
        for found, wanted in zip(held, (1, 1, 1, 2), strict=True):
            lost += max(wanted * len(some) - found, 0)
            doubled += max(found - wanted * len(some), 0)
        sessions += len(some)
        told = f"{start + len(some)} of {len(plan)}, {len(wrong)} unsettled, {lost} lost, {doubled} doubled"
        print(f"{kind}: {told}", file=sys.stderr, flush=True)
    print(json.dumps({
        "kind": kind, "sessions": sessions, "unsettled": len(wrong), "lost": lost, "doubled": doubled,
        "seconds": round(time.monotonic() - began, 1), "examples": [str(faults) for faults in wrong[:5]],
    }), flush=True)  # fmt: skip
    return len(wrong) + lost + doubled


def _whole(place: Place) -> dict[Direction, int]:
    """The bytes of one undisturbed session, by direction."""
    with place.office() as office:
        assert place.survives(office, 0, (Fault("up", -1, "fin"),))
        return dict(place.cutter.passed)


def _plan(kind: str, step: int, whole: dict[Direction, int]) -> Iterator[Faults]:
    if kind == "pairs":
        chance = random.Random(1)
        for _ in range(PAIRS // (step or 1)):
            yield _any(chance, whole), _any(chance, whole)
        return
    usual, harms = KINDS[kind]
    for direction, ending in harms:
        for after in range(0, whole[direction], step or usual):
            yield (Fault(direction, after, ending),)


def _any(chance: random.Random, whole: dict[Direction, int]) -> Fault:
    direction, ending = chance.choice([harm for _, harms in KINDS.values() for harm in harms])
    return Fault(direction, chance.randrange(whole[direction]), ending)


def main(kinds: tuple[str, ...], step: int = 0, first: int = 0) -> int:
    with placed() as place:
        return 1 if sum(campaign(place, kind, step, first) for kind in kinds) else 0


if __name__ == "__main__":
    given = sys.argv[1:]
    chosen = (given[0],) if given else (*KINDS, "pairs")
    raise SystemExit(main(chosen, *map(int, given[1:3])))
