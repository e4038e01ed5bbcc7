"""`xincai form run`: from a file of answers to a submission."""

import json
import pathlib
from typing import Any

import pytest

from holder import Holder
from xincai.command import form

MARKDOWN = """
| survey |
| | type | name | label | required | relevant | constraint | constraint_message | repeat_count |
| | integer | age | Age | yes | | . < 150 | Too old | |
| | text | school | School | | ${age} < 18 | | | |
| | select_multiple crops | crops | Crops | | | | | |
| | begin_group | home | Home | | | | | |
| | text | road | Road | | | | | |
| | end_group | | | | | | | |
| | begin_repeat | plot | Plot | | | | | |
| | decimal | area | Area | yes | | | | |
| | begin_repeat | tree | Tree | | | | | |
| | text | kind | Kind | | | | | |
| | end_repeat | | | | | | | |
| | end_repeat | | | | | | | |
| | integer | children | Children | | | | | |
| | begin_repeat | child | Child | | | | | ${children} |
| | text | first | First name | | | | | |
| | end_repeat | | | | | | | |
| | image | photo | Photo | | | | | |
| choices |
| | list_name | name | label |
| | crops | wheat | Wheat |
| | crops | maize | Maize |
| settings |
| | form_id | form_title | version |
| | farm | Farm | 1 |
"""


class Folder:
    """Where a form and its answers lie, and what came of running it."""

    def __init__(self, path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.path = path
        self.capsys = capsys
        self.out = path / "out.xml"
        self.said = ""
        (path / "farm.md").write_text(MARKDOWN, "utf-8")

    def run(self, answers: object, *words: str) -> int:
        (self.path / "answers.json").write_text(json.dumps(answers), "utf-8")
        words = (str(self.path / "farm.md"), "--answers", str(self.path / "answers.json"), *words)
        code = form.main(["run", *words, "--out", str(self.out)])
        self.said = self.capsys.readouterr().err
        return code

    def lock(self, holder: Holder) -> None:
        """Put someone's public key into the form."""
        head, row = "| | form_id | form_title | version |", "| | farm | Farm | 1 |"
        text = MARKDOWN.replace(head, f"{head} public_key |").replace(row, f"{row} {holder.public} |")
        (self.path / "farm.md").write_text(text, "utf-8")

    @property
    def xml(self) -> str:
        return self.out.read_text("utf-8")


@pytest.fixture
def folder(tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> Folder:
    return Folder(tmp_path, capsys)


def test_names_groups_and_nested_repeats_find_their_questions(folder: Folder) -> None:
    answers = {
        "school": "No. 2", "age": 12, "crops": ["wheat", "maize"], "home": {"road": "East"},
        "plot": [{"area": 1.5, "tree": [{"kind": "pine"}, {"kind": "oak"}]}, {"area": 2}],
    }  # fmt: skip
    assert folder.run(answers) == 0, folder.said
    assert "<age>12</age><school>No. 2</school><crops>wheat maize</crops>" in folder.xml
    assert "<road>East</road>" in folder.xml
    assert "<area>1.5</area><tree><kind>pine</kind></tree><tree><kind>oak</kind></tree>" in folder.xml
    assert folder.xml.count("<plot>") == 2


def test_flat_references_bring_their_instances_along(folder: Folder) -> None:
    answers = {"/data/plot[2]/area": 2, "/data/plot[1]/area": 1, "road": "East", "age": 30}
    assert folder.run(answers) == 0, folder.said
    assert "<area>1</area>" in folder.xml
    assert "<area>2</area>" in folder.xml


def test_a_counted_repeat_waits_for_its_count(folder: Folder) -> None:
    answers = {"child": [{"first": "A"}, {"first": "B"}], "children": 2, "age": 30, "plot": []}
    assert folder.run(answers) == 0, folder.said
    assert "<child><first>A</first></child><child><first>B</first></child>" in folder.xml


def test_a_count_that_differs_is_told(folder: Folder) -> None:
    assert folder.run({"child": [{"first": "A"}], "children": 3, "age": 30, "plot": []}) == 1
    assert "3" in folder.said
    assert "/data/child" in folder.said
    assert not folder.out.exists()


def test_operations_run_in_their_order(folder: Folder) -> None:
    answers = [
        {"op": "answer", "ref": "/data/age", "value": 40},
        {"op": "addRepeat", "ref": "/data/plot"},
        {"op": "answer", "ref": "/data/plot[2]/area", "value": "3"},
        {"op": "removeRepeat", "ref": "/data/plot[1]"},
    ]
    assert folder.run(answers) == 0, folder.said
    assert folder.xml.count("<plot>") == 1
    assert folder.run([{"op": "dance"}]) == 1
    assert "dance" in folder.said


def test_an_unfinished_form_lists_all_it_wants_and_writes_nothing(folder: Folder) -> None:
    assert folder.run({"age": 200}) == 1
    assert "Age (/data/age): Too old" in folder.said
    assert "Area (/data/plot[1]/area)" in folder.said
    assert "No submission was written" in folder.said
    assert "没有写出提交" in folder.said
    assert not folder.out.exists()


def test_a_draft_is_written_when_asked_for(folder: Folder) -> None:
    assert folder.run({"age": 200}, "--draft") == 1
    assert "<age>200</age>" in folder.xml


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"agee": 1}, "close to it: age"),
        ({"age": "old"}, "Age (/data/age): A whole number is wanted"),
        ({"age": 30, "school": "No. 2"}, "School (/data/school): This question does not apply now."),
        ({"plot": 3}, "is a repeat; its answer is a list"),
        ({"home": 3}, "is a group of questions"),
        ({"age": {"x": 1}}, "should be one value"),
        ({"photo": "absent.png"}, "The attachment absent.png was not found"),
        (3, "should hold an object"),
    ],
)
def test_what_is_not_taken_is_named_with_what_to_do(folder: Folder, answers: Any, said: str) -> None:
    assert folder.run(answers) == 1
    assert said in folder.said
    assert not folder.out.exists()


def test_a_submission_names_attachments_without_their_folders(folder: Folder) -> None:
    (folder.path / "pictures").mkdir()
    (folder.path / "pictures" / "barn.png").write_bytes(b"png")
    assert folder.run({"age": 30, "plot": [], "photo": "pictures/barn.png"}) == 0, folder.said
    assert "<photo>barn.png</photo>" in folder.xml


def test_an_empty_attachment_is_refused(folder: Folder) -> None:
    (folder.path / "barn.png").write_bytes(b"")
    assert folder.run({"age": 30, "plot": [], "photo": "barn.png"}) == 1
    assert "is empty" in folder.said


def test_answers_that_are_no_json_are_told_with_the_line(folder: Folder) -> None:
    (folder.path / "answers.json").write_text('{\n"age": 3,\n}', "utf-8")
    words = ["run", str(folder.path / "farm.md"), "--answers", str(folder.path / "answers.json")]
    assert form.main(words) == 1
    assert "answers.json, line 3" in folder.capsys.readouterr().err


def test_a_form_of_the_shelf_is_named_by_its_id(folder: Folder) -> None:
    (folder.path / "answers.json").write_text("{}", "utf-8")
    words = ["run", "ent_basic", "--answers", str(folder.path / "answers.json")]
    assert form.main(words) == 1
    assert "统一社会信用代码 (/data/subject/uscc)" in folder.capsys.readouterr().err


def test_an_unknown_language_is_refused(folder: Folder) -> None:
    assert folder.run({"age": 30, "plot": []}, "--lang", "xx") == 1
    assert "xx" in folder.said


@pytest.mark.feature("record/encryption (base64RsaPublicKey)")
def test_a_form_with_a_key_is_written_for_its_holder_alone(folder: Folder) -> None:
    holder = Holder()
    (folder.path / "p.jpg").write_bytes(b"\xff\xd8\xff picture")
    answers = {"age": 40, "plot": [{"area": 1}], "photo": "p.jpg"}
    assert folder.run(answers) == 0, folder.said
    assert not list(folder.path.glob("*.enc"))
    folder.lock(holder)
    assert folder.run(answers) == 0, folder.said
    files = {path.name: path.read_bytes() for path in folder.path.glob("*.enc")}
    assert files.keys() == {"p.jpg.enc", "submission.xml.enc"}
    assert "<age>" not in folder.xml
    assert not list(folder.path.glob("*.part"))
    read = holder.open(folder.xml, files)
    assert read["p.jpg"] == b"\xff\xd8\xff picture"
    assert b"<age>40</age>" in read["submission.xml"]


def test_an_encrypted_submission_is_several_files_and_needs_a_place(folder: Folder) -> None:
    folder.lock(Holder())
    answers = folder.path / "a.json"
    answers.write_text('{"age": 40, "plot": [{"area": 1}]}', "utf-8")
    assert form.main(["run", str(folder.path / "farm.md"), "--answers", str(answers)]) == 1
    said = folder.capsys.readouterr()
    assert said.out == ""
    assert "--out" in said.err
