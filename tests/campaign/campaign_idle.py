"""Thousands of idle and slow connections, and one device that delivers meanwhile.

    .venv/bin/python tests/campaign/campaign_idle.py [CONNECTIONS]

A third say nothing, a third begin a request and never end it, a third drip a body byte by byte; each that is
cut is opened anew. Batches must go on being taken. As many as the machine's limit of open files allows.
"""

import asyncio
import contextlib
import resource
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "client"), str(ROOT / "tests")]

import gateways  # noqa: E402
from xincai import clock, paths  # noqa: E402

SECONDS = 40
HEADS = (
    b"",
    b"GET /.well-known/xincai HTTP/1.1\r\nHost: he",
    b"POST /v1/enrol HTTP/1.1\r\nHost: here\r\nContent-Length: 1000\r\n\r\n",
)


async def waste(kind: int, port: int, until: float, seen: Counter[str]) -> None:
    """One bad neighbour: connect, say little, and come again when cut."""
    while clock.monotonic() < until:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            seen["no connection"] += 1
            await asyncio.sleep(1)
            continue
        seen["open"] += 1
        seen["most"] = max(seen["most"], seen["open"])
        with contextlib.suppress(OSError, asyncio.TimeoutError):
            writer.write(HEADS[kind])
            while clock.monotonic() < until:
                if kind == 2:
                    writer.write(b" ")
                with contextlib.suppress(asyncio.TimeoutError):
                    if not await asyncio.wait_for(reader.read(4096), 5):
                        break
        seen["open"] -= 1
        seen["cut"] += 1
        writer.close()
        await asyncio.sleep(0.1)


def deliver(device: gateways.Device, until: float, took: list[float], seen: Counter[str]) -> None:
    while clock.monotonic() < until:
        data = clock.random_bytes(20_000)
        made, blobs = gateways.record(("none", "1", "0" * 64), data)
        batch = device.batch(made, blobs=blobs)
        start = clock.monotonic()
        try:
            status = device.send(batch).status_code
        except (OSError, AssertionError) as error:
            seen[f"failed: {type(error).__name__}"] += 1
            continue
        seen[f"batch {status}"] += 1
        took.append(clock.monotonic() - start)


async def flood(count: int, port: int, device: gateways.Device) -> tuple[Counter[str], list[float]]:
    seen: Counter[str] = Counter()
    took: list[float] = []
    until = clock.monotonic() + SECONDS
    lines = [asyncio.create_task(waste(number % 3, port, until, seen)) for number in range(count)]
    await asyncio.to_thread(deliver, device, until, took, seen)
    for line in lines:
        line.cancel()
    await asyncio.gather(*lines, return_exceptions=True)
    return seen, took


def main() -> None:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    count = min(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000, hard - 500)
    with tempfile.TemporaryDirectory() as place, gateways.running(Path(place), paths.forms()) as running:
        device = gateways.Device(running.url, running.ready["gateway"])
        assert device.enrol(running.ready["enrol_code"]).ok
        seen, took = asyncio.run(flood(count, int(running.url.rpartition(":")[2]), device))
    took.sort()
    print(f"{count} bad neighbours for {SECONDS} s: {dict(seen)}")
    assert took, "not one batch was taken"
    print(f"{len(took)} batches; median {took[len(took) // 2]:.2f} s, slowest {took[-1]:.2f} s")
    assert not [word for word in seen if word.startswith("failed")]


if __name__ == "__main__":
    main()
