"""The standard's own validator has the last word on each form."""

import importlib.util
import shutil
from pathlib import Path
from types import ModuleType

import pytest

from xincai.shelf import FormSource

BUILDER = Path(__file__).parents[2] / "build" / "forms.py"


@pytest.fixture
def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_forms", BUILDER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.skipif(shutil.which("java") is None, reason="ODK Validate needs Java, which is not here")
def test_odk_validate_accepts_every_form(builder: ModuleType, built: dict[str, FormSource]) -> None:
    assert builder.validated(list(built.values()))


@pytest.mark.skipif(shutil.which("java") is None, reason="ODK Validate needs Java, which is not here")
def test_odk_validate_is_really_asked(
    builder: ModuleType, built: dict[str, FormSource], capsys: pytest.CaptureFixture[str]
) -> None:
    sound = built["subsidy"]
    broken = FormSource(sound.xml.replace(b"today()", b"tomorow()"), sound.files, sound.card)
    assert not builder.validated([broken])
    assert "tomorow" in capsys.readouterr().err


def test_a_mistake_ends_the_build_and_leaves_what_stood(
    builder: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "xform").mkdir()
    (tmp_path / "xform" / "old.xml").write_text("<old/>", encoding="utf-8")
    (tmp_path / "wrong.md").write_text("| survey | type |\n| | text |\n", encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["forms.py", "--folder", str(tmp_path)])
    assert builder.main() == 1
    assert "wrong.md" in capsys.readouterr().err
    assert (tmp_path / "xform" / "old.xml").exists()
