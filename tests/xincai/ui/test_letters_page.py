"""The letters page: a paper dropped and told of; a village made, printed in one job, stopped, resumed."""

import datetime
import re
from pathlib import Path

import pypdfium2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtPrintSupport import QPrinter

from forms import farms
from hand import Hand
from xincai.desk import LetterCard
from xincai.letters import KINDS
from xincai.letters.template import letter_text
from xincai.ui.pages.letters import LettersPage
from xincai.ui.paper import Press
from xincai.ui.work.letter import LetterErrand
from xincai.ui.work.letters import LettersErrand
from xincai.vault import Device
from xincai.wire.suites import SM2_SM3, PrivateKey

STORY = farms.farm_story()


def seal(hand: Hand, form: str) -> str:
    """A sealed record of a form; its id."""
    filling = hand.desk.start(form)
    farms.play(STORY[form], filling, lambda step: filling.attach(step.ref, _png(), "image/png"))
    return hand.desk.seal(filling).record_id


def _png() -> bytes:
    import io

    from PIL import Image, ImageDraw

    paper, out = Image.new("RGBA", (300, 120), (255, 255, 255, 255)), io.BytesIO()
    ImageDraw.Draw(paper).line([(10, 90), (150, 20), (280, 100)], fill=(0, 0, 0, 255), width=4)
    paper.save(out, "PNG")
    return out.getvalue()


def enrol(hand: Hand) -> None:
    key = PrivateKey.generate(SM2_SM3).dump()
    device = Device("device-1", "410499101", SM2_SM3, key, "http://127.0.0.1:9", "t" * 20, (), "gw", False)
    hand.desk._vault.save_device(device)


def errand(hand: Hand) -> LettersErrand:
    found = hand.window._errand()
    assert isinstance(found, LettersErrand)
    return found


def drop(hand: Hand, *files: Path) -> None:
    """Let files fall on the page."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    event = QDropEvent(
        QPointF(40, 40), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    page = hand.window.page
    assert page is not None
    page.dropEvent(event)
    hand.rest()


@pytest.fixture
def paper(inside: Hand, tmp_path: Path) -> tuple[LetterCard, Path]:
    enrol(inside)
    card = inside.desk.write_letter(seal(inside, "commitment"), "commitment")
    inside.window.go("letters")
    inside.rest()
    path = tmp_path / "letter.pdf"
    path.write_bytes(inside.desk.letter_pdf(card.letter_id))
    return card, path


def test_a_dropped_letter_is_told_of_and_its_scan_is_kept(
    inside: Hand, paper: tuple[LetterCard, Path]
) -> None:
    card, path = paper
    drop(inside, path)
    assert "相符" in inside.find("letterbox.verdict").words()  # type: ignore[attr-defined]  # a notice
    assert card.number in inside.words("letterbox.seal")
    assert "逐字相同" in inside.words("letterbox.finding.words")
    text = letter_text("commitment", "zh")
    assert f"第 {text.version} 版（摘要 {text.sm3[:16]}）" in inside.words("letterbox.seal")
    inside.click("letterbox.keep")
    assert [each.kind for each in inside.desk.record(card.record_id).letters] == ["scan", "commitment"]
    inside.click("letterbox.see")
    assert inside.window.place == "letter"


def test_an_altered_letter_is_refused_with_what_differs(inside: Hand, paper: tuple[LetterCard, Path]) -> None:
    card, path = paper
    other = inside.desk.write_letter(card.record_id, "receipt")
    document = pypdfium2.PdfDocument(path)
    page = document[0]
    box = pypdfium2.raw.FPDFPageObj_CreateNewRect(200, 500, 90, 20)
    pypdfium2.raw.FPDFPath_SetDrawMode(box, pypdfium2.raw.FPDF_FILLMODE_WINDING, False)
    pypdfium2.raw.FPDFPage_InsertObject(page, box)
    page.gen_content()
    document.save(path)
    document.close()
    drop(inside, path)
    assert "不可采信" in inside.find("letterbox.verdict").words()  # type: ignore[attr-defined]  # a notice
    assert "版面看上去不同" in inside.words("letterbox.difference.0")
    assert inside.window.findChild(type(inside.find("letterbox.choose")), "letterbox.keep").isHidden()
    assert other.kind == "receipt"


def test_what_is_no_letter_is_said_so(inside: Hand, tmp_path: Path) -> None:
    inside.window.go("letters")
    inside.rest()
    file = tmp_path / "other.pdf"
    file.write_bytes(b"hello")
    drop(inside, file)
    assert "不可采信" in inside.find("letterbox.verdict").words()  # type: ignore[attr-defined]  # a notice


def test_a_village_is_made_printed_stopped_and_gone_on_with(inside: Hand, tmp_path: Path) -> None:
    enrol(inside)
    for form in ("ff_collect", "commitment", "authorisation"):
        seal(inside, form)
    inside.window.go("letters")
    inside.rest()
    assert "共 3 份填报件，已出具 0 份" in inside.words("letterbox.count")
    inside.click("letterbox.make")
    assert "3 份文书已备好" in inside.find("letterbox.made").words()  # type: ignore[attr-defined]  # a notice
    work = errand(inside)
    total = sum(letter.pages for letter in work._made)

    def printer(name: str) -> QPrinter:
        result = QPrinter(QPrinter.PrinterMode.ScreenResolution)
        result.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        result.setOutputFileName(str(tmp_path / name))
        result.setDocName("文书 3 份")
        return result

    work.print_on(printer("first.pdf"))
    work._stop()
    inside.rest()
    assert "前 1 份已送出，共 3 份" in inside.find("letterbox.made").words()  # type: ignore[attr-defined]
    work.print_on(printer("rest.pdf"))
    inside.rest()
    assert "3 份文书已送打印" in inside.find("letterbox.made").words()  # type: ignore[attr-defined]
    pages = []
    for name in ("first.pdf", "rest.pdf"):
        document = pypdfium2.PdfDocument(tmp_path / name)
        pages.append(len(document))
        assert document.get_metadata_dict()["Title"] == "文书 3 份"
        document.close()
    assert sum(pages) == total
    assert pages[0] == work._made[0].pages
    work.save_to(tmp_path, as_one=True)
    inside.rest()
    (whole,) = tmp_path.glob("receipt-*-3.pdf")
    document = pypdfium2.PdfDocument(whole)
    assert len(document) == total
    document.close()


def test_a_village_is_picked_from_the_registrys_list(inside: Hand) -> None:
    enrol(inside)
    record = inside.desk.record(seal(inside, "ff_collect"))
    seal(inside, "authorisation")
    inside.window.go("letters")
    inside.rest()
    page = inside.window.page
    assert isinstance(page, LettersPage)
    names = [page.village.itemText(n) for n in range(page.village.count())]
    assert names[:2] == ["所有村", "城关镇（全部）"]
    assert len(names) > 200
    subject = inside.desk._vault.record(record.card.record_id)
    code = max(re.findall(rb"<region_(?:town|village)>([0-9]+)<", subject.submission), key=len).decode()
    page.village.setCurrentIndex(page.village.findData(code))
    inside.rest()
    assert "共 2 份填报件" in inside.words("letterbox.count")
    page.village.setCurrentIndex(page.village.findData("410499101"))
    inside.rest()
    assert "共 0 份填报件" in inside.words("letterbox.count")


def test_every_kind_of_letter_is_offered_for_a_village(inside: Hand) -> None:
    inside.window.go("letters")
    inside.rest()
    page = inside.window.page
    assert isinstance(page, LettersPage)
    offered = {page.kind.itemData(n) for n in range(page.kind.count())}
    assert offered == set(KINDS)
    assert all(page.kind.itemText(n) for n in range(page.kind.count()))


class TwoSided(QPrinter):
    """A PDF has no sides, so this printer says for it that it prints on both."""

    def duplex(self) -> QPrinter.DuplexMode:
        return QPrinter.DuplexMode.DuplexLongSide


def test_on_both_sides_of_the_paper_each_letter_begins_a_sheet(qapp: object, tmp_path: Path) -> None:
    del qapp
    printer = TwoSided(QPrinter.PrinterMode.ScreenResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "both.pdf"))
    press = Press(printer)
    for pages in (3, 1):
        for _ in range(pages):
            press.feed(_png())
        press.skip_to_front()
    press.finish()
    document = pypdfium2.PdfDocument(tmp_path / "both.pdf")
    blank = [not any(page.get_objects()) for page in document]
    document.close()
    assert blank == [False, False, False, True, False, True]


def test_a_letters_own_page_takes_its_scan_and_refuses_another(
    inside: Hand, paper: tuple[LetterCard, Path], tmp_path: Path
) -> None:
    card, path = paper
    other = inside.desk.write_letter(seal(inside, "ff_collect"), "receipt")
    stranger = tmp_path / "other.pdf"
    stranger.write_bytes(inside.desk.letter_pdf(other.letter_id))
    inside.window.go("letter", card)
    inside.rest()
    work = inside.window._errand()
    assert isinstance(work, LetterErrand)
    work.keep_scan((stranger,))
    inside.rest()
    told = inside.find("letter.trouble").words()  # type: ignore[attr-defined]  # a trouble
    assert other.number in told
    assert card.number in told
    work.keep_scan((path,))
    inside.rest()
    assert [each.kind for each in inside.desk.record(card.record_id).letters] == ["scan", "commitment"]


def test_a_letter_is_saved_with_the_offices_certificate(
    inside: Hand, paper: tuple[LetterCard, Path], tmp_path: Path
) -> None:
    card, path = paper
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "测试县融资信用服务中心")])
    now = datetime.datetime.now(datetime.UTC)
    held = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now).not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    how = serialization.BestAvailableEncryption(b"office")
    file = tmp_path / "office.p12"
    file.write_bytes(pkcs12.serialize_key_and_certificates(b"office", key, held, None, how))
    inside.window.go("letter", card)
    inside.rest()
    work = inside.window._errand()
    assert isinstance(work, LetterErrand)
    work.stamp_to(tmp_path, file, "wrong")
    inside.rest()
    assert "口令不对" in inside.find("letter.trouble").words()  # type: ignore[attr-defined]  # a trouble
    work.stamp_to(tmp_path, file, "office")
    inside.rest()
    (signed,) = tmp_path.glob("*-signed.pdf")
    assert signed.read_bytes().startswith(path.read_bytes())
    assert inside.desk.check_paper(signed.read_bytes()).valid
