import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, QSize, Qt
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
    field = hand.page.board.shown["/data/photo"].field
    file = tmp_path / "假.jpg"
    file.write_bytes(b"not a picture")
    field.take(file)
    hand.wait(lambda: "这里只能放图片" in hand.words("/data/photo"))
    file.write_bytes(_photo(tmp_path).read_bytes()[:200])
    field.take(file)
    hand.wait(lambda: "这张图片打不开" in hand.words("/data/photo"))
    assert hand.value("/data/photo") == ""
    assert "选一张照片" in hand.words("/data/photo")


def test_a_file_that_cannot_be_read_or_is_too_large_is_refused_in_words(
    open_form: Open, tmp_path: Path
) -> None:
    hand = open_form(PICTURES)
    field = hand.page.board.shown["/data/photo"].field
    field.take(tmp_path / "已拔出的优盘.jpg")
    hand.wait(lambda: "这张图片打不开" in hand.words("/data/photo"))
    large = tmp_path / "很大.jpg"
    with large.open("wb") as file:
        file.truncate(41_000_000)
    field.take(large)
    hand.wait(lambda: "40 MB" in hand.words("/data/photo"))
    assert hand.value("/data/photo") == ""
    assert not hand.page.scribe.is_attaching()


def test_a_pasted_picture_is_kept(open_form: Open) -> None:
    hand = open_form(PICTURES)
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(QColor("#1F7A57"))
    hand.find("q:/data/photo").pasted.emit(image)
    hand.wait(lambda: hand.value("/data/photo").endswith(".jpg"))


def test_the_media_type_is_what_the_bytes_are(tmp_path: Path) -> None:
    assert picture.media_type(_photo(tmp_path).read_bytes()) == "image/jpeg"
    assert not picture.media_type(b"not a picture").startswith("image/")


def test_a_preview_is_small_and_made_of_jpeg_and_png_alone(tmp_path: Path) -> None:
    seen = picture.preview(_photo(tmp_path, 4000, 1000).read_bytes(), QSize(160, 96))
    assert (seen.width(), seen.height()) == (160, 40)
    line = tmp_path / "line.png"
    assert QImage(3000, 1, QImage.Format.Format_RGB32).save(str(line))
    assert picture.preview(line.read_bytes(), QSize(160, 96)).width() == 160
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    assert picture.preview(svg, QSize(160, 96)).isNull()
    assert picture.preview(b"", QSize(160, 96)).isNull()


def test_a_preview_of_a_picture_that_claims_to_be_huge_is_not_decoded() -> None:
    head = b"IHDR" + struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))
    assert picture.preview(bomb, QSize(160, 96)).isNull()


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
