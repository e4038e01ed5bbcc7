"""A village's letters: made once, stopped and gone on with, saved under names that name nobody."""

import re
from pathlib import Path
from typing import get_args

import pypdfium2
import pytest
from desk_office import Office

from forms.filler import Filler, examples
from xincai.desk.views import LetterKind, RecordCard
from xincai.errors import Problem
from xincai.shelf import Sources

MADE_FROM = {
    "objection": "objection",
    "repair": "repair",
    "withdrawal": "withdrawal",
    "whitelist": "visit",
    "summary": "household",
    "authorisation": "authorisation",
    "consent": "consent",
}
RULES = Sources.read(Path(__file__).parents[3] / "forms").rules


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


def seal(office: Office, form_id: str, subject: str = "HH", **chosen: str) -> RecordCard:
    """A record of a form in which all that it must have is answered."""
    filling = office.desk.start(form_id)
    form = filling._session.form
    Filler(filling._session, examples(form, RULES), subject).fill(full=False, signer_kind="3", **chosen)
    return office.desk.seal(filling)


def place_of(office: Office, card: RecordCard) -> str:
    """The code of the village that a record names, else of its town."""
    text = office.vault.record(card.record_id).submission
    return max(re.findall(rb"<region_(?:town|village)>([0-9]+)<", text), key=len).decode()


def test_a_village_is_chosen_by_the_registrys_list(office: Office) -> None:
    office.enrol()
    farm, mine, other = (
        office.seal("ff_collect"),
        office.seal("commitment"),
        seal(office, "household", region_town="410499101"),
    )
    code = place_of(office, farm)
    town = code[:9]
    offered = {each.code: each for each in office.desk.villages()}
    assert offered[code].town == offered[town].town
    assert (offered[town].name, bool(offered[code].name)) == ("", True)
    assert len({each[:6] for each in offered}) == 1
    assert mine.subject_code == farm.subject_code
    elsewhere = place_of(office, other)
    assert elsewhere[:9] != town
    for village, count in ((code, 2), (town, 2), (elsewhere, 1), ("", 3)):
        assert office.desk.count_for_letters("receipt", "", village) == (count, 0), village
    made = office.desk.make_letters("receipt", "", lambda _: None, lambda: False, village=code)
    assert {each.record_id for each in made.letters} == {farm.record_id, mine.record_id}


@pytest.mark.parametrize("kind", get_args(LetterKind))
def test_every_kind_is_made_for_a_whole_village(kind: LetterKind, office: Office) -> None:
    office.enrol()
    seal(office, MADE_FROM.get(kind, "commitment"), "ENT" if kind in {"repair", "whitelist"} else "HH")
    made = office.desk.make_letters(kind, "", lambda _: None, lambda: False)
    assert [each.kind for each in made.letters] == [kind]
    (file,) = office.desk.export_letters([each.letter_id for each in made.letters], office.desk.folder)
    assert file.name == f"{kind}-{made.letters[0].number}.pdf"


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
