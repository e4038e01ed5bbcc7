"""The practice platform: the gateway program, started on this computer for training.

Rules: it listens on 127.0.0.1 only, on a port the system picks; it is up when its ready line says so, within
a deadline; it stops when told to, and is killed when it does not; it is told whose child it is, so that it
ends with its parent however early that is gone. Its output goes to a file in its folder, which is its owner's
only, never to a pipe that could fill up.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from xincai import clock
from xincai.errors import Problem
from xincai.wire.canonical import strict_json

_PATIENCE = 40.0
_STOPPING = 8.0


@dataclass(frozen=True)
class _Said:
    """The ready line."""

    url: str
    code: str
    gateway: str


@dataclass
class PracticeGateway:
    """A running practice gateway: its address, a fresh enrolment code, and its id."""

    url: str
    code: str
    gateway: str
    _process: "subprocess.Popen[bytes]"
    _forms: Path

    @classmethod
    def start(cls, folder: Path, *, patience: float = _PATIENCE) -> "PracticeGateway":
        """Start it over this folder; raise Problem when it does not come up in time."""
        command = [
            *_program(),
            "serve",
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--data",
            str(folder),
            "--practice",
            "--parent",
            str(os.getpid()),
        ]
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with (folder / "practice.out").open("wb") as out, (folder / "practice.err").open("wb") as err:
                process = _start(command, out, err)
        except OSError as error:
            raise Problem("sync.practice_down") from error
        try:
            said = _ready(process, folder / "practice.out", patience)
        except OSError as error:
            _stop(process)
            raise Problem("sync.practice_down") from error
        except BaseException:
            _stop(process)
            raise
        return cls(said.url, said.code, said.gateway, process, folder / "forms")

    def stop(self) -> None:
        """Stop it; again does nothing."""
        _stop(self._process)

    def knows(self, form_sm3: str) -> bool:
        """Whether the gateway has this form."""
        return (self._forms / form_sm3).is_dir()

    def learn(self, form_sm3: str, xml: bytes, files: Mapping[str, bytes]) -> None:
        """Put a form into the gateway's library, as its administrator would: a folder named by its digest."""
        fresh = self._forms / f"{form_sm3}.new"
        try:
            shutil.rmtree(fresh, ignore_errors=True)
            fresh.mkdir(parents=True, mode=0o700)
            for name, data in {**files, "form.xml": xml}.items():
                (fresh / name).write_bytes(data)
            fresh.rename(self._forms / form_sm3)
        except OSError as error:
            raise Problem("sync.practice_down") from error

    @property
    def running(self) -> bool:
        return self._process.poll() is None


def _program() -> list[str]:
    """How to start the gateway: the frozen program plays both parts."""
    return (
        [sys.executable, "gateway"]
        if getattr(sys, "frozen", False)
        else [sys.executable, "-m", "xincai_gateway"]
    )


def _start(command: list[str], out: IO[bytes], err: IO[bytes]) -> "subprocess.Popen[bytes]":
    hidden = 0x0800_0000 if sys.platform == "win32" else 0  # CREATE_NO_WINDOW
    return subprocess.Popen(  # noqa: S603 - our own program and a folder of our choosing
        command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, creationflags=hidden, env=_environment()
    )


def _environment() -> dict[str, str]:
    """Ours, and the place where this very package was loaded from."""
    package = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(part for part in (package, os.environ.get("PYTHONPATH", "")) if part)
    return {**os.environ, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1"}


def _ready(process: "subprocess.Popen[bytes]", out: Path, patience: float) -> _Said:
    until = clock.monotonic() + patience
    while clock.monotonic() < until and process.poll() is None:
        line, newline, _ = out.read_bytes().partition(b"\n")
        if newline and (said := _heard(line)):
            return said
        clock.pause(0.05)
    raise Problem("sync.practice_down")


def _heard(line: bytes) -> _Said | None:
    try:
        said = strict_json(line)
    except Problem:
        return None
    if not isinstance(said, dict) or said.get("ready") is not True:
        return None
    return _Said(*(str(said.get(name, "")) for name in ("url", "enrol_code", "gateway")))


def _stop(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(_STOPPING)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
