"""Sockets that keep to a deadline: an exchange ends in time, however slowly the far side drips.

A socket's own timeout starts anew with each byte, so a reply of one byte a second would never end. Here each
read and each piece written looks at one deadline for the whole exchange, and at whether the person has
cancelled.
"""

import http.client
import io
import socket
from collections.abc import Callable

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from xincai import clock
from xincai.errors import Problem
from xincai.sync.throttle import Throttle

_SLICE = 0.25


class Deadline:
    """How long one exchange may take and how long the line may be silent, in seconds. What the throttle holds
    back does not count.
    """

    def __init__(
        self, whole: float, silence: float, cancelled: Callable[[], bool], throttle: Throttle
    ) -> None:
        self._whole = whole
        self._silence = silence
        self._cancelled = cancelled
        self._throttle = throttle
        self._until = 0.0

    def start(self) -> None:
        self._until = clock.monotonic() + self._whole

    def check(self, since: float) -> None:
        """Raise when the exchange is over time, was silent since too long ago, or is not wanted any more."""
        self._refuse_cancelled()
        now = clock.monotonic()
        if now >= self._until or now >= since + self._silence:
            raise TimeoutError

    def receive(self, sock: socket.socket, buffer: memoryview) -> int:
        """Read as `recv_into` does, within the deadline."""
        since = clock.monotonic()
        while True:
            self.check(since)
            sock.settimeout(_SLICE)
            try:
                return sock.recv_into(buffer)
            except TimeoutError:
                continue

    def send(self, sock: socket.socket, data: bytes) -> None:
        """Write all of it piece by piece, within the deadline and no faster than the throttle lets it."""
        size = self._throttle.piece
        for start in range(0, len(data), size):
            piece = data[start : start + size]
            self._until += self._throttle.hold(len(piece), self._refuse_cancelled)
            self.check(clock.monotonic())
            sock.settimeout(self._silence)
            sock.sendall(piece)

    def _refuse_cancelled(self) -> None:
        if self._cancelled():
            raise Problem("sync.cancelled")


def pools(deadline: Deadline) -> dict[str, type[HTTPConnectionPool]]:
    """Connection pools by scheme whose connections keep to the deadline."""

    class Response(http.client.HTTPResponse):
        def __init__(
            self,
            sock: socket.socket,
            debuglevel: int = 0,
            method: str | None = None,
            url: str | None = None,
        ) -> None:
            super().__init__(sock, debuglevel, method, url)
            self.fp = io.BufferedReader(_Timed(sock, self.fp.detach(), deadline))

    class Plain(HTTPConnection):
        response_class = Response

        def send(self, data: object) -> None:
            _send(self, data, super().send, deadline)

    class Secure(HTTPSConnection):
        response_class = Response

        def send(self, data: object) -> None:
            _send(self, data, super().send, deadline)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


def _send(
    connection: http.client.HTTPConnection, data: object, send: Callable[[bytes], None], deadline: Deadline
) -> None:
    if connection.sock is None or not isinstance(data, bytes):
        send(data)  # type: ignore[arg-type]  # as it came
    else:
        deadline.send(connection.sock, data)


class _Timed(io.RawIOBase):
    """The reading end of a socket, within a deadline."""

    def __init__(self, sock: socket.socket, raw: io.RawIOBase, deadline: Deadline) -> None:
        self._sock = sock
        self._raw = raw
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        return self._deadline.receive(self._sock, memoryview(buffer))  # type: ignore[arg-type]  # a buffer

    def close(self) -> None:
        self._raw.close()
        super().close()
