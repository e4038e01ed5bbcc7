"""Serving: one uvicorn on one socket, announced by one JSON line, ended by SIGTERM or with its parent.

Rules: the ready line is printed when the socket listens and says where. In practice mode the client starts
the gateway; when the client is gone, so is its gateway. A connection on which no request begins is cut after
a while, and when there are too many, the one that has waited longest goes first: silent ones keep nobody out.
"""

import asyncio
import contextlib
import gc
import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from types import FrameType
from typing import ClassVar

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from xincai_gateway.gateway import Closing

IDLE = 15
"""Seconds without a request after which a connection is cut."""
_SPARE = 300
"""Open files that are left for the database, the blobs and the forms."""
_PARENT_CHECK = 0.5
_SYNCHRONIZE = 0x00100000
_STILL_RUNNING = 0x00000102


class _Server(uvicorn.Server):
    """A uvicorn that says when and where it listens."""

    def __init__(self, config: uvicorn.Config, ready: Mapping[str, object], closing: Closing) -> None:
        super().__init__(config)
        self._ready = ready
        self._closing = closing

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.leave()
        super().handle_exit(sig, frame)

    def leave(self) -> None:
        """Let the work at hand come to an end, and stop."""
        self._closing.asked = True
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            sys.stdout.write(json.dumps(self._ready) + "\n")
            sys.stdout.flush()


class _Impatient(H11Protocol):
    """A connection that must begin a request, and the next one, within a time, and gives way in a crowd."""

    most = 20_000
    _lines: ClassVar[dict["_Impatient", None]] = {}

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as its parent
        super().connection_made(transport)
        # asyncio does so only for sockets that name their protocol: else a reply's body waits for its head
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._lines[self] = None
        if len(self._lines) > self.most:
            next((line for line in self._lines if line.waits), self).transport.close()
        self._last: object = self
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        self._lines.pop(self, None)
        super().connection_lost(exc)

    @property
    def waits(self) -> bool:
        """Whether no request is being worked on."""
        return self.cycle is None or self.cycle.response_complete

    def _look(self) -> None:
        begun: object = self.cycle
        if self.waits and begun is self._last:
            self.transport.close()
        elif not self.transport.is_closing():
            self._last = begun
            self.loop.call_later(IDLE, self._look)


def serve(
    app: ASGIApp,
    host: str,
    port: int,
    *,
    ready: Mapping[str, object],
    closing: Closing,
    with_parent: bool = False,
    parent: int = 0,
) -> None:
    """Serve until SIGTERM, SIGINT or, `with_parent`, until the process that started this one (`parent`, where
    it said its number) is gone.

    `ready` is what the ready line says besides `ready` and `url`; `closing` is told when the end begins.
    Port 0 takes any free one. Raises OSError when the address cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=2048)
    _Impatient.most = _room()
    name = f"[{host}]" if family == socket.AF_INET6 else host
    config = uvicorn.Config(
        app,
        http=_Impatient,
        backlog=2048,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="on",
        timeout_keep_alive=IDLE,
        timeout_graceful_shutdown=10,
        h11_max_incomplete_event_size=32 * 1024,
    )
    url = f"http://{name}:{listener.getsockname()[1]}"
    server = _Server(config, {"ready": True, "url": url, **ready}, closing)
    # uvicorn hands SIGTERM on to the handler before it, once everything is closed: here it ends in peace
    signal.signal(signal.SIGTERM, server.handle_exit)
    gc.collect()
    gc.freeze()  # what is there now stays: no collection looks through it again
    with contextlib.closing(listener), contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(server, listener, parent_gone(parent) if with_parent else None))


def _room() -> int:
    """How many connections this process may have: as many as its limit of open files leaves."""
    if sys.platform == "win32":
        return 500
    import resource

    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    most = 65_536 if most == resource.RLIM_INFINITY else most
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return max(most - _SPARE, _SPARE)


async def _serve(server: _Server, listener: socket.socket, gone: Callable[[], bool] | None) -> None:
    watch = asyncio.create_task(_watch(server, gone)) if gone else None
    await server.serve([listener])
    if watch is not None:
        watch.cancel()


async def _watch(server: _Server, gone: Callable[[], bool]) -> None:
    while not gone():  # noqa: ASYNC110 - no event tells that a parent died
        await asyncio.sleep(_PARENT_CHECK)
    server.leave()


def parent_gone(parent: int = 0) -> Callable[[], bool]:
    """A question to ask again and again: is the process that started this one gone?

    Without its number a parent that died before we asked would never be missed.
    """
    above = os.getppid()
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        handle = kernel.OpenProcess(_SYNCHRONIZE, False, parent or above)
        return lambda: not handle or kernel.WaitForSingleObject(handle, 0) != _STILL_RUNNING
    return lambda: os.getppid() != above or not _lives(parent or above)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it lives, and is another's
        pass
    return True
