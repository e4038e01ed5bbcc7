"""Secondary instances from files: CSV, XML and GeoJSON become rows."""

import csv
import io
import json
from typing import Any

from lxml import etree

from xincai.errors import Problem
from xincai.xforms.reading.document import local, parse_xml
from xincai.xforms.tree import Item, Row

MOST_ROWS = 1_000_000
MOST_CELLS = 4_000_000


def from_element(element: etree._Element, parent: Item | None = None) -> Item:
    """An inline instance; elements that hold only distinct plain texts become rows."""
    children = list(element)
    if parent is not None and children and not element.attrib:
        cells = _cells(children)
        if cells is not None:
            return Row(local(element), parent, cells, 1)
    text = "" if children else element.text or ""
    item = Item(local(element), parent, text, {str(k).rpartition("}")[2]: str(v) for k, v in element.items()})
    for child in children:
        item.add(from_element(child, item))
    return item


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
    head = text.partition("\n")[0]
    delimiter = ";" if ";" in head and "," not in head else "\t" if "\t" in head and "," not in head else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    columns = [name.strip() for name in next(reader, [])]
    return _table(columns, [row for row in reader if any(row)])


def _table(columns: list[str], rows: list[list[str]]) -> Item:
    if len(rows) > MOST_ROWS or len(rows) * len(columns) > MOST_CELLS:
        raise ValueError(len(rows))
    root = Item("root", None, "", {})
    items = root.kids.setdefault("item", [])
    width = len(columns)
    for number, row in enumerate(rows, 1):
        cells = dict(zip(columns, row, strict=False))
        if len(row) < width:
            cells.update(dict.fromkeys(columns[len(row) :], ""))
        items.append(Row("item", root, cells, number))
    return root


def _geojson(data: bytes) -> Item:
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
        items.append(Row("item", root, cells, number))
    return root


def _geometry(geometry: Any) -> str:  # noqa: ANN401 - JSON; a wrong shape raises, and the caller says so
    """A geometry as ODK text: `lat lon 0 0`, points separated by `;`."""
    coordinates, kind = geometry["coordinates"], geometry["type"]
    points = [coordinates] if kind == "Point" else coordinates[0] if kind == "Polygon" else coordinates
    return "; ".join(f"{point[1]} {point[0]} 0 0" for point in points)
