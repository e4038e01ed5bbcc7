"""Mistakes that people make in their forms: each is told at its cell, with what to write instead."""

from pathlib import Path

import pytest

from xincai.shelf.reading import Inspection, inspect
from xincai.xforms.xpath.compiler import SIGNATURES
from xincai.xforms.xpath.usage import usage

HEAD = """
| survey |
| | type | name | label | relevant | constraint | calculation | repeat_count | choice_filter |
"""
FOOT = """
| choices |
| | list_name | name | label |
| | yn | y | Yes |
| | yn | n | No |
| settings |
| | form_id | form_title | version |
| | t | T | 1 |
"""
COLUMNS = ("type", "name", "label", "relevant", "constraint", "calculation", "repeat_count", "choice_filter")


def _looked_through(folder: Path, *rows: dict[str, str], head: str = HEAD) -> Inspection:
    lines = ["| | " + " | ".join(row.get(column, "") for column in COLUMNS) + " |" for row in rows]
    (folder / "f.md").write_text(head + "\n".join(lines) + FOOT, "utf-8")
    return inspect(folder / "f.md")


def _row(kind: str, name: str, **cells: str) -> dict[str, str]:
    return {"type": kind, "name": name, "label": name.upper(), **cells}


ASKED = _row("text", "a")
CHOSEN = _row("select_one yn", "a")


def _calculated(expression: str) -> dict[str, str]:
    return {"type": "calculate", "name": "b", "calculation": expression}


def _shown_if(expression: str) -> dict[str, str]:
    return _row("text", "b", relevant=expression)


MISTAKES = {
    "a function misspelt": ((ASKED, _calculated("lenght(${a})")), "calculation", "string-length(…)"),
    "a function of Excel": ((ASKED, _calculated("VLOOKUP(${a}, 1)")), "calculation", "pulldata(…)"),
    "a function in capitals": ((ASKED, _calculated("CONCAT(${a})")), "calculation", "concat(text…)"),
    "a function nobody knows": ((ASKED, _calculated("zzz(${a})")), "calculation", "format-date"),
    "too few arguments": ((ASKED, _calculated("substr(${a})")), "calculation", "substr(text, from[, to])"),
    "if without else": ((ASKED, _calculated("if(${a}, 1)")), "calculation", "if(condition, then, else)"),
    "a bracket left open": ((ASKED, _calculated("concat(${a}, 'x'")), "calculation", ")"),
    "a quote left open": ((ASKED, _shown_if("${a} = 'x")), "relevant", "'x"),
    "two equal signs": ((ASKED, _shown_if("${a} == 'x'")), "relevant", "=="),
    "an arrow the wrong way": ((ASKED, _shown_if("${a} => 5")), "relevant", ">="),
    "an unequal of Excel": ((ASKED, _shown_if("${a} <> 5")), "relevant", "!="),
    "and of another language": ((ASKED, _shown_if("${a} = 'x' && true()")), "relevant", "and"),
    "braces without their sign": ((ASKED, _shown_if("{a} = 'x'")), "relevant", "${…}"),
    "a wide sign": ((ASKED, _shown_if("${a}＞5")), "relevant", "＞"),
    "a question that is not there": ((ASKED, _shown_if("${aa} = 'x'")), "relevant", "${a}"),
    "a question like no other": ((ASKED, _shown_if("${zzz} = 'x'")), "relevant", "${a}"),
    "a circle": ((_row("calculate", "a", calculation="${b}"), _calculated("${a}")), "calculation", "/data/a"),
    "a list that is not there": (
        (ASKED, _calculated("instance('towns')/root/item[name = ${a}]/label")), "calculation", "towns"),
    "a select without a list": ((_row("select_one", "b"),), "type", "select_one"),
    "a type misspelt": ((_row("txt", "b"),), "type", "text"),
    "a name twice": ((ASKED, _row("text", "a")), "name", "a"),
    "a name with a blank": ((_row("text", "b c"),), "name", "b_c"),
    "a question without words": (({"type": "text", "name": "b"},), "label", "label"),
    "a calculation without one": (({"type": "calculate", "name": "b"},), "calculation", "${"),
    "a repeat never ended": ((_row("begin_repeat", "b"), ASKED), "type", "end_repeat"),
}  # fmt: skip
DOUBTS = {
    "a choice without quotes": ((CHOSEN, _shown_if("${a} = y")), "relevant", "'y'"),
    "a choice that is not there": ((CHOSEN, _shown_if("${a} = 'yes'")), "relevant", "y, n"),
    "a choice asked for by selected": ((CHOSEN, _shown_if("selected(${a}, 'yes')")), "relevant", "y, n"),
    "today without its brackets": ((_row("date", "b", constraint=". <= today"),), "constraint", "today()"),
    "a pattern that is none": ((_row("text", "b", constraint="regex(., '[0-9')"),), "constraint", "[0-9"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_at_its_cell_with_what_to_write(mistake: str, tmp_path: Path) -> None:
    rows, column, instead = MISTAKES[mistake]
    found = _looked_through(tmp_path, *rows)
    assert found.source is None
    remark = found.remarks[0]
    assert remark.grave
    assert remark.place is not None
    wanted = 4 if rows[0]["type"].startswith("begin") else 3 + len(rows)
    assert (remark.place.sheet, remark.place.row, remark.column) == ("survey", wanted, column)
    for language in ("zh", "en"):
        told = remark.told(language)
        assert instead in told.what + told.next
        assert "–" not in told.next.replace("2–3", "")
    assert len([one for one in found.remarks if one.grave]) == 1  # one mistake, told once


@pytest.mark.parametrize("doubt", DOUBTS)
def test_a_doubt_is_told_and_keeps_no_form_from_being_used(doubt: str, tmp_path: Path) -> None:
    rows, column, instead = DOUBTS[doubt]
    found = _looked_through(tmp_path, *rows)
    assert found.source is not None
    (remark,) = found.remarks
    assert not remark.grave
    assert remark.place is not None
    assert (remark.place.row, remark.column) == (3 + len(rows), column)
    for language in ("zh", "en"):
        told = remark.told(language)
        assert instead in told.what + told.next


def test_a_column_that_is_misspelt_is_told_and_one_of_the_authors_own_is_not(tmp_path: Path) -> None:
    head = HEAD.replace("constraint", "constrain").replace("choice_filter", "who_wrote_this")
    found = _looked_through(tmp_path, {**ASKED, "constraint": ". > 0", "choice_filter": "me"}, head=head)
    (remark,) = found.remarks
    assert remark.column == "constrain"
    assert "constraint" in remark.told("en").next


def test_what_is_compared_with_its_own_choices_is_no_doubt(tmp_path: Path) -> None:
    rows = (CHOSEN, _shown_if("${a} = 'y' or selected(${a}, 'n') or ${a} != ''"))
    assert _looked_through(tmp_path, *rows).remarks == ()


def test_it_is_known_how_every_function_is_written() -> None:
    assert {name for name in SIGNATURES if usage(name) == f"{name}(…)"} == set()
    assert usage("format-date") == "format-date(date, '%Y-%m-%d')"
