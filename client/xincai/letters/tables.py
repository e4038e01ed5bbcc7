"""Tables: rows of cells with rules round them, cut where a page ends.

A table without a heading row holds pairs: what it is, and the value. A code or number too wide for its
cell is set smaller rather than broken, down to the smallest size that reads well.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from xincai.letters.breaking import Line, Style, break_lines, widest_word
from xincai.letters.geometry import CELL_PADDING, CELLS, HEIGHT, WIDTH, Cell
from xincai.letters.letter import Span, Table
from xincai.letters.marks import Box, Mark, Rule, Text, baseline

# A listed column below this share of the width holds numbers and marks, which are centred.
_NARROW = 0.17
_SMALLEST = 8.0


@dataclass(frozen=True)
class _Set:
    """A cell set into lines."""

    kind: Cell
    width: float
    style: Style
    lines: tuple[Line, ...]

    @property
    def centred(self) -> bool:
        return len(self.lines) == 1 and (self.kind != "value" or self.width < WIDTH * _NARROW)


def table_boxes(block: Table) -> Iterator[Box]:
    """The rows of a table, its heading row ready to be drawn again on each page."""
    widths = [WIDTH * share for share in block.columns]
    yield Box(4.0, keep=True, blank=True)
    heading: Box | None = None
    for n, row in enumerate(block.rows):
        is_head = block.heading and n == 0
        kinds = _kinds(row, head=is_head, listed=block.heading)
        boxes = list(_row(row, widths, kinds, first=n == 0))
        if is_head:
            boxes = [replace(box, keep=True) for box in boxes]
            heading = boxes[0] if len(boxes) == 1 else None
            yield from boxes
        else:
            yield from (replace(box, heading=heading) for box in boxes)
    yield Box(6.0, blank=True)


def _kinds(row: Sequence[tuple[Span, ...]], *, head: bool, listed: bool) -> list[Cell]:
    """What each cell is: under a heading row all cells are values, else every second one."""
    if head:
        return ["head"] * len(row)
    return ["value" if listed or n % 2 else "label" for n in range(len(row))]


def _row(
    row: Sequence[tuple[Span, ...]], widths: Sequence[float], kinds: Sequence[Cell], *, first: bool
) -> Iterator[Box]:
    cells = [_set(cell, width, kind) for (cell, width), kind in zip(_merge(row, widths), kinds, strict=True)]
    pitch = max(CELLS[kind].pitch for kind in kinds)
    count = max(len(cell.lines) for cell in cells)
    chunk = count if count * pitch < HEIGHT / 3 else 1
    table_width = sum(cell.width for cell in cells)
    top, slices = Rule(0, 0, table_width, 0), range(0, count, chunk)
    for start in slices:
        end = min(start + chunk, count)
        above = CELL_PADDING if start == 0 else 0.0
        below = CELL_PADDING if end == count else 0.0
        height = (end - start) * pitch + above + below
        bottom = Rule(0, height, table_width, height)
        marks: list[Mark] = [top] if start == 0 and first else []
        marks += [bottom] if end == count else []
        marks += _cell_marks(cells, (start, end), (above, pitch, height, count))
        yield Box(
            height,
            tuple(marks),
            opening=(top,),
            closing=(bottom,),
            keep=chunk == 1 and start == 0 < count - 1,
        )


def _set(cell: tuple[Span, ...], width: float, kind: Cell) -> _Set:
    style, room = CELLS[kind].style, width - 2 * CELL_PADDING
    widest = widest_word(cell, style)
    if widest > room:
        fitting = style.size * room / widest
        style = replace(style, size=fitting) if fitting >= _SMALLEST else style
    return _Set(kind, width, style, break_lines(cell, style, room, ragged=True))


def _merge(row: Sequence[tuple[Span, ...]], widths: Sequence[float]) -> list[tuple[tuple[Span, ...], float]]:
    """A row with fewer cells than columns: its last cell takes the rest."""
    own = list(widths[: len(row)])
    own[-1] += sum(widths[len(row) :])
    return list(zip(row, own, strict=True))


def _cell_marks(
    cells: Sequence[_Set],
    lines: tuple[int, int],
    sizes: tuple[float, float, float, int],
) -> Iterator[Mark]:
    (start, end), (above, pitch, height, count) = lines, sizes
    x = 0.0
    yield Rule(0, 0, 0, height)
    for cell in cells:
        size = cell.style.size
        lower = (count - len(cell.lines)) * pitch / 2 if end - start == count else 0.0
        for n, line in enumerate(cell.lines[start:end]):
            inside = (cell.width - line.width) / 2 if cell.centred else CELL_PADDING
            y = above + lower + n * pitch + baseline(pitch, size)
            yield Text(x + inside, y, size, line.glyphs)
        x += cell.width
        yield Rule(x, 0, x, height)
