import pytest

from xincai.ui.filling.scales.steps import read_steps


@pytest.mark.parametrize(
    ("start", "end", "step", "values"),
    [
        ("0", "10", "5", ["0", "5", "10"]),
        ("-1", "1", "0.5", ["-1", "-0.5", "0", "0.5", "1"]),
        ("0", "1", "0.3", ["0", "0.3", "0.6", "0.9"]),
        ("10", "0", "5", ["10", "5", "0"]),
        ("100", "300", "100", ["100", "200", "300"]),
    ],
)
def test_the_steps_run_from_start_to_end(start: str, end: str, step: str, values: list[str]) -> None:
    steps = read_steps({"start": start, "end": end, "step": step})
    assert steps is not None
    assert [steps.value(place) for place in range(steps.last + 1)] == values
    assert [steps.place(value) for value in values] == list(range(len(values)))


@pytest.mark.parametrize("step", ["0", "x", "NaN", "1e99"])
def test_steps_that_make_no_sense_are_none(step: str) -> None:
    assert read_steps({"start": "0", "end": "10", "step": step}) is None


def test_a_value_off_the_steps_has_no_place() -> None:
    steps = read_steps({"start": "0", "end": "10", "step": "2"})
    assert steps is not None
    assert [steps.place(value) for value in ("3", "12", "-2", "", "x", "4.0")] == [None] * 5 + [2]


def test_ticks_follow_the_form_and_never_crowd() -> None:
    steps = read_steps({"start": "0", "end": "10", "step": "1", "tick-interval": "5"})
    assert steps is not None
    assert steps.ticks == (0, 5, 10)
    wide = read_steps({"start": "0", "end": "1000", "step": "1"})
    assert wide is not None
    assert len(wide.ticks) <= 26
    assert wide.numbered == (0, 1000)
