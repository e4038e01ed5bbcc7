"""The diary tells what the program did and nothing of what people answered."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from xincai import log
from xincai.errors import Problem


@pytest.fixture
def diary(tmp_path: Path) -> Iterator[Path]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    log.start(tmp_path)
    yield tmp_path / "diary.log"
    for handler in set(root.handlers) - set(before):
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


@pytest.mark.parametrize(
    "secret", ["410499199003070018", "91410499MX0000017Y", "15412345678", "ab" * 32, "41049919900307001X"]
)
def test_what_looks_like_a_secret_is_blackened(diary: Path, secret: str) -> None:
    logging.getLogger("test").warning("subject %s seen", secret)
    assert secret not in diary.read_text("utf-8")
    assert "seen" in diary.read_text("utf-8")


def test_a_foreign_exception_loses_its_words(diary: Path) -> None:
    try:
        raise ValueError("王测䶮 的答案")
    except ValueError:
        logging.getLogger("test").exception("failed")
    text = diary.read_text("utf-8")
    assert "王测" not in text
    assert "ValueError" in text
    assert "test_log.py" in text


def test_a_problem_keeps_its_code(diary: Path) -> None:
    try:
        raise Problem("desk.not_enrolled")
    except Problem:
        logging.getLogger("test").exception("failed")
    assert "desk.not_enrolled" in diary.read_text("utf-8")
