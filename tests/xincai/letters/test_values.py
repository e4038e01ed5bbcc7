"""Dates, money and numbers as a letter writes them."""

import datetime

import pytest

from xincai.letters import values


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("1", "壹元整"),
        ("10", "壹拾元整"),
        ("10.07", "壹拾元零柒分"),
        ("107000.53", "壹拾万零柒仟元伍角叁分"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("100000000", "壹亿元整"),
        ("100000001", "壹亿零壹元整"),
        ("20300000", "贰仟零叁拾万元整"),
        ("1010", "壹仟零壹拾元整"),
        ("100010001", "壹亿零壹万零壹元整"),
        ("99999999999.99", "玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
        ("1,200,000.00", "壹佰贰拾万元整"),
        ("-5", "负伍元整"),
        ("abc", "abc"),
        ("NaN", "NaN"),
        ("1e30", "1e30"),
    ],
)
def test_money_in_capital_characters(amount: str, words: str) -> None:
    assert values.capital(amount) == words


def test_dates_have_no_leading_zeros() -> None:
    assert values.date(datetime.date(2026, 3, 5), "zh") == "2026年3月5日"
    assert values.date(datetime.date(2026, 3, 5), "en") == "5 March 2026"


@pytest.mark.parametrize(
    ("text", "words"), [("2026-03-05", "2026年3月5日"), ("2099-12-31", "长期"), ("不详", "不详"), ("", "")]
)
def test_a_date_of_a_form(text: str, words: str) -> None:
    assert values.lexical_date(text, "zh") == words


def test_a_moment_is_in_beijing_time() -> None:
    late = datetime.datetime(2026, 12, 31, 16, 5, tzinfo=datetime.UTC)
    assert values.moment(late, "zh") == "2027年1月1日00:05"


@pytest.mark.parametrize(
    ("text", "amount"),
    [("30", "300000"), ("0.5", "5000.0"), ("1.23", "12300.00"), ("不详", "不详")],
)
def test_an_amount_in_ten_thousands_is_the_amount(text: str, amount: str) -> None:
    assert values.whole(text) == amount


def test_thousands_and_groups() -> None:
    assert values.thousands("1234567.5") == "1,234,567.50"
    assert values.groups("66C7F0F4624EB6AB") == "66C7 F0F4 624E B6AB"
