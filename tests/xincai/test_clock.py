"""The one clock: instants are UTC, ids are random, both can be held still."""

import datetime
import uuid

import pytest

from xincai import clock

NOON = datetime.datetime(2026, 3, 15, 12, tzinfo=datetime.UTC)


def test_a_stamp_reads_back_to_the_second() -> None:
    assert clock.parse_stamp(clock.stamp(NOON)) == NOON
    shanghai = NOON.astimezone(datetime.timezone(datetime.timedelta(hours=8)))
    assert clock.stamp(shanghai) == "2026-03-15T12:00:00Z"


@pytest.mark.parametrize("text", ["", "2026-03-15", "2026-02-30T00:00:00Z", "2026-03-15T12:00:00+08:00"])
def test_what_is_no_stamp_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"does not match|out of range|unconverted"):
        clock.parse_stamp(text)


def test_ids_are_version_4_and_differ() -> None:
    ids = {clock.new_id() for _ in range(100)}
    assert len(ids) == 100
    assert {uuid.UUID(each).version for each in ids} == {4}


def test_a_fixed_clock_repeats_itself_and_then_runs_on() -> None:
    def drawn() -> tuple[datetime.datetime, str, bytes]:
        with clock.fixed(NOON, seed="golden"):
            return clock.now(), clock.new_id(), clock.random_bytes(8)

    assert drawn() == drawn()
    assert clock.now().year >= 2026
    assert clock.now() != NOON
