import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QTextLayout
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from xincai import paths
from xincai.ui import icons, theme
from xincai.ui.sheet import SHEET
from xincai.ui.theme import DARK, LIGHT, Tokens

ON = [
    ("ink", "page"),
    ("ink", "card"),
    ("ink", "hover"),
    ("ink", "primary_soft"),
    ("ink", "info_soft"),
    ("ink", "amber_soft"),
    ("ink", "red_soft"),
    ("muted", "page"),
    ("muted", "card"),
    ("muted", "neutral_soft"),
    ("primary", "card"),
    ("primary", "primary_soft"),
    ("on_primary", "primary"),
    ("on_primary", "primary_hover"),
    ("rail_ink", "rail"),
    ("rail_muted", "rail"),
    ("rail_ink", "rail_chosen"),
    ("amber_ink", "card"),
    ("amber_ink", "amber_soft"),
    ("red", "card"),
    ("red", "red_soft"),
    ("info", "card"),
    ("info", "info_soft"),
]


def light(colour: str) -> float:
    parts = QColor(colour).getRgbF()[:3]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    bright, dim = sorted((light(one), light(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("worn", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), ON)
def test_text_keeps_its_contrast(worn: Tokens, text: str, ground: str) -> None:
    assert contrast(getattr(worn, text), getattr(worn, ground)) >= 4.5


@pytest.mark.parametrize("worn", [LIGHT, DARK], ids=["light", "dark"])
def test_the_focus_ring_and_field_lines_are_visible(worn: Tokens) -> None:
    for line in (worn.focus, worn.field_line):
        assert contrast(line, worn.card) >= 2.9
        assert contrast(line, worn.page) >= 2.7


def test_the_sheet_names_tokens_and_no_colours_of_its_own() -> None:
    names = {field.name for field in fields(Tokens)}
    used = set(re.findall(r"\$([a-z_]+)", SHEET)) - {"icons", "px"}
    assert used <= names
    assert not re.findall(r"#[0-9A-Fa-f]{6}\b", SHEET.replace("#9AD0FF", ""))


def test_only_the_theme_sets_a_style_sheet() -> None:
    sources = [*(paths._PACKAGE / "ui").rglob("*.py"), paths._PACKAGE / "app.py"]
    guilty = [
        file.name
        for file in sources
        if "setStyleSheet" in file.read_text(encoding="utf-8") and file.name != "theme.py"
    ]
    assert guilty == []


def test_chinese_is_drawn_in_the_bundled_face(qapp: QApplication) -> None:
    theme.apply(qapp, dark=False)
    label = QLabel("信采䶮")
    assert label.fontInfo().family() == theme.FAMILY


def test_larger_text_grows_everything(qapp: QApplication) -> None:
    theme.apply(qapp, "larger", dark=False)
    assert theme.px(14) == 19
    theme.apply(qapp, "standard", dark=False)
    assert theme.px(14) == 14


@pytest.mark.parametrize("file", sorted((paths.resources() / "icons").glob("*.svg")), ids=lambda f: f.stem)
def test_every_icon_draws_something(qapp: QApplication, file: Path) -> None:
    image = icons.pixmap(file.stem).toImage()
    assert any(
        image.pixelColor(x, y).alpha() > 100 for x in range(image.width()) for y in range(image.height())
    )


RARE = "䶮𬭚𫍯㛃𠅤"
ELSEWHERE = "㐀𠀎"
"""One that only the serif has, one that only the rare font has."""
NOWHERE = "\U0003fffd"
"""No font has this one: the box."""


def drawn(widget: QWidget) -> bytes:
    widget.resize(120, 40)
    picture = widget.grab().toImage()
    return bytes(picture.constBits())


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("character", RARE + ELSEWHERE)
def test_rare_names_come_from_our_own_fonts(qapp: QApplication, character: str, bold: bool) -> None:
    theme.apply(qapp, dark=False)
    theme.load_rare()
    layout = QTextLayout(character, theme.font(bold=bold))
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    (run,) = layout.glyphRuns()
    assert run.rawFont().familyName() in (theme.FAMILY, *theme.RARE)
    assert all(run.glyphIndexes())


@pytest.mark.parametrize("kind", [QLabel, QLineEdit, QPushButton, QCheckBox, QPlainTextEdit])
@pytest.mark.parametrize("character", RARE + ELSEWHERE)
def test_rare_names_show_in_every_widget(
    qapp: QApplication, qtbot: QtBot, kind: type[QWidget], character: str
) -> None:
    theme.apply(qapp, dark=False)
    theme.load_rare()
    widget = kind()
    qtbot.addWidget(widget)
    pictures = set()
    for words in (character, NOWHERE, ""):
        widget.setProperty("plainText" if kind is QPlainTextEdit else "text", words)
        pictures.add(drawn(widget))
    assert len(pictures) == 3


def test_the_fonts_of_rare_names_wait_for_the_first_paint() -> None:
    script = """
from PySide6.QtGui import QFontDatabase
from xincai import app
from xincai.ui import theme
app.dressed()
print(set(theme.RARE) & set(QFontDatabase.families()))
theme.load_rare()
print(set(theme.RARE) <= set(QFontDatabase.families()))
"""
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["set()", "True"]
