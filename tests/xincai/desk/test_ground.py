"""Land is measured on the ellipsoid, and a bad shape is told apart from a good one."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xincai.desk import ground
from xincai.errors import Problem

ONE_MU = 10000 / 15


def square(side: float, latitude: float = 33.9719, longitude: float = 113.2126) -> str:
    """A square of a side in metres, as a geoshape; degrees are as long as the ellipsoid's at 34 north."""
    up, right = side / 110_927.0, side / 92_398.0
    points = [(0, 0), (0, right), (up, right), (up, 0), (0, 0)]
    return ";".join(f"{latitude + y:.9f} {longitude + x:.9f} 0 0" for y, x in points)


@pytest.mark.parametrize("mu", [0.01, 1, 12.5, 271.6])
def test_a_square_of_known_side_has_its_area(mu: float) -> None:
    parcel = ground.measure(square((mu * ONE_MU) ** 0.5))
    assert parcel.mu == pytest.approx(mu, rel=2e-3)
    assert parcel.perimeter == pytest.approx(4 * (mu * ONE_MU) ** 0.5, rel=2e-3)


@given(st.floats(0.01, 5000))
def test_hectares_are_those_that_a_form_works_out_of_the_mu_it_shows(mu: float) -> None:
    parcel = ground.Parcel(mu * ONE_MU, 0)
    form = Decimal(f"{parcel.mu:.2f}") / 15
    assert abs(Decimal(f"{parcel.hectares:.4f}") - form) <= Decimal("0.00005")


@given(st.floats(10, 2000))
def test_the_direction_of_drawing_makes_no_difference(side: float) -> None:
    shape = square(side)
    back = ";".join(reversed(shape.split(";")))
    assert ground.measure(shape).square_metres == pytest.approx(ground.measure(back).square_metres)


def test_a_boundary_that_crosses_itself_is_refused() -> None:
    with pytest.raises(Problem, match="desk.shape_crosses_itself"):
        ground.measure("33 113 0 0;33.001 113.001 0 0;33 113.001 0 0;33.001 113 0 0;33 113 0 0")


@pytest.mark.parametrize("text", ["a b;c d;e f", "33;34;35", "91 0;0 0;1 1", "0 181;0 0;1 1"])
def test_what_is_no_coordinate_is_refused(text: str) -> None:
    with pytest.raises(Problem, match="desk.shape_unreadable"):
        ground.measure(text)


@pytest.mark.parametrize("text", ["", "33 113", "33 113;34 113;33 113"])
def test_fewer_than_three_corners_enclose_nothing(text: str) -> None:
    with pytest.raises(Problem, match="desk.shape_too_few_points"):
        ground.measure(text)
