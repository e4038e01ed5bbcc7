"""The forms' own expressions beside a second implementation: 10,000 identifiers, right and spoilt."""

import datetime
import random
from collections.abc import Callable, Iterator

import pytest

from synthetic import Synthetic, luhn_check, resident_check, uscc_check
from xincai import clock
from xincai.shelf import Sources, build
from xincai.xforms import Session, read_form

TODAY = datetime.datetime(2026, 11, 22, 4, 0, tzinfo=datetime.UTC)
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
PROVINCES = {
    *range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66),
    71, 81, 82, 83,
}  # fmt: skip


def uscc_right(code: str) -> bool:
    """GB 32100-2015, whoever registered it."""
    plain = len(code) == 18 and set(code) <= set(ALPHABET) and code[2:8].isdigit()
    return plain and uscc_check(code[:17]) == code[17]


def resident_right(number: str) -> bool:
    """GB 11643-1999: province, a day that was, check digit."""
    if len(number) != 18 or not number[:17].isdigit() or int(number[:2]) not in PROVINCES:
        return False
    try:
        born = datetime.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return born.year >= 1800 and born <= TODAY.date() and resident_check(number[:17]) == number[17]


def card_right(number: str) -> bool:
    """ISO/IEC 7812: 12 to 19 digits, the last by Luhn."""
    return 12 <= len(number) <= 19 and number.isdigit() and luhn_check(number[:-1]) == number[-1]


def spoilt(chance: random.Random, text: str, letters: str) -> str:
    """The same with one character changed, two exchanged, one lost or one too many."""
    at = chance.randrange(len(text) - 1)
    return chance.choice(
        [
            text[:at] + chance.choice(letters) + text[at + 1 :],
            text[:at] + text[at + 1] + text[at] + text[at + 2 :],
            text[:at] + text[at + 1 :],
            text[:at] + chance.choice(letters) + text[at:],
        ]
    )


def any_day(chance: random.Random) -> str:
    """Eight digits that may be a day."""
    return f"{chance.randrange(1890, 2060)}{chance.randrange(0, 14):02}{chance.randrange(0, 33):02}"


def residents(chance: random.Random, source: Synthetic) -> Iterator[str]:
    """Right ones, spoilt ones, and ones with a right check digit about any province and day."""
    while True:
        number = source.resident()
        yield number
        yield spoilt(chance, number, "0123456789X")
        place = f"{chance.randrange(10, 92)}{chance.randrange(10000):04}"
        body = f"{place}{any_day(chance)}{chance.randrange(1000):03}"
        yield body + resident_check(body)


def usccs(chance: random.Random, source: Synthetic) -> Iterator[str]:
    while True:
        code = source.uscc(chance.choice(["91", "92", "93", "N1", "N2", "N3", "11", "52", "A1", "Y1"]))
        yield code
        yield spoilt(chance, code, ALPHABET + "IOSVZ")


def cards(chance: random.Random, source: Synthetic) -> Iterator[str]:
    while True:
        number = source.card(chance.randrange(12, 20))
        yield number
        yield spoilt(chance, number, "0123456789")


@pytest.mark.parametrize(
    ("rule", "right", "made", "count"),
    [
        ("R_USCC_LOOSE", uscc_right, usccs, 4000),
        ("R_RID", resident_right, residents, 4000),
        ("R_LUHN", card_right, cards, 2000),
    ],
)
def test_a_rule_agrees_with_a_second_implementation(
    sources: Sources,
    rule: str,
    right: Callable[[str], bool],
    made: Callable[[random.Random, Synthetic], Iterator[str]],
    count: int,
) -> None:
    form = f"""
| survey | type | name | label | constraint | constraint_message |
| | text | code | Code | @{rule} | Wrong |

| settings | form_title | form_id | version |
| | Code | code | 1 |
"""
    source = build(form, blocks={}, rules=sources.rules, lists={})
    with clock.fixed(TODAY):
        session = Session.new(read_form(source.xml))
        stream = made(random.Random(7), Synthetic(7))
        verdicts = {True: 0, False: 0}
        for _ in range(count):
            code = next(stream)
            session.answer("/data/code", code)
            passed = not session.entry("/data/code").problem
            assert passed == right(code), code
            verdicts[passed] += 1
    assert min(verdicts.values()) > count // 5
