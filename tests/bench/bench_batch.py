"""How long a batch of 100 records takes to the gateway, against the disk committing the same bytes at all.

    python tests/bench/bench_batch.py [RECORDS]

The yardstick is what any gateway that keeps its word must do at least: write each blob, fsync it, and fsync
the folder. Prints one JSON line; `ratio` is delivery by yardstick, medians of five runs.
"""

import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "client"), str(ROOT / "tests")]

from gateway_here import Office, running  # noqa: E402
from xincai.sync import make_batch  # noqa: E402
from xincai.vault import KdfParams, Vault  # noqa: E402

RUNS = 5
SIZE = 8_000


def main(records: int) -> None:
    folder = Path(tempfile.mkdtemp())
    signing, delivering, raw = [], [], []
    try:
        with running(folder / "gateway") as gateway:
            params = KdfParams.for_tests()
            vault, _ = Vault.create(folder / "vault", "柳河村-2026-cashew", name="b", params=params)
            office = Office.enrolled(vault, gateway)
            for run in range(RUNS):
                blobs = [office.seal(size=SIZE).submission for _ in range(records)]
                raw.append(_commit(folder / f"raw{run}", blobs))
                began = time.perf_counter()
                make_batch(vault)
                signed = time.perf_counter()
                if office.deliver().settled != 1:
                    raise SystemExit("not settled")
                signing.append(signed - began)
                delivering.append(time.perf_counter() - signed)
            vault.close()
    finally:
        shutil.rmtree(folder)
    sign, send, disk = (statistics.median(each) for each in (signing, delivering, raw))
    figures = {
        "records": records,
        "sign_ms": round(sign * 1000, 1),
        "deliver_ms": round(send * 1000, 1),
        "raw_commit_ms": round(disk * 1000, 1),
        "ratio": round(send / disk, 2),
        "records_per_second": round(records / send),
    }
    print(json.dumps(figures))


def _commit(folder: Path, blobs: list[bytes]) -> float:
    folder.mkdir()
    began = time.perf_counter()
    for number, data in enumerate(blobs):
        with (folder / str(number)).open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    handle = os.open(folder, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)
    return time.perf_counter() - began


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
