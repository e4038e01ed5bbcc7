"""A server that says exactly the bytes it is told to: portals, bombs, drips, cuts."""

import contextlib
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Answer = Callable[[bytes], Iterator[bytes]]


@dataclass
class Strange:
    """Where it listens, what it heard, and what it will say; `stop` is set when the test is over."""

    port: int
    answer: Answer
    heard: list[bytes] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    scheme: str = "http"

    @property
    def url(self) -> str:
        return f"{self.scheme}://localhost:{self.port}"


def say(*pieces: bytes) -> Answer:
    """Always the same bytes, then the end."""
    return lambda _: iter(pieces)


def http(status: int, body: bytes = b"", kind: str = "application/json", **headers: str) -> bytes:
    """One plain HTTP reply."""
    lines = [
        f"HTTP/1.1 {status} X",
        "Connection: close",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body)}",
    ]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def reply(status: int, **members: object) -> bytes:
    """One JSON reply."""
    return http(status, json.dumps(members).encode())


@contextlib.contextmanager
def strange(answer: Answer, context: ssl.SSLContext | None = None) -> Iterator[Strange]:
    """Serve until the block ends; one request a connection."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = Strange(listener.getsockname()[1], answer, scheme="https" if context else "http")
    threads: list[threading.Thread] = []

    def accept() -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=_serve, args=(server, near, context))
            thread.start()
            threads.append(thread)

    thread = threading.Thread(target=accept)
    thread.start()
    try:
        yield server
    finally:
        server.stop.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()
        for each in threads:
            each.join()


def _serve(server: Strange, plain: socket.socket, context: ssl.SSLContext | None) -> None:
    plain.settimeout(5)
    with contextlib.suppress(OSError), plain:
        near = context.wrap_socket(plain, server_side=True) if context else plain
        with near:
            request = _request(near)
            server.heard.append(request)
            for piece in server.answer(request):
                if server.stop.is_set():
                    return
                near.sendall(piece)


def _request(near: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = near.recv(65536)
        if not piece:
            return data
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        (int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
    )
    while len(body) < length and (piece := near.recv(65536)):
        body += piece
    return head + b"\r\n\r\n" + body
