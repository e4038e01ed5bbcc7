"""How it looks: tokens, type sizes, fonts and the one style sheet.

Rules: colours are named here and nowhere else; light and dark come from the same names; text keeps a
contrast of 4.5:1 or more on its ground; a widget says what it is with `dress` (a role), never how it looks.
"""

from dataclasses import asdict, dataclass
from string import Template
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory, QWidget

from xincai import paths
from xincai.ui.sheet import SHEET

TextSize = Literal["standard", "large", "larger"]
Tone = Literal["", "muted", "info", "warn", "bad", "good"]
BASE: dict[TextSize, int] = {"standard": 14, "large": 16, "larger": 19}
FAMILY = "Noto Sans SC"
RARE = ("Noto Serif SC", "Xincai Rare")
"""Where rare characters of names are found when the typeface has none; `load_rare` brings the files."""
UNIT = 8
"""The grid: gaps and paddings are multiples of this many pixels."""


@dataclass(frozen=True)
class Tokens:
    """Colours of one scheme, `#RRGGBB`."""

    rail: str
    rail_ink: str
    rail_muted: str
    rail_chosen: str
    primary: str
    primary_hover: str
    primary_pressed: str
    on_primary: str
    primary_soft: str
    ink: str
    muted: str
    line: str
    field_line: str
    page: str
    card: str
    field: str
    hover: str
    amber: str
    amber_ink: str
    amber_soft: str
    red: str
    red_soft: str
    info: str
    info_soft: str
    neutral_soft: str
    focus: str
    disabled: str
    scroll: str


LIGHT = Tokens(
    rail="#13362C",
    rail_ink="#FFFFFF",
    rail_muted="#B9CEC6",
    rail_chosen="#1F7A57",
    primary="#1F7A57",
    primary_hover="#196748",
    primary_pressed="#12523A",
    on_primary="#FFFFFF",
    primary_soft="#E3F1EA",
    ink="#1B2A26",
    muted="#596862",
    line="#D5DEDB",
    field_line="#8A9A94",
    page="#F4F6F5",
    card="#FFFFFF",
    field="#FFFFFF",
    hover="#EAF0ED",
    amber="#B7791F",
    amber_ink="#80500B",
    amber_soft="#FBF1DF",
    red="#C0392B",
    red_soft="#FBEAE8",
    info="#2B6CB0",
    info_soft="#E6EFF8",
    neutral_soft="#EDF1EF",
    focus="#0F62C9",
    disabled="#9AA8A3",
    scroll="#B8C5C0",
)
DARK = Tokens(
    rail="#0C211B",
    rail_ink="#FFFFFF",
    rail_muted="#A9C0B7",
    rail_chosen="#1F7A57",
    primary="#4CB389",
    primary_hover="#62C29B",
    primary_pressed="#7CD1AE",
    on_primary="#06130E",
    primary_soft="#17382C",
    ink="#E8EFEC",
    muted="#A3B3AD",
    line="#33413C",
    field_line="#6F827B",
    page="#141B19",
    card="#1C2522",
    field="#161E1B",
    hover="#26322E",
    amber="#E0A84A",
    amber_ink="#E9B964",
    amber_soft="#362B15",
    red="#F08A7E",
    red_soft="#3C1F1C",
    info="#7DB3E8",
    info_soft="#1A2B3C",
    neutral_soft="#26302D",
    focus="#8CC1FF",
    disabled="#6B7A75",
    scroll="#45554F",
)


@dataclass
class _Worn:
    tokens: Tokens = LIGHT
    text_size: TextSize = "standard"
    fonts: frozenset[str] = frozenset()


_worn = _Worn()


def tokens() -> Tokens:
    """Colours worn now."""
    return _worn.tokens


def text_size() -> TextSize:
    """The text size worn now."""
    return _worn.text_size


def colour(name: str) -> QColor:
    """A token as a colour, for what paints itself."""
    return QColor(str(getattr(_worn.tokens, name)))


def px(pixels: float) -> int:
    """Pixels at the standard text size, scaled to the size chosen."""
    return round(pixels * BASE[_worn.text_size] / BASE["standard"])


def apply(app: QApplication, text_size: TextSize = "standard", *, dark: bool | None = None) -> None:
    """Dress the whole program; dark follows the system unless said."""
    if dark is None:
        dark = app.styleHints().colorScheme() == Qt.ColorScheme.Dark
    _worn.tokens = DARK if dark else LIGHT
    _worn.text_size = text_size
    if app.style().objectName() != "fusion":
        app.setStyle(QStyleFactory.create("Fusion"))
    _load("NotoSansSC-*")
    app.setFont(font())
    app.setPalette(_palette(_worn.tokens))
    app.setStyleSheet(_sheet())


def font(pixels: float = BASE["standard"], *, bold: bool = False) -> QFont:
    """The program's typeface at a size given for the standard text size."""
    result = QFont()
    result.setFamilies([FAMILY, "Microsoft YaHei UI", "Noto Sans CJK SC", *RARE, "sans-serif"])
    result.setPixelSize(px(pixels))
    result.setBold(bold)
    return result


def dress(widget: QWidget, role: str, tone: str = "") -> None:
    """Say what a widget is (`role`) and how it stands (`tone`); the sheet does the rest."""
    if widget.property("role") == role and widget.property("tone") == tone:
        return
    widget.setProperty("role", role)
    widget.setProperty("tone", tone)
    if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def load_rare() -> None:
    """Bring the fonts of rare characters: large files, so only after the first paint.

    One weight each: the bold cut of the serif lacks them, and Qt thickens the regular one by itself.
    """
    _load("NotoSerifSC-Regular*")
    _load("XincaiRare-*")


def _load(files: str) -> None:
    """Add the program's own fonts with such names, once."""
    if files in _worn.fonts:
        return
    for file in sorted((paths.resources() / "fonts").glob(files)):
        QFontDatabase.addApplicationFont(str(file))
    _worn.fonts |= {files}


def _sheet() -> str:
    sizes = {f"px{n}": f"{px(n)}px" for n in (12, 13, 14, 15, 16, 18, 20, 22, 28)}
    icons = (paths.resources() / "icons" / ("dark" if _worn.tokens is DARK else "light")).as_posix()
    return Template(SHEET).substitute(asdict(_worn.tokens), icons=icons, **sizes)


def _palette(worn: Tokens) -> QPalette:
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: worn.page,
        QPalette.ColorRole.WindowText: worn.ink,
        QPalette.ColorRole.Base: worn.field,
        QPalette.ColorRole.AlternateBase: worn.page,
        QPalette.ColorRole.Text: worn.ink,
        QPalette.ColorRole.PlaceholderText: worn.muted,
        QPalette.ColorRole.Button: worn.card,
        QPalette.ColorRole.ButtonText: worn.ink,
        QPalette.ColorRole.Highlight: worn.primary,
        QPalette.ColorRole.HighlightedText: worn.on_primary,
        QPalette.ColorRole.ToolTipBase: worn.ink,
        QPalette.ColorRole.ToolTipText: worn.card,
        QPalette.ColorRole.Link: worn.info,
    }
    for role, value in roles.items():
        palette.setColor(role, QColor(value))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(worn.disabled))
    return palette
