"""Serving: one uvicorn on one socket, announced by one JSON line, ended by SIGTERM or with its parent.

Rules: the ready line is printed when the socket listens and says where. In practice mode the client starts
the gateway; when the client is gone, so is its gateway. Slow and idle connections are cut.
"""

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping

import uvicorn
from starlette.types import ASGIApp

_PARENT_CHECK = 0.5
_SYNCHRONIZE = 0x00100000
_STILL_RUNNING = 0x00000102


class _Server(uvicorn.Server):
    """A uvicorn that says when and where it listens."""

    def __init__(self, config: uvicorn.Config, ready: Mapping[str, object]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            sys.stdout.write(json.dumps(self._ready) + "\n")
            sys.stdout.flush()


def serve(
    app: ASGIApp, host: str, port: int, *, ready: Mapping[str, object], with_parent: bool = False
) -> None:
    """Serve until SIGTERM, SIGINT or, `with_parent`, until the process that started this one is gone.

    `ready` is what the ready line says besides `ready` and `url`. Port 0 takes any free one. Raises
    OSError when the address cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=256)
    name = f"[{host}]" if family == socket.AF_INET6 else host
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="off",
        timeout_keep_alive=15,
        timeout_graceful_shutdown=10,
        limit_concurrency=400,
        h11_max_incomplete_event_size=32 * 1024,
    )
    url = f"http://{name}:{listener.getsockname()[1]}"
    server = _Server(config, {"ready": True, "url": url, **ready})
    # uvicorn hands SIGTERM on to the handler before it, once everything is closed: here it ends in peace
    signal.signal(signal.SIGTERM, server.handle_exit)
    with contextlib.closing(listener), contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(server, listener, parent_gone() if with_parent else None))


async def _serve(server: uvicorn.Server, listener: socket.socket, gone: Callable[[], bool] | None) -> None:
    watch = asyncio.create_task(_watch(server, gone)) if gone else None
    await server.serve([listener])
    if watch is not None:
        watch.cancel()


async def _watch(server: uvicorn.Server, gone: Callable[[], bool]) -> None:
    while not gone():  # noqa: ASYNC110 - no event tells that a parent died
        await asyncio.sleep(_PARENT_CHECK)
    server.should_exit = True


def parent_gone() -> Callable[[], bool]:
    """A question to ask again and again: is the process that started this one gone?"""
    parent = os.getppid()
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        handle = kernel.OpenProcess(_SYNCHRONIZE, False, parent)
        return lambda: not handle or kernel.WaitForSingleObject(handle, 0) != _STILL_RUNNING
    return lambda: os.getppid() != parent
