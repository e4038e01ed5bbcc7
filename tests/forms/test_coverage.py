"""Every field of the catalogue has its question, or a reason why it has none."""

import csv
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from xincai.shelf import FormSource

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "resources" / "catalogue"


@pytest.fixture(scope="module")
def coverage() -> ModuleType:
    spec = importlib.util.spec_from_file_location("coverage_table", ROOT / "build" / "coverage.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rows(name: str) -> list[dict[str, str]]:
    with (CATALOGUE / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_the_table_is_current_and_nothing_is_missing(
    coverage: ModuleType, built: dict[str, FormSource]
) -> None:
    text, troubles = coverage.table([built[form_id] for form_id in sorted(built)])
    assert troubles == []
    assert (CATALOGUE / "coverage.csv").read_text(encoding="utf-8") == text, "run python build/coverage.py"


def test_all_seventeen_categories_and_thirty_seven_items_have_questions_of_their_own() -> None:
    listed = [row for row in rows("catalogue.csv") if row["category"].isdigit()]
    assert len({row["category"] for row in listed}) == 17
    assert len({(row["category"], row["item_zh"]) for row in listed}) == 37
    asked = {(row["category"], row["item_zh"]) for row in rows("coverage.csv") if row["question"]}
    assert {(row["category"], row["item_zh"]) for row in listed} <= asked


def test_every_question_of_the_table_says_what_is_needed_to_judge_it() -> None:
    for row in rows("coverage.csv"):
        if row["why_not"]:
            continue
        assert row["level"] in ("L1", "L2", "L3", "L4"), row
        assert row["origin"], row
        assert row["question_zh"] or row["type"] in ("string", "decimal", "dateTime"), row
        assert row["sharing"], row
        assert row["responsible"], row
        if row["level"] == "L4":
            assert row["consent"], row


def test_forms_for_every_kind_of_subject(built: dict[str, FormSource]) -> None:
    for kind in ("ENT", "SOLE", "COOP", "COLL", "FARM", "HH"):
        mine = [form.card.form_id for form in built.values() if kind in form.card.subjects]
        assert {"commitment", "authorisation", "consent", "objection"} <= set(mine), kind
        assert len(mine) >= 8, kind


def test_every_code_list_says_where_it_comes_from_and_whether_that_was_checked() -> None:
    lists = {file.stem: file for file in (ROOT / "forms" / "lists").glob("*.csv")}
    told = {row["list"]: row for row in rows("lists.csv")}
    assert told.keys() == lists.keys()
    for name, row in told.items():
        with lists[name].open(encoding="utf-8", newline="") as lines:
            codes = [entry["name"] for entry in csv.DictReader(lines)]
        assert int(row["rows"]) == len(codes), name
        assert len(set(codes)) == len(codes), name
        assert all(row[column] for column in ("title_zh", "standard", "version", "source")), name
        assert row["checked"] in ("yes", "own", "verify"), name
        assert (row["checked"] == "verify") == ("[verify]" in row["note"]), name


def test_the_industries_have_as_many_divisions_as_the_standard() -> None:
    with (ROOT / "forms" / "lists" / "industry.csv").open(encoding="utf-8", newline="") as lines:
        divisions = list(csv.DictReader(lines))
    with (ROOT / "forms" / "lists" / "industry_section.csv").open(encoding="utf-8", newline="") as lines:
        sections = [row["name"] for row in csv.DictReader(lines)]
    assert len(divisions) == 97  # GB/T 4754-2017: 20 sections, 97 divisions
    assert sections == list("ABCDEFGHIJKLMNOPQRST")
    assert {row["section"] for row in divisions} == set(sections)
