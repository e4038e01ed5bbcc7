"""Whether a paper is what it says: told of PDFs, scans and photographs, with what differs."""

import io
import json
from dataclasses import replace

import pypdfium2
import pytest
from desk_office import Office
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from forms import farms
from xincai.desk import LetterCard, PaperCheck, checking, signing
from xincai.errors import Problem
from xincai.letters import Wording, preview
from xincai.letters.template import letter_text
from xincai.vault import Device
from xincai.wire.digest import sm3
from xincai.wire.statement import decode_statement, verify_statement
from xincai.wire.suites import SM2_SM3, PrivateKey

COURSE = json.dumps({"pen": "pen", "strokes": [[[1, 2, 0, 300], [40, 20, 16, 900]], [[5, 5, 200, 500]]]})


def states(check: PaperCheck) -> dict[str, str]:
    return {each.name: each.state for each in check.findings}


def codes(check: PaperCheck) -> list[str]:
    return [each.problem.code for each in check.findings if each.problem]


def letter(office: Office, form: str = "commitment") -> LetterCard:
    office.enrol()
    return office.desk.write_letter(office.seal(form).record_id, "commitment")


def scan(pdf: bytes, page: int = 0) -> bytes:
    """A page as a scanner gives it."""
    out = io.BytesIO()
    Image.open(io.BytesIO(preview(pdf, page, 2480))).convert("L").rotate(0.6, fillcolor=240).save(out, "JPEG")
    return out.getvalue()


def altered(pdf: bytes, *, words: bool) -> bytes:
    """The PDF with something written over its first page, with words or without."""
    document = pypdfium2.PdfDocument(pdf)
    page = document[0]
    if words:
        font = pypdfium2.raw.FPDFText_LoadStandardFont(document, b"Helvetica")
        text = pypdfium2.raw.FPDFPageObj_CreateTextObj(document, font, 18.0)
        encoded = ("9,999,999\0").encode("utf-16-le")
        buffer = (pypdfium2.raw.FPDF_WCHAR * (len(encoded) // 2)).from_buffer_copy(encoded)
        pypdfium2.raw.FPDFText_SetText(text, buffer)
        pypdfium2.raw.FPDFPageObj_Transform(text, 1, 0, 0, 1, 200, 60)
        pypdfium2.raw.FPDFPage_InsertObject(page, text)
    else:
        box = pypdfium2.raw.FPDFPageObj_CreateNewRect(200, 500, 90, 20)
        pypdfium2.raw.FPDFPageObj_SetFillColor(box, 255, 255, 255, 255)
        pypdfium2.raw.FPDFPath_SetDrawMode(box, pypdfium2.raw.FPDF_FILLMODE_WINDING, False)
        pypdfium2.raw.FPDFPage_InsertObject(page, box)
    page.gen_content()
    out = io.BytesIO()
    document.save(out)
    document.close()
    return out.getvalue()


def signed(office: Office, witness: str = "") -> LetterCard:
    """A commitment signed on the screen, with the course; by a witness, where the subject cannot write."""
    office.enrol()
    paper, course, out = Image.new("RGBA", (300, 120), (255, 255, 255, 255)), PngInfo(), io.BytesIO()
    ImageDraw.Draw(paper).line([(10, 90), (150, 20), (280, 100)], fill=(0, 0, 0, 255), width=4)
    course.add_text("strokes", COURSE)
    paper.save(out, "PNG", pnginfo=course)
    filling = office.desk.start("commitment")

    def attach(step: farms.Attach) -> str:
        return filling.attach(step.ref, out.getvalue(), "image/png")

    steps = farms.farm_story()["commitment"]
    if witness:
        group = "/data/signature_group"
        steps = [step for step in steps if not isinstance(step, farms.Attach)]
        steps += [farms.Answer(f"{group}/signer_kind", "3"), farms.Answer(f"{group}/collector2", witness)]
        steps.append(farms.Attach(f"{group}/witness_sign", "signature"))
    farms.play(steps, filling, attach)
    return office.desk.write_letter(office.desk.seal(filling).record_id, "commitment")


def test_a_letter_of_this_device_agrees_in_all_that_can_be_checked(office: Office) -> None:
    card = letter(office)
    check = office.desk.check_paper(office.desk.letter_pdf(card.letter_id))
    assert check.valid
    assert check.letter == card
    found = states(check)
    assert (found["seal"], found["letter"], found["words"], found["record"]) == ("good",) * 4


def test_a_check_tells_the_version_of_the_wording(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    pdf = office.desk.letter_pdf(letter(office).letter_id)
    check = office.desk.check_paper(pdf)
    text = letter_text("commitment", "zh")
    assert check.wording == Wording(text.title, text.version, "zh")
    assert states(check)["wording"] == "good"
    revised = replace(text, sm3="0" * 64)
    monkeypatch.setattr("xincai.letters.wording.letter_text", lambda *_: revised)
    check = office.desk.check_paper(pdf)
    assert check.valid
    assert check.wording is None
    assert codes(check) == ["letters.other_wording"]


def test_a_number_changed_at_the_foot_is_told_without_the_vault(office: Office) -> None:
    card = letter(office)
    key = PrivateKey.load(SM2_SM3, office.vault.device().private_key).public  # type: ignore[union-attr]  # enrolled
    pdf = office.desk.letter_pdf(card.letter_id)
    assert checking.check(pdf, {key.key_id: key}).valid
    document = pypdfium2.PdfDocument(pdf)
    page = document[1]
    for each in list(page.get_objects(filter=(pypdfium2.raw.FPDF_PAGEOBJ_TEXT,))):
        if each.get_bounds()[1] < 40:
            page.remove_obj(each)
    page.gen_content()
    out = io.BytesIO()
    document.save(out)
    document.close()
    check = checking.check(out.getvalue(), {key.key_id: key})
    assert not check.valid
    assert codes(check) == ["letters.foot_differs"]
    assert {(each.page, each.was) for each in check.differences} >= {(2, card.number)}


def test_a_scan_is_believed_by_its_code_and_its_words_are_said_to_be_unchecked(office: Office) -> None:
    card = letter(office)
    check = office.desk.check_paper(scan(office.desk.letter_pdf(card.letter_id)))
    assert check.valid
    assert check.letter == card
    assert states(check)["words"] == "unknown"


def test_words_put_into_a_letter_are_told_with_their_page(office: Office) -> None:
    card = letter(office)
    check = office.desk.check_paper(altered(office.desk.letter_pdf(card.letter_id), words=True))
    assert not check.valid
    assert codes(check) == ["letters.words_differ"]
    assert [(each.page, "9,999,999" in each.now) for each in check.differences] == [(1, True)]
    assert states(check)["seal"] == "good"


def test_what_is_painted_over_is_told_though_the_words_are_the_same(office: Office) -> None:
    card = letter(office)
    check = office.desk.check_paper(altered(office.desk.letter_pdf(card.letter_id), words=False))
    assert not check.valid
    assert [(each.page, each.was, each.now) for each in check.differences] == [(1, "", "")]


def test_a_letter_of_a_stranger_is_not_believed(office: Office, new_office: object) -> None:
    other = new_office()  # type: ignore[operator]  # a fixture that makes
    card = letter(other)
    office.enrol()
    check = office.desk.check_paper(other.desk.letter_pdf(card.letter_id))
    assert not check.valid
    assert codes(check) == ["wire.unknown_key"]


def test_a_letter_under_an_earlier_key_of_this_device_is_still_believed(office: Office) -> None:
    card = letter(office)
    old = office.vault.device()
    assert old is not None
    fresh = PrivateKey.generate(SM2_SM3).dump()
    office.vault.save_device(
        Device(old.device_id, old.office, SM2_SM3, fresh, old.gateway_url, old.token, (), "gw", old.practice)
    )
    assert office.desk.check_paper(office.desk.letter_pdf(card.letter_id)).valid


def test_strokes_are_bound_to_the_letter_under_the_device_key(office: Office) -> None:
    card = signed(office)
    text = signing.kept(office.vault, card.number)
    statement = verify_statement(text, signing.known_keys(office.vault))
    assert (statement.letter, statement.sm3, statement.record) == (card.number, card.sm3, card.record_id)
    assert statement.points == 3
    assert statement.drawings[0].strokes == sm3(COURSE.encode())
    words = "".join(
        page.get_textpage().get_text_range()
        for page in pypdfium2.PdfDocument(office.desk.letter_pdf(card.letter_id))
    )
    flat = "".join(words.split())
    assert statement.digest in flat
    assert "不是《电子签名法》第十三条所说的可靠电子签名" in flat
    assert states(office.desk.check_paper(office.desk.letter_pdf(card.letter_id)))["signature"] == "good"


def test_a_witness_draws_on_a_line_of_their_own(office: Office) -> None:
    card = signed(office, witness="测试见证")
    statement = decode_statement(signing.kept(office.vault, card.number))
    assert (statement.signer, statement.drawings[0].ref) == ("witness", "/data/signature_group/witness_sign")
    document = pypdfium2.PdfDocument(office.desk.letter_pdf(card.letter_id))
    (page,) = [each for each in document if "签署人不能书写" in each.get_textpage().get_text_range()]
    places = page.get_textpage()
    words = places.get_text_range()
    boxes = [one.get_bounds() for one in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])]
    (drawn,) = [box for box in boxes if box[2] - box[0] > 2 * (box[3] - box[1])]

    def beside(label: str) -> bool:
        return drawn[1] <= places.get_charbox(words.rindex(label))[1] <= drawn[3]

    assert beside("见证人（测试见证）")
    assert not beside("（负责人）签名（捺印）")


def test_a_changed_statement_is_refused(office: Office) -> None:
    text = signing.kept(office.vault, signed(office).number)
    keys = signing.known_keys(office.vault)
    assert decode_statement(text).signer in {"subject", "agent", "witness"}
    for old, new in (('"points":3', '"points":4'), ('"version":1', '"version":2')):
        assert old in text
        with pytest.raises(Problem, match=r"wire\."):
            verify_statement(text.replace(old, new), keys)


def test_a_letter_that_bears_no_drawing_says_that_ink_counts(office: Office) -> None:
    office.enrol()
    card = office.desk.write_letter(office.seal("ff_collect").record_id, "receipt")
    assert signing.kept(office.vault, card.number) == ""
    check = office.desk.check_paper(office.desk.letter_pdf(card.letter_id))
    assert states(check)["signature"] == "unknown"


def test_a_scan_is_kept_with_its_letter(office: Office) -> None:
    card = letter(office)
    pdf = office.desk.letter_pdf(card.letter_id)
    kept = office.desk.keep_scan([scan(pdf, page) for page in range(card.pages)], card.letter_id)
    assert (kept.kind, kept.number, kept.record_id, kept.pages) == (
        "scan",
        card.number,
        card.record_id,
        card.pages,
    )
    assert [each.kind for each in office.desk.record(card.record_id).letters] == ["scan", "commitment"]
    assert office.desk.letter_page(kept.letter_id, 0, 300).startswith(b"\x89PNG")
    again = office.desk.check_paper(office.desk.letter_pdf(kept.letter_id))
    assert again.valid
    assert again.letter == card


def test_a_scan_of_another_letter_is_refused_by_its_number(office: Office) -> None:
    card = letter(office)
    other = office.desk.write_letter(office.seal("ff_collect").record_id, "receipt")
    with pytest.raises(Problem, match=r"desk\.scan_other") as caught:
        office.desk.keep_scan([scan(office.desk.letter_pdf(other.letter_id))], card.letter_id)
    assert (caught.value.facts["number"], caught.value.facts["wanted"]) == (other.number, card.number)
    mixed = [scan(office.desk.letter_pdf(each.letter_id)) for each in (card, other)]
    with pytest.raises(Problem, match=r"letters\.codes_differ"):
        office.desk.keep_scan(mixed)
    assert [each.kind for each in office.desk.record(card.record_id).letters] == ["commitment"]
