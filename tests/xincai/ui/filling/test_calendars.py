import pytest

from xincai.ui.filling import calendars


@pytest.mark.parametrize(
    ("calendar", "value", "shown"),
    [
        ("persian", "2026-03-21", "1405-01-01"),
        ("islamic", "2026-06-17", "1448-01-01"),
        ("coptic", "2025-09-11", "1742-01-01"),
        ("coptic", "2023-09-11", "1739-13-06"),
        ("ethiopian", "2025-09-11", "2018-01-01"),
        ("ethiopian", "2007-09-12", "2000-01-01"),
        ("buddhist", "2026-03-15", "2569-03-15"),
        ("bikram-sambat", "2026-03-15", ""),
        ("coptic", "", ""),
    ],
)
def test_a_date_is_said_in_another_calendar(calendar: str, value: str, shown: str) -> None:
    assert calendars.convert(value, calendar) == shown


def test_only_calendars_that_can_be_said_are_named() -> None:
    assert calendars.named("no-calendar persian") == "persian"
    assert calendars.named("myanmar") == ""
