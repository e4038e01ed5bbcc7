"""A proxy on a real socket that asks for a password."""

import base64
import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Proxy:
    """A proxy that lets nobody through without the password, and knows where the gateway is."""

    port: int
    to: int
    word: str
    asked: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def serve(self, near: socket.socket) -> None:
        with contextlib.suppress(OSError), near:
            near.settimeout(5)
            head = b""
            while b"\r\n\r\n" not in head and (piece := near.recv(4096)):
                head += piece
            lines = head.decode("latin-1").split("\r\n")
            self.asked.append(lines[0])
            if f"Proxy-Authorization: Basic {self.word}" not in lines:
                near.sendall(
                    b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=x\r\n"
                    b"Content-Length: 0\r\nConnection: close\r\n\r\n"
                )
                return
            with socket.create_connection(("127.0.0.1", self.to)) as far:
                near.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                back = threading.Thread(target=_pour, args=(far, near))
                back.start()
                _pour(near, far)
                back.join()


def _pour(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(65536):
            sink.sendall(piece)
        sink.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def proxy_to(to: int, user: str, password: str) -> Iterator[Proxy]:
    listener = socket.create_server(("127.0.0.1", 0))
    word = base64.b64encode(f"{user}:{password}".encode()).decode()
    proxy = Proxy(listener.getsockname()[1], to, word)
    threads: list[threading.Thread] = []

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                threads.append(threading.Thread(target=proxy.serve, args=(listener.accept()[0],)))
                threads[-1].start()

    thread = threading.Thread(target=accept)
    thread.start()
    try:
        yield proxy
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for each in (thread, *threads):
            each.join()
