"""Areas and distances on the sphere that JavaRosa uses (radius 6,378,100 m), so that figures agree.

Points are `lat lon [alt [accuracy]]`; traces and shapes are points separated by `;`. `area` takes the plane
of the first point, segment by segment; it suits parcels, not countries.
"""

import itertools
import math
from collections.abc import Sequence

from xincai.xforms.xpath.values import NAN, Value, to_string

RADIUS = 6_378_100.0
Point = tuple[float, float]


def points(parts: Sequence[Value]) -> list[Point] | None:
    """Points of one or more values, None when any is malformed."""
    found: list[Point] = []
    for part in parts:
        for text in to_string(part).split(";"):
            if not text.strip():
                continue
            point = _point(text)
            if point is None:
                return None
            found.append(point)
    return found


def area(parts: Sequence[Value]) -> float:
    """Square metres within a shape."""
    shape = points(parts)
    if shape is None:
        return NAN
    if len(shape) < 3:
        return 0.0
    round_the_world = 2 * math.pi * RADIUS
    lat0, lon0 = shape[0]
    flat = [
        (
            (lon - lon0) * round_the_world * math.cos(math.radians(lat)) / 360.0,
            (lat - lat0) * round_the_world / 360.0,
        )
        for lat, lon in shape[1:]
    ]
    return abs(sum((y1 * x2 - x1 * y2) / 2 for (x1, y1), (x2, y2) in itertools.pairwise(flat)))


def distance(*parts: Sequence[Value]) -> float:
    """Metres along a line."""
    line = points([value for part in parts for value in part])
    if line is None:
        return NAN
    return sum((_between(a, b) for a, b in itertools.pairwise(line)), 0.0)


def geofence(place: str, parts: Sequence[Value]) -> bool:
    """Whether a point lies within a closed shape; on its border, as JavaRosa's ray has it."""
    inside, shape = points([place]), points(parts)
    if not inside or not shape:
        return False
    (lat, lon), odd = inside[0], False
    for (lat1, lon1), (lat2, lon2) in itertools.pairwise(shape):
        if (lat2 > lat) != (lat1 > lat) and lon < (lon1 - lon2) * (lat - lat2) / (lat1 - lat2) + lon2:
            odd = not odd
    return odd


def intersects(parts: Sequence[Value]) -> bool:
    """Whether a line or outline crosses itself."""
    line = points(parts) or []
    edges = list(itertools.pairwise(line))
    closed = len(line) > 2 and line[0] == line[-1]
    for first, (a, b) in enumerate(edges):
        for second in range(first + 2, len(edges)):
            if closed and first == 0 and second == len(edges) - 1:
                continue
            if _cross(a, b, *edges[second]):
                return True
    return False


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    return (
        _side(a, b, c) * _side(a, b, d) <= 0 and _side(c, d, a) * _side(c, d, b) <= 0 and _boxes(a, b, c, d)
    )


def _side(a: Point, b: Point, c: Point) -> float:
    turn = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (turn > 0) - (turn < 0)


def _boxes(a: Point, b: Point, c: Point, d: Point) -> bool:
    return all(max(min(a[k], b[k]), min(c[k], d[k])) <= min(max(a[k], b[k]), max(c[k], d[k])) for k in (0, 1))


def _between(a: Point, b: Point) -> float:
    lat1, lat2 = math.radians(a[0]), math.radians(b[0])
    turn = math.cos(math.radians(b[1] - a[1]))
    cosine = math.sin(lat1) * math.sin(lat2) + math.cos(lat1) * math.cos(lat2) * turn
    return RADIUS * math.acos(max(-1.0, min(1.0, cosine)))


def _point(text: str) -> Point | None:
    try:
        numbers = [float(part) for part in text.split()]
    except ValueError:
        return None
    if not 2 <= len(numbers) <= 4 or not all(map(math.isfinite, numbers)):
        return None
    if abs(numbers[0]) > 90 or abs(numbers[1]) > 180:
        return None
    return numbers[0], numbers[1]
