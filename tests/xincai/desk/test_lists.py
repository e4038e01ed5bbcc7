"""Lists that sealed records add to and change, at a desk: what the next filling chooses from, offline too."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from desk_office import PASSPHRASE

from xincai.desk import Beginning, Desk, Profile
from xincai.shelf.reading import read_any
from xincai.vault import KdfParams

OAK = "6e6ac4d0-8d8c-4a9e-9a0c-3f2d0a3f5b10"
SETTINGS = "\n| settings |\n| | form_id | form_title | version |\n| | {form} | {form} | {version} |\n"
PLANT = """
| survey |
| | type | name | label | save_to |
| | text | species | Species | species |
| | int | girth | Girth | girth_cm |
| entities |
| | dataset | label |
| | trees | ${species} |
"""
MEASURE = """
| survey |
| | type | name | label | save_to | calculation |
| | select_one_from_file trees.csv | tree | Tree | | |
| | int | girth | Girth | girth_cm | |
| | calculate | before | | | instance('trees')/root/item[name = ${tree}]/girth_cm |
| entities |
| | dataset | entity_id | update_if | label |
| | trees | ${tree} | ${girth} > 0 | |
"""
OLD = "name,label,__version,girth_cm,species\n{oak},oak,3,70,oak\n"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path / "home", kdf=KdfParams.for_tests())
    desk.begin(Beginning(Profile("officer", "李秀兰", "柳河镇农业服务中心"), PASSPHRASE))
    yield desk
    desk.close()


@pytest.fixture
def bring(desk: Desk, tmp_path: Path) -> Callable[..., str]:
    """Bring a form in with the list that the platform published; the form's digest."""

    def bring_in(markdown: str, form: str, version: str = "1", trees: str = OLD.format(oak=OAK)) -> str:
        folder = tmp_path / f"{form}-{version}"
        folder.mkdir()
        text = markdown + SETTINGS.format(form=form, version=version)
        (folder / f"{form}.md").write_text(text, "utf-8")
        (folder / "trees.csv").write_text(trees, "utf-8")
        return desk.keep_form(read_any(folder / f"{form}.md")).form_sm3

    return bring_in


def _choices(desk: Desk, form_sm3: str) -> dict[str, str]:
    filling = desk.start_imported(form_sm3)
    return {choice.label: choice.value for choice in filling.choices("/data/tree")}


def _plant(desk: Desk, form_sm3: str, species: str, girth: str = "5") -> str:
    filling = desk.start_imported(form_sm3)
    filling.answer("/data/species", species)
    filling.answer("/data/girth", girth)
    return desk.seal(filling).record_id


def _measure(desk: Desk, form_sm3: str, tree: str, girth: str) -> tuple[str, bytes]:
    """What stood there before, and the submission."""
    filling = desk.start_imported(form_sm3)
    filling.answer("/data/tree", tree)
    before = str(filling.session.evaluate("/data/before"))
    filling.answer("/data/girth", girth)
    record = desk.seal(filling).record_id
    return before, desk._vault.record(record).submission


@pytest.mark.feature("record/entities offline")
def test_the_next_filling_chooses_from_what_was_made_here(desk: Desk, bring: Callable[..., str]) -> None:
    plant, measure = bring(PLANT, "plant"), bring(MEASURE, "measure")
    assert _choices(desk, measure) == {"oak": OAK}
    _plant(desk, plant, "elm", "12")
    trees = _choices(desk, measure)
    assert list(trees) == ["oak", "elm"]
    before, xml = _measure(desk, measure, trees["elm"], "14")
    assert before == "12"
    made = re.search(rb'branchId="([^"]+)"', xml)
    assert made is not None
    assert b'baseVersion="1"' in xml
    assert b'trunkVersion=""' in xml
    assert _measure(desk, measure, trees["elm"], "15")[0] == "14"


@pytest.mark.feature("record/entities offline")
def test_what_was_changed_here_outlives_the_program_and_names_its_branch(
    desk: Desk, bring: Callable[..., str]
) -> None:
    measure = bring(MEASURE, "measure")
    assert _measure(desk, measure, OAK, "75")[0] == "70"
    desk.close()
    desk.unlock(PASSPHRASE)
    before, xml = _measure(desk, measure, OAK, "76")
    assert before == "75"
    assert b'baseVersion="4"' in xml
    assert b'trunkVersion="3"' in xml


@pytest.mark.feature("record/entities offline")
def test_a_newer_list_of_the_platforms_wins(desk: Desk, bring: Callable[..., str]) -> None:
    measure = bring(MEASURE, "measure")
    _measure(desk, measure, OAK, "75")
    older = bring(MEASURE, "measure", "2", f"name,label,__version,girth_cm\n{OAK},oak,3,1\n")
    assert _measure(desk, older, OAK, "")[0] == "75"  # version 4 here is newer than version 3 there
    newer = bring(MEASURE, "measure", "3", f"name,label,__version,girth_cm\n{OAK},old oak,4,77\n")
    assert _choices(desk, newer) == {"old oak": OAK}
    assert _measure(desk, newer, OAK, "")[0] == "77"


def test_what_the_platform_dropped_is_gone_here_too(desk: Desk, bring: Callable[..., str]) -> None:
    plant, measure = bring(PLANT, "plant"), bring(MEASURE, "measure")
    _measure(desk, measure, OAK, "75")
    _plant(desk, plant, "elm")
    emptied = bring(MEASURE, "measure", "2", "name,label,__version,girth_cm\n")
    assert list(_choices(desk, emptied)) == ["elm"]  # made here, not there yet


def test_a_draft_and_a_record_know_the_words_of_what_was_made_here(
    desk: Desk, bring: Callable[..., str]
) -> None:
    plant, measure = bring(PLANT, "plant"), bring(MEASURE, "measure")
    _plant(desk, plant, "elm")
    filling = desk.start_imported(measure)
    filling.answer("/data/tree", _choices(desk, measure)["elm"])
    filling.snapshot().save()
    again = desk.resume(filling.draft_id)
    assert again.display("/data/tree") == "elm"
    record = desk.seal(again).record_id
    answers = [one for section in desk.record(record).sections for one in section.answers]
    assert any(desk.reveal(record, 1, one.ref, "verify", "") == "elm" for one in answers)


def test_a_filling_that_is_not_sealed_leaves_the_lists_as_they_are(
    desk: Desk, bring: Callable[..., str]
) -> None:
    plant, measure = bring(PLANT, "plant"), bring(MEASURE, "measure")
    filling = desk.start_imported(plant)
    filling.answer("/data/species", "elm")
    filling.snapshot().save()
    assert list(_choices(desk, measure)) == ["oak"]
