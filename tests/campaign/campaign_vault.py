"""What the vault survives, at length: kills and disk errors, power cuts, flipped bytes, old pages put back,
wandering through the desk, and canaries.

    python tests/campaign/campaign_vault.py [PART ...] [--share I/N] [--seed S] [--fresh]
                                              [--stride N] [--states N] [--steps N] [--parts-of-eight N]

PART is one of kills, power, journals, flips, rollback, desk, canaries; all when none is named. The work is
cut into pieces; each piece that is done is written to `.faults/`, and is not done again (unless --fresh), so
that it may be stopped at any time, and shares of it may run side by side or on several days. Each part prints
one JSON line with its figures; `fault-report.md` is written at the end. Exit code 1 when anything went wrong.
"""

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FAULTS = ROOT / "tests" / "xincai" / "vault" / "faults"
sys.path[:0] = [str(ROOT / "client"), str(ROOT / "tests"), str(FAULTS)]

import canaries  # noqa: E402
import damage  # noqa: E402
import disk  # noqa: E402
import power  # noqa: E402
import wander  # noqa: E402

import fault_report  # noqa: E402
import journeys  # noqa: E402

Piece = tuple[str, Callable[[], dict[str, Any]]]
"""A piece of work: its name, and what does it and tells `tried` and `wrong`."""


class Campaign:
    """The pieces of every part, cut to a share."""

    def __init__(self, words: argparse.Namespace) -> None:
        self.words = words
        self.seed: int = words.seed
        self.place = Path(tempfile.mkdtemp(dir=disk.fast()))
        self.disk = disk.FailingDisk(disk.shim(self.place))

    def close(self) -> None:
        self.disk.__exit__()
        shutil.rmtree(self.place, ignore_errors=True)

    def kills(self) -> Iterator[Piece]:
        """Every system call of every journey, with every fault that it knows."""
        stride = self.words.stride
        for journey in journeys.JOURNEYS:
            for scene in range(len(journeys.scenes(journey))):
                name = f"{journey} {scene}"
                yield (
                    name if stride == 1 else f"{name} {self.seed}/{stride}",
                    partial(self._killed, journey, scene, stride),
                )

    def _killed(self, journey: str, scene: int, stride: int) -> dict[str, Any]:
        first = 1 + (self.seed + scene) % stride
        with tempfile.TemporaryDirectory(dir=self.place) as place:
            told: dict[str, Any] = self.disk.ask(
                journey=journey, scene=scene, fault="all", stride=stride, first=first, place=place
            )
            return told

    def power(self) -> Iterator[Piece]:
        """Every cut of every journey in every mode, until there are as many different states as wished."""
        most = self.words.states // len(journeys.JOURNEYS)
        for journey in journeys.JOURNEYS:
            yield f"{journey} {self.seed} {most}", partial(self._cut, journey, most)

    def _cut(self, journey: str, most: int) -> dict[str, Any]:
        with tempfile.TemporaryDirectory(dir=self.place) as name:
            tape = power.recorded(self.disk, journey, Path(name))
            return power.judged(tape, Path(name), self.seed, most)

    def journals(self) -> Iterator[Piece]:
        """Every journal that a kill leaves, deleted."""
        for journey in journeys.JOURNEYS:
            if len(journeys.scenes(journey)) > 1:
                yield journey, partial(self._deleted, journey)

    def _deleted(self, journey: str) -> dict[str, Any]:
        with tempfile.TemporaryDirectory(dir=self.place) as name:
            tape = power.recorded(self.disk, journey, Path(name))
            return power.journals_deleted(tape, Path(name))

    def flips(self) -> Iterator[Piece]:
        """Every bit of a header and a head; every byte of parts of a vault, and of one part of a backup."""
        for name in damage.SMALL:
            yield f"{name} 0", partial(self._flipped, name, 0)
        for part in range(self.words.parts_of_eight):
            yield f"vault.db {part}", partial(self._flipped, "vault.db", part)
        yield "backup 0", partial(self._flipped, "backup", 0)

    def _flipped(self, name: str, part: int) -> dict[str, Any]:
        parts = 1 if name in damage.SMALL else damage.PARTS
        with tempfile.TemporaryDirectory(dir=self.place) as place:
            return damage.flipped(Path(place), name, damage.bits(name, part, parts))

    def rollback(self) -> Iterator[Piece]:
        """Every page that 200 steps changed, put back; files put back; rows altered with the key."""
        for number in range(self.words.rollbacks):
            yield f"pages {self.seed + number}", partial(self._rolled, number)
        yield "rows", self._rows
        yield "files", self._files

    def _rolled(self, number: int) -> dict[str, Any]:
        with tempfile.TemporaryDirectory(dir=self.place) as place:
            return damage.pages_put_back(Path(place), steps=200, seed=self.seed + number)

    def _rows(self) -> dict[str, Any]:
        with tempfile.TemporaryDirectory(dir=self.place) as place:
            return damage.rows_altered(Path(place))

    def _files(self) -> dict[str, Any]:
        with tempfile.TemporaryDirectory(dir=self.place) as place:
            return damage.files_put_back(Path(place))

    def desk(self) -> Iterator[Piece]:
        """Random walks at the desk beside a simple model."""
        walk = 250
        for number in range(self.words.steps // walk):
            yield f"walk {self.seed + number}", partial(wander.walked, self.seed + number, walk)

    def canaries(self) -> Iterator[Piece]:
        """Strings that may be found nowhere."""
        yield f"canaries {self.seed}", self._sung

    def _sung(self) -> dict[str, Any]:
        with tempfile.TemporaryDirectory() as place:
            return canaries.sung(Path(place), self.seed)


PARTS = ("kills", "power", "journals", "flips", "rollback", "desk", "canaries")


def main(words: argparse.Namespace) -> int:
    campaign, failed = Campaign(words), False
    try:
        for part in words.parts or PARTS:
            failed |= run(campaign, part)
    finally:
        campaign.close()
    fault_report.write()
    return 1 if failed else 0


def run(campaign: Campaign, part: str) -> bool:
    """Do the pieces of a part that are not done; whether anything went wrong in it."""
    words, began = campaign.words, time.monotonic()
    share, shares = map(int, words.share.split("/"))
    mine = list(getattr(campaign, part)())[share - 1 :: shares]
    done = {} if words.fresh else fault_report.done(part)
    for number, (name, act) in enumerate(mine, 1):
        if name not in done:
            at = time.monotonic()
            done[name] = {**act(), "seconds": 0.0}
            done[name]["seconds"] = round(time.monotonic() - at, 1)
            fault_report.keep(part, name, done[name])
        wrong = sum(len(done[each]["wrong"]) for each, _ in mine[:number])
        print(
            f"{part} {number}/{len(mine)} {name}: {done[name]['tried']}, {wrong} wrong",
            file=sys.stderr,
            flush=True,
        )
    told = [done[name] for name, _ in mine]
    wrong_ones = {place: words for each in told for place, words in each["wrong"].items()}
    figures = {
        "part": part,
        "share": words.share,
        "pieces": len(told),
        "tried": sum(each["tried"] for each in told),
        "wrong": len(wrong_ones),
        "examples": dict(list(wrong_ones.items())[:3]),
        "seconds": round(time.monotonic() - began, 1),
        "seconds_of_all": round(sum(each["seconds"] for each in told), 1),
    }
    print(json.dumps(figures, ensure_ascii=False), flush=True)
    return bool(wrong_ones)


def read(given: list[str]) -> argparse.Namespace:
    reader = argparse.ArgumentParser()
    reader.add_argument("parts", nargs="*", choices=(*PARTS, []))
    reader.add_argument("--share", default="1/1")
    reader.add_argument("--seed", type=int, default=1)
    reader.add_argument("--stride", type=int, default=1, help="of the kills, every Nth system call alone")
    reader.add_argument("--states", type=int, default=40_000)
    reader.add_argument("--steps", type=int, default=30_000)
    reader.add_argument("--parts-of-eight", type=int, default=3, help="of a vault's 340 KB, to be flipped")
    reader.add_argument("--rollbacks", type=int, default=1)
    reader.add_argument("--fresh", action="store_true")
    return reader.parse_args(given)


if __name__ == "__main__":
    raise SystemExit(main(read(sys.argv[1:])))
