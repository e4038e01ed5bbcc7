"""The page of GB/T 9704-2012 (clause 5.2, 7) and the styles of each role; all lengths in points, y downwards.

A4; text block 156 mm x 225 mm, 28 mm from the left, 37 mm from the top; 22 lines of 28 characters; page
number 7 mm below the block; a square of 45 mm kept clear for a seal; a QR code of 25 mm at the foot
(smaller, and a photograph of 150 dots per inch is not read). A
subject's own letter takes this geometry and these faces, but no red head, no document number and no
imprint.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from xincai.letters.breaking import Style
from xincai.letters.faces import FaceName
from xincai.letters.letter import Language, Role

MM = 72 / 25.4
PAGE = (210 * MM, 297 * MM)
LEFT, TOP = 28 * MM, 37 * MM
WIDTH, HEIGHT = 156 * MM, 225 * MM
PITCH = HEIGHT / 22
SIZE = WIDTH / 28
QR_SIZE = 25 * MM
SEAL = 45 * MM
NUMBER_BELOW = 7 * MM

Cell = Literal["label", "value", "head"]


@dataclass(frozen=True)
class Setting:
    """How a paragraph of a role is set."""

    style: Style
    pitch: float
    indent: float = 0.0
    centred: bool = False
    above: float = 0.0
    below: float = 0.0


_HEI: tuple[FaceName, ...] = ("hei",)
_FANG = Style(SIZE, ("fang", "kai"), ("song",))
_SONG = Style(10.5, ("song",), ("song",))
_TITLE = Style(22.0, ("song-bold",), ("song-bold",))

CHINESE: Mapping[Role, Setting] = {
    "title": Setting(_TITLE, 36.0, centred=True, below=PITCH * 0.5),
    "subtitle": Setting(Style(SIZE, ("kai",), ("song",)), PITCH, centred=True, below=PITCH * 0.25),
    "body": Setting(_FANG, PITCH, indent=2 * SIZE),
    "flush": Setting(_FANG, PITCH),
    "heading": Setting(Style(SIZE, _HEI, _HEI), PITCH, indent=2 * SIZE),
    "subheading": Setting(Style(SIZE, ("kai",), ("song",)), PITCH, indent=2 * SIZE),
    "note": Setting(_SONG, 17.0, above=3.0),
}
_ROMAN = Style(11.0, ("song",), ("song",))
ENGLISH: Mapping[Role, Setting] = {
    "title": Setting(Style(18.0, ("song-bold",), ("song-bold",)), 28.0, centred=True, below=10.0),
    "subtitle": Setting(_ROMAN, 18.0, centred=True, below=6.0),
    "body": Setting(_ROMAN, 17.0, below=5.0),
    "flush": Setting(_ROMAN, 17.0, below=5.0),
    "heading": Setting(Style(11.5, _HEI, _HEI), 18.0, above=6.0, below=2.0),
    "subheading": Setting(Style(11.0, _HEI, _HEI), 17.0),
    "note": Setting(Style(9.0, ("song",), ("song",)), 13.5, above=3.0),
}
CELLS: Mapping[Cell, Setting] = {
    "label": Setting(Style(10.5, ("song",), ("song",)), 16.0),
    "value": Setting(Style(11.0, ("fang", "kai"), ("song",)), 16.0),
    "head": Setting(Style(10.5, _HEI, _HEI), 16.0),
}
FOOT = Style(7.5, ("song",), ("song",))
PAGE_NUMBER = Style(14.0, ("song",), ("song",))
FAINT = Style(14.0, ("fang",), ("fang",))
CELL_PADDING = 5.0


def setting(role: Role, language: Language) -> Setting:
    """The setting of a role in a language."""
    return (CHINESE if language == "zh" else ENGLISH)[role]
