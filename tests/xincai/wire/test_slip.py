"""Enrolment slips: their text, what is refused, and codes however they were typed."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xincai.errors import Problem, explain
from xincai.wire.slip import MAX_TEXT, EnrolmentSlip, as_issued, decode_slip, encode_slip, is_address

CODE = "410499101-K7PM-0H1Q-9XZC.0123456789abcdef"
SLIP = EnrolmentSlip(CODE, "2026-11-30T03:04:05Z", "https://xincai.example.gov.cn:8443/in")
TEXT = (
    "xincai:enrol?address=https:%2F%2Fxincai.example.gov.cn:8443%2Fin"
    "&code=410499101-K7PM-0H1Q-9XZC.0123456789abcdef&expires=2026-11-30T03:04:05Z"
)


def test_a_slip_is_one_line_of_text() -> None:
    assert encode_slip(SLIP) == TEXT
    assert decode_slip(f"\n {TEXT} \r\n") == SLIP
    assert (SLIP.office, SLIP.key_id) == ("410499101", "0123456789abcdef")
    bare = EnrolmentSlip(CODE.partition(".")[0], SLIP.expires)
    assert decode_slip(encode_slip(bare)) == bare
    assert (bare.address, bare.key_id) == ("", "")


def test_a_newer_gateway_may_say_more() -> None:
    assert decode_slip(f"{TEXT}&name=%E6%9F%B3%E6%B2%B3") == SLIP


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://example.com/?code=1",
        TEXT.upper(),
        TEXT.replace("enrol", "enroll"),
        TEXT.replace("&code=", "&kode="),
        TEXT.replace("9XZC", "9XZU"),
        TEXT.replace("9XZC", "9XZ"),
        TEXT.replace("abcdef", "abcdeg"),
        TEXT.replace("2026-11-30", "2026-11-31"),
        TEXT.replace("2026-11-30", "0001-01-01"),
        TEXT.replace("2026-11-30", "9999-12-31"),
        TEXT.replace("&expires=2026-11-30T03:04:05Z", ""),
        TEXT.replace("https:", "http:"),
        TEXT.replace("https:", "javascript:"),
        TEXT.replace("%2Fxincai", "%2Fuser%40xincai"),
        TEXT.replace("%2Fin", "%0A"),
        f"{TEXT}&code={CODE}",
        f"{TEXT}&",
        f"{TEXT}&more={'x' * MAX_TEXT}",
        TEXT + "".join(f"&a{n}=1" for n in range(30)),
    ],
)
def test_what_is_no_slip_is_refused(text: str) -> None:
    with pytest.raises(Problem, match=r"wire\.bad_slip") as caught:
        decode_slip(text)
    explain(caught.value)


@given(st.text())
def test_any_text_is_a_slip_or_refused(text: str) -> None:
    for words in (text, f"xincai:enrol?{text}", TEXT + text, TEXT.replace("gov", text)):
        with contextlib.suppress(Problem):
            slip = decode_slip(words)
            assert decode_slip(encode_slip(slip)) == slip


@given(st.text())
def test_a_code_that_was_set_right_once_stays_so(typed: str) -> None:
    for text in (typed, CODE + typed, typed + CODE):
        assert as_issued(as_issued(text)) == as_issued(text)


@pytest.mark.parametrize(
    ("office", "typed"),
    [
        ("410499101", " 410499101 k7pm ohlq 9xzc . OI23456789ABCDEF "),
        ("OFFICE1", "office1-K7PM-OHIQ-9XZC.0123456789abcdef"),
    ],
)
def test_letters_that_look_alike_are_taken_for_digits_in_the_code_alone(office: str, typed: str) -> None:
    assert as_issued(typed) == f"{office}-K7PM-0H1Q-9XZC.0123456789abcdef"


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("https://xincai.example.gov.cn", True),
        ("https://10.1.2.3:8443/in", True),
        ("http://127.0.0.1:8765", True),
        ("http://localhost:1", True),
        ("http://10.1.2.3", False),
        ("https://", False),
        ("https://a b", False),
        ("https://a:99999", False),
        ("https://[::1", False),
        ("https://user@host", False),
        ("https://host/?q", False),
        ("https://host/#f", False),
        ("ftp://host", False),
        ("https://host:0", False),
        ("https://a..b", False),
        ("https://good.example\\.evil.com", False),
        ('https://host/"><script>', False),
        ("host", False),
    ],
)
def test_an_address_is_where_a_device_may_go(address: str, good: bool) -> None:
    assert is_address(address) is good
