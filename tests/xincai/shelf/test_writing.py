"""Sheets in other clothes build the same form."""

from pathlib import Path

import pytest

from xincai import paths
from xincai.errors import Problem
from xincai.shelf.reading import expanded, read_any, read_sheets
from xincai.shelf.sheets import read_markdown
from xincai.shelf.writing import LONGEST, write_markdown, write_xlsx

FORMS = sorted(path.stem for path in paths.forms().glob("*.md"))


def with_lists(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        (folder / name).write_bytes(data)


@pytest.mark.parametrize("name", FORMS)
def test_a_form_of_ours_goes_to_excel_and_back_byte_for_byte(name: str, tmp_path: Path) -> None:
    form = paths.forms() / f"{name}.md"
    meant = read_any(form)
    with_lists(tmp_path, dict(meant.files))
    book, text = tmp_path / f"{name}.xlsx", tmp_path / f"{name}.md"
    book.write_bytes(write_xlsx(expanded(form)))
    assert read_any(book).xml == meant.xml
    text.write_text(write_markdown(read_sheets(book)), "utf-8")
    assert read_any(text).xml == meant.xml
    assert read_any(text).card == meant.card


def test_shorthand_may_be_kept(tmp_path: Path) -> None:
    form = paths.forms() / "ff_collect.md"
    meant = read_any(form)
    with_lists(tmp_path, dict(meant.files))
    book = tmp_path / "ff_collect.xlsx"
    book.write_bytes(write_xlsx(read_sheets(form)))
    assert "include" in {row["type"] for row in read_sheets(book)["survey"].rows}
    assert read_any(book).xml == meant.xml


ODD = r"""
| survey | type | name | label | constraint |
| | text | a | =1+1 and \| and \<br> and two<br>lines | regex(., '^(x\|y)$') |
| | note | b | 007 | |
| | note | c | 2026-11-22 | |
"""


def test_cells_stay_text_whatever_they_look_like(tmp_path: Path) -> None:
    sheets = read_markdown(ODD, "odd.md")
    label = "=1+1 and | and <br> and two\nlines"
    assert sheets["survey"].rows[0]["label"] == label
    book = tmp_path / "odd.xlsx"
    book.write_bytes(write_xlsx(sheets))
    assert [row["label"] for row in read_sheets(book)["survey"].rows] == [label, "007", "2026-11-22"]
    again = read_markdown(write_markdown(sheets), "again.md")
    assert [row.cells for row in again["survey"].rows] == [row.cells for row in sheets["survey"].rows]


@pytest.mark.parametrize("words", ["x" * (LONGEST + 1), "a\x07b"])
def test_what_excel_cannot_hold_is_told_with_its_place(words: str) -> None:
    sheets = read_markdown(f"| survey | type | name | label |\n| | text | a | {words} |", "long.md")
    with pytest.raises(Problem, match=r"shelf\.not_for_excel") as caught:
        write_xlsx(sheets)
    assert (caught.value.facts["row"], caught.value.facts["column"]) == (2, "label")


def test_a_row_that_markdown_would_lose_is_told_and_not_lost() -> None:
    csv_like = read_markdown("| survey | type | name |\n| | text | a |", "x.md")
    row = csv_like["survey"].rows[0].with_cells({"type": "-", "name": "-"})
    sheet = csv_like["survey"]
    with pytest.raises(Problem, match=r"shelf\.not_kept"):
        write_markdown({"survey": type(sheet)("survey", sheet.columns, (row,))})
