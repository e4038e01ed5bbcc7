"""A TCP proxy that cuts the line at one byte, in one direction, with a FIN or a RST."""

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

Direction = Literal["up", "down"]
Ending = Literal["fin", "rst"]


@dataclass
class Cutter:
    """Where to cut: after so many bytes of a direction, counted over all connections; -1 is never.

    Afterwards the line `heals`, or stays dead, or is cut after `every` so many bytes.
    """

    port: int
    direction: Direction = "up"
    after: int = -1
    ending: Ending = "fin"
    passed: dict[Direction, int] = field(default_factory=lambda: {"up": 0, "down": 0})
    cuts: int = 0
    heals: bool = True
    every: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def arm(self, direction: Direction, after: int, ending: Ending) -> None:
        with self.lock:
            self.direction, self.after, self.ending = direction, after, ending
            self.passed, self.cuts = {"up": 0, "down": 0}, 0
            self.heals, self.every = True, False

    def allow(self, direction: Direction, size: int) -> int:
        """How many of the bytes may pass; fewer than asked for means: cut now."""
        with self.lock:
            before = self.passed[direction]
            self.passed[direction] = before + size
            if self.cuts and not self.heals:
                return -1
            if self.every and direction == self.direction and before + size > self.after:
                self.cuts, self.passed[direction] = self.cuts + 1, 0
                return self.after - before
            if self.cuts or direction != self.direction or self.after < 0 or before + size <= self.after:
                return size
            self.cuts = 1
            return self.after - before


@contextlib.contextmanager
def cutting(port: int) -> Iterator[Cutter]:
    """Stand in front of a local port."""
    listener = socket.create_server(("127.0.0.1", 0))
    cutter = Cutter(listener.getsockname()[1])
    pumps: list[threading.Thread] = []
    sockets: list[socket.socket] = []

    def accept() -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", port))
            sockets.extend((near, far))
            for source, sink, direction in ((near, far, "up"), (far, near, "down")):
                thread = threading.Thread(target=_pump, args=(cutter, source, sink, direction))
                thread.start()
                pumps.append(thread)

    thread = threading.Thread(target=accept)
    thread.start()
    try:
        yield cutter
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()
        for each in sockets:
            _end(each, "fin")
        for pump in pumps:
            pump.join()
        for each in sockets:
            each.close()


def _pump(cutter: Cutter, source: socket.socket, sink: socket.socket, direction: Direction) -> None:
    while True:
        try:
            data = source.recv(65536)
            allowed = cutter.allow(direction, len(data)) if data else 0
            sink.sendall(data[: max(allowed, 0)])
        except OSError:
            data, allowed = b"", 0
        if allowed < len(data) or not data:
            ending: Ending = cutter.ending if data else "fin"
            _end(source, ending)
            _end(sink, ending)
            return


def _end(sock: socket.socket, ending: Ending) -> None:
    """End a socket; the thread that reads from it wakes up first, or the kernel would keep it."""
    with contextlib.suppress(OSError):
        if ending == "rst":
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            sock.shutdown(socket.SHUT_RD)
            sock.close()
        else:
            sock.shutdown(socket.SHUT_RDWR)
