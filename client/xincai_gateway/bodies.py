"""The bodies of requests: read against a cap and a deadline."""

from collections.abc import AsyncIterator, Callable

import anyio
from fastapi import Request
from fastapi.concurrency import run_in_threadpool

from xincai import clock
from xincai.errors import Problem

PATIENCE = 30
"""Seconds to wait for the next bytes of a body."""
WHOLE = 600
"""Seconds that one body may take."""
BRIEF = 30
"""Seconds that the body of somebody may take who is not known yet."""
LARGE = 256 * 1024
"""Bytes of a large piece."""
_AHEAD = 2
"""Large pieces that may wait until they are taken."""


async def read_body(request: Request, limit: int, seconds: float | None = None) -> bytes:
    """The whole body."""
    return b"".join([piece async for piece in body_pieces(request, limit, seconds)])


async def body_pieces(request: Request, limit: int, seconds: float | None = None) -> AsyncIterator[bytes]:
    """The body as it comes; raise Problem when it is too much or too slow."""
    announced = request.headers.get("Content-Length", "0")
    if not announced.isdecimal() or int(announced) > limit:
        raise Problem("gateway.body_too_large", limit=limit)
    if "Content-Encoding" in request.headers:
        raise Problem("gateway.body_encoded")
    stream, size, until = request.stream(), 0, clock.monotonic() + min(WHOLE, seconds or WHOLE)
    while True:
        try:
            with anyio.fail_after(min(PATIENCE, until - clock.monotonic())):
                piece = await anext(stream, None)
        except TimeoutError as error:
            raise Problem("gateway.too_slow", seconds=PATIENCE) from error
        if piece is None:
            return
        size += len(piece)
        if size > limit:
            raise Problem("gateway.body_too_large", limit=limit)
        if piece:
            yield piece


async def take_pieces(request: Request, limit: int, take: Callable[[bytes], None]) -> None:
    """Have a thread take the body in few pieces, each while the next ones come; what came before a cut is
    taken too, then the trouble is raised.
    """
    trouble: list[Exception] = []
    there, coming = anyio.create_memory_object_stream[bytes](_AHEAD)

    async def read() -> None:
        held = bytearray()
        with there:
            try:
                async for piece in body_pieces(request, limit):
                    held += piece
                    if len(held) >= LARGE:
                        await there.send(bytes(held))
                        held.clear()
            except Exception as error:  # noqa: BLE001 - raised below, when what came is taken
                trouble.append(error)
            await there.send(bytes(held))

    async with anyio.create_task_group() as group, coming:
        group.start_soon(read)
        async for piece in coming:
            await run_in_threadpool(take, piece)
    for error in trouble:
        raise error
