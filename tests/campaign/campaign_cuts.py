"""Every byte of a delivery cut, both directions, with FIN and with RST: nothing lost, nothing doubled.

    python tests/campaign/campaign_cuts.py [STEP]

Prints one JSON line with the figures; exit code 1 when a single session went wrong. STEP 1 is every byte.
"""

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "client"), str(ROOT / "tests" / "xincai" / "sync")]

from cutting import Cutter, Direction, Ending, cutting  # noqa: E402
from gateway_here import GatewayHere, Office, running  # noqa: E402

from xincai.vault import KdfParams, Vault  # noqa: E402

PHOTO = b"\xff\xd8" + bytes(3000)
SESSIONS_A_VAULT = 200


def main(step: int) -> int:
    folder = Path(tempfile.mkdtemp())
    began, sessions, wrong = time.monotonic(), 0, []
    try:
        with running(folder / "gateway") as gateway, cutting(gateway.port) as cutter:
            for number, points in enumerate(_shares(list(_points(_whole(folder, gateway, cutter), step)))):
                office = _office(folder / f"vault{number}", gateway)
                wrong += [point for point in points if not _survives(office, cutter, *point)]
                sessions += len(points)
                if office.there() != len(points):
                    wrong.append(("doubled or lost", number, office.there()))
                office.vault.close()
    finally:
        shutil.rmtree(folder)
    seconds = round(time.monotonic() - began, 1)
    print(json.dumps({"sessions": sessions, "wrong": len(wrong), "examples": wrong[:5], "seconds": seconds}))
    return 1 if wrong else 0


def _office(folder: Path, gateway: GatewayHere) -> Office:
    vault, _ = Vault.create(folder, "柳河村-2026-cashew", name="李采集", params=KdfParams.for_tests())
    return Office.enrolled(vault, gateway)


def _whole(folder: Path, gateway: GatewayHere, cutter: Cutter) -> dict[Direction, int]:
    """The bytes of one undisturbed session, by direction."""
    office = _office(folder / "measure", gateway)
    office.batch(photo=PHOTO)
    cutter.arm("up", -1, "fin")
    office.deliver(cutter.url)
    office.vault.close()
    return dict(cutter.passed)


def _points(whole: dict[Direction, int], step: int) -> Iterator[tuple[Direction, int, Ending]]:
    endings: tuple[Ending, ...] = ("fin", "rst")
    for direction, size in whole.items():
        for after in range(0, size + 1, step):
            for ending in endings:
                yield direction, after, ending


def _shares(
    points: list[tuple[Direction, int, Ending]],
) -> Iterator[list[tuple[Direction, int, Ending]]]:
    for start in range(0, len(points), SESSIONS_A_VAULT):
        yield points[start : start + SESSIONS_A_VAULT]


def _survives(office: Office, cutter: Cutter, direction: Direction, after: int, ending: Ending) -> bool:
    name = office.batch(photo=PHOTO + f"{direction}{after}{ending}".encode())
    cutter.arm(direction, after, ending)
    report = office.deliver(cutter.url)
    return report.problem is None and office.vault.batch_states()[name] == "settled"


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1))
