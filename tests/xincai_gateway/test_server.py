"""Connections that waste everybody's time are cut."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
import uvicorn
from starlette.types import ASGIApp

from xincai import clock
from xincai_gateway import api, bodies, server
from xincai_gateway.admin import app as admin
from xincai_gateway.gateway import Gateway, Settings

Forms = tuple[Path, tuple[str, str, str]]
GET = b"GET /.well-known/xincai HTTP/1.1\r\nHost: here\r\n\r\n"


@contextlib.contextmanager
def listening(app: ASGIApp) -> Iterator[int]:
    running = uvicorn.Server(
        uvicorn.Config(app, port=0, log_config=None, lifespan="off", http=server._Impatient)
    )
    listener = socket.create_server(("127.0.0.1", 0))  # as `serve` makes it
    thread = threading.Thread(target=running.run, args=([listener],))
    thread.start()
    try:
        while not running.started:
            clock.pause(0.01)
        yield running.servers[0].sockets[0].getsockname()[1]
    finally:
        running.should_exit = True
        thread.join()


@pytest.fixture
def port(tmp_path: Path, forms: Forms, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(server, "IDLE", 0.3)
    monkeypatch.setattr(bodies, "WHOLE", 0.5)
    gateway = Gateway.open(Settings(tmp_path, practice=True, forms=forms[0]))
    with listening(api.create_app(gateway)) as port:
        yield port
    gateway.close()


def test_the_page_of_a_fault_is_guarded_as_every_page(
    tmp_path: Path, forms: Forms, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError

    gateway = Gateway.open(Settings(tmp_path, practice=True, forms=forms[0]))
    monkeypatch.setattr(admin, "check_origin", broken)
    with listening(admin.create_app(gateway)) as port:
        line = HTTPConnection("127.0.0.1", port, timeout=5)
        line.request("POST", "/admin/object", body="", headers={"Host": "here"})
        reply = line.getresponse()
        assert reply.status == 500
        assert "default-src 'none'" in str(reply.headers["Content-Security-Policy"])
        line.close()
    gateway.close()


@pytest.mark.parametrize("said", [b"", GET[:20]])
def test_a_connection_that_begins_no_request_is_cut(port: int, said: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        line.sendall(said)
        assert line.recv(100) == b""


def test_no_part_of_a_reply_waits_until_the_one_before_is_acknowledged(port: int) -> None:
    line = HTTPConnection("127.0.0.1", port, timeout=5)
    line.request("GET", "/.well-known/xincai")
    line.getresponse().read()
    (there,) = server._Impatient._lines
    held = there.transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    line.close()
    assert held == 1


def test_a_connection_that_asks_again_and_again_stays(port: int) -> None:
    line = HTTPConnection("127.0.0.1", port, timeout=5)
    for _ in range(5):
        line.request("GET", "/.well-known/xincai")
        assert b"xincai-gateway" in line.getresponse().read()
        clock.pause(0.1)
    line.close()


def test_a_body_that_drips_is_refused_in_the_end(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        line.sendall(b"POST /v1/enrol HTTP/1.1\r\nHost: here\r\nContent-Length: 1000\r\n\r\n")
        line.settimeout(0.1)
        reply = b""
        for _ in range(30):
            line.sendall(b" ")
            with contextlib.suppress(TimeoutError):
                reply = line.recv(4096)
                break
        assert reply.startswith(b"HTTP/1.1 408")


def test_a_crowd_of_silent_connections_keeps_nobody_out(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "IDLE", 60)
    monkeypatch.setattr(server._Impatient, "most", 100)
    with contextlib.ExitStack() as held:
        crowd = [
            held.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5)) for _ in range(700)
        ]
        line = HTTPConnection("127.0.0.1", port, timeout=5)
        line.request("GET", "/.well-known/xincai")
        assert line.getresponse().status == 200
        line.close()
        assert crowd[0].recv(1) == b"", "who waited longest went first"
