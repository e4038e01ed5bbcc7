"""The bodies of requests: read against a cap and a deadline."""

from collections.abc import AsyncIterator

import anyio
from fastapi import Request

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


async def large_pieces(request: Request, limit: int) -> AsyncIterator[bytes]:
    """The body in few pieces; what came before a cut comes too."""
    held = bytearray()
    try:
        async for piece in body_pieces(request, limit):
            held += piece
            if len(held) >= LARGE:
                yield bytes(held)
                held.clear()
    except Exception:
        yield bytes(held)
        raise
    yield bytes(held)
