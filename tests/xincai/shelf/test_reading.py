"""Forms from files of every kind, and everything that is wrong with them at once."""

from pathlib import Path

import pytest

from xincai.errors import Problem
from xincai.shelf.reading import Inspection, inspect, read_any, read_sheets
from xincai.shelf.remarks import Remark
from xincai.shelf.writing import write_xlsx
from xincai.xforms import Session, read_form

GOOD = """
| settings | form_id | form_title | version |
| | fields | 地块 | 3 |
| survey | type | name | label | relevant | choice_filter |
| | select_one crop | crop | 作物 | | |
| | integer | size | 面积 | ${crop} = 'corn' | |
| choices | list_name | name | label |
| | crop | corn | 玉米 |
"""
CSV = """survey,,,,
,type,name,label,relevant
,select_one crop,crop,作物,
,integer,size,"面积
（亩）",${crop} = 'corn'
choices,,,,
,list_name,name,label,
,crop,corn,玉米,
settings,,,,
,form_id,form_title,version,
,fields,地块,3,
"""


def file(folder: Path, name: str, text: str | bytes) -> Path:
    place = folder / name
    place.write_bytes(text if isinstance(text, bytes) else text.encode())
    return place


def found(folder: Path, survey: str, name: str = "f.md", **files: str) -> Inspection:
    for each, text in files.items():
        file(folder, each.replace("_", "."), text)
    return inspect(file(folder, name, survey))


def graves(found: Inspection) -> list[tuple[str, int, str]]:
    return [(r.problem.code, r.place.row if r.place else 0, r.column) for r in found.remarks if r.grave]


def doubts(found: Inspection) -> list[str]:
    return [r.problem.code for r in found.remarks if not r.grave]


# --- kinds of file


def test_markdown_excel_and_csv_are_the_same_form(tmp_path: Path) -> None:
    text = file(tmp_path, "fields.md", GOOD.replace("面积", "面积<br>（亩）"))
    book = file(tmp_path, "fields.xlsx", write_xlsx(read_sheets(text)))
    commas = file(tmp_path, "fields.csv", CSV)
    shown = set()
    for each in (text, book, commas):
        session = Session.new(read_form(read_any(each).xml))
        session.answer("/data/crop", "corn")
        shown.add(
            (session.entry("/data/size").label, session.entry("/data/size").relevant, session.form.version)
        )
    assert shown == {("面积\n（亩）", True, "3")}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_what_chinese_excel_writes_as_csv_is_read(tmp_path: Path, encoding: str) -> None:
    assert read_any(file(tmp_path, "f.csv", CSV.encode(encoding))).card.title["zh"] == "地块"


def test_a_row_of_csv_knows_the_line_it_begins_on(tmp_path: Path) -> None:
    rows = read_sheets(file(tmp_path, "f.csv", CSV))["survey"].rows
    assert [row.place.row for row in rows] == [3, 4]
    assert read_sheets(file(tmp_path, "f.csv", CSV))["choices"].rows[0].place.row == 8


def test_an_xform_comes_with_the_files_beside_it(tmp_path: Path) -> None:
    survey = GOOD.replace("select_one crop ", "select_one_from_file far.csv ")
    file(tmp_path, "far.csv", "name,label\ncorn,玉米\n")
    made = read_any(file(tmp_path, "fields.md", survey))
    folder = tmp_path / "there"
    (folder / "fields-media").mkdir(parents=True)
    file(folder / "fields-media", "far.csv", "name,label\ncorn,玉米\n")
    source = read_any(file(folder, "fields.xml", made.xml))
    assert (source.card.form_id, source.card.title["zh"], source.files) == ("fields", "地块", made.files)


def test_pictures_that_a_form_names_come_along_and_missing_ones_are_told(tmp_path: Path) -> None:
    survey = """
| survey | type | name | label | image |
| | note | a | A | here.png |
| | note | b | B | gone.png |
"""
    file(tmp_path, "here.png", b"\x89PNG")
    looked = found(tmp_path, survey)
    assert looked.source is not None
    assert looked.source.files == {"here.png": b"\x89PNG"}
    assert "shelf.missing_media" in doubts(looked)


def test_a_form_without_settings_is_named_after_its_file(tmp_path: Path) -> None:
    looked = found(tmp_path, "| survey | type | name | label |\n| | text | a | A |", "村情 调查.md")
    assert looked.source is not None
    assert (looked.source.card.form_id, looked.source.card.version) == ("村情_调查", "")
    assert doubts(looked) == ["shelf.no_version"]


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("f.xls", b"", "shelf.old_excel"),
        ("f.docx", b"", "shelf.unknown_kind"),
        ("f.xlsx", b"none", "shelf.not_xlsx"),
        ("f.md", b"no table", "shelf.not_a_form"),
        ("f.csv", b"\xff\xff\xff", "shelf.not_text"),
        ("f.xml", b"<!DOCTYPE x><x/>", "xforms.doctype"),
        ("f.xml", b"<x", "xforms.not_xml"),
    ],
)
def test_what_is_no_form_is_told(tmp_path: Path, name: str, data: bytes, code: str) -> None:
    looked = inspect(file(tmp_path, name, data))
    assert looked.source is None
    assert [remark.problem.code for remark in looked.remarks] == [code]
    assert looked.remarks[0].told("en").next


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"shelf\.no_file"):
        read_any(tmp_path / "gone.md")


# --- mistakes

WRONG = """
| survey | type | name | label | relevant | constraint | calculation | choice_filter |
| | text | a | A | ${bb} = 1 | | | |
| | intger | n | N | | . > 0 and nosuch(.) | | |
| | select_one yn | y | Y | | | | branch = ${a} |
| | calculate | c1 | | | | ${c2} + 1 | |
| | calculate | c2 | | | | ${c1} + 1 | |
| | begin_group | g | G | | | | |
| | decimal | d | D | | . > (1 | | |
| | text | two words | T | | | | |
| | end_group | | | | | | |
| | image | p | | | | | |
| | text | a | again | | | | |
| choices | list_name | name | label | branch |
| | yn | 1 | Yes | a |
| | yn | 1 | No | b |
"""


def test_all_mistakes_are_told_at_once_each_at_its_row_and_column(tmp_path: Path) -> None:
    assert graves(found(tmp_path, WRONG)) == [
        ("shelf.unknown_question", 3, "relevant"),
        ("shelf.unknown_type", 4, "type"),
        ("xforms.no_such_function", 4, "constraint"),
        ("xforms.cycle", 7, "calculation"),
        ("xforms.breaks_off", 9, "constraint"),
        ("shelf.bad_name", 10, "name"),
        ("shelf.no_label", 12, "label"),
        ("shelf.name_twice", 13, "name"),
        ("shelf.choice_twice", 16, "name"),
    ]


def test_a_cell_of_excel_is_named_as_excel_names_it(tmp_path: Path) -> None:
    text = file(tmp_path, "f.md", GOOD.replace("${crop} = 'corn'", "nosuch(1)"))
    looked = inspect(file(tmp_path, "f.xlsx", write_xlsx(read_sheets(text))))
    (remark,) = (r for r in looked.remarks if r.grave)
    assert remark.where == "f.xlsx:survey:3:relevant (D3)"


def test_groups_that_do_not_close_are_told(tmp_path: Path) -> None:
    survey = """
| survey | type | name | label |
| | begin_group | g | G |
| | begin_repeat | r | R |
| | text | a | A |
| | end_group | | |
| | end_group | | |
"""
    assert graves(found(tmp_path, survey))[0] == ("shelf.wrong_end", 6, "type")
    assert graves(found(tmp_path, survey.replace("| | end_group | | |\n", ""))) == [
        ("shelf.never_ended", 3, "type"),
        ("shelf.never_ended", 4, "type"),
    ]
    ended = "| survey | type | name | label |\n| | text | a | A |\n| | end_repeat | | |"
    assert graves(found(tmp_path, ended)) == [("shelf.end_without_begin", 3, "type")]


def test_an_output_in_a_label_and_a_choice_are_found_again(tmp_path: Path) -> None:
    survey = """
| settings | form_id | version | instance_name |
| | f | 1 | nosuch(1) |
| survey | type | name | label | repeat_count | default |
| | begin_repeat | r | R | nosuch(2) | |
| | text | a | A | | nosuch(3) |
| | end_repeat | | | | |
"""
    assert graves(found(tmp_path, survey)) == [
        ("xforms.no_such_function", 3, "instance_name"),
        ("xforms.no_such_function", 5, "repeat_count"),
        ("xforms.no_such_function", 6, "default"),
    ]


def test_a_list_that_is_not_there_is_told_at_its_question(tmp_path: Path) -> None:
    survey = "| survey | type | name | label |\n| | text | a | A |\n| | select_one_from_file x.csv | b | B |"
    assert graves(found(tmp_path, survey)) == [("shelf.missing_file", 3, "type")]
    external = "| survey | type | name | label |\n| | text | a | A |\n| | csv-external | far | |"
    assert graves(found(tmp_path, external)) == [("xforms.missing_file", 3, "type")]


def test_what_the_converter_refuses_in_words_of_its_own_keeps_its_row(tmp_path: Path) -> None:
    survey = """
| survey | type | name | label | parameters |
| | text | a | A | |
| | range | b | B | start=1 end=x |
"""
    (grave,) = graves(found(tmp_path, survey))
    assert grave[:2] == ("shelf.refused", 4)


def test_types_of_old_forms_are_known(tmp_path: Path) -> None:
    survey = """
| survey | type | name | label |
| | select one from yn | a | A |
| | select all that apply from yn | b | B |
| | select_one yn or_other | c | C |
| | begin group | g | G |
| | add integer prompt | d | D |
| | end group | | |
| choices | list name | name | label |
| | yn | 1 | Yes |
"""
    looked = found(tmp_path, survey)
    assert graves(looked) == []
    assert looked.source is not None


def test_a_hint_of_the_engine_is_told_at_its_cell(tmp_path: Path) -> None:
    survey = "| survey | type | name | label | relevant |\n| | text | a | A | /data/gone = 1 |"
    looked = found(tmp_path, survey)
    hints = [(r.problem.code, r.place.row if r.place else 0, r.column) for r in looked.remarks if not r.grave]
    assert ("xforms.no_such_reference", 2, "relevant") in hints


def test_remarks_are_told_without_their_place_twice() -> None:
    problem = Problem("shelf.no_type", file="f.md", sheet="survey", row=3, column="type")
    assert Remark(problem).told("zh").what.startswith("f.md")
