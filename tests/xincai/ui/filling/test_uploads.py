"""Files, marks on a picture, codes out of a picture, and a signature as the last thing before sealing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtTest import QTest

Open = Callable[..., Any]
FORM = (Path(__file__).parent / "all_types.md").read_text("utf-8")
WAV = b"RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00data\x00\x00\x00\x00"  # noqa: E501 - a whole file
LAST = """
| survey |
| | type | name | label | required | appearance |
| | text | name | 姓名 | | |
| | image | sign | 签名 | yes | signature |
| settings |
| | form_id | version | form_title |
| | last | 1 | 签名在最后 |
"""


@pytest.fixture
def hand(open_form: Open) -> Any:
    hand = open_form(FORM)
    hand.page.open_at("/data/files/photo")
    return hand


def _field(hand: Any, name: str) -> Any:
    hand.page.open_at(f"/data/files/{name}")
    return hand.page.board.shown[f"/data/files/{name}"].field


def _photo(folder: Path, width: int, height: int) -> Path:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("#1F7A57"))
    file = folder / "现场.png"
    assert image.save(str(file))
    return file


def _file(folder: Path, name: str, data: bytes) -> Path:
    file = folder / name
    file.write_bytes(data)
    return file


def _stroke(pad: Any) -> None:
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(80, 90))
    for step in range(40):
        QTest.mouseMove(pad, QPoint(80 + step * 5, 90 + (step * 37) % 60))
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(280, 90))


def test_a_photograph_is_no_larger_than_the_form_allows(hand: Any, tmp_path: Path) -> None:
    _field(hand, "photo").take(_photo(tmp_path, 800, 400))
    hand.wait(lambda: hand.value("/data/files/photo") != "")
    kept = QImage.fromData(hand.filling.attached("/data/files/photo"))
    assert (kept.width(), kept.height()) == (200, 100)


def test_a_sound_is_kept_byte_for_byte_and_shown_by_name_and_size(hand: Any, tmp_path: Path) -> None:
    _field(hand, "sound").take(_file(tmp_path, "访谈 李某.WAV", WAV))
    hand.wait(lambda: hand.value("/data/files/sound") != "")
    name = hand.value("/data/files/sound")
    assert name.startswith("sound-")
    assert name.endswith(".wav")
    assert hand.filling.attached("/data/files/sound") == WAV
    hand.wait(lambda: name in hand.words("/data/files/sound"))
    assert "44" in hand.words("/data/files/sound")
    hand.click("clear:/data/files/sound")
    assert hand.value("/data/files/sound") == ""
    assert "选一个录音文件" in hand.words("/data/files/sound")


def test_a_file_of_another_kind_an_empty_one_and_one_too_large_are_refused(hand: Any, tmp_path: Path) -> None:
    field = _field(hand, "film")
    field.take(_file(tmp_path, "a.mp4", WAV))
    hand.wait(lambda: "不是这一题要的那一种" in hand.words("/data/files/film"))
    field = _field(hand, "paperwork")
    field.take(_file(tmp_path, "b.pdf", b""))
    hand.wait(lambda: "是空的" in hand.words("/data/files/paperwork"))
    large = tmp_path / "c.zip"
    with large.open("wb") as file:
        file.truncate(60_000_001)
    field.take(large)
    hand.wait(lambda: "60 MB" in hand.words("/data/files/paperwork"))
    field.take(tmp_path / "已拔出.pdf")
    hand.wait(lambda: "读不出来" in hand.words("/data/files/paperwork"))
    assert hand.value("/data/files/paperwork") == ""
    assert not hand.page.scribe.is_attaching()


def test_any_file_is_taken_where_a_file_is_asked_for(hand: Any, tmp_path: Path) -> None:
    _field(hand, "paperwork").take(_file(tmp_path, "合同.pdf", b"%PDF-1.4 x"))
    hand.wait(lambda: hand.value("/data/files/paperwork").endswith(".pdf"))
    assert hand.filling.attached("/data/files/paperwork") == b"%PDF-1.4 x"


def test_marks_are_drawn_into_the_photograph(hand: Any, tmp_path: Path) -> None:
    field = _field(hand, "noted")
    assert not hand.sees("draw:/data/files/noted")
    field.take(_photo(tmp_path, 600, 400))
    hand.wait(lambda: hand.sees("draw:/data/files/noted"))
    before = hand.value("/data/files/noted")
    hand.click("draw:/data/files/noted")
    hand.wait(lambda: hand.sees("pad:/data/files/noted"))
    hand.click("keep:/data/files/noted")
    assert hand.value("/data/files/noted") == before
    _stroke(field.pad)
    assert field.is_unread
    hand.click("keep:/data/files/noted")
    hand.wait(lambda: hand.value("/data/files/noted") not in ("", before))
    kept = QImage.fromData(hand.filling.attached("/data/files/noted"))
    assert (kept.width(), kept.height()) == (600, 400)
    reds = sum(kept.pixelColor(x, y).red() > 150 for x in range(0, 600, 2) for y in range(0, 400, 2))
    assert reds > 50


def test_an_empty_drawing_is_never_kept(hand: Any) -> None:
    field = _field(hand, "drawn")
    field.settle()
    assert hand.value("/data/files/drawn") == ""
    _stroke(field.pad)
    field.settle()
    hand.wait(lambda: hand.value("/data/files/drawn") != "")


def test_a_signature_that_comes_last_is_kept_when_the_person_seals_at_once(open_form: Open) -> None:
    sealed: list[tuple[str, bool]] = []

    def seal(filling: Any) -> None:
        value = filling.entry("/data/sign").value
        sealed.append((value, bool(filling.attached("/data/sign"))))

    hand = open_form(LAST, seal=seal)
    _stroke(hand.find("q:/data/sign"))
    hand.click("filling.seal")
    hand.wait(lambda: hand.sees("filling.confirm"))
    hand.click("filling.confirm")
    hand.wait(lambda: bool(sealed))
    assert sealed[0][0].endswith(".png")
    assert sealed[0][1]


def test_a_code_is_read_from_a_picture(hand: Any, tmp_path: Path) -> None:
    hand.page.open_at("/data/words/code")
    field = hand.page.board.shown["/data/words/code"].field
    drawn = zxingcpp.create_barcode("6901234567892", zxingcpp.BarcodeFormat.EAN13).to_image(scale=3)
    levels = memoryview(drawn)
    assert levels.shape is not None
    height, width = levels.shape[:2]
    image = QImage(levels.tobytes(), width, height, width, QImage.Format.Format_Grayscale8).copy()
    canvas = QImage(width + 80, height + 80, QImage.Format.Format_RGB32)
    canvas.fill(Qt.GlobalColor.white)
    for y in range(height):
        for x in range(width):
            canvas.setPixelColor(x + 40, y + 40, image.pixelColor(x, y))
    file = tmp_path / "code.png"
    assert canvas.save(str(file))
    field.take(file)
    hand.wait(lambda: hand.value("/data/words/code") == "6901234567892")


def test_a_picture_without_a_code_is_said_so(hand: Any, tmp_path: Path) -> None:
    hand.page.open_at("/data/words/code")
    field = hand.page.board.shown["/data/words/code"].field
    field.take(_photo(tmp_path, 60, 40))
    hand.wait(lambda: "没有找到条码" in hand.words("/data/words/code"))
    QGuiApplication.clipboard().clear()
    hand.click("paste:/data/words/code")
    assert "剪贴板里没有图片" in hand.words("/data/words/code")
