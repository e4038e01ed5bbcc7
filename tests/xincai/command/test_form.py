"""`xincai form`: words known and unknown, and what must not be loaded for them."""

import subprocess
import sys

import pytest

from xincai import __main__
from xincai.command import form

HEAVY = ("PySide6", "pydantic", "requests", "sqlcipher3", "reportlab", "pyxform", "cryptography", "re2")


@pytest.mark.parametrize("words", [[], ["dance"], ["run"], ["serve", "--dance"]])
def test_unknown_words_end_with_two_and_a_sentence(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert form.main(words) == 2
    said = capsys.readouterr().err
    assert "无法识别的命令或参数" in said
    assert "see --help" in said


@pytest.mark.parametrize("words", [["--help"], ["serve", "--help"], ["run", "--help"]])
def test_help_speaks_chinese_and_english(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert form.main(words) == 0
    said = capsys.readouterr().out
    assert "表单" in said or "操作" in said
    assert "form" in said


def test_the_program_hands_form_words_over(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["xincai", "form", "dance"])
    assert __main__.main() == 2
    assert "dance" in capsys.readouterr().err


def test_a_problem_ends_with_one_and_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert form.main(["run", "no_such_form", "--answers", "x.json"]) == 1
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 2
    assert "no_such_form" in said[0]
    assert "no_such_form" in said[1]


def test_a_server_starts_without_what_only_the_screen_needs() -> None:
    code = f"import sys, xincai.command.serve; print(*[name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.split() == []
