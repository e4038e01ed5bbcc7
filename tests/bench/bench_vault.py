"""Figures of the vault, each beside what it cannot beat: `python tests/bench/bench_vault.py [--records N]`.

Sealing (record, event, narrow list, draft removed) and saving a draft are held against a bare SQLCipher
commit of the same bytes with the same pragmas, turn about in the same run: the ratio is the figure, not the
disk.
"""

import argparse
import dataclasses
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "client"))

from xincai.records import Record, Subject
from xincai.vault import Draft, KdfParams, Vault
from xincai.vault.connection import Database
from xincai.wire.digest import sha256, sm3

FORM = "f" * 64
BODY = 30_000


def record(number: int, size: int) -> Record:
    submission = f"<data n='{number}'>".encode() + b"x" * size + b"</data>"
    name, code = f"{'王李赵张'[number % 4]}测{number}", f"41049919900307{number % 10000:04d}"
    return Record(
        record_id=f"record-{number}",
        version=1,
        form_id="ff_collect",
        form_version="3",
        form_sm3=FORM,
        instance_id=f"uuid:{number}",
        subject=Subject("HH", code, name),
        submission=submission,
        submission_sm3=sm3(submission),
        submission_sha256=sha256(submission),
        title=f"{name} 家庭农场采集表",
    )


def draft(number: int) -> Draft:
    return Draft(f"draft-{number}", "ff_collect", "3", FORM, "王测", b"y" * BODY)


def timed(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1000


def bare_commit(database: Database, data: bytes) -> None:
    with database.writing() as cursor:
        cursor.insert("bare", data=data)


def sealing(vault: Vault, folder: Path, rounds: int) -> dict[str, float]:
    """Milliseconds, medians, and ratios to the bare commit."""
    database = Database(folder / "bare.db", bytes(32), bytes(16))
    with database.writing() as cursor:
        cursor.run("CREATE TABLE bare (data BLOB NOT NULL) STRICT")
    bare, save, seal = [], [], []
    for number in range(rounds):
        sealed, unsealed = record(number, BODY), draft(number)
        save.append(timed(partial(vault.save_draft, unsealed)))
        bare.append(timed(partial(bare_commit, database, sealed.submission)))
        seal.append(timed(partial(vault.seal, sealed, f"draft-{number}")))
    database.close()
    middle = statistics.median
    return {
        "bare_commit_ms": middle(bare),
        "save_draft_ms": middle(save),
        "seal_ms": middle(seal),
        "save_ratio": middle(save) / middle(bare),
        "seal_ratio": middle(seal) / middle(bare),
    }


def opening(folder: Path, weak: Path, rounds: int = 7) -> dict[str, float]:
    """Milliseconds of unlocking and closing with the default Argon2id, and with next to none."""
    whole = [timed(lambda: Vault.open(folder, "口令").close()) for _ in range(rounds)]
    Vault.create(weak, "口令", name="", params=KdfParams.for_tests())[0].close()
    rest = [timed(lambda: Vault.open(weak, "口令").close()) for _ in range(rounds)]
    return {"open_ms": statistics.median(whole), "open_without_argon2id_ms": statistics.median(rest)}


def listing(vault: Vault, count: int) -> dict[str, float]:
    """Milliseconds of a page of the list over many records, which are sealed without waiting for the disk."""
    database = vault._database
    with database.reading() as cursor:
        cursor.run("PRAGMA synchronous = OFF")
    for number in range(10_000_000, 10_000_000 + count):
        vault.seal(record(number, 100), None)
    figures = {
        "page_ms": timed(vault.records),
        "deep_page_ms": timed(lambda: vault.records(offset=count - 100)),
        "search_ms": timed(lambda: vault.records("赵测")),
        "search_nothing_ms": timed(lambda: vault.records("无此人")),
        "count_search_ms": timed(lambda: vault.count_records("0307")),
        "status_page_ms": timed(lambda: vault.records(status="accepted")),
        "status_counts_ms": timed(vault.status_counts),
        "waiting_ms": timed(vault.waiting_records),
        "verify_chain_ms": timed(vault.verify_chain),
    }
    return {"records": float(vault.count_records()), **figures}


PHOTO = 100 * 1024
"""Bytes of an attachment in a growing vault."""


def growth(folder: Path, sizes: tuple[int, ...]) -> dict[str, float]:
    """Milliseconds to open a vault of so many records, each with an attachment, and the law of its growth.

    Opening is what a person waits for: the file, the proof of the last events, the sweep, and the first page
    of the list; Argon2id apart. The line through the sizes is carried on to 200,000 records and 50 GB.
    """
    passphrase, figures = "口令", dict[str, float]()
    Vault.create(folder, passphrase, name="", params=KdfParams.for_tests())[0].close()
    made, waits = 0, list[float]()
    for size in sizes:
        with Vault.open(folder, passphrase) as vault:
            quick(vault)
            for number in range(made, size):
                photo = vault.add_attachment(os.urandom(PHOTO), "image/jpeg")
                vault.seal(dataclasses.replace(record(number, 1500), attachments=(photo,)), None)
        made = size
        waits.append(min(timed(partial(open_and_look, folder, passphrase)) for _ in range(9)))
        figures[f"open_{size}_ms"] = waits[-1]
    figures["gigabytes"] = (folder / "vault.db").stat().st_size / 1e9
    slope, rest = statistics.linear_regression(sizes, waits)
    figures["ms_per_1000_records"] = slope * 1000
    figures["open_200000_extrapolated_ms"] = max(rest + slope * 200_000, *waits)  # no growth seen: as it is
    with Vault.open(folder, passphrase) as vault:
        stick = folder.parent / "stick"
        stick.mkdir()
        figures["backup_s"] = timed(lambda: vault.back_up(stick, lambda *_: None, lambda: False)) / 1000
        big = os.urandom(3 * 1024 * 1024)
        figures["photo_3mb_ms"] = statistics.median(
            timed(lambda number=number: vault.add_attachment(big[number:], "image/jpeg"))
            for number in range(7)
        )
    return figures


def quick(vault: Vault) -> None:
    """Do not wait for the disk: what is made here may be lost in a power cut."""
    with vault._database.reading() as cursor:
        cursor.run("PRAGMA synchronous = OFF")


def open_and_look(folder: Path, passphrase: str) -> None:
    with Vault.open(folder, passphrase) as vault:
        vault.sweep_attachments()
        vault.records()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--growth", type=int, nargs="*", default=[], help="records of a growing vault")
    parser.add_argument("--records", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=60)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        vault, _ = Vault.create(folder / "vault", "口令", name="")
        with vault:
            figures = {"sealing": sealing(vault, folder, chosen.rounds)}
            figures["listing"] = listing(vault, chosen.records)
        figures["opening"] = opening(folder / "vault", folder / "weak")
        if chosen.growth:
            figures["growth"] = growth(folder / "growing", tuple(chosen.growth))
    print(json.dumps({k: {n: round(v, 2) for n, v in f.items()} for k, f in figures.items()}, indent=1))


if __name__ == "__main__":
    main()
