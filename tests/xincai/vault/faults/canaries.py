"""Strings that nobody else says, typed wherever a person types, and looked for wherever they must not be.

The program itself runs: a vault is made with a canary for passphrase, fillings are answered, files attached,
a record is sealed and shown on screen; then it locks, which starts it afresh in the same process. Looked
through are all its files, what it printed, the titles of its windows, and after the lock its whole memory.

Before the lock they are in memory, and are looked for there too: that shows that the looking finds them.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
CLIENT = HERE.parents[3] / "client"
COUNT = 220
_ENCODINGS = ("utf-8", "utf-16-le", "utf-32-le", "gb18030")
_MARK = "鸫鹀鸲"
_WORDS = "鸫鹀鸲鹟鸦鹊鹨鹬鸻鹮鹱鹲鹳鹴鸢鸮鸰鸱鸸鹇"

SINGER = """
import json, os, sys, traceback
from pathlib import Path
song = json.loads(sys.stdin.readline())
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from xincai import app
from xincai.ui.window import MainWindow

def sing(window):
    from xincai.desk import Beginning, Profile
    from xincai.shelf.reading import read_any
    from xincai.vault import KdfParams
    window.desk._kdf = KdfParams.for_tests()
    names, passphrase, answers, files = song["names"], song["passphrase"], song["answers"], song["files"]
    code = window.desk.begin(Beginning(Profile("officer", names[0], names[1]), passphrase))
    (kept,) = [window.desk.keep_form(read_any(Path(song["form"])))]
    for turn in range(2):
        filling = window.desk.start_imported(kept.form_sm3)
        for number, answer in enumerate(answers):
            filling.answer(f"/data/q{number}", answer)
        for number, (name, text) in enumerate(files):
            kept_name = filling.attach(f"/data/f{number}", text.encode(), "text/plain", name)
            filling.answer(f"/data/f{number}", kept_name)
        filling.snapshot().save()
        if turn == 0:
            window.desk.seal(filling)
    window.open_vault()
    QTimer.singleShot(500, lambda: surely(shown, window, filling.draft_id))

def shown(window, draft_id):
    window.go("filling", draft_id)
    QTimer.singleShot(1500, lambda: surely(tell, window))

def tell(window):
    titles = [each.windowTitle() for each in QApplication.topLevelWidgets()]
    print(json.dumps({"titles": titles, "place": window.place}), flush=True)
    sys.stdin.readline()
    window.lock()

def surely(act, *words):
    try:
        act(*words)
    except BaseException:
        traceback.print_exc()
        os._exit(1)

move_in = MainWindow.move_in
def moved_in(self, *rest):
    move_in(self, *rest)
    QTimer.singleShot(0, lambda: surely(sing, self))
MainWindow.move_in = moved_in
app.main([])
"""


def song(seed: int, count: int = COUNT) -> list[str]:
    """So many strings that nobody else says; the last is a passphrase."""
    chance = random.Random(seed)
    return [
        f"{_MARK}{''.join(chance.choices(_WORDS, k=3))}{number:03d}x{chance.randrange(10**9)}"
        for number in range(count)
    ]


def sung(place: Path, seed: int) -> dict[str, Any]:
    """Let the program run with canaries, and look for them; `tried` are the canaries."""
    canaries = song(seed)
    home, temp, work = (place / name for name in ("home", "tmp", "work"))
    for folder in (home, temp, work):
        folder.mkdir()
    form = place / "form"
    form.mkdir()
    answers, files = canaries[3 : COUNT - 11], canaries[COUNT - 11 : COUNT - 1]
    (form / "birds.md").write_text(_form(len(answers), len(files) // 2), "utf-8")
    told = {
        "names": canaries[:2],
        "passphrase": canaries[-1],
        "answers": answers,
        "files": list(zip((f"{each}.txt" for each in files[:5]), files[5:], strict=True)),
        "form": str(form / "birds.md"),
    }
    environment = {
        **os.environ,
        "PYTHONPATH": str(CLIENT),
        "XINCAI_HOME": str(home),
        "TMPDIR": str(temp),
        "QT_QPA_PLATFORM": "offscreen",
        "HOME": str(home / "person"),
    }
    with (
        (place / "said").open("wb") as said,
        subprocess.Popen(
            [sys.executable, "-c", SINGER],
            cwd=work,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
        ) as program,
    ):
        try:
            assert program.stdin is not None
            assert program.stdout is not None
            program.stdin.write(json.dumps(told).encode() + b"\n")
            program.stdin.flush()
            line = program.stdout.readline()
            if not line:
                raise RuntimeError((place / "said").read_text("utf-8")[-2000:])
            seen = json.loads(line)
            open_memory = set(found(canaries, memory(program.pid)))
            wrong = _in_files(canaries, (home, temp, work, place / "said"))
            program.stdin.write(b"lock\n")
            program.stdin.flush()
            _locked(program.pid)
            for each in found(canaries, memory(program.pid)):
                wrong[f"{each} in memory after the lock"] = "found"
            for each in found(canaries, [json.dumps(seen["titles"], ensure_ascii=False).encode()]):
                wrong[f"{each} in the title of a window"] = "found"
        finally:
            program.kill()
    wrong |= _in_files(canaries, (home, temp, work, place / "said"))
    return {
        "tried": len(canaries),
        "in_memory_before": len(open_memory),
        "place": seen["place"],
        "wrong": wrong,
    }


def _form(questions: int, files: int) -> str:
    rows = [f"| | text | q{number} | 第{number}题 |" for number in range(questions)]
    rows += [f"| | file | f{number} | 文件{number} |" for number in range(files)]
    head = ["| settings | form_id | form_title | version |", "| | birds | 候鸟登记 | 1 |"]
    return "\n".join([*head, "| survey | type | name | label |", *rows, ""])


def found(canaries: Iterable[str], places: Iterable[bytes]) -> list[str]:
    """Canaries that are in any of these bytes, in any way a computer writes them."""
    names = {each[:9].encode(name): each for each in canaries for name in _ENCODINGS}
    heard: dict[str, None] = {}
    for data in places:
        for encoding in _ENCODINGS:
            mark, size = _MARK.encode(encoding), len(f"{_MARK}鹳鹳鹳123".encode(encoding))
            at = data.find(mark)
            while at >= 0:
                if (each := names.get(data[at : at + size])) is not None:
                    heard[each] = None
                at = data.find(mark, at + 1)
    return list(heard)


def memory(process: int) -> Iterator[bytes]:
    """All that a process has in memory and may read."""
    maps = Path(f"/proc/{process}/maps").read_text("ascii", "replace").splitlines()
    with Path(f"/proc/{process}/mem").open("rb", buffering=0) as file:
        for line in maps:
            (
                span,
                rights,
                *_,
            ) = line.split()[:2]
            name = line.split()[5] if len(line.split()) > 5 else ""
            if not rights.startswith("r") or name.startswith(("/usr", "[vv")) or ".so" in name:
                continue
            start, end = (int(part, 16) for part in span.split("-"))
            try:
                file.seek(start)
                yield file.read(end - start)
            except (OSError, OverflowError, ValueError):
                continue


def _in_files(canaries: list[str], places: Iterable[Path]) -> dict[str, str]:
    wrong = {}
    for place in places:
        for path in [place, *place.rglob("*")] if place.is_dir() else [place]:
            where = str(path.name)
            for each in found(canaries, [where.encode(), path.read_bytes() if path.is_file() else b""]):
                wrong[f"{each} in {path}"] = "found"
    return wrong


def _locked(process: int) -> None:
    """Wait until the process has started afresh and come to rest."""
    patience = time.monotonic() + 120
    used, still = -1.0, 0
    while time.monotonic() < patience and still < 8:
        afresh = b"\0-m\0xincai" in Path(f"/proc/{process}/cmdline").read_bytes()
        now = sum(map(int, Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]))
        still = still + 1 if afresh and now == used and now > 20 else 0
        used = now
        time.sleep(0.25)
    if still < 8:
        raise RuntimeError("the program did not come to rest before a locked vault")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(sung(Path(folder), 1), ensure_ascii=False))
