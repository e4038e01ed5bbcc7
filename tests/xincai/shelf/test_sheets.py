from xincai.shelf.sheets import Place, read_markdown

FORM = r"""
# A form

| survey | type | name | constraint |
|---|---|---|---|
| | text | a | regex(., '^(x\|y)$') |
| # left out | text | z | |
| | note | b<br>c | |

Some words between.

| survey | name | hint |
| | d | second table |
| Choices | list_name | name |
| | yes_no | 1 |
"""


def test_a_row_knows_the_line_it_stands_on() -> None:
    rows = read_markdown(FORM, "a.md")["survey"].rows
    assert [row.place for row in rows] == [
        Place("a.md", "survey", 6),
        Place("a.md", "survey", 8),
        Place("a.md", "survey", 13),
    ]


def test_bars_and_line_ends_stand_in_cells() -> None:
    first, second, _ = read_markdown(FORM, "a.md")["survey"].rows
    assert first["constraint"] == "regex(., '^(x|y)$')"
    assert second["name"] == "b\nc"


def test_a_sheet_named_again_goes_on_with_its_own_columns() -> None:
    survey = read_markdown(FORM, "a.md")["survey"]
    assert survey.columns == ("type", "name", "constraint", "hint")
    assert survey.rows[2].cells == {"name": "d", "hint": "second table"}


def test_sheet_names_are_read_without_case() -> None:
    assert set(read_markdown(FORM, "a.md")) == {"survey", "choices"}


def test_text_without_tables_is_no_sheet() -> None:
    assert read_markdown("hello\n\nworld", "a.md") == {}
