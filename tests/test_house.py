"""The house rules that no linter states: words for every problem, small files, one style sheet."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from xincai import paths
from xincai.errors import Problem, explain

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted((ROOT / "client").rglob("*.py"))
LONGEST = 450
ROOMS = sorted(path.stem for path in (paths.resources() / "problems").glob("*.toml"))


def problem_codes() -> Iterator[tuple[str, Path]]:
    """Every text in the sources of the shape `room.snake_case`, for the rooms that have words."""
    shape = re.compile(rf"^(?:{'|'.join(ROOMS)})\.[a-z][a-z0-9_]*$")
    for source in (one for one in SOURCES if "versions" not in one.parts):  # these name tables and columns
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and shape.match(node.value):
                yield node.value, source


@pytest.mark.parametrize("room", ROOMS)
def test_every_problem_has_words_in_both_languages(room: str) -> None:
    words = tomllib.loads((paths.resources() / "problems" / f"{room}.toml").read_text("utf-8"))
    raised = {code.partition(".")[2] for code, _ in problem_codes() if code.startswith(f"{room}.")}
    assert raised <= words.keys(), f"no words for {sorted(raised - words.keys())}"
    for name, entry in words.items():
        assert set(entry) >= {"zh", "zh_next", "en", "en_next"}, name
        assert all(entry[key].strip() for key in ("zh", "zh_next", "en", "en_next")), name


@pytest.mark.parametrize("room", ROOMS)
def test_words_without_a_problem_are_swept_out(room: str) -> None:
    words = tomllib.loads((paths.resources() / "problems" / f"{room}.toml").read_text("utf-8"))
    raised = {code.partition(".")[2] for code, _ in problem_codes() if code.startswith(f"{room}.")}
    assert words.keys() <= raised, f"nobody raises {sorted(words.keys() - raised)}"


def test_a_problem_is_explained_with_its_facts() -> None:
    said = explain(Problem("desk.picture_too_large", megabytes=40), "zh")
    assert "40" in said.what
    assert said.next


def test_sources_stay_small_enough_to_read() -> None:
    long = {
        str(p.relative_to(ROOT)): n for p in SOURCES if (n := len(p.read_text("utf-8").splitlines())) > 450
    }
    assert not long


def test_there_is_one_style_sheet() -> None:
    users = {p.name for p in SOURCES if "setStyleSheet(" in p.read_text("utf-8")}
    assert users <= {"theme.py"}


def test_identity_numbers_come_from_the_synthetic_region_alone() -> None:
    dates = r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])"
    number = re.compile(rf"(?<![0-9A-Za-z])([1-8]\d{{5}}){dates}\d{{3}}[0-9X](?![0-9A-Za-z])")
    folders = (ROOT / name for name in ("client", "forms", "tests", "resources/letters"))
    files = (
        file for folder in folders for file in folder.rglob("*") if file.suffix in {".py", ".md", ".csv"}
    )
    found = {match[1] for file in files for match in number.finditer(file.read_text("utf-8"))}
    assert found <= {"410499", "810000", "820000", "830000"}
