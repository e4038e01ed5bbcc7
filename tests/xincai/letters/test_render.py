"""The PDF: what is copied from it is what was written, and the same letter is the same bytes."""

import datetime
import hashlib
import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from xincai import paths
from xincai.errors import Problem
from xincai.letters import page_count, preview, render, render_all
from xincai.letters.faces import face
from xincai.letters.layout import lay_out
from xincai.letters.letter import Block, Letter, Paragraph, Signing, SignLine, Span, Table
from xincai.letters.marks import Text
from xincai.records import Record
from xincai.xforms import Form

Filled = tuple[Record, Form]
Make = Callable[..., Letter]

AT = datetime.datetime(2026, 11, 22, 3, 4, 5, tzinfo=datetime.UTC)


def letter(*blocks: Block, practice: bool = False) -> Letter:
    return Letter(
        kind="receipt",
        language="zh",
        number="CS-1",
        title="测试文书",
        blocks=blocks,
        payload="{}",
        code="0000",
        issued=AT,
        practice=practice,
        record_id="r",
        record_version=1,
        subject_masked="测**",
        text_version="1",
    )


def body(text: str, *, value: bool = True) -> Paragraph:
    return Paragraph("body", (Span(text, value=value),))


def extract(pdf: bytes, folder: Path) -> str:
    path = folder / "letter.pdf"
    path.write_bytes(pdf)
    return subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, text=True, check=True).stdout


def flat(text: str) -> str:
    return "".join(text.split())


def test_every_character_of_the_faces_is_copied_as_itself(tmp_path: Path) -> None:
    """All Han of song and rare, in one document of many pages, by pdftotext."""
    codes = [c for name in ("song", "rare") for c in face(name).glyphs if c >= 0x3400 and chr(c).isalpha()]
    codes = [
        c
        for c in codes
        if (not 0xF900 <= c <= 0xFAFF and not 0x2F800 <= c <= 0x2FA1F and c < 0xFF00) or c > 0xFFFF
    ]
    wanted = "".join(map(chr, sorted(set(codes))))
    assert len(wanted) > 30_000
    parts = [wanted[n : n + 500] for n in range(0, len(wanted), 500)]
    found = extract(render(letter(*(Paragraph("note", (Span(part),)) for part in parts))), tmp_path)
    assert set(wanted) <= set(found)


def test_names_beyond_the_bmp_are_copied_as_themselves(tmp_path: Path) -> None:
    names = (
        "王测𬭚",
        "欧阳测𫍯",
        "赵测𠅤",
        "李测𬀩",
        "周测㛃",
        "测试县䶮堃农业专业合作社",
        "阿依测试·古丽样例",
    )
    pdf = render(letter(*(body(f"{name}") for name in names)))
    poppler = extract(pdf, tmp_path)
    document = pypdfium2.PdfDocument(pdf)
    pdfium = document[0].get_textpage().get_text_range()
    document.close()
    for name in names:
        assert name in poppler
        assert name in pdfium


def test_the_same_letter_is_the_same_bytes(commitment: Filled, make: Make) -> None:
    one = make("commitment", commitment)
    assert render(one) == render(one)


def test_another_process_makes_the_same_bytes() -> None:
    code = (
        "import datetime, hashlib\n"
        "from xincai.letters import render\n"
        "from xincai.letters.letter import *\n"
        "at = datetime.datetime(2026, 11, 22, 3, 4, 5, tzinfo=datetime.UTC)\n"
        "blocks = (Paragraph('body', (Span('王测𬭚承诺：“真实、准确”，共20项。', value=True),)),)\n"
        "one = Letter('receipt', 'zh', 'CS-1', '试', blocks, '{}', '0000', at, True, 'r', 1, '测**', '1')\n"
        "print(hashlib.sha256(render(one)).hexdigest())\n"
    )
    environment = {"PYTHONPATH": str(paths.resources().parent / "client"), "PATH": ""}
    made = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env=environment | {"PYTHONHASHSEED": seed, "TZ": zone, "SOURCE_DATE_EPOCH": epoch},
        ).stdout.strip()
        for seed, zone, epoch in (("1", "UTC", ""), ("2", "Asia/Shanghai", "1000000000"))
    }
    blocks = (Paragraph("body", (Span("王测𬭚承诺：“真实、准确”，共20项。", value=True),)),)
    here = Letter("receipt", "zh", "CS-1", "试", blocks, "{}", "0000", AT, True, "r", 1, "测**", "1")
    assert made == {hashlib.sha256(render(here)).hexdigest()}


def test_what_was_rendered_before_does_not_show(
    commitment: Filled, authorisation: Filled, make: Make
) -> None:
    one = make("commitment", commitment)
    before = render(one)
    render(make("authorisation", authorisation))
    render_all([make("receipt", commitment), one])
    assert render(one) == before


def test_a_character_that_no_face_draws_stops_the_letter_and_is_named() -> None:
    with pytest.raises(Problem) as caught:
        render(letter(body("王测\U00030edd")))
    assert caught.value.facts["character"] == "\U00030edd"


HOSTILE = (
    "{subject_name}",
    "{{7*7}}",
    "[person] 假",
    "| a | b |",
    ":seal （盖章）",
    "## 标题",
    "<w:p/>",
    "%PDF-",
    "===",
    "\\) Tj ET",
    "(",
    "\\",
    "---",
    "${x}",
    "<b>粗</b>",
    "&amp;",
)


@pytest.mark.parametrize("value", HOSTILE)
def test_an_answer_is_never_a_template(value: str, commitment: Filled, make: Make, tmp_path: Path) -> None:
    blocks = make("receipt", commitment, extra={"officer": value, "place": value}).blocks
    table = next(block for block in blocks if isinstance(block, Table))
    assert Span(value, value=True) in [span for row in table.rows for cell in row for span in cell]
    assert flat(value) in flat(extract(render(make("receipt", commitment, extra={"place": value})), tmp_path))


@settings(max_examples=40, deadline=None)
@given(
    st.text(st.characters(codec="gb18030", min_codepoint=32, max_codepoint=0x9FA5), min_size=1, max_size=60)
)
def test_any_answer_gives_a_page_or_names_the_character(text: str) -> None:
    try:
        pdf = render(letter(body(text)))
    except Problem as problem:
        assert problem.code in {"letters.missing_glyph", "letters.hidden_character"}  # noqa: PT017
    else:
        assert pdf.startswith(b"%PDF-")


@pytest.mark.parametrize("lines", range(12, 26))
def test_no_page_has_only_the_signature(lines: int) -> None:
    text = [body("依法诚信经营。") for _ in range(lines)]
    signing = Signing(
        (SignLine((Span("签名："),), blank=True),),
        (Span("测试合作社", value=True),),
        "2026年11月22日",
        "（盖章）",
    )
    last = lay_out(letter(*text, signing))[-1]
    words = ["".join(g.character for _, g in mark.glyphs) for mark in last.marks if isinstance(mark, Text)]
    assert "依法诚信经营。" in words


def test_a_row_taller_than_a_page_runs_on_under_its_heading(tmp_path: Path) -> None:
    rows = (
        ((Span("事项"),), (Span("内容"),)),
        ((Span("承诺内容"),), (Span("依法诚信经营，" * 600, value=True),)),
    )
    pdf = render(letter(Table((0.2, 0.8), rows, heading=True)))
    text = extract(pdf, tmp_path)
    assert page_count(pdf) >= 3
    assert text.count("事项") == page_count(pdf)
    assert text.count("依法诚信经营，" * 3) > 100
    assert text.count("，") == 600 + page_count(pdf)


def test_a_handwriting_is_shown_and_a_seal_is_never_drawn() -> None:
    stroke = Image.new("RGBA", (200, 60), (0, 0, 0, 0))
    stroke.paste((0, 0, 0, 255), (20, 20, 180, 30))
    png = io.BytesIO()
    stroke.save(png, "PNG")
    line = SignLine((Span("承诺人签名："),), blank=True, image=png.getvalue())
    with_ink = render(letter(body("正文。"), Signing((line,), (), "2026年11月22日", "（盖章）")))
    assert b"/Subtype /Image" in with_ink
    picture = Image.open(io.BytesIO(preview(with_ink, 0, 600))).convert("RGB")
    red, green, _ = picture.split()
    assert max(ImageChops.subtract(red, green).tobytes()) < 40


def test_a_handwriting_that_is_no_picture_is_said_so() -> None:
    line = SignLine((Span("承诺人签名："),), blank=True, image=b"no picture")
    with pytest.raises(Problem, match="bad_picture"):
        render(letter(Signing((line,), (), "2026年11月22日")))


def test_every_font_is_embedded_and_none_is_stock(commitment: Filled, make: Make, tmp_path: Path) -> None:
    path = tmp_path / "letter.pdf"
    path.write_bytes(render(make("commitment", commitment)))
    listing = subprocess.run(["pdffonts", path], capture_output=True, text=True, check=True)
    rows = listing.stdout.splitlines()[2:]
    assert listing.stderr == ""
    assert rows
    assert all("CID TrueType" in row and row.split()[-5:-2] == ["yes", "yes", "yes"] for row in rows)


def test_the_document_names_no_person(commitment: Filled, make: Make) -> None:
    pdf = render(make("commitment", commitment))
    assert b"CreationDate (D:20261122030405" in pdf
    assert "王测".encode("utf-16-be") not in pdf


def test_a_preview_has_the_width_asked_for() -> None:
    png = Image.open(io.BytesIO(preview(render(letter(body("正文。"))), 0, 640)))
    assert png.width == 640


def test_what_is_no_pdf_is_refused() -> None:
    with pytest.raises(Problem, match="not_a_letter"):
        page_count(b"hello")
