"""A letter says what the record says, in words."""

import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from xincai.errors import Problem
from xincai.letters import KINDS, Kind, Letter, page_count, render, verify_letter
from xincai.letters.compose import Enclosed, enclose, read
from xincai.letters.letter import Language, Signing, Span, Table
from xincai.letters.template import Answers, letter_text
from xincai.records import Record, Subject, seal_record
from xincai.shelf import Shelf
from xincai.wire.suites import PrivateKey
from xincai.xforms import Form, Session, read_form

Filled = tuple[Record, Form]
Make = Callable[..., Letter]


def text_of(pdf: bytes, folder: Path) -> str:
    path = folder / "letter.pdf"
    path.write_bytes(pdf)
    return subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, text=True, check=True).stdout


def flat(text: str) -> str:
    return "".join(text.split())


def test_a_commitment_holds_the_twenty_fields_of_the_national_record(
    commitment: Filled, make: Make, tmp_path: Path
) -> None:
    letter = make("commitment", commitment)
    annex = [block for block in letter.blocks if isinstance(block, Table)][-1]
    numbers = [row[0][0].text for row in annex.rows[1:]]
    assert numbers == [*(str(n) for n in range(1, 11)), "11-16", *(str(n) for n in range(17, 21))]
    text = flat(text_of(render(letter), tmp_path))
    for words in (
        "测试县䶮堃农业专业合作社",
        "测试县发展和改革委员会",
        "2027年3月5日",
        "主动型",
        "可向社会公开",
        "王测𬭚",
    ):
        assert words in text


def test_an_authorisation_lists_every_category_with_its_tick(
    authorisation: Filled, make: Make, tmp_path: Path
) -> None:
    letter = make("authorisation", authorisation)
    ticks = [block for block in letter.blocks if isinstance(block, Table)][2].rows[1:]
    marks = {row[0][0].text: row[2][0].text for row in ticks}
    assert {number for number, mark in marks.items() if mark == "√"} == {"11", "12", "16"}
    assert len(marks) >= 16
    assert "测试县农村商业银行（演练）" in flat(text_of(render(letter), tmp_path))


def test_a_receipt_after_delivery_is_one_page(authorisation: Filled, make: Make) -> None:
    arrived = {
        "batch": "第3批",
        "batch_digest": "cd" * 32,
        "receipt_no": "R-7",
        "receipt_time": "2026年11月22日11:20",
    }
    for language in ("zh", "en"):
        extra = {**arrived, "outcome": "已受理", "officer": "李测试"}
        assert page_count(render(make("receipt", authorisation, extra=extra, language=language))) == 1


def test_a_letter_counts_the_answers_that_were_given(commitment: Filled, make: Make) -> None:
    record, form = commitment
    session = read(record, form, "zh")
    asked = [session.entry(ref) for ref, value, _ in session.leaves() if value]
    given = sum(each.control not in {"", "note", "trigger"} for each in asked)
    assert enclose(record, form).answers == given > 10


def test_a_letter_tells_what_was_sealed_though_the_form_does_something_when_it_is_opened() -> None:
    form = read_form(
        b"""<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
        xmlns:odk="http://www.opendatakit.org/xforms"><h:head>
        <h:title>t</h:title><model odk:xforms-version="1.0.0"><instance><data id="t" version="1"><phone/>
        <meta><instanceID/></meta></data></instance>
        <bind nodeset="/data/phone" type="string"/>
        <odk:setvalue event="odk-instance-load" ref="/data/phone" value="'other'"/></model></h:head>
        <h:body><input ref="/data/phone"><label>p</label></input></h:body></h:html>"""
    )
    session = Session.new(form)
    session.answer("/data/phone", "given")
    record = seal_record(
        form, session, record_id="r", form_sm3="0" * 64, subject=Subject("HH", "LH-023", "王测试")
    )
    opened = Session.resume(form, record.submission)
    told = [
        {ref: value for ref, value, _ in each.leaves()}["/data/phone"]
        for each in (opened, read(record, form, "zh"))
    ]
    assert told == ["other", "given"]


def test_a_receipt_is_one_page_and_masks_a_person(authorisation: Filled, make: Make, tmp_path: Path) -> None:
    pdf = render(make("receipt", authorisation, extra={"officer": "李测试", "phone": "0375-1234567"}))
    text = flat(text_of(pdf, tmp_path))
    assert page_count(pdf) == 1
    assert "阿**" in text
    assert "古丽" not in text
    assert authorisation[0].submission_sm3[:40] in text


@pytest.mark.parametrize("kind", ["commitment", "truth", "authorisation", "receipt", "proxy", "witness"])
def test_every_letter_exists_in_english(
    kind: Kind, commitment: Filled, authorisation: Filled, make: Make
) -> None:
    filled = authorisation if kind == "authorisation" else commitment
    letter = make(kind, filled, language="en")
    assert letter.title.isascii()
    assert page_count(render(letter)) <= 3


def test_a_commitment_lists_the_records_it_covers(commitment: Filled, make: Make, tmp_path: Path) -> None:
    digest = "ab" * 32
    one = Enclosed("农业保险信息", "2026年11月22日", 21, 2, digest)
    letter = make("commitment", commitment, enclosed=(one,))
    text = flat(text_of(render(letter), tmp_path))
    assert "共1件" in text
    assert digest in text


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", "信用信息查询使用授权书2026年11月22日"), ("en", "Authorisationtoqueryanduse,22November2026")],
)
def test_a_record_is_told_in_the_letters_language(
    language: Language, words: str, commitment: Filled, authorisation: Filled, make: Make
) -> None:
    one = enclose(*authorisation, language)
    letter = make("commitment", commitment, enclosed=(one,), language=language)
    row = next(block for block in letter.blocks if isinstance(block, Table) and block.heading).rows[1]
    assert flat("".join(span.text for span in row[1])) == words
    assert flat(row[4][0].text) == authorisation[0].submission_sm3
    assert one.answers > 9


def test_a_receipt_signed_on_paper_takes_the_consents_in_writing(make: Make, commitment: Filled) -> None:
    record, form = commitment
    own = make("receipt", (record, form))
    other = make("receipt", (replace(record, form_id="ff_collect"), form))
    lines = [len(block.lines) for each in (own, other) for block in each.blocks if isinstance(block, Signing)]
    assert lines == [1, 3]


def test_a_proxys_hand_stands_on_the_proxys_line(make: Make) -> None:
    for kind in ("commitment", "authorisation"):
        answers = Answers(
            "zh", {"signer_kind": "2", "organisation": "1", "collector2": "李测试"}, signature=b"x"
        )
        signing = next(b for b in letter_text(kind, "zh").fill(answers) if isinstance(b, Signing))
        assert [bool(line.image) for line in signing.lines] == [True]
        assert "代签人" in signing.lines[0].spans[0].text


def test_an_english_receipt_names_the_form_in_english(make: Make, commitment: Filled, tmp_path: Path) -> None:
    text = text_of(render(make("receipt", commitment, language="en")), tmp_path)
    assert "Credit commitment" in text
    assert "信用承诺书" not in text


def test_a_commitment_is_made_from_its_own_form_only(authorisation: Filled, make: Make) -> None:
    with pytest.raises(Problem, match="wrong_form"):
        make("commitment", authorisation)


def test_the_texts_name_only_fields_that_something_fills() -> None:
    facts = {
        "number",
        "office",
        "issued",
        "sealed",
        "sealed_on",
        "paper_of_its_own",
        "form_title",
        "form_version",
        "record_id",
        "record_version",
        "attachments",
        "sm3",
        "subject_name",
        "subject_code",
        "subject_shown",
        "code_shown",
        "code_printed",
        "person",
        "organisation",
        "answer_count",
        "enclosed",
        "enclosed_count",
        "au_grantee_chosen",
        "no",
        "label",
        "mark",
        "answers",
        "files",
        "digest",
        "officer",
        "place",
        "batch",
        "phone",
        "note",
        "receipt_no",
        "outcome",
        "attachment_note",
        "collector",
        "batch_digest",
        "pc_business",
        "receipt_time",
        "outcome_note",
        "sections",
        "section",
        "rows",
        "value",
        "wd_scope_chosen",
        "org",
    }
    forms = {"truth": "commitment", "whitelist": "visit", "receipt": "commitment"}
    forms |= dict.fromkeys(("summary", "proxy", "witness"), "household")
    for kind in KINDS:
        source = Shelf().source(forms.get(kind, kind)).decode()
        names = set(re.findall(r'nodeset="[^"]*/([^/"]+)"', source))
        for language in ("zh", "en"):
            assert letter_text(kind, language).placeholders <= facts | names


def test_both_languages_name_the_same_fields() -> None:
    for kind in KINDS:  # the one sentence that the form itself gives is in Chinese, so English has its own
        zh, en = letter_text(kind, "zh").placeholders, letter_text(kind, "en").placeholders
        assert zh ^ en <= {"au_revoke_way"}


def test_practice_letters_say_so_on_every_page(commitment: Filled, make: Make, tmp_path: Path) -> None:
    pdf = render(make("commitment", commitment, practice=True))
    assert text_of(pdf, tmp_path).count("演") >= page_count(pdf)


def test_a_file_name_gives_no_person_away(authorisation: Filled, make: Make) -> None:
    name = make("receipt", authorisation).file_name
    assert "古丽" not in name
    assert not set(name) & set('\\/:*?"<>|')


def test_the_check_code_begins_the_digest(commitment: Filled, make: Make) -> None:
    letter = make("commitment", commitment)
    assert letter.code.replace(" ", "").lower() == commitment[0].submission_sm3[:16]


def test_a_letter_stands_for_its_record(commitment: Filled, make: Make, key: PrivateKey) -> None:
    letter = make("commitment", commitment)
    keys = {key.public.key_id: key.public}
    assert verify_letter(render(letter), keys, sm3=commitment[0].submission_sm3).valid
    other = verify_letter(render(letter), keys, sm3="0" * 64)
    assert not other.valid
    assert other.problem is not None
    assert other.problem.code == "letters.other_record"


def test_values_are_marked_as_values(commitment: Filled, make: Make) -> None:
    table = next(block for block in make("commitment", commitment).blocks if isinstance(block, Table))
    assert table.rows[0][1] == (Span("测试县䶮堃农业专业合作社", value=True),)


def test_a_receipt_takes_no_answer_that_happens_to_bear_a_fields_name(make: Make, tmp_path: Path) -> None:
    form = read_form(
        b"""<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head>
        <h:title>t</h:title><model><instance><data id="t" version="1"><phone/>
        <meta><instanceID/></meta></data></instance>
        <bind nodeset="/data/phone" type="string"/></model></h:head>
        <h:body><input ref="/data/phone"><label>p</label></input></h:body></h:html>"""
    )
    session = Session.new(form)
    session.answer("/data/phone", "15400001234")
    subject = Subject("HH", "LH-023", "王测试")
    record = seal_record(form, session, record_id="r", form_sm3="0" * 64, subject=subject)
    text = text_of(render(make("receipt", (record, form))), tmp_path)
    assert "15400001234" not in text
    assert "王**" in text
