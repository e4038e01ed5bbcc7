"""Secondary instances from files: CSV, XML and GeoJSON become rows."""

import csv
import io
from typing import Any

from lxml import etree

from xincai.errors import Problem
from xincai.xforms.reading.document import local, named, parse_xml
from xincai.xforms.tree import Item, Row

MOST_ROWS = 1_000_000
MOST_CELLS = 4_000_000


def from_element(element: etree._Element, parent: Item | None = None) -> Item:
    """An inline instance; elements that hold only distinct plain texts become rows."""
    children = list(element)
    if parent is not None and children and not element.attrib:
        cells = _cells(children)
        if cells is not None:
            return Row.of(local(element), parent, cells, 1)
    text = "" if children else element.text or ""
    item = Item(local(element), parent, text, _attributes(element))
    for child in children:
        item.add(from_element(child, item))
    return item


def _attributes(element: etree._Element) -> dict[str, str]:
    return {named(key)[1]: value for key, value in element.items()}


class Inline(Item):
    """A list written in the form, read when someone first looks into it."""

    __slots__ = ("element",)

    def __init__(self, element: etree._Element) -> None:
        text = "" if len(element) else element.text or ""
        super().__init__(local(element), None, text, _attributes(element))
        self.element: etree._Element | None = element

    def _grow(self) -> dict[str, list[Item]]:
        element, self.element = self.element, None
        kids: dict[str, list[Item]] = {}
        for child in () if element is None else element:
            same = kids.setdefault(local(child), [])
            same.append(from_element(child, self))
            same[-1].position = len(same)
        return kids


def from_file(name: str, data: bytes) -> Item:
    """An external instance by the file's ending.

    Raises:
        Problem: `xforms.bad_list_file` (name) when the bytes are not what the ending says.
    """
    lower = name.lower()
    if lower.endswith(".xml"):
        return from_element(parse_xml(data))
    try:
        if lower.endswith((".geojson", ".json")):
            return _geojson(data)
        return _csv(data)
    except (ValueError, csv.Error, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise Problem("xforms.bad_list_file", name=name) from error


def _cells(children: list[etree._Element]) -> dict[str, str] | None:
    """Texts by name; None unless the children hold distinct plain texts and nothing else."""
    cells: dict[str, str] = {}
    for child in children:
        if len(child) or child.keys():
            return None
        cells[local(child)] = child.text or ""
    return cells if len(cells) == len(children) else None


def _csv(data: bytes) -> Item:
    text = data.decode("utf-8-sig")
    head = io.StringIO(text, newline="").readline()
    delimiter = next((mark for mark in ",;\t|" if mark in head), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    columns = [name.strip() for name in next(reader, [])]
    return _table(columns, list(filter(any, reader)))


class Table(Item):
    """Rows of a file, made when someone first looks into them."""

    __slots__ = ("columns", "rows")

    def __init__(self, columns: list[str], rows: list[list[str]]) -> None:
        super().__init__("root", None, "", {})
        self.columns = columns
        self.rows = rows

    def _grow(self) -> dict[str, list[Item]]:
        rows, self.rows = self.rows, []
        width, columns = len(self.columns), {name: at for at, name in enumerate(self.columns)}
        for row in rows:
            row.extend([""] * (width - len(row)))
        return {"item": [Row("item", self, columns, row, number) for number, row in enumerate(rows, 1)]}


def _table(columns: list[str], rows: list[list[str]]) -> Item:
    if len(rows) > MOST_ROWS or len(rows) * len(columns) > MOST_CELLS:
        raise ValueError(len(rows))
    return Table(columns, rows)


def _geojson(data: bytes) -> Item:
    import json

    document = json.loads(data.decode("utf-8-sig"))
    if document["type"] != "FeatureCollection":
        raise ValueError(document["type"])
    root = Item("root", None, "", {})
    items = root.kids.setdefault("item", [])
    for number, feature in enumerate(document["features"], 1):
        cells = {key: "" if value is None else str(value) for key, value in feature["properties"].items()}
        cells["geometry"] = _geometry(feature["geometry"])
        if "id" in feature:
            cells.setdefault("id", str(feature["id"]))
        items.append(Row.of("item", root, cells, number))
    return root


def _geometry(geometry: Any) -> str:  # noqa: ANN401 - JSON; a wrong shape raises, and the caller says so
    """A geometry as ODK text: `lat lon 0 0`, points separated by `;`."""
    coordinates, kind = geometry["coordinates"], geometry["type"]
    points = [coordinates] if kind == "Point" else coordinates[0] if kind == "Polygon" else coordinates
    return "; ".join(f"{point[1]} {point[0]} 0 0" for point in points)
