"""A TCP proxy that does one harm after another to a line, each at one byte of one direction.

A line is cut with a FIN or a RST, or stalls: nothing passes any more and nobody is told. Or a request comes
`twice`: a second time beside the first (up) or after it was answered (down). Or it comes `late`: its sender
sees a RST, and it arrives when newer ones have overtaken it.
"""

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

Direction = Literal["up", "down"]
Ending = Literal["fin", "rst", "stall", "twice", "late"]
OVERTAKEN = 1500
"""Bytes of newer requests that pass before one that is late."""


@dataclass(frozen=True)
class Fault:
    """What to do after so many bytes of a direction, counted over all connections since the fault before;
    -1 is never.
    """

    direction: Direction
    after: int
    ending: Ending


@dataclass
class Cutter:
    """What is done to the line, and what has passed it.

    After the last fault the line `heals`, or stays dead, or meets the last one again and again (`every`).
    """

    port: int
    near: int = 0
    faults: list[Fault] = field(default_factory=list)
    passed: dict[Direction, int] = field(default_factory=lambda: {"up": 0, "down": 0})
    cuts: int = 0
    heals: bool = True
    every: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)
    _since: dict[Direction, int] = field(default_factory=lambda: {"up": 0, "down": 0})
    _late: list[tuple[int, bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.near}"

    def arm(self, direction: Direction, after: int, ending: Ending, *then: Fault) -> None:
        with self.lock:
            self.faults = [Fault(direction, after, ending), *then]
            self.passed, self._since, self.cuts = {"up": 0, "down": 0}, {"up": 0, "down": 0}, 0
            self.heals, self.every = True, False

    def allow(self, direction: Direction, size: int, *, begins: bool) -> tuple[int, Ending | None]:
        """How many of the bytes may pass, and what happens then; `begins` when a request begins here."""
        with self.lock:
            before = self.passed[direction] - self._since[direction]
            self.passed[direction] += size
            if self.cuts and not self.heals:
                return 0, "rst"
            fault = self.faults[0] if self.faults else None
            if fault is None or fault.direction != direction or not 0 <= fault.after < before + size:
                return size, None
            self.cuts += 1
            self._since = dict(self.passed)
            if not self.every:
                self.faults.pop(0)
            return fault.after - before, fault.ending

    def keep(self, request: bytes) -> None:
        """Keep a request back until newer ones have passed."""
        with self.lock:
            self._late.append((self.passed["up"] + OVERTAKEN, request))

    def release(self, *, all_of_them: bool = True) -> None:
        """Let what was kept back arrive: all of it, or what has been overtaken."""
        with self.lock:
            due = [each for each in self._late if all_of_them or each[0] <= self.passed["up"]]
            self._late = [each for each in self._late if each not in due]
        for _, request in due:
            with _sent(self.port, request) as sock:
                _answered(sock)


@contextlib.contextmanager
def cutting(port: int, cutter: Cutter | None = None) -> Iterator[Cutter]:
    """Stand in front of a local port."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    cutter = cutter or Cutter(port)
    cutter.near = listener.getsockname()[1]
    lines: list[_Line] = []

    def accept() -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", cutter.port))
            except OSError:
                _end(near, "rst")
                continue
            lines[:] = [line for line in lines if line.is_alive()]
            lines.append(_Line(cutter, near, far))

    thread = threading.Thread(target=accept)
    thread.start()
    try:
        yield cutter
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()
        for line in lines:
            line.end()


class _Line:
    """One connection through the proxy."""

    def __init__(self, cutter: Cutter, near: socket.socket, far: socket.socket) -> None:
        self._cutter, self._near, self._far = cutter, near, far
        for each in (near, far):
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._request, self._answering, self._stalled = b"", True, False
        self._pumps = [
            threading.Thread(target=self._pump, args=(near, far, "up")),
            threading.Thread(target=self._pump, args=(far, near, "down")),
        ]
        self._left = len(self._pumps)
        for pump in self._pumps:
            pump.start()

    def is_alive(self) -> bool:
        return any(pump.is_alive() for pump in self._pumps)

    def end(self) -> None:
        for each in (self._near, self._far):
            _end(each, "fin")
        for pump in self._pumps:
            pump.join()

    def _pump(self, source: socket.socket, sink: socket.socket, direction: Direction) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if not self._stalled and (ending := self._pass(data, sink, direction)):
                    for each in (source, sink):
                        _end(each, ending)
        for each in (source, sink):
            _end(each, "fin")
        with self._cutter.lock:
            self._left -= 1
        if not self._left:
            for each in (source, sink):
                each.close()

    def _pass(self, data: bytes, sink: socket.socket, direction: Direction) -> Ending | None:
        """Let bytes pass, as far as they may; how the line ends now, None when it goes on."""
        begins = direction == "up" and self._answering
        if direction == "up":
            self._request = data if begins else self._request + data
        self._answering = direction == "down"
        self._cutter.release(all_of_them=False)
        allowed, ending = self._cutter.allow(direction, len(data), begins=begins)
        if ending == "twice":
            self._twice(data, sink, direction)
            return None
        if ending == "late":
            self._complete()
            self._cutter.keep(self._request)
            return "rst"
        sink.sendall(data[:allowed])
        self._stalled = ending == "stall"
        return None if self._stalled else ending

    def _twice(self, data: bytes, sink: socket.socket, direction: Direction) -> None:
        if direction == "up":
            data += self._complete()
        with _sent(self._cutter.port, self._request) as again:
            if direction == "up":
                sink.sendall(data)
            _answered(again)
            if direction == "down":
                sink.sendall(data)

    def _complete(self) -> bytes:
        """The rest of the request that is on its way; what was sent of it stands in `_request` already."""
        begun = len(self._request)
        while not _whole(self._request) and (data := self._near.recv(65536)):
            self._request += data
        return self._request[begun:]


def _whole(request: bytes) -> bool:
    """Whether a request has come to its end."""
    head, found, body = request.partition(b"\r\n\r\n")
    lines = (line.lower().split(b":") for line in head.splitlines()[1:])
    size = next((int(line[1]) for line in lines if line[0] == b"content-length"), 0)
    return bool(found) and len(body) >= size


@contextlib.contextmanager
def _sent(port: int, request: bytes) -> Iterator[socket.socket]:
    """A connection of its own on which a request was sent; a gateway that is down misses it."""
    with socket.socket() as sock:
        sock.settimeout(5)
        with contextlib.suppress(OSError):
            sock.connect(("127.0.0.1", port))
            sock.sendall(request)
        yield sock


def _answered(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):
        sock.recv(65536)


def _end(sock: socket.socket, ending: Ending) -> None:
    """End a socket; the thread that reads from it wakes up first, or the kernel would keep it."""
    with contextlib.suppress(OSError):
        if ending == "rst":
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            sock.shutdown(socket.SHUT_RD)
            sock.close()
        else:
            sock.shutdown(socket.SHUT_RDWR)
