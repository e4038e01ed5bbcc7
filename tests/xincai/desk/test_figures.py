"""Figures are read as people write them: sums with thousands apart, units in the reader's language."""

import pytest
from desk_office import Office

from xincai.desk import figures
from xincai.desk.dossier import full
from xincai.letters import read
from xincai.xforms import Entry


@pytest.mark.parametrize(
    ("text", "said"),
    [("1234567.50", "1,234,567.50"), ("-1234", "-1,234"), ("-0.5", "-0.5"), ("12a4", "12a4"), ("", "")],
)
def test_thousands_keep_every_digit(text: str, said: str) -> None:
    assert figures.thousands(text) == said


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("10", "壹拾元整"),
        ("1001", "壹仟零壹元整"),
        ("107000.53", "壹拾万零柒仟元伍角叁分"),
        ("100010000", "壹亿零壹万元整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("99999999999.99", "玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
        ("1.234", ""),
        ("-1", ""),
    ],
)
def test_amounts_are_said_in_capitals(amount: str, said: str) -> None:
    assert figures.capitals(amount) == said


def entry(unit: str, *, type_: str = "decimal", appearance: str = "") -> Entry:
    return Entry("/d/x", "question", "x", type_, "input", appearance, attributes={"unit": unit})


@pytest.mark.parametrize(
    ("asked", "zh", "en"),
    [
        (entry("元"), "1,234,567 元", "1,234,567 yuan"),
        (entry("万元"), "1,234,567 万元", "1,234,567 × 10,000 yuan"),
        (entry("亩"), "1234567 亩", "1234567 mu"),
        (entry("", appearance="thousands-sep"), "1,234,567", "1,234,567"),
        (entry("", type_="string"), "1234567", "1234567"),
    ],
)
def test_a_number_is_told_with_its_unit(asked: Entry, zh: str, en: str) -> None:
    assert (figures.figure(asked, "1234567", "zh"), figures.figure(asked, "1234567", "en")) == (zh, en)


def test_a_sum_in_a_record_is_told_alike_on_the_page_and_in_a_letter(office: Office) -> None:
    card = office.seal("agri_insurance")
    record = office.vault.record(card.record_id)
    session = read(record, office.desk._form(record.form_sm3), "zh")
    sums = [
        (ref, value)
        for ref, value, marks in session.leaves()
        if marks.get("unit") == "元"
        and session.entry(ref).control == "input"
        and len(value.split(".")[0]) > 3
    ]
    assert sums
    for ref, value in sums:
        assert full(session, ref) == f"{figures.thousands(value)} 元"
        assert "," in full(session, ref)
