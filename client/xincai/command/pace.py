"""How long things take and how much they hold: nanoseconds, quantiles, resident bytes."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

_Answer = Callable[[Mapping[str, Any]], dict[str, object]]


def nanoseconds(start: float, end: float) -> int:
    """The time between two readings of the clock."""
    return round((end - start) * 1e9)


def bench(answer: _Answer, answers: list[dict[str, Any]], rounds: int, *, detail: bool) -> dict[str, object]:
    """Give each answer `rounds` times, in turn with its `alt`: the first time, the middle of the others."""
    per: list[dict[str, object]] = []
    cold: list[int] = []
    warm: list[int] = []
    for one in answers:
        times, result = _times(answer, _turns(one), rounds)
        answer(one)
        if not times:
            continue
        first, later = times[0], sorted(times[1:]) or times
        cold.append(first)
        warm.append(later[len(later) // 2])
        if detail:
            per.append({"ref": one["ref"], "cold": first, "warm": warm[-1], "min": later[0], "res": result})
    reply: dict[str, object] = {"answers": per, "n": len(warm)}
    return {**reply, "cold": _spread(cold), "warm": _spread(warm)} if warm else reply


def resident() -> int:
    """Bytes of memory that this process holds; at its largest where the system tells no more."""
    if sys.platform == "win32":
        return _working_set()
    import resource

    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text("ascii").split()[1]) * resource.getpagesize()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _turns(one: dict[str, Any]) -> list[dict[str, Any]]:
    if "alt" not in one:
        return [one]
    return [one, {**one, "choice" if "choice" in one else "value": one["alt"]}]


def _times(answer: _Answer, turns: list[dict[str, Any]], rounds: int) -> tuple[list[int], object]:
    times: list[int] = []
    result: object = None
    for at in range(rounds):
        reply = answer(turns[at % len(turns)])
        result = reply["result"]
        if "ns" not in reply:
            break
        times.append(int(str(reply["ns"])))
    return times, result


def _spread(times: list[int]) -> dict[str, int]:
    times = sorted(times)
    count = len(times)
    return {
        "mean": sum(times) // count, "p50": times[count // 2],
        "p95": times[min(count - 1, int(count * 0.95))], "max": times[-1],
    }  # fmt: skip


if sys.platform == "win32":

    def _working_set() -> int:
        """The process's working set, as Windows counts it."""
        import ctypes

        class Counters(ctypes.Structure):
            _fields_ = (
                ("size", ctypes.c_ulong), ("faults", ctypes.c_ulong), ("peak", ctypes.c_size_t),
                ("working", ctypes.c_size_t), ("rest", ctypes.c_size_t * 6),
            )  # fmt: skip

        counters = Counters(size=ctypes.sizeof(Counters))
        kernel = ctypes.windll.kernel32
        kernel.GetCurrentProcess.restype = ctypes.c_void_p
        process = ctypes.c_void_p(kernel.GetCurrentProcess())
        kernel.K32GetProcessMemoryInfo(process, ctypes.byref(counters), counters.size)
        return int(counters.working)
