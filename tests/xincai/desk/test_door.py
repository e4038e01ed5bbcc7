"""Guesses at the door wait."""

import datetime
from contextlib import AbstractContextManager

import pytest
from desk_office import PASSPHRASE, Office

from xincai import clock
from xincai.desk import Desk, door
from xincai.errors import Problem, explain

NOON = datetime.datetime(2026, 11, 22, 4, 0, tzinfo=datetime.UTC)


def at(seconds: float) -> AbstractContextManager[None]:
    return clock.fixed(NOON + datetime.timedelta(seconds=seconds), seed=str(seconds))


def tried(desk: Desk, seconds: float, secret: str = "not the passphrase") -> str:
    """What comes of a try at a moment; "" when it opens."""
    with at(seconds):
        try:
            desk.unlock(secret)
        except Problem as problem:
            explain(problem)
            return f"{problem.code} {problem.facts.get('seconds', '')}".strip()
    return ""


def test_after_five_guesses_each_waits_twice_as_long(office: Office) -> None:
    desk = office.again()
    assert {tried(desk, number) for number in range(5)} == {"vault.wrong_passphrase"}
    assert tried(desk, 5) == "desk.wait_at_door 29"
    assert tried(desk, 33.5) == "desk.wait_at_door 1"
    assert tried(desk, 34) == "vault.wrong_passphrase"
    assert tried(desk, 35) == "desk.wait_at_door 59"
    assert tried(desk, 94) == "vault.wrong_passphrase"
    assert tried(desk, 95, PASSPHRASE) == "desk.wait_at_door 119"
    assert tried(desk, 214, PASSPHRASE) == ""
    (event,) = office.vault.find_events("guesses", None, None, 5)
    assert event.facts == {"count": 7}
    assert not (desk.folder / door.NAME).exists()


def test_a_program_started_afresh_waits_on(office: Office) -> None:
    desk = office.again()
    for number in range(5):
        tried(desk, number)
    assert tried(office.again(), 10) == "desk.wait_at_door 24"
    with at(10), pytest.raises(Problem, match=r"desk\.wait_at_door"):
        desk.unlock_with_recovery(office.code)


def test_no_wait_is_longer_than_an_hour_whatever_the_clock_does(office: Office) -> None:
    desk = office.again()
    with at(0):
        for _ in range(40):
            door.guessed(desk.folder)
    assert tried(desk, 1) == "desk.wait_at_door 3599"
    assert tried(desk, -1_000_000) == "desk.wait_at_door 3600"
    assert tried(desk, -1_000_000 + 3600, PASSPHRASE) == ""


@pytest.mark.parametrize("data", [b"", b"[]", b"\xff", b'{"guesses": "x", "last": 1}', b'{"guesses": 9}'])
def test_a_scribbled_file_locks_nobody_out(office: Office, data: bytes) -> None:
    desk = office.again()
    (desk.folder / door.NAME).write_bytes(data)
    assert tried(desk, 0, PASSPHRASE) == ""


def test_a_folder_that_cannot_be_written_locks_nobody_out(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = office.again()
    (desk.folder / door.NAME).mkdir()
    assert [tried(desk, number) for number in range(7)] == ["vault.wrong_passphrase"] * 7
    assert tried(desk, 8, PASSPHRASE) == ""
