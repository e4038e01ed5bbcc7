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
        ("春天的麦田里有风车转", ""),
        ("correct horse battery", ""),
    ],
)
def test_a_weak_passphrase_is_named_for_what_it_is(chosen: str, why: str) -> None:
    assert passphrase.weakness(chosen, PERSON) == why
