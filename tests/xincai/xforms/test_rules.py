"""Check digits and amounts in capitals as pure ODK expressions: long, exact, fast enough to type against."""

# ruff: noqa: E501 - forms and expressions stand on one line

import time

import pytest
from scenario import Scenario, xform

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28, 1)


def _sum(terms: list[str]) -> str:
    return " + ".join(terms)


USCC = (
    "regex(., '^[0-9A-HJ-NPQRTUWXY]{18}$') and ("
    + _sum(
        [
            f"string-length(substring-before('{ALPHABET}', substr(., {n}, {n + 1}))) * {w}"
            for n, w in enumerate(WEIGHTS)
        ]
    )
    + ") mod 31 = 0"
)
CITIZEN = (
    "regex(., '^[1-8][0-9]{5}(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X]$') and "
    "substr('10X98765432', ("
    + _sum([f"number(substr(., {n}, {n + 1})) * {2 ** (17 - n) % 11}" for n in range(17)])
    + ") mod 11, ("
    + _sum([f"number(substr(., {n}, {n + 1})) * {2 ** (17 - n) % 11}" for n in range(17)])
    + ") mod 11 + 1) = substr(., 17, 18)"
)
PADDED = "substr(concat('0000000000000000000', .), string-length(.), string-length(.) + 19)"
LUHN = (
    "regex(., '^[0-9]{12,19}$') and ("
    + _sum(
        [
            f"number(substr({PADDED}, {n}, {n + 1}))"
            if n % 2 == 0
            else f"number(substr('0246813579', number(substr({PADDED}, {n}, {n + 1})), number(substr({PADDED}, {n}, {n + 1})) + 1))"
            for n in range(19)
        ]
    )
    + ") mod 10 = 0"
)
MONEY = ". >= 0 and . < 1000000000000 and round(., 2) = ."
PLATE = "regex(., '^[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-Z][A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳]$')"
NO_SURROGATE_TRAP = "regex(., '^.{2}$')"


def judge(rule: str, value: str, kind: str = "string") -> bool:
    text = rule.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    bind = f'<bind nodeset="/data/a" type="{kind}" constraint="{text}"/>'
    form = Scenario.xml(xform('<data id="t"><a/></data>', bind, '<input ref="/data/a"/>'))
    started = time.perf_counter()
    form.answer("a", value)
    assert time.perf_counter() - started < 0.1
    return form.problem("a") == ""


@pytest.mark.parametrize(
    ("rule", "value", "valid"),
    [
        (USCC, "91410499MX7GBJK232", True),
        (USCC, "91410499MX7GBJK233", False),
        (USCC, "91410499MX7GBJK23I", False),
        (CITIZEN, "41049919491231006X", True),
        (CITIZEN, "410499194912310061", False),
        (CITIZEN, "41049919491331006X", False),
        (LUHN, "6200001234567892", True),
        (LUHN, "6200001234567893", False),
        (PLATE, "豫A12345", True),
        (PLATE, "豫I12345", False),
        (NO_SURROGATE_TRAP, "王𬭚", True),
    ],
)
def test_a_validator_tells_right_from_wrong(rule: str, value: str, valid: bool) -> None:
    assert judge(rule, value) is valid


@pytest.mark.parametrize(
    ("value", "valid"),
    [("0", True), ("999999999999.99", True), ("1000000000000", False), ("1.005", False), ("-1", False)],
)
def test_money_has_two_places_and_a_bound(value: str, valid: bool) -> None:
    assert judge(MONEY, value, "decimal") is valid


def test_digits_are_translated_into_capitals() -> None:
    bind = (
        '<bind nodeset="/data/a" type="decimal"/><bind nodeset="/data/b" calculate="'
        "translate(string(int(round(number(/data/a) * 100, 0) div 10000000)), '0123456789', '零壹贰叁肆伍陆柒捌玖')\"/>"
    )
    form = Scenario.xml(xform('<data id="t"><a/><b/></data>', bind, '<input ref="/data/a"/>'))
    form.answer("a", "1234567890.12")
    assert form.value("b") == "壹贰叁肆伍"
