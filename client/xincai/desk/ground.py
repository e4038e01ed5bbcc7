"""Land measured on the ellipsoid (WGS 84, as CGCS2000 within millimetres).

A geoshape is ODK's `lat lon alt acc;...` in degrees, the first point repeated at the end. 1 mu = 10000/15 m².
"""

from dataclasses import dataclass

from xincai.errors import Problem

SQUARE_METRES_PER_MU = 10000 / 15
_LEAST_POINTS = 3
Point = tuple[float, float]


@dataclass(frozen=True)
class Parcel:
    """Area in square metres, perimeter in metres."""

    square_metres: float
    perimeter: float

    @property
    def mu(self) -> float:
        return self.square_metres / SQUARE_METRES_PER_MU

    @property
    def hectares(self) -> float:
        """As the forms say them (R_HECTARES): of the mu to two places, 15 of which are one."""
        return round(round(self.mu, 2) / 15, 4)


def measure(geoshape: str) -> Parcel:
    """Geodesic area and perimeter of a geoshape; raises Problem when it is no simple polygon."""
    from geographiclib.geodesic import Geodesic

    points = corners(geoshape)
    polygon = Geodesic.WGS84.Polygon()
    for latitude, longitude in points:
        polygon.AddPoint(latitude, longitude)
    _, perimeter, area = polygon.Compute()
    return Parcel(abs(area), perimeter)


def corners(geoshape: str) -> tuple[Point, ...]:
    """The corners, without the repeated last one; raises Problem for a bad or self-crossing shape."""
    try:
        points = [_point(text) for text in geoshape.split(";") if text.strip()]
    except (ValueError, IndexError) as error:
        raise Problem("desk.shape_unreadable") from error
    if len(points) > 1 and points[0] == points[-1]:
        points.pop()
    if len(points) < _LEAST_POINTS:
        raise Problem("desk.shape_too_few_points", points=len(points))
    if _crosses(points):
        raise Problem("desk.shape_crosses_itself")
    return tuple(points)


def _point(text: str) -> Point:
    latitude, longitude = (float(part) for part in text.split()[:2])
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError(text)
    return latitude, longitude


def _crosses(points: list[Point]) -> bool:
    """Whether two edges that are not neighbours meet."""
    edges = list(zip(points, points[1:] + points[:1], strict=True))
    last = len(edges) - 1
    return any(
        _meet(*edges[i], *edges[j])
        for i in range(len(edges))
        for j in range(i + 2, len(edges))
        if not (i == 0 and j == last)
    )


def _meet(a: Point, b: Point, c: Point, d: Point) -> bool:
    return _side(a, b, c) * _side(a, b, d) <= 0 and _side(c, d, a) * _side(c, d, b) <= 0


def _side(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
