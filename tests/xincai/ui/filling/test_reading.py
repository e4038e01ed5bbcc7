"""What people type, read without a screen."""

import datetime

import pytest

from xincai.ui.filling import dates, money, pinyin, shape
from xincai.ui.filling.text import mask

TODAY = datetime.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("20260315", "2026-03-15"),
        ("3.15", "2026-03-15"),
        ("2026年3月5日", "2026-03-05"),
        ("２０２６/3/5", "2026-03-05"),
        ("昨天", "2026-11-21"),
        ("长期", "2099-12-31"),
        ("20260230", ""),
        ("春天", ""),
    ],
)
def test_dates_are_read_as_people_type_them(typed: str, value: str) -> None:
    assert dates.read_date(typed, TODAY) == value


def test_months_and_years_are_dates_too() -> None:
    assert dates.read_date("202603", TODAY, grain="month") == "2026-03-01"
    assert dates.read_date("2026", TODAY, grain="year") == "2026-01-01"


@pytest.mark.parametrize(
    ("typed", "value"), [("930", "09:30"), ("9:05", "09:05"), ("14点半", "14:30"), ("25:00", ""), ("x", "")]
)
def test_times_are_read_as_people_type_them(typed: str, value: str) -> None:
    assert dates.read_time(typed, "+08:00") == (f"{value}:00.000+08:00" if value else "")


def test_what_a_person_types_is_read_as_digits() -> None:
    assert money.plain("１，２３４．５") == "1234.5"


def test_names_are_found_by_their_initials() -> None:
    assert pinyin.matches("lhc", "柳河村")
    assert pinyin.matches("jx", "郏县")
    assert pinyin.matches("河", "柳河村")
    assert not pinyin.matches("wz", "柳河村")


def test_points_are_read_in_either_order() -> None:
    assert shape.read_point("113.21,33.97") == shape.read_point("33.97 113.21 0 0") == (33.97, 113.21)
    assert shape.read_point("村口") is None
    assert shape.read_point("95 200") is None


def test_a_ring_is_written_closed_and_read_open() -> None:
    ring = ((33.97, 113.21), (33.97, 113.22), (33.98, 113.22))
    assert shape.read_ring(shape.write_ring(ring)) == (ring, 0)


def test_crossing_sides_are_named() -> None:
    assert shape.crossing(((0, 0), (1, 1), (1, 0), (0, 1))) == (1, 3)
    assert shape.crossing(((0, 0), (0, 1), (1, 1), (1, 0))) is None


@pytest.mark.parametrize(
    "text", [b"", b"[1", b'{"type": "Polygon", "coordinates": [[[1, 2], "x"]]}', b"[" * 5000]
)
def test_hostile_geojson_gives_no_outline(text: bytes) -> None:
    assert shape.read_geojson(text) == ()


def test_masks_show_ends_only() -> None:
    assert mask("410499199001010010") == "410499********0010"
    assert mask("6200001") == "6******"
