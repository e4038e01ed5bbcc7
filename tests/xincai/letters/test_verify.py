"""A letter is checked from a picture of any of its pages, without a network."""

import io
from collections.abc import Callable

import pytest
from PIL import Image, ImageFilter

from xincai.letters import Verdict, preview, render, render_all, verify_letter, verify_seal
from xincai.letters.letter import Letter
from xincai.records import Record
from xincai.wire.suites import SM2_SM3, PrivateKey, PublicKey
from xincai.xforms import Form

Filled = tuple[Record, Form]
Make = Callable[..., Letter]
Keys = dict[str, PublicKey]


def code(verdict: Verdict) -> str:
    return verdict.problem.code if verdict.problem else ""


@pytest.fixture(scope="module")
def keys(key: PrivateKey) -> Keys:
    return {key.public.key_id: key.public}


@pytest.fixture(scope="module")
def paper(commitment: Filled, make: Make) -> Letter:
    return make("commitment", commitment)


def test_a_letter_verifies_from_its_pdf(paper: Letter, keys: Keys) -> None:
    verdict = verify_letter(render(paper), keys)
    assert verdict.valid
    assert verdict.seal is not None
    assert (verdict.seal.number, verdict.seal.typ) == (paper.number, "commitment")


@pytest.mark.parametrize("page", [0, 1])
def test_each_page_verifies_as_a_picture(page: int, paper: Letter, keys: Keys) -> None:
    assert verify_letter(preview(render(paper), page, 1654), keys).valid


def test_a_poor_scan_still_verifies(paper: Letter, keys: Keys) -> None:
    page = Image.open(io.BytesIO(preview(render(paper), 0, 2480))).convert("L")
    scan = page.rotate(1.5, fillcolor=255).filter(ImageFilter.GaussianBlur(1.0))
    target = io.BytesIO()
    scan.save(target, "JPEG", quality=60)
    assert verify_letter(target.getvalue(), keys).valid


@pytest.mark.parametrize("change", ["number", "digest", "subject", "time"])
def test_a_changed_code_fails(change: str, paper: Letter, keys: Keys, commitment: Filled) -> None:
    old, new = {
        "number": (paper.number, paper.number[:-1] + "9"),
        "digest": (commitment[0].submission_sm3, "0" * 64),
        "subject": ("䶮堃", "測試"),
        "time": ("2026-11-22T03:04:05Z", "2026-11-23T03:04:05Z"),
    }[change]
    assert old in paper.payload
    verdict = verify_seal(paper.payload.replace(old, new), keys)
    assert not verdict.valid
    assert code(verdict).startswith("wire.")


def test_every_changed_character_of_the_code_fails(paper: Letter, keys: Keys) -> None:
    text = paper.payload
    for place in range(0, len(text), 7):
        other = "A" if text[place] != "A" else "B"
        assert not verify_seal(text[:place] + other + text[place + 1 :], keys).valid


def test_an_unknown_key_proves_nothing(paper: Letter) -> None:
    stranger = PrivateKey.generate(SM2_SM3).public
    verdict = verify_letter(render(paper), {stranger.key_id: stranger})
    assert not verdict.valid
    assert code(verdict) == "wire.unknown_key"


def test_pages_of_two_letters_are_not_one_letter(
    paper: Letter, commitment: Filled, make: Make, keys: Keys
) -> None:
    other = make("receipt", commitment)
    assert code(verify_letter(render_all([paper, other]), keys)) == "letters.codes_differ"


def test_a_page_without_a_code_is_said_so(keys: Keys) -> None:
    blank = io.BytesIO()
    Image.new("L", (600, 800), 255).save(blank, "PNG")
    assert code(verify_letter(blank.getvalue(), keys)) == "letters.no_code"


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4 broken", b"\x89PNG\r\n\x1a\nbroken", b"hello"])
def test_what_is_no_letter_is_said_so(data: bytes, keys: Keys) -> None:
    assert code(verify_letter(data, keys)) == "letters.not_a_letter"
