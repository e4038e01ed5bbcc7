"""A server process to talk to, as a driver does."""

import json
import os
import pathlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

CLIENT = pathlib.Path(__file__).resolve().parents[3] / "client"


class Serve:
    """`xincai form serve`: one JSON object in, one out."""

    def __init__(self, zone: str = "Asia/Shanghai", *words: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "xincai", "form", "serve", *words],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
            env={**os.environ, "TZ": zone, "PYTHONPATH": str(CLIENT)},
        )  # fmt: skip

    def __call__(self, **operation: object) -> dict[str, Any]:
        return self.line(json.dumps(operation))

    def line(self, text: str) -> dict[str, Any]:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())  # type: ignore[no-any-return]  # the server's own

    def values(self) -> dict[str, str]:
        """Values of the leaves by reference."""
        return {node["ref"]: node["v"] for node in self(op="dump")["nodes"] if "v" in node}

    def close(self) -> str:
        """End it; what it said on stderr."""
        return self.process.communicate()[1]


@pytest.fixture
def serve() -> Iterator[Callable[..., Serve]]:
    opened: list[Serve] = []

    def start(*words: str, zone: str = "Asia/Shanghai") -> Serve:
        opened.append(Serve(zone, *words))
        return opened[-1]

    yield start
    for one in opened:
        one.close()
        assert one.process.returncode == 0
