"""From blocks to pages: every glyph, rule and picture with its place.

A block becomes boxes, boxes fill pages. Rules: the first two and the last two lines of a paragraph stay
together; a heading stays with what it heads, and the words before a table with its beginning; a signing
place is never alone on a page but takes the last two lines with it, and so does small print under it or at
the end take what it stands under; a table row taller than a page runs on, and its heading row is drawn again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from xincai.letters.breaking import Line, break_lines
from xincai.letters.geometry import HEIGHT, LEFT, TOP, WIDTH, Setting, setting
from xincai.letters.letter import Block, Language, Letter, PageBreak, Paragraph, Signing, Span, Table
from xincai.letters.marks import Box, Mark, Page, Rule, Text, baseline
from xincai.letters.signing import signing_boxes
from xincai.letters.tables import table_boxes


def lay_out(letter: Letter) -> tuple[Page, ...]:
    """All pages of a letter."""
    title = Paragraph("title", (Span(letter.title),))
    boxes: list[Box] = []
    for n, block in enumerate(blocks := (title, *letter.blocks)):
        made = list(_boxes(block, letter.language))
        if _small_print(blocks, n):
            made = [*(replace(box, keep=True) for box in made[:-1]), made[-1]]
            _bind_to_text(boxes, lines=1)
        elif isinstance(block, Signing):
            _bind_to_text(boxes, lines=2)
        elif isinstance(block, Table) and _is_text(blocks[n - 1]):
            _bind_to_text(boxes, lines=1)
        boxes.extend(made)
    return tuple(_pages(boxes))


def _boxes(block: Block, language: Language) -> Iterator[Box]:
    match block:
        case Paragraph():
            yield from _paragraph(block, setting(block.role, language))
        case Table():
            yield from table_boxes(block)
        case Signing():
            yield from signing_boxes(block, setting("body", language))
        case PageBreak():
            yield Box(0.0, blank=True, new_page=True)


def _paragraph(block: Paragraph, how: Setting) -> Iterator[Box]:
    lines = (
        _balanced(block.spans, how) if how.centred else break_lines(block.spans, how.style, WIDTH, how.indent)
    )
    if how.above:
        yield Box(how.above, keep=True, blank=True)
    leads_in = block.role == "body" and block.spans[-1].text.endswith(("：", ":"))
    heads = leads_in or block.role in {"title", "subtitle", "heading", "subheading"}
    for n, line in enumerate(lines):
        x = (WIDTH - line.width) / 2 if how.centred else 0.0
        text = Text(x, baseline(how.pitch, how.style.size), how.style.size, line.glyphs)
        keep = heads or (len(lines) > 1 and (n == 0 or n == len(lines) - 2))
        yield Box(how.pitch, (text,), keep=keep)
    if how.below:
        yield Box(how.below, keep=heads, blank=True)


def _balanced(spans: Sequence[Span], how: Setting) -> tuple[Line, ...]:
    """Break a centred text into lines of nearly one length."""
    lines = break_lines(spans, how.style, WIDTH, ragged=True)
    low, high = how.style.size * 2, WIDTH
    while len(lines) > 1 and high - low > how.style.size / 4:
        middle = (low + high) / 2
        if len(break_lines(spans, how.style, middle, ragged=True)) <= len(lines):
            high = middle
        else:
            low = middle
    return break_lines(spans, how.style, high, ragged=True)


def _small_print(blocks: Sequence[Block], n: int) -> bool:
    """Whether a block is small print under a signing place or at the end of a letter or of a part of it."""
    if not _is_note(blocks[n]):
        return False
    after = next((block for block in blocks[n:] if not _is_note(block)), None)
    return isinstance(blocks[n - 1], Signing) or after is None or isinstance(after, PageBreak)


def _is_note(block: Block) -> bool:
    return isinstance(block, Paragraph) and block.role == "note"


def _is_text(block: Block) -> bool:
    return isinstance(block, Paragraph) and block.role != "note"


def _bind_to_text(boxes: list[Box], lines: int) -> None:
    """Make the last lines of the text go with what follows them: a table, a signing place, small print."""
    for n in range(len(boxes) - 1, -1, -1):
        if boxes[n].new_page:
            return
        boxes[n] = replace(boxes[n], keep=True)
        lines -= not boxes[n].blank
        if not lines:
            return


def _pages(boxes: Sequence[Box]) -> Iterator[Page]:
    page: list[Box] = []
    for group in _groups(boxes):
        if page and (group[0].new_page or _height(page) + _height(group) > HEIGHT + 0.5):
            yield _page(page)
            page = _top(group)
        else:
            page.extend(group)
    if any(not box.blank for box in page):
        yield _page(page)


def _height(boxes: Sequence[Box]) -> float:
    return sum(box.height for box in boxes)


def _top(group: Sequence[Box]) -> list[Box]:
    """The boxes that begin a page: no blank first, and a table's heading row again."""
    first = next((n for n, box in enumerate(group) if not box.blank), len(group))
    kept = list(group[first:])
    heading = kept[0].heading if kept else None
    return kept if heading is None else [replace(heading, marks=(*heading.opening, *heading.marks)), *kept]


def _groups(boxes: Sequence[Box]) -> Iterator[tuple[Box, ...]]:
    """Boxes that stay together, unless they would not fit one page."""
    group: list[Box] = []
    for box in boxes:
        if group and _height(group) + box.height > HEIGHT:
            yield tuple(group)
            group = []
        group.append(box)
        if not box.keep:
            yield tuple(group)
            group = []
    if group:
        yield tuple(group)


def _page(boxes: Sequence[Box]) -> Page:
    marks: list[Mark] = []
    y = TOP
    solid = [n for n, box in enumerate(boxes) if not box.blank]
    for n, box in enumerate(boxes):
        extra = (box.opening if solid and n == solid[0] else ()) + (
            box.closing if solid and n == solid[-1] else ()
        )
        marks.extend(_moved(mark, LEFT, y) for mark in (*extra, *box.marks))
        y += box.height
    return Page(tuple(marks))


def _moved(mark: Mark, x: float, y: float) -> Mark:
    if isinstance(mark, Rule):
        return replace(mark, x=mark.x + x, y=mark.y + y, to_x=mark.to_x + x, to_y=mark.to_y + y)
    return replace(mark, x=mark.x + x, y=mark.y + y)
