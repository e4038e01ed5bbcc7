"""A village's letters: made once, stopped and gone on with, saved under names that name nobody."""

from pathlib import Path

import pypdfium2
import pytest
from desk_office import Office

from xincai.errors import Problem


def test_a_stopped_run_goes_on_where_it_stopped(office: Office) -> None:
    office.enrol()
    for form in ("ff_collect", "commitment", "authorisation"):
        office.seal(form)
    assert office.desk.count_for_letters("receipt", "") == (3, 0)
    seen: list[tuple[int, int]] = []
    stopped = office.desk.make_letters("receipt", "", seen.append, lambda: len(seen) == 2)
    assert (stopped.cancelled, len(stopped.letters), stopped.total) == (True, 2, 3)
    assert seen == [(0, 3), (1, 3)]
    assert office.desk.count_for_letters("receipt", "") == (3, 2)
    whole = office.desk.make_letters("receipt", "", seen.append, lambda: False)
    assert not whole.cancelled
    assert whole.letters[:2] == stopped.letters
    assert len({each.number for each in whole.letters}) == 3


def test_only_records_that_can_have_the_letter_are_counted(office: Office) -> None:
    office.enrol()
    office.seal("ff_collect")
    office.seal("commitment")
    assert office.desk.count_for_letters("commitment", "") == (1, 0)


def test_a_record_whose_letter_cannot_be_made_does_not_stop_the_others(office: Office) -> None:
    office.seal("ff_collect")
    made = office.desk.make_letters("receipt", "", lambda _: None, lambda: False)
    assert (made.letters, made.total) == ((), 1)
    assert [problem.code for _, problem in made.failed] == ["desk.not_enrolled"]


def test_letters_are_saved_as_one_file_or_each_by_itself(office: Office, tmp_path: Path) -> None:
    office.enrol()
    names = [office.seal(form).subject_name for form in ("ff_collect", "commitment")]
    made = office.desk.make_letters("receipt", "", lambda _: None, lambda: False).letters
    ids = [each.letter_id for each in made]
    each = office.desk.export_letters(ids, tmp_path)
    assert [path.read_bytes() for path in each] == [office.desk.letter_pdf(one) for one in ids]
    (one,) = office.desk.export_letters(ids, tmp_path, as_one=True)
    document = pypdfium2.PdfDocument(one)
    assert len(document) == sum(card.pages for card in made)
    document.close()
    assert not any(name.strip("*") in path.name for path in (*each, one) for name in names if name.strip("*"))
    with pytest.raises(Problem, match=r"desk\.cannot_write"):
        office.desk.export_letters(ids, tmp_path / "gone", as_one=True)
