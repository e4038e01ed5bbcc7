import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

Open = Callable[..., Any]

LAND = """
| survey |
|  | type     | name  | label | required |
|  | geopoint | place | 位置 | |
|  | geoshape | shape | 边界 | yes |
| settings |
|  | form_id | version | form_title |
|  | land | 1 | 地块 |
"""
SQUARE = "113.2100,33.9700\n113.2110,33.9700\n113.2110,33.9710\n113.2100,33.9710"


def _located(open_form: Open) -> Any:
    hand = open_form(LAND)
    hand.page.open_at("/data/place")
    hand.type("113.21 33.97")
    hand.enter()
    assert hand.value("/data/place") == "33.97 113.21 0 0"
    hand.page.open_at("/data/shape")
    return hand


def test_an_outline_is_drawn_and_its_area_shown(open_form: Open) -> None:
    hand = open_form(LAND)
    hand.page.open_at("/data/shape")
    assert hand.pen.objectName() == "locate:/data/shape"
    hand.type("33.97, 113.21")
    hand.enter()
    assert hand.pen.objectName() == "q:/data/shape"
    for at in ((100, 60), (400, 60), (400, 260)):
        hand.click("q:/data/shape", at)
    corners = hand.value("/data/shape").split("; ")
    assert len(corners) == 4
    assert corners[0] == corners[-1]
    parcel = hand.filling.area(hand.value("/data/shape"))
    assert parcel.mu == pytest.approx(parcel.square_metres * 0.0015, rel=1e-6)
    assert f"面积 {parcel.mu:,.2f} 亩（{parcel.hectares:,.4f} 公顷）" in hand.words("/data/shape")


def test_corners_are_moved_deleted_and_brought_back(open_form: Open) -> None:
    hand = open_form(LAND)
    hand.page.open_at("/data/shape")
    hand.type("33.97, 113.21")
    hand.enter()
    for at in ((100, 60), (400, 60), (400, 260), (100, 260)):
        hand.click("q:/data/shape", at)
    four = hand.value("/data/shape")
    canvas = hand.find("q:/data/shape")
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(400, 260))
    QTest.mouseMove(canvas, QPoint(440, 280))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(440, 280))
    moved = hand.value("/data/shape")
    assert moved != four
    QTest.keyClick(canvas, Qt.Key.Key_Delete)
    assert len(hand.value("/data/shape").split("; ")) == 4
    QTest.keyClick(canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert hand.value("/data/shape") == moved
    QTest.keyClick(canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert hand.value("/data/shape") == four


def test_the_outline_begins_where_the_filling_is(open_form: Open) -> None:
    hand = _located(open_form)
    assert hand.pen.objectName() == "q:/data/shape"


def test_pasted_coordinates_make_an_outline_in_either_order(open_form: Open) -> None:
    hand = _located(open_form)
    QGuiApplication.clipboard().setText(SQUARE)
    hand.press(Qt.Key.Key_V, ctrl=True)
    assert hand.value("/data/shape").startswith("33.97 113.21 0 0; 33.97 113.211 0 0")
    assert "4 个拐点" in hand.words("/data/shape")


def test_a_line_that_is_no_coordinate_is_named(open_form: Open) -> None:
    hand = _located(open_form)
    QGuiApplication.clipboard().setText("33.97,113.21\n村口")
    hand.press(Qt.Key.Key_V, ctrl=True)
    assert "第 2 行不是一个坐标" in hand.words("/data/shape")
    assert hand.value("/data/shape") == ""


def test_sides_that_cross_are_told(open_form: Open) -> None:
    hand = _located(open_form)
    QGuiApplication.clipboard().setText("33.97,113.21\n33.98,113.22\n33.97,113.22\n33.98,113.21")
    hand.press(Qt.Key.Key_V, ctrl=True)
    assert "第 1 条边与第 3 条边交叉" in hand.words("/data/shape")


def test_a_geojson_file_is_imported(open_form: Open, tmp_path: Path) -> None:
    hand = _located(open_form)
    ring = [[113.21, 33.97], [113.211, 33.97], [113.211, 33.971], [113.21, 33.97]]
    file = tmp_path / "地块.geojson"
    geometry = {"type": "Polygon", "coordinates": [ring]}
    file.write_text(json.dumps({"type": "Feature", "geometry": geometry, "properties": {}}), encoding="utf-8")
    hand.page.board.shown["/data/shape"].field.import_file(file)
    assert len(hand.value("/data/shape").split("; ")) == 4
    file.write_text("{}", encoding="utf-8")
    hand.page.board.shown["/data/shape"].field.import_file(file)
    assert "没有找到" in hand.words("/data/shape")
    assert len(hand.value("/data/shape").split("; ")) == 4
