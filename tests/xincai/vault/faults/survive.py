# ruff: noqa: BLE001 - a child must tell whatever went wrong
"""Run a journey through the vault once per system call that changes a file, with a fault at it.

Called under LD_PRELOAD of the shim: `survive.py JOURNEY FAULT STRIDE FOLDER [FIRST]`, where FAULT is a name
of `FAULTS`, `each` (in turn) or `all` (every one at every call). Prints one JSON line: how many system calls
there are, how many faults came to pass, and what went wrong at which.

`survive.py JOURNEY record FOLDER TAPE` writes the journey's system calls down instead, with a line for each
thing that was acknowledged.
"""

import json
import os
import shutil
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from journeys import FAULTS, FIRED, JOURNEYS, SEEN, Journey, disarm

FAR = 1 << 30


def attempt(journey: Journey, folder: Path, nth: int, fault: str) -> tuple[bool, str]:
    """Run one journey in a child with one fault; whether it came to pass, and what went wrong."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            journey.child(folder, nth, fault, lambda text: os.write(writer, f"{text}\n".encode()))
        except BaseException:
            disarm()
            os.write(writer, f"wrong {json.dumps(traceback.format_exc()[-1500:])}\n".encode())
        os.write(writer, f"fired {int(any(FIRED))}\n".encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        told = pipe.read().splitlines()
    _, status = os.waitpid(child, 0)
    wrong = [line for line in told if line.startswith("wrong")]
    if wrong:
        return True, wrong[0]
    if os.WIFSIGNALED(status):
        try:
            journey.judge(folder, [line for line in told if not line.startswith("fired")])
        except BaseException:
            return True, traceback.format_exc()[-1500:]
        return True, ""
    return "fired 1" in told, ""


def chosen(points: int, fault: str, stride: int, first: int) -> Iterator[tuple[int, str]]:
    """The system calls to fail at, and with what."""
    names = [fault] if fault in FAULTS else list(FAULTS)
    for nth in range(first, points + 1, stride):
        yield from (
            (nth, name) for name in (names if fault == "all" else [names[nth // stride % len(names)]])
        )


def count(journey: Journey, template: Path, place: Path) -> int:
    """How many system calls the journey makes, by running it with the fault far away."""
    folder = place / "count"
    shutil.copytree(template, folder)
    SEEN.clear()
    journey.child(folder, FAR, "kill", lambda text: None)
    shutil.rmtree(folder)
    return max(SEEN)


def survive(name: str, fault: str, stride: int, place: Path, first: int) -> dict[str, object]:
    journey, template = JOURNEYS[name](), place / "template"
    journey.prepare(template)
    points = count(journey, template, place)
    FIRED.clear()
    wrong, tried = {}, 0
    for nth, which in chosen(points, fault, stride, first):
        folder = place / "run"
        shutil.copytree(template, folder)
        came, trouble = attempt(journey, folder, nth, which)
        tried += came
        if trouble:
            wrong[f"{name} {which} at {nth}"] = trouble
        shutil.rmtree(folder)
    return {"points": points, "tried": tried, "wrong": wrong}


def record(name: str, place: Path, tape: Path) -> dict[str, object]:
    """Write a journey's system calls down; the template and the folder it ran in stay in `place`."""
    journey, template, folder = JOURNEYS[name](), place / "template", place / "run"
    journey.prepare(template)
    shutil.copytree(template, folder)
    inodes = {str(path): path.lstat().st_ino for path in folder.rglob("*") if path.is_file()}
    with tape.open("wb", buffering=0) as file:
        journey.child(
            folder,
            file.fileno(),
            "record",
            lambda text: file.write(f"a 0 0 {len(text.encode())} \n{text}".encode()),
        )
    return {"folder": str(folder), "inodes": inodes}


if __name__ == "__main__":
    if sys.argv[2] == "record":
        print(json.dumps(record(sys.argv[1], Path(sys.argv[3]), Path(sys.argv[4]))))
    else:
        at = int(sys.argv[5]) if len(sys.argv) > 5 else 1
        print(json.dumps(survive(sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]), at)))
