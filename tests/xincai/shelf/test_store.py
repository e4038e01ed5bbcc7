from pathlib import Path

import pytest

from xincai.errors import Problem
from xincai.shelf import Shelf, build
from xincai.shelf.store import keep
from xincai.xforms import Session

FORM = """
| survey | type | name | label |
| | select_one_from_file towns.csv | town | Town |
| settings | form_id | form_title | version | subjects |
| | {name} | {name} | 3 | HH |
"""


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    lists = {"towns.csv": "name,label\n1,柳河镇\n"}
    keep([build(FORM.format(name=n), blocks={}, rules={}, lists=lists) for n in ("one", "two")], tmp_path)
    return Shelf(tmp_path)


def test_cards_come_without_reading_a_form(shelf: Shelf) -> None:
    for file in shelf.folder.glob("*.xml"):
        file.unlink()
    assert [(card.form_id, card.subjects) for card in shelf.cards()] == [("one", ("HH",)), ("two", ("HH",))]


def test_a_form_opens_with_its_lists_and_is_read_once(shelf: Shelf) -> None:
    form = shelf.open("one", "3")
    assert shelf.open("one") is form
    assert Session.new(form).choices("/data/town")[0].label == "柳河镇"
    assert shelf.sm3("one") == shelf.card("one").sm3
    assert shelf.source("one").startswith(b"<?xml")


def test_the_sources_give_the_order(tmp_path: Path) -> None:
    lists = {"towns.csv": "name,label\n1,柳河镇\n"}
    (tmp_path / "order.txt").write_text("two\ngone\n")
    made = [build(FORM.format(name=n), blocks={}, rules={}, lists=lists) for n in ("zero", "one", "two")]
    keep(made, tmp_path)
    assert [card.form_id for card in Shelf(tmp_path).cards()] == ["two", "one", "zero"]


def test_what_is_no_longer_built_goes(shelf: Shelf, tmp_path: Path) -> None:
    text = FORM.format(name="three").replace("select_one_from_file towns.csv", "text")
    keep([build(text, blocks={}, rules={}, lists={})], tmp_path)
    assert {file.name for file in shelf.folder.iterdir()} == {"index.json", "three.xml"}


def test_unknown_forms_and_versions_are_told(shelf: Shelf) -> None:
    with pytest.raises(Problem, match=r"shelf\.unknown_form"):
        shelf.open("../secret")
    with pytest.raises(Problem, match=r"shelf\.unknown_version"):
        shelf.open("one", "2")


def test_a_folder_that_was_never_built_is_told(tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"shelf\.not_built"):
        Shelf(tmp_path).cards()
