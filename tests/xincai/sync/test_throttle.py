"""A bound on the upload: by a clock that is turned by hand, and over a real socket."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from gateway_here import Office
from strange_server import http, strange

from xincai import clock
from xincai.errors import Problem
from xincai.sync import Line, Platform, deliver
from xincai.sync.platform import Patience
from xincai.sync.throttle import Throttle
from xincai.wire.digest import sm3


@dataclass
class Hands:
    """A clock that only its sleeper turns."""

    at: float = 100.0
    slept: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.at

    def pause(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds


def nothing() -> None:
    """Nobody cancels."""


@pytest.mark.parametrize("limit", [8 * 1024, 64 * 1024, 1024 * 1024])
def test_bytes_take_the_time_that_the_bound_says(limit: int) -> None:
    hands = Hands()
    throttle = Throttle(limit, monotonic=hands.now, pause=hands.pause)
    count, sent, held = 3 * limit, 0, 0.0
    while sent < count:
        held += throttle.hold(throttle.piece, nothing)
        sent += throttle.piece
    assert hands.at - 100.0 == pytest.approx((sent - throttle.piece) / limit)
    assert held == pytest.approx(hands.at - 100.0)
    assert max(hands.slept) <= 0.2


def test_silence_is_no_credit() -> None:
    hands = Hands()
    throttle = Throttle(1000, monotonic=hands.now, pause=hands.pause)
    throttle.hold(1000, nothing)
    hands.at += 60
    throttle.hold(1000, nothing)
    assert throttle.hold(1000, nothing) == pytest.approx(1.0)


def test_without_a_bound_nothing_waits() -> None:
    hands = Hands()
    throttle = Throttle(0, monotonic=hands.now, pause=hands.pause)
    assert [throttle.hold(10**9, nothing) for _ in range(3)] == [0.0] * 3
    assert hands.slept == []


def test_who_cancels_does_not_wait_for_the_bound() -> None:
    hands = Hands()
    throttle = Throttle(10, monotonic=hands.now, pause=hands.pause)
    throttle.hold(1000, nothing)

    def check() -> None:
        if hands.at > 101:
            raise Problem("sync.cancelled")

    with pytest.raises(Problem, match="sync.cancelled"):
        throttle.hold(1, check)
    assert hands.at < 102


def test_over_a_real_socket_an_upload_keeps_to_the_bound_and_arrives_whole() -> None:
    data = hashlib.shake_256(b"photo").digest(96 * 1024)

    def answer(request: bytes) -> Iterator[bytes]:
        del request
        yield http(201, Upload_Offset=str(len(data)), Upload_Complete="?1")

    with strange(answer) as server:
        patience = Patience(connect=2, silence=2, whole=0.3)  # what the bound holds back does not count
        with Platform(server.url, line=Line(limit=128), patience=patience) as platform:
            began = clock.monotonic()
            assert platform.put_blob(sm3(data), data, 0, len(data)).complete
            spent = clock.monotonic() - began
        assert server.heard[0].endswith(data)
    rate = len(server.heard[0]) / spent
    assert rate <= 128 * 1024 * 1.25, f"{rate / 1024:.0f} KB/s"  # the first piece goes at once
    assert spent >= (len(data) - 16 * 1024) / (128 * 1024)


def test_a_delivery_under_a_bound_settles(office: Office) -> None:
    office.batch(2, photo=b"\xff\xd8" + clock.random_bytes(60_000))
    device = office.vault.device()
    assert device is not None
    with Platform(device.gateway_url, device.token, line=Line(limit=128)) as platform:
        began = clock.monotonic()
        assert deliver(office.vault, platform).settled == 1
        assert clock.monotonic() - began >= 0.3
