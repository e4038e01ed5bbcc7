# ruff: noqa: BLE001 - whatever went wrong is told
"""Run a journey through the vault once per system call that changes a file, with a fault at it.

Started under LD_PRELOAD of the shim; each line of its input is a wish in JSON, each line of its output the
answer. With a fault (a name of `FAULTS`, `each` in turn, or `all` at every call) a journey, or one of its
parts (`scene`), is run for every system call, or one in so many (`stride`, from the `first`), in the folder
`place`; told is how many system calls there are, how many faults came to pass, and what went wrong at which.
Without a fault the system calls are written into `tape` there, with a line for each thing acknowledged.

Who is to be killed is a child, made from this process with everything at hand; errors need none.
"""

import gc
import json
import os
import shutil
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from journeys import FAULTS, FIRED, JOURNEYS, SEEN, Journey, disarm, knows, scenes

FAR = 1 << 30
KILLS = {"kill", "half"}


def attempt(journey: Journey, folder: Path, nth: int, fault: str) -> tuple[bool, str]:
    """Run one journey with one fault; whether it came to pass, and what went wrong."""
    return killed(journey, folder, nth, fault) if fault in KILLS else failed(journey, folder, nth, fault)


def failed(journey: Journey, folder: Path, nth: int, fault: str) -> tuple[bool, str]:
    """Run it here; the disk gives an error."""
    FIRED.clear()
    try:
        journey.child(folder, nth, fault, lambda text: None)
    except BaseException:
        disarm()
        return True, traceback.format_exc()[-1500:]
    return any(FIRED), ""


def killed(journey: Journey, folder: Path, nth: int, fault: str) -> tuple[bool, str]:
    """Run it in a child that is killed, and judge what it left."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            journey.child(folder, nth, fault, lambda text: os.write(writer, f"{text}\n".encode()))
        except BaseException:
            disarm()
            os.write(writer, f"wrong {json.dumps(traceback.format_exc()[-1500:])}\n".encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        told = pipe.read().splitlines()
    _, status = os.waitpid(child, 0)
    wrong = [line for line in told if line.startswith("wrong")]
    if wrong or not os.WIFSIGNALED(status):
        return bool(wrong), "".join(wrong)
    try:
        journey.judge(folder, told)
    except BaseException:
        return True, traceback.format_exc()[-1500:]
    return True, ""


def chosen(points: int, fault: str, stride: int, first: int) -> Iterator[tuple[int, str]]:
    """The system calls to fail at, and with what; of the journey that was run last."""
    names = [fault] if fault in FAULTS else list(FAULTS)
    for nth in range(first, points + 1, stride):
        fit = [name for name in names if knows(name, nth)]
        yield from ((nth, name) for name in (fit if fault == "all" else fit[nth // stride % len(fit) :][:1]))


def count(journey: Journey, template: Path, place: Path) -> int:
    """How many system calls the journey makes, by running it with the fault far away."""
    folder = place / "count"
    shutil.copytree(template, folder)
    SEEN.clear()
    journey.child(folder, FAR, "kill", lambda text: None)
    shutil.rmtree(folder)
    return SEEN[0]


def survive(journey: Journey, fault: str, stride: int, first: int, place: Path) -> dict[str, object]:
    template = place / "template"
    journey.prepare(template)
    points = count(journey, template, place)
    wrong, tried = {}, 0
    gc.collect()
    gc.freeze()  # so that a child does not copy what it never touches
    for nth, which in list(chosen(points, fault, stride, first)):
        folder = place / "run"
        shutil.copytree(template, folder)
        came, trouble = attempt(journey, folder, nth, which)
        tried += came
        if trouble:
            wrong[f"{which} at {nth}"] = trouble
        shutil.rmtree(folder)
    return {"points": points, "tried": tried, "wrong": wrong}


def record(journey: Journey, place: Path) -> dict[str, object]:
    """Write a journey's system calls down; the template and the folder it ran in stay in `place`."""
    template, folder = place / "template", place / "run"
    journey.prepare(template)
    shutil.copytree(template, folder)
    inodes = {str(path): path.lstat().st_ino for path in folder.rglob("*") if path.is_file()}
    with (place / "tape").open("wb", buffering=0) as file:
        journey.child(
            folder,
            file.fileno(),
            "record",
            lambda text: file.write(f"a 0 0 {len(text.encode())} \n{text}".encode()),
        )
    return {"folder": str(folder), "inodes": inodes}


def granted(wish: dict[str, Any]) -> dict[str, object]:
    """What a wish asks for."""
    name, scene, place = wish["journey"], wish.get("scene", -1), Path(wish["place"])
    journey = JOURNEYS[name]() if scene < 0 else scenes(name)[scene]
    if "fault" not in wish:
        return record(journey, place)
    return survive(journey, wish["fault"], wish["stride"], wish.get("first", 1), place)


if __name__ == "__main__":
    for line in sys.stdin:
        try:
            answer = granted(json.loads(line))
        except Exception:
            disarm()
            answer = {"failed": traceback.format_exc()[-3000:]}
        print(json.dumps(answer), flush=True)
