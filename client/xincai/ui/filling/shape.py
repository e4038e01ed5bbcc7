"""Polygons as text: what a geoshape stores, what people paste, what GeoJSON files hold.

Pure. A point is (latitude, longitude) in degrees, WGS 84 or CGCS2000; a ring is its corners once, not closed.
Area is not computed here: the desk does that on the ellipsoid.
"""

import json
import math
import re
from collections.abc import Iterable

from xincai.desk import Entry

Point = tuple[float, float]
Ring = tuple[Point, ...]

_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
_BREAK = re.compile(r"[;；\n\r]+")
# China's own frame tells which of two pasted numbers is the longitude.
_NORTHMOST = 54.0


def read_point(text: str) -> Point | None:
    """One corner from `33.97 113.21`, `113.21,33.97` or a stored `lat lon alt acc`; None when it is none."""
    numbers = [float(part) for part in _NUMBER.findall(text)]
    if len(numbers) < 2:
        return None
    first, second = numbers[:2]
    if first > _NORTHMOST and abs(second) <= _NORTHMOST:
        first, second = second, first
    return (first, second) if abs(first) <= 90 and abs(second) <= 180 else None


def read_ring(text: str) -> tuple[Ring, int]:
    """The corners in a text, one per line or `;`, and the number (from 1) of the first wrong line, or 0."""
    points: list[Point] = []
    lines = [line for line in _BREAK.split(text) if line.strip()]
    for number, line in enumerate(lines, start=1):
        point = read_point(line)
        if point is None:
            return tuple(points), number
        points.append(point)
    return _open(points), 0


def known_place(entries: Iterable[Entry]) -> Point | None:
    """A place that a filling holds already: a point or the first corner of an outline."""
    for entry in entries:
        if entry.type in ("geopoint", "geoshape", "geotrace") and entry.value:
            return read_point(entry.value.split(";")[0])
    return None


def read_geojson(data: bytes) -> tuple[Ring, ...]:
    """The outer rings of all polygons in a GeoJSON text; empty when it holds none or is not GeoJSON."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return ()
    return tuple(_polygons(document))


def read_height(text: str) -> tuple[float, float]:
    """(Altitude, accuracy) in metres behind the two degrees of a typed or stored point; 0 where not said."""
    numbers = [float(part) for part in _NUMBER.findall(text)][2:4]
    altitude, accuracy = (*numbers, 0.0, 0.0)[:2]
    return altitude, max(accuracy, 0.0)


def write_point(point: Point, altitude: float = 0.0, accuracy: float = 0.0) -> str:
    """A point as a geopoint stores it."""
    return f"{_degrees(point[0])} {_degrees(point[1])} {altitude:g} {accuracy:g}"


def write_ring(ring: Ring) -> str:
    """A ring as a geoshape stores it, closed; "" when it has no corner."""
    return "; ".join(write_point(point) for point in (*ring, ring[0])) if ring else ""


def crossing(ring: Ring) -> tuple[int, int] | None:
    """The numbers (from 1) of two sides that cross, the side n running from corner n; None when none do."""
    count = len(ring)
    sides = [(ring[n], ring[(n + 1) % count]) for n in range(count)]
    for one in range(count):
        for other in range(one + 2, count):
            if one == 0 and other == count - 1:
                continue
            if _cross(*sides[one], *sides[other]):
                return one + 1, other + 1
    return None


class Plane:
    """Metres east and north of a place: flat enough for a field, for drawing only."""

    def __init__(self, origin: Point) -> None:
        self.origin = origin
        self._east = 111_320.0 * max(math.cos(math.radians(origin[0])), 0.01)
        self._north = 110_574.0

    def metres(self, point: Point) -> tuple[float, float]:
        """(east, north) of a point."""
        return (point[1] - self.origin[1]) * self._east, (point[0] - self.origin[0]) * self._north

    def point(self, east: float, north: float) -> Point:
        """The point at so many metres."""
        return self.origin[0] + north / self._north, self.origin[1] + east / self._east


def centre(ring: Ring) -> Point:
    """The middle of a ring's corners."""
    return sum(p[0] for p in ring) / len(ring), sum(p[1] for p in ring) / len(ring)


def _open(points: list[Point]) -> Ring:
    return tuple(points[:-1] if len(points) > 1 and points[0] == points[-1] else points)


def _degrees(value: float) -> str:
    return f"{value:.7f}".rstrip("0").rstrip(".")


def _polygons(node: object) -> list[Ring]:
    if isinstance(node, list):
        return [ring for item in node for ring in _polygons(item)]
    if not isinstance(node, dict):
        return []
    if node.get("type") == "Polygon":
        return _outer(node.get("coordinates"))
    if node.get("type") == "MultiPolygon" and isinstance(node.get("coordinates"), list):
        return [ring for polygon in node["coordinates"] for ring in _outer(polygon)]
    return [
        ring for key in ("features", "geometry", "geometries") if key in node for ring in _polygons(node[key])
    ]


def _outer(coordinates: object) -> list[Ring]:
    if not isinstance(coordinates, list) or not coordinates or not isinstance(coordinates[0], list):
        return []
    points: list[Point] = []
    for pair in coordinates[0]:
        if (
            not isinstance(pair, list)
            or len(pair) < 2
            or not all(isinstance(n, int | float) for n in pair[:2])
        ):
            return []
        longitude, latitude = float(pair[0]), float(pair[1])
        if abs(latitude) > 90 or abs(longitude) > 180:
            return []
        points.append((latitude, longitude))
    return [_open(points)] if len(points) >= 4 else []


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    turns = (_turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b))
    if turns[0] * turns[1] < 0 and turns[2] * turns[3] < 0:
        return True
    return any(
        turn == 0 and _between(*side)
        for turn, side in zip(turns, ((a, b, c), (a, b, d), (c, d, a), (c, d, b)), strict=True)
    )


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _between(a: Point, b: Point, c: Point) -> bool:
    return min(a[0], b[0]) <= c[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])
