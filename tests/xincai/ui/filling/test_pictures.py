from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest

from xincai.ui.filling import picture

Open = Callable[..., Any]

PICTURES = """
| survey |
|  | type  | name  | label | required | appearance |
|  | image | photo | 照片 | | |
|  | image | sign  | 签名 | yes | signature |
| settings |
|  | form_id | version | form_title |
|  | pictures | 1 | 图片 |
"""


def _photo(folder: Path, width: int = 400, height: int = 300) -> Path:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("#1F7A57"))
    file = folder / "现场.jpg"
    assert image.save(str(file))
    return file


def _sign(pad: Any, *, length: int = 60) -> None:
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(80, 90))
    for step in range(length):
        QTest.mouseMove(pad, QPoint(80 + step * 4, 90 + (step * 37) % 60))
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(80 + length * 4, 90))


def test_a_photograph_is_kept_in_the_vault(open_form: Open, tmp_path: Path) -> None:
    hand = open_form(PICTURES)
    hand.page.board.shown["/data/photo"].field.take(_photo(tmp_path))
    hand.wait(lambda: hand.value("/data/photo") != "")
    hand.wait(lambda: "已加密保存在本机" in hand.words("/data/photo"))
    kept = QImage.fromData(hand.filling.attached("/data/photo"))
    assert (kept.width(), kept.height()) == (400, 300)


def test_what_is_no_picture_is_refused_in_words(open_form: Open, tmp_path: Path) -> None:
    hand = open_form(PICTURES)
    file = tmp_path / "假.jpg"
    file.write_bytes(b"not a picture")
    hand.page.board.shown["/data/photo"].field.take(file)
    hand.wait(lambda: "不是图片" in hand.words("/data/photo"))
    assert hand.value("/data/photo") == ""


def test_a_large_photograph_is_made_smaller(tmp_path: Path) -> None:
    taken = picture.take_picture(_photo(tmp_path, 4000, 1000), 2000)
    image = QImage.fromData(taken.data)
    assert (image.width(), image.height()) == (2000, 500)
    assert taken.media_type == "image/jpeg"


def test_a_signature_is_taken_in_by_itself(open_form: Open) -> None:
    hand = open_form(PICTURES)
    _sign(hand.find("q:/data/sign"))
    hand.wait(lambda: hand.value("/data/sign") != "")
    image = QImage.fromData(hand.filling.attached("/data/sign"))
    assert not image.isNull()
    hand.wait(lambda: "签名已加密保存" in hand.words("/data/sign"))


def test_a_signature_is_not_lost_when_the_check_is_pressed_at_once(open_form: Open) -> None:
    hand = open_form(PICTURES)
    _sign(hand.find("q:/data/sign"))
    hand.click("filling.seal")
    hand.wait(lambda: hand.value("/data/sign") != "")
    hand.wait(lambda: hand.sees("filling.confirm"))
    assert hand.pen.objectName() == "filling.confirm"


def test_an_empty_or_slight_signature_is_never_taken(open_form: Open) -> None:
    hand = open_form(PICTURES)
    field = hand.page.board.shown["/data/sign"].field
    field.settle()
    pad = hand.find("q:/data/sign")
    QTest.mouseClick(pad, Qt.MouseButton.LeftButton, pos=QPoint(100, 90))
    field.settle()
    assert "笔画太少" in hand.words("/data/sign")
    assert hand.value("/data/sign") == ""
    assert not hand.tasks.is_busy


def test_a_signature_is_cleared(open_form: Open) -> None:
    hand = open_form(PICTURES)
    _sign(hand.find("q:/data/sign"))
    hand.wait(lambda: hand.value("/data/sign") != "")
    hand.click("clear:/data/sign")
    assert hand.value("/data/sign") == ""
    assert hand.find("q:/data/sign").strokes == []
