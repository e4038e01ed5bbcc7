"""When deliveries begin by themselves, by a clock that is turned by hand."""

import pytest

from xincai.desk import Network, Schedule
from xincai.errors import Problem
from xincai.sync import Trouble
from xincai.wire.codes import Help


class Hands:
    """A clock turned by hand."""

    def __init__(self) -> None:
        self.at = 1000.0

    def now(self) -> float:
        return self.at


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def schedule(hands: Hands) -> Schedule:
    """One that may deliver by itself, where chance is always in the middle."""
    result = Schedule(hands.now, lambda count: b"\x7f" * count)
    result.use(automatic=True, metered=False)
    return result


def waits(schedule: Schedule) -> float:
    outlook = schedule.outlook()
    assert outlook.state == "due"
    return outlook.seconds


def delivered(schedule: Schedule, *, is_open: bool = False) -> None:
    schedule.begun()
    schedule.ended(is_open=is_open)


def trouble(wait: float | None = None, helps: Help = Help.RETRY) -> Trouble:
    return Trouble("sync.unreachable", helps=helps, wait=wait)


def test_soon_after_unlocking_one_begins_and_then_only_now_and_then(schedule: Schedule, hands: Hands) -> None:
    assert waits(schedule) == 20
    assert not schedule.is_due()
    hands.at += 20
    assert schedule.is_due()
    delivered(schedule)
    assert waits(schedule) == 3600
    delivered(schedule, is_open=True)
    assert waits(schedule) == 300


def test_nothing_begins_when_it_is_off_or_while_one_runs_or_is_paused(
    schedule: Schedule, hands: Hands
) -> None:
    hands.at += 10_000
    assert schedule.is_due()
    for step, state in ((schedule.begun, "running"), (schedule.paused, "paused")):
        step()
        assert schedule.outlook().state == state
        assert not schedule.is_due()
    schedule.stopped()
    assert waits(schedule) == 3600
    schedule.use(automatic=False, metered=False)
    hands.at += 10_000
    assert schedule.outlook().state == "off"
    assert not schedule.is_due()
    schedule.use(automatic=True, metered=False)
    assert waits(schedule) == 20


def test_sealing_puts_it_off_but_not_for_ever(schedule: Schedule, hands: Hands) -> None:
    delivered(schedule)
    schedule.sealed()
    assert waits(schedule) == 300
    for _ in range(20):
        hands.at += 100
        schedule.sealed()
    assert schedule.is_due()
    delivered(schedule)
    schedule.sealed()
    assert waits(schedule) == 300


def test_trouble_puts_it_off_longer_each_time_up_to_an_hour(schedule: Schedule) -> None:
    spans = []
    for _ in range(9):
        schedule.begun()
        schedule.failed(trouble())
        spans.append(waits(schedule))
    assert spans == pytest.approx([min(60 * 2**n, 3600) for n in range(9)], rel=0.01)
    assert schedule.outlook().problem is not None
    delivered(schedule)
    assert schedule.outlook().problem is None
    schedule.failed(trouble())
    assert waits(schedule) == pytest.approx(60, rel=0.01)


def test_chance_spreads_the_computers_of_a_county(hands: Hands) -> None:
    spans = set()
    for byte in range(256):
        schedule = Schedule(hands.now, lambda count, byte=byte: bytes([byte]) * count)  # type: ignore[misc]  # bound now
        schedule.use(automatic=True, metered=False)
        schedule.failed(trouble())
        spans.add(waits(schedule))
    assert len(spans) == 256
    assert (min(spans), max(spans)) == (45, 75)


def test_the_platforms_own_wish_and_what_only_a_person_can_cure_wait_longer(schedule: Schedule) -> None:
    schedule.failed(trouble(wait=1800))
    assert waits(schedule) == pytest.approx(1800, rel=0.01)
    schedule.failed(trouble(helps=Help.CORRECT))
    assert waits(schedule) == pytest.approx(3600, rel=0.01)
    schedule.failed(Problem("vault.read_only"))
    assert waits(schedule) == pytest.approx(3600, rel=0.01)


def test_sealing_does_not_shorten_a_wait_after_trouble(schedule: Schedule, hands: Hands) -> None:
    for _ in range(6):
        schedule.failed(trouble())
    before = waits(schedule)
    hands.at += 1
    schedule.sealed()
    assert waits(schedule) == before - 1


def test_without_a_network_it_waits_and_a_network_that_is_back_is_tried_soon(
    schedule: Schedule, hands: Hands
) -> None:
    for _ in range(6):
        schedule.failed(trouble())
    schedule.watch(Network(online=False))
    hands.at += 10_000
    assert schedule.outlook().state == "offline"
    assert not schedule.is_due()
    schedule.watch(Network())
    assert waits(schedule) == pytest.approx(10, rel=0.01)
    schedule.watch(Network())
    hands.at += 11
    assert schedule.is_due()
    schedule.failed(trouble())
    assert waits(schedule) == pytest.approx(60, rel=0.01)


def test_a_network_paid_for_by_volume_is_used_when_that_is_allowed(schedule: Schedule, hands: Hands) -> None:
    hands.at += 10_000
    schedule.watch(Network(metered=True))
    assert schedule.outlook().state == "metered"
    assert not schedule.is_due()
    schedule.use(automatic=True, metered=True)
    assert schedule.is_due()
