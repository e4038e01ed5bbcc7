"""A disk that fails, made ready: the shim is compiled, and journeys run under it in another process."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

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


class FailingDisk:
    """A process under the shim with everything at hand, in which journeys run one after the other."""

    def __init__(self, library: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, HERE / "survive.py"],
            env={**os.environ, "PYTHONPATH": str(ROOT / "client"), "LD_PRELOAD": str(library)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._process:
            assert self._process.stdin is not None
            self._process.stdin.close()

    def ask(self, **words: str | int | Path) -> Any:
        """Let it do what `survive.py` does; what it tells."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(words, default=str) + "\n")
        self._process.stdin.flush()
        told = json.loads(self._process.stdout.readline())
        if "failed" in told:
            raise RuntimeError(told["failed"])
        return told
