"""What a form says that runs, but hardly as meant, is told with its place and what to write instead."""

# ruff: noqa: E501 - rows of a form stand on one line

import pytest
from scenario import form_of, xform

from xincai.errors import Problem, explain
from xincai.xforms import read_form
from xincai.xforms.reading.advice import warnings


def _told(row: str) -> Problem:
    """The one warning of a form with one odd row."""
    form = form_of(
        "| survey |\n| | type | name | label | calculation | relevant | constraint |\n"
        "| | date | born | Born | | | |\n| | text | crop | Crop | | | |\n"
        "| | begin repeat | plot | Plot | | | |\n| | decimal | mu | Mu | | | |\n| | end repeat | | | | | |\n"
        f"{row}\n"
    )
    (problem,) = warnings(form)
    return problem


@pytest.mark.parametrize(
    ("row", "code", "property_", "words"),
    [
        ("| | calculate | x | | /data/corp | | |", "no_such_reference", "calculate", "/data/crop"),
        ("| | calculate | x | | if(${crop} = null, 1, 2) | | |", "no_such_reference", "calculate", "''"),
        ("| | text | x | X | | count(/data/plot[muu > 1]) > 0 | |", "no_such_reference", "relevant", "/data/plot/mu"),
        ("| | text | x | X | | | regex(., '[0-9') |", "no_pattern", "constraint", "[0-9"),
        ("| | calculate | x | | digest(${crop}, 'SHA-2') | | |", "no_digest", "calculate", "SHA-256"),
        ("| | calculate | x | | format-date(${born}, '%D') | | |", "no_date_format", "calculate", "%D"),
        ("| | calculate | x | | date('2024-02-30') | | |", "no_date", "calculate", "date()"),
        ("| | text | x | X | | ${born} > '2020-01-01' | |", "date_as_text", "relevant", "date('2026-11-22')"),
        ("| | text | x | X | | selected(${crop}, 1) | |", "not_quoted", "relevant", "'1'"),
        ("| | calculate | x | | indexed-repeat(${mu}, ${crop}, 1) | | |", "not_a_repeat", "calculate", "/data/crop"),
    ],
)  # fmt: skip
def test_an_odd_spot_is_told_with_its_place_and_what_to_write(
    row: str, code: str, property_: str, words: str
) -> None:
    problem = _told(row)
    assert problem.code == f"xforms.{code}"
    assert problem.facts["place"] == "/data/x"
    assert problem.facts["property"] == property_
    said = explain(problem, "en")
    assert words in said.what + said.next


def test_a_choice_filter_is_looked_at() -> None:
    form = form_of(
        "| survey |\n| | type | name | label | choice_filter |\n| | text | area | Area | |\n"
        "| | select_one town | town | Town | of = /data/aera |\n"
        "| choices |\n| | list_name | name | label | of |\n| | town | a | A | x |\n"
    )
    assert [(one.facts["property"], one.facts["nearest"]) for one in warnings(form)] == [
        ("choice_filter", "/data/area")
    ]


def test_what_a_label_puts_out_is_looked_at() -> None:
    body = '<input ref="/data/town"><label>In <output value=" /data/twon "/></label></input>'
    form = read_form(xform('<data id="t"><town/></data>', "", body).encode())
    assert [(one.facts["property"], one.facts["nearest"]) for one in warnings(form)] == [
        ("label", "/data/town")
    ]


def test_a_form_that_is_right_has_no_warnings() -> None:
    form = form_of(
        "| survey |\n| | type | name | label | calculation | relevant | repeat_count |\n"
        "| | date | born | Born | | | |\n| | calculate | age | | int((today() - ${born}) div 365.25) | | |\n"
        "| | text | x | X | | ${born} > date('2020-01-01') and selected('a', '1') | |\n"
        "| | begin repeat | plot | Plot | | | ${age} + 1 |\n| | decimal | mu | Mu | | | |\n"
        "| | calculate | all | | sum(../../plot/mu) + position(..) + indexed-repeat(${mu}, ${plot}, 1) | | |\n"
        "| | end repeat | | | | | |\n"
    )
    assert warnings(form) == ()
