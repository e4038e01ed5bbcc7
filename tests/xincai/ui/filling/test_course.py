"""The pad keeps how it was drawn: places, times, and a pen's pressure."""

import json

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QInputDevice, QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from xincai.desk import pictures
from xincai.ui.filling import picture
from xincai.ui.filling.signature import Pad


def course(pad: Pad) -> tuple[str, list[list[list[float]]]]:
    """What the picture of the pad carries to the desk, after the desk wrote it again."""
    told = json.loads(pictures.strokes(pictures.signature(picture.png(pad.image()))))
    return told["pen"], told["strokes"]


def test_a_mouse_leaves_places_and_times(qtbot: QtBot) -> None:
    pad = Pad()
    qtbot.addWidget(pad)
    pad.resize(400, 190)
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(20, 40))
    for step in range(1, 5):
        QTest.mouseMove(pad, QPoint(20 + 40 * step, 40 + 10 * step), 5)
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(180, 80))
    pen, strokes = course(pad)
    assert pen == "mouse"
    assert [point[:2] for point in strokes[0]][:2] == [[20, 40], [60, 50]]
    times = [point[2] for point in strokes[0]]
    assert times[0] == 0
    assert times == sorted(times)
    pad.undo()
    assert json.loads(pad.course())["strokes"] == []


def test_a_finger_draws_as_a_mouse_does(qtbot: QtBot) -> None:
    pad = Pad()
    qtbot.addWidget(pad)
    pad.resize(400, 190)
    pad.show()
    screen = QTest.createTouchDevice()
    QTest.touchEvent(pad, screen).press(0, QPoint(20, 40), pad)
    for step in range(1, 5):
        QTest.touchEvent(pad, screen).move(0, QPoint(20 + 40 * step, 40 + 10 * step), pad)
    QTest.touchEvent(pad, screen).release(0, QPoint(180, 80), pad)
    _, strokes = course(pad)
    assert [point[:2] for point in strokes[0]][:2] == [[20, 40], [60, 50]]


def test_a_pen_leaves_its_pressure(qtbot: QtBot) -> None:
    pad = Pad()
    qtbot.addWidget(pad)
    pad.resize(400, 190)
    pen = QPointingDevice(
        "pen", 1, QInputDevice.DeviceType.Stylus, QPointingDevice.PointerType.Pen,
        QInputDevice.Capability.Pressure, 1, 1,
    )  # fmt: skip
    kinds = (QTabletEvent.Type.TabletPress, QTabletEvent.Type.TabletMove, QTabletEvent.Type.TabletRelease)
    for kind, x, pressure in zip(kinds, (20.0, 120.0, 120.0), (0.25, 0.75, 0.0), strict=True):
        place = QPointF(x, 60.0)
        pad.tabletEvent(
            QTabletEvent(
                kind,
                pen,
                place,
                place,
                pressure,
                0,
                0,
                0,
                0,
                0,
                Qt.KeyboardModifier.NoModifier,
                Qt.MouseButton.LeftButton,
                Qt.MouseButton.LeftButton,
            )
        )
    told, strokes = course(pad)
    assert told == "pen"
    assert [[point[0], point[3]] for point in strokes[0]] == [[20.0, 250], [120.0, 750]]
