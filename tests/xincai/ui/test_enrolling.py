"""A slip from the gateway's administrator, read at the desk: photo, PDF, small file, drop and paste; a real
gateway, and nothing sent before the person says so."""

import io
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
import zxingcpp
from PIL import Image, ImageDraw
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLineEdit

from gateway_here import OFFICE, GatewayHere
from hand import Hand
from xincai.ui.pages.enrolfields import EnrolFields
from xincai.ui.parts import Notice
from xincai.wire.slip import EnrolmentSlip, encode_slip
from xincai_gateway import slips
from xincai_gateway.schema import enrolment_codes


@pytest.fixture
def settings(inside: Hand) -> Hand:
    inside.window.go("settings")
    inside.rest()
    return inside


def slip_of(here: GatewayHere) -> EnrolmentSlip:
    return slips.issue(here.gateway, OFFICE, here.url)


def drawn(svg: str, scale: int = 6) -> Image.Image:
    """The gateway's drawing of a QR code, on paper."""
    side = int(re.findall(r'viewBox="0 0 (\d+)', svg)[0])
    picture = Image.new("L", (side * scale, side * scale), 255)
    pen = ImageDraw.Draw(picture)
    for x, y, wide in re.findall(r"M(\d+) (\d+)h(\d+)v1", svg):
        left, top = int(x) * scale, int(y) * scale
        pen.rectangle((left, top, left + int(wide) * scale - 1, top + scale - 1), fill=0)
    return picture


def paper(slip: EnrolmentSlip) -> Image.Image:
    """A sheet with the code somewhere on it, not quite straight."""
    sheet = Image.new("L", (1240, 1754), 244)
    sheet.paste(drawn(slips.qr_svg(encode_slip(slip))), (600, 200))
    return sheet.rotate(4, fillcolor=230)


def fields(hand: Hand) -> tuple[str, str]:
    return tuple(hand.find(f"settings.{name}", QLineEdit).text() for name in ("url", "one_time"))  # type: ignore[return-value]


def choose(hand: Hand, monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
        hand.click("settings.slip")


def said(hand: Hand) -> str:
    return hand.find("settings.slip.said", Notice).words()


def trouble(hand: Hand) -> str:
    return hand.find("settings.trouble", Notice).words()


def used(here: GatewayHere) -> int:
    query = sa.select(enrolment_codes).where(enrolment_codes.c.used_at.is_not(None))
    return len(here.gateway.database.rows(query))


@pytest.mark.parametrize("kind", ["jpg", "png", "pdf", "txt"])
def test_a_slip_fills_the_fields_and_the_person_enrols(
    settings: Hand, here: GatewayHere, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    slip, file = slip_of(here), tmp_path / f"登记单.{kind}"
    if kind == "txt":
        file.write_bytes(b"\xef\xbb\xbf" + encode_slip(slip).encode() + b"\r\n")
    else:
        paper(slip).save(file)
    choose(settings, monkeypatch, file)
    assert fields(settings) == (here.url, slip.code)
    assert OFFICE in said(settings)
    assert used(here) == 0
    assert settings.desk.connection() is None
    settings.click("settings.enrol")
    connection = settings.desk.connection()
    assert connection is not None
    assert (connection.url, connection.office) == (here.url, OFFICE)
    assert used(here) == 1
    assert fields(settings)[1] == ""


def test_the_first_start_reads_a_slip_too(hand: Hand, here: GatewayHere, tmp_path: Path) -> None:
    hand.begin_at_connection()
    slip, file = slip_of(here), tmp_path / "slip.png"
    paper(slip).save(file)
    drop(hand.find("firstrun.url").parentWidget().parentWidget(), file)
    hand.rest()
    assert hand.find("firstrun.one_time", QLineEdit).text() == slip.code
    hand.press(Qt.Key.Key_Tab)
    hand.press(Qt.Key.Key_Return)  # at the code: Enter enrols
    connection = hand.desk.connection()
    assert connection is not None
    assert connection.office == OFFICE


def drop(widget: object, what: Path | str) -> None:
    """Drop a file or a text there."""
    assert isinstance(widget, EnrolFields)
    carried = QMimeData()
    if isinstance(what, Path):
        carried.setUrls([QUrl.fromLocalFile(str(what))])
    else:
        carried.setText(what)
    given = (Qt.DropAction.CopyAction, carried, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    entering = QDragEnterEvent(QPoint(5, 5), *given)
    widget.dragEnterEvent(entering)
    if entering.isAccepted():
        widget.dropEvent(QDropEvent(QPoint(5, 5), *given))


def test_a_slips_text_may_be_dropped(settings: Hand, here: GatewayHere) -> None:
    slip = slip_of(here)
    box = settings.find("settings.url").parentWidget().parentWidget()
    for name in ("url", "one_time"):  # else a file's name would be typed into it
        assert not settings.find(f"settings.{name}").acceptDrops()
    drop(box, "something else")
    settings.rest()
    assert fields(settings) == ("", "")
    drop(box, f"登记文件：{encode_slip(slip)}")
    settings.rest()
    assert fields(settings) == (here.url, slip.code)


@pytest.mark.parametrize("where", ["url", "one_time"])
def test_a_slips_text_may_be_pasted_into_either_field(settings: Hand, here: GatewayHere, where: str) -> None:
    slip = slip_of(here)
    settings.type(f"settings.{where}", "https://old")
    QGuiApplication.clipboard().setText(encode_slip(slip))
    settings.find(f"settings.{where}", QLineEdit).setFocus()
    settings.press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert fields(settings) == (here.url, slip.code)
    paste = encode_slip(slip).replace("&code=", "&kode=")
    settings.find(f"settings.{where}", QLineEdit).insert(paste)
    settings.rest()
    assert "这不是信采的登记单" in trouble(settings)
    assert fields(settings) == (here.url, slip.code)


def test_a_slip_without_an_address_leaves_that_field(settings: Hand, here: GatewayHere) -> None:
    slip = slips.issue(here.gateway, OFFICE)
    assert slip.address == ""
    settings.type("settings.url", here.url)
    settings.find("settings.one_time", QLineEdit).setText(encode_slip(slip))
    settings.rest()
    assert fields(settings) == (here.url, slip.code)
    assert "没有平台地址" in said(settings)


def png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def expired(here: GatewayHere) -> bytes:
    slip = slip_of(here)
    return encode_slip(EnrolmentSlip(slip.code, "2026-11-01T03:04:05Z", slip.address)).encode()


def foreign(_: GatewayHere) -> bytes:
    code = zxingcpp.create_barcode("https://example.com/pay", zxingcpp.BarcodeFormat.QRCode)
    return png(Image.fromarray(code.to_image(scale=5)))


def two(here: GatewayHere) -> bytes:
    """Two slips on one picture."""
    slip = slip_of(here)
    sheet = Image.new("L", (1200, 600), 255)
    for place, day in enumerate(("2099-11-29", "2099-11-30")):
        text = encode_slip(EnrolmentSlip(slip.code, f"{day}T03:04:05Z", slip.address))
        code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
        sheet.paste(Image.fromarray(code.to_image(scale=5)), (20 + 600 * place, 20))
    return png(sheet)


def pdf(box: str, kids: str) -> bytes:
    """A PDF of one blank page, or one that names pages it has not."""
    objects = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {kids.count('R')} >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {box}] >>",
    )
    out, places = b"%PDF-1.4\n", []
    for number, words in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{words}\nendobj\n".encode()
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer << /Size 4 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(out)
    return out + b"xref\n0 4\n0000000000 65535 f \n" + table + end


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (expired, "已在"),
        (two, "图中有 2 张登记单"),
        (lambda _: pdf("200 200", "3 0 R 9 0 R"), "这不是信采的登记单"),
        (lambda _: pdf("10 14400", "3 0 R"), "这不是信采的登记单"),
        (foreign, "没有信采登记单的二维码"),
        (lambda _: png(Image.new("L", (300, 300), 255)), "没有信采登记单的二维码"),
        (lambda _: b"%PDF-1.7 broken", "这不是信采的登记单"),
        (lambda _: b"PK\x03\x04 a workbook", "这不是信采的登记单"),
        (lambda _: b"", "这不是信采的登记单"),
        (lambda _: b"xincai:enrol?code=410499101-AAAA", "这不是信采的登记单"),
        (lambda _: b"xincai:enrol?" + b"x" * 100_000, "这不是信采的登记单"),
    ],
)
def test_what_is_no_good_slip_is_said_and_changes_no_field(  # noqa: PLR0917 - the bench and one row
    settings: Hand,
    here: GatewayHere,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    make: object,
    words: str,
) -> None:
    assert callable(make)
    settings.type("settings.url", "https://mine")
    settings.type("settings.one_time", "my code")
    file = tmp_path / "slip"
    file.write_bytes(make(here))
    choose(settings, monkeypatch, file)
    assert words in trouble(settings)
    assert fields(settings) == ("https://mine", "my code")
    assert settings.find("settings.slip").isEnabled()


def test_a_file_that_is_gone_is_said(settings: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    choose(settings, monkeypatch, tmp_path / "gone.png")
    assert "读不出来" in trouble(settings)
    choose(settings, monkeypatch, Path())
    assert "读不出来" in trouble(settings)
