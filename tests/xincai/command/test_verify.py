"""`xincai verify`: a letter told of on a command line, with a key or with the vault."""

import io
import json
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from forms import farms
from xincai.command.verify import main
from xincai.desk import Beginning, Desk, LetterCard, Profile
from xincai.letters.template import letter_text
from xincai.vault import Device, KdfParams
from xincai.wire.suites import SM2_SM3, PrivateKey

PASSPHRASE = "horse battery 42 staple"


@pytest.fixture
def made(tmp_path: Path) -> tuple[Path, Path, LetterCard]:
    """A letter, its issuer's public key, and its card; the vault lies in `home`."""
    desk = Desk(tmp_path / "home", kdf=KdfParams.for_tests())
    desk.begin(Beginning(Profile("officer", "李秀兰", "柳河镇农业服务中心"), PASSPHRASE))
    key = PrivateKey.generate(SM2_SM3)
    desk._vault.save_device(
        Device("device-1", "410499101", SM2_SM3, key.dump(), "http://127.0.0.1:9", "t" * 20, (), "gw", False)
    )
    filling = desk.start("ff_collect")
    paper, png = Image.new("RGBA", (300, 120), (255, 255, 255, 255)), io.BytesIO()
    ImageDraw.Draw(paper).line([(10, 90), (150, 20), (280, 100)], fill=(0, 0, 0, 255), width=4)
    paper.save(png, "PNG")
    story = farms.farm_story()["ff_collect"]
    farms.play(story, filling, lambda step: filling.attach(step.ref, png.getvalue(), "image/png"))
    card = desk.write_letter(desk.seal(filling).record_id, "receipt")
    pdf, pem = tmp_path / "letter.pdf", tmp_path / "office.pem"
    pdf.write_bytes(desk.letter_pdf(card.letter_id))
    pem.write_text(key.public.pem, "ascii")
    desk.close()
    return pdf, pem, card


def test_a_letter_from_elsewhere_is_told_by_its_seal(
    made: tuple[Path, Path, LetterCard], capsys: pytest.CaptureFixture[str]
) -> None:
    pdf, pem, card = made
    assert main([str(pdf), "--key", str(pem)]) == 0
    told = capsys.readouterr().out
    assert card.number in told
    assert "内容未能核对" in told
    text = letter_text("receipt", "zh")
    assert f"“{text.title}”第 {text.version} 版（摘要 {text.sm3[:16]}）" in told
    assert main([str(pdf)]) == 1
    assert main([str(pdf), "--json"]) == 1
    assert (
        json.loads(capsys.readouterr().out.splitlines()[-1])["findings"][0]["problem"] == "wire.unknown_key"
    )


def test_the_vault_of_this_computer_proves_words_and_record(
    made: tuple[Path, Path, LetterCard], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pdf, _, card = made
    home = str(tmp_path / "home")
    assert main([str(pdf), "--vault", "--data", home, "--json"], lambda: PASSPHRASE) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["valid"], told["seal"]["number"]) == (True, card.number)
    assert told["wording"]["version"] == letter_text("receipt", "zh").version
    assert {each["name"]: each["state"] for each in told["findings"]}["words"] == "good"
    assert main([str(pdf), "--vault", "--data", home], lambda: "wrong") == 1
    assert capsys.readouterr().err


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.pdf")]) == 1
    assert "none.pdf" in capsys.readouterr().err
