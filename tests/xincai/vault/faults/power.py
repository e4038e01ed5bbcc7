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

from journeys import JOURNEYS

Mode = Literal["nothing", "all", "earlier", "some", "sectors", "blocks", "bytes", "names"]
MODES: tuple[Mode, ...] = ("nothing", "all", "earlier", "some", "sectors", "blocks", "bytes", "names")
SECTOR = {"sectors": 512, "blocks": 4096}
"""The smallest piece that a disk writes whole."""


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


@dataclass
class Tape:
    """A journey: the files there were, the calls, and after how many calls what was acknowledged."""

    journey: str
    root: str
    first: dict[str, tuple[int, bytes]]
    folders: frozenset[str]
    calls: list[Call] = field(default_factory=list)
    said: list[tuple[int, str]] = field(default_factory=list)


def load(journey: str, place: Path, tape: Path, told: dict[str, object]) -> Tape:
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
    for letter, inode, at, path, data in _lines(tape.read_bytes()):
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
    names = {name: number for name, (number, _) in tape.first.items()}
    bytes_of = {number: bytearray(data) for number, data in tape.first.values()}
    folders = set(tape.folders)
    until: dict[object, float] = {}
    for at, call in enumerate(tape.calls[:cut]):
        durable = call.synced_at <= cut
        if not (durable or _kept(call, at, cut, mode, chance, until)):
            continue
        if call.names:
            _name(call, names, folders, bytes_of)
        else:
            torn = None if durable else SECTOR.get(mode)
            _write(call, bytes_of.setdefault(call.file, bytearray()), torn, chance)
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


def _name(call: Call, names: dict[str, int], folders: set[str], bytes_of: dict[int, bytearray]) -> None:
    name = call.names[0]
    if call.letter == "c" and name.rpartition("/")[0] in folders:
        names[name] = call.file
        bytes_of.setdefault(call.file, bytearray())
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


def states(tape: Tape, seed: int) -> Iterator[tuple[str, dict[str, bytes], frozenset[str], list[str]]]:
    """States after every call, in every mode: where, what is there, and what was acknowledged by then."""
    cuts = list(range(1, len(tape.calls) + 1))
    random.Random(seed).shuffle(cuts)
    for cut in cuts:
        said = [text for at, text in tape.said if at <= cut]
        for mode in MODES:
            where = f"{tape.journey} {mode} {cut} {seed}"
            yield (where, *left(tape, cut, mode, random.Random(where)), said)


def judge(tape: Tape, folder: Path, files: dict[str, bytes], folders: frozenset[str], said: list[str]) -> str:
    """Lay a state out, and let the journey judge it; what is wrong."""
    for name in sorted(folders):
        (folder / Path(name).relative_to(tape.root)).mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        path = folder / Path(name).relative_to(tape.root)
        if path.parent.is_dir():
            path.write_bytes(data)
    try:
        JOURNEYS[tape.journey]().judge(folder, said)
    except BaseException:  # noqa: BLE001 - whatever went wrong is told
        return traceback.format_exc()[-1500:]
    return ""


def digest(files: dict[str, bytes], said: list[str]) -> str:
    """A name of a state, so that none is judged twice."""
    whole = hashlib.sha256(json.dumps(said).encode())
    for name in sorted(files):
        whole.update(name.encode() + b"\0" + hashlib.sha256(files[name]).digest())
    return whole.hexdigest()


def judged(tape: Tape, place: Path, seed: int, most: int, stride: int = 1) -> dict[str, Any]:
    """Judge different states of a journey, at most so many; seed after seed while there are new ones."""
    seen: set[str] = set()
    wrong: dict[str, str] = {}
    drawn, judged_before = 0, -1
    while len(seen) < most and len(seen) > judged_before:
        judged_before = len(seen)
        for where, files, folders, said in states(tape, seed):
            drawn += 1
            name = digest(files, said)
            if drawn % stride or name in seen or len(seen) >= most:
                continue
            seen.add(name)
            trouble = judge(tape, place / "state", files, folders, said)
            shutil.rmtree(place / "state")
            if trouble:
                wrong[where] = trouble
        seed += 1000
    return {"tried": len(seen), "drawn": drawn, "calls": len(tape.calls), "wrong": wrong}
