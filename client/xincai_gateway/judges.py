"""Who judges a batch after its sender has receipt A, while the requests go on.

Rules: over a server's database a process of its own judges (`Apart`), at the lowest priority, for in one
interpreter judging and requests would take turns. Over the embedded database a thread does (`Beside`), one
batch at a time, and gives way to requests.

The judging process is told office and name of each batch, a JSON line each, on its standard input. Nobody
waits for it, and nothing is lost when it dies: it begins by settling whatever is open, and another one is
begun in its place. Its standard input ends with the process that serves, however that ends, and so does it.
Whoever judges looks again now and then at what is open: a database that was away must not leave it so.
"""

import asyncio
import contextlib
import functools
import json
import logging
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO, Protocol

import anyio
from anyio import to_thread

from xincai import clock
from xincai_gateway import judging
from xincai_gateway.gateway import Gateway, Settings

_PATIENCE = 5.0
"""Seconds that a judging process may take to leave: less than uvicorn and systemd give us."""
_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 60.0
_LOWEST = 19
_AGAIN = 300.0
"""Seconds until what is open is looked at again."""
_QUIETLY = 0x0800_0040
"""Windows: CREATE_NO_WINDOW, so that Ctrl-C is not for it either, and IDLE_PRIORITY_CLASS."""
_log = logging.getLogger(__name__)


class Judges(Protocol):
    """Whoever judges for a gateway that serves."""

    restarts: int

    def serving(self) -> contextlib.AbstractAsyncContextManager[None]:
        """While it serves, what an earlier run left open is settled too."""

    async def settle(self, office: str, name: str) -> None:
        """Have a batch judged that is in custody."""


def judges_of(gateway: Gateway, diary: str) -> Judges:
    """Who judges for this gateway; a process of its own writes a diary beside this one."""
    if gateway.settings.database_url:
        return Apart(gateway.settings, f"{diary}-judging")
    return Beside(gateway)


class Beside:
    """Judges in a thread of the process that serves."""

    def __init__(self, gateway: Gateway) -> None:
        self.restarts = 0
        self._gateway = gateway
        self._run = functools.partial(to_thread.run_sync, limiter=anyio.CapacityLimiter(1))

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        async with anyio.create_task_group() as group:
            group.start_soon(self._settle_open)
            yield
            group.cancel_scope.cancel()

    async def _settle_open(self) -> None:
        while True:
            await self._run(judging.settle_open, self._gateway, abandon_on_cancel=True)
            await anyio.sleep(_AGAIN)

    async def settle(self, office: str, name: str) -> None:
        await self._run(judging.settle_quietly, self._gateway, office, name)


class Apart:
    """Judges in a process of its own, and begins another one when it dies."""

    def __init__(self, settings: Settings, diary: str) -> None:
        self.restarts = 0
        self._settings = settings
        self._diary = diary
        self._line: asyncio.StreamWriter | None = None

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        keeping = asyncio.create_task(self._keep())
        try:
            yield
        finally:
            keeping.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await keeping

    async def settle(self, office: str, name: str) -> None:
        if self._line is not None:  # else the next one finds it open
            self._line.write(json.dumps([office, name]).encode() + b"\n")

    async def _keep(self) -> None:
        """Have a judging process at all times; one that dies young is missed for longer each time."""
        pause = _FIRST_PAUSE
        while True:
            begun = clock.monotonic()
            try:
                told = f"ended with {await self._judge()}"
            except OSError as error:
                told = f"could not begin: {type(error).__name__} {error.errno}"
            if clock.monotonic() - begun > _LONGEST_PAUSE:
                pause = _FIRST_PAUSE
            _log.error("the judging process %s; the next one in %g s", told, pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
            self.restarts += 1

    async def _judge(self) -> int:
        """Run a judging process to its end; its exit code."""
        process = await asyncio.create_subprocess_exec(
            *_program(), "judge", *_words(self._settings), "--diary", self._diary,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL,
            env=_environment(self._settings),
            start_new_session=True,  # Ctrl-C is for the process that serves
            creationflags=_QUIETLY if sys.platform == "win32" else 0,
        )  # fmt: skip
        self._line = line = process.stdin
        try:
            return await process.wait()
        finally:
            self._line = None
            if line is not None:
                line.close()
            try:
                await asyncio.wait_for(process.wait(), _PATIENCE)
            except TimeoutError:
                process.kill()
                await process.wait()


def _program() -> list[str]:
    """How to start a command of ours: the frozen program plays the gateway too."""
    frozen = getattr(sys, "frozen", False)
    return [sys.executable, "gateway"] if frozen else [sys.executable, "-m", "xincai_gateway"]


def _words(settings: Settings) -> list[str]:
    """The settings as words of the command line; addresses, which may hold passwords, go another way."""
    words = ["--data", str(settings.folder), "--forms", str(settings.forms)]
    words += ["--practice"] if settings.practice else []
    return words + [f"--require-authorisation={form}" for form in sorted(settings.authorised_forms)]


def _environment(settings: Settings) -> dict[str, str]:
    """Ours, the addresses, and the place where this very package was loaded from."""
    package = str(Path(__file__).resolve().parents[1])
    path = os.pathsep.join(part for part in (package, os.environ.get("PYTHONPATH", "")) if part)
    addresses = {"DB_URL": settings.database_url, "BLOB_URL": settings.blob_url}
    return {**os.environ, **addresses, "PYTHONPATH": path}


def attend(gateway: Gateway, lines: BinaryIO) -> None:
    """Be the judging process: settle what is open, then every batch that is told, until `lines` end."""
    if sys.platform != "win32":
        os.nice(_LOWEST)
    asyncio.run(_attend(gateway, lines))


async def _attend(gateway: Gateway, lines: BinaryIO) -> None:
    told = asyncio.Queue[bytes]()
    listening = asyncio.create_task(_listen(gateway, lines, told))
    try:
        while not gateway.closing.asked:
            await to_thread.run_sync(judging.settle_open, gateway)
            with contextlib.suppress(TimeoutError):
                while line := await asyncio.wait_for(told.get(), _AGAIN):
                    office, name = json.loads(line)
                    await to_thread.run_sync(judging.settle_quietly, gateway, office, name)
    finally:
        listening.cancel()


async def _listen(gateway: Gateway, lines: BinaryIO, told: "asyncio.Queue[bytes]") -> None:
    """Pass on what is told; when nobody can tell any more, have the batch at hand left open."""
    while line := await to_thread.run_sync(lines.readline, abandon_on_cancel=True):
        told.put_nowait(line)
    gateway.closing.asked = True
    told.put_nowait(b"")
