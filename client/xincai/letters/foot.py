"""What every page carries beside its text: page number, QR code, check code, and 演练 when it is practice."""

import math
from dataclasses import replace
from functools import lru_cache

import zxingcpp

from xincai.letters.breaking import Style
from xincai.letters.geometry import (
    FOOT,
    HEIGHT,
    LEFT,
    MM,
    NUMBER_BELOW,
    PAGE,
    PAGE_NUMBER,
    QR_SIZE,
    SIZE,
    TOP,
    WIDTH,
)
from xincai.letters.letter import Letter, Signing
from xincai.letters.marks import Mark, Page, Squares, line_text

_GREY, _EDGE, _WATERMARK = 0.35, 0.6, 0.93
_BOTTOM = PAGE[1] - 4 * MM


def dress(pages: tuple[Page, ...], letter: Letter) -> tuple[Page, ...]:
    """Give each page its foot; the watermark lies under the text."""
    code = qr_squares(letter.payload)
    total = len(pages)
    dressed = []
    for number, page in enumerate(pages, 1):
        under = _watermark(letter) if letter.practice else ()
        dressed.append(
            Page((*under, *page.marks, *_foot(letter, number, total), code, *_fold(letter, total)))
        )
    return tuple(dressed)


@lru_cache(maxsize=8)
def qr_squares(payload: str) -> Squares:
    """The QR code of a text at the foot's right, error correction M, and its quiet zone."""
    barcode = zxingcpp.create_barcode(payload, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    levels = memoryview(barcode.to_image(scale=1, add_quiet_zones=False)).tobytes()
    side = math.isqrt(len(levels))
    rows = tuple(levels[n : n + side] for n in range(0, len(levels), side))
    module = QR_SIZE / (side + 4)
    left, top = LEFT + WIDTH - QR_SIZE + 2 * module, _BOTTOM - QR_SIZE + 2 * module
    return Squares(left, top, module, rows)


def _foot(letter: Letter, number: int, total: int) -> tuple[Mark, ...]:
    zh = letter.language == "zh"
    y = TOP + HEIGHT + NUMBER_BELOW + PAGE_NUMBER.size * 0.5
    mark = f"— {number} —"
    if number % 2:
        page = line_text(mark, PAGE_NUMBER, LEFT + WIDTH - QR_SIZE - SIZE, y, align="right")
    else:
        page = line_text(mark, PAGE_NUMBER, LEFT + SIZE, y)
    count = f"第{number}页/共{total}页" if zh else f"Page {number} of {total}"
    lines = (
        f"校验码 {letter.code}" if zh else f"Check code {letter.code}",
        f"文书编号 {letter.number}　{count}" if zh else f"Letter {letter.number}  {count}",
        "扫描右侧二维码，可离线核对本文书的编号、主体与数据摘要"
        if zh
        else "The QR code verifies offline: number, subject, digest",
    )
    bottom = _BOTTOM - 5.0
    notes = tuple(
        line_text(text, FOOT, LEFT, bottom - (len(lines) - 1 - n) * 11.0, grey=_GREY)
        for n, text in enumerate(lines)
    )
    return (page, *notes)


def _watermark(letter: Letter) -> tuple[Mark, ...]:
    text = "演练" if letter.language == "zh" else "PRACTICE"
    size = 150.0 if letter.language == "zh" else 90.0
    word = line_text(text, Style(size, ("hei",), ("hei",)), 0, 0, grey=_WATERMARK)
    width = word.glyphs[-1][0] + word.glyphs[-1][1].width
    angle = math.radians(38)
    x = PAGE[0] / 2 - width / 2 * math.cos(angle)
    y = PAGE[1] / 2 + width / 2 * math.sin(angle)
    return (replace(word, x=x, y=y, slope=(round(math.cos(angle), 6), round(math.sin(angle), 6))),)


def _fold(letter: Letter, total: int) -> tuple[Mark, ...]:
    """Where a seal across the pages' edges (骑缝章) goes, on letters of two pages or more that take a
    seal: Chinese downwards, English along the edge.
    """
    sealed = any(isinstance(block, Signing) and block.seal for block in letter.blocks)
    if total < 2 or not sealed:
        return ()
    edge = PAGE[0] - 3.5 * MM
    if letter.language == "en":
        words = line_text("seal across the edges", FOOT, 0, 0, grey=_EDGE)
        width = words.glyphs[-1][0] + words.glyphs[-1][1].width
        return (replace(words, x=edge, y=(PAGE[1] + width) / 2, slope=(0.0, 1.0)),)
    return tuple(
        line_text(character, FOOT, edge, PAGE[1] / 2 - 25 + 9 * n, grey=_EDGE, align="centre")
        for n, character in enumerate("骑缝章处")
    )
