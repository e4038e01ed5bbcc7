"""What a letter must hold on paper: every standard character, straight margins, a code a camera reads."""

import datetime
import io
import random
import subprocess
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from PIL import Image, ImageChops, ImageFilter

from xincai.errors import Problem
from xincai.letters import Letter, preview, render, stamp, verify_letter
from xincai.letters.breaking import NO_END, NO_START, break_lines
from xincai.letters.geometry import CHINESE, WIDTH
from xincai.letters.letter import Paragraph, Span
from xincai.records import Record
from xincai.wire.suites import PrivateKey, PublicKey
from xincai.xforms import Form

Filled = tuple[Record, Form]
Make = Callable[..., Letter]
AT = datetime.datetime(2026, 11, 22, 3, 4, 5, tzinfo=datetime.UTC)

GENERAL = "".join((Path(__file__).parent / "general.txt").read_text("utf-8").split())
"""通用规范汉字表 (2013) in its own order, as Unihan's kTGH gives it."""
LEVEL_3 = (
    "㐂㐱㑇㒥㕮㘎㙍㙘㙦㛃㛚㛹㟃㠇㠓㤘㥄㧐㧑㧟㫰㬊㬎㬚㭎㭕㮾㰀㳇㳘㳚㴔㵐㶲㸆㸌㺄㻬㽏㿠䁖䂮䃅䃎䅟䌹䎃䎖䏝䏡䏲"
    "䐃䓖䓛䓨䓫䓬䗖䗛䗪䗴䜣䝙䢺䢼䣘䥽䦃䲟䲠䲢䴓䴔䴕䴖䴗䴘䴙䶮龦龧龨龩龪龫龬龭龮龯龰龱龲龳龴龵龶龷龸龹龺龻"
    "𠅤𠙶𠳐𡎚𡐓𣗋𣲗𣲘𣸣𤧛𤩽𤫉𥔲𥕢𥖨𥻗𦈡𦒍𦙶𦝼𦭜𦰡𧿹𨐈𨙸𨚕𨟠𨭉𨱇𨱏𨱑𨱔𨺙𩽹𩾃𩾌𪟝𪣻𪤗𪨰𪨶𪩘𪾢𫄧𫄨𫄷𫄸𫇭𫌀𫍣𫍯𫍲𫍽"
    "𫐄𫐐𫐓𫑡𫓧𫓯𫓶𫓹𫔍𫔎𫔶𫖮𫖯𫖳𫗧𫗴𫘜𫘝𫘦𫘧𫘨𫘪𫘬𫚕𫚖𫚭𫛭𫞩𫟅𫟦𫟹𫟼𫠆𫠊𫠜𫢸𫫇𫭟𫭢𫭼𫮃𫰛𫵷𫶇𫷷𫸩𬀩𬀪𬂩𬃊𬇕𬇙𬇹𬉼𬊈𬊤𬌗𬍛𬍡𬍤"
    "𬒈𬒔𬒗𬕂𬘓𬘘𬘡𬘩𬘫𬘬𬘭𬘯𬙂𬙊𬙋𬜬𬜯𬞟𬟁𬟽𬣙𬣞𬣡𬣳𬤇𬤊𬤝𬨂𬨎𬩽𬪩𬬩𬬭𬬮𬬱𬬸𬬹𬬻𬬿𬭁𬭊𬭎𬭚𬭛𬭤𬭩𬭬𬭯𬭳𬭶𬭸𬭼𬮱𬮿𬯀𬯎𬱖𬱟𬳵𬳶𬳽𬳿𬴂𬴃𬴊"
    "𬶋𬶍𬶏𬶐𬶟𬶠𬶨𬶭𬶮𬷕𬸘𬸚𬸣𬸦𬸪𬹼𬺈𬺓"
)
"""Characters that names and places bear and that only level 3 of GB 18030-2022 asks for."""


def letter(*blocks: Paragraph) -> Letter:
    return Letter("receipt", "zh", "CS-1", "测试文书", blocks, "{}", "0000", AT, False, "r", 1, "测**", "1")


def test_the_list_of_standard_characters_is_whole() -> None:
    assert len(GENERAL) == len(set(GENERAL)) == 8105
    assert len(set(LEVEL_3)) > 250


@pytest.mark.parametrize(("name", "characters"), [("general", GENERAL), ("level 3", LEVEL_3)])
def test_every_standard_character_is_shown_and_copied_as_itself(
    name: str, characters: str, tmp_path: Path
) -> None:
    rows = [
        characters[n : n + 28] for n in range(0, len(characters), 28)
    ]  # fmt: skip
    pdf = render(letter(*(Paragraph("flush", (Span(part, value=True),)) for part in rows)))
    path = tmp_path / "letter.pdf"
    path.write_bytes(pdf)
    text = subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, check=True).stdout.decode()
    lines = text.replace("\f", "\n").splitlines()
    assert [line for line in lines if line in set(rows)] == rows
    assert _blank(pdf, set(characters)) == set()


def _blank(pdf: bytes, characters: set[str]) -> set[str]:
    """The characters that leave no ink where they stand."""
    left = set(characters)
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        words = page.get_textpage()
        bitmap = page.render(scale=2, grayscale=True)
        picture = bitmap.to_pil().point(lambda level: 255 if level < 128 else 0)
        height = page.get_height()
        found = words.get_text_range()
        at = 0
        for character in found:
            count = len(character.encode("utf-16-le")) // 2
            if character in left:
                x0, y0, x1, y1 = words.get_charbox(at, loose=True)
                box = (int(x0 * 2), int((height - y1) * 2), int(x1 * 2) + 1, int((height - y0) * 2) + 1)
                if picture.crop(box).getbbox() is not None:
                    left.discard(character)
            at += count
    document.close()
    return left


def _paragraph(chance: random.Random) -> str:
    """A paragraph as people write them: Han, marks, figures, Latin, quotes, dashes."""
    parts = []
    for _ in range(chance.randint(12, 40)):
        parts.append("".join(chance.choices(GENERAL[:3500], k=chance.randint(1, 9))))
        kind = chance.random()
        if kind < 0.12:
            parts.append(
                chance.choice(("2026年11月22日", "1,200,000.00元", "36个月", "3.14亩", "LPR", "100%"))
            )
        elif kind < 0.2:
            parts.append(f"“{''.join(chance.choices(GENERAL[:3500], k=4))}”")
        elif kind < 0.28:
            parts.append(f"（{''.join(chance.choices(GENERAL[:3500], k=5))}）")
        parts.append(chance.choice(("，", "，", "、", "；", "：", "——", "……", "", "")))
    return "".join(parts) + "。"


def test_a_thousand_paragraphs_keep_their_margins_and_marks() -> None:
    chance = random.Random(20261122)
    body = CHINESE["body"]
    lines = 0
    for _ in range(1000):
        text = _paragraph(chance)
        set_lines = break_lines((Span(text),), body.style, WIDTH, body.indent)
        assert "".join(line.text for line in set_lines) == text
        for number, line in enumerate(set_lines):
            lines += 1
            assert number == 0 or line.text[0] not in NO_START, line.text
            if line is set_lines[-1]:
                continue
            assert line.text[-1] not in NO_END, line.text
            x, glyph = line.glyphs[-1]
            ink = x + glyph.width
            if glyph.character in "，。、；：）”》":
                # the blank half of a closing mark may stand outside
                assert min(abs(ink - WIDTH), abs(ink - body.style.size / 2 - WIDTH)) < 0.5 or (
                    WIDTH < ink < WIDTH + body.style.size / 2
                ), line.text
            else:
                assert abs(ink - WIDTH) < 0.5, line.text
    assert lines > 5000


# --- photographs


def photograph(png: bytes, seed: int, angle: float, *, blur: float, noise: float, quality: int) -> bytes:
    """A page at 150 dots per inch as a telephone takes it: turned, out of square, blurred, grainy, dark at
    one side, much compressed.
    """
    chance = random.Random(seed)
    page = Image.open(io.BytesIO(png)).convert("L")
    page = page.rotate(angle, Image.Resampling.BICUBIC, fillcolor=200, expand=True)
    wide, high = page.size
    corners = (0, 0, wide * 0.01, high, wide * 0.985, high * 0.99, wide, high * 0.005)
    page = page.transform(
        page.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC, fill=1, fillcolor=180
    )
    page = page.filter(ImageFilter.GaussianBlur(blur))
    grain = bytes(min(255, max(0, int(chance.gauss(128, noise)))) for _ in range(wide * high))
    page = ImageChops.add(page, Image.frombytes("L", page.size, grain), 1, -128)
    shade = Image.linear_gradient("L").rotate(90).resize(page.size).point(lambda v: 120 + v * 135 // 255)
    out = io.BytesIO()
    ImageChops.multiply(page, shade).save(out, "JPEG", quality=quality)
    return out.getvalue()


@pytest.mark.parametrize("angle", [-4.0, -1.5, 0.7, 3.0, 90.0, 181.0])
def test_a_poor_photograph_of_150_dots_an_inch_is_read(
    angle: float, commitment: Filled, make: Make, key: PrivateKey
) -> None:
    keys: dict[str, PublicKey] = {key.public.key_id: key.public}
    png = preview(render(make("commitment", commitment)), 0, 1240)
    taken = photograph(png, 7, angle, blur=0.8, noise=14, quality=50)
    verdict = verify_letter(taken, keys)
    assert verdict.valid, verdict.problem


# --- archives and certificates


def test_every_letter_is_fit_for_an_archive(commitment: Filled, authorisation: Filled, make: Make) -> None:
    pdfa = pytest.importorskip("pikepdf.pdfa")
    stroke, png = Image.new("RGBA", (200, 60), (0, 0, 0, 0)), io.BytesIO()
    stroke.paste((0, 0, 0, 255), (20, 20, 180, 30))
    stroke.save(png, "PNG")
    drawn = {"signature": png.getvalue(), "statement": "a" * 64, "statement_signer": "subject"}
    for one in (
        make("commitment", commitment, extra=drawn),
        make("authorisation", authorisation, practice=True),
        make("receipt", commitment, language="en"),
    ):
        report = pdfa.validate_written(io.BytesIO(render(one)), "2b")
        assert (report.verdict, list(report.findings)) == ("pass", [])


@pytest.fixture(scope="module")
def certificate() -> tuple[x509.Certificate, bytes]:
    """An office's certificate, and its PKCS#12 file."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "测试县融资信用服务中心")])
    now = datetime.datetime.now(datetime.UTC)
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    found = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    how = serialization.BestAvailableEncryption(b"office")
    return found, pkcs12.serialize_key_and_certificates(b"office", key, found, None, how)


def test_an_office_with_a_certificate_signs_the_file(
    commitment: Filled,
    make: Make,
    key: PrivateKey,
    certificate: tuple[x509.Certificate, bytes],
    tmp_path: Path,
) -> None:
    pytest.importorskip("pyhanko")
    from asn1crypto.x509 import Certificate
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    held, file = certificate
    pdf = render(make("commitment", commitment))
    signed = stamp(pdf, file, "office", office="测试县")
    assert signed.startswith(pdf)
    root = Certificate.load(held.public_bytes(serialization.Encoding.DER))

    def status(data: bytes) -> object:
        found = PdfFileReader(io.BytesIO(data)).embedded_signatures[0]
        return validate_pdf_signature(found, ValidationContext(trust_roots=[root]))

    assert status(signed).bottom_line  # type: ignore[attr-defined]  # pyHanko's own word
    place = signed.index(b"/FontBBox")
    broken = signed[:place] + b"/FontBBoy" + signed[place + 9 :]
    assert not status(broken).intact  # type: ignore[attr-defined]
    assert verify_letter(signed, {key.public.key_id: key.public}).valid
    path = tmp_path / "signed.pdf"
    path.write_bytes(signed)
    told = subprocess.run(["pdfsig", path], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in told
    with pytest.raises(Problem, match=r"letters\.bad_certificate"):
        stamp(pdf, file, "wrong")
