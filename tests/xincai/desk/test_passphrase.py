"""What guards a laptop that may be stolen is not the owner's name, a date or a short word."""

import pytest

from xincai.desk import passphrase
from xincai.desk.views import Profile

PERSON = Profile(role="officer", name="李测四", office="测试县农业农村局")


@pytest.mark.parametrize(
    ("chosen", "why"),
    [
        ("", "desk.passphrase_short"),
        ("abc123", "desk.passphrase_short"),
        ("1990030719900307", "desk.passphrase_simple"),
        ("aaaaaaaaaaaa", "desk.passphrase_simple"),
        ("李测四的电脑口令很长", "desk.passphrase_personal"),
        ("licesi19900307", "desk.passphrase_personal"),
        ("LICESI在上班的路上", "desk.passphrase_personal"),
        ("床前明月光疑是地上霜", "desk.passphrase_common"),
        ("woaini1314520", "desk.passphrase_common"),
        ("1qaz2wsx3edc", "desk.passphrase_run"),
        ("abcdabcdabcd5", "desk.passphrase_run"),
        ("1990年3月7日x", "desk.passphrase_date"),
        ("13800000000xyz", "desk.passphrase_number"),
        ("donkey milk", "desk.passphrase_guessable"),
        ("春天的麦田里有风车转", ""),
        ("correct horse battery", ""),
        ("x7$Kq9!mZw", ""),
        ("麦田 风车 雨伞 铁桥", ""),
    ],
)
def test_a_weak_passphrase_is_named_for_what_it_is(chosen: str, why: str) -> None:
    assert passphrase.weakness(chosen, PERSON) == why


def test_the_bits_grow_with_what_is_added_and_never_with_what_is_ones_own() -> None:
    bits = [
        passphrase.strength(typed, PERSON).bits for typed in ("麦田风车", "麦田风车雨伞", "麦田风车雨伞铁桥")
    ]
    assert bits == sorted(set(bits))
    assert passphrase.strength("麦田风车李测四", PERSON).bits == bits[0]


@pytest.mark.parametrize(
    "typed", ["", "\0", "🌾" * 40, "a" * 500, "1" * 500, "天" * 500, "[(*", "ａｂｃ１２３"]
)
def test_whatever_is_typed_is_weighed(typed: str) -> None:
    assert passphrase.strength(typed, PERSON).bits >= 0
