"""The main job runs from end to end in a process of its own, and leaves what it promises."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

DEMO = Path(__file__).with_name("demo.py")


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "out"
    run = subprocess.run(
        [sys.executable, DEMO, folder], capture_output=True, text=True, timeout=280, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return folder


def test_every_batch_holds_manifest_signature_and_blobs(out: Path) -> None:
    containers = sorted((out / "batches").glob("*.zip"))
    assert len(containers) == 2
    for container in containers:
        names = zipfile.ZipFile(container).namelist()
        assert names[0] == "manifest.json"
        assert names[1].startswith("manifest.")
        assert names[1].endswith(".sm2")
        assert all(name.startswith("blobs/") for name in names[2:])
        assert container.with_suffix(".pem").exists()


def test_letters_receipts_screens_and_summary_are_left(out: Path) -> None:
    assert len(list((out / "letters").glob("*.pdf"))) == 13
    assert len(list((out / "receipts").glob("receipt-*.json"))) == 4
    assert len(list((out / "screens").glob("*.png"))) > 40
    assert (out / "summary.md").read_text("utf-8").count("| accepted |") == 9


def test_the_rare_name_is_in_the_letter_character_for_character(out: Path) -> None:
    letters = (out / "letters").glob("commitment-*.pdf")
    texts = [
        subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
        for path in letters
    ]
    assert any("王䶮𬭚" in text for text in texts)
    assert any("测试县柳河䶮𬭚家庭农场" in text for text in texts)


def test_nothing_a_person_answered_stands_in_a_file_name(out: Path) -> None:
    names = " ".join(path.name for path in out.rglob("*"))
    assert "䶮" not in names
    assert "91410499" not in names
