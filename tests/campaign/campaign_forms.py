"""Odd forms, expressions, drafts and lists by the million: no crash, no hang, no flood of memory.

    python tests/campaign/campaign_forms.py [inputs] [first]      `inputs` from number `first` on
    python tests/campaign/campaign_forms.py --only NUMBER         one input, with its traceback

A worker process gives one input after the other to the engine, within bounds of memory and of a second of
computing time each. What is found is printed with its number, which alone makes the input again.
"""

import gc
import json
import multiprocessing
import resource
import signal
import sys
import time
import traceback
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "client"), str(ROOT / "tests" / "xincai" / "xforms")]

import oddities  # noqa: E402

MEMORY = 512 * 1024 * 1024
SECOND = 1.0
PATIENCE = 30.0  # seconds of the wall clock without a sign of life
BATCH = 20_000


class Hang(BaseException):
    """An input used up its second; no `except Exception` may swallow that."""


def main(inputs: int, first: int) -> int:
    began, done = time.monotonic(), first
    found: list[dict[str, Any]] = []
    peak = 0
    while done < first + inputs:
        end = min(done + BATCH, first + inputs)
        done, new, used = _batch(done, end)
        found += new
        peak = max(peak, used)
        print(f"{done - first} inputs, {len(found)} found", file=sys.stderr, flush=True)
        for one in new:
            print(json.dumps(one, ensure_ascii=False), flush=True)
    kinds = {kind: sum(one["kind"] == kind for one in found) for kind in ("crash", "hang", "memory")}
    seconds = round(time.monotonic() - began, 1)
    print(json.dumps({"inputs": inputs, **kinds, "peak_mb": peak >> 20, "seconds": seconds}))
    return 1 if found else 0


def _batch(start: int, end: int) -> tuple[int, list[dict[str, Any]], int]:
    """Run numbers from `start` until the worker ends; where it got to, what it found, memory used."""
    at = multiprocessing.Value("q", start)
    receiving, sending = multiprocessing.Pipe(duplex=False)
    worker = multiprocessing.Process(target=_work, args=(at, end, sending), daemon=True)
    worker.start()
    sending.close()
    found: list[dict[str, Any]] = []
    used, seen, since = 0, start, time.monotonic()
    while True:
        if receiving.poll(0.5):
            try:
                told = receiving.recv()
            except EOFError:
                break
            if "peak" in told:
                used = told["peak"]
            else:
                found.append(told)
        if at.value != seen:
            seen, since = at.value, time.monotonic()
        elif time.monotonic() - since > PATIENCE:
            worker.kill()
            worker.join()
            return seen + 1, [*found, {"number": seen, "kind": "hang", "what": "no sign of life"}], used
    worker.join()
    if worker.exitcode:
        found.append({"number": at.value, "kind": "crash", "what": f"process ended with {worker.exitcode}"})
        return at.value + 1, found, used
    return end, found, used


def _work(at: "Synchronized[int]", end: int, tell: Any) -> None:
    oddities.whole()
    gc.freeze()
    base = _size()
    resource.setrlimit(resource.RLIMIT_AS, (base + MEMORY, base + MEMORY))
    signal.signal(signal.SIGPROF, _too_long)
    while at.value < end:
        number = at.value
        kind, what = _one(number)
        if kind:
            tell.send({"number": number, "kind": kind, "what": what})
        at.value = number + 1
    tell.send({"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024})


def _one(number: int) -> tuple[str, str]:
    began = time.process_time()
    try:
        signal.setitimer(signal.ITIMER_PROF, SECOND)
        try:
            oddities.run(number)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
    except Hang:
        return "hang", f"{time.process_time() - began:.1f} s"
    except MemoryError:
        return "memory", ""
    except Exception as error:  # noqa: BLE001 - any fault is what is looked for
        place = traceback.extract_tb(error.__traceback__)[-1]
        return "crash", f"{error!r:.200} at {Path(place.filename).name}:{place.lineno}"
    return "", ""


def _too_long(number: int, frame: FrameType | None) -> None:
    raise Hang


def _size() -> int:
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--only"]:
        oddities.run(int(sys.argv[2]))
        raise SystemExit(0)
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000, int((*sys.argv, 0, 0)[2])))
