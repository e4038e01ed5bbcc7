"""Forms of others at the desk: kept by digest, offered by version, filled, sealed and delivered."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_office import Office

from xincai.desk import Desk
from xincai.errors import Problem
from xincai.shelf import FormSource
from xincai.shelf.reading import read_any
from xincai.sync import PracticeGateway

FORM = """
| settings | form_id | form_title | version | instance_name |
| | census | 村情调查表 | {version} | ${{head}} |
| survey | type | name | label | required |
| | text | head | {label} | yes |
| | select_one_from_file crops.csv | crop | 种什么 | |
"""


@pytest.fixture
def desk(office: Office) -> Iterator[Desk]:
    yield office.desk
    office.desk.close()


def form(folder: Path, version: str, label: str = "户主姓名") -> FormSource:
    (folder / "crops.csv").write_text("name,label\ncorn,玉米\nwheat,小麦\n", "utf-8")
    file = folder / "census.md"
    file.write_text(FORM.format(version=version, label=label), "utf-8")
    return read_any(file)


def offered(desk: Desk) -> list[tuple[str, str]]:
    return [(each.card.form_id, each.card.version) for each in desk.imported()]


def never() -> bool:
    return False


def test_the_greatest_version_is_offered_and_numbers_count_as_numbers(desk: Desk, tmp_path: Path) -> None:
    desk.keep_form(form(tmp_path, "2026.9"))
    desk.keep_form(form(tmp_path, "2026.10"))
    assert offered(desk) == [("census", "2026.10")]
    kept = desk.keep_form(form(tmp_path, "2026.2"))
    assert kept.card.version == "2026.10"
    assert offered(desk) == [("census", "2026.10")]


def test_a_form_repaired_without_a_new_version_takes_the_place_of_the_old(desk: Desk, tmp_path: Path) -> None:
    desk.keep_form(form(tmp_path, "1", "户主"))
    repaired = desk.keep_form(form(tmp_path, "1", "户主姓名"))
    assert [each.form_sm3 for each in desk.imported()] == [repaired.form_sm3]


def test_a_draft_keeps_its_version_after_a_newer_one_came(desk: Desk, tmp_path: Path) -> None:
    old = desk.keep_form(form(tmp_path, "1", "老题目"))
    filling = desk.start_imported(old.form_sm3)
    filling.answer("/data/head", "王测试")
    filling.snapshot().save()
    new = desk.keep_form(form(tmp_path, "2", "新题目"))
    assert desk.start_imported(new.form_sm3).entry("/data/head").label == "新题目"
    (draft,) = desk.drafts()
    assert draft.form_title["zh"] == "村情调查表"
    again = desk.resume(draft.draft_id)
    assert (again.form.version, again.entry("/data/head").label) == ("1", "老题目")
    assert [choice.label for choice in again.choices("/data/crop")] == ["玉米", "小麦"]
    record = desk.seal(again)
    assert desk.record(record.record_id).sections[0].answers[0].label == "老题目"


def test_other_lists_under_the_same_version_are_another_form(desk: Desk, tmp_path: Path) -> None:
    first = desk.keep_form(form(tmp_path, "1"))
    file = tmp_path / "census.md"
    (tmp_path / "crops.csv").write_text("name,label\nrice,稻谷\n", "utf-8")
    second = desk.keep_form(read_any(file))
    assert first.form_sm3 != second.form_sm3
    labels = [choice.label for choice in desk.start_imported(second.form_sm3).choices("/data/crop")]
    assert labels == ["稻谷"]


def test_an_xform_with_its_files_is_covered_by_its_digest(desk: Desk, tmp_path: Path) -> None:
    source = form(tmp_path, "1")
    plain = source.xml.rpartition(b"<!--")[0].replace(b"xc:lists=", b"other=") or source.xml
    file = tmp_path / "census.xml"
    file.write_bytes(plain)
    one = read_any(file)
    (tmp_path / "crops.csv").write_text("name,label\nrice,稻谷\n", "utf-8")
    other = read_any(file)
    assert (one.card.form_id, one.card.version) == ("census", "1")
    assert one.card.sm3 != other.card.sm3
    file.write_bytes(other.xml)
    assert read_any(file).xml == other.xml


def test_a_zip_of_a_form_and_its_files_comes_in(desk: Desk, tmp_path: Path) -> None:
    form(tmp_path, "1")
    packed = tmp_path / "census.zip"
    with zipfile.ZipFile(packed, "w") as book:
        book.write(tmp_path / "census.md", "表单/census.md")
        book.write(tmp_path / "crops.csv", "../../表单/crops.csv")
    found = desk.inspect_form((packed,), never)
    assert found is not None
    assert found.source is not None
    assert set(found.source.files) == {"crops.csv"}
    assert not list(tmp_path.parent.glob("crops.csv"))


def test_a_record_of_a_form_of_others_is_delivered_to_the_practice_platform(
    desk: Desk, tmp_path: Path
) -> None:
    kept = desk.keep_form(form(tmp_path, "1"))
    desk.start_practice()
    late = desk.keep_form(form(tmp_path, "2"))
    for digest in (kept.form_sm3, late.form_sm3):
        filling = desk.start_imported(digest)
        filling.answer("/data/head", "王测试")
        desk.seal(filling)
    desk.sign_batch()
    delivery = desk.deliver(lambda _step: None, never)
    assert (delivery.accepted, delivery.rejected) == (2, 0)


def test_a_platform_that_does_not_know_the_form_says_what_to_do(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = desk.keep_form(form(tmp_path, "1"))
    monkeypatch.setattr(PracticeGateway, "knows", lambda *_: True)
    desk.start_practice()
    filling = desk.start_imported(kept.form_sm3)
    filling.answer("/data/head", "王测试")
    desk.seal(filling)
    desk.sign_batch()
    assert desk.deliver(lambda _step: None, never).rejected == 1
    (correction,) = desk.corrections()
    assert correction.code == "2008"
    assert "请平台管理员先收下" in correction.text


def test_withdrawing_keeps_what_was_filled(desk: Desk, tmp_path: Path) -> None:
    kept = desk.keep_form(form(tmp_path, "1"))
    filling = desk.start_imported(kept.form_sm3)
    filling.answer("/data/head", "王测试")
    card = desk.seal(filling)
    desk.withdraw_form("census")
    assert desk.imported() == ()
    detail = desk.record(card.record_id)
    assert detail.card.form_title["zh"] == "村情调查表"
    answer = detail.sections[0].answers[0]
    assert answer.masked
    assert desk.reveal(card.record_id, 1, answer.ref, "verify") == "王测试"
    desk.keep_form(form(tmp_path, "1"))
    assert offered(desk) == [("census", "1")]


def test_a_form_that_was_never_brought_in_is_not_filled(desk: Desk) -> None:
    with pytest.raises(Problem, match=r"vault\.no_form"):
        desk.start_imported("a" * 64)
