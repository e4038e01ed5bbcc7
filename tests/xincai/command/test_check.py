"""`xincai form check | export | import`, as a person runs them."""

import json
from pathlib import Path

import pytest

from xincai import paths
from xincai.command import form
from xincai.shelf.reading import read_any

GOOD = """
| settings | form_id | form_title | version |
| | fields | 地块 | 3 |
| survey | type | name | label | relevant |
| | text | owner | 户主 | |
| | integer | size | 面积 | {relevant} |
"""
Said = pytest.CaptureFixture[str]


def written(folder: Path, relevant: str = "${owner} != ''", name: str = "fields.md") -> Path:
    file = folder / name
    file.write_text(GOOD.format(relevant=relevant), "utf-8")
    return file


def test_a_good_form_is_named(tmp_path: Path, capsys: Said) -> None:
    assert form.main(["check", str(written(tmp_path)), "--lang", "zh"]) == 0
    assert capsys.readouterr().out == "fields.md: 没有问题: 地块 (fields 3)\n"


def test_mistakes_are_told_as_compilers_do_in_either_language(tmp_path: Path, capsys: Said) -> None:
    file = written(tmp_path, "${ower} = nosuch(1)")
    assert form.main(["check", str(file), "--lang", "en"]) == 1
    assert capsys.readouterr().out == (
        "fields.md:survey:6:relevant: error: There is no question named 'ower'. "
        "Write the name of one that exists; close ones: ${owner}.\n"
    )
    assert form.main(["check", str(file), "--lang", "zh"]) == 1
    assert "fields.md:survey:6:relevant: 错误: 没有名为“ower”的题目。" in capsys.readouterr().out


def test_one_bad_form_among_good_ones_is_enough_for_one(tmp_path: Path, capsys: Said) -> None:
    good, bad = written(tmp_path), written(tmp_path, "nosuch(1)", "bad.md")
    assert form.main(["check", str(good), str(bad), str(good)]) == 1
    assert len(capsys.readouterr().out.splitlines()) == 3


def test_json_tells_everything(tmp_path: Path, capsys: Said) -> None:
    file = written(tmp_path, "nosuch(1)")
    assert form.main(["check", "--json", str(file)]) == 1
    told = json.loads(capsys.readouterr().out)
    (remark,) = told["remarks"]
    assert (told["ok"], told["form"]) == (False, None)
    assert (remark["weight"], remark["code"]) == ("error", "xforms.no_such_function")
    assert (remark["sheet"], remark["row"], remark["column"]) == ("survey", 6, "relevant")
    assert remark["zh"]["what"] != remark["en"]["what"]


def test_a_form_made_ready_is_written_where_it_is_wanted(tmp_path: Path) -> None:
    assert form.main(["check", str(written(tmp_path)), "--into", str(tmp_path / "out")]) == 0
    assert (tmp_path / "out" / "form.xml").read_bytes() == read_any(tmp_path / "fields.md").xml


def test_a_file_that_is_not_there_ends_with_one(tmp_path: Path, capsys: Said) -> None:
    assert form.main(["check", str(tmp_path / "gone.xlsx"), "--lang", "en"]) == 1
    assert "There is no file gone.xlsx" in capsys.readouterr().out


def test_a_form_of_ours_goes_out_and_comes_back(tmp_path: Path, capsys: Said) -> None:
    book, text = tmp_path / "ff.xlsx", tmp_path / "ff.md"
    assert form.main(["export", "ff_collect", "--to", str(book)]) == 0
    assert (tmp_path / "ff-media" / "regions.csv").exists()
    assert form.main(["import", str(book), "--to", str(text)]) == 0
    assert capsys.readouterr().out == f"{book}\n{text}\n"
    meant = read_any(paths.forms() / "ff_collect.md").xml
    assert read_any(book).xml == meant
    assert read_any(text).xml == meant


@pytest.mark.parametrize(("way", "to"), [("export", "x.docx"), ("import", "x.xlsx")])
def test_a_wrong_ending_is_told(way: str, to: str, tmp_path: Path, capsys: Said) -> None:
    assert form.main([way, str(written(tmp_path)), "--to", str(tmp_path / to)]) == 1
    assert "--to" in capsys.readouterr().err
    assert not (tmp_path / to).exists()
