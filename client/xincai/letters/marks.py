"""What stands on a page: text, rules, pictures and squares with their places, and the boxes they come in."""

from dataclasses import dataclass

from xincai.letters.breaking import Glyph, Style, break_lines
from xincai.letters.letter import Span

BLACK, RULE, LIGHT = 0.0, 0.15, 0.72


@dataclass(frozen=True)
class Text:
    """Glyphs on one baseline; `slope` is the cosine and sine of its angle."""

    x: float
    y: float
    size: float
    glyphs: tuple[tuple[float, Glyph], ...]
    grey: float = BLACK
    slope: tuple[float, float] = (1.0, 0.0)


@dataclass(frozen=True)
class Rule:
    """A straight line."""

    x: float
    y: float
    to_x: float
    to_y: float
    width: float = 0.5
    grey: float = RULE
    dashed: bool = False


@dataclass(frozen=True)
class Picture:
    """A PNG, fitted into a rectangle whose top left corner is (x, y)."""

    x: float
    y: float
    width: float
    height: float
    png: bytes


@dataclass(frozen=True)
class Squares:
    """A grid of squares whose top left corner is (x, y): a byte each, 0 is black."""

    x: float
    y: float
    side: float
    rows: tuple[bytes, ...]


Mark = Text | Rule | Picture | Squares


@dataclass(frozen=True)
class Box:
    """A strip of a page; `opening` and `closing` are drawn when it begins or ends one."""

    height: float
    marks: tuple[Mark, ...] = ()
    keep: bool = False
    blank: bool = False
    opening: tuple[Mark, ...] = ()
    closing: tuple[Mark, ...] = ()
    heading: "Box | None" = None
    new_page: bool = False


@dataclass(frozen=True)
class Page:
    """The marks of one page, without its foot."""

    marks: tuple[Mark, ...]


def line_text(
    text: str, style: Style, x: float, y: float, *, grey: float = BLACK, align: str = "left"
) -> Text:
    """One line of text at a baseline, from, to or around x."""
    line = break_lines((Span(text),), style, 10_000.0)[0]
    return Text(
        x - line.width * {"left": 0.0, "right": 1.0, "centre": 0.5}[align], y, style.size, line.glyphs, grey
    )


def baseline(pitch: float, size: float) -> float:
    """From the top of a line to its baseline: Han ink is centred 0.38 em above it."""
    return pitch / 2 + 0.38 * size
