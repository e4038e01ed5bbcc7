"""What was sealed last, read by the next filling of the form."""

import pytest
from scenario import NOON, form_of

from xincai.errors import Problem
from xincai.xforms import Session

FORM = form_of(
    """
    | survey |
    | | type | name | label | default | calculation |
    | | text | village | Village | ${last-saved#village} | |
    | | int | n | N | | |
    | | begin_repeat | rep | R | | |
    | | text | x | X | | |
    | | end_repeat | | | | |
    """
)


def _sealed(village: str) -> bytes:
    session = Session.new(FORM, now=lambda: NOON)
    session.answer("/data/village", village)
    session.answer("/data/rep[1]/x", "a")
    return session.finalize()


def test_the_next_filling_starts_from_what_was_sealed_last() -> None:
    assert FORM.last_saved == ("__last-saved",)
    session = Session.new(FORM, last_saved=_sealed("柳河"))
    assert session.entry("/data/village").value == "柳河"
    assert session.evaluate("count(instance('__last-saved')/data/rep)") == 1


def test_the_first_filling_starts_empty() -> None:
    assert Session.new(FORM).entry("/data/village").value == ""


def test_fillings_of_one_form_do_not_see_each_others_past() -> None:
    first = Session.new(FORM, last_saved=_sealed("one"))
    second = Session.new(FORM, last_saved=_sealed("two"))
    query = "instance('__last-saved')/data/village"
    assert first.evaluate(query) == "one"
    assert second.evaluate(query) == "two"
    assert Session.new(FORM).evaluate(query) == ""


def test_a_draft_keeps_what_it_started_with() -> None:
    session = Session.new(FORM, last_saved=_sealed("one"))
    again = Session.resume(FORM, session.draft_xml(), last_saved=_sealed("two"))
    assert again.entry("/data/village").value == "one"
    assert again.evaluate("instance('__last-saved')/data/village") == "two"


def test_bytes_that_are_no_submission_are_refused() -> None:
    with pytest.raises(Problem):
        Session.new(FORM, last_saved=b"<!DOCTYPE x><x/>")


def test_a_form_that_does_not_ask_is_left_alone() -> None:
    plain = form_of("| survey |\n| | type | name | label |\n| | text | a | A |")
    assert Session.new(plain, last_saved=b"never read").form is plain
