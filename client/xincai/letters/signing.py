"""The place where a letter is signed: lines to write on, name and date, a clear square for a seal."""

from collections.abc import Iterator

from xincai.letters.breaking import Style, break_lines
from xincai.letters.geometry import FAINT, PITCH, SEAL, SIZE, WIDTH, Setting
from xincai.letters.letter import Signing, SignLine, Span
from xincai.letters.marks import LIGHT, Box, Mark, Picture, Rule, Text, baseline, line_text

_SIGN_WIDTH = 150.0
_IMAGE = (130.0, 40.0)
_CLEAR = 8.0  # between a handwriting and the rule above it


def signing_boxes(block: Signing, how: Setting) -> Iterator[Box]:
    style = how.style
    marks: list[Mark] = []
    y = PITCH * 0.6
    for n, line in enumerate(block.lines):
        if n and line.image:
            y += _CLEAR
        y += _sign_line(line, style, y, marks)
    y = _name_and_date(block, style, y, marks)
    yield Box(y, tuple(marks))
    yield Box(PITCH * 0.4, blank=True)


def _sign_line(line: SignLine, style: Style, y: float, marks: list[Mark]) -> float:
    """Draw one line to sign on, its rule ending at the right margin less two characters; return its
    height.
    """
    pitch = max(PITCH, 36.0) if line.blank else PITCH
    room = WIDTH - 2 * SIZE - (_SIGN_WIDTH if line.blank else 0.0)
    set_lines = break_lines(line.spans, style, room)
    widest = max(part.width for part in set_lines)
    for n, part in enumerate(set_lines):
        marks.append(
            Text(room - widest, y + n * PITCH + baseline(pitch, style.size), style.size, part.glyphs)
        )
    if line.blank:
        foot = y + (len(set_lines) - 1) * PITCH + baseline(pitch, style.size) + 4
        if line.image:
            width, height = _IMAGE
            marks.append(Picture(room + 8, foot - height + 4, width, height, line.image))
        marks.append(Rule(room + 4, foot, room + _SIGN_WIDTH, foot, 0.6))
    return pitch + (len(set_lines) - 1) * PITCH


def _name_and_date(block: Signing, style: Style, y: float, marks: list[Mark]) -> float:
    """The name centred above the date, the date four characters from the right; a clear square for a seal."""
    date = break_lines((Span(block.date),), style, WIDTH)[0]
    centre = WIDTH - 4 * SIZE - date.width / 2
    names = break_lines(block.name, style, 2 * (WIDTH - centre)) if block.name else ()
    height = (len(names) + 1) * PITCH
    square = max(SEAL, height + PITCH) if block.seal else height
    top = y + (square - height) / 2
    for n, part in enumerate(names):
        marks.append(
            Text(
                centre - part.width / 2,
                top + n * PITCH + baseline(PITCH, style.size),
                style.size,
                part.glyphs,
            )
        )
    marks.append(
        Text(
            centre - date.width / 2,
            top + len(names) * PITCH + baseline(PITCH, style.size),
            style.size,
            date.glyphs,
        )
    )
    if block.seal:
        marks.append(line_text(block.seal, FAINT, centre, top - 4, grey=LIGHT, align="centre"))
    return y + square
