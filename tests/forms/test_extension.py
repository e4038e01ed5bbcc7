"""A county's own form: written as a sheet, with shared blocks, rules and lists and a block of its own."""

import datetime
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from forms.filler import Filler, examples, walk
from gateways import record
from xincai import clock
from xincai.errors import Problem
from xincai.shelf import FormSource, Sources
from xincai.shelf.reading import inspect, read_any, read_sheets
from xincai.shelf.writing import write_xlsx
from xincai.xforms import Session, read_form
from xincai_gateway.validate import Policy, judge

FORMS = Path(__file__).parents[2] / "forms"
FOLDER = FORMS / "examples"
TODAY = datetime.datetime(2026, 11, 22, 4, 0, tzinfo=datetime.UTC)
PRACTICE = Policy("410499000000", practice=True)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.fixed(TODAY):
        yield


@pytest.fixture(scope="module")
def source() -> FormSource:
    return read_any(FOLDER / "tobacco_planting.md")


def filled(source: FormSource, kind: str, *, full: bool, **chosen: str) -> Session:
    form = read_form(source.xml, source.files)
    filler = Filler(Session.new(form), examples(form, Sources.read(FORMS).rules), kind)
    filler.fill(full=full, **chosen)
    return filler.session


def test_nothing_is_wrong_with_it_and_it_is_not_on_the_shelf() -> None:
    inspection = inspect(FOLDER / "tobacco_planting.md")
    assert inspection.source is not None
    assert inspection.remarks == ()
    assert inspection.source.card.form_id not in (FORMS / "order.txt").read_text("utf-8")


@pytest.mark.parametrize("full", [True, False], ids=["full", "least"])
@pytest.mark.parametrize("kind", ["HH", "FARM"])
def test_it_is_filled_and_the_platform_takes_it(source: FormSource, kind: str, full: bool) -> None:
    session = filled(source, kind, full=full)
    assert session.findings() == ()
    submission = session.finalize()
    pictures = {v: b"" for ref, v, _ in session.leaves() if v and session.entry(ref).type == "binary"}
    made, _ = record((source.card.form_id, source.card.version, source.card.sm3), submission, pictures)
    form = read_form(source.xml, source.files)
    assert judge(made, submission, form, PRACTICE, TODAY).outcome.code == "0"


def test_shared_rules_and_its_own_block_catch_mistakes(source: FormSource) -> None:
    session = filled(source, "HH", full=True)
    found = {entry.name: entry.ref for entry in walk(session)}
    for name, wrong in (("tb_area", "0"), ("tb_income", "-1"), ("barn_count", "0"), ("barn_kind", "bulk")):
        session.answer(found[name], wrong)
        assert session.entry(found[name]).problem, name


def test_an_unlikely_yield_asks_for_a_reason(source: FormSource) -> None:
    session = filled(source, "HH", full=False, tb_contract_kg="99999")
    assert "tb_yield_high_reason" in {entry.name for entry in walk(session)}


def test_income_is_asked_only_after_its_own_consent(source: FormSource) -> None:
    session = filled(source, "HH", full=True, pc_finance="0")
    assert "tb_income" not in {entry.name for entry in walk(session)}
    assert session.findings() == ()


def test_as_an_excel_sheet_it_is_the_same_form(source: FormSource, tmp_path: Path) -> None:
    shutil.copytree(FOLDER / "blocks", tmp_path / "blocks")
    book = tmp_path / "tobacco_planting.xlsx"
    book.write_bytes(write_xlsx(read_sheets(FOLDER / "tobacco_planting.md")))
    assert read_any(book).xml == source.xml


def test_without_its_block_the_row_that_asks_for_it_is_named(tmp_path: Path) -> None:
    alone = tmp_path / "tobacco_planting.md"
    shutil.copyfile(FOLDER / "tobacco_planting.md", alone)
    with pytest.raises(Problem) as refused:
        read_any(alone)
    assert refused.value.code == "shelf.unknown_block"
    assert refused.value.facts["name"] == "barn"
