"""Schemathesis against the real gateway, from its own OpenAPI: no request may bring a 5xx.

    python tests/campaign/campaign_openapi.py [EXAMPLES [SEED]]

EXAMPLES is how many are drawn for each operation, besides those that cover each rule of the schema; 260 make
3,000 in all. A device is enrolled and has delivered a batch, begun an upload and sent a pack, so that there
is something to ask for. Needs schemathesis' `st` on the PATH (it lives in an environment of its own).
Prints its summary; exit code 1 when a request brought a 5xx, or the gateway does not take a batch afterwards.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(ROOT / "client"), str(ROOT / "tests")]

import visits  # noqa: E402

import gateways  # noqa: E402
from xincai import clock  # noqa: E402
from xincai.wire.digest import sm3  # noqa: E402
from xincai.wire.pack import make_packs  # noqa: E402

FORM = ("none", "1", "0" * 64)


def main(examples: int, seed: int) -> int:
    program = shutil.which("st")
    if program is None:
        print("skipped: schemathesis is not installed")
        return 0
    with tempfile.TemporaryDirectory(prefix="xincai-", dir=visits.memory()) as place:
        visits.offer(Path(place) / "forms")
        with gateways.running(Path(place) / "data", Path(place) / "forms") as running:
            device = gateways.Device(running.url, running.ready["gateway"])
            assert device.enrol(running.ready["enrol_code"]).ok
            known = _deliver(device)
            began = time.monotonic()
            done = subprocess.run(
                [
                    *(program, "run", f"{running.url}/v1/openapi.json", "--url", running.url),
                    *("--header", f"Authorization: Bearer {device.token}"),
                    *("--checks", "not_a_server_error", "--max-examples", str(examples)),
                    *("--seed", str(seed), "--no-color"),
                ],
                check=False,
                cwd=place,
                env={
                    **os.environ,
                    "SCHEMATHESIS_HOOKS": "openapi_hooks",
                    "PYTHONPATH": str(HERE),
                    "XINCAI_KNOWN": ",".join(known),
                },
                capture_output=True,
                text=True,
            )
            seconds = time.monotonic() - began
            _deliver(device)
    counted = re.search(r"(\d+) generated.*", done.stdout)
    print(done.stdout if done.returncode else counted and counted[0], f"in {seconds:.0f} s")
    sys.stderr.write(done.stderr)
    return done.returncode


def _deliver(device: gateways.Device) -> tuple[str, ...]:
    """Have a batch taken in, a pack opened and an upload begun; what the gateway knows from then on."""
    data = clock.random_bytes(3_000)
    made, blobs = gateways.record(FORM, data)
    batch = device.batch(made, blobs=blobs)
    assert device.send(batch).status_code == 201
    ((pack, _),) = make_packs([clock.random_bytes(200), clock.random_bytes(300)])
    assert device.put(pack).status_code == 201
    half = clock.random_bytes(500)
    headers = {"Upload-Length": "1000", "Upload-Complete": "?0"}
    assert device.request("POST", f"/blobs/{sm3(half)}", data=half, headers=headers).status_code == 201
    return batch.name, sm3(data), sm3(pack), sm3(half)


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    raise SystemExit(main(*given) if len(given) == 2 else main(given[0] if given else 260, 1))
