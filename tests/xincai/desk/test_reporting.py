"""Every kind of letter from the desk, the report on a subject and the slip of a batch."""

import subprocess
from pathlib import Path

import pytest
from desk_office import Office

from xincai.desk import paper
from xincai.errors import Problem
from xincai.letters.compose import kinds_of
from xincai.shelf import Shelf


def text_of(pdf: bytes, folder: Path) -> str:
    path = folder / "paper.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, text=True, check=True)
    return "".join(done.stdout.split())


def test_the_kinds_offered_are_those_that_the_form_allows() -> None:
    shelf = Shelf()
    for card in shelf.cards():
        allowed = kinds_of(shelf.open(card.form_id))
        assert set(paper.kinds(card.form_id)) == set(allowed), card.form_id
    assert paper.kinds("a_form_of_others") == ("receipt",)


def test_every_kind_that_is_offered_is_written(office: Office) -> None:
    office.enrol()
    for form_id in ("commitment", "ff_collect"):
        sealed = office.seal(form_id)
        for kind in paper.kinds(form_id):
            letter = office.desk.write_letter(sealed.record_id, kind)
            assert letter.kind == kind
            assert office.desk.letter_page(letter.letter_id, 0, 300).startswith(b"\x89PNG")
        kept = {row.kind for row in office.vault.letters(sealed.record_id)}
        assert kept == set(paper.kinds(form_id))


def test_a_report_masks_unless_the_subject_asks_in_person(office: Office, tmp_path: Path) -> None:
    office.enrol()
    sealed = office.seal("ff_collect")
    office.desk.write_letter(sealed.record_id, "receipt")
    detail = office.desk.record(sealed.record_id, language="zh")
    hidden = [each for part in detail.sections for each in part.answers if each.masked and not each.value]
    value = office.desk.reveal(sealed.record_id, 1, hidden[0].ref, "verify")
    said = []
    for in_full in (False, True):
        report = office.desk.write_report(sealed.record_id, "zh", in_full=in_full)
        said.append(text_of(office.desk.letter_pdf(report.letter_id), tmp_path))
    flat = "".join(value.split())
    assert flat not in said[0]
    assert flat in said[1]
    assert "信用信息采集回执" in said[0]
    assert detail.sm3[:8] in said[0]
    events = [each.facts for each in office.vault.events() if each.kind == "report"]
    assert [facts["extent"] for facts in events] == ["masked", "full"]


def test_a_report_is_not_kept_in_the_vault(office: Office, tmp_path: Path) -> None:
    office.enrol()
    sealed = office.seal("commitment")
    report = office.desk.write_report(sealed.record_id, "en")
    assert office.vault.letters() == ()
    file = office.desk.export_letter(report.letter_id, tmp_path)
    assert file.name == f"report-{report.number}.pdf"
    office.desk.close()
    assert not office.desk._papers


def test_a_slip_names_its_batch_and_nobody(office: Office, tmp_path: Path) -> None:
    office.enrol()
    sealed = office.seal("ff_collect")
    batch = office.desk.sign_batch()
    slip = office.desk.write_slip(batch.manifest_id, "zh")
    text = text_of(office.desk.letter_pdf(slip.letter_id), tmp_path)
    assert batch.manifest_id in text
    assert office.vault.record(sealed.record_id).subject.name not in text
    receipt = office.desk.write_letter(sealed.record_id, "receipt", "zh")
    told = text_of(office.desk.letter_pdf(receipt.letter_id), tmp_path)
    assert "平台受理情况" in told
    assert batch.manifest_id in told


def test_no_slip_without_enrolment(office: Office) -> None:
    sealed = office.seal("commitment")
    with pytest.raises(Problem, match="not_enrolled"):
        office.desk.write_report(sealed.record_id)
