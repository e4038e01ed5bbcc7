import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from gateway_here import GatewayHere, Office

from xincai.errors import Problem
from xincai.sync import PracticeGateway, enrol, practice
from xincai.vault import Vault


def test_the_practice_gateway_starts_takes_a_batch_and_stops(
    tmp_path: Path, gateway: GatewayHere, new_vault: Callable[[], Vault]
) -> None:
    started = PracticeGateway.start(tmp_path / "演练 平台")
    try:
        assert started.running
        if os.name == "posix":
            assert (tmp_path / "演练 平台").stat().st_mode & 0o077 == 0
        assert started.url.startswith("http://127.0.0.1:")
        vault = new_vault()
        enrol(vault, started.url, started.code)
        device = vault.device()
        assert device is not None
        assert device.practice
        assert device.recipient == started.gateway
        office = Office(vault, gateway)
        office.batch(2)
        assert office.deliver(started.url).settled == 1
    finally:
        started.stop()
    assert not started.running
    started.stop()


def test_a_gateway_that_does_not_come_up_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for program in ([sys.executable, "-c", "print('no')"], [str(tmp_path / "nowhere")]):
        monkeypatch.setattr(practice, "_program", lambda found=program: found)
        with pytest.raises(Problem, match=r"sync\.practice_down"):
            PracticeGateway.start(tmp_path / "g")


def test_a_gateway_that_says_nothing_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sleeper = [sys.executable, "-c", "import time; time.sleep(60)"]
    monkeypatch.setattr(practice, "_program", lambda: sleeper)
    with pytest.raises(Problem, match=r"sync\.practice_down"):
        PracticeGateway.start(tmp_path / "g", patience=0.3)


def test_the_frozen_program_plays_the_gateway_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert practice._program() == [sys.executable, "gateway"]


def test_a_folder_that_cannot_be_had_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Problem, match=r"sync\.practice_down"):
        PracticeGateway.start(tmp_path / "file" / "practice")
