"""Freeze the program into one folder, dist/xincai, and prove that it runs there.

    .venv/bin/python build/freeze.py [FOLDER]

The proof starts the frozen program itself, with a home of its own and nothing of this checkout in its way:
version, self-test, a form looked through (that converts and compiles it), the gateway's ready line, and the
window, which must still be open after a while.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WINDOW_SECONDS = 8
GATEWAY_SECONDS = 40


def freeze(folder: Path) -> Path:
    """Run PyInstaller; the frozen program."""
    with tempfile.TemporaryDirectory(prefix="xincai-freeze-") as work:
        command = [
            sys.executable,
            "-m",
            "PyInstaller",
            "--noconfirm",
            "--log-level",
            "WARN",
            "--workpath",
            work,
        ]
        subprocess.run([*command, "--distpath", str(folder), str(ROOT / "build" / "xincai.spec")], check=True)
    return folder / "xincai" / ("xincai.exe" if os.name == "nt" else "xincai")


def prove(program: Path) -> None:
    """Start every part of it; raises CalledProcessError or AssertionError at the first that fails."""
    with tempfile.TemporaryDirectory(prefix="xincai-frozen-") as place:
        home = Path(place)
        world = {**os.environ, "XINCAI_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
        for word in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"):
            world.pop(word, None)
        form = ROOT / "forms" / "household.md"
        for words in (["--version"], ["selftest"], ["form", "check", str(form)]):
            subprocess.run([str(program), *words], env=world, cwd=home, check=True)
        _gateway(program, home, world)
        _window(program, home, world)


def _gateway(program: Path, home: Path, world: dict[str, str]) -> None:
    words = [
        "gateway",
        "serve",
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--data",
        str(home / "gw"),
        "--practice",
    ]
    with subprocess.Popen([str(program), *words], env=world, cwd=home, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            told = json.loads(process.stdout.readline())
            assert told["ready"] is True, told
            print("gateway: ready")
        finally:
            process.terminate()


def _window(program: Path, home: Path, world: dict[str, str]) -> None:
    """The window stays open until it is closed from here, and the diary knows of no failure."""
    process = subprocess.Popen([str(program)], env=world, cwd=home, stderr=subprocess.PIPE)
    try:
        process.wait(WINDOW_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        _, said = process.communicate()
        assert not said, said
        print("window: open")
    else:
        raise AssertionError(f"the window closed by itself with {process.returncode}")


if __name__ == "__main__":
    chosen = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "dist"
    made = freeze(chosen)
    prove(made)
    print(made)
