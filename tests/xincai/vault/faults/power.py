"""What a power cut may leave of a journey: built from its system calls, and judged like after a kill.

What is durable at a cut: the bytes of a file that was synced after they were written, the names in a folder
that was synced after they changed. Of everything else any part may be there: nothing, all, the earlier part,
any calls of it in their order, single sectors of a write, or the bytes without the names and the other way
round. That is harsher than a journaling file system is; it is what POSIX promises.
"""

import hashlib
import json
import random
import shutil
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from disk import FailingDisk

from journeys import JOURNEYS, OLD, Stepping, done
from xincai.errors import Problem
from xincai.vault import Vault

Mode = Literal["nothing", "all", "earlier", "some", "sectors", "blocks", "bytes", "names"]
MODES: tuple[Mode, ...] = ("nothing", "all", "earlier", "some", "sectors", "blocks", "bytes", "names")
SECTOR = {"sectors": 512, "blocks": 4096}
"""The smallest piece that a disk writes whole."""
THOROUGH = 4
"""After one state in so many a journey goes on to its end, not just past the step in flight."""


@dataclass
class Call:
    """One system call: of the bytes of a file, or of names in folders."""

    letter: str
    file: int = 0
    place: int = 0
    data: bytes = b""
    names: tuple[str, ...] = ()
    synced_at: int = 1 << 60
    """The number of the call from which on it is durable."""

    @property
    def folders(self) -> set[str]:
        return {name.rpartition("/")[0] for name in self.names}


@dataclass(frozen=True)
class Whole:
    """A file as it is after its first calls, all of which are durable."""

    calls: int
    data: bytes


@dataclass
class Tape:
    """A journey: the files there were, the calls, and after how many calls what was acknowledged."""

    journey: str
    root: str
    first: dict[str, tuple[int, bytes]]
    folders: frozenset[str]
    calls: list[Call] = field(default_factory=list)
    said: list[tuple[int, str]] = field(default_factory=list)
    wholes: dict[tuple[int, int], Whole] = field(default_factory=dict)
    """Files that were put together already, by their number and how many of their calls are durable."""

    def of_files(self, cut: int) -> dict[int, list[int]]:
        """The calls before a cut that change bytes, by file."""
        found: dict[int, list[int]] = {number: [] for number, _ in self.first.values()}
        for at, call in enumerate(self.calls[:cut]):
            if not call.names:
                found.setdefault(call.file, []).append(at)
        return found

    def of_names(self, cut: int) -> list[int]:
        return [at for at, call in enumerate(self.calls[:cut]) if call.names]

    def durable(self, number: int, cut: int) -> Whole:
        """A file as far as all of its calls are durable at a cut."""
        calls = [call for call in self.calls[:cut] if not call.names and call.file == number]
        sure = next((at for at, call in enumerate(calls) if call.synced_at > cut), len(calls))
        if (number, sure) not in self.wholes:
            data = bytearray(next((data for each, data in self.first.values() if each == number), b""))
            for call in calls[:sure]:
                _write(call, data, None, random.Random())
            self.wholes[number, sure] = Whole(sure, bytes(data))
        return self.wholes[number, sure]


def recorded(failing: FailingDisk, journey: str, place: Path) -> Tape:
    """Run a journey in a folder, and read what was written down."""
    return load(journey, place, failing.ask(journey=journey, place=place))


def load(journey: str, place: Path, told: dict[str, object]) -> Tape:
    """Read what was written down."""
    root, template = str(told["folder"]), place / "template"
    inodes = told["inodes"]
    assert isinstance(inodes, dict)
    ids = {int(inode): number for number, inode in enumerate(inodes.values(), 1)}
    first = {
        name: (ids[int(inode)], (template / Path(name).relative_to(root)).read_bytes())
        for name, inode in inodes.items()
    }
    folders = frozenset(
        f"{root}/{path.relative_to(template)}" for path in template.rglob("*") if path.is_dir()
    )
    made = Tape(journey, root, first, folders | {root})
    for letter, inode, at, path, data in _lines((place / "tape").read_bytes()):
        if letter == "a":
            made.said.append((len(made.calls), data.decode()))
        elif letter == "s":
            _sync(made, ids.get(inode, 0), path)
        else:
            if letter == "c":
                ids[inode] = len(ids) + len(made.calls) + 1000
            letter_is_data = letter in "wt"
            names = () if letter_is_data else tuple(path.split("\t"))
            made.calls.append(Call(letter, ids.get(inode, 0), at, data, names))
    return made


def _lines(data: bytes) -> Iterator[tuple[str, int, int, str, bytes]]:
    place = 0
    while place < len(data):
        end = data.index(b"\n", place)
        letter, inode, at, size, path = data[place:end].decode().split(" ", 4)
        place = end + 1 + int(size)
        yield letter, int(inode), int(at), path, data[end + 1 : place]


def _sync(tape: Tape, file: int, path: str) -> None:
    for call in tape.calls:
        if call.synced_at < 1 << 60:
            continue
        if (not call.names and call.file == file) or (call.names and call.folders == {path}):
            call.synced_at = len(tape.calls)


def left(tape: Tape, cut: int, mode: Mode, chance: random.Random) -> tuple[dict[str, bytes], frozenset[str]]:
    """The files and folders that are there after a cut before a call."""
    names, folders = {name: number for name, (number, _) in tape.first.items()}, set(tape.folders)
    bytes_of: dict[int, bytearray] = {}
    until: dict[object, float] = {}
    for number, calls in tape.of_files(cut).items():
        whole = tape.durable(number, cut)
        data = bytearray(whole.data)
        for at in calls[whole.calls :]:
            call = tape.calls[at]
            if call.synced_at <= cut:
                _write(call, data, None, chance)
            elif _kept(call, at, cut, mode, chance, until):
                _write(call, data, SECTOR.get(mode), chance)
        bytes_of[number] = data
    for at in tape.of_names(cut):
        call = tape.calls[at]
        if call.synced_at <= cut or _kept(call, at, cut, mode, chance, until):
            _name(call, names, folders)
    return {name: bytes(bytes_of.get(number, b"")) for name, number in names.items()}, frozenset(folders)


def _kept(  # noqa: PLR0917 - a call, and how it fares
    call: Call, at: int, cut: int, mode: Mode, chance: random.Random, until: dict[object, float]
) -> bool:
    """Whether a call that was not durable is there all the same."""
    if mode in {"nothing", "all"}:
        return mode == "all"
    if mode in {"bytes", "names"}:
        return bool(call.names) == (mode == "names")
    if mode == "earlier":
        return at < until.setdefault(call.file if not call.names else "names", chance.uniform(0, cut))
    return chance.random() < 0.5 if not (mode in SECTOR and call.letter == "w") else True


def _write(call: Call, data: bytearray, torn: int | None, chance: random.Random) -> None:
    if call.letter == "t":
        del data[call.place :]
        data.extend(bytes(max(0, call.place - len(data))))
        return
    step = torn or max(1, len(call.data))
    for start in range(0, len(call.data), step):
        if torn and chance.random() < 0.5:
            continue
        piece = call.data[start : start + step]
        place = call.place + start
        data.extend(bytes(max(0, place - len(data))))
        data[place : place + len(piece)] = piece


def _name(call: Call, names: dict[str, int], folders: set[str]) -> None:
    name = call.names[0]
    if call.letter == "c" and name.rpartition("/")[0] in folders:
        names[name] = call.file
    elif call.letter == "u":
        names.pop(name, None)
    elif call.letter == "m":
        folders.add(name)
    elif call.letter == "d":
        folders.discard(name)
    elif call.letter == "r":
        target = call.names[1]
        if name in names:
            names[target] = names.pop(name)
        elif name in folders:
            folders.discard(name)
            folders.add(target)
            for old in [each for each in names if each.startswith(f"{name}/")]:
                names[target + old.removeprefix(name)] = names.pop(old)


@dataclass(frozen=True)
class State:
    """What a cut left: where it was, what is there, and what was acknowledged by then."""

    where: str
    files: dict[str, bytes]
    folders: frozenset[str]
    said: list[str]

    def digest(self) -> str:
        """A name, so that no state is judged twice."""
        whole = hashlib.sha256(json.dumps([self.said, sorted(self.folders)]).encode())
        for name in sorted(self.files):
            whole.update(name.encode() + b"\0" + hashlib.sha256(self.files[name]).digest())
        return whole.hexdigest()


def states(tape: Tape, seed: int, stride: int = 1) -> Iterator[State]:
    """States after every call, or of one in so many, in every mode."""
    cuts = list(range(1, len(tape.calls) + 1))
    random.Random(seed).shuffle(cuts)
    for number, (cut, mode) in enumerate((cut, mode) for cut in cuts for mode in MODES):
        if number % stride == 0:
            yield state_at(tape, cut, mode, seed)


def state_at(tape: Tape, cut: int, mode: Mode, seed: int) -> State:
    """What a cut before a call leaves."""
    where = f"{tape.journey} {mode} {cut} {seed}"
    said = [text for at, text in tape.said if at <= cut]
    return State(where, *left(tape, cut, mode, random.Random(where)), said)


def lay_out(tape: Tape, folder: Path, state: State) -> None:
    """Make a folder what a cut left."""
    for name in sorted(state.folders):
        (folder / Path(name).relative_to(tape.root)).mkdir(parents=True, exist_ok=True)
    for name, data in state.files.items():
        path = folder / Path(name).relative_to(tape.root)
        if path.parent.is_dir():
            path.write_bytes(data)


def judge(tape: Tape, folder: Path, state: State, *, thorough: bool) -> str:
    """Lay a state out, and let the journey judge it; what is wrong."""
    lay_out(tape, folder, state)
    journey = JOURNEYS[tape.journey]()
    if isinstance(journey, Stepping):
        journey.thorough = thorough
    try:
        journey.judge(folder, state.said)
    except BaseException:  # noqa: BLE001 - whatever went wrong is told
        return traceback.format_exc()[-1500:]
    return ""


def journals_deleted(tape: Tape, place: Path, stride: int = 1) -> dict[str, Any]:
    """Kill after every call, and delete the journal that would take back what was begun.

    Either it is found, at opening or by the proof behind the work, or all that was acknowledged is there. Of
    the step in flight, parts that no chain proves may stay (`damage.UNPROVEN`).
    """
    journey = JOURNEYS[tape.journey]()
    assert isinstance(journey, Stepping)
    wrong, tried, found = {}, 0, 0
    for cut in range(1, len(tape.calls) + 1):
        state = state_at(tape, cut, "all", 0)
        journals = [name for name, data in state.files.items() if name.endswith("-journal") and any(data)]
        for name in journals:
            del state.files[name]
        tried += bool(journals)
        if not journals or tried % stride:
            continue
        lay_out(tape, place / "state", state)
        try:
            with Vault.open(place / "state", OLD) as vault:
                if vault.doubt() is None and vault.verify_chain() and vault._database.sound(lambda: True):
                    lost = [at for at in range(len(state.said)) if not done(vault, journey.steps[at])]
                    if lost:
                        wrong[state.where] = f"lost in silence: {lost}"
                else:
                    found += 1
        except Problem:
            found += 1
        shutil.rmtree(place / "state")
    return {"tried": tried // stride, "found": found, "wrong": wrong}


def judged(tape: Tape, place: Path, seed: int, most: int, stride: int = 1) -> dict[str, Any]:
    """Judge different states of a journey, at most so many; seed after seed while there are new ones."""
    seen: set[str] = set()
    wrong: dict[str, str] = {}
    drawn, fresh = 0, True
    while fresh:
        fresh = False
        for state in states(tape, seed, stride):
            if len(seen) == most:
                return {"tried": len(seen), "drawn": drawn, "calls": len(tape.calls), "wrong": wrong}
            drawn += 1
            name = state.digest()
            if name in seen:
                continue
            fresh = True
            seen.add(name)
            trouble = judge(tape, place / "state", state, thorough=len(seen) % THOROUGH == 0)
            shutil.rmtree(place / "state")
            if trouble:
                wrong[state.where] = trouble
        seed += 1000
    return {"tried": len(seen), "drawn": drawn, "calls": len(tape.calls), "wrong": wrong}
