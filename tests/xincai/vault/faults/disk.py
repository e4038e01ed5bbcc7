"""A disk that fails, made ready: the shim is compiled, and journeys run under it in another process."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[3]
MEMORY = Path("/dev/shm")


def can() -> bool:
    """Whether this computer can: it takes a C compiler and LD_PRELOAD."""
    return sys.platform == "linux" and compiler() is not None


def compiler() -> str | None:
    return shutil.which("gcc") or shutil.which("cc")


def shim(place: Path) -> Path:
    """Compile the shim into a folder."""
    library = place / "shim.so"
    command = [
        compiler() or "cc",
        "-O2",
        "-shared",
        "-fPIC",
        "-o",
        str(library),
        str(HERE / "shim.c"),
        "-ldl",
    ]
    subprocess.run(command, check=True, timeout=60)
    return library


def fast() -> str | None:
    """A folder in memory where there is one: a killed process loses nothing that the kernel has."""
    return str(MEMORY) if os.access(MEMORY, os.W_OK) else None


def survive(library: Path, *words: str | Path) -> Any:
    """Run `survive.py` under the shim; what it tells."""
    told = subprocess.run(
        [sys.executable, HERE / "survive.py", *map(str, words)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "client"), "LD_PRELOAD": str(library)},
        capture_output=True,
        text=True,
        check=False,
        timeout=7200,
    )
    if told.returncode:
        raise RuntimeError(told.stderr[-3000:])
    return json.loads(told.stdout)
